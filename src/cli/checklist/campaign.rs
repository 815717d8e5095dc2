//! `checklist --campaign`: one list against one day and one load.

use std::path::Path;

use super::{ListArgs, ListFormat, list};
use crate::{
    check::evaluate::Bench,
    cli::{CliError, Outcome, campaign, output},
    exit::Exit,
    readiness::{Wish, campaign::Campaign, checklist::Checklist},
    report::campaign as render,
    snapshot::Snapshot,
};

pub(super) fn run(args: &ListArgs, path: &Path, recorded: Option<&Snapshot>) -> Outcome {
    if args.format == ListFormat::Csv {
        return Err(CliError::Usage("a campaign is written as human, markdown or json".into()));
    }
    let loaded = list::load(&args.judge)?;
    let file = campaign::read(path, &loaded.1.packs)?;
    let mut judge = args.judge.clone();
    let wish = file.wish(&Wish { pack: judge.pack, stage: judge.stage });
    (judge.pack, judge.stage) = (wish.pack, wish.stage);
    let (judgement, listed, _) = list::judge(&judge, loaded, recorded)?;
    let bench = Bench::new(&judgement.knowledge.library, &judgement.snapshot);
    let checklist = Checklist::new(&judgement.knowledge, &bench, list::readiness(&judgement)?, &listed);
    let campaign = Campaign::new(&file, &checklist, &bench, &judgement.audit.bottlenecks).map_err(CliError::Usage)?;
    output::data(&match args.format {
        ListFormat::Markdown => render::markdown(&campaign, args.all),
        ListFormat::Json => {
            serde_json::to_string_pretty(&campaign).map_err(|error| CliError::Internal(error.to_string()))? + "\n"
        }
        ListFormat::Human | ListFormat::Csv => render::human(&campaign, args.all, output::width()),
    })?;
    let low = campaign.parts.iter().map(|part| part.score.low).fold(100.0, f64::min);
    Ok(Exit::of_readiness(campaign.verdict, low, args.judge.min_score))
}
