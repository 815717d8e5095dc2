//! Database connections: what pools may open, what the server allows and serves well, what the load needs.

use super::{
    case::{Case, stated},
    factor::{Factor, Wanted},
    line::{Group, Line, Measure, What},
    measured,
};
use crate::{
    capacity::{
        little,
        number::{real, whole_up},
        pool::{BUSY_SHARE, ceiling},
    },
    check::derivation::row::Row,
};

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let mut databases: Vec<String> = Vec::new();
    for row in case.rows("plan.pools") {
        if !databases.contains(&row.text("of")) {
            databases.push(row.text("of"));
        }
    }
    let mut all = Vec::new();
    if databases.is_empty() {
        let need = "`[[pools]]` in the plan: `instances`, `size`, `of` and `max_connections`".to_owned();
        all.push(what("pool-sum", "", Measure::Connections, SUM).needs(vec![need]));
    }
    all.extend(databases.iter().flat_map(|database| of(case, database)));
    all.extend(needs(case));
    all
}

const SUM: &str = "instances x connections of one, all pools";

fn what<'a>(name: &'static str, subject: &'a str, unit: Measure, formula: &'static str) -> What<'a> {
    What { group: Group::Connections, name, subject, unit, formula, like: "" }
}

fn of(case: &Case, database: &str) -> Vec<Line> {
    let rows: Vec<Row> = case.rows("plan.pools").into_iter().filter(|row| row.text("of") == database).collect();
    let sum = rows.iter().map(|row| opened(case, *row)).reduce(|a, b| Ok(a?.plus(&b?)));
    let sum = sum.unwrap_or_else(|| Err("`[[pools]]` in the plan".to_owned()));
    let allowed = rows.iter().find_map(|row| stated(*row, "max_connections", "allowed", &place(*row)));
    let allowed = allowed.or_else(|| measured::allowed(case)).ok_or_else(|| {
        format!("`max_connections` of {} in the plan's pools, or a snapshot of its server", named(database))
    });
    let mut all = vec![
        what("pool-sum", database, Measure::Connections, SUM).made(std::slice::from_ref(&sum), |v| Ok(v[0])).note(
            |figure| {
                let (low, high) = figure.low.zip(figure.high)?;
                (high - low > 1.0).then(|| format!("{low:.0} to {high:.0}"))
            },
        ),
        what("pool-share", database, Measure::Share, "sum of the pools / allowed by the server")
            .made(&[sum, allowed], |v| Ok(v[0] / v[1])),
    ];
    let cores = case.rows("plan.instances").into_iter().find(|row| row.text("name") == database);
    if let Some(cores) = cores.and_then(|row| stated(row, "vcpu", "cores", &format!("instances {database}"))) {
        let formula = "cores x 2: connections that are served well at once";
        let served = |v: &[f64]| ceiling(whole_up("the number of cores", v[0])?, 0).map(real);
        all.push(what("pool-ceiling", database, Measure::Connections, formula).made(&[Ok(cores)], served));
    }
    all
}

fn named(database: &str) -> &str {
    if database.is_empty() { "the database" } else { database }
}

fn place(row: Row) -> String {
    format!("pools {}", row.text("name"))
}

/// What a pool may open: its instances, or those of the fleet of its name, times its size.
fn opened(case: &Case, row: Row) -> Wanted {
    let (name, place) = (row.text("name"), place(row));
    let size = case.flags.pools.get(&name).cloned().or_else(|| stated(row, "size", "connections of one", &place));
    let size = size.ok_or_else(|| format!("`size` of {name} in the plan's pools"))?;
    let fleet = || {
        let fleet = case.rows("plan.instances").into_iter().find(|fleet| fleet.text("name") == name)?;
        stated(fleet, "count", "instances", &format!("instances {name}"))
    };
    let wished = case.flags.instances.get(&name).cloned();
    let instances: Option<Factor> = wished.or_else(|| stated(row, "instances", "instances", &place)).or_else(fleet);
    Ok(instances.ok_or_else(|| format!("`instances` of {name} in the plan's pools"))?.times(&size))
}

/// Connections that are busy at the multiple, with room for bursts: by Little's law through each pooler, else by what
/// a server had busy when it was asked.
fn needs(case: &Case) -> Vec<Line> {
    let multiple = case.main().and_then(|main| case.multiple(&main));
    let room = |busy: f64| whole_up("the connections with headroom", busy / BUSY_SHARE).map(real);
    let pooled = case.relations("pgbouncer.stats").iter().filter_map(|relation| {
        let ((rate, hold), subject) =
            (measured::transactions(relation)?, relation.source.as_deref().unwrap_or_default());
        let formula = "Little's law: transactions a second x mean time of one x multiple / 70 % busy, rounded up";
        let what = what("pool-need", subject, Measure::Connections, formula);
        Some(what.made(&[Ok(rate), Ok(hold), multiple.clone()], |v| room(little::concurrency(v[0] * v[2], v[1])?)))
    });
    let pooled: Vec<_> = pooled.collect();
    if !pooled.is_empty() {
        return pooled;
    }
    let busy = measured::busy(case).ok_or_else(|| {
        "a snapshot with two samples of a PgBouncer, or one of a PostgreSQL: how long transactions take".to_owned()
    });
    let what =
        what("pool-need", "", Measure::Connections, "connections busy when asked x multiple / 70 % busy, rounded up");
    vec![what.made(&[busy, multiple], |v| room(v[0] * v[1]))]
}
