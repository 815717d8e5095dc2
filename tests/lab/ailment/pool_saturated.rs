//! More clients than the pooler has server connections for.

use super::super::clients::{Row, Server};
use super::super::options::Part;
use super::background::Load;
use super::{Ailment, LOADS, Sight};

const NAME: &str = "pool-saturated";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "25 clients through a pool of 5: clients wait for more than a second",
    needs: &[Part::PgBouncer],
    ail: |lab| {
        let script = "select pg_sleep(0.4);\n";
        lab.load(NAME, &Load { server: Server::PgBouncer, script, clients: 25, lasts: LOADS, rate: None });
    },
    heal: |lab| lab.end_background(NAME),
    sight: |lab| {
        let pools = lab.table(Server::Console, "show pools");
        let shop = |pool: &&Row| pool["database"] == "shop" && pool["user"] == "shop_app";
        let number = |name: &str| pools.iter().find(shop).and_then(|pool| pool[name].parse::<u32>().ok()).unwrap_or(0);
        let (active, waiting, maxwait) = (number("cl_active"), number("cl_waiting"), number("maxwait"));
        Sight {
            visible: waiting > 0 && maxwait >= 1,
            figures: format!("cl_active {active}, cl_waiting {waiting}, maxwait {maxwait} s"),
        }
    },
};
