//! Whether a load test has reached the campaign's load, passed, and is young enough on the day.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{CampaignFile, Entry, Stands};
use crate::{
    check::{evaluate::Bench, relation::Relation},
    quantity,
    readiness::checklist::days,
    snapshot::Unit,
};

/// The probe of load tests.
const RUNS: &str = "loadtest.runs";

/// The section of the plan that states requests a second.
const TRAFFIC: &str = "plan.traffic";

/// Ramps at both ends cost a few percent of the average: the share that `loadtest.target-reached` demands, too.
const REACHED: f64 = 0.95;

/// From this share of failed requests on, a run has carried nothing. Our judgement.
const MOST_ERRORS: f64 = 0.05;

/// The oldest evidence on the day of the campaign; what was released since is not in it.
const MAX_AGE_DAYS: i32 = 30;

/// The multiple of today's peak that must be carried, and where it comes from.
pub(super) fn multiple(file: &CampaignFile, bench: &Bench) -> (Option<f64>, String) {
    if let Some(multiple) = file.multiple {
        return (Some(multiple), "the campaign".into());
    }
    match (file.load, peak(bench)) {
        (Some(load), Some(peak)) => (Some(load / peak), format!("{} a second today, says the plan", number(peak))),
        _ => (None, "neither the campaign nor a plan's requests of today say it".into()),
    }
}

/// Today's highest requests a second, from the plan.
fn peak(bench: &Bench) -> Option<f64> {
    let rows = bench.relations(TRAFFIC).iter().flat_map(|r| (0..r.table.rows()).map(move |row| (r, row)));
    let requests = rows.filter(|(r, row)| {
        let word = |column: &str| r.get(*row, column).as_str().unwrap_or_default().to_lowercase();
        word("metric").contains("request") && word("now_measure") == "rate"
    });
    let of = |(r, row): (&Relation, usize)| r.get(row, "peak").as_f64().or_else(|| r.get(row, "now").as_f64());
    requests.filter_map(of).filter(|peak| *peak > 0.0).max_by(f64::total_cmp)
}

struct Run {
    name: String,
    fault: bool,
    rps: Option<f64>,
    multiple: Option<f64>,
    target: f64,
    gates_failed: i64,
    on: Option<Date>,
}

impl Run {
    fn of(r: &Relation, row: usize) -> Self {
        let text = |column: &str| r.get(row, column).as_str().unwrap_or_default().to_owned();
        let number = |column: &str| r.get(row, column).as_f64();
        Self {
            name: text("name"),
            fault: !text("fault").is_empty() || number("error_rate").is_some_and(|rate| rate > MOST_ERRORS),
            rps: number("rps"),
            multiple: number("multiple"),
            target: number("target_rps").unwrap_or(0.0),
            gates_failed: r.get(row, "gates_failed").as_i64().unwrap_or(0),
            on: text("started").parse::<Timestamp>().ok().map(|at| at.to_zoned(TimeZone::UTC).date()),
        }
    }

    /// Whether it made the load: the campaign's own, or that of its multiple.
    fn reached(&self, file: &CampaignFile) -> bool {
        if let Some(load) = file.load {
            return self.rps.is_some_and(|rps| rps >= REACHED * load);
        }
        let made = self.target > 0.0 && self.rps.is_some_and(|rps| rps >= REACHED * self.target);
        made && self.multiple.zip(file.multiple).is_some_and(|(reached, wanted)| reached >= wanted)
    }

    /// How old it will be on the day.
    fn age(&self, file: &CampaignFile) -> Option<i32> {
        self.on.map(|on| days(on, file.date))
    }
}

/// The entry of load tests.
pub(super) fn entry(file: &CampaignFile, bench: &Bench, multiple: Option<f64>) -> Entry {
    let rows = bench.relations(RUNS).iter().flat_map(|r| (0..r.table.rows()).map(move |row| Run::of(r, row)));
    let runs: Vec<Run> = rows.filter(|run| !run.fault).collect();
    let (stands, message) = judge(file, &runs);
    let wanted = match (file.load, multiple) {
        (Some(load), _) => format!("{} requests a second", number(load)),
        (None, Some(multiple)) => format!("{} times today's peak", number(multiple)),
        (None, None) => "the campaign's load".into(),
    };
    let needs = format!(
        "a load test that made at least {} % of {wanted}, with fewer than {} % of its requests failed and all of its \
         thresholds kept, at most {MAX_AGE_DAYS} days before {}",
        number(REACHED * 100.0),
        number(MOST_ERRORS * 100.0),
        file.date
    );
    let todo = format!("run a load test at {wanted}, and save its record and result where the loadtest source reads");
    Entry {
        id: "load-test".into(),
        title: format!("A load test reached {wanted}, at most {MAX_AGE_DAYS} days before"),
        gate: true,
        stands,
        message,
        todo: if stands == Stands::Ready { String::new() } else { todo },
        needs: Some(needs),
        owner: file.owner_of("load-test", "testing").to_owned(),
        due: file.due_for("load-test", "testing", true),
        overdue: false,
        ends: None,
    }
}

fn judge(file: &CampaignFile, runs: &[Run]) -> (Stands, String) {
    let reached: Vec<&Run> = runs.iter().filter(|run| run.reached(file)).collect();
    let young = |run: &&&Run| run.age(file).is_some_and(|age| (0..=MAX_AGE_DAYS).contains(&age));
    let newest = |runs: &mut dyn Iterator<Item = &Run>| runs.max_by_key(|run| run.on).map(|run| run.name.clone());
    let in_time: Vec<&Run> = reached.iter().filter(young).copied().collect();
    if let Some(good) = newest(&mut in_time.iter().copied().filter(|run| run.gates_failed == 0)) {
        return (Stands::Ready, format!("`{good}` reached it and kept its thresholds"));
    }
    if let Some(failed) = newest(&mut in_time.iter().copied()) {
        return (Stands::NotReady, format!("`{failed}` reached it and crossed its own thresholds"));
    }
    if let Some(old) = reached.iter().max_by_key(|run| run.on) {
        let age = old.age(file).map_or("of unknown age".into(), |age| format!("{age} days old"));
        return (Stands::Unproven, format!("`{}` reached it and will be {age} on the day", old.name));
    }
    match runs.iter().filter_map(|run| Some((run.rps?, run))).max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((rps, run)) => (
            Stands::Unproven,
            format!("the most that a test made are {} requests a second (`{}`)", number(rps), run.name),
        ),
        None => (Stands::Unproven, "there is no load test that can be read".into()),
    }
}

/// A number for a sentence.
pub(super) fn number(value: f64) -> String {
    quantity::show(value, Unit::Count)
}
