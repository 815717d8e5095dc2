//! A place to open screens from: a configuration over the servers of a lab, and a terminal.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lab::{Lab, Part, Role};
use crate::support::pty::{Terminal, View};

/// A configuration over the servers of a lab, in a folder that is its home, too.
pub(super) struct Place<'a> {
    lab: &'a Lab,
    home: PathBuf,
}

impl<'a> Place<'a> {
    /// With the servers that run as sources, and more text for the target.
    pub(super) fn new(lab: &'a Lab, more: &str) -> Self {
        Self::with(lab, &Part::ALL, "", more)
    }

    /// With some of the servers as sources, text for the head of the file, and more for the target or others.
    pub(super) fn with(lab: &'a Lab, parts: &[Part], head: &str, more: &str) -> Self {
        let home = lab.crew().make_folder("place");
        let mut text = format!("runs = \"runs\"\n{head}[targets.shop]\nenvironment = \"production\"\n");
        let has = |part| lab.has(part) && parts.contains(&part);
        let mut source = |name: &str, kind: &str, url: &str| {
            let lines =
                [format!("[targets.shop.sources.{name}]"), format!("kind = \"{kind}\""), format!("url = \"{url}\"\n")];
            text.push_str(&lines.join("\n"));
        };
        if has(Part::Postgres) {
            source("primary", "postgres", &lab.primary_url(Role::Superuser));
        }
        if has(Part::Replica) {
            source("replica", "postgres", &lab.replica_url(Role::Superuser));
        }
        if has(Part::PgBouncer) {
            source("pooler", "pgbouncer", &lab.console_url(Role::BouncerAdmin));
        }
        if has(Part::Redis) {
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

/// The chosen row of a list.
pub(super) fn chosen(view: &View) -> Option<String> {
    view.lines().into_iter().find(|line| line.starts_with(" > "))
}

/// Goes down a list to the row with these words.
pub(super) fn choose(terminal: &Terminal, words: &str) {
    let (mut before, mut steps) = (None, 0);
    while !before.as_ref().is_some_and(|row: &String| row.contains(words)) {
        // More than any list of a test has rows, so that one without that row fails.
        assert!(steps < 200, "no row has `{words}`; the screen shows\n{}", terminal.view());
        if before.is_some() {
            terminal.press("down");
        }
        let view = terminal.wait_for("another row", |view| chosen(view).is_some() && chosen(view) != before);
        (before, steps) = (chosen(&view), steps + 1);
    }
}
