//! The list, and its export.

use super::{ExportArgs, ListArgs, ListFormat, campaign};
use crate::{
    check::evaluate::Bench,
    cli::{CliError, JudgeArgs, Outcome, judged, output, sources},
    exit::{Exit, FailOn},
    readiness::{
        Knowledge, Readiness,
        checklist::{Checklist, Listed},
    },
    report::checklist::{self as render, Shown},
    snapshot::Snapshot,
};

pub(super) fn run(args: &ListArgs, recorded: Option<&Snapshot>) -> Outcome {
    if let Some(path) = &args.campaign {
        return campaign::run(args, path, recorded);
    }
    let (list, exit) = checklist(&args.judge, recorded)?;
    output::data(&text(&list, args.format, Shown { all: args.all, signatures: false })?)?;
    Ok(exit)
}

pub(super) fn export(args: &ExportArgs, recorded: Option<&Snapshot>) -> Outcome {
    let format = match args.output.extension().and_then(|ending| ending.to_str()) {
        Some("md" | "markdown") => ListFormat::Markdown,
        Some("json") => ListFormat::Json,
        Some("csv") => ListFormat::Csv,
        _ => {
            let message =
                format!("-o {}: the ending tells the format; expected .md, .json or .csv", args.output.display());
            return Err(CliError::Usage(message));
        }
    };
    let (list, exit) = checklist(&args.judge, recorded)?;
    output::file(&args.output, &text(&list, format, Shown { all: true, signatures: true })?)?;
    output::data(&format!("{}\n", args.output.display()))?;
    Ok(exit)
}

fn text(list: &Checklist, format: ListFormat, shown: Shown) -> Result<String, CliError> {
    Ok(match format {
        ListFormat::Human => render::human(list, shown, output::width(), output::is_colourful()),
        ListFormat::Markdown => render::markdown(list, shown),
        ListFormat::Json => {
            render::json(list, shown.signatures).map_err(|error| CliError::Internal(error.to_string()))?
        }
        ListFormat::Csv => render::csv(list),
    })
}

fn checklist(args: &JudgeArgs, recorded: Option<&Snapshot>) -> Result<(Checklist, Exit), CliError> {
    let knowledge = load(args)?;
    let (judgement, listed, args) = judge(args, knowledge, recorded)?;
    let bench = Bench::new(&judgement.knowledge.library, &judgement.snapshot);
    let list = Checklist::new(&judgement.knowledge, &bench, readiness(&judgement)?, &listed);
    let asks_for_a_verdict = args.stage.is_some() || args.min_score.is_some();
    let exit = asks_for_a_verdict.then(|| judged::exit(&args, &judgement.audit, FailOn::Never));
    Ok((list, exit.unwrap_or(Exit::Ready)))
}

pub(super) fn readiness(judgement: &judged::Judgement) -> Result<&Readiness, CliError> {
    judgement.audit.readiness.as_ref().ok_or_else(|| CliError::Internal("the judgement has no readiness".into()))
}

/// The configuration file, and what it is judged by.
pub(super) fn load(args: &JudgeArgs) -> Result<(sources::File, Knowledge), CliError> {
    if !args.choose.only.is_empty() {
        return Err(CliError::Usage("--only has no meaning here: a checklist is of all that is demanded".into()));
    }
    let file = sources::file(args.sources.config.as_deref())?;
    let knowledge = sources::knowledge(&file, &args.choose.checks)?;
    Ok((file, knowledge))
}

/// Judges all of it, with what is to be listed: the stage, and the packs that are named.
pub(super) fn judge(
    args: &JudgeArgs,
    (file, knowledge): (sources::File, Knowledge),
    recorded: Option<&Snapshot>,
) -> Result<(judged::Judgement, Listed, JudgeArgs), CliError> {
    let mut args = args.clone();
    let (ladder, listed) =
        Listed::of(&knowledge.packs, args.pack.as_deref(), args.stage.as_deref()).map_err(CliError::Usage)?;
    args.pack = ladder;
    Ok((judged::by(&args, recorded, &file, knowledge)?, listed, args))
}
