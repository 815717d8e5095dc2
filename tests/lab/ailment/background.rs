//! Sessions and loads that keep an ailment up: processes on record, so that they can be found and ended later by
//! another process than the one that started them.

use std::time::Duration;

use super::super::clients::{Role, Server};
use super::super::options::Part;
use super::super::program;
use super::super::servers::Lab;
use super::super::urls::SHOP;

/// A load by `pgbench`.
pub(super) struct Load {
    pub server: Server,
    pub script: &'static str,
    pub clients: u32,
    pub lasts: Duration,
    /// Transactions a second of all clients together; as many as go when none.
    pub rate: Option<u32>,
}

impl Lab {
    /// One session of the shop that runs a script of `psql`, where `\! sleep` keeps it open and idle.
    pub(super) fn hold(&self, ailment: &str, label: &str, script: &str) {
        let name = process(ailment, label);
        let script = self.crew().write(&format!("work/{name}.sql"), script);
        self.crew().spawn(&name, "TERM", |command| {
            command.arg(program::find_postgres("psql")).args(["-Xq", "-v", "ON_ERROR_STOP=1", "-f"]).arg(script);
            self.dress(command, Server::Primary, Role::App, SHOP, ailment);
        });
    }

    /// Many sessions of the shop that run a script again and again.
    pub(super) fn load(&self, ailment: &str, load: &Load) {
        let name = process(ailment, "load");
        let script = self.crew().write(&format!("work/{name}.sql"), load.script);
        self.crew().spawn(&name, "TERM", |command| {
            command.arg(program::find_postgres("pgbench")).arg("-n").args(["-c", &load.clients.to_string()]);
            command.args(["-T", &load.lasts.as_secs().to_string()]);
            if let Some(rate) = load.rate {
                command.args(["-R", &rate.to_string()]);
            }
            command.arg("-f").arg(script);
            self.dress(command, load.server, Role::App, SHOP, ailment);
        });
    }

    /// Commands to the Redis primary from a piece of shell that prints them.
    pub(super) fn feed_redis(&self, ailment: &str, shell: &str) {
        let port = self.state().port(Part::Redis);
        let script =
            format!("{{ {shell}\n}} | {} -h 127.0.0.1 -p {port} >/dev/null", program::find("redis-cli").display());
        let script = self.crew().write(&format!("work/{ailment}.sh"), &script);
        self.crew().spawn(&process(ailment, "feed"), "TERM", |command| {
            command.arg("/bin/sh").arg(script);
        });
    }

    /// Ends the processes of an ailment and the sessions that they leave behind: a server that waits for a lock or
    /// sleeps does not notice that its client is gone.
    pub(super) fn end_background(&self, ailment: &str) {
        self.crew().end(&self.crew().names(&process(ailment, "")));
        if !self.has(Part::Postgres) {
            return;
        }
        let sessions = format!("from pg_stat_activity where application_name = '{ailment}'");
        self.wait_until(&format!("the sessions of {ailment} are gone"), Duration::from_secs(10), || {
            self.sql(Server::Primary, &format!("select pg_terminate_backend(pid) {sessions}"));
            self.sql(Server::Primary, &format!("select count(*) {sessions}")) == "0"
        });
    }
}

/// The name on record. A full stop ends the ailment's name, so that no ailment ends another that starts alike.
fn process(ailment: &str, label: &str) -> String {
    format!("ail.{ailment}.{label}")
}
