//! Where every row of the catalogue has its home, worked out from the packs themselves.

use std::collections::BTreeMap;

use super::{
    pack::{CriterionDef, HomeDef},
    packs::{Pack, Packs},
};

/// The homes of all rows: what kind of home, and its name. A row may have several.
pub fn homes(packs: &Packs) -> BTreeMap<String, Vec<(&'static str, String)>> {
    let mut homes: BTreeMap<String, Vec<(&'static str, String)>> = BTreeMap::new();
    let mut add = |rows: &[String], kind: &'static str, name: String| {
        for row in rows {
            homes.entry(row.clone()).or_default().push((kind, name.clone()));
        }
    };
    for pack in packs.iter() {
        for criterion in &pack.criteria {
            add(&criterion.def.rows, of_criterion(&criterion.def), criterion.id.clone());
        }
        for level in &pack.def.levels {
            add(&level.rows, "level", format!("{} {}", pack.def.id, level.id));
        }
        for row in &pack.def.rubric {
            for grade in &row.grades {
                add(&grade.rows, "rubric", format!("{}.{}, {}", pack.def.id, row.id, grade.word));
            }
        }
        for advice in &pack.def.advice {
            add(&advice.rows, "advice", format!("{}.{}", pack.def.id, advice.id));
        }
        for home in &pack.def.homes {
            let (kind, name) = of_home(home);
            add(&home.rows, kind, name);
        }
    }
    homes
}

/// The ids that the packs promise to answer.
pub fn promised(packs: &Packs) -> Vec<String> {
    packs.iter().flat_map(promised_by).collect()
}

/// The ids that one pack promises to answer.
pub fn promised_by(pack: &Pack) -> impl Iterator<Item = String> + use<> {
    let catalogue = pack.def.catalogue.clone();
    catalogue.into_iter().flat_map(|c| (1..=c.rows).map(move |n| format!("{}-{n:03}", c.prefix)))
}

fn of_criterion(def: &CriterionDef) -> &'static str {
    let from = def.rule.as_ref().map(|rule| rule.from.as_str()).unwrap_or_default();
    match () {
        () if from.starts_with("plan") || def.checks.iter().any(|c| c.starts_with("plan.")) => "plan check",
        () if from.starts_with("loadtest") || def.checks.iter().any(|c| c.starts_with("loadtest.")) => "load test",
        () if from.starts_with("capacity") => "calculator",
        () if def.rule.is_some() || !def.checks.is_empty() => "check",
        () if def.attest.is_some() => "attestation",
        () => "unknown until there is a source",
    }
}

fn of_home(home: &HomeDef) -> (&'static str, String) {
    let HomeDef { check, calculator, runbook, step, report, none, .. } = home;
    match (check, calculator, runbook, report, none) {
        (Some(check), ..) => ("check", check.clone()),
        (_, Some(words), ..) => ("calculator", format!("capacity {words}")),
        (_, _, Some(book), ..) => {
            ("runbook", step.as_ref().map_or_else(|| book.clone(), |step| format!("{book}, {step}")))
        }
        (_, _, _, Some(part), _) => ("report", part.clone()),
        (_, _, _, _, Some(reason)) => ("none", reason.clone()),
        _ => ("nothing", String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::case::tests::knowledge;

    #[test]
    #[expect(clippy::print_stdout, reason = "the table of homes is there to be read: cargo test homes -- --nocapture")]
    fn every_row_of_the_catalogue_has_a_home() {
        let (_, packs) = knowledge();
        let homes = homes(&packs);
        let promised = promised(&packs);
        assert_eq!(promised.len(), 656, "five documents: 82, 69, 120, 133 and 252 rows");
        for row in &promised {
            let of = homes.get(row).map(|h| h.iter().map(|(kind, name)| format!("{kind}: {name}")).collect::<Vec<_>>());
            println!("{row}  {}", of.unwrap_or_else(|| vec!["NO HOME".into()]).join(" | "));
        }
        let homeless: Vec<_> = promised.iter().filter(|row| !homes.contains_key(*row)).collect();
        assert!(homeless.is_empty(), "{} of {} have no home: {homeless:?}", homeless.len(), promised.len());
        let strangers: Vec<_> = homes.keys().filter(|row| !promised.contains(row)).collect();
        assert!(strangers.is_empty(), "rows that no catalogue has: {strangers:?}");
        let nothing: Vec<_> = homes.iter().filter(|(_, of)| of.iter().any(|(kind, _)| *kind == "nothing")).collect();
        assert!(nothing.is_empty(), "homes that say nothing: {nothing:?}");
    }
}
