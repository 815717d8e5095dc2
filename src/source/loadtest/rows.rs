//! The rows of both tables, from what a person and a tool said of each test.

use serde_json::{Value as Json, json};

use super::{
    measured::{Gates, Measured},
    record::Record,
    tool::Tool,
};

/// A result file as it was read: whose it is, what it says, and the SHA-256 of its bytes.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) tool: Tool,
    pub(super) measured: Measured,
    pub(super) sha256: String,
}

/// A row of `runs`: one test. What was measured counts more than what was written down of it.
pub(super) fn run(name: &str, record: &Record, result: Result<Evidence, String>) -> Json {
    let mut row = json!({
        "name": name,
        "kind": record.kind.word(),
        "target_rps": record.target,
        "multiple": record.multiple,
        "exit_code": record.exit_code,
        "release": record.release,
        "chaos": record.chaos,
        "recovered": record.recovered,
        "result": record.result,
    });
    let rest = match result {
        Ok(Evidence { tool, measured: mut of, sha256 }) => {
            let written = Gates::of(record.gates.iter().map(|gate| (gate.expression.clone(), gate.ok)).collect());
            let gates = of.gates.take().filter(|gates| gates.total > 0).unwrap_or(written);
            json!({
                "tool": tool.word(),
                "tool_version": of.version,
                "started": of.started.or(record.started),
                "duration": of.duration_s.or(record.duration),
                "model": record.model.or(of.model),
                "rps": of.rps,
                "users": whole(of.users.or(record.users)),
                "requests": whole(of.requests),
                "errors": whole(of.errors),
                "error_rate": of.error_rate(),
                "p50": of.latency.p50,
                "p90": of.latency.p90,
                "p95": of.latency.p95,
                "p99": of.latency.p99,
                "max": of.latency.max,
                "gates": gates.total,
                "gates_failed": gates.crossed.len(),
                "crossed": gates.crossed,
                "sha256": sha256,
            })
        }
        Err(why) => json!({ "tool": record.tool.map(Tool::word), "fault": why }),
    };
    if let (Json::Object(row), Json::Object(rest)) = (&mut row, rest) {
        row.extend(rest);
    }
    row
}

/// A count that a table can hold; one beyond that is not believed, and must not cost the other rows.
fn whole(count: Option<u64>) -> Option<i64> {
    count.and_then(|count| i64::try_from(count).ok())
}

/// The rows of `levels` for one test, a row a plateau.
pub(super) fn levels(name: &str, record: &Record) -> Vec<Json> {
    let row = |(at, level): (usize, &super::record::Level)| {
        json!({
            "test": name,
            "step": at + 1,
            "load": level.load,
            "users": level.users,
            "p95": level.p95,
            "error_rate": level.errors,
        })
    };
    record.levels.iter().enumerate().map(row).collect()
}

/// The row of a test whose record file is no record, in both tables: seen, and nothing known of it.
pub(super) fn unread(name: &str, why: &str) -> Json {
    json!({ "name": name, "test": name, "fault": why })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(more: &str) -> Record {
        Record::parse("a.toml", &format!("kind = \"soak\"\nresult = \"a.json\"\n{more}")).unwrap()
    }

    fn evidence(measured: Measured) -> Evidence {
        Evidence { tool: Tool::K6, measured, sha256: String::new() }
    }

    #[test]
    fn what_was_measured_counts_more_than_what_was_written_down() {
        let of = record("duration = \"4h\"\nusers = 500\nmodel = \"open\"\n");
        let short = Measured { duration_s: Some(60.0), users: Some(20), ..Measured::default() };
        let row = run("a", &of, Ok(evidence(short)));
        assert_eq!((&row["duration"], &row["users"], &row["model"]), (&json!(60.0), &json!(20), &json!("open")));
        let row = run("a", &of, Ok(evidence(Measured::default())));
        assert_eq!((&row["duration"], &row["users"]), (&json!(14_400.0), &json!(500)));
        assert_eq!((&row["p95"], &row["error_rate"]), (&Json::Null, &Json::Null), "nothing measured is no zero");
    }

    #[test]
    fn a_count_that_no_table_holds_is_no_number() {
        let row = run("a", &record(""), Ok(evidence(Measured { requests: Some(u64::MAX), ..Measured::default() })));
        assert_eq!(row["requests"], Json::Null);
    }

    #[test]
    fn written_thresholds_count_where_the_tool_keeps_none() {
        let of = record("gates = [{ expression = \"a\", ok = true }]\n");
        let own = |gates| run("a", &of, Ok(evidence(Measured { gates, ..Measured::default() })));
        let both = own(Some(Gates { total: 2, crossed: vec!["b".into()] }));
        assert_eq!((&both["gates"], &both["gates_failed"], &both["crossed"]), (&json!(2), &json!(1), &json!(["b"])));
        for none in [None, Some(Gates::default())] {
            let row = own(none);
            assert_eq!((&row["gates"], &row["gates_failed"]), (&json!(1), &json!(0)));
        }
    }

    #[test]
    fn a_result_that_cannot_be_read_leaves_no_number() {
        let row = run("a", &record("duration = \"4h\"\nusers = 5\n"), Err("a.json: no".into()));
        assert_eq!((&row["fault"], row.get("duration"), row.get("users")), (&json!("a.json: no"), None, None));
    }
}
