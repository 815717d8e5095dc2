//! Transaction ids that nobody froze, up to far beyond what vacuum would have allowed.

use std::time::Duration;

use super::super::clients::{Role, Server};
use super::super::crew::Crew;
use super::super::options::Part;
use super::super::postgres::REPLICA;
use super::super::servers::Lab;
use super::super::urls::SHOP;
use super::super::{postgres, program};
use super::{Ailment, Sight};

/// The id to go on with. It is the first of a segment of the commit log (2^20 ids each), so the server itself creates
/// that segment when it gets there.
const NEXT_XID: u32 = 1431 << 20;

pub(super) const AILMENT: Ailment = Ailment {
    name: "wraparound",
    about: "databases whose oldest unfrozen transaction id is over a billion ids old (restarts the servers)",
    needs: &[Part::Postgres],
    ail: |lab| {
        // The launcher would start to freeze at once; this is the setting of somebody whom that disturbed.
        lab.sql(Server::Primary, "alter system set autovacuum_freeze_max_age = 2000000000");
        around_restart(lab, || {
            let mut reset = lab.crew().command(program::find_postgres("pg_resetwal"));
            reset.args(["-x", &NEXT_XID.to_string(), "-D"]).arg(postgres::data(lab, Part::Postgres));
            Crew::run(&mut reset).unwrap_or_else(|error| panic!("failed to set the next transaction id: {error}"));
        });
    },
    heal: |lab| {
        if !(AILMENT.sight)(lab).visible {
            return;
        }
        lab.sql(Server::Primary, "alter system reset autovacuum_freeze_max_age");
        lab.sql(Server::Primary, "alter database template0 allow_connections true");
        for database in ["template0", "template1", "postgres", "billing", "shop"] {
            let frozen = lab.try_sql(Server::Primary, Role::Superuser, database, "vacuum freeze");
            frozen.unwrap_or_else(|error| panic!("failed to freeze {database}: {error}"));
        }
        lab.sql(Server::Primary, "alter database template0 allow_connections false");
        around_restart(lab, || {});
    },
    sight: |lab| {
        let age = lab.number(Server::Primary, "select max(age(datfrozenxid)) from pg_database");
        Sight { visible: age > 1e9, figures: format!("oldest database age {age}") }
    },
};

/// Does something to the stopped primary. Its WAL may not go on where it was, so a replica is made anew.
fn around_restart(lab: &Lab, work: impl FnOnce()) {
    let replicated = lab.has(Part::Replica);
    if replicated {
        postgres::shut_down(lab, Part::Replica);
        let drop = format!(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{REPLICA}'"
        );
        // Its server process takes a moment to notice that the replica is gone.
        lab.wait_until("the replica's slot can be dropped", Duration::from_secs(10), || {
            lab.try_sql(Server::Primary, Role::Superuser, SHOP, &drop).is_ok()
        });
    }
    postgres::shut_down(lab, Part::Postgres);
    work();
    postgres::restart(lab, Part::Postgres);
    if replicated {
        postgres::renew_replica(lab);
    }
}
