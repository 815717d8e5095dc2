//! Cancels or ends a session: never from here, only through a runbook that does it step by step, each confirmed.

use super::{Purpose, sessions::Session};
use crate::{
    check::finding::Finding,
    runbook::{library::Books, model::Runbook, open::Known},
    snapshot::Value,
    tui::{
        event::Effect,
        model::Model,
        over::{Answer, Choice, Over, Purpose as Whose},
        screen::run,
    },
};

/// The runbooks that can be offered for a session: those whose actions signal a backend by its process id, which they
/// take from a finding. Those that a finding about this very session names come first.
pub(super) fn books<'m>(model: &'m Model, session: &Session) -> Vec<&'m Runbook> {
    let named: Vec<&str> = model
        .all()
        .iter()
        .filter(|finding| is_about(finding, session))
        .flat_map(|finding| finding.runbooks.iter().map(String::as_str))
        .collect();
    let mut books = all(&model.books);
    books.sort_by_key(|book| (named.iter().position(|id| *id == book.id).unwrap_or(usize::MAX), suits(book, session)));
    books
}

/// Whether any runbook could be offered.
pub(super) fn is_possible(books: &Books) -> bool {
    books.iter().any(|book| signals(book))
}

fn all(books: &Books) -> Vec<&Runbook> {
    books.iter().map(|book| &**book).filter(|book| signals(book)).collect()
}

fn signals(book: &Runbook) -> bool {
    let takes = |place: &str| book.params.iter().any(|param| param.from.as_deref() == Some(place));
    let mut actions = book.phases.iter().flat_map(|phase| &phase.steps).filter_map(|step| step.action.as_ref());
    takes("source") && takes("evidence.pid") && actions.any(|action| is_signal(&action.body))
}

/// How well a runbook suits, where no finding says it: its action speaks of the state that the session is in.
fn suits(book: &Runbook, session: &Session) -> usize {
    let state = if session.is_idle_in_transaction() { "idle in transaction" } else { &*session.state };
    let mut actions = book.phases.iter().flat_map(|phase| &phase.steps).filter_map(|step| step.action.as_ref());
    let speaks = |body: &str| is_signal(body) && !state.is_empty() && body.contains(&format!("'{state}"));
    usize::from(!actions.any(|action| speaks(&action.body)))
}

fn is_signal(body: &str) -> bool {
    body.contains("pg_cancel_backend") || body.contains("pg_terminate_backend")
}

fn is_about(finding: &Finding, session: &Session) -> bool {
    let is_pid = |value: &Value| value.as_i64() == Some(session.pid);
    finding.ground.source.as_deref() == Some(&*session.source)
        && finding.evidence.iter().any(|evidence| evidence.name == "pid" && is_pid(&evidence.value))
}

/// Offers the runbooks.
pub(super) fn offer(model: &mut Model, session: &Session) {
    let books: Vec<(String, String)> =
        books(model, session).into_iter().map(|book| (book.id.clone(), row(book))).collect();
    let title = format!("Stop pid {} on {} through a runbook", session.pid, crate::text::screen(&session.source));
    let (ids, rows) = books.into_iter().unzip();
    let purpose = Purpose::Stop {
        server: session.source.to_string(),
        pid: session.pid,
        started: session.started.to_string(),
        books: ids,
    };
    model.overs.push(Over::Choice(Choice::new(&title, rows, Whose::Live(purpose))));
}

fn row(book: &Runbook) -> String {
    format!("{} ({})", crate::text::screen(&book.title), book.id)
}

/// Opens the runbook that was chosen, with what is known of the session filled in.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: &Answer) -> Vec<Effect> {
    let Purpose::Stop { server, pid, started, books } = purpose;
    let Some(book) = books.get(answer.row).and_then(|id| model.books.get(id)).cloned() else { return Vec::new() };
    let given = given(&book, (server, *pid, started));
    run::begin(model, &book.id, None, given)
}

/// What is known of a session, by the names of the parameters that take it from a finding.
pub(super) fn given(book: &Runbook, (server, pid, started): (&str, i64, &str)) -> Vec<Known> {
    let known = [
        ("source", server.to_owned()),
        ("evidence.pid", pid.to_string()),
        ("evidence.backend_start", started.to_owned()),
    ];
    let value = |from: &str| known.iter().find(|(place, value)| *place == from && !value.is_empty());
    let origin = format!("the session {pid} on {server}");
    let params = book.params.iter();
    params.filter_map(|p| Some((p.name.clone(), value(p.from.as_deref()?)?.1.clone(), origin.clone()))).collect()
}
