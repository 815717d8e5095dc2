//! A store that may only throw away keys that expire, and none of its keys does.

use super::super::options::Part;
use super::{Ailment, Sight, redis_fill};

pub(super) const AILMENT: Ailment = Ailment {
    name: "redis-policy",
    about: "memory full under volatile-lru, with no key that expires: writes are refused",
    needs: &[Part::Redis],
    ail: |lab| {
        lab.redis(&["CONFIG", "SET", "maxmemory-policy", "volatile-lru"]);
        redis_fill::overfill(lab);
    },
    heal: redis_fill::empty,
    sight: |lab| {
        let (refused, policy, keys) =
            (redis_fill::refused(lab), lab.redis_info("maxmemory_policy"), lab.redis_info("db0"));
        Sight {
            visible: refused > 0 && policy == "volatile-lru" && keys.contains("expires=0,"),
            figures: format!("{policy}, {keys}, {refused} commands refused"),
        }
    },
};
