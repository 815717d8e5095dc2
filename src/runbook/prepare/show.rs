//! How a prepared action is shown: exact, but for secrets, and so that it can be pasted where that is possible.

use std::fmt::Write as _;

use super::Context;
use crate::runbook::{
    model::{Action, ActionKind},
    port::What,
};

/// The text for people, from an action whose secrets are masked.
pub(super) fn shown(action: &Action, what: &What, context: &Context<'_>) -> String {
    match what {
        What::Sh { script, env, .. } => {
            let mut out = String::new();
            for (name, value) in env {
                let _ = writeln!(out, "{name}={}", shell_words::quote(value));
            }
            out + script.trim_end()
        }
        What::Sql { statement, binds, database, generates, .. } => {
            let names = match &action.kind {
                ActionKind::Sql { binds, .. } => binds.as_slice(),
                _ => &[],
            };
            let mut out = statement.trim_end().to_owned();
            if *generates {
                out.push_str(" \\gexec");
            }
            for (at, (name, value)) in names.iter().zip(binds).enumerate() {
                let _ = write!(out, "\n-- ${} = '{}' ({name})", at + 1, value.replace('\'', "''"));
            }
            match database {
                Some(database) => format!("-- in the database {database}\n{out}"),
                None => out,
            }
        }
        What::Words { lines } => lines.iter().map(shell_words::join).collect::<Vec<_>>().join("\n"),
        What::Http { method, url, headers, body, .. } => {
            let mut out = format!("{method} {url}");
            for (name, value) in headers {
                let _ = write!(out, "\n{name}: {value}");
            }
            match body {
                Some(body) => format!("{out}\n\n{body}"),
                None => out,
            }
        }
        What::Kubectl { args } => {
            let facts = context.identity.map(|identity| &identity.facts);
            let cluster = facts.and_then(|facts| facts.get("context")).map(|name| format!("--context={name}"));
            let words = ["kubectl"].into_iter().chain(cluster.as_deref()).chain(args.iter().map(String::as_str));
            shell_words::join(words)
        }
    }
}
