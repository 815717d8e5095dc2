//! What signing needs from the command line: the packs, the folders, the question that is meant.

use super::SignArgs;
use crate::{
    cli::{CliError, output, sources},
    config,
    readiness::{Criterion, Knowledge, pack::Question},
    sign,
    source::Folders,
    text,
};

/// What is read before anything is signed.
pub(super) struct Room {
    knowledge: Knowledge,
    folders: Folders,
}

impl Room {
    pub(super) fn open(args: &SignArgs) -> Result<Self, CliError> {
        let file = sources::file(args.config.as_deref())?;
        let knowledge = sources::knowledge(&file, &args.checks)?;
        let given = config::Given {
            target: args.target.clone(),
            attestations: args.attestations.clone(),
            waivers: args.waivers.clone(),
            ..config::Given::default()
        };
        let folders = config::folders_of_target(&given, file.as_ref()).map_err(sources::usage)?;
        Ok(Self { knowledge, folders })
    }

    pub(super) fn desk(&self) -> sign::Desk<'_> {
        sign::Desk::new(&self.knowledge, self.folders.clone())
    }
}

/// What signing refuses is the operator's to mend. It may quote a file, and so is made harmless.
#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
pub(super) fn refused(why: String) -> CliError {
    CliError::Usage(why.lines().map(|line| text::screen(line).into_owned()).collect::<Vec<_>>().join("\n"))
}

/// Says the question, so that nobody answers another one.
pub(super) fn show(criterion: &Criterion, question: &Question) {
    let mut lines = vec![format!("{}: {}", criterion.id, criterion.def.title), format!("  {}", question.question)];
    if !question.evidence.is_empty() {
        lines.push(format!("  evidence: {}", question.evidence));
    }
    let second = if question.two_person { "; a second person approves it" } else { "" };
    lines.push(format!("  an answer holds at most {}{second}", question.max_age));
    output::talk(&lines.iter().map(|line| text::screen(line)).collect::<Vec<_>>().join("\n"));
}
