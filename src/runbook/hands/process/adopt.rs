//! While an action runs, descendants that lose their parent become children of this process, so that they can be found
//! and buried.

use std::sync::{Mutex, PoisonError};

static ACTIONS: Mutex<usize> = Mutex::new(0);

/// Adopts as long as it lives.
pub(super) struct Adopting;

impl Adopting {
    pub(super) fn begin() -> Self {
        let mut actions = ACTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        *actions += 1;
        adopt(true);
        Self
    }
}

impl Drop for Adopting {
    fn drop(&mut self) {
        let mut actions = ACTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        *actions -= 1;
        if *actions == 0 {
            adopt(false);
        }
    }
}

/// Where it cannot be done, descendants are still found by their marks; they only outlive us as orphans of init.
#[cfg(target_os = "linux")]
fn adopt(yes: bool) {
    let _ = rustix::process::set_child_subreaper(yes.then(rustix::process::getpid));
}

#[cfg(not(target_os = "linux"))]
fn adopt(_yes: bool) {}
