//! Headroom as rows that criteria can judge.

use super::{
    super::bottleneck::{Bottleneck, Grows, Need},
    Headrooms, Missing,
};
use crate::{
    check::{
        derivation::{HEADROOM, headroom_table},
        library::Check,
        relation::Relation,
    },
    quantity,
    snapshot::{Unit, Value},
};

/// Grades on which a gate may rest, as the relation writes them.
const PROVEN: [&str; 2] = ["load-test", "fitted"];

impl Headrooms {
    /// All of them, also those too many to be listed: what is not listed must not look well.
    pub(in crate::readiness) fn relation(&self, need: Option<&Need>) -> Relation<'static> {
        let known = self.known.iter().map(|b| of_known(b, needed(b.grows, need)));
        let missing = self.missing.iter().map(|m| of_missing(m, needed(m.grows, need)));
        headroom_table(known.chain(missing).collect())
    }
}

fn needed(grows: Grows, need: Option<&Need>) -> Option<f64> {
    match grows {
        Grows::Traffic => need?.multiple,
        Grows::Time => Some(need?.days),
    }
}

fn maybe(number: Option<f64>) -> Value {
    number.map_or(Value::Null, Value::double)
}

/// The word of something in JSON, which is the word in the relation.
fn word(of: impl serde::Serialize) -> Value {
    serde_json::to_value(of).ok().and_then(|json| json.as_str().map(Value::text)).unwrap_or(Value::Null)
}

fn of_known(b: &Bottleneck, needed: Option<f64>) -> Vec<Value> {
    vec![
        Value::text(b.check.as_str()),
        Value::text(b.domain.as_str()),
        Value::text(b.subject.as_str()),
        Value::text(b.resource.as_str()),
        word(b.grows),
        maybe(b.headroom),
        maybe(b.days_left),
        maybe(b.margin),
        maybe(needed),
        word(b.grade),
        Value::double(b.used),
        Value::double(b.ceiling),
        Value::Bool(b.used > b.idle),
        Value::text(b.ground.as_str()),
    ]
}

fn of_missing(m: &Missing, needed: Option<f64>) -> Vec<Value> {
    vec![
        Value::text(m.check.as_str()),
        Value::text(m.domain.as_str()),
        Value::text(m.subject.as_str()),
        Value::Null,
        word(m.grows),
        Value::Null,
        Value::Null,
        Value::Null,
        maybe(needed),
        Value::text("unmeasured"),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::text(m.reason.as_str()),
    ]
}

/// Why what is well in a row of headroom is no ground for a gate; nothing where it is one, or another relation.
pub(in crate::readiness) fn doubt(check: &Check, relation: &Relation, row: usize) -> Option<String> {
    let text = |column: &str| relation.get(row, column).as_str().unwrap_or_default().to_owned();
    let grade = text("grade");
    if check.from != HEADROOM || PROVEN.contains(&grade.as_str()) {
        return None;
    }
    let needed = relation.get(row, "needed").as_f64().map(|n| quantity::show(n, Unit::Count));
    Some(match (grade.as_str(), text("grows").as_str()) {
        ("unmeasured", _) => text("reason"),
        ("static", _) => {
            "limits compared with each other only: no load has shown it; run a load test or give earlier snapshots with --history"
                .to_owned()
        }
        (_, "time") => "one point only: give earlier snapshots with --history".to_owned(),
        _ => format!("one point only: run a load test at {}x", needed.as_deref().unwrap_or("the wished load, in multiples of today's, such as 2")),
    })
}
