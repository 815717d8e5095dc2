//! Parameters, as the front matter declares them.

use std::collections::BTreeMap;

use super::{
    front::source_kind,
    gather::Gather,
    yaml::{At, Node},
};
use crate::runbook::model::{Param, ParamKind};

const TYPES: [&str; 9] = ["text", "integer", "duration", "size", "choice", "name", "label", "url", "source"];
const KEYS: [&str; 11] =
    ["about", "type", "min", "max", "choices", "kind", "role", "pattern", "default", "secret", "from"];

/// Reads all of them; `start` is where the front matter begins.
pub(super) fn read(node: At<Node>, start: usize, gather: &mut Gather<'_>) -> Vec<Param> {
    let Node::Map(map) = node.is else {
        gather.grave(start + node.offset, "`params` is no map; expected parameters by name");
        return Vec::new();
    };
    map.into_iter().filter_map(|(name, value)| one(&name, value, start, gather)).collect()
}

/// Lower case, digits, underscores, beginning with a letter.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn one(name: &At<String>, value: At<Node>, start: usize, gather: &mut Gather<'_>) -> Option<Param> {
    let offset = start + name.offset;
    if !is_name(&name.is) {
        let wanted = "expected lower case, digits and underscores, beginning with a letter";
        gather.grave(offset, format!("`{}` is no name of a parameter; {wanted}", name.is));
    }
    let Node::Map(map) = value.is else {
        gather.grave(start + value.offset, format!("`{}`: expected `about:` and `type:` below it", name.is));
        return None;
    };
    let mut said = Said { name: &name.is, start, gather, keys: BTreeMap::new() };
    said.take(map);
    let kind = said.kind(offset)?;
    let about = said.text("about");
    if about.is_none() {
        said.wrong(offset, "`about` is missing: what it is, for the operator");
    }
    let pattern = said.text("pattern");
    if let (Some(pattern), Some((at, _))) = (&pattern, said.keys.get("pattern").cloned())
        && let Err(error) = regex::Regex::new(pattern)
    {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
        said.wrong(at, &format!("the pattern is no regular expression: {why}"));
    }
    let from = said.from();
    let (default, secret) = (said.text("default"), said.truth("secret"));
    if let (true, Some(_), Some((at, _))) = (secret, &default, said.keys.get("default").cloned()) {
        said.wrong(at, "a secret has no default: it would stand in the file");
    }
    let place = said.gather.place(offset);
    Some(Param { name: name.is.clone(), about: about.unwrap_or_default(), kind, pattern, default, secret, from, place })
}

/// What is said of one parameter, by key, with the places of the values.
struct Said<'a, 't> {
    name: &'a str,
    start: usize,
    gather: &'a mut Gather<'t>,
    keys: BTreeMap<String, (usize, Node)>,
}

impl Said<'_, '_> {
    fn wrong(&mut self, at: usize, message: &str) {
        self.gather.grave(at, format!("parameter `{}`: {message}", self.name));
    }

    fn take(&mut self, map: Vec<(At<String>, At<Node>)>) {
        for (key, value) in map {
            if KEYS.contains(&key.is.as_str()) {
                self.keys.insert(key.is, (self.start + value.offset, value.is));
            } else {
                let message = format!("unknown key `{}`; there are {}", key.is, KEYS.join(", "));
                self.wrong(self.start + key.offset, &message);
            }
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.keys.get(key).cloned()? {
            (_, Node::Text(text)) => Some(text),
            (at, _) => {
                self.wrong(at, &format!("`{key}` is no text"));
                None
            }
        }
    }

    fn truth(&mut self, key: &str) -> bool {
        match self.keys.get(key).cloned() {
            None => false,
            Some((_, Node::Text(text))) if text == "true" || text == "false" => text == "true",
            Some((at, _)) => {
                self.wrong(at, &format!("`{key}` is true or false"));
                false
            }
        }
    }

    fn number(&mut self, key: &str) -> Option<i64> {
        let (at, node) = self.keys.get(key).cloned()?;
        let number = match node {
            Node::Text(text) => text.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(at, &format!("`{key}` is no whole number"));
        }
        number
    }

    fn kind(&mut self, offset: usize) -> Option<ParamKind> {
        let Some(word) = self.text("type") else {
            self.wrong(offset, &format!("`type` is missing; expected one of {}", TYPES.join(", ")));
            return None;
        };
        let allowed: &[&str] = match word.as_str() {
            "integer" => &["min", "max"],
            "choice" => &["choices"],
            "source" => &["kind", "role"],
            _ => &[],
        };
        for key in ["min", "max", "choices", "kind", "role"] {
            if let Some((at, _)) = self.keys.get(key).cloned().filter(|_| !allowed.contains(&key)) {
                self.wrong(at, &format!("`{key}` has no meaning for the type `{word}`"));
            }
        }
        Some(match word.as_str() {
            "text" => ParamKind::Text,
            "integer" => self.integer(offset),
            "duration" => ParamKind::Duration,
            "size" => ParamKind::Size,
            "choice" => ParamKind::Choice(self.choices(offset)),
            "name" => ParamKind::Name,
            "label" => ParamKind::Label,
            "url" => ParamKind::Url,
            "source" => return self.source(offset),
            _ => {
                let at = self.keys.get("type").map_or(offset, |(at, _)| *at);
                self.wrong(at, &format!("`{word}` is no type; expected one of {}", TYPES.join(", ")));
                return None;
            }
        })
    }

    fn integer(&mut self, offset: usize) -> ParamKind {
        let (min, max) = (self.number("min"), self.number("max"));
        if let (Some(least), Some(most)) = (min, max)
            && least > most
        {
            self.wrong(offset, &format!("no number is at least {least} and at most {most}"));
        }
        ParamKind::Integer { min, max }
    }

    fn choices(&mut self, offset: usize) -> Vec<String> {
        let choices: Vec<String> = match self.keys.get("choices").cloned() {
            Some((_, Node::List(list))) => list
                .into_iter()
                .filter_map(|item| match item.is {
                    Node::Text(text) => Some(text),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        if choices.is_empty() {
            self.wrong(offset, "a choice needs `choices: [one, another]`");
        }
        choices
    }

    fn source(&mut self, offset: usize) -> Option<ParamKind> {
        let word = self.text("kind").unwrap_or_default();
        let Some(kind) = source_kind(&word) else {
            let at = self.keys.get("kind").map_or(offset, |(at, _)| *at);
            self.wrong(at, "a source needs `kind:` postgres, pgbouncer, redis or kubernetes");
            return None;
        };
        let role = self.text("role");
        if let Some(role) = role.as_deref()
            && !super::target::has_role(kind, role)
        {
            let at = self.keys.get("role").map_or(offset, |(at, _)| *at);
            let wanted = "expected primary or replica, of postgres or redis";
            self.wrong(at, &format!("`{role}` is no role of {}; {wanted}", kind.word()));
        }
        Some(ParamKind::Source { kind, role })
    }

    fn from(&mut self) -> Option<String> {
        let from = self.text("from")?;
        let fits = matches!(from.as_str(), "source" | "database" | "subject")
            || from.strip_prefix("evidence.").is_some_and(|name| !name.is_empty());
        if !fits {
            let at = self.keys.get("from").map_or(self.start, |(at, _)| *at);
            self.wrong(
                at,
                &format!("`from: {from}` is nowhere in a finding; expected evidence.NAME, source, database or subject"),
            );
        }
        Some(from)
    }
}
