//! Statements with their texts: what they took between the two samples, and since statistics began.
//!
//! The texts are read apart and for the costliest only. Where they cannot be read in time, the numbers
//! are still judged and the statement goes by its id.

use std::collections::HashMap;

use super::{
    Asked, Derivation,
    row::{Row, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Change, Fault, FaultKind, Kind, Unit, Value},
};

pub(super) const COUNTERS: &str = "postgres.statements-counters";
pub(super) const TEXTS: &str = "postgres.statements-texts";

const COLUMNS: &[(&str, Kind, Unit)] = &[
    ("query_id", Kind::Text, Unit::Count),
    ("user_name", Kind::Text, Unit::Count),
    ("database", Kind::Text, Unit::Count),
    ("toplevel", Kind::Bool, Unit::Count),
    ("head", Kind::Text, Unit::Count),
    ("query", Kind::Text, Unit::Count),
    ("calls", Kind::Int, Unit::Count),
    ("total_ms", Kind::Double, Unit::Milliseconds),
    ("mean_ms", Kind::Double, Unit::Milliseconds),
    ("share", Kind::Double, Unit::Ratio),
    ("rows_per_call", Kind::Double, Unit::Count),
    ("blocks_per_call", Kind::Double, Unit::Count),
    ("reads_per_call", Kind::Double, Unit::Count),
    ("counting_since", Kind::Text, Unit::Count),
];

pub(super) static STATEMENTS: Derivation = Derivation {
    id: "postgres.statements",
    about: "A statement and what it took between the two samples",
    inputs: &[COUNTERS, TEXTS],
    columns: COLUMNS,
    derive: |asked| each_server(asked, window),
};

pub(super) static LIFETIME: Derivation = Derivation {
    id: "postgres.statements-lifetime",
    about: "A statement and what it took since statistics began",
    inputs: &[COUNTERS, TEXTS],
    columns: COLUMNS,
    derive: |asked| each_server(asked, lifetime),
};

/// What a statement took: calls, milliseconds, rows, blocks, blocks read.
#[derive(Clone, Copy)]
struct Took([f64; 5]);

/// The counters behind [`Took`], in its order.
const TAKEN: [&str; 5] = ["calls", "exec_ms", "rows", "shared_blks_hit", "shared_blks_read"];

type Measure = for<'a> fn(&'a Relation<'a>, &Texts) -> Relation<'static>;

fn each_server(asked: &Asked, measure: Measure) -> Vec<Relation<'static>> {
    asked
        .all(COUNTERS)
        .iter()
        .map(|counters| {
            let texts = asked.one(TEXTS, counters.source.as_deref(), counters.database.as_deref());
            measure(counters, &Texts::read(texts))
        })
        .collect()
}

fn window<'a>(counters: &'a Relation<'a>, texts: &Texts) -> Relation<'static> {
    let mut taken = Vec::new();
    let mut resets = 0_usize;
    for row in rows(counters) {
        match row.change("calls") {
            Change::NoSample => {
                let words = "what statements take now needs two samples; run with --window 10s";
                return STATEMENTS
                    .relation(&[counters], Vec::new())
                    .with_fault(Fault::new(FaultKind::Unsampled, words));
            }
            Change::By(calls) if calls > 0.0 => {
                taken.extend(Took::of(|column| row.grown(column)).map(|took| (row, took)));
            }
            Change::Reset => resets += 1,
            Change::By(_) | Change::NewRow => {}
        }
    }
    // Single statements are pushed out and come back; all at once is a reset by hand.
    if resets > 0 && resets == counters.table.rows() {
        let words = "pg_stat_statements was reset between the two samples; run again";
        return STATEMENTS.relation(&[counters], Vec::new()).with_fault(Fault::new(FaultKind::Unsampled, words));
    }
    if taken.is_empty() && counters.fault.is_none() {
        return STATEMENTS.relation(&[counters], vec![nothing_ran()]);
    }
    STATEMENTS.relation(&[counters], cells(&taken, texts))
}

fn lifetime<'a>(counters: &'a Relation<'a>, texts: &Texts) -> Relation<'static> {
    let taken: Vec<_> = rows(counters).filter_map(|row| Some((row, Took::of(|column| row.number(column))?))).collect();
    LIFETIME.relation(&[counters], cells(&taken, texts))
}

impl Took {
    fn of(read: impl Fn(&str) -> Option<f64>) -> Option<Self> {
        let mut took = [0.0; 5];
        for (cell, column) in took.iter_mut().zip(TAKEN) {
            *cell = read(column)?;
        }
        Some(Self(took))
    }
}

fn cells(taken: &[(Row, Took)], texts: &Texts) -> Vec<Vec<Value>> {
    let all_ms: f64 = taken.iter().map(|(_, took)| took.0[1]).sum();
    taken
        .iter()
        .filter(|(row, _)| !texts.is_an_audit(row))
        .map(|(row, Took([calls, ms, returned, hit, read]))| {
            let (head, query) = texts.of(row);
            let per_call = |number: f64| Value::double(number / calls);
            vec![
                Value::text(row.int("query_id").unwrap_or_default().to_string()),
                Value::text(row.text("user_name")),
                Value::text(row.text("database")),
                Value::Bool(row.is("toplevel")),
                Value::text(head),
                Value::text(query),
                whole(*calls),
                Value::double(*ms),
                per_call(*ms),
                Value::double(if all_ms > 0.0 { ms / all_ms } else { 0.0 }),
                per_call(*returned),
                per_call(hit + read),
                per_call(*read),
                row.value("stats_reset"),
            ]
        })
        .collect()
}

/// A row that no rule can object to, so that silence in an idle window is told from a good answer.
fn nothing_ran() -> Vec<Value> {
    let text = || Value::text("");
    let zero = || Value::Double(0.0);
    vec![
        text(),
        text(),
        text(),
        Value::Bool(true),
        text(),
        text(),
        Value::Int(0),
        zero(),
        zero(),
        zero(),
        zero(),
        zero(),
        zero(),
        text(),
    ]
}

#[expect(clippy::cast_possible_truncation, reason = "a count of calls, far below 2^53")]
fn whole(number: f64) -> Value {
    Value::Int(number as i64)
}

/// What names a statement in both probes.
type Key = (Option<i64>, Option<i64>, Option<i64>, bool);

fn key(row: &Row) -> Key {
    (row.int("user_id"), row.int("database_id"), row.int("query_id"), row.is("toplevel"))
}

/// The texts that were read.
pub(super) struct Texts(HashMap<Key, String>);

impl Texts {
    pub(super) fn read(texts: Option<&Relation>) -> Self {
        let rows = texts.into_iter().flat_map(rows);
        Self(rows.map(|row| (key(&row), row.text("query"))).collect())
    }

    /// A line of the text for a sentence, and the text.
    pub(super) fn of(&self, row: &Row) -> (String, String) {
        let Some(text) = self.0.get(&key(row)) else {
            let id = row.int("query_id").unwrap_or_default();
            return (format!("(queryid {id}; its text was not read)"), String::new());
        };
        let line: Vec<_> = text.split_whitespace().collect();
        (line.join(" ").chars().take(120).collect(), text.clone())
    }

    /// Whether it is a question about the server itself, asked as the role of this audit: ours, most
    /// likely. What that role runs besides is judged like all others, because it may be the
    /// application's own.
    pub(super) fn is_an_audit(&self, row: &Row) -> bool {
        let ours =
            ["pg_stat", "pg_class", "pg_database", "pg_settings", "pg_replication", "begin read only", "set local"];
        row.is("own_role")
            && self
                .0
                .get(&key(row))
                .is_some_and(|text| ours.iter().any(|word| text.to_ascii_lowercase().contains(word)))
    }
}
