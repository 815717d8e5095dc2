//! A run survives the death of its program at any moment: what was done is known, what is not known is said, and nothing
//! is done twice or without a decision.

mod cut;
mod full;
mod killed;
mod operator;
mod process;
mod world;
