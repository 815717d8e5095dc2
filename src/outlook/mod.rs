//! What a plan comes to: load, growth, capacity, instances, connections, caches, cost and error budgets.
//!
//! The one place that works these figures out: the command `capacity`, the relation `capacity` that checks and
//! criteria read, and reports all show them. Every figure carries its formula in words, its inputs with where each
//! comes from, and a word for how sure it is; where an input is missing it says what to write into the plan.
//! Pure: it reads relations, and days are counted from the end of the asking.

mod cache;
mod case;
mod cost;
mod cost_line;
mod factor;
mod fleet;
mod growth;
mod line;
mod load;
mod markdown;
mod measured;
mod objective;
mod pool;
mod say;
mod sensitivity;
mod stated;
#[cfg(test)]
mod tests;
pub(crate) mod written;
#[cfg(test)]
pub(crate) use tests::planned;

pub use case::{Case, Flags};
pub(crate) use cost::{Curve, Place};
pub use factor::{Factor, Input, Origin};
pub(crate) use growth::MULTIPLES;
pub use line::{Figure, Group, Line, Measure};
pub use measured::PROBES as MEASURED;
pub(crate) use say::{MONTH, after, rate};
pub use sensitivity::{Moved, Sensitivity};
pub use stated::Stated;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    capacity::{number::real, rng::SEED, uncertainty::DRAWS},
    snapshot::Unit,
};

/// The version of the output.
const VERSION: u32 = 1;

/// The sections of a plan that figures are made from.
pub const SECTIONS: [&str; 8] = [
    "plan.summary",
    "plan.traffic",
    "plan.instances",
    "plan.pools",
    "plan.caches",
    "plan.costs",
    "plan.cost-items",
    "plan.slos",
];

/// All that a plan comes to, and what it would come to with other numbers.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Outlook {
    /// The version of this format.
    pub version: u32,
    /// The target.
    pub target: String,
    /// The day from which months are counted: the end of the asking.
    #[schemars(with = "String")]
    pub from: Date,
    /// The title of the plan.
    pub title: Option<String>,
    /// The currency of all money; nothing is converted.
    pub currency: Option<String>,
    /// Numbers given instead of the plan's.
    pub flags: Vec<Input>,
    /// The figures.
    pub lines: Vec<Line>,
    /// What moving one input does, under the flags where there are any.
    pub sensitivity: Vec<Sensitivity>,
    /// The seed of the draws behind every range; the same seed gives the same output.
    pub seed: u64,
    /// How often inputs were drawn.
    pub draws: usize,
}

impl Outlook {
    /// Works everything out, twice where flags replace numbers of the plan.
    pub fn of(target: &str, case: &Case) -> Self {
        let mut all = lines(&case.plain());
        if !case.flags.is_empty() {
            for other in lines(case) {
                match all.iter_mut().find(|line| line.name == other.name && line.subject == other.subject) {
                    Some(line) => line.what_if = Some(other.plan),
                    None => all.push(other.only_what_if()),
                }
            }
        }
        all.sort_by_key(|line| line.group);
        Self {
            version: VERSION,
            target: target.to_owned(),
            from: case.from(),
            title: case.word("title"),
            currency: case.word("currency"),
            flags: case.flags.inputs(),
            lines: all,
            sensitivity: sensitivity::all(case),
            seed: SEED,
            draws: DRAWS,
        }
    }
}

impl Outlook {
    /// What is missing, each need once, with the figures that wait for it.
    pub fn needs(&self) -> BTreeMap<&str, Vec<String>> {
        let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| !line.is_known()) {
            for need in &line.what_if.as_ref().unwrap_or(&line.plan).needs {
                all.entry(need).or_default().push(line.title());
            }
        }
        all
    }

    /// How ranges and their words come about, with the seed that makes them again.
    pub fn legend(&self) -> String {
        format!(
            "firm, fair, rough: the range from P10 to P90 of {} draws (seed {}) is narrower than 20 %, than 50 %, or \
             wider. Growth, peak factor and the capacity of one are guesses: without a range of their own they are drawn \
             20 % to both sides.",
            crate::quantity::show(real(self.draws as u64), Unit::Count),
            self.seed
        )
    }
}

/// The figures of a case, group by group.
pub fn lines(case: &Case) -> Vec<Line> {
    let groups: [fn(&Case) -> Vec<Line>; 8] = [
        load::lines,
        growth::lines,
        fleet::lines,
        pool::lines,
        cache::lines,
        measured::lines,
        cost_line::lines,
        objective::lines,
    ];
    groups.iter().flat_map(|group| group(case)).collect()
}
