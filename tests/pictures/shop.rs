//! The ground of pictures that need real servers: the lab, its shop at work, ill in a few ways, audited before.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::lab::{Lab, Options, Role};

/// A lab with a configuration over it and past audits.
pub(crate) struct Shop {
    lab: Lab,
    home: PathBuf,
}

impl Shop {
    /// Starts the servers and their work, and audits them: well, ill, and with something healed and something new.
    pub(crate) fn open(program: &Path) -> Self {
        let lab = Lab::start(Options::full());
        let home = lab.crew().make_folder("shop");
        let mut text = "[targets.shop]\nenvironment = \"staging\"\n".to_owned();
        for (name, kind, url) in [
            ("primary", "postgres", lab.primary_url(Role::Superuser)),
            ("replica", "postgres", lab.replica_url(Role::Superuser)),
            ("pooler", "pgbouncer", lab.console_url(Role::BouncerAdmin)),
            ("cache", "redis", lab.redis_url()),
        ] {
            let lines =
                [format!("[targets.shop.sources.{name}]"), format!("kind = \"{kind}\""), format!("url = \"{url}\"")];
            text.push_str(&(lines.join("\n") + "\n"));
        }
        // Nobody waits half a minute for a picture.
        text.push_str("[targets.shop.params.\"postgres.lock-chains\"]\nwarn_wait = \"1s\"\nfail_wait = \"5s\"\n");
        lab.crew().write("shop/loadline.toml", &text);
        lab.traffic(30);
        let shop = Self { lab, home };
        shop.audit(program);
        shop.lab.ail("pool-saturated");
        shop.lab.ail("unused-index");
        shop.audit(program);
        shop.lab.heal("pool-saturated");
        shop.lab.ail("slot-retaining");
        shop.audit(program);
        shop.lab.ail("pool-saturated");
        shop.lab.ail("lock-chain");
        shop
    }

    fn audit(&self, program: &Path) {
        let mut command = self.command(program);
        // Its exit code is its verdict.
        command
            .args(["audit", "--window", "3s"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("an audit runs");
    }

    /// A command in the name of the lab's account.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = self.lab.command(program.to_str().expect("a path of plain text"));
        command.env_clear().env("HOME", &self.home).env("TZ", "UTC").current_dir(&self.home);
        command
    }
}
