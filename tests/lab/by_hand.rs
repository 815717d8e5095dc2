//! The lab by hand: starts servers that stay, makes them ill and heals them, from a terminal. See `scripts/lab`.
//!
//! Not named `main.rs`, or cargo would take this folder for a test binary of its own.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool by hand is an edge")]

use std::env;
use std::io::{self, Write as _};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

#[path = "mod.rs"]
mod lab;

use lab::ailment::ALL;
use lab::{Lab, Options, Part, Role, State};

const USAGE: &str = "\
usage: scripts/lab COMMAND
  up [PART...]     start the servers (postgres, replica, pgbouncer, redis, redis-replica; all when none is named)
  down             end them and remove their folder
  status           what runs, and which ailments show
  env              addresses as shell exports: eval \"$(scripts/lab env)\"
  traffic RATE     the shop's work, so many transactions a second, for half an hour (0 ends it)
  list             the ailments
  ail NAME...      make the servers ill
  heal NAME...     make them well again (all: every ailment)
";

fn main() -> ExitCode {
    // The lab says in a panic what it waited for in vain; people need those words and not where they come from.
    panic::set_hook(Box::new(|_| {}));
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = panic::catch_unwind(|| obey(&words)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        Err(said.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
    });
    match outcome.and_then(|text| io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Nobody is left to tell when this fails.
            let _ = writeln!(io::stderr(), "lab: {why}");
            ExitCode::FAILURE
        }
    }
}

fn obey(words: &[&str]) -> Result<String, String> {
    match words {
        ["up", parts @ ..] => up(parts),
        ["down"] => down(),
        ["status"] => Ok(status(&attach()?)),
        ["env"] => Ok(exports(&attach()?)),
        ["traffic", rate] => traffic(rate),
        ["list"] => Ok(list()),
        ["heal", "all"] => {
            let lab = attach()?;
            let able = ALL.iter().filter(|ailment| ailment.lacks(&lab).is_empty());
            Ok(lines(able.map(|ailment| format!("{}: {}", ailment.name, lab.heal(ailment.name)))))
        }
        ["ail", names @ ..] if !names.is_empty() => each(names, Lab::ail),
        ["heal", names @ ..] if !names.is_empty() => each(names, Lab::heal),
        _ => Err(format!("not understood\n{USAGE}")),
    }
}

fn up(parts: &[&str]) -> Result<String, String> {
    let named = |name: &&str| Part::named(name).ok_or_else(|| format!("there is no server `{name}`\n{USAGE}"));
    let parts = parts.iter().map(named).collect::<Result<Vec<Part>, String>>()?;
    let options = if parts.is_empty() { Options::full() } else { Options::of(&parts) };
    let file = state_file();
    if file.exists() {
        return Err(format!("{} is there already: use it, or take it down first", file.display()));
    }
    Ok(exports(&Lab::start_lasting(options, &file)?))
}

fn down() -> Result<String, String> {
    attach()?.clear();
    let file = state_file();
    std::fs::remove_file(&file).map_err(|error| format!("failed to remove {}: {error}", file.display()))?;
    Ok(String::new())
}

fn traffic(rate: &str) -> Result<String, String> {
    let rate = rate.parse().ok().filter(|rate| *rate <= 2000).ok_or("a rate is a number up to 2000")?;
    attach()?.traffic(rate);
    Ok(String::new())
}

fn each(names: &[&str], act: fn(&Lab, &str) -> String) -> Result<String, String> {
    let lab = attach()?;
    Ok(lines(names.iter().map(|name| format!("{name}: {}", act(&lab, name)))))
}

fn status(lab: &Lab) -> String {
    let servers = lab.state().options.parts().iter().map(|part| {
        let state = if lab.runs(*part) { "runs" } else { "does not run" };
        format!("{:<14} {state}, port {}", part.name(), lab.state().port(*part))
    });
    let able = ALL.iter().filter(|ailment| ailment.needs.iter().all(|part| lab.has(*part) && lab.runs(*part)));
    let ails = able.filter_map(|ailment| {
        let sight = lab.sight(ailment.name);
        sight.visible.then(|| format!("ails: {} ({})", ailment.name, sight.figures))
    });
    let folder = format!("folder {}", lab.folder().display());
    lines(std::iter::once(folder).chain(servers).chain(ails))
}

fn list() -> String {
    lines(ALL.iter().map(|ailment| {
        let needs: Vec<&str> = ailment.needs.iter().map(|part| part.name()).collect();
        format!("{:<22} {} [{}]", ailment.name, ailment.about, needs.join(", "))
    }))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line + "\n").collect()
}

/// The addresses: those that an audit uses under their usual names, the others under names of their own.
fn exports(lab: &Lab) -> String {
    let mut urls = Vec::new();
    if lab.has(Part::Postgres) {
        urls.push(("DATABASE_URL", lab.primary_url(Role::Monitor)));
        urls.push(("LAB_APP_URL", lab.primary_url(Role::App)));
        urls.push(("LAB_SUPERUSER_URL", lab.primary_url(Role::Superuser)));
    }
    if lab.has(Part::Replica) {
        urls.push(("REPLICA_URL", lab.replica_url(Role::Monitor)));
    }
    if lab.has(Part::PgBouncer) {
        urls.push(("PGBOUNCER_URL", lab.console_url(Role::Monitor)));
        urls.push(("LAB_POOLED_APP_URL", lab.pgbouncer_url(Role::App)));
    }
    if lab.has(Part::Redis) {
        urls.push(("REDIS_URL", lab.redis_url()));
    }
    if lab.has(Part::RedisReplica) {
        urls.push(("REDIS_REPLICA_URL", lab.redis_replica_url()));
    }
    lines(urls.iter().map(|(name, url)| format!("export {name}='{url}'")))
}

fn attach() -> Result<Lab, String> {
    let file = state_file();
    if !file.exists() {
        return Err(format!("no lab is up ({} is not there): scripts/lab up", file.display()));
    }
    Ok(Lab::attach(State::load(&file)?))
}

/// Where the state of the one lab by hand is; the variable allows several.
fn state_file() -> PathBuf {
    if let Some(file) = env::var_os("LOADLINE_LAB").filter(|file| !file.is_empty()) {
        return PathBuf::from(file);
    }
    let folder = env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty());
    PathBuf::from(folder.unwrap_or_else(|| "/tmp".into())).join(format!("loadline-lab-{}", lab::uid()))
}
