//! From folders of answers and waivers to verdicts.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what is missing is a failed test")]

mod attestations;
