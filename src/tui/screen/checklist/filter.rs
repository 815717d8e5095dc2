//! What a typed filter lets through: words that fit roughly, `!word` that must not be there, `field:value`.

use super::words;
use crate::{
    readiness::{
        campaign::{Entry, Stands},
        checklist::{Item, State},
    },
    tui::filter::Words,
};

/// A filter, read.
#[derive(Debug, Default)]
pub(super) struct Filter {
    words: Words,
    fields: Vec<(Field, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Is,
    Pack,
    Level,
    Domain,
    By,
    Owner,
}

const FIELDS: [(&str, Field); 6] = [
    ("is", Field::Is),
    ("pack", Field::Pack),
    ("level", Field::Level),
    ("domain", Field::Domain),
    ("by", Field::By),
    ("owner", Field::Owner),
];

impl Filter {
    /// Reads what was typed. Anything is a filter; what is no known field is a word.
    pub(super) fn read(text: &str) -> Self {
        let mut filter = Self::default();
        for word in text.split_whitespace() {
            let field = word.split_once(':').and_then(|(name, value)| {
                let field = FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)?;
                Some((field, value.to_lowercase()))
            });
            match field {
                Some(field) => filter.fields.push(field),
                None => filter.words.add(word),
            }
        }
        filter
    }

    /// Whether it names a pack.
    pub(super) fn names_a_pack(&self) -> bool {
        self.fields.iter().any(|(field, _)| *field == Field::Pack)
    }

    /// Says of one thing after the other whether it is let through.
    pub(super) fn sieve(&self) -> impl FnMut(&What) -> bool {
        let mut seeker = self.words.seeker();
        move |what: &What| {
            self.fields.iter().all(|(field, value)| what.has(*field, value)) && seeker.fits(&what.name, what.message)
        }
    }
}

/// What a filter looks at.
pub(super) struct What<'w> {
    /// What words fit roughly.
    name: String,
    /// What they are looked for in as they are.
    message: &'w str,
    /// The words of `is:`.
    is: Vec<String>,
    pack: &'w str,
    level: &'w str,
    domain: &'w str,
    by: &'w str,
    owner: &'w str,
}

/// An item of a pack.
pub(super) fn of_item<'w>(item: &'w Item, pack: &'w str) -> What<'w> {
    What {
        name: format!("{} {}", item.id, item.title),
        message: &item.message,
        is: is(item).into_iter().chain([item.status.word().to_lowercase()]).collect(),
        pack,
        level: item.level.as_deref().unwrap_or_default(),
        domain: &item.domain,
        by: item.answered_by.as_deref().unwrap_or_default(),
        owner: "",
    }
}

/// A demand of a campaign, with its item where it is a criterion.
pub(super) fn of_entry<'w>(entry: &'w Entry, item: Option<&'w Item>) -> What<'w> {
    let mut words: Vec<String> = item.map(is).unwrap_or_default();
    // On the day something may stand otherwise than today.
    words.retain(|word| word != "open");
    let on_the_day = [
        Some(entry.stands.words().to_lowercase().replace(' ', "-")),
        Some(words::on_the_day(entry.stands).0.trim().to_lowercase()),
        (entry.stands < Stands::Accepted).then(|| "open".into()),
        entry.overdue.then(|| "overdue".into()),
        entry.ends.map(|_| "ends".into()),
        entry.gate.then(|| "gate".into()),
    ];
    words.extend(on_the_day.into_iter().flatten());
    What {
        name: format!("{} {} {}", entry.id, entry.title, entry.owner),
        message: &entry.message,
        is: words,
        pack: entry.id.split_once('.').map_or("", |(pack, _)| pack),
        level: item.and_then(|item| item.level.as_deref()).unwrap_or_default(),
        domain: item.map_or("", |item| item.domain.as_str()),
        by: item.and_then(|item| item.answered_by.as_deref()).unwrap_or_default(),
        owner: &entry.owner,
    }
}

impl What<'_> {
    /// Words count by their beginning, so that the list follows while one types; people by any part of their names.
    fn has(&self, field: Field, value: &str) -> bool {
        let begins = |text: &str| !text.is_empty() && text.to_lowercase().starts_with(value);
        let within = |text: &str| !text.is_empty() && text.to_lowercase().contains(value);
        match field {
            Field::Is => self.is.iter().any(|word| word.starts_with(value)),
            Field::Pack => begins(self.pack),
            Field::Level => begins(self.level),
            Field::Domain => begins(self.domain),
            Field::By => within(self.by),
            Field::Owner => within(self.owner),
        }
    }
}

/// The words of `is:` that an item answers to.
fn is(item: &Item) -> Vec<String> {
    let state = match item.state {
        State::Fails => "fails",
        State::Unmeasured => "unmeasured",
        State::Unanswered => "unanswered",
        State::Expired => "expired",
        State::Flawed => "flawed",
        State::ExpiresSoon => "soon",
        State::Stale => "stale",
        State::Waits => "waits",
        State::Warns => "warns",
        State::Waived => "waived",
        State::Holds => "holds",
        State::NotApplicable => "n/a",
    };
    let words = [
        Some(state),
        item.state.is_open().then_some("open"),
        item.state.is_for_a_person().then_some("person"),
        item.gate.then_some("gate"),
    ];
    words.into_iter().flatten().map(str::to_owned).collect()
}
