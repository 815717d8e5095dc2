//! The screens: with real work behind them, and in a real terminal, with keys that go in and cells that come out.

#![allow(clippy::expect_used, clippy::panic, reason = "a set-up that fails is a failed test")]

mod run;
mod seat;
mod terminal;
