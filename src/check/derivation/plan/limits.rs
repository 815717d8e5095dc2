//! What there is only so much of: connections, databases, instances, money.

use super::{
    limits_time, say,
    table::{COLUMNS, Compared, Quantity, Sections, compare, quantity, words},
};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const LIMITS: Derivation = Derivation {
    id: "plan.compared-limits",
    about: "What the plan uses against what there is of it",
    inputs: &[
        "plan.summary",
        "plan.pools",
        "plan.limits",
        "plan.tests",
        "plan.instances",
        "plan.phases",
        "plan.cost-total",
        "plan.recovery",
        "plan.slos",
        "plan.alerts",
        "plan.traffic",
    ],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&LIMITS, asked, |plan| {
        let mut all: Vec<_> = plan.rows("plan.pools").into_iter().filter_map(pool).collect();
        all.extend(databases(plan));
        all.extend(plan.rows("plan.instances").into_iter().filter_map(|row| fleet(plan, row)));
        all.extend(plan.rows("plan.limits").into_iter().flat_map(|row| limit(plan, row)));
        all.extend(plan.rows("plan.instances").into_iter().filter_map(|row| range(plan, row)));
        all.extend(budget(plan));
        all.extend(limits_time::times(plan));
        all
    })
}

/// Connections of all instances of a pool, against its database.
fn pool(row: Row) -> Option<Compared> {
    let (n, size, most) = (quantity(row, "instances")?, quantity(row, "size")?, quantity(row, "max_connections")?);
    let (low, high) = (n.value * size.low, n.value * size.high);
    let sum = if low < high { format!("{}-{}", say::count(low), say::count(high)) } else { say::count(high) };
    let of = row.text("of");
    let how = format!("{} x {} = {sum} connections, {of} allows {}", n.text, size.text, most.text);
    Some(Compared::numbers("pool", row.text("name"), high, most.value, how).texts(sum, &most.text))
}

/// All pools of one database together.
fn databases(plan: &Sections) -> Vec<Compared> {
    let rows = plan.rows("plan.pools");
    let mut names: Vec<_> = rows.iter().map(|row| row.text("of")).filter(|of| !of.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let sum = |of: String| {
        let pools = rows.iter().filter(|row| row.text("of") == of);
        let parts: Option<Vec<_>> =
            pools.clone().map(|row| Some((quantity(*row, "instances")?.high, quantity(*row, "size")?.high))).collect();
        let parts = parts.filter(|parts| parts.len() > 1)?;
        let most = pools
            .filter_map(|row| quantity(*row, "max_connections"))
            .reduce(|one, other| if one.value < other.value { one } else { other })?;
        let total: f64 = parts.iter().map(|(n, size)| n * size).sum();
        let written: Vec<_> =
            parts.iter().map(|(n, size)| format!("{} x {}", say::count(*n), say::count(*size))).collect();
        let how = format!("{} = {} connections, {of} allows {}", written.join(" + "), say::count(total), most.text);
        Some(Compared::numbers("pool", of, total, most.value, how).texts(say::count(total), &most.text))
    };
    names.into_iter().filter_map(sum).collect()
}

/// The most instances of a fleet with a pool each, where the plan has one database only.
fn fleet(plan: &Sections, row: Row) -> Option<Compared> {
    let (most, pool) = (quantity(row, "max")?, quantity(row, "pool")?);
    let pools = plan.rows("plan.pools");
    let of = pools.first()?.text("of");
    let ceiling = pools.iter().find_map(|row| quantity(*row, "max_connections"))?;
    let sum = most.high * pool.high;
    let how = format!("{} x {} = {} connections, {of} allows {}", most.text, pool.text, say::count(sum), ceiling.text);
    let only = pools.iter().all(|row| row.text("of") == of);
    only.then(|| Compared::numbers("pool", row.text("name"), sum, ceiling.value, how).texts(&most.text, &ceiling.text))
}

/// A limit against what is said to be used of it, by itself and by tests that ran on it.
fn limit(plan: &Sections, row: Row) -> Vec<Compared> {
    let Some(ceiling) = quantity(row, "ceiling") else {
        return Vec::new();
    };
    let resource = row.text("resource");
    let against = |rule, used: &Quantity, what: String| {
        let how = format!(
            "{} is used of {} ({}), {} of it{what}",
            used.text,
            ceiling.text,
            say::measured(used.value, &ceiling.measure, &ceiling.text),
            say::percent(used.value / ceiling.value)
        );
        Compared::numbers(rule, &resource, used.value, ceiling.value, how).texts(&used.text, &ceiling.text)
    };
    let same = |used: &Quantity| used.measure == ceiling.measure;
    let used = quantity(row, "used").filter(same);
    let mut all: Vec<_> = used.iter().map(|used| against("limit", used, String::new())).collect();
    if row.is("binding") {
        all.extend(
            used.iter().map(|used| against("binding", used, ", and it is called what limits the system".into())),
        );
    }
    let name = resource.to_lowercase();
    for test in plan.rows("plan.tests").into_iter().filter(|test| words(*test, "uses").contains(&name)) {
        let load = quantity(test, "load").filter(|_| ceiling.measure == "rate");
        all.extend(load.iter().map(|load| against("limit", load, format!(" in test `{}`", test.text("name")))));
    }
    all
}

/// How far a fleet can grow, against how far traffic does: the plan's peak factor, or its spike test.
fn range(plan: &Sections, row: Row) -> Option<Compared> {
    let (min, max) = (quantity(row, "min")?, quantity(row, "max")?);
    let now = |metric: &str| {
        let rates = plan.rows("plan.traffic").into_iter().filter_map(|row| quantity(row, "now"));
        if metric == "users" { plan.summary("users") } else { rates.into_iter().find(|now| now.measure == "rate") }
    };
    let spike = plan.rows("plan.tests").into_iter().find(|test| test.text("kind") == "spike").and_then(|test| {
        ["users", "load"].iter().find_map(|column| {
            let (to, now) = (quantity(test, column)?, now(column)?);
            let by = to.value / now.value;
            Some((
                by,
                format!("the spike test goes from {} to {} {column}, {} times", now.text, to.text, say::figure(by)),
            ))
        })
    });
    let factor =
        plan.summary("peak_factor").map(|by| (by.value, format!("the peak is {} times the usual load", by.text)));
    let worst = |one: (f64, String), other: (f64, String)| if one.0 >= other.0 { one } else { other };
    let (due, ground) = spike.into_iter().chain(factor).reduce(worst)?;
    let (least, most) = (max.low / min.high, max.high / min.low);
    let grows = if least < most { format!("{}-{}", say::figure(least), say::figure(most)) } else { say::figure(most) };
    let how = format!("from {} to {} instances it grows {grows} times; {ground}", min.text, max.text);
    Some(Compared::numbers("range", row.text("name"), due, most, how).texts(ground, &max.text))
}

/// What a phase costs, and what everything costs, against the budget.
fn budget(plan: &Sections) -> Vec<Compared> {
    let whole = plan.summary("budget");
    let over = |what: String, cost: Option<Quantity>, budget: Option<Quantity>| {
        let (cost, budget) = (cost?, budget?);
        let how = format!(
            "{} a month against a budget of {}: {} of it",
            say::count(cost.high),
            budget.text,
            say::percent(cost.high / budget.value)
        );
        Some(Compared::numbers("budget", what, cost.high, budget.value, how).texts(&cost.text, &budget.text))
    };
    let mut all: Vec<_> = plan
        .rows("plan.phases")
        .into_iter()
        .filter_map(|row| {
            let own = quantity(row, "budget").or_else(|| whole.clone());
            over(format!("phase {}", row.text("name")), quantity(row, "cost"), own)
        })
        .collect();
    let total = plan.one("plan.cost-total").and_then(|row| quantity(row, "high"));
    all.extend(over("total cost".into(), total, whole.clone()));
    all
}
