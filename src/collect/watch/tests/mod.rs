//! A watch over sources that follow a script, on a clock that only these tests turn.

mod orders;
mod rounds;
mod script;
mod trouble;
