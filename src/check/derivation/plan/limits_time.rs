//! Limits of time: recovery, error budgets, how fast a fleet can follow a peak.

use super::{
    say,
    table::{Compared, Sections, quantity},
};
use crate::{
    capacity::downtime::{WINDOW_DAYS, budget},
    check::derivation::row::Row,
};

pub(super) fn times(plan: &Sections) -> Vec<Compared> {
    let mut all = Vec::new();
    if let Some(row) = plan.one("plan.recovery") {
        all.extend(rto(row));
        all.extend(rpo(row));
    }
    all.extend(plan.rows("plan.alerts").into_iter().filter_map(|row| burn(plan, row)));
    all.extend(plan.rows("plan.instances").into_iter().filter_map(delay));
    all
}

/// Noticing, failing over and reconnecting must all fit into the recovery time.
fn rto(row: Row) -> Option<Compared> {
    let (rto, failover) = (quantity(row, "rto")?, quantity(row, "failover")?);
    let (noticed, back) = (quantity(row, "detection"), quantity(row, "reconnect"));
    let part = |part: &Option<super::table::Quantity>| part.as_ref().map_or(0.0, |part| part.high);
    let all = part(&noticed) + failover.high + part(&back);
    let said = |part: &Option<super::table::Quantity>, word: &str| {
        part.as_ref().map_or_else(|| format!("{word} not stated"), |part| format!("{word} {}", part.text))
    };
    let how = format!(
        "{}, failover {} at worst, {}: {} of an RTO of {}",
        said(&noticed, "detection"),
        say::time(failover.high),
        said(&back, "reconnecting"),
        say::time(all),
        rto.text
    );
    Some(Compared::numbers("rto", "recovery time", all, rto.value, how).texts(&failover.text, &rto.text))
}

/// Without archived WAL, what came after the last backup is lost.
fn rpo(row: Row) -> Option<Compared> {
    let (rpo, every) = (quantity(row, "rpo")?, quantity(row, "backups_every")?);
    let pitr = row.is("pitr");
    let lost = if pitr { 0.0 } else { every.value };
    let road = if pitr { "with" } else { "without" };
    let how = format!("a backup every {} {road} point-in-time recovery, an RPO of {}", every.text, rpo.text);
    Some(Compared::numbers("rpo", "data loss", lost, rpo.value, how).texts(&every.text, &rpo.text))
}

/// The share of the error budget that is gone when an alert fires.
fn burn(plan: &Sections, alert: Row) -> Option<Compared> {
    let after = quantity(alert, "after").filter(|_| alert.text("severity") == "page")?;
    let sli = Some(alert.text("sli")).filter(|sli| !sli.is_empty())?;
    let slo = plan.rows("plan.slos").into_iter().find(|row| {
        row.text("sli") == sli && row.text("target_sense") == "above" && row.text("target_measure") == "share"
    })?;
    let target = quantity(slo, "target")?;
    let days = quantity(slo, "window").map_or(WINDOW_DAYS, |window| window.value / 86_400.0);
    // Rounded, because 1 - 0.999 is a little less than 0.001.
    let budget = (budget(target.value, days).ok()? * 1e3).round() / 1e3;
    let how = format!(
        "it pages after {}, which is {} of the {} that {} leaves in {}",
        after.text,
        say::percent(after.value / budget),
        say::time(budget),
        target.text,
        say::time(days * 86_400.0)
    );
    Some(Compared::numbers("burn", alert.text("name"), after.value, budget, how).texts(&after.text, &target.text))
}

/// How long after a jump of load a fleet has made its second step.
fn delay(row: Row) -> Option<Compared> {
    let (after, pause) = (quantity(row, "after")?, quantity(row, "cooldown")?);
    let start = quantity(row, "startup");
    let all = after.value + pause.value + start.as_ref().map_or(0.0, |start| start.value);
    let start = start.map_or_else(String::new, |start| format!(" + startup {}", start.text));
    let how = format!("waits {} + cooldown {}{start} = {} until a second step", after.text, pause.text, say::time(all));
    Some(Compared::numbers("delay", row.text("name"), all, 1.0, how).texts(&after.text, &pause.text))
}
