//! The numbers of a plan that a what-if may change, as the plan has them.

use super::{case::Case, case::stated, factor::Factor};

/// What may be changed, and what it is now. What the plan does not say is none: it can still be given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stated {
    /// The multiple of today's load that is aimed at.
    pub multiple: Option<Factor>,
    /// Growth a month, as a share of one.
    pub growth: Option<Factor>,
    /// The highest load as a multiple of the usual one.
    pub peak: Option<Factor>,
    /// By how much capacity must exceed the load; the usual number where the plan has none.
    pub safety: Option<Factor>,
    /// Instances, by the name of their group.
    pub instances: Vec<(String, Factor)>,
    /// Connections of one instance, by the name of the pool.
    pub pools: Vec<(String, Factor)>,
}

impl Stated {
    /// What a plan states, whatever flags stand over it.
    pub fn of(case: &Case) -> Self {
        let case = case.plain();
        let main = case.main().ok();
        let named = |section: &str, probe: &str, column: &str, word: &str| {
            let one = |row: crate::check::derivation::row::Row| {
                let name = row.text("name");
                let place = format!("{section} {name}");
                Some((name.clone(), stated(row, column, word, &place)?)).filter(|_| !name.is_empty())
            };
            case.rows(probe).into_iter().filter_map(one).collect()
        };
        Self {
            multiple: main.as_ref().and_then(|main| case.multiple(main).ok()),
            growth: case.monthly().ok(),
            peak: main.as_ref().and_then(|main| case.peak(main).ok()?.over(&Case::load(main).ok()?)),
            safety: Some(case.safety()),
            instances: named("instances", "plan.instances", "count", "instances"),
            pools: named("pools", "plan.pools", "size", "connections of one"),
        }
    }
}
