//! The lab's processes: started on record, ended by record.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use super::account::{self, Account};
use super::{guard, wait};

/// Writes the record of itself, then becomes the program: there is no moment in which a process runs unrecorded.
const RECORDED: &str = r#"
    start() { shift 19; echo "$1"; }
    read -r stat <"/proc/$$/stat" || exit 1
    echo "$$ $(start ${stat##*) }) $2" >"$1.new" && mv "$1.new" "$1" || exit 1
    shift 2
    exec "$@"
"#;

/// Everyone at work in one lab's folder.
#[derive(Debug)]
pub(crate) struct Crew {
    folder: PathBuf,
    account: Option<Account>,
    /// Kept only to be waited for, so that no dead process lingers.
    children: Mutex<Vec<Child>>,
}

impl Crew {
    /// Takes possession of a folder and divides it up.
    pub(crate) fn settle(folder: &Path) -> Self {
        let crew = Self::at(folder);
        crew.give(folder);
        for part in ["pids", "log", "work", "socket"] {
            crew.make_folder(part);
        }
        crew
    }

    /// Works in a folder that has been settled before.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), account: Account::to_borrow(), children: Mutex::default() }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// A path inside the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn make_folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir(&path).unwrap_or_else(|error| panic!("failed to create {}: {error}", path.display()));
        self.give(&path);
        path
    }

    /// Writes a file that the servers' account can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("failed to write {}: {error}", path.display()));
        self.give(&path);
        path
    }

    fn give(&self, path: &Path) {
        if let Some(account) = &self.account {
            account.own(path);
        }
    }

    /// A command in the lab's name, in a clean environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        account::command(self.account.as_ref(), &self.folder, program)
    }

    /// Runs a command to its end and gives what it printed, or what it complained about.
    pub(crate) fn run(command: &mut Command) -> Result<String, String> {
        command.stdin(Stdio::null());
        let output = command.output().map_err(|error| format!("failed to run {command:?}: {error}"))?;
        outcome(&output)
    }

    /// Starts a process that stays, with `signal` as its way to end at once. Its output goes to its log.
    pub(crate) fn spawn(&self, name: &str, signal: &str, dress: impl FnOnce(&mut Command)) {
        let log = self.log(name);
        let output = File::create(&log).unwrap_or_else(|error| panic!("failed to create {}: {error}", log.display()));
        let errors = output.try_clone().expect("a log can be written from two sides");
        let mut command = self.command("/bin/sh");
        command.args(["-c", RECORDED, "recorded"]).arg(self.record(name)).arg(signal);
        dress(&mut command);
        command.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
        let record = self.record(name);
        let _ = fs::remove_file(&record);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("failed to start {name}: {error}"));
        let on_record =
            wait::until(Duration::from_secs(10), || record.exists() || !matches!(child.try_wait(), Ok(None)));
        self.children.lock().expect("nobody panicked while starting a process").push(child);
        assert!(on_record && record.exists(), "{name} did not start:\n{}", self.log_tail(name));
    }

    /// Whether the process of this name runs.
    pub(crate) fn lives(&self, name: &str) -> bool {
        self.reap();
        fs::read_to_string(self.record(name)).is_ok_and(|record| is_alive(&record))
    }

    /// The process id of this name.
    pub(crate) fn pid(&self, name: &str) -> Option<u32> {
        let record = fs::read_to_string(self.record(name)).ok()?;
        record.split_whitespace().next()?.parse().ok()
    }

    /// Names of processes on record that start so.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        let Ok(records) = fs::read_dir(self.path("pids")) else { return Vec::new() };
        let names = records.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| name.starts_with(prefix)).collect()
    }

    /// Ends processes by the signal each of them wants.
    pub(crate) fn end(&self, names: &[String]) {
        self.end_by("own", 5, names);
    }

    /// Ends processes by this signal, and by force when they are not gone in time.
    pub(crate) fn end_by(&self, signal: &str, seconds: u32, names: &[String]) {
        if names.is_empty() {
            return;
        }
        let mut sweep = guard::sweep("end");
        sweep.arg(signal).arg(seconds.to_string()).args(names.iter().map(|name| self.record(name)));
        let status = sweep.stdin(Stdio::null()).status().expect("sh runs");
        assert!(status.success(), "failed to end {names:?}");
        self.reap();
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.path("log").join(format!("{name}.log"))
    }

    /// The last words of a process, for the message of a failure.
    pub(crate) fn log_tail(&self, name: &str) -> String {
        let text = fs::read(self.log(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    fn record(&self, name: &str) -> PathBuf {
        self.path("pids").join(name)
    }

    /// Takes note of who has ended, so that no dead process lingers.
    pub(crate) fn reap(&self) {
        let mut children = self.children.lock().expect("nobody panicked while starting a process");
        children.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }
}

/// Whether the process of a record runs and is the one that wrote it.
pub(crate) fn is_alive(record: &str) -> bool {
    let mut fields = record.split_whitespace();
    let (Some(pid), Some(start)) = (fields.next(), fields.next()) else { return false };
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    // The program's name is in brackets and may hold anything, so count from behind it.
    let Some((_, rest)) = stat.rsplit_once(") ") else { return false };
    let fields: Vec<&str> = rest.split_whitespace().collect();
    fields[0] != "Z" && fields.get(19) == Some(&start)
}

/// What a finished command said: its output when it went well, else its complaint.
pub(crate) fn outcome(output: &Output) -> Result<String, String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}", output.status, complaint.trim_end()))
}
