//! Finds how much load a running system safely carries.

pub mod secret;
pub mod source;
