//! A place to open screens from: a configuration over the servers of a lab, and a terminal.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lab::{Lab, Part, Role};
use crate::support::pty::Terminal;

/// A configuration over the servers of a lab, in a folder that is its home, too.
pub(super) struct Place<'a> {
    lab: &'a Lab,
    home: PathBuf,
}

impl<'a> Place<'a> {
    /// With the servers that run as sources, and more text for the target.
    pub(super) fn new(lab: &'a Lab, more: &str) -> Self {
        let home = lab.crew().make_folder("place");
        let mut text = "runs = \"runs\"\n[targets.shop]\nenvironment = \"production\"\n".to_owned();
        let mut source = |name: &str, kind: &str, url: &str| {
            let lines =
                [format!("[targets.shop.sources.{name}]"), format!("kind = \"{kind}\""), format!("url = \"{url}\"\n")];
            text.push_str(&lines.join("\n"));
        };
        if lab.has(Part::Postgres) {
            source("primary", "postgres", &lab.primary_url(Role::Superuser));
        }
        if lab.has(Part::Replica) {
            source("replica", "postgres", &lab.replica_url(Role::Superuser));
        }
        if lab.has(Part::PgBouncer) {
            source("pooler", "pgbouncer", &lab.console_url(Role::BouncerAdmin));
        }
        if lab.has(Part::Redis) {
            source("cache", "redis", &lab.redis_url());
        }
        lab.crew().write("place/loadline.toml", &(text + more));
        Self { lab, home }
    }

    /// The folder.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// A command in it, in the name of the lab's account.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = self.lab.command(env!("CARGO_BIN_EXE_loadline"));
        command.current_dir(&self.home).env("HOME", &self.home).args(words);
        command
    }

    /// The screens, opened in a terminal of some size.
    pub(super) fn screens(&self, words: &[&str], size: (u16, u16)) -> Terminal {
        Terminal::start(&self.command(&[&["screens"], words].concat()), size)
    }
}
