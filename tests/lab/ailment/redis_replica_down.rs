//! A replica whose password for the primary is no longer the right one.

use super::super::options::Part;
use super::{Ailment, Sight};

pub(super) const AILMENT: Ailment = Ailment {
    name: "redis-replica-down",
    about: "the replica's link is down, for its password is refused",
    needs: &[Part::Redis, Part::RedisReplica],
    ail: |lab| {
        lab.redis_replica(&["CONFIG", "SET", "masteruser", "monitor", "masterauth", "rotated"]);
        lab.redis(&["CLIENT", "KILL", "TYPE", "replica"]);
    },
    heal: |lab| {
        lab.redis_replica(&["CONFIG", "SET", "masteruser", "", "masterauth", ""]);
    },
    sight: |lab| {
        let link = lab.redis_info_at(Part::RedisReplica, "master_link_status");
        let replicas = lab.redis_info("connected_slaves");
        Sight {
            visible: link == "down" && replicas == "0",
            figures: format!("master_link_status {link}, connected_slaves {replicas}"),
        }
    },
};
