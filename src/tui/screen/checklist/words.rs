//! How an item stands, in a few words for a column.

use crate::{
    check::finding::Status,
    readiness::{
        campaign::{Entry, Stands},
        checklist::{Item, State},
        score::Verdict,
    },
    tui::{theme::Meaning, widget::status},
};

/// The word of its status in a column of six, and what its state means for colours.
pub(super) fn word(item: &Item) -> (&'static str, Meaning) {
    let (word, meaning) = status(item.status);
    (word, if item.state == State::ExpiresSoon { Meaning::Warn } else { meaning })
}

/// What a verdict means for colours.
pub(super) fn verdict(verdict: Verdict) -> Meaning {
    match verdict {
        Verdict::Ready => Meaning::Pass,
        Verdict::ReadyWithWaivers => Meaning::Waived,
        Verdict::Unproven => Meaning::Unknown,
        Verdict::NotReady => Meaning::Fail,
    }
}

/// How something will stand on the day of a campaign, in a column of five.
pub(super) fn on_the_day(stands: Stands) -> (&'static str, Meaning) {
    status(match stands {
        Stands::NotReady => Status::Fail,
        Stands::Unproven => Status::Unknown,
        Stands::Accepted => Status::Waived,
        Stands::Ready => Status::Pass,
    })
}

/// Who owes something for a campaign, and why it is urgent.
pub(super) fn owed(entry: &Entry) -> String {
    let late = if entry.overdue { "OVERDUE, " } else { "" };
    let ends = entry.ends.map(|day| format!("ends {day}, ")).unwrap_or_default();
    format!("{late}{ends}{}", entry.owner)
}

/// By what it stands: by whom and until when, or what is missing.
pub(super) fn how(item: &Item) -> String {
    let by = item.answered_by.as_deref().unwrap_or_default();
    let until = item.until.map(|day| day.to_string()).unwrap_or_default();
    let days = item.days_left.unwrap_or_default();
    match item.state {
        State::Unanswered => "not answered".into(),
        State::Unmeasured => "not measured".into(),
        State::Expired => format!("expired {} ago, {by}", counted(days.unsigned_abs())),
        State::ExpiresSoon if item.by_answer => format!("ends {}, {by}", left(days)),
        State::ExpiresSoon => format!("waiver ends {}", left(days)),
        State::Stale => "question has changed".into(),
        State::Waits => format!("{by}; 2nd person missing"),
        State::Flawed => "answer cannot count".into(),
        State::Waived => format!("accepted until {until}"),
        State::Fails if item.answered_by.is_some() && item.checks.is_empty() => format!("answered no, {by}"),
        _ if item.by_answer => format!("until {until}, {by}"),
        _ => "measured".into(),
    }
}

/// How many days are left, in words.
pub(super) fn left(days: i32) -> String {
    match days {
        0 => "today".into(),
        days if days < 0 => format!("{} ago", counted(days.unsigned_abs())),
        days => format!("in {}", counted(days.unsigned_abs())),
    }
}

fn counted(days: u32) -> String {
    format!("{days} d")
}
