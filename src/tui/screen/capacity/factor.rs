//! What can be changed: what it is, by whose word, and how far a step goes.

use std::collections::BTreeMap;

use crate::{
    capacity::{growth::multiple_after, uncertainty::significant},
    outlook::{Factor, Flags, Origin, Stated, written},
    readiness::{bottleneck::Need, whatif},
    report::breaks::times,
};

/// Something that can be changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// The multiple of today's load.
    Load,
    /// Growth a month.
    Growth,
    /// How many months ahead, by that growth.
    Months,
    /// The highest load as a multiple of the usual one.
    Peak,
    /// By how much capacity must exceed the load.
    Safety,
    /// How many instances a group has.
    Instances(String),
    /// How many connections one instance of a pool opens.
    Pool(String),
    /// The ceiling of a resource, as a multiple of what it is.
    Ceiling(whatif::Name),
}

impl Name {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Load => "load".to_owned(),
            Self::Growth => "growth a month".to_owned(),
            Self::Months => "months ahead".to_owned(),
            Self::Peak => "peak factor".to_owned(),
            Self::Safety => "safety".to_owned(),
            Self::Instances(name) => format!("instances of {name}"),
            Self::Pool(name) => format!("pool size of {name}"),
            Self::Ceiling((_, subject, resource)) => format!("{resource} of {subject}"),
        }
    }

    /// What it does.
    pub fn about(&self) -> &'static str {
        match self {
            Self::Load => "as a multiple of today's load; it decides what is full",
            Self::Growth => "how fast load grows; it decides when a multiple is there",
            Self::Months => "the load after so many months of growth, instead of a multiple",
            Self::Peak => "the highest load over the usual one; more than the plan's raises the load of every resource",
            Self::Safety => "by how much capacity must exceed the load; it counts for required capacity only",
            Self::Instances(_) => "how many instances there are",
            Self::Pool(_) => "how many connections one instance opens",
            Self::Ceiling(_) => "how much of it there is; typed as 2x, or as a number of its own unit",
        }
    }

    /// Its number, for a person.
    pub fn show(&self, value: f64) -> String {
        match self {
            Self::Load | Self::Peak | Self::Safety | Self::Ceiling(_) => format!("{}x", times(value)),
            Self::Growth => format!("{} %", significant(value * 100.0, 3)),
            Self::Months | Self::Instances(_) | Self::Pool(_) => significant(value, 3),
        }
    }

    /// Reads what was typed for it.
    ///
    /// # Errors
    /// What was expected.
    pub fn read(&self, text: &str) -> Result<f64, String> {
        match self {
            Self::Load | Self::Peak | Self::Safety => written::times(text),
            Self::Growth => {
                let share = written::share(text)?;
                (share > 0.0).then_some(share).ok_or_else(|| format!("`{text}` is no growth; expected more than 0 %"))
            }
            Self::Months => written::number(text),
            Self::Instances(_) | Self::Pool(_) => written::count(text),
            Self::Ceiling(_) => {
                let read = text.trim().strip_suffix('x').map(written::number);
                read.unwrap_or_else(|| Err(format!("`{text}` is no multiple; expected for example 2x")))
            }
        }
    }

    /// The next number up or down that people mean; none at the end of the scale.
    pub fn step(&self, from: f64, up: bool) -> Option<f64> {
        let scale: &[f64] = match self {
            Self::Load => &LOADS,
            Self::Growth => &GROWTHS,
            Self::Months => &MONTHS,
            Self::Peak => &LOADS[..PEAKS],
            Self::Safety => &SAFETIES,
            Self::Ceiling(_) => &CEILINGS,
            Self::Instances(_) | Self::Pool(_) => return by_count(from, up),
        };
        // A number between two steps goes to the nearer end of its gap, not past it.
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
        let mut beyond = scale.iter().copied().filter(|step| !near(from, *step) && (*step > from) == up);
        if up { beyond.next() } else { beyond.next_back() }
    }
}

const LOADS: [f64; 26] = [
    1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 75.0,
    100.0, 200.0, 300.0, 500.0, 1000.0,
];
/// How many of the loads are peaks that anybody has seen: up to 50x.
const PEAKS: usize = 20;
const GROWTHS: [f64; 16] = [0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 2.0];
const MONTHS: [f64; 11] = [1.0, 2.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0];
const SAFETIES: [f64; 9] = [1.0, 1.1, 1.2, 1.25, 1.3, 1.5, 2.0, 2.5, 3.0];
const CEILINGS: [f64; 14] = [0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0];

/// One at a time up to 20, then in steps of about a twentieth.
fn by_count(from: f64, up: bool) -> Option<f64> {
    let size =
        if from < 20.0 || (!up && from <= 20.0) { 1.0 } else { 10_f64.powf((from / 20.0).log10().floor()) * 5.0 };
    let to = if up { from + size } else { from - size };
    (1.0..=1e6).contains(&to).then_some(to)
}

/// What is changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes(BTreeMap<Name, f64>);

impl Changes {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What it is changed to.
    pub fn get(&self, name: &Name) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// Changes it. Load and months name the same thing: the later word counts.
    pub fn set(&mut self, name: Name, value: f64) {
        match name {
            Name::Load => drop(self.0.remove(&Name::Months)),
            Name::Months => drop(self.0.remove(&Name::Load)),
            _ => {}
        }
        self.0.insert(name, value);
    }

    /// Takes a change back; false where there was none.
    pub fn reset(&mut self, name: &Name) -> bool {
        self.0.remove(name).is_some()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, f64)> {
        self.0.iter().map(|(name, value)| (name, *value))
    }
}

/// What stands where nothing is changed, and by whose word.
#[derive(Debug)]
pub(super) struct Base<'a> {
    /// What the plan needs of every resource.
    pub(super) need: Option<&'a Need>,
    /// What the plan states.
    pub(super) stated: Option<&'a Stated>,
}

impl Base<'_> {
    /// What it is, and who says so.
    pub(super) fn of(&self, name: &Name) -> Option<(f64, String)> {
        let by_need = |value: Option<f64>| Some((value?, self.need?.origin.clone()));
        let said = |factor: &Factor| (factor.value, origin(factor));
        let stated = self.stated;
        match name {
            Name::Load => by_need(self.need.and_then(|need| need.multiple))
                .or_else(|| stated?.multiple.as_ref().map(said))
                .or_else(|| Some((1.0, "today's, because no plan names another".to_owned()))),
            Name::Growth => {
                stated.and_then(|stated| stated.growth.as_ref()).map(said).or_else(|| by_need(self.need?.growth))
            }
            Name::Months => None,
            Name::Peak => stated?.peak.as_ref().map(said),
            Name::Safety => stated?.safety.as_ref().map(said),
            Name::Instances(of) => stated?.instances.iter().find(|(name, _)| name == of).map(|(_, f)| said(f)),
            Name::Pool(of) => stated?.pools.iter().find(|(name, _)| name == of).map(|(_, f)| said(f)),
            Name::Ceiling(_) => Some((1.0, "as it is".to_owned())),
        }
    }

    /// Those that there are, in order.
    pub(super) fn names(&self) -> Vec<Name> {
        let instances = self.stated.iter().flat_map(|stated| &stated.instances);
        let pools = self.stated.iter().flat_map(|stated| &stated.pools);
        [Name::Load, Name::Growth, Name::Months, Name::Peak, Name::Safety]
            .into_iter()
            .chain(instances.map(|(name, _)| Name::Instances(name.clone())))
            .chain(pools.map(|(name, _)| Name::Pool(name.clone())))
            .collect()
    }

    /// What it is with changes over it.
    pub(super) fn with(&self, name: &Name, changes: &Changes) -> Option<f64> {
        changes.get(name).or_else(|| self.of(name).map(|(value, _)| value))
    }

    /// The multiple of today's load that is looked at, peaks not counted.
    pub(super) fn load(&self, changes: &Changes) -> f64 {
        let by_growth = || {
            let months = changes.get(&Name::Months)?;
            multiple_after(self.with(&Name::Growth, changes)?, months).ok()
        };
        by_growth().or_else(|| self.with(&Name::Load, changes)).unwrap_or(1.0)
    }

    /// What resources are looked at under.
    pub(super) fn looked_at(&self, changes: &Changes) -> whatif::Load {
        let usual = self.of(&Name::Peak).map_or(1.0, |(peak, _)| peak);
        let higher = changes.get(&Name::Peak).map_or(1.0, |peak| peak / usual);
        let ceiling = |(name, value): (&Name, f64)| match name {
            Name::Ceiling(of) => Some((of.clone(), value)),
            _ => None,
        };
        whatif::Load {
            multiple: self.load(changes) * higher,
            growth: self.with(&Name::Growth, changes),
            ceilings: changes.iter().filter_map(ceiling).collect(),
        }
    }

    /// The changes as numbers that stand instead of the plan's.
    pub(super) fn flags(changes: &Changes) -> Flags {
        let flag = |name: &Name, value: f64| {
            Factor::exact(&name.words(), value, name.show(value), Origin::Flag, "changed here")
        };
        let one = |name: Name| changes.get(&name).map(|value| flag(&name, value));
        let mut flags = Flags {
            growth: one(Name::Growth),
            multiple: one(Name::Load),
            peak: one(Name::Peak),
            safety: one(Name::Safety),
            months: one(Name::Months),
            ..Flags::default()
        };
        for (name, value) in changes.iter() {
            match name {
                Name::Instances(of) => drop(flags.instances.insert(of.clone(), flag(name, value))),
                Name::Pool(of) => drop(flags.pools.insert(of.clone(), flag(name, value))),
                _ => {}
            }
        }
        flags
    }
}

/// Where a number comes from: the keys of the plan that it was made from.
fn origin(factor: &Factor) -> String {
    let one = |input: &crate::outlook::Input| format!("{}: {}", input.origin.word(), input.from);
    factor.inputs.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Base<'static> {
        Base { need: None, stated: None }
    }

    #[test]
    fn steps_are_those_that_people_mean_and_end() {
        let steps = |name: &Name, from: f64, up: bool| {
            std::iter::successors(Some(from), |at| name.step(*at, up)).take(5).collect::<Vec<_>>()
        };
        assert_eq!(steps(&Name::Load, 1.0, true), [1.0, 1.25, 1.5, 1.75, 2.0]);
        assert_eq!(steps(&Name::Load, 6.3, false), [6.3, 6.0, 5.0, 4.0, 3.0]);
        assert_eq!(steps(&Name::Growth, 0.12, true)[..2], [0.12, 0.15]);
        assert_eq!(steps(&Name::Instances("web".into()), 3.0, false), [3.0, 2.0, 1.0]);
        assert_eq!(steps(&Name::Pool("web".into()), 20.0, true), [20.0, 25.0, 30.0, 35.0, 40.0]);
        assert_eq!(Name::Load.step(1.0, false), None);
        assert_eq!(Name::Load.step(1000.0, true), None);
    }

    #[test]
    fn load_and_months_name_the_same_and_the_later_word_counts() {
        let mut changes = Changes::default();
        changes.set(Name::Growth, 0.1);
        changes.set(Name::Load, 4.0);
        assert!((base().load(&changes) - 4.0).abs() < 1e-9);
        changes.set(Name::Months, 12.0);
        assert!((base().load(&changes) - 1.1_f64.powi(12)).abs() < 1e-9);
        assert!(Base::flags(&changes).multiple.is_none());
        changes.set(Name::Load, 2.0);
        assert_eq!((base().load(&changes), changes.get(&Name::Months)), (2.0, None));
    }

    #[test]
    fn a_higher_peak_raises_what_resources_bear() {
        let mut changes = Changes::default();
        changes.set(Name::Load, 2.0);
        changes.set(Name::Peak, 3.0);
        assert!((base().looked_at(&changes).multiple - 6.0).abs() < 1e-9);
        assert!((base().load(&changes) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_typed_wrongly_is_told_with_an_example() {
        for (name, text, expected) in [
            (Name::Load, "0.5", "1.5 or 10x"),
            (Name::Growth, "12", "12%"),
            (Name::Growth, "0", "more than 0"),
            (Name::Instances("web".into()), "1.5", "such as 6"),
            (Name::Ceiling(whatif::Name::default()), "2", "2x"),
        ] {
            assert!(name.read(text).unwrap_err().contains(expected), "{name:?} {text}: {:?}", name.read(text));
        }
    }
}
