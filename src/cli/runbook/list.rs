//! `loadline runbook list`: which runbooks there are.

use std::sync::Arc;

use serde::Serialize;
use textwrap::core::display_width;

use super::{ListArgs, ListFormat};
use crate::{
    check::definition::Severity,
    cli::{CliError, Outcome, check, output, sources},
    exit::Exit,
    quantity,
    runbook::{
        library::Books,
        model::{Form, Runbook},
    },
    text::screen,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
const VERSION: u32 = 1;

pub(super) fn run(args: &ListArgs) -> Outcome {
    let file = sources::file(args.config.config.as_deref())?;
    let books = super::books(&file, &args.books)?;
    super::name_broken(&books);
    let chosen: Vec<&Arc<Runbook>> = match &args.check {
        None => books.iter().collect(),
        Some(id) => {
            let library = sources::library(&file, &args.books.checks)?;
            books.fixing(&check::find(&library, id)?.def.id, &library)
        }
    };
    match args.format {
        ListFormat::Human => human(&chosen, args.check.as_deref())?,
        ListFormat::Json => output::data(&json(&chosen, &books)?)?,
    }
    Ok(Exit::Ready)
}

fn human(chosen: &[&Arc<Runbook>], check: Option<&str>) -> Result<(), CliError> {
    if let (true, Some(check)) = (chosen.is_empty(), check) {
        output::talk(&format!("no runbook cures what `{check}` finds; `loadline check show {check}` says what to do"));
    }
    let widest = chosen.iter().map(|book| display_width(&screen(&book.id))).max().unwrap_or(0);
    let line = |book: &&Arc<Runbook>| {
        let id = screen(&book.id).into_owned();
        let estimate = book.estimate.map(quantity::duration);
        let pad = " ".repeat(widest - display_width(&id).min(widest));
        let (danger, estimate) = (word(book), estimate.unwrap_or_default());
        format!("{id}{pad}  {danger:9}  {estimate:>8}  {}\n", screen(&book.title))
    };
    output::data(&chosen.iter().map(line).collect::<String>())
}

/// The danger, or that it is walked by hand.
fn word(book: &Runbook) -> &'static str {
    match book.form {
        Form::Native => book.danger.word(),
        Form::Published => "by hand",
    }
}

/// The list as data.
#[derive(Serialize)]
struct List<'a> {
    version: u32,
    runbooks: Vec<Entry<'a>>,
    broken: Vec<Left<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    form: Form,
    danger: &'static str,
    severity: Option<Severity>,
    estimate_s: Option<u64>,
    owner: Option<&'a str>,
    reviewed: Option<String>,
    fixes: &'a [String],
    file: &'a str,
}

#[derive(Serialize)]
struct Left<'a> {
    file: &'a str,
    mistakes: Vec<Wrong<'a>>,
}

#[derive(Serialize)]
struct Wrong<'a> {
    line: usize,
    column: usize,
    message: &'a str,
}

fn json(chosen: &[&Arc<Runbook>], books: &Books) -> Result<String, CliError> {
    let left = books.broken().iter().map(|broken| Left {
        file: &broken.shown,
        mistakes: broken
            .mistakes
            .iter()
            .map(|m| Wrong { line: m.place.line, column: m.place.column, message: &m.message })
            .collect(),
    });
    let list =
        List { version: VERSION, runbooks: chosen.iter().map(|book| entry(book)).collect(), broken: left.collect() };
    let text = serde_json::to_string_pretty(&list);
    text.map(|text| text + "\n").map_err(|error| CliError::Internal(format!("write the list: {error}")))
}

fn entry(book: &Runbook) -> Entry<'_> {
    Entry {
        id: &book.id,
        title: &book.title,
        form: book.form,
        danger: book.danger.word(),
        severity: book.severity,
        estimate_s: book.estimate.map(|time| time.as_secs()),
        owner: book.owner.as_deref(),
        reviewed: book.reviewed.map(|day| day.to_string()),
        fixes: &book.fixes,
        file: &book.shown,
    }
}
