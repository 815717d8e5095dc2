//! What has to be known to use a lab: where it is, its ports and its passwords.
//!
//! It is stored in the lab's own folder and, for a lab that lasts, where the hand tool finds it again.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::account;
use super::options::{Options, Part};

/// Version of the stored form.
const VERSION: u64 = 1;

/// How the names of labs' folders begin.
pub(crate) const FOLDER_PREFIX: &str = "loadline-lab-";

/// Where a lab is and how to get in.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub folder: PathBuf,
    pub options: Options,
    pub passwords: Passwords,
    ports: Vec<(Part, u16)>,
}

/// One random password for each role of each lab.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    pub superuser: String,
    pub app: String,
    pub monitor: String,
    pub replication: String,
    pub bouncer_admin: String,
}

impl Passwords {
    fn random() -> Self {
        Self { superuser: random(), app: random(), monitor: random(), replication: random(), bouncer_admin: random() }
    }
}

impl State {
    pub(crate) fn new(folder: PathBuf, options: Options) -> Self {
        Self { folder, options, passwords: Passwords::random(), ports: Vec::new() }
    }

    pub(crate) fn set_port(&mut self, part: Part, port: u16) {
        self.ports.retain(|(other, _)| *other != part);
        self.ports.push((part, port));
    }

    /// The port of a server; a panic when the lab has no such server.
    pub(crate) fn port(&self, part: Part) -> u16 {
        let found = self.ports.iter().find(|(other, _)| *other == part);
        found.unwrap_or_else(|| panic!("this lab has no {}: start one that has", part.name())).1
    }

    /// Writes the state to a new file that only we can read. A file that is there already is an error: in a folder
    /// for everybody, somebody else may have put it there.
    pub(crate) fn store(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(&self.to_json()).expect("a map of strings and numbers is JSON");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let written = file.and_then(|mut file| writeln!(file, "{text}"));
        written.map_err(|error| format!("failed to write {}: {error}", path.display()))
    }

    /// Reads a state that we have stored before.
    pub(crate) fn load(path: &Path) -> Result<Self, String> {
        let failed = |why: String| format!("failed to read the lab's state in {}: {why}", path.display());
        let owner = fs::metadata(path).map_err(|error| failed(error.to_string()))?.uid();
        if owner != account::effective_uid() {
            return Err(failed("it belongs to somebody else".into()));
        }
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        Self::from_json(&value).ok_or_else(|| failed("it is not a state of this version".into()))
    }

    fn to_json(&self) -> Value {
        let ports: Map<String, Value> =
            self.ports.iter().map(|(part, port)| (part.name().into(), json!(port))).collect();
        json!({
            "version": VERSION,
            "folder": self.folder,
            "pids": self.folder.join("pids"),
            "ports": ports,
            "passwords": {
                "superuser": self.passwords.superuser,
                "app": self.passwords.app,
                "monitor": self.passwords.monitor,
                "replication": self.passwords.replication,
                "bouncer_admin": self.passwords.bouncer_admin,
            },
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        if value.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let folder = PathBuf::from(value.get("folder")?.as_str()?);
        // The folder gets removed at the end, so it had better be one of ours.
        if !folder.file_name()?.to_str()?.starts_with(FOLDER_PREFIX) {
            return None;
        }
        let mut ports = Vec::new();
        for (name, port) in value.get("ports")?.as_object()? {
            ports.push((Part::named(name)?, u16::try_from(port.as_u64()?).ok()?));
        }
        let password = |name: &str| Some(value.get("passwords")?.get(name)?.as_str()?.to_owned());
        let parts: Vec<Part> = ports.iter().map(|(part, _)| *part).collect();
        Some(Self {
            folder,
            options: Options::of(&parts),
            passwords: Passwords {
                superuser: password("superuser")?,
                app: password("app")?,
                monitor: password("monitor")?,
                replication: password("replication")?,
                bouncer_admin: password("bouncer_admin")?,
            },
            ports,
        })
    }
}

/// 128 random bits in hexadecimal: nothing in it needs quoting in SQL, a URL or a shell.
fn random() -> String {
    let mut bytes = [0; 16];
    let read = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    read.expect("the machine has random numbers");
    format!("{:032x}", u128::from_ne_bytes(bytes))
}
