//! All packs of a run, read, compiled and cross-checked once, like the checks that they rest on.

use std::collections::BTreeSet;

use super::{
    headroom,
    pack::{CriterionDef, PackDef, RuleOf, mark},
};
use crate::{
    assets::AssetFile,
    check::{
        definition::{Applies, CheckDef, Severity},
        library::{Check, FileError, Library, PACKS, at, inputs, read},
        params::{Override, Overrides},
    },
};

/// The probes that hold what people answered and accepted.
pub(crate) const ANSWERS: &str = "attestation.answers";
/// See [`ANSWERS`].
pub(crate) const WAIVERS: &str = "attestation.waivers";

/// The heaviest weight: beyond it one criterion alone would be the score.
const HEAVIEST: f64 = 1000.0;

/// A pack, ready to judge.
#[derive(Debug)]
pub struct Pack {
    /// What its file says.
    pub def: PackDef,
    /// The file.
    pub file: String,
    /// Which version of it: the mark of its text.
    pub mark: String,
    /// Its criteria, in the order of the file.
    pub criteria: Vec<Criterion>,
}

/// A criterion, ready to judge.
#[derive(Debug)]
pub struct Criterion {
    /// What the file says.
    pub def: CriterionDef,
    /// `<pack>.<criterion>`.
    pub id: String,
    /// The place of its level in the pack, from 0; the lowest for those of all levels.
    pub rank: usize,
    /// Its own rule, as a check.
    pub(super) rule: Option<Check>,
}

/// All packs.
#[derive(Debug, Default)]
pub struct Packs {
    /// In the order in which they were read, the embedded first.
    packs: Vec<Pack>,
}

impl Packs {
    /// Reads all packs among the files; their rules are compiled with the probes of the library.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn load(files: &[AssetFile], library: &mut Library) -> Result<Self, Vec<FileError>> {
        let mut packs = Self::default();
        let mut errors = Vec::new();
        for file in files.iter().filter(|file| file.path.starts_with(PACKS)) {
            match read::<PackDef>(file).map_err(|error| vec![error]).and_then(|def| compile(def, file, library)) {
                // Files of later folders replace a pack of the same id.
                Ok(pack) => packs.take(pack),
                Err(found) => errors.extend(found),
            }
        }
        errors.extend(packs.loose_rubrics());
        if errors.is_empty() { Ok(packs) } else { Err(errors) }
    }

    fn take(&mut self, pack: Pack) {
        self.packs.retain(|before| before.def.id != pack.def.id);
        self.packs.push(pack);
    }

    /// The packs, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    /// A pack.
    pub fn get(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.def.id == id)
    }

    /// A criterion by `<pack>.<criterion>`.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        let (pack, _) = id.split_once('.')?;
        self.get(pack)?.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// The probes that the criteria rest on, besides those of the checks.
    pub fn probes(&self, library: &Library) -> BTreeSet<String> {
        let criteria = || self.iter().flat_map(|pack| &pack.criteria);
        let own = criteria().filter_map(|c| c.rule.as_ref()).map(|check| check.from.as_str());
        let bound = criteria().flat_map(|c| &c.def.checks).filter_map(|id| library.check(id)).map(|c| c.from.as_str());
        let mut probes: BTreeSet<String> = own.chain(bound).flat_map(inputs).map(str::to_owned).collect();
        probes.extend([ANSWERS, WAIVERS].into_iter().chain(headroom::ASKED).map(str::to_owned));
        probes
    }

    /// Grades may rest on criteria of any pack, and so are checked when all are there.
    fn loose_rubrics(&self) -> Vec<FileError> {
        let lost = |pack: &Pack| {
            let needs = pack.def.rubric.iter().flat_map(|row| &row.grades).flat_map(|grade| &grade.needs);
            let lost = needs.filter(|id| self.criterion(id).is_none());
            lost.map(|id| FileError {
                file: pack.file.clone(),
                line: 0,
                column: 0,
                message: format!("the rubric needs `{id}`, which is no criterion"),
            })
            .collect::<Vec<_>>()
        };
        self.iter().flat_map(lost).collect()
    }
}

fn compile(mut def: PackDef, file: &AssetFile, library: &mut Library) -> Result<Pack, Vec<FileError>> {
    let mut errors = Vec::new();
    if !is_plain(&def.id) {
        errors.push(at(file, &def.id, 0, format!("`{}` is no id; expected lower case, digits and dashes", def.id)));
    }
    let levels: Vec<String> = def.levels.iter().map(|level| level.id.clone()).collect();
    let mut seen = BTreeSet::new();
    if let Some((at_twice, twice)) = levels.iter().enumerate().find(|(n, id)| levels[..*n].contains(id)) {
        errors.push(at(
            file,
            twice,
            0,
            format!("the level `{twice}` stands here twice, also as number {}", at_twice + 1),
        ));
    }
    let mut criteria = Vec::new();
    for criterion in std::mem::take(&mut def.criteria) {
        if !seen.insert(criterion.id.clone()) {
            errors.push(at(file, &criterion.id, 0, format!("the criterion `{}` stands here twice", criterion.id)));
        }
        let rank = match &criterion.level {
            None => Some(0),
            Some(level) => levels.iter().position(|known| known == level),
        };
        let Some(rank) = rank else {
            errors.push(at(file, &criterion.id, 0, format!("`{}`: its level is none of the pack's", criterion.id)));
            continue;
        };
        let id = format!("{}.{}", def.id, criterion.id);
        errors.extend(mistakes(&criterion, file, library));
        let rule = criterion.rule.as_ref().map(|rule| library.compile(as_check(&id, &criterion, rule), file));
        match rule.transpose() {
            Ok(rule) => criteria.push(Criterion { def: criterion, id, rank, rule }),
            Err(found) => errors.extend(found),
        }
    }
    for advice in &def.advice {
        let wrong = headroom::parse_advice(&def.id, advice, library);
        errors.extend(wrong.into_iter().map(|(template, message)| at(file, &template, 0, message)));
    }
    if errors.is_empty() { Ok(Pack { def, file: file.shown(), mark: mark(&file.text), criteria }) } else { Err(errors) }
}

fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// What is wrong with a criterion besides its rule.
fn mistakes(def: &CriterionDef, file: &AssetFile, library: &Library) -> Vec<FileError> {
    let mut errors = Vec::new();
    let mut wrong = |message: String| errors.push(at(file, &def.id, 0, format!("`{}`: {message}", def.id)));
    if !is_plain(&def.id) {
        wrong("no id; expected lower case, digits and dashes".into());
    }
    if def.checks.is_empty() && def.rule.is_none() && def.attest.is_none() && def.needs.is_none() {
        wrong(
            "nothing decides it; give `checks`, a `rule`, a question (`attest`), or say what would answer it (`needs`)"
                .into(),
        );
    }
    if !(def.weight > 0.0 && def.weight <= HEAVIEST) {
        wrong(format!("a weight is a number above 0, at most {HEAVIEST}"));
    }
    for id in def.checks.iter().filter(|id| library.check(id).is_none()) {
        wrong(format!("no check `{id}`"));
    }
    if let Err(messages) = library.check_overrides(&def.overrides()) {
        messages.into_iter().for_each(&mut wrong);
    }
    if let Some(question) = &def.attest
        && let Err(message) = crate::quantity::parse(&question.max_age, crate::snapshot::Unit::Seconds)
    {
        wrong(format!("max_age: {message}"));
    }
    errors
}

impl CriterionDef {
    /// Its thresholds for the checks that it is bound to.
    pub(super) fn overrides(&self) -> Overrides {
        let one = |(name, value): (&String, &crate::check::definition::ParamValue)| {
            let (check, param) = name.rsplit_once('.').unwrap_or((name, ""));
            Override {
                check: check.to_owned(),
                subject: None,
                param: param.to_owned(),
                value: value.clone(),
                origin: format!("criterion {}", self.id),
            }
        };
        Overrides::new(self.params.iter().map(one).collect())
    }
}

/// A rule as the check that it is.
fn as_check(id: &str, def: &CriterionDef, rule: &RuleOf) -> CheckDef {
    CheckDef {
        id: id.to_owned(),
        title: def.title.clone(),
        domain: def.domain.clone(),
        severity: Severity::Medium,
        personas: vec![crate::check::definition::Persona::PreLaunch],
        tags: Vec::new(),
        why: def.why.clone(),
        fix: def.fix.clone(),
        command: None,
        links: Vec::new(),
        runbooks: Vec::new(),
        from: Some(rule.from.clone()),
        probe: None,
        applies: rule.only.clone().map(|when| Applies { when, reason: "not what this criterion is about".into() }),
        params: rule.params.clone(),
        values: rule.values.clone(),
        rules: rule.rules.clone(),
        headroom: None,
        subject: rule.subject.clone().unwrap_or_else(|| "{{ source }}".into()),
        message: rule.message.clone(),
        evidence: Vec::new(),
        rank: None,
        limit: 5,
        cases: Vec::new(),
    }
}
