//! Servers that are none.
