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
