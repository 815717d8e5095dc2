//! A replica that receives and does not apply, while the primary goes on writing.

use std::time::Duration;

use super::super::clients::Server;
use super::super::options::Part;
use super::super::postgres;
use super::background::Load;
use super::{Ailment, LOADS, Sight};

const NAME: &str = "replica-lag";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "the replica's replay stands still under writes: megabytes and seconds behind",
    needs: &[Part::Postgres, Part::Replica],
    ail: |lab| {
        let script = "select pg_logical_emit_message(true, 'lab', repeat('x', 16000));\n\
                      update products set stock = stock + 1 where id = 1;\n";
        lab.load(NAME, &Load { server: Server::Primary, script, clients: 1, lasts: LOADS, rate: Some(100) });
        // Only after it has replayed some of this load do the seconds tell how far it is behind.
        let fresh = "select now() - pg_last_xact_replay_timestamp() < interval '1 s'";
        lab.wait_until("the replica replays the load", Duration::from_secs(10), || {
            lab.sql(Server::Replica, fresh) == "t"
        });
        lab.sql(Server::Replica, "select pg_wal_replay_pause()");
    },
    heal: |lab| {
        lab.end_background(NAME);
        lab.sql(Server::Replica, "select pg_wal_replay_resume()");
        postgres::await_replica(lab);
    },
    sight: |lab| {
        let bytes = lab.number(
            Server::Primary,
            "select coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0) from pg_stat_replication",
        );
        let state = lab.sql(Server::Replica, "select pg_get_wal_replay_pause_state()");
        let seconds = lab.number(
            Server::Replica,
            "select case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0 else \
             coalesce(round(extract(epoch from now() - pg_last_xact_replay_timestamp()), 1), 0) end",
        );
        Sight {
            visible: bytes > 4e6 && seconds > 2.0,
            figures: format!("{bytes} bytes and {seconds} s behind, replay {state}"),
        }
    },
};
