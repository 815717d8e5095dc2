//! A table that does not fit, read from end to end again and again.

use std::thread;
use std::time::Duration;

use super::super::clients::Server;
use super::super::options::Part;
use super::super::servers::Lab;
use super::background::Load;
use super::{Ailment, LOADS, Sight};

const NAME: &str = "cache-misses";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "scans of a table of twice the shared buffers: most blocks are not found in them",
    needs: &[Part::Postgres],
    ail: |lab| {
        // Unlogged, so that the replica and the WAL have nothing to do with it.
        lab.sql(
            Server::Primary,
            "set role shop_app; drop table if exists clickstream; \
             create unlogged table clickstream as \
             select n as id, repeat(md5(n::text), 60) as page from generate_series(1, 30000) n; \
             analyze clickstream",
        );
        let script = "select count(*) from clickstream where id % 2 = 0;\n";
        lab.load(NAME, &Load { server: Server::Primary, script, clients: 1, lasts: LOADS, rate: Some(5) });
    },
    heal: |lab| {
        lab.end_background(NAME);
        lab.sql(Server::Primary, "drop table if exists clickstream");
    },
    sight: |lab| {
        let (hits, reads) = blocks(lab);
        // Sessions report at most once a second, so a shorter window could miss them all.
        thread::sleep(Duration::from_millis(1500));
        let (hits_after, reads_after) = blocks(lab);
        let (hits, reads) = (hits_after - hits, reads_after - reads);
        let rate = 100.0 * hits / (hits + reads).max(1.0);
        Sight {
            visible: hits + reads > 5000.0 && rate < 80.0,
            figures: format!("{rate:.0} % of {} blocks in 1.5 s found in shared buffers", hits + reads),
        }
    },
};

/// Blocks of the shop that were found in shared buffers, and those that were not.
fn blocks(lab: &Lab) -> (f64, f64) {
    let answer = lab.sql(Server::Primary, "select blks_hit, blks_read from pg_stat_database where datname = 'shop'");
    let (hits, reads) = answer.split_once('|').expect("two columns were asked for");
    (hits.parse().expect("a count"), reads.parse().expect("a count"))
}
