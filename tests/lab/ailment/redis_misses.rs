//! A cache that is asked for what it has not got.

use std::thread;
use std::time::Duration;

use super::super::options::Part;
use super::super::redis;
use super::super::servers::Lab;
use super::{Ailment, LOADS, Sight};

const NAME: &str = "redis-misses";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "reads of keys that are not there: nearly every lookup misses",
    needs: &[Part::Redis],
    ail: |lab| {
        // 500 lookups five times a second, one in ten of a key that is there.
        let shell = format!(
            "i=0; while [ $i -lt {} ]; do j=0; while [ $j -lt 50 ]; do echo \"GET session:$j\"; \
             for k in 1 2 3 4 5 6 7 8 9; do echo \"GET basket:$i:$j:$k\"; done; j=$((j + 1)); done; \
             i=$((i + 1)); sleep 0.2; done",
            LOADS.as_secs() * 5
        );
        lab.feed_redis(NAME, &shell);
    },
    heal: |lab| {
        lab.end_background(NAME);
        lab.redis(&["CONFIG", "RESETSTAT"]);
        redis::warm(lab);
    },
    sight: |lab| {
        let (hits, misses) = lookups(lab);
        thread::sleep(Duration::from_millis(600));
        let (hits_after, misses_after) = lookups(lab);
        let (hits, misses) = (hits_after - hits, misses_after - misses);
        let rate = 100.0 * hits / (hits + misses).max(1.0);
        Sight {
            visible: misses > 100.0 && rate < 50.0,
            figures: format!("{rate:.0} % of {} lookups in 0.6 s were hits", hits + misses),
        }
    },
};

fn lookups(lab: &Lab) -> (f64, f64) {
    let count = |field| lab.redis_info(field).parse::<f64>().expect("Redis counts lookups");
    (count("keyspace_hits"), count("keyspace_misses"))
}
