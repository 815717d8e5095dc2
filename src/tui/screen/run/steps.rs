//! The steps of a run in a list: which are done, which are left out and why, which come next; and what can be taken back.

use ratatui::text::{Line, Span};

use super::{Act, Walk, page};
use crate::{
    runbook::{machine::Choice, model::Step, state::StepStatus},
    text::screen,
    tui::{
        command::Action,
        model::Model,
        theme::{Look, Meaning},
        widget::{Page, fit, wrap},
    },
};

/// The word of a status and its meaning.
pub(super) fn status(status: StepStatus) -> (&'static str, Meaning) {
    use StepStatus::{
        Deferred, DoneByHand, Failed, OutcomeUnknown, Overridden, Pending, Regressed, RolledBack, Running, Skipped,
        Succeeded, Verified, VerifyFailed,
    };
    let meaning = match status {
        Verified | Succeeded | DoneByHand => Meaning::Pass,
        Failed | VerifyFailed | Regressed => Meaning::Fail,
        OutcomeUnknown => Meaning::Unknown,
        Running => Meaning::Warn,
        Skipped | Overridden | Deferred | RolledBack => Meaning::Waived,
        Pending => Meaning::Muted,
    };
    (status.word(), meaning)
}

/// The mark of a status in one cell.
fn mark(status: StepStatus) -> char {
    use StepStatus::{
        Deferred, DoneByHand, Failed, OutcomeUnknown, Overridden, Pending, Regressed, RolledBack, Running, Skipped,
        Succeeded, Verified, VerifyFailed,
    };
    match status {
        Verified | Succeeded | DoneByHand => 'x',
        Failed | VerifyFailed | Regressed => '!',
        OutcomeUnknown => '?',
        Running => '*',
        Skipped | Deferred => '-',
        Overridden => '~',
        RolledBack => '<',
        Pending => '.',
    }
}

fn at(walk: &Walk) -> Option<&str> {
    walk.step().map(|(step, _)| step.id.as_str())
}

/// All steps in a line, for a narrow screen: a mark each, the one at hand in brackets, and how many are in which state.
pub(super) fn strip(look: Look, walk: &Walk, width: usize) -> Line<'static> {
    let Some(book) = &walk.book else { return Line::default() };
    let mut spans = vec![Span::raw(" ")];
    let (mut done, mut left_out, mut wrong) = (0, 0, 0);
    let steps: Vec<&Step> = book.forward().collect();
    for step in &steps {
        let known = walk.state.status(&step.id);
        let (_, meaning) = status(known);
        match meaning {
            Meaning::Pass => done += 1,
            Meaning::Waived => left_out += 1,
            Meaning::Fail | Meaning::Unknown => wrong += 1,
            _ => {}
        }
        let here = at(walk) == Some(step.id.as_str());
        let text = if here { format!("[{}]", mark(known)) } else { mark(known).to_string() };
        spans.push(Span::styled(text, look.style(if here { Meaning::Title } else { meaning })));
    }
    let mut words = vec![format!("{done} of {} done", steps.len())];
    words.extend((left_out > 0).then(|| format!("{left_out} left out")));
    words.extend((wrong > 0).then(|| format!("{wrong} wrong or unknown")));
    let standing = walk.state.standing().count();
    words.extend(
        (standing > 0)
            .then(|| if standing == 1 { "1 change stands".to_owned() } else { format!("{standing} changes stand") }),
    );
    let used: usize = spans.iter().map(Span::width).sum();
    spans.push(Span::styled(
        fit(&format!("  {}", words.join(", ")), width.saturating_sub(used)),
        look.style(Meaning::Muted),
    ));
    Line::from(spans)
}

/// The cells before the title of a step: the mark, and how it stands.
const BEFORE: usize = 19;

/// All steps, with why one was left out. Gives the line of the one at hand.
pub(super) fn all(page: &mut Page, walk: &Walk, marks: bool) -> usize {
    let Some(book) = &walk.book else { return 0 };
    let room = page.width().saturating_sub(BEFORE + 1).max(10);
    let mut line_at_hand = 0;
    for step in book.forward() {
        let known = walk.state.status(&step.id);
        let (word, meaning) = status(known);
        let here = marks && at(walk) == Some(step.id.as_str());
        let sign = if here { '>' } else { ' ' };
        if here {
            line_at_hand = page.height();
        }
        let style = if here { page::bold(page) } else { page.style(Meaning::Text) };
        for (n, title) in wrap(&screen(&step.title), room).into_iter().enumerate() {
            let before = if n == 0 {
                [Span::raw(format!(" {sign} ")), Span::styled(format!("{word:15} "), page.style(meaning))]
            } else {
                [Span::raw(" ".repeat(BEFORE)), Span::default()]
            };
            page.line(before.into_iter().chain([Span::styled(title, style)]).collect());
        }
        let reason = walk.state.step(&step.id).and_then(|known| known.reason.as_ref());
        for words in reason.iter().flat_map(|reason| wrap(&screen(reason), room)) {
            let line = Line::styled(format!("{:BEFORE$}{words}", ""), page.style(Meaning::Muted));
            page.line(line);
        }
    }
    line_at_hand
}

/// What can be taken back, the latest first.
pub(super) fn stands(page: &mut Page, model: &Model, walk: &Walk) {
    let standing: Vec<_> = walk.state.standing().collect();
    if standing.is_empty() {
        return;
    }
    let key = |choice| model.key(Action::Run(Act::Decide(choice)));
    let (all, one) = (key(Choice::RollBack), key(Choice::TakeBack));
    page.heading(&format!("Stands, and can be taken back ({all} all, {one} one)"));
    for undo in standing.iter().rev() {
        let title = walk.book.as_ref().and_then(|book| book.step(&undo.step)).map_or(&undo.step, |step| &step.title);
        let due = undo.due.map(|due| due.strftime(", due %H:%M UTC").to_string()).unwrap_or_default();
        let left = undo.left.as_ref().map(|why| format!(", left: {why}")).unwrap_or_default();
        page.text("   ", &format!("{title}{due}{left}"), Meaning::Warn);
        page.verbatim(&undo.shown, Meaning::Muted);
    }
}

/// What comes after the step at hand.
pub(super) fn next(page: &mut Page, walk: &Walk) {
    let (Some(book), Some((step, false))) = (&walk.book, walk.step()) else { return };
    let after = book.forward().skip_while(|other| other.id != step.id).skip(1);
    let next = after.into_iter().find(|other| walk.state.status(&other.id) == StepStatus::Pending);
    let words = next.map_or("the end: the run is closed", |next| next.title.as_str());
    page::labelled(page, "next", words, Meaning::Muted);
}
