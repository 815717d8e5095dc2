//! All checks and probes of a run, read, compiled and cross-checked once.
//!
//! Whatever can be wrong with a file is found here, with its place, and not in the middle of an audit.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    definition::CheckDef,
    derivation,
    params::Overrides,
    probe::{ColumnDef, Probe, Query, Shape},
    rule::{Engine, Ref, Rule, RuleError},
    version::Requirement,
    words::{Spoken, Words},
};
use crate::{
    assets::AssetFile,
    snapshot::{Kind, SourceKind, Value},
};

/// A check, ready to judge.
#[derive(Debug)]
pub struct Check {
    /// What its file says.
    pub def: CheckDef,
    /// The file.
    pub file: String,
    /// The probe or derivation whose rows it judges.
    pub from: String,
    pub(super) rules: Vec<Rule>,
    pub(super) applies: Option<Rule>,
    pub(super) values: BTreeMap<String, Rule>,
    pub(super) rank: Option<Rule>,
}

/// All checks and probes.
#[derive(Debug)]
pub struct Library {
    probes: BTreeMap<String, Probe>,
    checks: BTreeMap<String, Check>,
    pub(super) words: Words,
    pub(super) engine: Engine,
}

/// Something wrong with a file, and where.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}{}: {message}", place(*.line, *.column))]
pub struct FileError {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 where it is about the whole file or the message shows the place itself.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

fn place(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}:{column}") }
}

impl Library {
    /// Reads all files. Probes are known by id, so that order and folders do not matter.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn load(files: &[AssetFile]) -> Result<Self, Vec<FileError>> {
        let mut library = Self {
            probes: BTreeMap::new(),
            checks: BTreeMap::new(),
            words: Words::default(),
            engine: Engine::default(),
        };
        let mut errors = Vec::new();
        let mut owners = Owners::default();
        let (probe_files, check_files): (Vec<_>, Vec<_>) = files.iter().partition(|f| f.path.starts_with("probes/"));
        for file in probe_files {
            match read::<Probe>(file).and_then(|probe| checked_probe(probe, file)) {
                Ok(probe) => {
                    errors.extend(owners.take("probe", &probe.id, file));
                    library.probes.insert(probe.id.clone(), probe);
                }
                Err(error) => errors.push(error),
            }
        }
        let mut read_checks = Vec::new();
        for file in check_files {
            match read::<CheckDef>(file).and_then(|def| library.own_probe(def, file)) {
                Ok(def) => read_checks.push((def, file)),
                Err(error) => errors.push(error),
            }
        }
        for (def, file) in read_checks {
            match library.compile(def, file) {
                Ok(check) => {
                    errors.extend(owners.take("check", &check.def.id, file));
                    library.checks.insert(check.def.id.clone(), check);
                }
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(library) } else { Err(errors) }
    }

    /// The checks, by id.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.checks.values()
    }

    /// A check.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.get(id)
    }

    /// A probe.
    pub fn probe(&self, id: &str) -> Option<&Probe> {
        self.probes.get(id)
    }

    /// All probes, by id.
    pub fn probes(&self) -> impl Iterator<Item = &Probe> {
        self.probes.values()
    }

    /// The probes that some checks rest on, each once.
    pub fn probes_of<'a>(&'a self, checks: impl Iterator<Item = &'a Check>) -> Vec<&'a Probe> {
        let ids: BTreeSet<&str> = checks.flat_map(|check| inputs(&check.from)).collect();
        ids.into_iter().filter_map(|id| self.probes.get(id)).collect()
    }

    /// The kinds of source that a check rests on.
    pub fn sources_of(&self, check: &Check) -> BTreeSet<SourceKind> {
        inputs(&check.from).into_iter().filter_map(|id| self.probes.get(id)).map(|probe| probe.source).collect()
    }

    /// Whether every override speaks of a check and a parameter that exist, and gives a number of its unit.
    ///
    /// # Errors
    /// A sentence for each that does not.
    pub fn check_overrides(&self, overrides: &Overrides) -> Result<(), Vec<String>> {
        let wrong: Vec<_> = overrides
            .iter()
            .filter_map(|o| {
                let Some(check) = self.checks.get(&o.check) else {
                    return Some(format!("{}: no check `{}`; `loadline check list` shows them", o.origin, o.check));
                };
                let Some(param) = check.def.params.get(&o.param) else {
                    let known: Vec<_> = check.def.params.keys().map(String::as_str).collect();
                    return Some(format!(
                        "{}: `{}` has no parameter `{}`; it has {}",
                        o.origin,
                        o.check,
                        o.param,
                        known.join(", ")
                    ));
                };
                o.value
                    .read(param.unit)
                    .err()
                    .map(|message| format!("{}: {} of {}: {message}", o.origin, o.param, o.check))
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// A probe inside a check becomes one like any other, under the check's id.
    fn own_probe(&mut self, mut def: CheckDef, file: &AssetFile) -> Result<CheckDef, FileError> {
        match (def.probe.take(), &def.from) {
            (Some(_), Some(_)) => Err(whole(file, "give `from` or `[probe]`, not both")),
            (None, None) => Err(whole(
                file,
                "say what is judged: `from = \"…\"` names a shared probe, `[probe]` holds one of its own",
            )),
            (None, Some(_)) => Ok(def),
            (Some(mut probe), None) => {
                probe.id.clone_from(&def.id);
                let probe = checked_probe(probe, file)?;
                def.from = Some(def.id.clone());
                self.probes.insert(probe.id.clone(), probe);
                Ok(def)
            }
        }
    }

    fn compile(&mut self, mut def: CheckDef, file: &AssetFile) -> Result<Check, Vec<FileError>> {
        let from = def.from.clone().unwrap_or_default();
        let Some(columns) = self.columns(&from) else {
            return Err(vec![at(file, &from, 0, format!("no probe and no derivation `{from}`"))]);
        };
        if def.evidence.is_empty() {
            def.evidence = columns.keys().cloned().collect();
        }
        let mut compiler = Compiler { file, errors: Vec::new(), known: known(&def, &columns) };
        compiler.plain(&def);
        let values: BTreeMap<String, Rule> =
            def.values.iter().filter_map(|(name, v)| Some((name.clone(), compiler.rule(&v.is)?))).collect();
        compiler.known.extend(def.values.keys().map(|name| Ref::Value(name.clone())));
        let rules: Vec<Rule> = def.rules.iter().filter_map(|rule| compiler.rule(&rule.when)).collect();
        let applies = def.applies.as_ref().and_then(|a| compiler.rule(&a.when));
        let rank = def.rank.as_ref().and_then(|r| compiler.rule(r));
        compiler.evidence(&def);
        compiler.sentences(&def, &columns, &mut self.words);
        if !compiler.errors.is_empty() {
            return Err(compiler.errors);
        }
        Ok(Check { def, file: file.shown(), from, rules, applies, values, rank })
    }

    /// The columns of a probe or derivation.
    pub fn columns(&self, id: &str) -> Option<BTreeMap<String, ColumnDef>> {
        match self.probes.get(id) {
            Some(probe) => Some(probe.columns.clone()),
            None => derivation::find(id).map(derivation::Derivation::column_defs),
        }
    }
}

/// The probes behind a probe or derivation.
pub(crate) fn inputs(from: &str) -> Vec<&str> {
    derivation::find(from).map_or_else(|| vec![from], |d| d.inputs.to_vec())
}

/// Collects what is wrong with one check.
struct Compiler<'a> {
    file: &'a AssetFile,
    errors: Vec<FileError>,
    known: BTreeSet<Ref>,
}

impl Compiler<'_> {
    fn rule(&mut self, source: &str) -> Option<Rule> {
        match Rule::compile(source, &self.known) {
            Ok(rule) => Some(rule),
            Err(RuleError { message, at: offset }) => {
                self.errors.push(at(self.file, source, offset, message));
                None
            }
        }
    }

    fn plain(&mut self, def: &CheckDef) {
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

    fn evidence(&mut self, def: &CheckDef) {
        for name in &def.evidence {
            if !evidence_refs(name).iter().any(|r| self.known.contains(r)) {
                self.errors.push(at(self.file, name, 0, format!("evidence `{name}` is neither a column nor a value")));
            }
        }
    }

    /// Parses every sentence and says it once over made-up values, so that a misspelt column shows now.
    fn sentences(&mut self, def: &CheckDef, columns: &BTreeMap<String, ColumnDef>, words: &mut Words) {
        let spoken = made_up(def, columns);
        let mut all = vec![
            ("subject".to_owned(), &def.subject),
            ("message".to_owned(), &def.message),
            ("fix".to_owned(), &def.fix),
        ];
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

/// The name under which a sentence of a check is kept.
pub(super) fn sentence(check: &str, part: &str) -> String {
    format!("{check}:{part}")
}

/// What an item of `evidence` may mean.
pub(super) fn evidence_refs(name: &str) -> Vec<Ref> {
    match name.split_once('.') {
        Some(("rate", column)) => vec![Ref::Rate(column.into())],
        Some(("delta", column)) => vec![Ref::Delta(column.into())],
        Some(_) => Vec::new(),
        None => vec![Ref::Value(name.into()), Ref::Row(name.into())],
    }
}

fn known(def: &CheckDef, columns: &BTreeMap<String, ColumnDef>) -> BTreeSet<Ref> {
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

/// Which folder each id comes from: a later folder may replace an id, the same folder may not have it twice.
#[derive(Default)]
struct Owners(BTreeMap<(&'static str, String), Option<String>>);

impl Owners {
    fn take(&mut self, what: &'static str, id: &str, file: &AssetFile) -> Option<FileError> {
        let before = self.0.insert((what, id.to_owned()), file.folder.clone());
        (before == Some(file.folder.clone()))
            .then(|| at(file, id, 0, format!("the id `{id}` is taken by another file of the same folder")))
    }
}

/// Reads TOML, or YAML by its ending; unknown keys are refused with their place.
fn read<T: serde::de::DeserializeOwned>(file: &AssetFile) -> Result<T, FileError> {
    let ending = std::path::Path::new(&file.path).extension();
    let yaml = ending.is_some_and(|ending| ending == "yaml" || ending == "yml");
    let read = if yaml {
        serde_saphyr::from_str(&file.text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&file.text).map_err(|error| error.to_string())
    };
    read.map_err(|message| FileError { file: file.shown(), line: 0, column: 0, message: message.trim_end().to_owned() })
}

fn checked_probe(probe: Probe, file: &AssetFile) -> Result<Probe, FileError> {
    if probe.id.is_empty() {
        return Err(whole(file, "the probe has no id"));
    }
    crate::quantity::parse(&probe.deadline, crate::snapshot::Unit::Seconds)
        .map_err(|m| at(file, &probe.deadline, 0, m))?;
    for name in probe.key.iter().chain(&probe.resets).chain(&probe.since) {
        if !probe.columns.contains_key(name) {
            return Err(at(file, name, 0, format!("`{name}` is no column of this probe")));
        }
    }
    if probe.query.is_empty() {
        return Err(whole(file, "the probe asks nothing; add a [[query]]"));
    }
    for query in &probe.query {
        checked_query(query, probe.source, file)?;
    }
    Ok(probe)
}

fn checked_query(query: &Query, source: SourceKind, file: &AssetFile) -> Result<(), FileError> {
    let given = [query.sql.is_some(), query.show.is_some(), query.command.is_some(), query.path.is_some()];
    let expected = match source {
        SourceKind::Postgres => ("sql", [true, false, false, false]),
        SourceKind::PgBouncer => ("show", [false, true, false, false]),
        SourceKind::Redis => ("command", [false, false, true, false]),
        SourceKind::Kubernetes => ("path", [false, false, false, true]),
    };
    if given != expected.1 {
        return Err(whole(
            file,
            &format!("a query for {} has `{}` and nothing of the others", source.word(), expected.0),
        ));
    }
    if (query.shape == Shape::Lines) != query.prefix.is_some() {
        return Err(whole(file, "`shape = \"lines\"` goes with a `prefix`, such as `slave`, and no other shape does"));
    }
    for requirement in query.when.values() {
        Requirement::parse(requirement).map_err(|message| at(file, requirement, 0, message))?;
    }
    Ok(())
}

fn whole(file: &AssetFile, message: &str) -> FileError {
    FileError { file: file.shown(), line: 0, column: 0, message: message.to_owned() }
}

/// An error at a place of the file: where `needle` stands in it, and `offset` bytes on. The line is
/// shown with a caret, as the readers of TOML and YAML do for theirs.
fn at(file: &AssetFile, needle: &str, offset: usize, message: impl Into<String>) -> FileError {
    let message = message.into();
    let Some(start) = file.text.find(needle).filter(|_| !needle.is_empty()) else {
        return whole(file, &message);
    };
    let offset =
        (start..=start + offset.min(needle.len())).rev().find(|i| file.text.is_char_boundary(*i)).unwrap_or(start);
    let before = &file.text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    let text = file.text.lines().nth(line - 1).unwrap_or_default();
    let gutter = line.to_string().len();
    let caret = format!("{:gutter$} |\n{line} | {text}\n{:gutter$} | {:>column$}", "", "", "^");
    FileError { file: file.shown(), line, column, message: format!("{message}\n{caret}") }
}
