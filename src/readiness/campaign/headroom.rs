//! Which resources give in below the campaign's load, or are full before its day.

use super::{CampaignFile, Entry, Stands, load::number};
use crate::readiness::bottleneck::{Bottleneck, Grade, Grows};

/// An entry for each resource that does not last, and one for the others together.
pub(super) fn entries(
    file: &CampaignFile,
    bottlenecks: &[Bottleneck],
    multiple: Option<f64>,
    days_left: i32,
) -> Vec<Entry> {
    let short = |b: &Bottleneck| {
        let message = short_of(b, multiple, days_left)?;
        Some(entry(file, b, message, needed(b, multiple, days_left)))
    };
    let mut entries: Vec<Entry> = bottlenecks.iter().filter_map(short).collect();
    entries.push(others(file, bottlenecks, multiple));
    entries
}

/// Why a resource does not last until and through the campaign.
fn short_of(b: &Bottleneck, multiple: Option<f64>, days_left: i32) -> Option<String> {
    match b.grows {
        Grows::Traffic => {
            let (headroom, wanted) = b.headroom.zip(multiple).filter(|(headroom, wanted)| headroom < wanted)?;
            let what = format!("{} of {}", b.resource, b.subject);
            Some(format!(
                "{what} reach their ceiling at {}x of today's load, the campaign needs {}x ({}: {})",
                number(headroom),
                number(wanted),
                b.grade.words(),
                b.ground
            ))
        }
        Grows::Time => {
            let left = b.days_left.filter(|left| *left < f64::from(days_left))?;
            Some(format!(
                "{} of {} are full in {} days, before the campaign",
                b.resource,
                b.subject,
                number(left.floor())
            ))
        }
    }
}

/// What such a resource must come to.
fn needed(b: &Bottleneck, multiple: Option<f64>, days_left: i32) -> String {
    match b.grows {
        Grows::Traffic => {
            let wanted =
                multiple.map_or("the campaign's load".into(), |wanted| format!("{}x of today's load", number(wanted)));
            format!(
                "{} of {} that carry {wanted}: more of it, or less use of it at the same load",
                b.resource, b.subject
            )
        }
        Grows::Time => {
            format!("{} of {} that last {days_left} days: more of it, or slower growth", b.resource, b.subject)
        }
    }
}

fn entry(file: &CampaignFile, b: &Bottleneck, message: String, needs: String) -> Entry {
    let fix = b.fix.split_whitespace().collect::<Vec<_>>().join(" ");
    let todo = match &b.advice {
        Some(advice) if fix.is_empty() => advice.first.clone(),
        _ => fix,
    };
    Entry {
        id: "headroom".into(),
        title: format!("{} of {} last", b.resource, b.subject),
        gate: true,
        stands: Stands::NotReady,
        message,
        todo,
        needs: Some(needs),
        owner: file.owner_of("headroom", &b.domain).to_owned(),
        // What a change of capacity does is seen in a load test, and so is due when those are.
        due: file.due_for("headroom", &b.domain, true),
        overdue: false,
        ends: None,
    }
}

/// The resources that do not give in, as far as is known.
fn others(file: &CampaignFile, bottlenecks: &[Bottleneck], multiple: Option<f64>) -> Entry {
    let known: Vec<_> = bottlenecks.iter().filter(|b| b.grows == Grows::Traffic && b.headroom.is_some()).collect();
    let weak = known.iter().filter(|b| b.grade > Grade::Fitted).count();
    let (stands, message) = match multiple {
        None => (
            Stands::Unproven,
            "how many times today's load it is cannot be said: state multiple, or the plan's requests of today".into(),
        ),
        Some(_) if known.is_empty() => (Stands::Unproven, "no resource's headroom was measured".into()),
        Some(multiple) if weak > 0 => {
            let message = format!(
                "{weak} of {} headrooms rest on one measurement or on limits alone; one point proves no {}x",
                known.len(),
                number(multiple)
            );
            (Stands::Unproven, message)
        }
        Some(multiple) => {
            let lasting = known.iter().filter(|b| b.headroom.is_some_and(|headroom| headroom >= multiple)).count();
            let message = format!("{lasting} of {} resources last for {}x", known.len(), number(multiple));
            (Stands::Ready, message)
        }
    };
    Entry {
        id: "headroom".into(),
        title: "Headroom of all resources is known at several levels of load".into(),
        gate: true,
        stands,
        message,
        todo: if stands == Stands::Ready {
            String::new()
        } else {
            "audit at several levels of load, as a load test makes them".into()
        },
        needs: Some("the use of every resource that traffic fills, measured at several levels of load".into()),
        owner: file.owner_of("headroom", "capacity").to_owned(),
        due: file.due_for("headroom", "capacity", true),
        overdue: false,
        ends: None,
    }
}
