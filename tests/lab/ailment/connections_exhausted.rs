//! An application that opens connections and keeps them.

use super::super::clients::Server;
use super::super::options::Part;
use super::super::servers::Lab;
use super::background::Load;
use super::{Ailment, LASTS, Sight};

const NAME: &str = "connections-exhausted";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "over 90 % of max_connections held by idle sessions of the shop",
    needs: &[Part::Postgres],
    ail: |lab| {
        let (held, most) = connections(lab);
        // Up to 92 %, which leaves a few for whoever comes to look and for a pool that grows.
        let clients = (most * 92).div_ceil(100).saturating_sub(held);
        let script = format!("select 1;\n\\sleep {} s\n", LASTS.as_secs()).leak();
        lab.load(NAME, &Load { server: Server::Primary, script, clients, lasts: LASTS, rate: None });
    },
    heal: |lab| lab.end_background(NAME),
    sight: |lab| {
        let (held, most) = connections(lab);
        Sight { visible: held * 100 > most * 90, figures: format!("{held} of {most} connections") }
    },
};

/// Connections of clients, without our own, and how many there can be.
fn connections(lab: &Lab) -> (u32, u32) {
    let sql = "select count(*) - 1, current_setting('max_connections') from pg_stat_activity where backend_type = 'client backend'";
    let answer = lab.sql(Server::Primary, sql);
    let (held, most) = answer.split_once('|').expect("two columns were asked for");
    (held.parse().expect("a count"), most.parse().expect("a number"))
}
