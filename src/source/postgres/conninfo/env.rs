//! The environment as a value.
//!
//! Resolution never asks the process or the disk by itself: a test plants variables and files, and only
//! [`Env::from_process`] stands at the edge.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What matters about a file before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFacts {
    /// A plain file, not a directory, pipe or socket.
    pub regular: bool,
    /// Permission bits; zero where the platform has none.
    pub mode: u32,
}

/// The files that a connection may depend on.
pub trait Files: Send + Sync {
    /// Facts of the file, or nothing when it is not there.
    fn facts(&self, path: &Path) -> Option<FileFacts>;

    /// The whole text of the file.
    fn read(&self, path: &Path) -> io::Result<String>;
}

/// The environment that libpq's conventions look at.
pub struct Env {
    /// Environment variables. Those that are not valid UTF-8 are left out.
    pub vars: BTreeMap<String, String>,
    /// The home directory, for `~/.pgpass`, `~/.pg_service.conf` and `~/.postgresql`.
    pub home: Option<PathBuf>,
    /// The user's name in the operating system, the default for `user`.
    pub os_user: Option<String>,
    /// The disk.
    pub files: Box<dyn Files>,
}

impl Env {
    /// The environment of this process: the only constructor that looks outside.
    pub fn from_process() -> Self {
        let vars = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self {
            vars,
            home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
            os_user: whoami::username().ok(),
            files: Box::new(Disk),
        }
    }

    /// An environment variable.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str)
    }

    /// A path below the home directory, whether or not there is anything.
    pub(super) fn in_home(&self, relative: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(relative))
    }

    pub(super) fn exists(&self, path: &Path) -> bool {
        self.files.facts(path).is_some()
    }
}

impl fmt::Debug for Env {
    // Variables carry secrets (`PGPASSWORD`, and whatever else the process was started with): only names are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("vars", &self.vars.keys().collect::<Vec<_>>())
            .field("home", &self.home)
            .field("os_user", &self.os_user)
            .finish_non_exhaustive()
    }
}

struct Disk;

impl Files for Disk {
    fn facts(&self, path: &Path) -> Option<FileFacts> {
        let meta = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o7777;
        #[cfg(not(unix))]
        let mode = 0;
        Some(FileFacts { regular: meta.is_file(), mode })
    }

    #[expect(clippy::disallowed_methods, reason = "the disk of the edge: all else takes it by trait")]
    fn read(&self, path: &Path) -> io::Result<String> {
        // A password file with one line in Latin-1 must not hide its other lines.
        std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A disk in memory for tests.
#[cfg(test)]
#[derive(Default)]
pub(super) struct MemoryFiles(pub(super) BTreeMap<PathBuf, (u32, String)>);

#[cfg(test)]
impl Files for MemoryFiles {
    fn facts(&self, path: &Path) -> Option<FileFacts> {
        self.0.get(path).map(|(mode, _)| FileFacts { regular: true, mode: *mode })
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        self.0.get(path).map(|(_, text)| text.clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
