//! Grades of a rubric: the highest whose demands, and those of all grades below it, hold.

use std::collections::BTreeMap;

use super::{
    model::{Assessed, Graded},
    pack::{PackDef, RubricDef},
};
use crate::check::finding::Status;

/// The grades of a pack's rubric.
pub(super) fn grade(pack: &PackDef, criteria: &BTreeMap<&str, &Assessed>) -> Vec<Graded> {
    pack.rubric.iter().map(|row| one(pack, row, criteria)).collect()
}

fn one(pack: &PackDef, row: &RubricDef, criteria: &BTreeMap<&str, &Assessed>) -> Graded {
    let status = |id: &String| criteria.get(id.as_str()).map_or(Status::Unknown, |c| c.status);
    // A warning is met, if barely; an accepted fail is not.
    let holds = |id: &String| matches!(status(id), Status::Pass | Status::Warn | Status::NotApplicable);
    let might = |id: &String| holds(id) || status(id) == Status::Unknown;
    let reached = |is: &dyn Fn(&String) -> bool| row.grades.iter().take_while(|g| g.needs.iter().all(is)).count();
    let grade = reached(&holds);
    let proven = row.grades.get(grade.saturating_sub(1));
    let missing = row.grades.get(grade).map(|g| g.needs.iter().filter(|id| !holds(id)).cloned().collect());
    Graded {
        pack: pack.id.clone(),
        id: row.id.clone(),
        title: row.title.clone(),
        grade,
        at_best: reached(&might),
        of: row.grades.len(),
        word: proven.map(|g| g.word.clone()).unwrap_or_default(),
        about: proven.map(|g| g.about.clone()).unwrap_or_default(),
        missing: missing.unwrap_or_default(),
    }
}
