//! A replication slot whose reader went away.

use super::super::clients::Server;
use super::super::options::Part;
use super::super::postgres;
use super::{Ailment, Sight};

const SLOT: &str = "billing_feed";

pub(super) const AILMENT: Ailment = Ailment {
    name: "slot-retaining",
    about: "an inactive logical slot that keeps over 100 MB of WAL",
    needs: &[Part::Postgres],
    ail: |lab| {
        let sql = format!("select pg_create_logical_replication_slot('{SLOT}', 'pgoutput')");
        lab.sql(Server::Primary, &sql);
        let sql = "select pg_logical_emit_message(false, 'lab', repeat('x', 1 << 20)) from generate_series(1, 130)";
        lab.sql(Server::Primary, &format!("select count(*) from ({sql}) as written"));
        // A replica has to read all that too; once it has, the slot is the only thing that is wrong.
        postgres::await_replica(lab);
    },
    heal: |lab| {
        let sql =
            format!("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{SLOT}'");
        lab.sql(Server::Primary, &sql);
        lab.sql(Server::Primary, "checkpoint");
    },
    sight: |lab| {
        let sql = format!(
            "select active, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) from pg_replication_slots \
             where slot_name = '{SLOT}'"
        );
        let answer = lab.sql(Server::Primary, &sql);
        let fields: Vec<&str> = answer.split('|').collect();
        match fields[..] {
            [active, status, bytes] => Sight {
                visible: active == "f" && bytes.parse::<u64>().is_ok_and(|bytes| bytes > 100 << 20),
                figures: format!("active {active}, {status}, {bytes} bytes retained"),
            },
            _ => Sight { visible: false, figures: "no such slot".into() },
        }
    },
};
