//! The shop's data, made once and copied for each lab.
//!
//! Creating a cluster, filling the shop and running its workload takes some seconds, and gives the same every time; so
//! the finished data folder, statistics included, is kept in the build's folder under a name made of all that went
//! into it.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;
use std::time::Duration;

use super::account::effective_uid;
use super::crew::Crew;
use super::postgres::{self, Bench};
use super::{program, wait};

const SETTINGS: &str = include_str!("postgresql.conf");
const SHOP: &str = include_str!("shop.sql");
const ACCESS: &str = "\
local all all trust
host all all 127.0.0.1/32 scram-sha-256
host replication replicator 127.0.0.1/32 scram-sha-256
";

/// The template serves on a socket in its own folder only, so its port clashes with nobody's.
const PORT: u16 = 5432;
const SERVER: &str = "template";

/// One builder in this process; two processes that build at once both end with the same folder.
static BUILDING: Mutex<()> = Mutex::new(());

/// Puts the data of a primary into `data`.
pub(crate) fn provide(crew: &Crew, data: &Path) {
    // A panic of another test while it was building leaves nothing half done: a template appears by a rename.
    let _one = BUILDING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let Some(kept) = place(crew) else { return build(crew, data) };
    if kept.is_dir() && copy(crew, &kept, data).is_ok() {
        return;
    }
    let _ = fs::remove_dir_all(data);
    build(crew, data);
    keep(data, &kept);
}

/// Where the template is kept: in the build's folder, which is two above the folder of this very program.
fn place(crew: &Crew) -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let build = program.parent()?.parent()?;
    let mut hash = DefaultHasher::new();
    let version = Crew::run(crew.command(program::find_postgres("postgres")).arg("--version")).ok()?;
    (version, SETTINGS, ACCESS, SHOP).hash(&mut hash);
    (postgres::READS, postgres::WRITES, postgres::BILLING, include_str!("template.rs")).hash(&mut hash);
    // The account that owns it must be the one that will run it.
    (effective_uid(), crew.account().map(super::account::Account::uid)).hash(&mut hash);
    Some(build.join("lab-templates").join(format!("{:016x}", hash.finish())))
}

fn copy(crew: &Crew, from: &Path, to: &Path) -> Result<String, String> {
    // As ourselves and not as the account, which may not be let into the build's folder.
    let mut command = process::Command::new("cp");
    Crew::run(command.args(["-a", "--reflink=auto"]).arg(from).arg(to).current_dir(crew.folder()))
}

/// Keeps a finished data folder. It is only there to save time, so failing is no failure.
fn keep(data: &Path, kept: &Path) {
    let Some(parent) = kept.parent() else { return };
    let half = parent.join(format!("half-{}", process::id()));
    if fs::create_dir_all(parent).is_err() || fs::set_permissions(parent, fs::Permissions::from_mode(0o700)).is_err() {
        return;
    }
    let mut command = process::Command::new("cp");
    if Crew::run(command.args(["-a", "--reflink=auto"]).arg(data).arg(&half)).is_err()
        || fs::rename(&half, kept).is_err()
    {
        let _ = fs::remove_dir_all(&half);
    }
}

fn build(crew: &Crew, data: &Path) {
    let mut initdb = crew.command(program::find_postgres("initdb"));
    initdb.arg("-D").arg(data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    Crew::run(&mut initdb).unwrap_or_else(|error| panic!("failed to create a database cluster: {error}"));
    let folder = data.strip_prefix(crew.folder()).expect("the data is in the lab's folder").display();
    let defaults = fs::read_to_string(data.join("postgresql.conf")).expect("initdb wrote the settings");
    crew.write(&format!("{folder}/postgresql.conf"), &format!("{defaults}\n{SETTINGS}"));
    crew.write(&format!("{folder}/pg_hba.conf"), ACCESS);

    crew.spawn(SERVER, "QUIT", |command| postgres::arguments(crew, command, data, PORT, &["listen_addresses="]));
    let up = wait::until(Duration::from_secs(30), || {
        !crew.lives(SERVER) || postgres::by_socket(crew, PORT, "postgres", "select 1").is_ok()
    });
    assert!(up && crew.lives(SERVER), "the template's server did not start:\n{}", crew.log_tail(SERVER));
    let script = crew.write("work/shop.sql", SHOP);
    let mut psql = postgres::socket_client(crew, PORT, "postgres");
    psql.args(["-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f"]).arg(script);
    Crew::run(&mut psql).unwrap_or_else(|error| panic!("failed to set up the shop: {error}"));
    let socket = crew.path("socket");
    let host = socket.to_str().expect("the folder's name is text");
    for (database, script, times) in
        [("shop", Bench::Reads, 3000), ("shop", Bench::Writes, 200), ("billing", Bench::Billing, 500)]
    {
        postgres::work(crew, host, PORT, None, database, script, times);
    }
    // A clean end: that is when the statistics are written down.
    crew.end_by("INT", 30, &[SERVER.to_owned()]);
    assert!(
        !data.join("postmaster.pid").exists(),
        "the template's server did not end in time:\n{}",
        crew.log_tail(SERVER)
    );
}
