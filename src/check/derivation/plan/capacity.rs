//! What instances carry together, against the load that the plan gives them.

use super::{
    say,
    table::{COLUMNS, Compared, Quantity, Sections, compare, quantity},
    utilisation::capacity,
};
use crate::{
    capacity::{
        demand::required,
        replicas::{MOST_UTILISATION, with_spare},
    },
    check::{
        derivation::{Asked, Derivation, row::Row},
        relation::Relation,
    },
};

pub(in super::super) const CAPACITY: Derivation = Derivation {
    id: "plan.compared-capacity",
    about: "Instances times what one carries, against the load that they are planned for",
    inputs: &[
        "plan.summary",
        "plan.traffic",
        "plan.instances",
        "plan.sizing",
        "plan.scenarios",
        "plan.phases",
        "plan.components",
        "plan.tests",
    ],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&CAPACITY, asked, |plan| {
        let mut all: Vec<_> = plan.rows("plan.sizing").into_iter().filter_map(|row| sized(plan, row)).collect();
        for row in plan.rows("plan.scenarios") {
            all.extend(scenario(plan, row));
            all.extend(by_table(plan, row));
        }
        all.extend(plan.rows("plan.instances").into_iter().flat_map(fleet));
        all.extend(peaks(plan));
        all.extend(safety(plan));
        all.extend(plan.rows("plan.components").into_iter().filter_map(|row| until(plan, row)));
        all
    })
}

/// So many instances with so much each, against a load.
fn carried(rule: &'static str, what: String, n: &Quantity, one: &Quantity, load: &Quantity) -> Compared {
    let all = n.value * one.value;
    let how = format!(
        "{} instances x {} = {} carry {}, and the plan has them for {}: {} times apart",
        n.text,
        one.text,
        say::rate(all, &one.text),
        say::rate(all, &load.text),
        load.text,
        say::times(all, load.value)
    );
    // Two or fewer are there for safety, not for load; that they could carry much more says nothing.
    let rule = if n.value < 3.0 && all > load.value { "small" } else { rule };
    Compared::numbers(rule, what, all, load.value, how).texts(&n.text, &load.text)
}

fn sized(plan: &Sections, row: Row) -> Option<Compared> {
    let (n, load) = (quantity(row, "instances")?, quantity(row, "load")?);
    Some(carried("sizing", format!("sizing for {}", load.text), &n, &capacity(plan, &row.text("type"))?, &load))
}

fn scenario(plan: &Sections, row: Row) -> Option<Compared> {
    let (n, load) = (quantity(row, "instances")?, highest(row)?);
    Some(carried("scenario", row.text("name"), &n, &capacity(plan, "")?, &load))
}

fn highest(row: Row) -> Option<Quantity> {
    quantity(row, "peak").or_else(|| quantity(row, "load"))
}

/// What the row of the sizing table whose load is nearest says about a scenario.
fn by_table(plan: &Sections, row: Row) -> Option<Compared> {
    let (n, load) = (quantity(row, "instances")?, highest(row)?);
    let table = plan.rows("plan.sizing").into_iter();
    let rows = table.filter_map(|row| Some((quantity(row, "load")?, quantity(row, "instances")?)));
    let distance = |at: &Quantity| (at.value / load.value).ln().abs();
    let (at, of) = rows.min_by(|(one, _), (other, _)| distance(one).total_cmp(&distance(other)))?;
    let each = at.value / of.value;
    let due = (load.value / each).ceil();
    let how = format!(
        "the sizing table has {} for {}, {} each, so {} takes {}; the scenario has {}",
        of.text,
        at.text,
        say::rate(each, &at.text),
        load.text,
        say::count(due),
        n.text
    );
    Some(Compared::numbers("table", row.text("name"), n.value, due, how).texts(&n.text, &at.text))
}

/// A fleet with its load: all of it, and with one instance lost.
fn fleet(row: Row) -> Vec<Compared> {
    let read = || Some((quantity(row, "count")?, quantity(row, "capacity")?, quantity(row, "load")?));
    let Some((n, one, load)) = read() else {
        return Vec::new();
    };
    let rest = (n.value - 1.0) * one.value;
    let needs = with_spare(load.value, one.value, MOST_UTILISATION).map_or_else(|_| "more".into(), |n| n.to_string());
    let how = format!(
        "with one of {} lost, {} run at {}; {} takes {}",
        n.text,
        say::count(n.value - 1.0),
        say::percent(load.value / rest.max(f64::MIN_POSITIVE)),
        load.text,
        needs
    );
    let lost = Compared::numbers("one-lost", row.text("name"), rest, load.value, how).texts(&n.text, &load.text);
    vec![carried("fleet", row.text("name"), &n, &one, &load), lost]
}

/// Today's highest rate: stated, or today's usual one times the peak factor.
fn peak(plan: &Sections) -> Option<(f64, String, Quantity)> {
    let rows = plan.rows("plan.traffic");
    let row = rows.iter().find(|row| quantity(**row, "now").is_some_and(|now| now.measure == "rate"))?;
    let now = quantity(*row, "now")?;
    match plan.summary("peak_factor") {
        Some(factor) => {
            let peak = now.value * factor.value;
            Some((peak, format!("{} x {} = {}", factor.text, now.text, say::rate(peak, &now.text)), now))
        }
        None => quantity(*row, "peak").map(|peak| (peak.value, peak.text, now)),
    }
}

/// What phases cover, and what the fleet can grow to, against the peak.
fn peaks(plan: &Sections) -> Vec<Compared> {
    let Some((peak, shown, now)) = peak(plan) else {
        return Vec::new();
    };
    let scaling = plan.rows("plan.instances").into_iter().find(|row| quantity(*row, "capacity").is_some());
    let mut all = Vec::new();
    for row in plan.rows("plan.phases") {
        let name = row.text("name");
        if let Some(covers) = quantity(row, "covers") {
            let how = format!("today's peak is {shown}; phase {name} covers {}", covers.text);
            all.push(Compared::numbers("covers", &name, covers.value, peak, how).texts(&covers.text, &shown));
        }
        all.extend(scaling.and_then(|fleet| reach(row, fleet, peak, &now)));
    }
    all
}

/// The highest load test reaches the peak with the plan's safety on top.
fn safety(plan: &Sections) -> Option<Compared> {
    let ((peak, shown, now), factor) = (peak(plan)?, plan.summary("safety")?);
    let tests = plan.rows("plan.tests").into_iter();
    let aims = tests.filter_map(|row| quantity(row, "target").or_else(|| quantity(row, "load")));
    let most = aims.max_by(|one, other| one.value.total_cmp(&other.value))?;
    let due = required(peak, 1.0, factor.value).ok()?;
    let how = format!(
        "today's peak is {shown}, with a safety of {} that is {}; the highest load test goes to {}",
        factor.text,
        say::rate(due, &now.text),
        most.text
    );
    Some(Compared::numbers("safety", "load tests", most.value, due, how).texts(&most.text, &factor.text))
}

/// The most instances of a phase, at the utilisation at which they scale out, against the phase at peak.
fn reach(phase: Row, fleet: Row, peak: f64, now: &Quantity) -> Option<Compared> {
    let multiple = quantity(phase, "multiple")?;
    let most = quantity(phase, "instances").or_else(|| quantity(fleet, "max"))?;
    let one = quantity(fleet, "capacity")?;
    let busy = quantity(fleet, "scale_out").map_or(MOST_UTILISATION, |share| share.value);
    let (need, each) = (multiple.value * peak, one.value * busy);
    let how = format!(
        "{} times today's peak is {}, which takes {} instances at {} each ({} of {}); at most {} carry {}",
        multiple.text,
        say::rate(need, &now.text),
        say::count((need / each).ceil()),
        say::rate(each, &one.text),
        say::percent(busy),
        one.text,
        most.text,
        say::rate(most.high * each, &now.text)
    );
    Some(Compared::numbers("reach", phase.text("name"), most.high * each, need, how).texts(&most.text, &multiple.text))
}

/// A step that is said to be enough up to a load that a single instance already carries.
fn until(plan: &Sections, row: Row) -> Option<Compared> {
    let until = quantity(row, "until").filter(|until| until.measure == "rate")?;
    let one = capacity(plan, "")?;
    let how = format!("it is enough up to {}, but a single instance carries {}", until.text, one.text);
    Some(Compared::numbers("until", row.text("name"), until.value, one.value, how).texts(&until.text, &one.text))
}
