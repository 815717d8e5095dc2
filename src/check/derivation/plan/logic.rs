//! Known bad pairs: things that a plan combines and that do not go together.

use super::{
    logic_pairs::PAIRS,
    table::{COLUMNS, Compared, compare},
};
use crate::check::{
    derivation::{Asked, Derivation},
    relation::Relation,
};

pub(in super::super) const LOGIC: Derivation = Derivation {
    id: "plan.compared-logic",
    about: "Things that a plan combines and that do not go together, after a table of known pairs",
    inputs: &[
        "plan.summary",
        "plan.traffic",
        "plan.slis",
        "plan.slos",
        "plan.instances",
        "plan.tests",
        "plan.pools",
        "plan.bottlenecks",
        "plan.components",
        "plan.caches",
        "plan.queries",
        "plan.patterns",
        "plan.claims",
    ],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&LOGIC, asked, |plan| {
        let mut all = Vec::new();
        for pair in PAIRS {
            for row in plan.rows(pair.section) {
                let hit = (pair.hit)(plan, row);
                let how = hit.as_ref().map(|ground| format!("{ground}: {}", pair.because)).unwrap_or_default();
                all.push(Compared::fact(pair.rule, row.text(pair.subject), hit.is_some(), how));
            }
        }
        all
    })
}
