//! One figure with all that is said of it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    factor::{Factor, Input, Wanted},
    say,
};
use crate::capacity::{
    self,
    rng::SEED,
    uncertainty::{Firmness, Range, simulate},
};

/// What a figure is about; also the order in which figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Load now, at its peak, at the target.
    Load,
    /// Capacity to have.
    Capacity,
    /// When a multiple is there.
    Growth,
    /// Machines.
    Instances,
    /// Database connections.
    Connections,
    /// Memory of caches.
    Cache,
    /// Money.
    Cost,
    /// Error budgets.
    Objectives,
}

impl Group {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Load => "Load",
            Self::Capacity => "Required capacity",
            Self::Growth => "Growth",
            Self::Instances => "Instances",
            Self::Connections => "Connections and replicas",
            Self::Cache => "Caches",
            Self::Cost => "Cost a month",
            Self::Objectives => "Error budgets",
        }
    }
}

/// What a number counts, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// So many.
    Number,
    /// Per second.
    Rate,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Months of 30.44 days.
    Months,
    /// A share of one.
    Share,
    /// Money, in the currency of the plan.
    Money,
    /// A multiple.
    Times,
    /// Machines.
    Instances,
    /// Database connections.
    Connections,
}

impl Measure {
    /// The word for checks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "",
            Self::Rate => "/s",
            Self::Bytes => "bytes",
            Self::Seconds => "s",
            Self::Months => "months",
            Self::Share => "share",
            Self::Money => "money",
            Self::Times => "times",
            Self::Instances => "instances",
            Self::Connections => "connections",
        }
    }
}

/// What a figure comes to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Figure {
    /// In base units; none where something is missing.
    pub value: Option<f64>,
    /// P10 of the draws.
    pub low: Option<f64>,
    /// P90 of the draws.
    pub high: Option<f64>,
    /// `firm`, `fair` or `rough`: how wide the range is.
    pub word: Option<&'static str>,
    /// For a person, with no more digits than are known.
    pub text: String,
    /// What went in.
    pub inputs: Vec<Input>,
    /// What is missing, and where to write it.
    pub needs: Vec<String>,
    /// What a reader must know beside the number.
    pub note: Option<String>,
}

/// A figure by the plan, and by the flags where they were given.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// What it is about.
    pub group: Group,
    /// Its name, the same in every run.
    pub name: &'static str,
    /// Whose: a measure of traffic, a fleet, a server, an objective, a multiple.
    pub subject: String,
    /// What it counts.
    pub unit: Measure,
    /// The formula in words.
    pub formula: &'static str,
    /// By the plan.
    pub plan: Figure,
    /// By the plan with the flags over it.
    pub what_if: Option<Figure>,
}

/// What a figure is, before it is worked out.
#[derive(Debug, Clone, Copy)]
pub(super) struct What<'a> {
    pub(super) group: Group,
    pub(super) name: &'static str,
    pub(super) subject: &'a str,
    pub(super) unit: Measure,
    pub(super) formula: &'static str,
    /// A text in whose time unit rates are shown, or the currency of money.
    pub(super) like: &'a str,
}

impl What<'_> {
    fn line(self, plan: Figure) -> Line {
        let (group, name, unit, formula) = (self.group, self.name, self.unit, self.formula);
        Line { group, name, subject: self.subject.to_owned(), unit, formula, plan, what_if: None }
    }

    /// Works a formula out over its inputs; without one of them, says what is needed.
    pub(super) fn made(self, wanted: &[Wanted], formula: impl Fn(&[f64]) -> capacity::Result<f64>) -> Line {
        let needs: Vec<_> = wanted.iter().filter_map(|one| one.as_ref().err().cloned()).collect();
        let factors: Vec<&Factor> = wanted.iter().filter_map(|one| one.as_ref().ok()).collect();
        if !needs.is_empty() {
            return self.needs(needs);
        }
        let inputs = inputs(&factors);
        let values: Vec<f64> = factors.iter().map(|factor| factor.value).collect();
        let spreads: Vec<_> = factors.iter().map(|factor| factor.spread()).collect();
        let value = formula(&values);
        match value.and_then(|value| Ok((value, simulate(&spreads, SEED, formula)?))) {
            Ok((value, range)) => self.line(self.figure(value, range, inputs)),
            Err(error) => self.line(Figure { needs: vec![error.to_string()], inputs, ..Figure::default() }),
        }
    }

    /// A figure that is known with its range.
    pub(super) fn ranged(self, value: f64, low: f64, high: f64, factors: &[&Factor]) -> Line {
        let range = Range { low, middle: value, high };
        self.line(self.figure(value, range, inputs(factors)))
    }

    /// A figure that cannot be worked out yet.
    pub(super) fn needs(self, needs: Vec<String>) -> Line {
        self.line(Figure { needs, ..Figure::default() })
    }

    fn figure(self, value: f64, range: Range, inputs: Vec<Input>) -> Figure {
        // What has no range is as firm as can be, also where it is zero.
        let firmness = if range.low < range.high { range.firmness() } else { Firmness::Firm };
        Figure {
            value: Some(value),
            low: Some(range.low),
            high: Some(range.high),
            word: Some(firmness.word()),
            text: say::show(value, self.unit, self.like, firmness),
            inputs,
            needs: Vec::new(),
            note: None,
        }
    }
}

/// Every input once.
fn inputs(factors: &[&Factor]) -> Vec<Input> {
    let mut all: Vec<Input> = Vec::new();
    for input in factors.iter().flat_map(|factor| &factor.inputs) {
        if !all.contains(input) {
            all.push(input.clone());
        }
    }
    all
}

impl Line {
    /// The same with a word beside its number, where there is a number.
    #[must_use]
    pub(super) fn note(mut self, note: impl FnOnce(&Figure) -> Option<String>) -> Self {
        if self.plan.value.is_some() {
            self.plan.note = note(&self.plan);
        }
        self
    }

    /// The same as a figure that only the flags bring.
    #[must_use]
    pub(super) fn only_what_if(self) -> Self {
        let figure = Figure { needs: vec!["the plan does not say it".to_owned()], ..Figure::default() };
        Self { what_if: Some(self.plan), plan: figure, ..self }
    }

    /// Whether there is a number in it.
    pub fn is_known(&self) -> bool {
        self.plan.value.is_some() || self.what_if.as_ref().is_some_and(|figure| figure.value.is_some())
    }

    /// Its name as people say it: `load now, requests`.
    pub fn title(&self) -> String {
        let words = self.name.replace('-', " ");
        if self.subject.is_empty() { words } else { format!("{words}, {}", self.subject) }
    }

    /// Formula and inputs of a figure in words: `today x peak factor: 800/s (plan traffic requests now) …`.
    pub fn ground(&self, figure: &Figure) -> String {
        let input = |input: &Input| match input.origin {
            super::Origin::Flag => format!("{} {} ({})", input.name, input.text, input.from),
            _ => format!("{} {} ({}: {})", input.name, input.text, input.origin.word(), input.from),
        };
        let inputs: Vec<_> = figure.inputs.iter().map(input).collect();
        if inputs.is_empty() { self.formula.to_owned() } else { format!("{}: {}", self.formula, inputs.join(", ")) }
    }
}
