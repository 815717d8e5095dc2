//! libpq's own ways to say where: its variables, service files and password files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::lab::{Lab, Options, Part, Role};
use crate::standin::broken::closed_port;
use crate::support::{Loadline, Run, loadline};

/// The lab and its monitor's credentials, in pieces.
struct Place {
    lab: Lab,
    port: String,
    password: String,
}

impl Place {
    fn new() -> Self {
        let lab = Lab::start(Options::postgres());
        let (port, password) =
            (lab.state().port(Part::Postgres).to_string(), lab.credentials(Role::Monitor).1.to_owned());
        Self { lab, port, password }
    }

    /// A line of a password file.
    fn line(&self) -> String {
        format!("# ours\n127.0.0.1:{}:*:loadline:{}\n", self.port, self.password)
    }

    fn service(&self) -> String {
        format!("[other]\nhost=h\n\n[shop]\nhost=127.0.0.1\nport={}\ndbname=shop\nuser=loadline\n", self.port)
    }
}

fn audit() -> Loadline {
    loadline("audit --format json --window 0 --connect-timeout 5s --only postgres.connection-saturation")
}

/// It came in, and where it thinks that it is.
fn assert_in(what: &str, run: Loadline) -> Run {
    let run = run.run();
    assert_eq!(run.code, 0, "{what}\n{run}");
    let report = run.report();
    let facts = &report.source("postgres")["facts"];
    assert_eq!((&facts["user"], &facts["database"]), (&"loadline".into(), &"shop".into()), "{what}");
    run
}

#[test]
fn the_environment_is_enough() {
    let place = Place::new();
    let run = audit().env("PGHOST", "127.0.0.1").env("PGPORT", &place.port).env("PGUSER", "loadline");
    assert_in("variables", run.env("PGDATABASE", "shop").env("PGPASSWORD", &place.password));
    assert_in("DATABASE_URL", audit().env("DATABASE_URL", place.lab.primary_url(Role::Monitor)));
    let run = audit().env("PGHOST", "nowhere.invalid").env("PGPASSWORD", "wrong");
    assert_in("a URL wins over variables", run.env("DATABASE_URL", place.lab.primary_url(Role::Monitor)));
    let words = format!("host=127.0.0.1 port={} dbname=shop user=loadline password={}", place.port, place.password);
    assert_in("a connection string", audit().with("--postgres", words));
}

#[test]
fn service_and_password_files_are_read() {
    let place = Place::new();
    let run = audit().env("PGSERVICE", "shop");
    run.home().write(".pg_service.conf", &place.service());
    run.home().write(".pgpass", &place.line());
    assert_in("files in the home folder", run);

    let run = audit().with("--postgres", "service=shop");
    let (service, password) =
        (run.home().write("here.conf", &place.service()), run.home().write("there", &place.line()));
    assert_in("files by name", run.env("PGSERVICEFILE", service).env("PGPASSFILE", password));

    let run = audit().env("PGSERVICE", "shop").env("PGPASSWORD", &place.password);
    let file =
        run.home().write("loadline.toml", "[targets.t.sources.postgres]\nkind = \"postgres\"\nservice = \"shop\"\n");
    run.home().write(".pg_service.conf", &place.service());
    assert_in("a configuration that names a service", run.with("--config", file));

    let run = audit().env("PGSERVICE", "no-such").run().expect(2);
    assert!(run.stderr.contains("no-such") && run.stderr.contains(".pg_service.conf"), "{run}");
}

#[test]
fn a_password_file_that_others_can_read_is_not_used_and_that_is_said() {
    let place = Place::new();
    let run = audit().with("--postgres", format!("postgres://loadline@127.0.0.1:{}/shop", place.port));
    let file = run.home().write(".pgpass", &place.line());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("our own file");
    let run = run.run().expect(20);
    let report = run.report();
    let fault = report.source("postgres")["fault"].to_string();
    assert!(fault.contains("unreachable") && fault.contains("password"), "{fault}");
    assert!(
        run.stdout.contains(".pgpass") && run.stdout.contains("0600"),
        "it says which file, and how to mend it\n{}",
        run.stdout
    );
}

#[test]
fn several_hosts_are_tried_in_turn() {
    let place = Place::new();
    let url =
        place.lab.primary_url(Role::Monitor).replace("@127.0.0.1", &format!("@127.0.0.1:{},127.0.0.1", closed_port()));
    assert_in("the second of two", audit().with("--postgres", url));
}

#[test]
fn a_refusal_says_what_to_do() {
    let place = Place::new();
    let url = place.lab.primary_url(Role::Monitor);
    let table = [
        (url.replace(&place.password, "wrong"), "password authentication failed", "pg_hba.conf"),
        (url.replace("/shop", "/no_such"), "database \\\"no_such\\\" does not exist", "database name"),
        (url.replace(&place.port, &closed_port().to_string()), "connection refused", "start the server"),
        (url.replace("127.0.0.1", "nowhere.invalid"), "nowhere.invalid", "host name"),
        (format!("{url}?sslmode=require"), "TLS", "ssl"),
    ];
    for (url, says, remedy) in table {
        let run = audit().with("--postgres", url).run().expect(20);
        let fault = run.report().source("postgres")["fault"].to_string();
        assert!(fault.contains("unreachable") && fault.contains(says) && fault.contains(remedy), "{fault}");
    }
}
