//! A cache that is too small: what comes in throws out what is still wanted.

use std::thread;
use std::time::Duration;

use super::super::options::Part;
use super::super::servers::Lab;
use super::{Ailment, LOADS, Sight, redis_fill};

const NAME: &str = "redis-evictions";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "writes beyond maxmemory under allkeys-lru: keys are evicted every second",
    needs: &[Part::Redis],
    ail: |lab| {
        redis_fill::overfill(lab);
        // 40 values of 10 kB five times a second.
        let shell = format!(
            "pad=$(printf '%010000d' 0); i=0; while [ $i -lt {} ]; do j=0; while [ $j -lt 40 ]; do \
             echo \"SET page:$i:$j $pad EX 600\"; j=$((j + 1)); done; i=$((i + 1)); sleep 0.2; done",
            LOADS.as_secs() * 5
        );
        lab.feed_redis(NAME, &shell);
    },
    heal: |lab| {
        lab.end_background(NAME);
        lab.redis(&["FLUSHDB"]);
        redis_fill::empty(lab);
    },
    sight: |lab| {
        let before = evicted(lab);
        thread::sleep(Duration::from_millis(600));
        let rate = evicted(lab).saturating_sub(before) * 10 / 6;
        Sight { visible: rate > 0, figures: format!("{rate} keys evicted a second") }
    },
};

fn evicted(lab: &Lab) -> u64 {
    lab.redis_info("evicted_keys").parse().expect("Redis counts evictions")
}
