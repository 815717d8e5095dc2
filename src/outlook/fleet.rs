//! Machines: what they carry, how many a load takes with one to spare, and when they are full.

use super::{
    case::{Case, stated},
    factor::{Factor, Origin, Wanted},
    growth::dates,
    line::{Figure, Group, Line, Measure, What},
};
use crate::{
    capacity::{
        growth::months_to,
        number::real,
        replicas::{MOST_UTILISATION, with_spare},
    },
    check::derivation::row::Row,
    quantity,
    snapshot::Unit,
};

/// A group of equal instances, as the plan has it.
pub(super) struct Fleet {
    pub(super) name: String,
    count: Option<Factor>,
    most: Option<Factor>,
    pub(super) each: Wanted,
    pub(super) cost: Option<Factor>,
    /// The share of its capacity that one may be used to.
    pub(super) ceiling: Factor,
    /// At its highest, today.
    pub(super) peak: Wanted,
    like: String,
}

/// All groups of the plan.
pub(super) fn fleets(case: &Case) -> Vec<Fleet> {
    case.rows("plan.instances").into_iter().map(|row| fleet(case, row)).collect()
}

fn fleet(case: &Case, row: Row) -> Fleet {
    let name = row.text("name");
    let place = format!("instances {name}");
    let get = |column: &str, word: &str| stated(row, column, word, &place);
    let usual = || {
        let why = "usual; the plan has no `scale_out` or `band`";
        Factor::exact("ceiling", MOST_UTILISATION, "70%", Origin::Assumed, why)
    };
    let band = || {
        let band = get("band", "ceiling")?;
        let high = row.number("band_high").unwrap_or(band.value);
        Some(Factor::exact("ceiling", high, row.text("band_text"), Origin::Plan, format!("{place} band")))
    };
    let wished = case.flags.instances.get(&name).cloned();
    // Who asks for more than the plan's most means that there may be so many.
    let most =
        get("max", "most instances").filter(|most| wished.as_ref().is_none_or(|count| count.value <= most.value));
    Fleet {
        count: wished.or_else(|| get("count", "instances")),
        most,
        each: get("capacity", "capacity of one")
            .map(Factor::guessed)
            .ok_or_else(|| format!("`capacity` of {name} in the plan's instances")),
        cost: get("cost", "cost of one"),
        ceiling: get("scale_out", "ceiling").or_else(band).unwrap_or_else(usual),
        peak: peak(case, get("load", "load"), &name),
        like: row.text("capacity_text"),
        name,
    }
}

/// A group's own load at its peak, or all traffic where the plan does not say which part is its own.
fn peak(case: &Case, own: Option<Factor>, name: &str) -> Wanted {
    let main = case.main();
    match own {
        Some(own) => {
            let height = main.and_then(|main| Ok(case.peak(&main)?.over(&Case::load(&main)?)));
            Ok(height.ok().flatten().map_or_else(|| own.clone(), |height| own.times(&height)))
        }
        None => match main {
            Ok(main) if main.is_rate => case.peak(&main),
            _ => Err(format!("`load` of {name} in the plan's instances, or a rate in its traffic")),
        },
    }
}

impl Fleet {
    /// How many there are.
    fn count(&self) -> Wanted {
        self.count.clone().ok_or_else(|| format!("`count` of {} in the plan's instances", self.name))
    }

    /// The most that there may be: the plan's `max`, else those that there are.
    pub(super) fn most(&self) -> Wanted {
        self.most.clone().map_or_else(|| self.count(), Ok)
    }
}

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let fleets = fleets(case);
    if fleets.is_empty() {
        let formula = SPARE;
        let what = What {
            group: Group::Instances,
            name: "instances-peak",
            subject: "",
            unit: Measure::Instances,
            formula,
            like: "",
        };
        return vec![what.needs(vec!["`[[instances]]` in the plan: `count` and `capacity`".to_owned()])];
    }
    fleets.iter().flat_map(|fleet| of(case, fleet)).collect()
}

fn of(case: &Case, fleet: &Fleet) -> Vec<Line> {
    let what = |name, unit, formula| What {
        group: Group::Instances,
        name,
        subject: &fleet.name,
        unit,
        formula,
        like: &fleet.like,
    };
    let (count, most) = (fleet.count(), fleet.most());
    let (each, peak, ceiling) = (fleet.each.clone(), fleet.peak.clone(), Ok(fleet.ceiling.clone()));
    let multiple = case.main().and_then(|main| case.multiple(&main));
    let spare = |load, each, ceiling| with_spare(load, each, ceiling).map(real);
    let full = |v: &[f64]| match v[0] * v[1] * v[2] / v[3] {
        ratio if ratio <= 1.0 => Ok(0.0),
        ratio => months_to(ratio, v[4]),
    };
    let full_in =
        what("months-to-full", Measure::Months, "ln(most x capacity of one x ceiling / peak) / ln(1 + growth)");
    let full_in = full_in.made(&[most, each.clone(), ceiling.clone(), peak.clone(), case.monthly()], full);
    vec![
        what("capacity", Measure::Rate, "instances x capacity of one")
            .made(&[count.clone(), each.clone()], |v| Ok(v[0] * v[1])),
        what("headroom", Measure::Times, "instances x capacity of one / peak")
            .made(&[count, each.clone(), peak.clone()], |v| Ok(v[0] * v[1] / v[2])),
        what("instances-peak", Measure::Instances, SPARE)
            .made(&[peak.clone(), each.clone(), ceiling.clone()], |v| spare(v[0], v[1], v[2]))
            .note(|figure| there_are(fleet, figure)),
        what("instances-target", Measure::Instances, SPARE_LATER)
            .made(&[peak, multiple, each, ceiling], |v| spare(v[0] * v[1], v[2], v[3]))
            .note(|figure| there_are(fleet, figure)),
        full_in.note(|figure| {
            if figure.value == Some(0.0) {
                Some("at its peak already beyond the ceiling".into())
            } else {
                dates(case, figure, None)
            }
        }),
    ]
}

const SPARE: &str = "peak / (capacity of one x ceiling), and one may be lost";
const SPARE_LATER: &str = "peak x multiple / (capacity of one x ceiling), and one may be lost";

/// What there is, beside what it takes.
fn there_are(fleet: &Fleet, figure: &Figure) -> Option<String> {
    let (need, shown) = (figure.value?, |factor: &Factor| quantity::show(factor.value, Unit::Count));
    let range = figure.low.zip(figure.high).filter(|(low, high)| low < high);
    let range = range.map(|(low, high)| format!("{low:.0} to {high:.0}; ")).unwrap_or_default();
    let count = fleet.count.as_ref().map(|count| format!("there are {}", shown(count)));
    let most = fleet.most.as_ref().map(|most| {
        let word = if most.high < need { ", too few" } else { "" };
        format!("at most {}{word}", shown(most))
    });
    let words: Vec<_> = count.into_iter().chain(most).collect();
    (!words.is_empty() || !range.is_empty())
        .then(|| format!("{range}{}", words.join(", ")).trim_end_matches("; ").to_owned())
}
