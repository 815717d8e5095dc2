//! The parameters of a check: its defaults, and what the configuration says instead.

use std::collections::BTreeMap;

use wildmatch::WildMatch;

use super::{definition::CheckDef, definition::ParamValue};
use crate::snapshot::Unit;

/// One line of configuration that changes a parameter. Later ones win over earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// The check.
    pub check: String,
    /// The subject it is for, `*` and `?` allowed; none for all.
    pub subject: Option<String>,
    /// The parameter.
    pub param: String,
    /// The value.
    pub value: ParamValue,
    /// Where it is written, as evidence shows it: `loadline.toml, targets.shop`.
    pub origin: String,
}

/// A parameter as applied to one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// In base units.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// Where it comes from.
    pub origin: String,
}

/// All overrides of a run, in rising precedence.
#[derive(Debug, Clone, Default)]
pub struct Overrides(Vec<Override>);

impl Overrides {
    /// From the weakest to the strongest.
    pub fn new(overrides: Vec<Override>) -> Self {
        Self(overrides)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Override> {
        self.0.iter()
    }

    /// Whether any is for single subjects of this check.
    pub fn by_subject(&self, check: &str) -> bool {
        self.0.iter().any(|o| o.check == check && o.subject.is_some())
    }

    /// The parameters of a check for a subject; without one, what holds for all of them.
    pub fn applied(&self, check: &CheckDef, subject: Option<&str>) -> BTreeMap<String, Applied> {
        check
            .params
            .iter()
            .map(|(name, param)| {
                let fits = |o: &&Override| {
                    o.check == check.id
                        && o.param == *name
                        && o.subject
                            .as_ref()
                            .is_none_or(|pattern| subject.is_some_and(|s| WildMatch::new(pattern).matches(s)))
                };
                let chosen = self.0.iter().rev().find(fits);
                let from_override = chosen.and_then(|o| Some((o.value.read(param.unit).ok()?, o.origin.clone())));
                let (value, origin) = from_override.unwrap_or_else(|| {
                    (param.default.read(param.unit).unwrap_or(f64::NAN), format!("default ({})", param.source))
                });
                (name.clone(), Applied { value, unit: param.unit, origin })
            })
            .collect()
    }
}
