//! What the statements of a server are: how many of them only read, and how often the same few come back.
//!
//! Told from the texts of statements, because counters of rows grow with every scan and say nothing of how
//! many operations there were. Where too many texts were not read, the shares are not known.

use super::{
    Asked, Derivation,
    architecture::{self, presence},
    row::{Row, count, maybe, rows},
    statements::{COUNTERS, TEXTS, Texts},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const STATEMENT_MIX: Derivation = Derivation {
    id: "postgres.statement-mix",
    about: "A server's statements: the share that only reads, the share of the ten most frequent",
    inputs: &[
        COUNTERS,
        TEXTS,
        architecture::INPUTS[0],
        architecture::INPUTS[1],
        architecture::INPUTS[2],
        architecture::INPUTS[3],
        architecture::INPUTS[7],
    ],
    columns: &[
        ("calls", Kind::Double, Unit::Count),
        ("statements", Kind::Int, Unit::Count),
        ("read_share", Kind::Double, Unit::Ratio),
        ("top_share", Kind::Double, Unit::Ratio),
        ("over", Kind::Text, Unit::Count),
        ("replica", Kind::Bool, Unit::Count),
        ("cache", Kind::Bool, Unit::Count),
    ],
    derive,
};

/// Fewer calls than this between the samples say nothing; all since statistics began are taken then.
const ENOUGH: f64 = 100.0;
/// How much of the calls must be of statements whose text was read.
const TOLD: f64 = 0.9;
/// The ten of "the ten most frequent statements".
const TOP: usize = 10;

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let is_there = |component: &str| presence(asked, component).present.map_or(Value::Null, Value::Bool);
    asked
        .all(COUNTERS)
        .iter()
        .map(|counters| {
            let texts = asked.one(TEXTS, counters.source.as_deref(), counters.database.as_deref());
            let mix = Mix::of(counters, &Texts::read(texts));
            let row = vec![
                Value::double(mix.calls()),
                count(mix.operations.len()),
                maybe(mix.read_share()),
                maybe(mix.top_share()),
                Value::text(mix.over),
                is_there("read-replica"),
                is_there("cache"),
            ];
            STATEMENT_MIX.relation(&[counters], vec![row])
        })
        .collect()
}

/// Calls by what they do. Those that neither read nor write tables (begin, set, …) are left out.
struct Mix {
    reads: f64,
    writes: f64,
    untold: f64,
    operations: Vec<f64>,
    over: &'static str,
}

impl Mix {
    fn of(counters: &Relation, texts: &Texts) -> Self {
        let window = Self::sum(counters, texts, "between the two samples", |row| row.grown("calls"));
        if window.calls() >= ENOUGH {
            return window;
        }
        Self::sum(counters, texts, "since statistics began", |row| row.number("calls"))
    }

    fn sum(counters: &Relation, texts: &Texts, over: &'static str, calls: impl Fn(&Row) -> Option<f64>) -> Self {
        let mut mix = Self { reads: 0.0, writes: 0.0, untold: 0.0, operations: Vec::new(), over };
        for row in rows(counters).filter(|row| row.is("toplevel") && !texts.is_an_audit(row)) {
            let calls = calls(&row).unwrap_or_default();
            if calls <= 0.0 {
                continue;
            }
            match texts.of(&row).1.as_str() {
                "" => mix.untold += calls,
                text => match Does::of(text) {
                    Does::Read => mix.reads += calls,
                    Does::Write => mix.writes += calls,
                    Does::Neither => continue,
                },
            }
            mix.operations.push(calls);
        }
        mix.operations.sort_by(|a, b| b.total_cmp(a));
        mix
    }

    fn calls(&self) -> f64 {
        self.reads + self.writes + self.untold
    }

    fn read_share(&self) -> Option<f64> {
        let told = self.reads + self.writes;
        (told >= ENOUGH && told >= TOLD * self.calls()).then(|| self.reads / told)
    }

    fn top_share(&self) -> Option<f64> {
        let top: f64 = self.operations.iter().take(TOP).sum();
        (self.calls() >= ENOUGH).then(|| top / self.calls())
    }
}

/// What a statement does to tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// It could run on a replica.
    Read,
    /// It needs the primary, also because it takes row locks.
    Write,
    /// It touches no table.
    Neither,
}

impl Does {
    fn of(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let holds = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
        let locks =
            || words.windows(2).any(|two| two[0] == "for" && ["update", "share", "no", "key"].contains(&two[1]));
        match words.iter().find(|word| !word.is_empty()).copied().unwrap_or_default() {
            "insert" | "update" | "delete" | "merge" | "truncate" => Self::Write,
            "copy" if holds(&["stdin"]) => Self::Write,
            "with" if holds(&["insert", "update", "delete", "merge"]) => Self::Write,
            "select" | "with" if locks() => Self::Write,
            "select" | "with" | "table" | "values" | "fetch" | "copy" => Self::Read,
            _ => Self::Neither,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Does;

    #[test]
    fn what_needs_the_primary_is_a_write() {
        let read = ["select 1", "WITH a AS (SELECT $1) SELECT * FROM a", "(select a from b)", "copy t to stdout"];
        let write = [
            "insert into t values ($1)",
            "select * from t where a = $1 FOR UPDATE",
            "with gone as (delete from t returning *) select count(*) from gone",
            "copy t from stdin",
        ];
        assert!(read.iter().all(|text| Does::of(text) == Does::Read));
        assert!(write.iter().all(|text| Does::of(text) == Does::Write));
        assert_eq!(Does::of("begin"), Does::Neither);
        assert_eq!(Does::of("set application_name = $1"), Does::Neither);
    }
}
