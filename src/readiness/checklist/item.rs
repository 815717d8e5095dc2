//! How one criterion stands on the checklist.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Asked, Item, SOON_DAYS, State, todo::Todo};
use crate::{
    check::{evaluate::Bench, finding::Status},
    readiness::{
        answers::{Answered, Answers, Standing},
        judge::Knowledge,
        model::Assessed,
        pack::{Asked as Beside, Question},
        packs::Criterion,
    },
    snapshot::SourceKind,
};

pub(super) fn item(
    knowledge: &Knowledge,
    bench: &Bench,
    answers: &Answers,
    criterion: &Criterion,
    assessed: &Assessed,
) -> Item {
    let question = criterion.def.attest.as_ref();
    let answered = question.map(|question| answers.to(&criterion.id, question));
    let until = until(question, answered.as_ref(), assessed);
    let days_left = until.map(|until| days(answers.today(), until));
    let by_answer = by_answer(question, answered.as_ref(), assessed);
    let state = state(answered.as_ref(), assessed, by_answer, days_left);
    let kinds = kinds(knowledge, criterion);
    let answer = answered.as_ref().and_then(|answered| answered.attestation.as_ref());
    let todo = Todo {
        state,
        criterion,
        assessed,
        has_answer: answer.is_some(),
        missing: kinds.iter().copied().filter(|kind| !has(bench, *kind)).collect(),
    };
    Item {
        id: assessed.id.clone(),
        title: assessed.title.clone(),
        level: assessed.level.clone(),
        domain: assessed.domain.clone(),
        gate: assessed.gate,
        state,
        status: assessed.status,
        message: assessed.message.clone(),
        todo: todo.words(),
        checks: criterion.def.checks.clone(),
        sources: kinds.into_iter().collect(),
        by_answer,
        question: question.map(asked),
        answered_by: answer.map(|a| a.by.clone()).filter(|by| !by.is_empty()),
        answered_on: answer.and_then(|a| a.on),
        approved_by: answer.and_then(|a| a.approved_by.clone()),
        until,
        days_left,
        file: assessed.waiver.as_ref().map(|w| w.file.clone()).or_else(|| answer.map(|a| a.file.clone())),
    }
}

fn asked(question: &Question) -> Asked {
    Asked {
        text: question.question.clone(),
        evidence: question.evidence.clone(),
        max_age: question.max_age.clone(),
        two_person: question.two_person,
        mark: question.mark(),
    }
}

/// The last day of what it holds by: the waiver, or the answer.
fn until(question: Option<&Question>, answered: Option<&Answered>, assessed: &Assessed) -> Option<Date> {
    let of_answer = || answered?.attestation.as_ref()?.holds_until(question?);
    assessed.waiver.as_ref().map_or_else(of_answer, |waiver| waiver.expires)
}

/// Days from a day until another.
pub(crate) fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// Whether it stands by an answer. What is measured wins over an answer that only stands in; its end then ends nothing.
fn by_answer(question: Option<&Question>, answered: Option<&Answered>, assessed: &Assessed) -> bool {
    answered.is_some_and(|a| {
        a.standing == Standing::Holds
            && (question.is_some_and(|q| q.asked == Beside::Also) || a.message == assessed.message)
    })
}

/// Kinds of source that a criterion rests on.
fn kinds(knowledge: &Knowledge, criterion: &Criterion) -> BTreeSet<SourceKind> {
    let library = &knowledge.library;
    let bound = criterion.def.checks.iter().filter_map(|id| library.check(id)).chain(criterion.rule.as_ref());
    bound.flat_map(|check| library.sources_of(check)).collect()
}

fn has(bench: &Bench, kind: SourceKind) -> bool {
    bench.snapshot().sources.iter().any(|source| source.kind == kind)
}

fn state(answered: Option<&Answered>, assessed: &Assessed, by_answer: bool, days: Option<i32>) -> State {
    let soon = days.is_some_and(|days| days <= SOON_DAYS);
    match assessed.status {
        Status::Fail => State::Fails,
        Status::Waived if soon => State::ExpiresSoon,
        Status::Waived => State::Waived,
        Status::Pass | Status::Warn | Status::NotApplicable if by_answer && soon => State::ExpiresSoon,
        Status::Pass => State::Holds,
        Status::Warn => State::Warns,
        Status::NotApplicable => State::NotApplicable,
        Status::Unknown => match answered.map(|answered| answered.standing) {
            None | Some(Standing::Holds) => State::Unmeasured,
            Some(Standing::Missing) => State::Unanswered,
            Some(Standing::Flawed) => State::Flawed,
            Some(Standing::Expired) => State::Expired,
            Some(Standing::Stale) => State::Stale,
            Some(Standing::Waits) => State::Waits,
        },
    }
}
