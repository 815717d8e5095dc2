//! What figures are made from: the rows of a plan, numbers that stand instead of the plan's, and what was measured.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    factor::{Factor, Input, Origin, Wanted},
    say::MONTH,
};
use crate::{
    capacity::{demand, growth},
    check::{
        derivation::row::{Row, rows},
        relation::Relation,
    },
};

/// Numbers instead of the plan's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flags {
    /// Growth a month, as a share of one.
    pub growth: Option<Factor>,
    /// The multiple of today's load to look at.
    pub multiple: Option<Factor>,
    /// The highest load as a multiple of the usual one.
    pub peak: Option<Factor>,
    /// By how much capacity must exceed the load.
    pub safety: Option<Factor>,
    /// How many months ahead to look.
    pub months: Option<Factor>,
    /// How many instances a group of the plan has, by its name.
    pub instances: BTreeMap<String, Factor>,
    /// How many connections one instance of a pool of the plan opens, by the pool's name.
    pub pools: BTreeMap<String, Factor>,
}

static NONE: Flags = Flags {
    growth: None,
    multiple: None,
    peak: None,
    safety: None,
    months: None,
    instances: BTreeMap::new(),
    pools: BTreeMap::new(),
};

impl Flags {
    fn all(&self) -> impl Iterator<Item = &Factor> {
        let single = [&self.growth, &self.multiple, &self.peak, &self.safety, &self.months];
        single.into_iter().flatten().chain(self.instances.values()).chain(self.pools.values())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    pub(super) fn inputs(&self) -> Vec<Input> {
        self.all().flat_map(|factor| factor.inputs.clone()).collect()
    }
}

/// The answers to a probe.
type Answers<'a> = dyn Fn(&str) -> &'a [Relation<'a>] + 'a;

/// A plan with what stands over it.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    answers: &'a Answers<'a>,
    pub(super) flags: &'a Flags,
    now: Timestamp,
}

impl std::fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Case({:?} at {})", self.flags, self.now)
    }
}

/// A measure of traffic.
#[derive(Debug, Clone)]
pub(super) struct Traffic<'a> {
    row: Row<'a>,
    pub(super) metric: String,
    /// A text in whose unit it is shown.
    pub(super) like: String,
    pub(super) is_rate: bool,
    /// Whether it is the one that the system is sized by.
    is_main: bool,
}

impl<'a> Case<'a> {
    /// A plan in relations; months are counted from `now`.
    pub fn new(answers: &'a Answers<'a>, flags: &'a Flags, now: Timestamp) -> Self {
        Self { answers, flags, now }
    }

    /// The plan as it is.
    pub(super) fn plain(&self) -> Self {
        Self { flags: &NONE, ..*self }
    }

    pub(super) fn from(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    pub(super) fn rows(&self, probe: &str) -> Vec<Row<'a>> {
        (self.answers)(probe).iter().flat_map(rows).collect()
    }

    pub(super) fn relations(&self, probe: &str) -> &'a [Relation<'a>] {
        (self.answers)(probe)
    }

    /// A word of the plan's own keys.
    pub(super) fn word(&self, column: &str) -> Option<String> {
        self.rows("plan.summary").first().map(|row| row.text(column)).filter(|word| !word.is_empty())
    }

    pub(super) fn currency(&self) -> String {
        self.word("currency").unwrap_or_default()
    }

    /// A quantity of the plan's own keys.
    pub(super) fn plan(&self, column: &str) -> Option<Factor> {
        stated(*self.rows("plan.summary").first()?, column, &column.replace('_', " "), "")
    }

    /// Growth a month: by flag, by the plan, or what its first dated target implies.
    pub(super) fn monthly(&self) -> Wanted {
        let stated = self.flags.growth.clone().or_else(|| self.plan("growth"));
        let implied = || self.rows("plan.traffic").into_iter().find_map(implied);
        stated
            .or_else(implied)
            .map(Factor::guessed)
            .ok_or_else(|| "`growth` in the plan, or `target` and `by` in its traffic".to_owned())
    }

    pub(super) fn safety(&self) -> Factor {
        let usual = || {
            let why = "usual; the plan has no `safety`";
            Factor::exact("safety", demand::SAFETY, demand::SAFETY.to_string(), Origin::Assumed, why)
        };
        self.flags.safety.clone().or_else(|| self.plan("safety")).unwrap_or_else(usual)
    }

    /// The months to look ahead.
    pub(super) fn months(&self) -> Option<Factor> {
        self.flags.months.clone().or_else(|| self.plan("months"))
    }

    pub(super) fn traffic(&self) -> Vec<Traffic<'a>> {
        let rows = self.rows("plan.traffic");
        let is_rate = |row: &Row| ["now", "peak", "target"].iter().any(|c| row.text(&format!("{c}_measure")) == "rate");
        let main = rows.iter().position(is_rate).unwrap_or(0);
        let one = |(at, row): (usize, &Row<'a>)| Traffic {
            row: *row,
            metric: row.text("metric"),
            like: ["now_text", "peak_text", "target_text"]
                .map(|c| row.text(c))
                .into_iter()
                .find(|t| !t.is_empty())
                .unwrap_or_default(),
            is_rate: is_rate(row),
            is_main: at == main,
        };
        rows.iter().enumerate().map(one).collect()
    }

    /// The measure that the system is sized by: the first rate, else the first there is.
    pub(super) fn main(&self) -> Result<Traffic<'a>, String> {
        let main = self.traffic().into_iter().find(|traffic| traffic.is_main);
        main.ok_or_else(|| "`[[traffic]]` in the plan: a metric with `now`".to_owned())
    }

    /// Today's load.
    pub(super) fn load(of: &Traffic) -> Wanted {
        Self::column(of, "now").ok_or_else(|| format!("`now` of {} in the plan's traffic", of.metric))
    }

    fn column(of: &Traffic, column: &str) -> Option<Factor> {
        stated(of.row, column, column, &format!("traffic {}", of.metric))
    }

    /// Today's highest load: by the flag's factor, as stated, or by the plan's factor. A factor is one of the
    /// measure that the system is sized by, and of rates; ten times the users of a day do not come at once.
    pub(super) fn peak(&self, of: &Traffic) -> Wanted {
        let factored = |factor: Option<Factor>| {
            let factor = factor.filter(|_| of.is_main || of.is_rate)?.guessed();
            Some(Self::load(of).ok()?.times(&factor))
        };
        let stated = || Self::column(of, "peak").map(Factor::guessed);
        let found = factored(self.flags.peak.clone()).or_else(stated).or_else(|| factored(self.plan("peak_factor")));
        found.ok_or_else(|| match Self::load(of) {
            Ok(_) => format!("`peak` of {} in the plan's traffic, or `peak_factor`", of.metric),
            Err(need) => need,
        })
    }

    /// The load that is aimed at.
    pub(super) fn aim(&self, of: &Traffic) -> Wanted {
        let stated =
            Self::column(of, "target").filter(|_| self.flags.multiple.is_none() && self.flags.months.is_none());
        match stated {
            Some(target) => Ok(target),
            None => Ok(Self::load(of)?.times(&self.multiple(of)?)),
        }
    }

    /// The multiple of today's load to look at: by flag, by months of growth, by the target.
    pub(super) fn multiple(&self, of: &Traffic) -> Wanted {
        if let Some(multiple) = &self.flags.multiple {
            return Ok(multiple.clone());
        }
        let grown = |months: Option<Factor>| {
            let (months, monthly) = (months?, self.monthly().ok()?);
            let after = |monthly| growth::multiple_after(monthly, months.value).ok();
            let (value, low, high) = (after(monthly.value)?, after(monthly.low)?, after(monthly.high)?);
            Some(Factor { value, low, high, inputs: [monthly.inputs, months.inputs].concat() })
        };
        let by_target = || Self::column(of, "target")?.over(&Self::column(of, "now")?);
        let found = grown(self.flags.months.clone()).or_else(by_target).or_else(|| grown(self.plan("months")));
        found.ok_or_else(|| format!("`target` of {} in the plan's traffic, or `growth` and `months`", of.metric))
    }

    /// The days until a target is due, as months.
    pub(super) fn due(of: &Traffic) -> Option<(f64, String)> {
        Some((of.row.number("by_days")? / MONTH, of.row.text("by")))
    }
}

/// (target / now)^(1 / months) - 1 of a measure of traffic that has a target and a day.
fn implied(row: Row) -> Option<Factor> {
    let place = format!("traffic {}", row.text("metric"));
    let (now, target) = (stated(row, "now", "now", &place)?, stated(row, "target", "target", &place)?);
    let months = row.number("by_days")? / MONTH;
    let value = growth::implied_monthly(now.value, target.value, months).ok().filter(|monthly| *monthly > 0.0)?;
    let by = Factor::exact("by", months, row.text("by"), Origin::Plan, format!("{place} by"));
    Some(Factor { value, low: value, high: value, inputs: [now.inputs, target.inputs, by.inputs].concat() })
}

/// A quantity of the plan: as wide as its range, or as its last printed digit.
pub(super) fn stated(row: Row, column: &str, name: &str, place: &str) -> Option<Factor> {
    let value = row.number(column)?;
    let beside = |part: &str| row.number(&format!("{column}_{part}"));
    let (low, high) = (beside("low").unwrap_or(value), beside("high").unwrap_or(value));
    let text = row.text(&format!("{column}_text"));
    // A plain whole number is a count: 8 instances are not 7.5 to 8.5.
    let is_count = text.parse::<u64>().is_ok();
    let half = if low < high || is_count { 0.0 } else { value.abs() * beside("tolerance").unwrap_or_default() };
    let text = if text.is_empty() { value.to_string() } else { text };
    let from = format!("{place} {column}").trim_start().to_owned();
    Some(Factor::exact(name, value, text, Origin::Plan, from).between(low - half, high + half))
}
