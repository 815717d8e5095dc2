//! The `PostgreSQL` primary and its replica.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::clients::{Role, Server};
use super::crew::Crew;
use super::options::Part;
use super::servers::Lab;
use super::urls::SHOP;
use super::{program, template};

pub(crate) const READS: &str = include_str!("shop-reads.sql");
pub(crate) const WRITES: &str = include_str!("shop-writes.sql");
pub(crate) const BILLING: &str = include_str!("billing-reads.sql");

/// The replica's name, and its slot's.
pub(crate) const REPLICA: &str = "replica1";

/// A piece of the shop's ordinary work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bench {
    Reads,
    Writes,
    Billing,
}

impl Bench {
    fn script(self) -> (&'static str, &'static str) {
        match self {
            Self::Reads => ("work/shop-reads.sql", READS),
            Self::Writes => ("work/shop-writes.sql", WRITES),
            Self::Billing => ("work/billing-reads.sql", BILLING),
        }
    }
}

/// Starts the primary on a fresh copy of the shop.
pub(crate) fn start_primary(lab: &mut Lab) {
    template::provide(lab.crew(), &data(lab, Part::Postgres));
    lab.start_on_port(Part::Postgres, |lab, port| spawn(lab, Part::Postgres, port), |lab| answers(lab, Part::Postgres));
    let passwords = &lab.state().passwords;
    let roles = [
        ("postgres", &passwords.superuser),
        ("shop_app", &passwords.app),
        ("loadline", &passwords.monitor),
        ("replicator", &passwords.replication),
    ];
    let sql: Vec<String> = roles.map(|(role, password)| format!("alter role {role} password '{password}'")).into();
    let port = lab.state().port(Part::Postgres);
    by_socket(lab.crew(), port, "postgres", &sql.join(";"))
        .unwrap_or_else(|error| panic!("failed to set passwords: {error}"));
    warm(lab, Part::Postgres);
}

/// Copies the primary and lets the copy follow it.
pub(crate) fn start_replica(lab: &mut Lab) {
    copy_primary(lab);
    lab.start_on_port(Part::Replica, |lab, port| spawn(lab, Part::Replica, port), |lab| answers(lab, Part::Replica));
    follow(lab);
}

/// Replaces the replica's data by a new copy of the primary, as after an accident of the primary.
pub(crate) fn renew_replica(lab: &Lab) {
    std::fs::remove_dir_all(data(lab, Part::Replica)).expect("a replica that has ended leaves its folder to us");
    copy_primary(lab);
    restart(lab, Part::Replica);
    follow(lab);
}

fn copy_primary(lab: &Lab) {
    let mut copy = lab.crew().command(program::find_postgres("pg_basebackup"));
    copy.env("PGPASSWORD", &lab.state().passwords.replication).arg("-D").arg(data(lab, Part::Replica));
    copy.args(["-h", "127.0.0.1", "-p", &lab.state().port(Part::Postgres).to_string(), "-U", "replicator"]);
    copy.args(["-R", "-C", "-S", REPLICA, "-X", "stream", "-c", "fast", "--no-sync"]);
    Crew::run(&mut copy).unwrap_or_else(|error| panic!("failed to copy the primary: {error}"));
}

fn follow(lab: &Lab) {
    await_replica(lab);
    warm(lab, Part::Replica);
}

/// Waits until the replica, if there is one, has applied all that the primary wrote.
pub(crate) fn await_replica(lab: &Lab) {
    if !lab.has(Part::Replica) {
        return;
    }
    let caught_up = format!(
        "select count(*) from pg_stat_replication where application_name = '{REPLICA}' and state = 'streaming' \
         and replay_lsn = pg_current_wal_lsn()"
    );
    lab.wait_until("the replica streams", Duration::from_secs(30), || lab.sql(Server::Primary, &caught_up) == "1");
}

/// Ends a server in an orderly way, its sessions cut off.
pub(crate) fn shut_down(lab: &Lab, part: Part) {
    lab.crew().end_by("INT", 60, &[part.name().to_owned()]);
    assert!(
        !data(lab, part).join("postmaster.pid").exists(),
        "{} did not end in order:\n{}",
        part.name(),
        lab.crew().log_tail(part.name())
    );
}

/// Starts a server again on the port it had.
pub(crate) fn restart(lab: &Lab, part: Part) {
    spawn(lab, part, lab.state().port(part));
    let what = format!("{} answers again", part.name());
    lab.wait_until(&what, Duration::from_secs(60), || answers(lab, part));
}

/// The data folder of a server.
pub(crate) fn data(lab: &Lab, part: Part) -> PathBuf {
    lab.crew().path(if part == Part::Replica { "replica" } else { "primary" })
}

pub(crate) fn spawn(lab: &Lab, part: Part, port: u16) {
    let name = if part == Part::Replica { REPLICA } else { "primary" };
    let data = data(lab, part);
    let crew = lab.crew();
    // QUIT: at the end nobody needs a checkpoint of a folder that is about to go.
    let settings = [format!("cluster_name={name}")];
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    crew.spawn(part.name(), "QUIT", |command| arguments(crew, command, &data, port, &settings));
}

pub(crate) fn arguments(crew: &Crew, command: &mut Command, data: &Path, port: u16, settings: &[&str]) {
    command.arg(program::find_postgres("postgres")).arg("-D").arg(data);
    command.arg("-p").arg(port.to_string()).arg("-k").arg(crew.path("socket"));
    for setting in settings {
        command.args(["-c", setting]);
    }
}

pub(crate) fn answers(lab: &Lab, part: Part) -> bool {
    by_socket(lab.crew(), lab.state().port(part), "postgres", "select 1").is_ok()
}

/// Asks as the superuser through the socket, where no password is needed.
pub(crate) fn by_socket(crew: &Crew, port: u16, database: &str, sql: &str) -> Result<String, String> {
    let mut client = socket_client(crew, port, database);
    Crew::run(client.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]))
}

pub(crate) fn socket_client(crew: &Crew, port: u16, database: &str) -> Command {
    let mut client = crew.command(program::find_postgres("psql"));
    client.env("PGHOST", crew.path("socket")).env("PGPORT", port.to_string());
    client.env("PGUSER", "postgres").env("PGDATABASE", database).env("PGAPPNAME", "lab");
    client
}

/// Some of the shop's reads, so that caches are filled and no index counts as unread.
fn warm(lab: &Lab, part: Part) {
    let (_, password) = lab.credentials(Role::App);
    let port = lab.state().port(part);
    for (database, script, times) in [(SHOP, Bench::Reads, 300), ("billing", Bench::Billing, 20)] {
        work(lab.crew(), "127.0.0.1", port, Some(password), database, script, times);
    }
}

/// Runs a piece of the shop's work so many times, as the shop's role.
pub(crate) fn work(
    crew: &Crew,
    host: &str,
    port: u16,
    password: Option<&str>,
    database: &str,
    bench: Bench,
    times: u32,
) {
    let (name, text) = bench.script();
    let script = crew.write(name, text);
    let mut pgbench = crew.command(program::find_postgres("pgbench"));
    pgbench.env("PGHOST", host).env("PGPORT", port.to_string()).env("PGUSER", "shop_app").env("PGDATABASE", database);
    pgbench.env("PGAPPNAME", "shop").env("PGPASSWORD", password.unwrap_or_default());
    pgbench.args(["-n", "--random-seed=1", "-t", &times.to_string(), "-f"]).arg(script);
    Crew::run(&mut pgbench).unwrap_or_else(|error| panic!("failed to run the shop's work: {error}"));
}
