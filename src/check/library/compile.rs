//! One check of a file becomes one that can judge; whatever is wrong with it is collected.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Limit, evidence_refs,
    read::{FileError, at, whole},
    sentence,
};
use crate::{
    assets::AssetFile,
    check::{
        definition::{CheckDef, Grows, HeadroomDef},
        probe::ColumnDef,
        rule::{Ref, Rule, RuleError},
        words::{Spoken, Words},
    },
    snapshot::{Kind, Value},
};

/// Collects what is wrong with one check.
pub(super) struct Compiler<'a> {
    pub(super) file: &'a AssetFile,
    pub(super) errors: Vec<FileError>,
    pub(super) known: BTreeSet<Ref>,
}

impl Compiler<'_> {
    pub(super) fn rule(&mut self, source: &str) -> Option<Rule> {
        match Rule::compile(source, &self.known) {
            Ok(rule) => Some(rule),
            Err(RuleError { message, at: offset }) => {
                self.errors.push(at(self.file, source, offset, message));
                None
            }
        }
    }

    /// What a check says of its limit. What fills with time needs a rate, and nothing else has one.
    pub(super) fn limit(&mut self, def: &HeadroomDef) -> Option<Limit> {
        match (def.grows, &def.rate) {
            (Grows::Time, None) => self.errors.push(at(
                self.file,
                "[headroom]",
                0,
                "what grows with time has a `rate`: a CEL number, how much more is used each second",
            )),
            (Grows::Traffic, Some(rate)) => {
                self.errors.push(at(self.file, rate, 0, "a `rate` belongs to what grows with time"));
            }
            _ => {}
        }
        let used = self.rule(&def.used);
        let ceiling = self.rule(&def.ceiling);
        let mut other = |rule: &Option<String>| rule.as_ref().and_then(|rule| self.rule(rule));
        let (idle, rate, when) = (other(&def.idle), other(&def.rate), other(&def.when));
        Some(Limit { used: used?, ceiling: ceiling?, idle, rate, when })
    }

    pub(super) fn plain(&mut self, def: &CheckDef) {
        let dotted = def.id.split_once('.').is_some_and(|(source, name)| !source.is_empty() && !name.is_empty());
        let plain = def.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'));
        if !dotted || !plain {
            self.errors.push(at(
                self.file,
                &def.id,
                0,
                format!("`{}` is no id; expected <source>.<name> in lower case, digits and dashes", def.id),
            ));
        }
        if def.rules.is_empty() {
            self.errors.push(whole(self.file, "a check without rules can never fail; add a [[rules]]"));
        }
        if def.personas.is_empty() {
            self.errors.push(whole(
                self.file,
                "name who wants to hear of it: personas = [\"incident\", \"pre-launch\", \"deep\"]",
            ));
        }
        for (name, param) in &def.params {
            if let Err(message) = param.default.read(param.unit) {
                self.errors.push(at(self.file, name, 0, format!("parameter `{name}`: {message}")));
            }
        }
    }

    pub(super) fn evidence(&mut self, def: &CheckDef) {
        for name in &def.evidence {
            if !evidence_refs(name).iter().any(|r| self.known.contains(r)) {
                self.errors.push(at(self.file, name, 0, format!("evidence `{name}` is neither a column nor a value")));
            }
        }
    }

    /// Parses every sentence and says it once over made-up values, so that a misspelt column shows now.
    pub(super) fn sentences(&mut self, def: &CheckDef, columns: &BTreeMap<String, ColumnDef>, words: &mut Words) {
        let spoken = made_up(def, columns);
        let mut all = vec![
            ("subject".to_owned(), &def.subject),
            ("message".to_owned(), &def.message),
            ("fix".to_owned(), &def.fix),
        ];
        all.extend(def.headroom.iter().map(|h| ("resource".to_owned(), &h.resource)));
        all.extend(def.command.iter().map(|c| ("command".to_owned(), c)));
        all.extend(def.rules.iter().enumerate().filter_map(|(i, r)| Some((format!("rule{i}"), r.message.as_ref()?))));
        for (part, template) in all {
            let name = sentence(&def.id, &part);
            let said = words.add(&name, template).and_then(|()| words.say(&name, &spoken));
            if let Err(message) = said {
                self.errors.push(at(self.file, template, 0, message));
            }
        }
    }
}

/// What the expressions of a check may read, besides its computed values.
pub(super) fn known(def: &CheckDef, columns: &BTreeMap<String, ColumnDef>) -> BTreeSet<Ref> {
    let mut known: BTreeSet<Ref> = columns.keys().map(|name| Ref::Row(name.clone())).collect();
    for name in columns.iter().filter(|(_, column)| column.counter).map(|(name, _)| name) {
        known.insert(Ref::Delta(name.clone()));
        known.insert(Ref::Rate(name.clone()));
    }
    known.extend(def.params.keys().map(|name| Ref::Param(name.clone())));
    known
}

fn made_up<'a>(def: &'a CheckDef, columns: &'a BTreeMap<String, ColumnDef>) -> Spoken<'a> {
    let mut spoken = Spoken { source: "source", database: "database", window: 10.0, ..Spoken::default() };
    for (name, column) in columns {
        let value = match column.kind {
            Kind::Int => Value::Int(1),
            Kind::Double => Value::Double(1.5),
            Kind::Bool => Value::Bool(true),
            Kind::Text => Value::text("text"),
            Kind::List => Value::List(vec![Value::Int(1)]),
        };
        spoken.row.insert(name, value);
        if column.counter {
            spoken.delta.insert(name, Value::Double(1.5));
            spoken.rate.insert(name, Value::Double(1.5));
        }
    }
    spoken.value = def.values.keys().map(|name| (name.as_str(), Value::Double(1.5))).collect();
    spoken.params = def.params.keys().map(|name| (name.as_str(), 1.5)).collect();
    spoken
}
