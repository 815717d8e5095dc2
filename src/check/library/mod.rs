//! All checks and probes of a run, read, compiled and cross-checked once.
//!
//! Whatever can be wrong with a file is found here, with its place, and not in the middle of an audit.

mod compile;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    definition::CheckDef,
    derivation,
    params::Overrides,
    probe::{ColumnDef, Probe},
    rule::{Engine, Ref, Rule},
    words::Words,
};
use crate::{assets::AssetFile, snapshot::SourceKind};
use compile::{Compiler, known};
pub use read::FileError;
pub(crate) use read::{at, read};
use read::{checked_probe, whole};

/// The folder of packs inside `checks/`.
pub(crate) const PACKS: &str = "criteria/";

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
    pub(super) limit: Option<Limit>,
}

impl Check {
    /// Everything that its rules and values read, through each other: what a verdict of it rests on.
    pub fn reads(&self) -> impl Iterator<Item = &Ref> {
        self.rules.iter().chain(&self.applies).chain(self.values.values()).flat_map(Rule::refs)
    }

    /// What its rules themselves read.
    pub(crate) fn own_reads(&self) -> impl Iterator<Item = &Ref> {
        self.rules.iter().flat_map(Rule::refs)
    }
}

/// The compiled limit of a check.
#[derive(Debug)]
pub(super) struct Limit {
    pub(super) used: Rule,
    pub(super) ceiling: Rule,
    pub(super) idle: Option<Rule>,
    pub(super) rate: Option<Rule>,
    pub(super) when: Option<Rule>,
}

impl Limit {
    /// Its expressions.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        [&self.used, &self.ceiling].into_iter().chain(&self.idle).chain(&self.rate).chain(&self.when)
    }
}

/// All checks and probes.
#[derive(Debug)]
pub struct Library {
    probes: BTreeMap<String, Probe>,
    checks: BTreeMap<String, Check>,
    pub(super) words: Words,
    pub(super) engine: Engine,
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
        // Packs rest on checks and probes, and are read after them (readiness::Packs).
        let files = files.iter().filter(|f| !f.path.starts_with(PACKS));
        let (probe_files, check_files): (Vec<_>, Vec<_>) = files.partition(|f| f.path.starts_with("probes/"));
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
            let compiled = match def.from.as_deref() {
                // It is made from the checks, so that none of them can rest on it.
                Some(from @ derivation::HEADROOM) => {
                    Err(vec![at(file, from, 0, format!("`{from}` is there for criteria of packs, not for checks"))])
                }
                _ => library.compile(def, file),
            };
            match compiled {
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

    /// Compiles a check, or what a criterion says in the manner of one.
    pub(crate) fn compile(&mut self, mut def: CheckDef, file: &AssetFile) -> Result<Check, Vec<FileError>> {
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
        let limit = def.headroom.as_ref().and_then(|headroom| compiler.limit(headroom));
        compiler.evidence(&def);
        compiler.sentences(&def, &columns, &mut self.words);
        if !compiler.errors.is_empty() {
            return Err(compiler.errors);
        }
        Ok(Check { def, file: file.shown(), from, rules, applies, values, rank, limit })
    }

    /// Adds a sentence that is no check's, and says it once about an example.
    ///
    /// # Errors
    /// What is wrong with the template, or what it speaks of is not there.
    pub(crate) fn add_sentence(
        &mut self,
        name: &str,
        template: &str,
        example: &BTreeMap<String, serde_json::Value>,
    ) -> Result<(), String> {
        self.words.add(name, template)?;
        self.words.say_of(name, example).map(|_| ())
    }

    /// Says a sentence that was added.
    ///
    /// # Errors
    /// A filter that does not fit what it speaks of.
    pub(crate) fn say(&self, name: &str, about: &BTreeMap<String, serde_json::Value>) -> Result<String, String> {
        Ok(self.words.say_of(name, about)?.trim().to_owned())
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
