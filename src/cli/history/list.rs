//! The list of past audits.

use anstyle::Style;
use serde::Serialize;

use super::{Desk, HistoryFormat, ListArgs, json, target};
use crate::{
    cli::{Outcome, output, sources},
    exit::Exit,
    history::Listed,
    report::{changes::interval, lines::Lines},
    text,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct List<'a> {
    version: u32,
    target: &'a str,
    audits: &'a [Listed],
}

pub(super) fn run(args: &ListArgs) -> Outcome {
    let desk = Desk::open(&args.place)?;
    if desk.history.is_none() && args.target.is_none() && args.format == HistoryFormat::Human {
        output::talk(&format!(
            "there are no past audits in {}; `loadline audit` writes each down",
            desk.path.display()
        ));
        return Ok(Exit::Ready);
    }
    let target = target::find(&desk, args.target.as_deref())?;
    let history = desk.history()?;
    let entries = history.listed(&target, args.limit, || true).map_err(sources::usage)?;
    match args.format {
        HistoryFormat::Human => output::data(&human(&target, &entries))?,
        HistoryFormat::Json => json(&List { version: VERSION, target: &target, audits: &entries })?,
    }
    Ok(Exit::Ready)
}

fn human(target: &str, entries: &[Listed]) -> String {
    let mut lines = Lines::new(output::width(), output::is_colourful());
    lines.line(&lines.paint(&text::screen(target), Style::new().bold()));
    lines.line("    id  when (UTC)        verdict            score   fail warn  unk  since the one before");
    for Listed { past, changed } in entries {
        let id = past.id.unwrap_or_default();
        let at = past.at.strftime("%Y-%m-%d %H:%M");
        let verdict = past.verdict.as_ref();
        let words = verdict.map_or("-", |verdict| verdict.words.as_str());
        let score = verdict.map(interval).unwrap_or_default();
        let summary = past.summary;
        let changed = changed.map_or_else(|| "-".to_owned(), |tally| tally.words());
        lines.line(&text::screen(&format!(
            "{id:>6}  {at}  {words:17}  {score:>6}  {:>5}{:>5}{:>5}  {changed}",
            summary.fail, summary.warn, summary.unknown
        )));
    }
    lines.into_text()
}
