//! A server that somebody else starts in the lab's folder: a replica that a runbook adds.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::clients::Role;
use super::port;
use super::program;
use super::servers::Lab;
use super::urls::SHOP;

/// Room for a server that does not run yet.
#[derive(Debug)]
pub(crate) struct Newcomer<'a> {
    lab: &'a Lab,
    /// Its name: of its folder, its slot, its record.
    pub(crate) name: &'static str,
    /// The port that is free for it.
    pub(crate) port: u16,
}

impl Lab {
    /// Makes room for a server. Whatever runs in it ends with this value.
    pub(crate) fn room_for(&self, name: &'static str) -> Newcomer<'_> {
        Newcomer { lab: self, name, port: port::free() }
    }

    /// Any program, as the account that the servers run as, in a clean environment, with `PostgreSQL`'s own programs
    /// in the PATH.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = self.crew().command(program);
        let programs = program::find_postgres("pg_basebackup");
        let folder = programs.parent().expect("a program is in a folder");
        command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display()));
        command
    }

    /// The password of the role that replicas connect as, `replicator`.
    pub(crate) fn replication_password(&self) -> &str {
        &self.state().passwords.replication
    }
}

impl Newcomer<'_> {
    /// The folder that its data is to go to.
    pub(crate) fn data(&self) -> PathBuf {
        self.lab.crew().path(self.name)
    }

    /// The shop on it.
    pub(crate) fn url(&self, role: Role) -> String {
        let (user, password) = self.lab.credentials(role);
        format!("postgresql://{user}:{password}@127.0.0.1:{}/{SHOP}", self.port)
    }

    /// Puts it on record, so that it ends with the lab, if it runs.
    pub(crate) fn put_on_record(&self) -> bool {
        let lock = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let Some(pid) = lock.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return false };
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
        let after_name = stat.rsplit_once(") ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let Some(start) = after_name.split_whitespace().nth(19) else { return false };
        self.lab.crew().write(&format!("pids/{}", self.name), &format!("{pid} {start} QUIT\n"));
        true
    }
}

impl Drop for Newcomer<'_> {
    fn drop(&mut self) {
        if self.put_on_record() {
            self.lab.crew().end(&[self.name.to_owned()]);
        }
    }
}
