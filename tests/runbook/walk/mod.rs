//! Runbooks on the command line: the real program, a scripted operator, real servers.

mod by_hand;
mod cure;
mod ends;
mod plan;

use crate::lab::{Lab, Options, Role, Server};
use crate::support::{Folder, Loadline, Run, loadline};

/// A lab with a session that sits idle in a transaction, and the configuration of it as `shop`.
pub(crate) struct Ill {
    pub(crate) lab: Lab,
    pub(crate) folder: Folder,
}

impl Ill {
    pub(crate) fn new() -> Self {
        let lab = Lab::start(Options::postgres());
        lab.sql(Server::Primary, "grant pg_signal_backend to loadline");
        lab.ail("idle-in-transaction");
        let folder = Folder::new();
        // Nobody waits minutes in a test.
        let text = format!(
            "[targets.shop]\nenvironment = \"test\"\n\
             [targets.shop.sources.primary]\nkind = \"postgres\"\nurl = \"{}\"\n\
             [targets.shop.params.\"postgres.idle-in-transaction\"]\nwarn = \"500ms\"\nfail = \"1s\"\n",
            lab.primary_url(Role::Monitor)
        );
        folder.write("loadline.toml", &text);
        Self { lab, folder }
    }

    /// A command of the group on the ill target.
    pub(crate) fn runbook(&self, words: &str) -> Loadline {
        let run = loadline("runbook").with_words(words).with("--config", self.folder.file("loadline.toml"));
        run.with("--runs", self.runs())
    }

    /// A run by Ann.
    pub(crate) fn walk(&self, words: &str) -> Loadline {
        self.runbook(words).with("--operator", "ann")
    }

    pub(crate) fn runs(&self) -> std::path::PathBuf {
        self.folder.file("runs")
    }

    /// Whether the session still sits idle in its transaction.
    pub(crate) fn is_ill(&self) -> bool {
        self.sessions("state = 'idle in transaction' and application_name = 'idle-in-transaction'") > 0
    }

    /// How many sessions fit a condition.
    pub(crate) fn sessions(&self, which: &str) -> u32 {
        let sql = format!("select count(*) from pg_stat_activity where {which}");
        let count = self.lab.sql(Server::Primary, &sql);
        count.trim().parse().unwrap_or_else(|_| panic!("{sql} gave {count}"))
    }

    /// The record of the latest run, as data.
    pub(crate) fn record(&self) -> serde_json::Value {
        let run = self.runbook("log last --format json").run().expect(0);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
    }
}

/// Words that must stand in what was shown.
pub(crate) fn shows(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stdout.contains(part), "`{part}` is missing:\n{run}");
    }
}
