//! A store that cannot write its snapshot, and so takes no more writes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use super::super::options::Part;
use super::super::redis;
use super::super::servers::Lab;
use super::{Ailment, Sight};

pub(super) const AILMENT: Ailment = Ailment {
    name: "redis-persistence",
    about: "background saves fail, for the folder has become read-only",
    needs: &[Part::Redis],
    ail: |lab| {
        lab.redis(&["CONFIG", "SET", "save", "3600 1"]);
        set_mode(lab, 0o500);
        save(lab);
    },
    heal: |lab| {
        set_mode(lab, 0o700);
        if (AILMENT.sight)(lab).visible {
            save(lab);
        }
        lab.redis(&["CONFIG", "SET", "save", ""]);
    },
    sight: |lab| {
        let (status, save) = (lab.redis_info("rdb_last_bgsave_status"), lab.redis(&["CONFIG", "GET", "save"]));
        let save = save.lines().nth(1).unwrap_or_default();
        Sight { visible: status == "err", figures: format!("rdb_last_bgsave_status {status}, save `{save}`") }
    },
};

/// Starts a save, once the copy for a replica that may still be running has ended: there is one child at a time.
fn save(lab: &Lab) {
    lab.wait_until("a save can be started", Duration::from_secs(10), || {
        !lab.redis(&["BGSAVE"]).contains("in progress")
    });
}

fn set_mode(lab: &Lab, mode: u32) {
    let folder = redis::data(lab, Part::Redis);
    fs::set_permissions(folder, Permissions::from_mode(mode)).expect("the folder is ours");
}
