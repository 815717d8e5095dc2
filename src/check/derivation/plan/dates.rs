//! Dates: weekdays, expiry, and what must come before what.

use super::table::{COLUMNS, Compared, Sections, compare};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const DATES: Derivation = Derivation {
    id: "plan.compared-dates",
    about: "Weekdays against dates, evidence against today, phases against what they need first",
    inputs: &["plan.dates", "plan.traffic", "plan.phases"],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&DATES, asked, |plan| {
        let said = plan.rows("plan.dates");
        let mut all: Vec<_> = said.iter().filter_map(|row| weekday(*row)).collect();
        all.extend(said.iter().filter_map(|row| expiry(*row)));
        all.extend(plan.rows("plan.traffic").into_iter().filter_map(past));
        all.extend(prerequisites(plan));
        all
    })
}

fn weekday(row: Row) -> Option<Compared> {
    let (text, day) = (row.text("text"), row.text("day"));
    if text.is_empty() {
        return None;
    }
    if day.is_empty() {
        let how = format!("`{text}` names no day that could be read");
        return Some(Compared::fact("unread", row.text("name"), true, how));
    }
    let (stated, is) = (row.text("weekday_stated"), row.text("weekday"));
    let wrong = !stated.is_empty() && stated != is;
    let how = format!("`{text}`: {day} is a {is}");
    Some(Compared::fact("weekday", row.text("name"), wrong, how).texts(stated, is))
}

fn expiry(row: Row) -> Option<Compared> {
    let days = row.number("expires_days")?;
    let expires = row.text("expires");
    let how = format!("it counted until {expires}, {:.0} days ago", -days);
    Some(Compared::fact("expired", row.text("name"), days <= -1.0, how).texts(expires, ""))
}

/// A target whose day has come is no target any more.
fn past(row: Row) -> Option<Compared> {
    let (days, by) = (row.number("by_days")?, row.text("by"));
    let how = format!("the target was due by {by}, {:.0} days ago", -days);
    Some(Compared::fact("past", row.text("metric"), days <= -1.0, how).texts(by, ""))
}

/// A phase ends after each of those that it needs.
fn prerequisites(plan: &Sections) -> Vec<Compared> {
    let phases = plan.rows("plan.phases");
    let mut all = Vec::new();
    for row in &phases {
        for name in names(*row) {
            let what = row.text("name");
            let Some(first) = phases.iter().find(|phase| phase.text("name") == name) else {
                let how = format!("it comes after `{name}`, and no phase is called that");
                all.push(Compared::fact("unnamed", what, true, how));
                continue;
            };
            if let (Some(own), Some(before)) = (row.number("by_days"), first.number("by_days")) {
                let (by, first_by) = (row.text("by"), first.text("by"));
                let how = format!("it is done by {by}, and `{name}`, which comes first, by {first_by}");
                all.push(Compared::fact("prerequisite", what, own <= before, how).texts(by, first_by));
            }
        }
    }
    all
}

/// The phases that come first, as they are written.
fn names(row: Row) -> Vec<String> {
    let value = row.value("prerequisites");
    value.as_list().unwrap_or_default().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
