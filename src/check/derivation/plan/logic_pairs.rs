//! The table of pairs. `hit` says what of a row goes with what, where it does.

use super::{
    say,
    table::{Quantity, Sections, quantity, words},
};
use crate::check::derivation::row::Row;

/// Two things that do not go together.
pub(super) struct Pair {
    pub(super) rule: &'static str,
    /// The section whose rows it is about, and the column that names them.
    pub(super) section: &'static str,
    pub(super) subject: &'static str,
    /// The ground, where the pair is there.
    pub(super) hit: fn(&Sections, Row) -> Option<String>,
    /// Why it does not go together.
    pub(super) because: &'static str,
}

const fn pair(
    rule: &'static str,
    (section, subject): (&'static str, &'static str),
    hit: fn(&Sections, Row) -> Option<String>,
    because: &'static str,
) -> Pair {
    Pair { rule, section, subject, hit, because }
}

const CACHES: (&str, &str) = ("plan.caches", "layer");
const FLEETS: (&str, &str) = ("plan.instances", "name");

pub(super) const PAIRS: &[Pair] = &[
    pair("sessions-evicted", CACHES, sessions, "under memory pressure users are logged out"),
    pair("static-short", CACHES, short_static, "static files have names that change with them and may live for a year"),
    pair("no-cache", CACHES, no_cache, "a pool of connections keeps no answers"),
    pair("public-cache", CACHES, public, "an answer for one user is kept and given to others"),
    pair("fast-cache", CACHES, fast_cache, "then the median of all requests cannot be slower than the cache"),
    pair(
        "writes-by-replicas",
        ("plan.bottlenecks", "name"),
        replicas,
        "every replica repeats all writes of the primary",
    ),
    pair("pooling-state", ("plan.pools", "name"), pooling, "the next transaction may run on another connection"),
    pair("hpa-and-vpa", FLEETS, two_scalers, "each undoes what the other does"),
    pair(
        "hpa-cooldown",
        FLEETS,
        cooldown,
        "autoscaling/v2 has no such field; its scale-down window is 300 s by default",
    ),
    pair(
        "strong-asynchronous",
        ("plan.patterns", "name"),
        strong,
        "a failover loses the writes that were not yet sent",
    ),
    pair("query-columns", ("plan.queries", "name"), columns, "the query fails or answers another question"),
    pair("two-budgets", ("plan.slos", "name"), budgets, "if both count requests, the wider one can never be used up"),
    pair("vertical-only", ("plan.components", "name"), vertical, "one of the two is not the plan"),
    pair("premature", ("plan.components", "name"), premature, "it costs more than it gives before it is needed"),
    pair("multiplied", ("plan.claims", "name"), multiplied, "a table that is multiplied out is no measurement"),
];

fn holds(row: Row, word: &str) -> bool {
    words(row, "holds").iter().any(|held| held.contains(word))
}

fn sessions(_: &Sections, row: Row) -> Option<String> {
    let policy = row.text("policy");
    (policy.starts_with("allkeys") && holds(row, "session")).then(|| format!("{policy} on a cache that holds sessions"))
}

fn short_static(_: &Sections, row: Row) -> Option<String> {
    let ttl = quantity(row, "ttl").filter(|ttl| ttl.high < 86_400.0 && holds(row, "static"))?;
    Some(format!("static assets live for {}", ttl.text))
}

fn no_cache(_: &Sections, row: Row) -> Option<String> {
    let layer = row.text("layer");
    let is = layer.to_lowercase().contains("pool");
    is.then(|| format!("`{layer}` is listed as a layer of caching"))
}

fn public(_: &Sections, row: Row) -> Option<String> {
    let layer = row.text("layer").to_lowercase();
    let shared = ["cdn", "proxy", "edge"].iter().any(|word| layer.contains(word));
    let scope = row.text("scope").to_lowercase();
    let all = scope.contains("all") && scope.contains("get");
    let personal = ["personal", "cookies", "session", "account"].iter().any(|word| holds(row, word));
    match (shared, all, personal) {
        (true, true, _) => Some(format!("a shared cache for `{}`, which includes personal data", row.text("scope"))),
        (true, _, true) => Some("a shared cache that holds personal data".into()),
        _ => None,
    }
}

fn fast_cache(plan: &Sections, row: Row) -> Option<String> {
    let (share, fast) = (quantity(row, "share").filter(|share| share.value > 0.5)?, quantity(row, "latency")?);
    let slower = |median: &Quantity| median.value > fast.high;
    let median = plan.rows("plan.tests").into_iter().filter_map(|test| quantity(test, "p50")).find(slower)?;
    Some(format!("{} of requests are answered within {}, and p50 is {}", share.text, fast.text, median.text))
}

fn replicas(_: &Sections, row: Row) -> Option<String> {
    let means = words(row, "mitigations");
    let of_reads = |means: &String| means.contains("replica") || means.contains("read");
    let is = row.text("kind") == "writes" && !means.is_empty() && means.iter().all(of_reads);
    is.then(|| format!("write contention is to be cured by {}", means.join(", ")))
}

fn pooling(_: &Sections, row: Row) -> Option<String> {
    let state = ["listen", "advisory", "temporary", "temp table", "set session", "with hold"];
    let uses: Vec<_> = words(row, "uses").into_iter().filter(|used| state.iter().any(|s| used.contains(s))).collect();
    let mode = row.text("mode");
    let is = matches!(mode.as_str(), "transaction" | "statement") && !uses.is_empty();
    is.then(|| format!("{mode} pooling with {}", uses.join(", ")))
}

fn two_scalers(_: &Sections, row: Row) -> Option<String> {
    let (across, up) = (row.text("metric"), row.text("vertical_metric"));
    let is = row.text("autoscaler") == "hpa" && !across.is_empty() && across == up;
    is.then(|| format!("a horizontal and a vertical autoscaler both follow {across}"))
}

fn cooldown(_: &Sections, row: Row) -> Option<String> {
    let pause = quantity(row, "cooldown").filter(|_| row.text("autoscaler") == "hpa")?;
    Some(format!("a cooldown of {} on an HPA", pause.text))
}

fn strong(_: &Sections, row: Row) -> Option<String> {
    let is = row.text("consistency") == "strong" && row.text("replication") == "asynchronous";
    is.then(|| format!("{} is called strongly consistent over asynchronous replication", row.text("name")))
}

fn columns(_: &Sections, row: Row) -> Option<String> {
    let sql = row.text("sql").to_lowercase();
    let mut wrong = Vec::new();
    if sql.contains("pg_stat_user_indexes") && sql.contains("seq_scan") {
        wrong.push("seq_scan is no column of pg_stat_user_indexes");
    }
    let unused = sql.replace(' ', "").contains("idx_scan=");
    if unused && row.text("name").to_lowercase().contains("missing") {
        wrong.push("idx_scan = 0 finds unused indexes, not missing ones");
    }
    let word = |name: &str| sql.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
    if sql.contains("pg_stat_statements") && (word("mean_time") || word("total_time")) {
        wrong.push("mean_time and total_time are mean_exec_time and total_exec_time since PostgreSQL 13");
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

/// An availability and an error rate, both of requests, with different budgets.
fn budgets(plan: &Sections, row: Row) -> Option<String> {
    let by_request = |row: Row<'_>| {
        let slis = plan.rows("plan.slis");
        let sli = slis.iter().find(|sli| sli.text("name") == row.text("sli"))?;
        (sli.text("kind") == "request").then_some(())?;
        quantity(row, "target").filter(|target| target.measure == "share")
    };
    let named = |row: &Row, word: &str| [row.text("name"), row.text("sli")].iter().any(|text| text.contains(word));
    let available = named(&row, "availab") && row.text("target_sense") == "above";
    let good = by_request(row).filter(|_| available)?;
    let errors = plan.rows("plan.slos").into_iter().filter(|row| row.text("target_sense") == "below");
    let bad = errors.filter(|row| named(row, "error")).find_map(by_request)?;
    let left = 1.0 - good.value;
    ((bad.value / left - 1.0).abs() > 0.05).then(|| {
        format!("availability {} leaves {} of bad requests, errors may be {}", good.text, say::percent(left), bad.text)
    })
}

fn claims(plan: &Sections, claim: &str) -> bool {
    plan.rows("plan.claims").iter().any(|row| row.text("name") == claim)
}

fn vertical(plan: &Sections, row: Row) -> Option<String> {
    let name = row.text("name");
    let wide = ["read-replica", "sharding"].contains(&name.as_str());
    (wide && claims(plan, "vertical-only"))
        .then(|| format!("the database grows only vertically, and {name} is planned"))
}

/// From how many users on a part belongs, as the stages of growth have it.
const FROM_USERS: [(&str, f64); 3] = [("sharding", 100_000.0), ("microservices", 100_000.0), ("multi-region", 1e6)];

fn premature(plan: &Sections, row: Row) -> Option<String> {
    let name = row.text("name");
    let (_, from) = FROM_USERS.iter().find(|(part, _)| *part == name)?;
    let people = plan.rows("plan.traffic").into_iter().filter(|row| row.text("now_measure") == "number");
    let aimed = people.filter_map(|row| quantity(row, "target")).map(|target| target.value);
    let most = aimed.chain(plan.summary("users").map(|users| users.value)).reduce(f64::max)?;
    (most < *from && row.text("trigger").is_empty()).then(|| {
        format!(
            "{name} at {} users without a trigger; it belongs from about {} on",
            say::count(most),
            say::count(*from)
        )
    })
}

/// A scaling table in which every row is an exact multiple of the first.
fn multiplied(plan: &Sections, row: Row) -> Option<String> {
    let read = |row: Row<'_>| Some((quantity(row, "instances")?.value, quantity(row, "load")?.value));
    let tests = plan.rows("plan.tests").into_iter().filter(|row| row.text("kind") == "scaling");
    let points: Vec<_> = tests.filter_map(read).collect();
    let (n, load) = *points.first()?;
    let exact = points.iter().all(|(other, at)| (at / other / (load / n) - 1.0).abs() < 1e-9);
    (row.text("name") == "linear-throughput" && points.len() >= 3 && exact)
        .then(|| format!("all {} rows of the scaling table are exact multiples of the first", points.len()))
}
