//! Who may start a process now. A pseudo-terminal is closed on exec only a moment after it was opened, and a process that
//! is started in between would hold it for as long as it lives: a step whose terminal is closed would never hear of that.
//! So nothing is started while one is opened.

use std::sync::{PoisonError, RwLock};

static STARTING: RwLock<()> = RwLock::new(());

/// Starts a process. What starts it must come back once it is started, and not wait for its end.
pub(crate) fn a_process<T>(start: impl FnOnce() -> T) -> T {
    let _beside_others = STARTING.read().unwrap_or_else(PoisonError::into_inner);
    start()
}

/// Opens a pseudo-terminal.
pub(crate) fn a_terminal<T>(open: impl FnOnce() -> T) -> T {
    let _alone = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    open()
}
