//! How an item of the checklist will stand on the day of the campaign.

use super::{CampaignFile, Entry, Stands};
use crate::readiness::checklist::{Item, State};

/// An item on the day; nothing where it does not apply.
pub(super) fn of_item(file: &CampaignFile, item: &Item) -> Option<Entry> {
    let ends = item.until.filter(|until| *until < file.date);
    let ends_before = ends.filter(|_| item.by_answer || item.status == crate::check::finding::Status::Waived);
    let (stands, ends) = match (item.state, ends_before) {
        (State::NotApplicable, None) => return None,
        (State::Fails, _) => (Stands::NotReady, None),
        (state, _) if state.is_open() && state != State::ExpiresSoon => (Stands::Unproven, None),
        (_, Some(until)) if item.by_answer => (Stands::Unproven, Some(("answer", until))),
        (_, Some(until)) => (Stands::NotReady, Some(("waiver", until))),
        (_, None) if item.status == crate::check::finding::Status::Waived => (Stands::Accepted, None),
        (_, None) => (Stands::Ready, None),
    };
    let message = match ends {
        Some((what, until)) => format!("the {what} ends on {until}, before the campaign; today: {}", item.message),
        None => item.message.clone(),
    };
    let todo = match (ends, item.todo.is_empty()) {
        (Some(("answer", _)), _) => format!("loadline checklist renew {} --by NAME", item.id),
        (Some(_), true) => "mend it before the waiver ends, or have it accepted anew".into(),
        _ if stands == Stands::Ready => String::new(),
        _ => item.todo.clone(),
    };
    Some(Entry {
        id: item.id.clone(),
        title: item.title.clone(),
        gate: item.gate,
        stands,
        message,
        todo,
        needs: None,
        owner: file.owner_of(&item.id, &item.domain).to_owned(),
        due: file.due_of(item),
        overdue: false,
        ends: ends.map(|(_, until)| until),
    })
}
