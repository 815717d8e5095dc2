//! What actions do to real processes and servers, and what they may not.

#![allow(clippy::unwrap_used, reason = "a set-up that fails is a failed test")]

mod children;
mod hostile;
mod http;
mod kubectl;
mod memory;
mod sh;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use loadline::{
    config::{SourceConfig, Target},
    runbook::{
        hands::RealHands,
        port::{Hands as _, Happening, Prepared, Stage, What},
        record::Outcome,
    },
    snapshot::Redactor,
    source::Endpoint,
};

/// An action under test.
pub(crate) struct Act {
    pub(crate) prepared: Prepared,
    pub(crate) sources: Vec<SourceConfig>,
    pub(crate) vars: BTreeMap<String, String>,
    pub(crate) secrets: Vec<String>,
    pub(crate) stop_after: Option<Duration>,
    pub(crate) output: Option<std::path::PathBuf>,
    pub(crate) grace: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<String>,
    pub(crate) spawned: Vec<u32>,
}

impl Act {
    pub(crate) fn new(what: What) -> Self {
        let prepared = Prepared {
            what,
            shown: String::new(),
            source: None,
            reads_only: false,
            timeout: Duration::from_secs(60),
            tag: "loadline test/step".into(),
        };
        let vars = std::env::vars().filter(|(name, _)| ["PATH", "HOME", "LANG"].contains(&name.as_str())).collect();
        Self {
            prepared,
            sources: Vec::new(),
            vars,
            secrets: Vec::new(),
            stop_after: None,
            output: None,
            grace: Duration::from_millis(400),
        }
    }

    pub(crate) fn sh(script: &str) -> Self {
        Self::new(What::Sh { script: script.into(), env: BTreeMap::new(), pty: false, expect: vec![0] })
    }

    pub(crate) fn param(mut self, name: &str, value: &str) -> Self {
        let What::Sh { env, .. } = &mut self.prepared.what else { panic!("only scripts have an environment") };
        env.insert(name.into(), value.into());
        self
    }

    pub(crate) fn pty(mut self) -> Self {
        let What::Sh { pty, .. } = &mut self.prepared.what else { panic!("only scripts have a terminal") };
        *pty = true;
        self
    }

    pub(crate) fn expect(mut self, codes: &[i32]) -> Self {
        let What::Sh { expect, .. } = &mut self.prepared.what else { panic!("only scripts have exit codes") };
        *expect = codes.to_vec();
        self
    }

    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.into(), value.into());
        self
    }

    pub(crate) fn on(mut self, endpoint: Endpoint) -> Self {
        self.prepared.source = Some("it".into());
        self.sources.push(SourceConfig { name: "it".into(), endpoint, databases: Vec::new() });
        self
    }

    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.secrets.push(secret.into());
        self
    }

    pub(crate) fn within(mut self, timeout: Duration) -> Self {
        self.prepared.timeout = timeout;
        self
    }

    pub(crate) fn stop_after(mut self, time: Duration) -> Self {
        self.stop_after = Some(time);
        self
    }

    pub(crate) fn output(mut self, file: &Path) -> Self {
        self.output = Some(file.to_owned());
        self
    }

    pub(crate) fn reads_only(mut self) -> Self {
        self.prepared.reads_only = true;
        self
    }

    pub(crate) fn run(self) -> Came {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.act())
    }

    async fn act(self) -> Came {
        let target = Target { name: "test".into(), environment: None, sources: self.sources };
        let hands = RealHands::new(Arc::new(target), self.vars).with_grace(self.grace);
        let happened = Mutex::new((Vec::new(), Vec::new()));
        let happens = |what: Happening| {
            let (lines, spawned) = &mut *happened.lock().unwrap();
            match what {
                Happening::Line(line) => lines.push(line),
                Happening::Spawned { pid, .. } => spawned.push(pid),
            }
        };
        let redactor = Redactor::new(self.secrets, false);
        let (stop, stopped) = tokio::sync::watch::channel(self.stop_after == Some(Duration::ZERO));
        if let Some(after) = self.stop_after {
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                let _ = stop.send(true);
                // Kept until the action has ended.
                std::future::pending::<()>().await;
            });
        }
        let stage = Stage {
            happens: &happens,
            stop: stopped,
            redactor: &redactor,
            output: self.output,
            wants_value: true,
            value_is_secret: false,
        };
        let outcome = hands.act(&self.prepared, stage).await;
        let (lines, spawned) = happened.into_inner().unwrap();
        Came { outcome, lines, spawned }
    }
}

impl Came {
    /// Everything that a person or a file could see.
    pub(crate) fn everything(&self) -> String {
        format!("{:?}{:?}", self.outcome, self.lines)
    }
}

/// Writes a program into a folder.
pub(crate) fn program(folder: &Path, name: &str, text: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A program that records its arguments, each ended by NUL, in the file `argv` beside it.
pub(crate) fn recorder(folder: &Path, name: &str) -> String {
    let file = folder.join("argv");
    program(folder, name, &format!("#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done > '{}'\n", file.display()))
}

/// What a recorder has recorded.
pub(crate) fn recorded(folder: &Path) -> Vec<String> {
    let bytes = std::fs::read(folder.join("argv")).expect("the program ran");
    let mut words: Vec<String> =
        bytes.split(|byte| *byte == 0).map(|w| String::from_utf8(w.to_vec()).unwrap()).collect();
    assert_eq!(words.pop().as_deref(), Some(""), "each word is ended");
    words
}

/// Values that have broken other tools.
pub(crate) const HOSTILE: [&str; 12] = [
    "'; DROP TABLE users; --",
    "\"; rm -rf /tmp/nothing; echo \"",
    "$(touch pwned)",
    "`touch pwned`",
    "a b\tc",
    "*",
    "${IFS}x",
    "| cat /etc/passwd",
    "&& false",
    "\\",
    "ünïcödé \u{202e}",
    "",
];
