//! How far every limited resource is from its ceiling, as criteria may judge it.
//!
//! What is special about it: its rows come from all checks together. `readiness::headroom` lays them out after
//! the checks and before the criteria; only criteria may rest on it.

use super::{Asked, Derivation};
use crate::{
    check::relation::Relation,
    snapshot::{Fault, FaultKind, Kind, Unit, Value},
};

/// Its id.
pub(crate) const HEADROOM: &str = "headroom";

pub(super) const DERIVATION: Derivation = Derivation {
    id: HEADROOM,
    about: "Each limited resource: by how much load may grow, or how many days are left, and how well that is known",
    inputs: &[],
    columns: &[
        ("check", Kind::Text, Unit::Count),
        ("domain", Kind::Text, Unit::Count),
        ("subject", Kind::Text, Unit::Count),
        ("resource", Kind::Text, Unit::Count),
        // traffic or time
        ("grows", Kind::Text, Unit::Count),
        // NULL where it was not measured, or is not loaded enough to tell; `reason` says why.
        ("headroom", Kind::Double, Unit::Count),
        ("days_left", Kind::Double, Unit::Count),
        // NULL where the plan names no need.
        ("margin", Kind::Double, Unit::Count),
        // What the plan needs: a multiple of today's load, or days.
        ("needed", Kind::Double, Unit::Count),
        // load-test, fitted, one-point, static; or unmeasured.
        ("grade", Kind::Text, Unit::Count),
        ("used", Kind::Double, Unit::Count),
        ("ceiling", Kind::Double, Unit::Count),
        // Whether enough is used to tell.
        ("loaded", Kind::Bool, Unit::Count),
        ("reason", Kind::Text, Unit::Count),
    ],
    // Nobody laid it out: that must not look like "nothing is limited".
    derive: |_: &Asked| {
        vec![table(Vec::new()).with_fault(Fault::new(FaultKind::Rubbish, "headroom was not worked out"))]
    },
};

/// A relation of its rows.
pub(crate) fn table(rows: Vec<Vec<Value>>) -> Relation<'static> {
    static THIS: Derivation = DERIVATION;
    THIS.relation(&[], rows)
}
