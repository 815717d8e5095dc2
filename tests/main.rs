//! The one integration binary.

mod lab;
