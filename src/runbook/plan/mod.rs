//! The preview of a run: parameters with origins, every step with its target, what would run, and what its checks say
//! now. It is given eyes and no hands: nothing in here can act, whatever a runbook says.
//!
//! Checks are asked once, before anything: what they say of a later step is "now, before the earlier steps".

mod records;
mod totals;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

pub use records::records;

use super::{
    model::{ActionKind, Condition, Param, Runbook, Step, TargetRef, Verify},
    port::{Eyes, Identity, Values},
    prepare::{self, Context},
    record::Seen,
};
use crate::snapshot::Fault;

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
pub const VERSION: u32 = 1;

/// A preview.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Preview {
    /// The version of this format.
    pub version: u32,
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
    /// The finding that it is for, as `check: subject`.
    pub finding: Option<String>,
    /// The parameters, in the order of the runbook.
    pub params: Vec<ParamPreview>,
    /// The programs that it needs on this machine.
    pub programs: Vec<Program>,
    /// The steps, in order; those of rolling back, too.
    pub steps: Vec<StepPreview>,
    /// What it all comes to.
    pub totals: Totals,
    /// What cannot be known before it is done.
    pub unknown: Vec<String>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ParamPreview {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Its value; none for a secret, and for one that is not known yet.
    pub value: Option<String>,
    /// Where the value comes from, or who will give it.
    pub origin: String,
    /// Whether a run could not begin without being told.
    pub is_missing: bool,
    /// Whether it is a secret.
    pub is_secret: bool,
}

/// A program on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Where it is; none where it is missing.
    pub path: Option<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepPreview {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its phase.
    pub phase: String,
    /// Whether it is only for rolling back.
    pub is_back: bool,
    /// What kind of action it is: `sql`, `sh`, …; `hand` where people do it.
    pub kind: String,
    /// How much it can harm; none where people do it.
    pub danger: Option<String>,
    /// Whether a second person must agree.
    pub second_person: bool,
    /// On whom it would act, asked now; none where it touches no source.
    pub target: Option<Known<Identity>>,
    /// What would run, secrets masked.
    pub runs: Option<Known<String>>,
    /// What would take it back.
    pub undo: Option<Known<String>>,
    /// After how many seconds it must be taken back.
    pub temporary_s: Option<u64>,
    /// The longest that its action may take, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// What people make sure of.
    pub items: Vec<String>,
    /// What its preconditions say now.
    pub required: Vec<Seen>,
    /// What its verification says now, before it was done.
    pub verified: Vec<Seen>,
    /// The longest that verifying it may take, in milliseconds.
    pub verify_ms: u64,
}

/// What is known now, or why it is not.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Known<T> {
    /// It is.
    Is(T),
    /// It is not, and why.
    NotYet(String),
}

/// What a run comes to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Totals {
    /// Steps on the way forward.
    pub steps: usize,
    /// Of these: those that only read.
    pub observe: usize,
    /// Those that change something.
    pub change: usize,
    /// Those that disrupt, or cannot be taken back.
    pub dangerous: usize,
    /// Those that people do.
    pub by_hand: usize,
    /// Changes and dangerous steps without an undo.
    pub without_undo: usize,
    /// Those that must be taken back after a time.
    pub temporary: usize,
    /// How long it should take, in milliseconds, as the runbook says.
    pub estimate_ms: Option<u64>,
    /// The longest that actions and verifications together may take, in milliseconds.
    pub longest_ms: u64,
}

/// What a preview is made of.
#[derive(Debug)]
pub struct Given<'a> {
    /// The runbook.
    pub book: &'a Runbook,
    /// The values that are known.
    pub values: &'a Values,
    /// Where each comes from, by parameter.
    pub origins: &'a BTreeMap<String, String>,
    /// The finding that it is for, as `check: subject`.
    pub finding: Option<String>,
    /// The programs that the runbook names, looked for on this machine.
    pub programs: Vec<Program>,
    /// Whether dangerous steps need a second person here.
    pub second_person: bool,
}

/// Looks ahead at a whole run. Only looks.
pub async fn preview(given: Given<'_>, eyes: &dyn Eyes) -> Preview {
    let book = given.book;
    let targets = resolve(book, given.values, eyes).await;
    let seen = look(book, given.values, eyes).await;
    let (target, environment) = eyes.target();
    let params: Vec<_> = book.params.iter().map(|param| param_line(book, param, &given)).collect();
    let steps: Vec<_> = book
        .steps()
        .map(|(phase, step)| {
            let is_back = !book.forward().any(|forward| forward.id == step.id);
            let mut line = step_line(step, &given, &targets, &seen);
            (line.phase, line.is_back) = (phase.title.clone(), is_back);
            line
        })
        .collect();
    Preview {
        version: VERSION,
        runbook: book.id.clone(),
        title: book.title.clone(),
        file: book.shown.clone(),
        hash: book.hash.clone(),
        target,
        environment,
        unknown: totals::unknown(book, &params, &steps, &given.programs),
        totals: totals::of(book, &steps),
        finding: given.finding,
        params,
        programs: given.programs,
        steps,
    }
}

type Targets = Vec<(TargetRef, Result<Identity, Fault>)>;

/// Asks each target once.
async fn resolve(book: &Runbook, values: &Values, eyes: &dyn Eyes) -> Targets {
    let mut targets: Targets = Vec::new();
    let actions = book.steps().flat_map(|(_, step)| step.action.iter().chain(&step.undo));
    for target in actions.filter_map(|action| action.target.as_ref()) {
        let is_known = match target {
            TargetRef::Param(name) => values.shown(name).is_some(),
            TargetRef::Kind { .. } => true,
        };
        if is_known && !targets.iter().any(|(known, _)| known == target) {
            targets.push((target.clone(), eyes.resolve(target, values).await));
        }
    }
    targets
}

type Sights = Vec<(Condition, Seen)>;

/// Asks all conditions at once, so that they are about one moment.
async fn look(book: &Runbook, values: &Values, eyes: &dyn Eyes) -> Sights {
    let mut conditions: Vec<&Condition> = Vec::new();
    for (_, step) in book.steps() {
        for condition in step.require.iter().chain(step.verifications().map(|verify| &verify.condition)) {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    }
    if conditions.is_empty() {
        return Vec::new();
    }
    let seen = eyes.look(book, &conditions, values).await;
    conditions.into_iter().cloned().zip(seen).collect()
}

fn param_line(book: &Runbook, param: &Param, given: &Given<'_>) -> ParamPreview {
    let is_known = given.values.expose(&param.name).is_some();
    let teller = book.steps().map(|(_, step)| step).find(|step| step.gives() == Some(&param.name));
    let origin = match (given.origins.get(&param.name), teller) {
        (Some(origin), _) if is_known => origin.clone(),
        (_, Some(step)) => format!("the step `{}` will tell", step.title),
        _ => "you will be asked".to_owned(),
    };
    ParamPreview {
        name: param.name.clone(),
        about: param.about.clone(),
        value: given.values.shown(&param.name).filter(|_| !param.secret).map(str::to_owned),
        origin,
        is_missing: !is_known && teller.is_none(),
        is_secret: param.secret,
    }
}

fn step_line(step: &Step, given: &Given<'_>, targets: &Targets, seen: &Sights) -> StepPreview {
    let action = step.action.as_ref();
    let says = |condition: &Condition| seen.iter().find(|(of, _)| of == condition).map(|(_, seen)| seen.clone());
    let target = action.and_then(|action| action.target.as_ref());
    let verify_time = |verify: &Verify| verify.within.max(verify.hold);
    StepPreview {
        id: step.id.clone(),
        title: step.title.clone(),
        phase: String::new(),
        is_back: false,
        kind: action.map_or("hand", |action| action.kind.word(action.target.as_ref())).to_owned(),
        danger: action.map(|action| action.danger.word().to_owned()),
        second_person: action.is_some_and(|action| {
            action.second_person || given.second_person && action.danger == super::model::Danger::Dangerous
        }),
        target: target.map(|target| identity(target, targets)),
        runs: action.and_then(|action| runs(action, step, given)),
        undo: step.undo.as_ref().and_then(|undo| runs(undo, step, given)),
        temporary_s: action.and_then(|action| action.temporary).map(|time| time.as_secs()),
        timeout_ms: action.filter(|action| action.kind.acts()).map(|action| ms(action.timeout)),
        items: step.items.iter().map(|item| item.text.clone()).collect(),
        required: step.require.iter().filter_map(says).collect(),
        verified: step.verifications().filter_map(|verify| says(&verify.condition)).collect(),
        verify_ms: step.verifications().map(|verify| ms(verify_time(verify))).max().unwrap_or(0),
    }
}

fn identity(target: &TargetRef, targets: &Targets) -> Known<Identity> {
    match targets.iter().find(|(known, _)| known == target) {
        Some((_, Ok(identity))) => Known::Is(identity.clone()),
        Some((_, Err(fault))) => Known::NotYet(fault.to_string()),
        None => Known::NotYet(match target {
            TargetRef::Param(name) => format!("{name} has no value yet"),
            TargetRef::Kind { .. } => "it was not asked".to_owned(),
        }),
    }
}

/// What an action would run with the values that are known.
fn runs(action: &super::model::Action, step: &Step, given: &Given<'_>) -> Option<Known<String>> {
    if !action.kind.acts() {
        return match &action.kind {
            ActionKind::Confirm(question) => Some(Known::Is(question.clone())),
            ActionKind::Ask(name) => Some(Known::Is(format!("asks for {name}"))),
            _ => None,
        };
    }
    let missing: BTreeSet<&str> =
        action.reads.iter().map(String::as_str).filter(|name| given.values.expose(name).is_none()).collect();
    if !missing.is_empty() {
        let names: Vec<_> = missing.into_iter().collect();
        return Some(Known::NotYet(format!("it needs {}; as written:\n{}", names.join(", "), action.body.trim())));
    }
    let context = Context { book: given.book, run: "plan", step: &step.id, identity: None };
    Some(match prepare::prepare(action, given.values, &context) {
        Ok(prepared) => Known::Is(prepared.shown),
        Err(refusal) => Known::NotYet(refusal.to_string()),
    })
}

fn ms(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
