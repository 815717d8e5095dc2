//! `loadline demo`: any command over a recorded, ailing system inside the program.

use super::{CliError, DemoArgs, Outcome};
use crate::snapshot::Snapshot;

/// Recorded from real servers by `scripts/record-demo`; nothing in it is written by hand.
const RECORDED: &str = include_str!("../assets/demo.json");

pub(super) fn run(args: &DemoArgs) -> Outcome {
    let snapshot =
        Snapshot::read(RECORDED).map_err(|error| CliError::Internal(format!("read the recorded demo: {error}")))?;
    let words = if starts_with_option(args) {
        [&["audit".into()], args.command.as_slice()].concat()
    } else {
        args.command.clone()
    };
    Ok(super::dispatch(&super::parse_again(&words), Some(&snapshot)))
}

/// `loadline demo` and `loadline demo --format json` mean the audit.
fn starts_with_option(args: &DemoArgs) -> bool {
    let first = args.command.first().and_then(|word| word.to_str());
    !matches!(first, Some("--help" | "-h")) && first.is_none_or(|word| word.starts_with('-'))
}
