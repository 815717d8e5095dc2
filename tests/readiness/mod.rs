//! From real servers, answers and accepted fails to verdicts: those that a person gives who follows the guide by hand.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a system that cannot be built is a failed test"
)]

mod attestations;
mod calculators;
mod checklist;
mod documented;
mod packs;
mod parts;
mod stage_one;
mod stage_three_and_four;
mod stage_two;
mod system;
