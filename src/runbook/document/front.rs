//! Front matter: what a runbook says of itself.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::Date;

use super::{
    gather::Gather,
    params, quantities,
    yaml::{self, At, Node},
};
use crate::{
    check::{definition::Severity, version::Requirement},
    runbook::model::{Danger, Param},
    snapshot::SourceKind,
};

/// The keys that are ours; `title` and others may stand in published runbooks, too.
const OURS: [&str; 10] =
    ["id", "owner", "reviewed", "severity", "estimate", "danger", "fixes", "applies", "programs", "params"];

/// What the front matter says. What was wrong is left out, and told.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) reviewed: Option<Date>,
    pub(super) severity: Option<Severity>,
    pub(super) estimate: Option<std::time::Duration>,
    pub(super) danger: Option<Danger>,
    pub(super) fixes: Vec<String>,
    pub(super) applies: BTreeMap<String, String>,
    pub(super) programs: Vec<String>,
    pub(super) params: Vec<Param>,
    /// Where each key's value begins, in bytes of the whole text.
    pub(super) places: BTreeMap<String, usize>,
}

/// Where front matter stands, and where the text after it begins.
pub(super) struct Split {
    pub(super) yaml: Range<usize>,
    pub(super) rest: usize,
    pub(super) closed: bool,
}

/// Finds front matter: between a first line `---` and another one.
pub(super) fn split(text: &str) -> Option<Split> {
    let first = text.lines().next().filter(|line| line.trim_end() == "---")?;
    let start = (first.len() + 1).min(text.len());
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(Split { yaml: start..at, rest: at + line.len(), closed: true });
        }
        at += line.len();
    }
    Some(Split { yaml: start..at, rest: text.len(), closed: false })
}

/// Whether the front matter is one of ours: it has a key that only ours have. What is no YAML is taken for ours, so that
/// its mistake is told.
pub(super) fn is_ours(yaml: &str) -> bool {
    match yaml::read(yaml) {
        Ok(At { is: Node::Map(map), .. }) => map.iter().any(|(key, _)| OURS.contains(&key.is.as_str())),
        Ok(_) => false,
        Err(_) => true,
    }
}

/// Reads the front matter at `range`.
pub(super) fn read(range: Range<usize>, gather: &mut Gather<'_>) -> Head {
    let (start, text) = (range.start, gather.lines.text().get(range).unwrap_or_default().to_owned());
    let mut head = Head::default();
    let map = match yaml::read(&text) {
        Ok(At { is: Node::Map(map), .. }) => map,
        Ok(_) => {
            gather.grave(start, "the front matter is no map; expected lines `key: value`, the first of them `id: …`");
            return head;
        }
        Err(error) => {
            let line = gather.place(start).line;
            let at =
                error.place.map_or(start, |(at, column)| gather.lines.start(line + at - 1) + column.saturating_sub(1));
            gather.grave(at, format!("the front matter cannot be read: {}", error.message));
            return head;
        }
    };
    for (key, value) in map {
        head.places.insert(key.is.clone(), start + value.offset);
        let mut entry = Entry { key: key.is.as_str(), start, gather };
        entry.put(&mut head, start + key.offset, value);
    }
    for key in ["id", "title", "owner", "reviewed", "severity", "estimate", "danger"] {
        if !head.places.contains_key(key) {
            gather.grave(start, format!("`{key}` is missing in the front matter; expected {}", expected(key)));
        }
    }
    head
}

fn expected(key: &str) -> &'static str {
    match key {
        "id" => "lower case, digits and dashes, such as `replica-lag`",
        "title" => "what it is for, in a few words",
        "owner" => "the team or role that keeps it",
        "reviewed" => "the day it was last read through, such as 2026-11-21",
        "severity" => "info, low, medium, high or critical",
        "estimate" => "how long a run takes, such as 10m or 2h",
        "danger" => "the highest danger of its steps: observe, change or dangerous",
        "fixes" => "a list of ids of checks, such as [postgres.replication-lag]",
        "applies" => "conditions on versions by kind of source, such as { postgres: \">=13\" }",
        "programs" => "a list of programs, such as [kubectl]",
        _ => "parameters by name",
    }
}

/// One entry of the front matter.
struct Entry<'a, 'g, 't> {
    key: &'a str,
    start: usize,
    gather: &'g mut Gather<'t>,
}

impl Entry<'_, '_, '_> {
    fn put(&mut self, head: &mut Head, key_at: usize, value: At<Node>) {
        match self.key {
            "id" => head.id = self.fitting(&value, |text| is_id(text).then(|| text.to_owned())),
            "title" => head.title = self.text(&value),
            "owner" => head.owner = self.text(&value),
            "reviewed" => head.reviewed = self.fitting(&value, |text| text.parse().ok()),
            "severity" => head.severity = self.fitting(&value, severity),
            "estimate" => {
                head.estimate = self.fitting(&value, |text| quantities::duration(text).ok().filter(|d| !d.is_zero()));
            }
            "danger" => head.danger = self.fitting(&value, Danger::read),
            "fixes" => head.fixes = self.list(&value),
            "programs" => head.programs = self.programs(&value),
            "applies" => head.applies = self.applies(&value),
            "params" => head.params = params::read(value, self.start, self.gather),
            key => {
                let message = format!("unknown key `{key}` in the front matter; there are title, {}", OURS.join(", "));
                self.gather.grave(key_at, message);
            }
        }
    }

    fn wrong(&mut self, at: usize, found: &str) {
        let message = format!("`{}`: {found}; expected {}", self.key, expected(self.key));
        self.gather.grave(at, message);
    }

    fn text(&mut self, value: &At<Node>) -> Option<String> {
        self.fitting(value, |text| (!text.trim().is_empty()).then(|| text.trim().to_owned()))
    }

    fn fitting<T>(&mut self, value: &At<Node>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let at = self.start + value.offset;
        let found = match &value.is {
            Node::Text(text) => match read(text) {
                Some(read) => return Some(read),
                None => format!("`{text}` does not fit"),
            },
            Node::Nothing => "it is empty".to_owned(),
            Node::List(_) | Node::Map(_) => "it is a list or a map".to_owned(),
        };
        self.wrong(at, &found);
        None
    }

    fn list(&mut self, value: &At<Node>) -> Vec<String> {
        let at = self.start + value.offset;
        let Node::List(list) = &value.is else {
            self.wrong(at, "it is no list");
            return Vec::new();
        };
        let mut texts: Vec<String> = Vec::new();
        for item in list {
            match self.text(item) {
                Some(text) if texts.contains(&text) => {
                    self.wrong(self.start + item.offset, &format!("`{text}` stands twice"));
                }
                Some(text) => texts.push(text),
                None => {}
            }
        }
        texts
    }

    fn programs(&mut self, value: &At<Node>) -> Vec<String> {
        let programs = self.list(value);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
        if let Some(odd) = programs.iter().find(|p| !p.chars().all(plain) || p.starts_with('-')) {
            self.wrong(self.start + value.offset, &format!("`{odd}` is no name of a program"));
        }
        programs
    }

    fn applies(&mut self, value: &At<Node>) -> BTreeMap<String, String> {
        let mut applies = BTreeMap::new();
        let Node::Map(map) = &value.is else {
            self.wrong(self.start + value.offset, "it is no map");
            return applies;
        };
        for (kind, condition) in map {
            if source_kind(&kind.is).is_none() {
                self.wrong(self.start + kind.offset, &format!("`{}` is no kind of server", kind.is));
            }
            if let Some(text) = self.text(condition) {
                match Requirement::parse(&text) {
                    Ok(_) => drop(applies.insert(kind.is.clone(), text)),
                    Err(message) => self.wrong(self.start + condition.offset, &message),
                }
            }
        }
        applies
    }
}

/// A kind of source that can be acted on.
pub(super) fn source_kind(word: &str) -> Option<SourceKind> {
    use SourceKind::{Kubernetes, PgBouncer, Postgres, Redis};
    [Postgres, PgBouncer, Redis, Kubernetes].into_iter().find(|kind| kind.word() == word)
}

/// Lower case, digits and dashes, and not a number.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = text.starts_with(|c: char| c != '-') && !text.ends_with('-');
    begins && text.chars().all(plain) && text.contains(|c: char| c.is_ascii_lowercase())
}

fn severity(text: &str) -> Option<Severity> {
    use Severity::{Critical, High, Info, Low, Medium};
    let words = [("info", Info), ("low", Low), ("medium", Medium), ("high", High), ("critical", Critical)];
    words.into_iter().find(|(word, _)| *word == text).map(|(_, severity)| severity)
}

/// The title alone, of front matter that is not ours.
pub(super) fn title_only(yaml: &str) -> Head {
    let mut head = Head::default();
    if let Ok(At { is: Node::Map(map), .. }) = yaml::read(yaml) {
        let title = map.into_iter().find(|(key, _)| key.is == "title").map(|(_, value)| value.is);
        if let Some(Node::Text(title)) = title {
            head.title = Some(title);
        }
    }
    head
}
