//! Who the servers run as.
//!
//! `PostgreSQL` and `PgBouncer` refuse to run as root, so a lab that root starts (in a container, say) hands its
//! folder and its servers to an unprivileged account that the machine already has.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use super::program;

/// An unprivileged account that root lends to the servers.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account to switch to: none when we are not root, for then the servers simply run as we do.
    pub(crate) fn to_borrow() -> Option<Self> {
        if effective_uid() != 0 {
            return None;
        }
        let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
        let found = ["postgres", "nobody"].into_iter().find_map(|name| entry(&passwd, name));
        Some(found.expect("started by root, the lab needs an account `postgres` or `nobody` to run its servers as"))
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Gives a file or folder to the account.
    pub(crate) fn own(&self, path: &Path) {
        if let Err(error) = chown(path, Some(self.uid), Some(self.gid)) {
            panic!("failed to give {} to user {}: {error}", path.display(), self.uid);
        }
    }
}

/// The user that this process acts as.
pub(crate) fn effective_uid() -> u32 {
    let status = fs::read_to_string("/proc/self/status").expect("/proc/self/status can be read");
    let uids = status.lines().find_map(|line| line.strip_prefix("Uid:")).expect("the status has a line on users");
    uids.split_whitespace().nth(1).and_then(|uid| uid.parse().ok()).expect("the second of them is the effective one")
}

/// A command that runs as `account` in a clean environment: no `PG*` variable or locale of the caller leaks in.
pub(crate) fn command(account: Option<&Account>, home: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = match account {
        None => Command::new(program),
        Some(account) => {
            let mut switch = Command::new(program::find("setpriv"));
            switch.arg(format!("--reuid={}", account.uid)).arg(format!("--regid={}", account.gid));
            switch.args(["--init-groups", "--"]).arg(program);
            switch
        }
    };
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", home).env("LC_ALL", "C.UTF-8");
    command.current_dir(home);
    command
}

fn entry(passwd: &str, name: &str) -> Option<Account> {
    let fields: Vec<&str> = passwd.lines().map(|line| line.split(':').collect()).find(|f: &Vec<&str>| f[0] == name)?;
    Some(Account { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
}
