//! `loadline demo`: any command over a recorded, ailing system inside the program.

use std::{ffi::OsString, io::IsTerminal};

use super::{CliError, DemoArgs, Outcome};
use crate::snapshot::Snapshot;

/// Recorded from real servers by `scripts/record-demo`; nothing in it is written by hand.
const RECORDED: &str = include_str!("../assets/demo.json");

pub(super) fn run(args: &DemoArgs) -> Outcome {
    if args.command.is_empty() && std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return screens(&[OsString::from("screens")]);
    }
    if args.command.first().is_some_and(|word| word == "screens") {
        return screens(&args.command);
    }
    let snapshot = recorded()?;
    let words = if starts_with_option(args) {
        [&["audit".into()], args.command.as_slice()].concat()
    } else {
        args.command.clone()
    };
    Ok(super::dispatch(&super::parse_again(&words), Some(&snapshot)))
}

/// The screens read the recording themselves, after their first frame.
fn screens(words: &[OsString]) -> Outcome {
    match super::parse_again(words).command {
        Some(super::Command::Screens(args)) => super::screens::demo(&args),
        _ => Err(CliError::Internal("`screens` is no command".into())),
    }
}

/// The recording.
pub(super) fn recorded() -> Result<Snapshot, CliError> {
    Snapshot::read(RECORDED).map_err(|error| CliError::Internal(format!("read the recorded demo: {error}")))
}

/// `loadline demo` where nobody watches, and `loadline demo --format json` mean the audit.
fn starts_with_option(args: &DemoArgs) -> bool {
    let first = args.command.first().and_then(|word| word.to_str());
    !matches!(first, Some("--help" | "-h")) && first.is_none_or(|word| word.starts_with('-'))
}
