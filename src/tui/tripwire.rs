//! A panic on demand, in debug builds only: how the terminal is left after a bug can be tested no other way.

/// Where the first key is to meet a panic: `driver`, or `task` for one in the background.
#[derive(Debug)]
pub(super) struct Tripwire(Option<String>);

impl Tripwire {
    #[expect(clippy::disallowed_methods, reason = "a test says by the environment where it wants a panic")]
    pub(super) fn of_environment() -> Self {
        Self(std::env::var("LOADLINE_TRIPWIRE").ok())
    }

    /// Panics where it was wanted.
    #[expect(clippy::panic, reason = "this is what it is for")]
    pub(super) fn step(&mut self) {
        match self.0.take().as_deref() {
            Some("driver") => panic!("the tripwire of the driver"),
            Some("task") => drop(tokio::spawn(async { panic!("the tripwire of a task") })),
            _ => {}
        }
    }
}
