//! How many standbys a primary feeds. Rules judge row by row and cannot count.

use super::{
    Asked, Derivation,
    row::{Row, count, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit},
};

pub(super) const STANDBYS: Derivation = Derivation {
    id: "postgres.standbys",
    about: "How many standbys each primary feeds, and how many of them stream",
    inputs: &["postgres.replication-senders"],
    columns: &[("standbys", Kind::Int, Unit::Count), ("streaming", Kind::Int, Unit::Count)],
    derive,
};

/// A replica that feeds others is no primary; they count where the data comes from.
fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let primaries = asked.all("postgres.replication-senders").iter().filter(|senders| !asked.is_replica(senders));
    let counted = |senders: &Relation| {
        let standbys: Vec<Row> = rows(senders).filter(|row| row.is("is_standby")).collect();
        let streaming = standbys.iter().filter(|row| row.text("state") == "streaming").count();
        STANDBYS.relation(&[senders], vec![vec![count(standbys.len()), count(streaming)]])
    };
    primaries.map(counted).collect()
}

#[cfg(test)]
mod tests {
    use super::STANDBYS;
    use crate::{
        assets,
        check::{case, definition::Given, evaluate::Bench, library::Library},
        snapshot::Value,
    };

    /// The rows of a server that feeds one standby, one that still copies, and a base backup.
    fn counted(role: &str) -> Vec<(Value, Value)> {
        let given: Given = toml::from_str(
            r#"
            probe = "postgres.replication-senders"
            rows = [
              { pid = 1, is_standby = true, state = "streaming" },
              { pid = 2, is_standby = true, state = "catchup" },
              { pid = 3, is_standby = false, state = "backup" },
            ]
            "#,
        )
        .unwrap();
        let library = Library::load(&assets::embedded()).unwrap();
        let mut snapshot = case::snapshot_of(&library, None, &[given]).unwrap();
        for source in &mut snapshot.sources {
            source.facts.insert("role".into(), Value::text(role));
        }
        let bench = Bench::new(&library, &snapshot);
        let relations = bench.relations(STANDBYS.id).iter();
        relations.map(|relation| (relation.get(0, "standbys"), relation.get(0, "streaming"))).collect()
    }

    #[test]
    fn standbys_are_counted_where_the_data_comes_from() {
        assert_eq!(counted("primary"), [(Value::Int(2), Value::Int(1))]);
        assert_eq!(counted("replica"), []);
    }
}
