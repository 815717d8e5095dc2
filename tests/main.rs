//! The one integration binary.

mod audit;
mod lab;
mod standin;
mod support;
