//! A store that is full and may not throw anything away.

use super::super::options::Part;
use super::{Ailment, Sight, redis_fill};

pub(super) const AILMENT: Ailment = Ailment {
    name: "redis-memory",
    about: "memory full under noeviction: writes are refused with OOM",
    needs: &[Part::Redis],
    ail: |lab| {
        lab.redis(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
        redis_fill::overfill(lab);
    },
    heal: redis_fill::empty,
    sight: |lab| {
        let (fullness, refused) = (redis_fill::fullness(lab), redis_fill::refused(lab));
        let policy = lab.redis_info("maxmemory_policy");
        Sight {
            visible: fullness > 90.0 && refused > 0 && policy == "noeviction",
            figures: format!("{fullness:.1} % of maxmemory, {policy}, {refused} commands refused"),
        }
    },
};
