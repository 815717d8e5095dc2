//! `loadline diff A B`: what changed between two snapshots or past audits.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::{
    ChooseArgs, CliError, Outcome, history,
    history::{Desk, PlaceArgs},
    judged, output, sources,
};
use crate::{
    check::{evaluate::Bench, params::Overrides},
    exit::Exit,
    history::PastAudit,
    readiness::{Knowledge, Wish},
    report::{Audit, changes},
};

/// Two audits.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The earlier one: a snapshot's file, the number of a past audit, or `last`
    #[arg(value_name = "A")]
    before: String,
    /// The later one
    #[arg(value_name = "B")]
    after: String,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    format: DiffFormat,
    /// Tell what is as before one by one, too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    choose: ChooseArgs,
    #[command(flatten)]
    place: PlaceArgs,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For a terminal
    Human,
    /// For a ticket or a chat
    Markdown,
    /// For programs
    Json,
}

pub(super) fn run(args: &DiffArgs) -> Outcome {
    let mut reader = Reader { args, knowledge: None, desk: None };
    let (before, after) = (reader.read(&args.before)?, reader.read(&args.after)?);
    let comparison = changes::compare(&before, &after);
    let text = match args.format {
        DiffFormat::Human => {
            let look = changes::Look { width: output::width(), colour: output::is_colourful(), all: args.all };
            changes::human(&comparison, look)
        }
        DiffFormat::Markdown => changes::markdown(&comparison, args.all),
        DiffFormat::Json => changes::json(&comparison).map_err(|error| CliError::Internal(error.to_string()))?,
    };
    output::data(&text)?;
    Ok(Exit::of_changes(comparison.tally))
}

/// Reads what is compared; checks and history are read only where they are needed, and once.
struct Reader<'a> {
    args: &'a DiffArgs,
    knowledge: Option<(sources::File, Knowledge)>,
    desk: Option<Desk>,
}

impl Reader<'_> {
    fn read(&mut self, asked: &str) -> Result<PastAudit, CliError> {
        let is_number = asked.chars().all(|c| c.is_ascii_digit()) && !asked.is_empty();
        if is_number || asked == history::LAST {
            return self.past(asked);
        }
        self.snapshot(Path::new(asked))
    }

    fn past(&mut self, asked: &str) -> Result<PastAudit, CliError> {
        if !self.args.choose.only.is_empty() || !self.args.choose.set.is_empty() {
            let message =
                "--only and --set are for snapshots, which are judged now; a past audit stays as it was judged";
            return Err(CliError::Usage(message.into()));
        }
        if self.desk.is_none() {
            self.desk = Some(Desk::open(&self.args.place)?);
        }
        let desk = self.desk.as_ref().ok_or_else(|| CliError::Internal("open the history".into()))?;
        desk.audit(asked)
    }

    /// Both snapshots are judged by the same checks, whenever they were taken.
    fn snapshot(&mut self, path: &Path) -> Result<PastAudit, CliError> {
        let snapshot = judged::read(path)?;
        let choose = &self.args.choose;
        if self.knowledge.is_none() {
            let file = sources::file(self.args.place.config.config.as_deref())?;
            let knowledge = sources::knowledge(&file, &choose.checks)?;
            self.knowledge = Some((file, knowledge));
        }
        let (file, knowledge) = self.knowledge.as_ref().ok_or_else(|| CliError::Internal("load the checks".into()))?;
        let wanted = sources::wanted(&knowledge.library, choose)?;
        let below =
            file.as_ref().map(|(path, f)| f.overrides(&path.display().to_string(), Some(&snapshot.target.name)));
        let below = Overrides::new(below.unwrap_or_default());
        let overrides = sources::overrides(&knowledge.library, &below, choose)?;
        let bench = Bench::new(&knowledge.library, &snapshot);
        let wish = Wish { pack: None, stage: None };
        let wish = choose.only.is_empty().then_some(&wish);
        let judged = knowledge.judge(&overrides, &bench, &[], |check| wanted.contains(&check.def.id), wish);
        Ok(PastAudit::of(&Audit::new(&snapshot, judged.map_err(CliError::Usage)?)))
    }
}
