//! A lab: its start, its end, and what it is made of.

use std::path::Path;
use std::time::Duration;

use super::crew::Crew;
use super::guard::{self, Guard};
use super::options::{Options, Part};
use super::state::{FOLDER_PREFIX, State};
use super::{pgbouncer, port, postgres, redis, wait};

/// Running servers. Dropping it ends them, unless it was started to last.
#[derive(Debug)]
pub(crate) struct Lab {
    state: State,
    crew: Crew,
    guard: Option<Guard>,
}

impl Lab {
    /// Starts the servers; they end with this value, or with this process.
    pub(crate) fn start(options: Options) -> Self {
        let folder =
            tempfile::Builder::new().prefix(FOLDER_PREFIX).tempdir().expect("there is room for a folder").keep();
        let guard = Guard::over(&folder);
        // A socket's path fits into 107 bytes.
        assert!(
            folder.as_os_str().len() < 80,
            "{} is too long for a socket: set TMPDIR to a shorter path",
            folder.display()
        );
        let crew = Crew::settle(&folder);
        let mut lab = Self { state: State::new(folder, options), crew, guard: Some(guard) };
        lab.start_servers();
        lab
    }

    /// Starts servers that live on when this process ends, until somebody [clears](Self::clear) them away. Its state
    /// goes to a file, to [attach](Self::attach) to it again.
    pub(crate) fn start_lasting(options: Options, state: &Path) -> Result<Self, String> {
        let mut lab = Self::start(options);
        lab.state.store(state)?;
        lab.guard.take().expect("it was started with one").release();
        Ok(lab)
    }

    /// A lab that runs already. Dropping it leaves it running.
    pub(crate) fn attach(state: State) -> Self {
        Self { crew: Crew::at(&state.folder), state, guard: None }
    }

    /// Ends a lasting lab and removes its folder.
    pub(crate) fn clear(&self) {
        guard::clear(self.folder());
    }

    fn start_servers(&mut self) {
        for part in self.state.options.parts().to_vec() {
            match part {
                Part::Postgres => postgres::start_primary(self),
                Part::Replica => postgres::start_replica(self),
                Part::PgBouncer => pgbouncer::start(self),
                Part::Redis | Part::RedisReplica => redis::start(self, part),
            }
        }
    }

    /// Starts a server on a free port. One that somebody took between our choice and the server's start is no failure,
    /// so another one is tried then.
    pub(crate) fn start_on_port(
        &mut self,
        part: Part,
        mut spawn: impl FnMut(&Self, u16),
        mut ready: impl FnMut(&Self) -> bool,
    ) {
        for _ in 0..5 {
            let port = port::free();
            self.state.set_port(part, port);
            spawn(self, port);
            let name = part.name();
            let settled = wait::until(Duration::from_secs(30), || !self.crew.lives(name) || ready(self));
            if settled && self.crew.lives(name) {
                return;
            }
            let last_words = self.crew.log_tail(name);
            self.crew.end(&[name.to_owned()]);
            assert!(!settled || is_clash(&last_words), "{name} did not start:\n{last_words}");
            assert!(settled, "waited 30 s in vain until {name} answered:\n{last_words}");
        }
        panic!("found no free port for {} in five tries", part.name());
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn crew(&self) -> &Crew {
        &self.crew
    }

    /// The folder that everything of this lab is in.
    pub(crate) fn folder(&self) -> &Path {
        self.crew.folder()
    }

    pub(crate) fn has(&self, part: Part) -> bool {
        self.state.options.has(part)
    }

    /// The process id of a server.
    pub(crate) fn pid(&self, part: Part) -> Option<u32> {
        self.crew.pid(part.name())
    }

    /// Whether a server's process runs.
    pub(crate) fn runs(&self, part: Part) -> bool {
        self.crew.lives(part.name())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Some(guard) = self.guard.take() {
            drop(guard);
            self.crew.reap();
        }
    }
}

/// Whether a server gave up because its port was taken.
fn is_clash(log: &str) -> bool {
    ["in use", "could not bind", "cannot bind"].iter().any(|words| log.to_lowercase().contains(words))
}
