//! What breaks first, and how ready the target is: a line each, for any output of plain text.

use crate::{
    quantity,
    readiness::{
        Readiness,
        bottleneck::{Bottleneck, Grade, Grows, Need},
    },
    snapshot::Unit,
};

/// How many bottlenecks are shown where the full list is not asked for.
pub(super) const SHOWN: usize = 5;

/// The verdict: stage, verdict, score interval, coverage, because.
pub(crate) fn verdict(readiness: &Readiness) -> String {
    let stage = &readiness.stage;
    format!("stage {} ({}), score {}: {}", stage.id, stage.title, readiness.score.words(), readiness.because)
}

/// Whether it can be told how far it is from its ceiling.
pub(crate) fn is_told(bottleneck: &Bottleneck) -> bool {
    bottleneck.headroom.is_some() || bottleneck.days_left.is_some()
}

/// One resource: `connection slots of primary: 1.3x of today's load (63 of 82, one point)`.
pub(crate) fn line(b: &Bottleneck) -> String {
    let show = |number: f64| quantity::show(number, b.unit);
    let far = match (b.grows, b.headroom, b.days_left) {
        (Grows::Traffic, Some(headroom), _) if b.grade == Grade::Static => {
            format!("{}x of what may be asked for, whatever the load", times(headroom))
        }
        (Grows::Traffic, Some(headroom), _) if b.grade == Grade::LoadTest => {
            format!("{}x of today's load was carried", times(headroom))
        }
        (Grows::Traffic, Some(headroom), _) if headroom < 1.0 => {
            format!("over its safe ceiling now, which it reaches at {}x of today's load", times(headroom))
        }
        (Grows::Traffic, Some(headroom), days) => {
            let interval = b.headroom_interval.map(|(low, high)| format!(" ({} to {})", times(low), times(high)));
            let days = days.map(|days| format!(", {} by the plan's growth", in_days(days)));
            format!("{}x of today's load{}{}", times(headroom), interval.unwrap_or_default(), days.unwrap_or_default())
        }
        (Grows::Time, _, Some(days)) => format!("{} left", in_days(days)),
        _ => "cannot be told".to_owned(),
    };
    let figures = format!("{} of {}, {}", show(b.used), show(round(b.ceiling)), b.grade.words());
    format!("{} of {}: {far} ({figures})", b.resource, b.subject)
}

/// What the plan needs, in a line.
pub(crate) fn need(need: &Need) -> String {
    let multiple = need.multiple.map(|m| format!("needed: {}x of today's load; ", times(m))).unwrap_or_default();
    format!("{multiple}{}", need.origin)
}

/// Rounded down, so that 0.96x never reads as 1x.
pub(crate) fn times(multiple: f64) -> String {
    let places = if multiple < 10.0 { 100.0 } else { 1.0 };
    quantity::show((multiple * places + 1e-9).floor() / places, Unit::Count)
}

/// A ceiling that is a share of a limit needs no decimals.
fn round(ceiling: f64) -> f64 {
    if ceiling >= 10.0 { ceiling.floor() } else { ceiling }
}

/// Days rounded down; less than one in hours, minutes and seconds.
pub(crate) fn in_days(days: f64) -> String {
    if days < 1.0 { quantity::show(days * 86_400.0, Unit::Seconds) } else { format!("{:.0} days", days.floor()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots() -> Bottleneck {
        Bottleneck {
            check: "postgres.connection-saturation".into(),
            subject: "primary".into(),
            resource: "connection slots".into(),
            domain: "connections".into(),
            grows: Grows::Traffic,
            used: 63.0,
            ceiling: 82.45,
            idle: 0.0,
            unit: Unit::Count,
            headroom: Some(82.45 / 63.0),
            headroom_interval: None,
            days_left: None,
            margin: None,
            grade: Grade::OnePoint,
            ground: String::new(),
            fix: String::new(),
            advice: None,
        }
    }

    #[test]
    fn a_resource_is_one_line() {
        assert_eq!(line(&slots()), "connection slots of primary: 1.3x of today's load (63 of 82, one point)");
        let disk = Bottleneck { grows: Grows::Time, headroom: None, days_left: Some(3.9), ..slots() };
        assert_eq!(line(&disk), "connection slots of primary: 3 days left (63 of 82, one point)");
        let fitted =
            Bottleneck { headroom_interval: Some((1.1, 1.5)), days_left: Some(0.5), grade: Grade::Fitted, ..slots() };
        assert!(
            line(&fitted).contains("1.3x of today's load (1.1 to 1.5), 12 h by the plan's growth"),
            "{}",
            line(&fitted)
        );
    }

    #[test]
    fn what_is_over_its_ceiling_has_no_days_left() {
        let over = Bottleneck { headroom: Some(0.8), days_left: Some(0.0), ..slots() };
        assert!(line(&over).contains("over its safe ceiling now, which it reaches at 0.8x"), "{}", line(&over));
    }

    #[test]
    fn almost_one_is_not_one() {
        assert_eq!(times(0.998), "0.99");
    }
}
