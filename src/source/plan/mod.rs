//! The target's own plan: no connection, a section of the configuration for every question.

use std::{sync::Arc, time::Duration};

use super::{Asking, Hello, Question, Source, decode};
use crate::{
    clock,
    plan::{Cells, Plan},
    snapshot::{Fault, FaultKind, Kind, Redactor, Table, Value},
};

/// The most rows of a section that are compared: each with each is a square of it.
const CAP: usize = 200;

pub(crate) struct Planned {
    plan: Arc<Plan>,
}

impl Planned {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        Self { plan }
    }

    fn answer(&self, question: Question<'_>) -> Result<Table, Fault> {
        let name = question.query.table.as_deref().unwrap_or_default();
        let rows = self.plan.section(name, clock::now()).ok_or_else(|| {
            Fault::new(FaultKind::Missing, format!("a plan has no section `{}`", question.redactor.text(name)))
        })?;
        if rows.len() > CAP {
            let message = format!("the section `{name}` has {} rows; at most {CAP} are read", rows.len());
            return Err(Fault::new(FaultKind::Rubbish, message));
        }
        let mut table = decode::empty(question.probe);
        for row in &rows {
            decode::push(&mut table, cells(question, row, question.redactor)?)?;
        }
        Ok(table)
    }
}

/// The cells of a row in the order of the probe's columns.
fn cells(question: Question<'_>, row: &Cells, redactor: &Redactor) -> Result<Vec<Value>, Fault> {
    let columns = question.probe.columns.iter();
    columns
        .map(|(name, def)| {
            let found = row.get(def.field.as_deref().unwrap_or(name));
            let found: Vec<_> = match (def.kind, found) {
                (Kind::List, Some(list)) => list.as_array().into_iter().flatten().collect(),
                (_, found) => found.into_iter().collect(),
            };
            decode::json_cell(name, def, &found, redactor)
        })
        .collect()
}

impl Source for Planned {
    fn address(&self) -> String {
        "the target's plan in the configuration".into()
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, _: Duration) -> Asking<'_, Hello> {
        Box::pin(async { Ok(Hello::default()) })
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(async move { self.answer(question) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{library::Library, probe::Probe};

    const PLAN: &str = r#"
        title = "رشد فروشگاه"
        budget = "4000 EUR"
        claims = ["linear-cost"]
        [[slos]]
        name = "p95"
        target = "< 300ms"
        decision = "postgres://u:hunter2@h and more"
        [[phases]]
        name = "2x"
        by = "2999-01-01"
        changes = ["pooler", "cache"]
        gate = { load = "1600/s", p95 = "500ms" }
        [[same]]
        name = "daily tasks"
        values = ["40K/h", "1M/day"]
    "#;

    fn asked(section: &str) -> Table {
        answer(PLAN, section).unwrap()
    }

    fn answer(plan: &str, section: &str) -> Result<Table, Fault> {
        let library = Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let probe: &Probe = library.probe(&format!("plan.{section}")).unwrap();
        let planned = Planned::new(Arc::new(toml::from_str(plan).unwrap()));
        let redactor = Redactor::default();
        let deadline = Duration::from_secs(1);
        let question = Question { probe, query: &probe.query[0], database: None, deadline, redactor: &redactor };
        planned.answer(question)
    }

    #[test]
    fn a_section_comes_as_typed_cells() {
        let slos = asked("slos");
        assert_eq!(slos.get(0, "target"), Value::Double(0.3));
        assert_eq!(slos.get(0, "target_text"), Value::text("< 300ms"));
        assert_eq!(slos.get(0, "target_sense"), Value::text("below"));
        assert_eq!(slos.get(0, "warning"), Value::Null);
        let phases = asked("phases");
        assert_eq!(phases.get(0, "changes"), Value::List(vec![Value::text("pooler"), Value::text("cache")]));
        assert_eq!(phases.get(0, "gate_p95"), Value::Double(0.5));
        assert!(phases.get(0, "by_days").as_f64() > Some(300_000.0));
        assert_eq!(asked("summary").get(0, "title"), Value::text("رشد فروشگاه"));
        assert_eq!(asked("summary").get(0, "budget"), Value::Double(4000.0));
    }

    #[test]
    fn lists_of_words_and_repeated_statements_are_rows() {
        assert_eq!(asked("claims").get(0, "name"), Value::text("linear-cost"));
        let same = asked("same");
        assert_eq!((same.rows(), same.get(1, "value_text")), (2, Value::text("1M/day")));
    }

    #[test]
    fn a_section_that_is_not_there_is_empty_and_known() {
        assert_eq!(asked("pools").rows(), 0);
        assert_eq!(asked("recovery").rows(), 0);
    }

    #[test]
    fn a_section_that_is_too_long_is_not_judged_in_part() {
        let values = vec!["1"; 201].join(", ");
        let fault = answer(&format!("[[same]]\nname = \"x\"\nvalues = [{values}]"), "same").unwrap_err();
        assert!(fault.message.contains("`same` has 201 rows"), "{fault}");
    }

    #[test]
    fn a_secret_in_a_plan_does_not_leave_it() {
        let decision = asked("slos").get(0, "decision");
        assert_eq!(decision, Value::text("postgres://u:[redacted]@h and more"));
    }
}
