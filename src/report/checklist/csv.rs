//! The checklist for a spreadsheet (RFC 4180): one line an item, with two empty cells to sign.

use crate::{
    readiness::checklist::{Checklist, Item},
    report::words::one_line,
    text,
};

const HEAD: [&str; 17] = [
    "criterion",
    "title",
    "level",
    "domain",
    "gate",
    "state",
    "status",
    "message",
    "question",
    "evidence wanted",
    "answered by",
    "answered on",
    "approved by",
    "until",
    "to do",
    "signed by",
    "signed on",
];

/// Renders a checklist, always whole.
pub fn csv(checklist: &Checklist) -> String {
    let head = line(&HEAD.map(str::to_owned));
    std::iter::once(head).chain(checklist.items.iter().map(|item| line(&cells(item)))).collect()
}

fn cells(item: &Item) -> [String; 17] {
    let question = |of: fn(&crate::readiness::checklist::Asked) -> &String| {
        item.question.as_ref().map(|question| of(question).clone()).unwrap_or_default()
    };
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    [
        item.id.clone(),
        item.title.clone(),
        item.level.clone().unwrap_or_default(),
        item.domain.clone(),
        if item.gate { "yes" } else { "no" }.into(),
        item.state.words().into(),
        item.status.word().into(),
        item.message.clone(),
        question(|q| &q.text),
        question(|q| &q.evidence),
        item.answered_by.clone().unwrap_or_default(),
        day(item.answered_on),
        item.approved_by.clone().unwrap_or_default(),
        day(item.until),
        item.todo.clone(),
        String::new(),
        String::new(),
    ]
}

fn line(cells: &[String]) -> String {
    cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Quoted, on one line, and never a formula: a spreadsheet would run what begins with one of these characters.
fn quoted(cell: &str) -> String {
    let clean = one_line(&text::screen(cell));
    let guard = if clean.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", clean.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_line_and_runs_nothing() {
        assert_eq!(quoted("say \"a\",\nb"), "\"say \"\"a\"\", b\"");
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(quoted("\u{1b}[2J"), "\"\\u{1b}[2J\"");
    }
}
