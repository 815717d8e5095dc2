//! Asking the servers directly, with the clients that they came with.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::crew::{self, Crew};
use super::options::Part;
use super::program;
use super::servers::Lab;
use super::urls::SHOP;
use super::wait;

/// A server that answers SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Primary,
    Replica,
    PgBouncer,
    /// The pooler's console.
    Console,
}

impl Server {
    pub(crate) fn part(self) -> Part {
        match self {
            Self::Primary => Part::Postgres,
            Self::Replica => Part::Replica,
            Self::PgBouncer | Self::Console => Part::PgBouncer,
        }
    }

    fn database(self) -> &'static str {
        if self == Self::Console { "pgbouncer" } else { SHOP }
    }

    /// Who may do everything there.
    fn master(self) -> Role {
        match self {
            Self::Primary | Self::Replica => Role::Superuser,
            Self::PgBouncer => Role::App,
            Self::Console => Role::BouncerAdmin,
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Superuser,
    /// The shop's own role.
    App,
    /// The role that an audit uses: a login and `pg_monitor`.
    Monitor,
    /// The pooler's administrator.
    BouncerAdmin,
}

/// Cells by the names of their columns.
pub(crate) type Row = BTreeMap<String, String>;

impl Lab {
    /// The answer as unaligned text without headings, columns split by `|`.
    pub(crate) fn sql(&self, server: Server, sql: &str) -> String {
        self.try_sql(server, server.master(), server.database(), sql)
            .unwrap_or_else(|error| panic!("{server:?} refused {sql:?}: {error}"))
    }

    /// The answer with its columns by name, for consoles where one cannot choose columns.
    pub(crate) fn table(&self, server: Server, sql: &str) -> Vec<Row> {
        let mut command = self.crew().command(program::find_postgres("psql"));
        self.dress(&mut command, server, server.master(), server.database(), "lab");
        command.args(["-XAq", "-P", "footer=off", "-v", "ON_ERROR_STOP=1", "-c", sql]);
        let answer = Crew::run(&mut command).unwrap_or_else(|error| panic!("{server:?} refused {sql:?}: {error}"));
        let mut lines = answer.lines();
        let names: Vec<&str> = lines.next().unwrap_or_default().split('|').collect();
        lines
            .map(|line| names.iter().zip(line.split('|')).map(|(name, cell)| ((*name).into(), cell.into())).collect())
            .collect()
    }

    /// One value as any role in any database, and with the server's complaint when it refuses.
    pub(crate) fn try_sql(&self, server: Server, role: Role, database: &str, sql: &str) -> Result<String, String> {
        let mut command = self.crew().command(program::find_postgres("psql"));
        self.dress(&mut command, server, role, database, "lab");
        command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]);
        Crew::run(&mut command)
    }

    /// One number out of the server.
    pub(crate) fn number(&self, server: Server, sql: &str) -> f64 {
        let answer = self.sql(server, sql);
        answer.parse().unwrap_or_else(|_| panic!("{sql:?} gave {answer:?} and not a number"))
    }

    /// Tells a client where to connect, and under which application name.
    pub(crate) fn dress(&self, command: &mut Command, server: Server, role: Role, database: &str, name: &str) {
        let (user, password) = self.credentials(role);
        command.env("PGHOST", "127.0.0.1").env("PGPORT", self.state().port(server.part()).to_string());
        command.env("PGUSER", user).env("PGPASSWORD", password).env("PGDATABASE", database);
        command.env("PGAPPNAME", name).env("PGCONNECT_TIMEOUT", "10");
    }

    /// A command to the Redis primary.
    pub(crate) fn redis(&self, words: &[&str]) -> String {
        self.redis_at(Part::Redis, words)
    }

    /// A command to the Redis replica.
    pub(crate) fn redis_replica(&self, words: &[&str]) -> String {
        self.redis_at(Part::RedisReplica, words)
    }

    fn redis_at(&self, part: Part, words: &[&str]) -> String {
        let answer = Crew::run(self.redis_client(part).args(words));
        answer.unwrap_or_else(|error| panic!("{} refused {words:?}: {error}", part.name()))
    }

    /// Many commands to the Redis primary at once, one a line; gives the answers.
    pub(crate) fn redis_lines(&self, lines: &str) -> String {
        let mut client = self.redis_client(Part::Redis);
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = client.spawn().expect("redis-cli starts");
        let mut pipe = child.stdin.take().expect("the pipe was asked for");
        let lines = lines.to_owned();
        // Written aside, for the client stops reading when nobody takes its answers.
        let writer = std::thread::spawn(move || pipe.write_all(lines.as_bytes()));
        let output = child.wait_with_output().expect("redis-cli ends");
        writer.join().expect("the writer ends").expect("redis-cli reads to the end");
        crew::outcome(&output).unwrap_or_else(|error| panic!("redis-cli failed: {error}"))
    }

    /// `redis-cli`, connected.
    pub(crate) fn redis_client(&self, part: Part) -> Command {
        let mut command = self.crew().command(program::find("redis-cli"));
        command.args(["-h", "127.0.0.1", "-p", &self.state().port(part).to_string()]);
        command
    }

    /// One field of the Redis primary's `INFO`.
    pub(crate) fn redis_info(&self, field: &str) -> String {
        self.redis_info_at(Part::Redis, field)
    }

    /// One field of a Redis server's `INFO`, empty when it has no such field.
    pub(crate) fn redis_info_at(&self, part: Part, field: &str) -> String {
        let all = self.redis_at(part, &["INFO", "everything"]);
        let value = all.lines().find_map(|line| line.trim_end().strip_prefix(field)?.strip_prefix(':'));
        value.unwrap_or_default().to_owned()
    }

    /// Waits for something to become true; a panic with what was awaited and the servers' last words when it does not.
    pub(crate) fn wait_until(&self, what: &str, within: Duration, condition: impl FnMut() -> bool) {
        if wait::until(within, condition) {
            return;
        }
        let tails: Vec<String> = self.crew().names("").iter().map(|name| self.tail(name)).collect();
        panic!("waited {within:?} in vain until {what}\n{}", tails.join("\n"));
    }

    fn tail(&self, name: &str) -> String {
        format!("--- the end of {name}'s log ---\n{}", self.crew().log_tail(name))
    }
}
