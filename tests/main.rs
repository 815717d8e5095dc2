//! The one integration binary.

mod audit;
mod check;
mod cli;
mod lab;
mod source;
mod standin;
mod support;
