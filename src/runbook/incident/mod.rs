//! The record of an incident: what a journal tells, put together for people and programs. Pure; nothing is judged anew.
//!
//! Text in it is as it was written down (secrets were taken out before); each output makes it harmless once more.

mod standing;
mod steps;
mod timeline;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    model::Runbook,
    port::Identity,
    record::{Mode, Record, Seen, Stamped},
    state::State,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
pub const VERSION: u32 = 1;

/// The record of one run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Incident {
    /// The version of this format.
    pub version: u32,
    /// The run.
    pub run: String,
    /// How it went about it.
    pub mode: Mode,
    /// Where it stands: completed, completed except for what was deferred, aborted, rolled back, paused, or open.
    pub came_to: String,
    /// The runbook's id.
    pub runbook: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// SHA-256 of its text.
    pub hash: String,
    /// The target.
    pub target: String,
    /// The owner's word for where it runs.
    pub environment: Option<String>,
    /// The finding that it was started for, as `check: subject`.
    pub finding: Option<String>,
    /// Everybody who decided something, whoever started it first.
    pub operators: Vec<String>,
    /// Second persons who agreed.
    pub approved_by: Vec<String>,
    /// The machine that it was started on.
    pub host: String,
    /// The program's version.
    pub tool: String,
    /// When it began.
    #[schemars(with = "Option<String>")]
    pub began_at: Option<Timestamp>,
    /// When its last record was written.
    #[schemars(with = "Option<String>")]
    pub last_at: Option<Timestamp>,
    /// From its beginning to its last record, in milliseconds.
    pub took_ms: u64,
    /// Of these, paused until it was taken up again, in milliseconds.
    pub paused_ms: u64,
    /// How long it should take, in milliseconds.
    pub estimate_ms: Option<u64>,
    /// The parameters.
    pub params: Vec<ParamLine>,
    /// The steps, in the order of the runbook.
    pub steps: Vec<StepLine>,
    /// What happened, in order.
    pub timeline: Vec<Entry>,
    /// What the snapshots before and after say; none where one of them is missing.
    pub change: Option<Change>,
    /// What was done and not taken back, and can be.
    pub standing: Vec<Standing>,
    /// What the operator wrote down.
    pub notes: Vec<Note>,
    /// What nobody knows.
    pub unknown: Vec<String>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ParamLine {
    /// Its name.
    pub name: String,
    /// Its value; none for a secret.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepLine {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The phase that it belongs to.
    pub phase: String,
    /// How it stands, in a word.
    pub status: String,
    /// The danger of its action; none where people do it.
    pub danger: Option<String>,
    /// How many times its action was begun.
    pub attempts: u32,
    /// On what it acted.
    pub identity: Option<Identity>,
    /// What ran last, secrets masked; none where nothing was begun.
    pub ran: Option<String>,
    /// What its undo ran last.
    pub taken_back_by: Option<String>,
    /// How its action ended, in a sentence.
    pub ended: Option<String>,
    /// How long the last attempt took, in milliseconds.
    pub took_ms: Option<u64>,
    /// What it printed: beginning and end.
    pub excerpt: Option<String>,
    /// The file beside the journal that has all of it.
    pub output: Option<String>,
    /// What its preconditions said last.
    pub required: Vec<Seen>,
    /// What verifying came to, in a word; none where it was not looked at.
    pub verdict: Option<String>,
    /// What verifying saw last.
    pub verified: Vec<Seen>,
    /// What was made sure of by hand.
    pub ticked: Vec<String>,
    /// Reasons that were given, and how one can see what was done by hand.
    pub reasons: Vec<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Entry {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Milliseconds since the run began.
    pub since_ms: u64,
    /// The step; none where it is about the run.
    pub step: Option<String>,
    /// Who decided it; none for what the program did or saw.
    pub who: Option<String>,
    /// What, in a sentence.
    pub what: String,
}

/// What a run changed in the findings of the target.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// Failed or warned before, and no longer.
    pub fixed: Vec<String>,
    /// Did not fail or warn before, and does now; or warned, and now fails.
    pub broken: Vec<String>,
    /// As before.
    pub same: Vec<String>,
    /// Failed or warned before, and could not be measured at the end.
    pub unmeasured: Vec<String>,
}

/// A change that stands and can be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Standing {
    /// The step that made it.
    pub step: String,
    /// Its heading.
    pub title: String,
    /// What takes it back.
    pub undo: String,
    /// When that is due; none for a change that may stay.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// Whether it is due by now.
    pub overdue: bool,
    /// The command that takes it back; none where the run has been given up, so that it is done by hand.
    pub command: Option<String>,
}

/// What the operator wrote down.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Note {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What.
    pub text: String,
}

/// Puts a journal together. `state` is what its records come to, `now` the time of reading.
pub fn of(book: &Runbook, records: &[Stamped], state: &State, now: Timestamp) -> Incident {
    let started = state.started.clone();
    let of_start =
        |field: fn(&super::record::Started) -> &str| started.as_ref().map(field).unwrap_or_default().to_owned();
    let began_at = records.first().map(|first| first.at);
    let last_at = records.last().map(|last| last.at);
    Incident {
        version: VERSION,
        run: of_start(|s| &s.run),
        mode: started.as_ref().map_or(Mode::Run, |s| s.mode),
        came_to: timeline::came_to(state).to_owned(),
        runbook: of_start(|s| &s.runbook),
        title: of_start(|s| &s.title),
        file: of_start(|s| &s.file),
        hash: of_start(|s| &s.hash),
        target: of_start(|s| &s.target),
        environment: started.as_ref().and_then(|s| s.environment.clone()),
        finding: started.as_ref().and_then(|s| s.finding.clone()),
        operators: timeline::operators(records),
        approved_by: timeline::second_persons(records),
        host: of_start(|s| &s.host),
        tool: of_start(|s| &s.tool),
        began_at,
        last_at,
        took_ms: began_at.zip(last_at).map_or(0, |(from, to)| timeline::ms_between(from, to)),
        paused_ms: timeline::paused_ms(records),
        estimate_ms: started.as_ref().and_then(|s| s.estimate_s).map(|s| s.saturating_mul(1000)),
        params: params(state),
        steps: steps::of(book, records, state),
        timeline: timeline::of(book, records),
        change: standing::change(state),
        standing: standing::of(book, state, now),
        notes: notes(records),
        unknown: standing::unknown(book, state),
    }
}

/// What a record tells, in a sentence; none for those that only fill the journal.
pub fn words(book: &Runbook, record: &Record) -> Option<String> {
    timeline::told(book, record).map(|(.., what)| what)
}

impl Incident {
    /// Whether it can be gone on with.
    pub fn is_open(&self) -> bool {
        matches!(self.came_to.as_str(), "open" | "paused") && self.mode != Mode::Plan
    }
}

fn params(state: &State) -> Vec<ParamLine> {
    let plain = state.params.iter().map(|(name, (value, origin))| ParamLine {
        name: name.clone(),
        value: Some(value.clone()),
        origin: origin.clone(),
    });
    let secret = state.secrets.iter().map(|name| ParamLine {
        name: name.clone(),
        value: None,
        origin: "a secret, not written down".to_owned(),
    });
    plain.chain(secret).collect()
}

fn notes(records: &[Stamped]) -> Vec<Note> {
    let note = |stamped: &Stamped| match &stamped.record {
        Record::Decided { what: super::record::Word::Note { text }, by, .. } => {
            Some(Note { at: stamped.at, by: by.clone(), text: text.clone() })
        }
        _ => None,
    };
    records.iter().filter_map(note).collect()
}
