//! The program: parse, run, exit code. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    loadline::panics::guard(loadline::cli::run).into()
}
