//! Which layer has the last word, and what comes of it.

use std::time::Duration;

use super::{env, refuse, resolve};
use crate::source::postgres::conninfo::{ChannelBinding, ConnInfo, Endpoint, Env, TargetSession};

#[test]
fn describes_what_was_meant() {
    let plain = env(&[], &[]);
    let socket = env(&[], &[("/var/run/postgresql/.s.PGSQL.5432", 0o777, "")]);
    let upstream = env(&[], &[("/tmp/.s.PGSQL.5433", 0o777, "")]);
    let cases: &[(&str, &Env, &str)] = &[
        ("", &plain, "localhost:5432/me as me"),
        ("", &socket, "/var/run/postgresql:5432/me as me"),
        ("port=5433", &socket, "localhost:5433/me as me"),
        ("port=5433", &upstream, "/tmp:5433/me as me"),
        ("user=joe", &plain, "localhost:5432/joe as joe"),
        ("dbname=app user=joe", &plain, "localhost:5432/app as joe"),
        ("postgres://joe:pw@db.example:6432/app", &plain, "db.example:6432/app as joe"),
        ("postgres://joe@[::1]:6432/app", &plain, "[::1]:6432/app as joe"),
        ("postgres://joe@a,b:2,[::1]:3/app", &plain, "a:5432,b:2,[::1]:3/app as joe"),
        ("postgres://a,b/app?port=7", &plain, "a:7,b:7/app as me"),
        ("postgres://%2Frun%2Fpg/app", &plain, "/run/pg:5432/app as me"),
        ("postgres:///app?host=/run/pg", &socket, "/run/pg:5432/app as me"),
        ("host=a,,b port=1,2,3", &plain, "a:1,localhost:2,b:3/me as me"),
        ("hostaddr=10.0.0.1", &plain, "10.0.0.1:5432/me as me"),
        ("host=db hostaddr=10.0.0.1", &plain, "db:5432/me as me"),
        (" postgres://h/app \n", &plain, "h:5432/app as me"),
    ];
    for (text, env, want) in cases {
        assert_eq!(resolve(text, env).describe(), *want, "{text}");
    }
}

#[test]
fn layers_go_string_service_environment_default() {
    let env = env(
        &[("PGHOST", "env"), ("PGPORT", "3"), ("PGUSER", "env"), ("PGAPPNAME", "env"), ("PGDATABASE", "env")],
        &[("/home/me/.pg_service.conf", 0o644, "[prod]\nport=2\nuser=service\n\n[other]\ndbname=no\n")],
    );
    let info = ConnInfo::resolve(Some("user=string"), Some("prod"), &env).unwrap();
    assert_eq!(info.describe(), "env:3/env as string".replace(":3", ":2"));
    assert_eq!(info.application_name(), "env");
    let origins: Vec<String> = info.origins().map(|(name, origin)| format!("{name}: {origin}")).collect();
    assert_eq!(
        origins,
        [
            "application_name: environment PGAPPNAME",
            "dbname: environment PGDATABASE",
            "host: environment PGHOST",
            "port: service file /home/me/.pg_service.conf [prod] line 2",
            "sslmode: default",
            "user: connection string",
        ]
    );
}

#[test]
fn an_empty_text_hides_lower_layers_and_means_the_default() {
    let env = env(&[("PGHOST", "env"), ("PGDATABASE", "env")], &[]);
    assert_eq!(resolve("host='' dbname=", &env).describe(), "localhost:5432/me as me");
}

#[test]
fn the_service_is_found_by_argument_string_and_environment() {
    let text = "[a]\nhost=ha\n[b]\nhost=hb\n[c]\nhost=hc\n";
    let env = env(&[("PGSERVICE", "c"), ("PGSERVICEFILE", "/srv.conf")], &[("/srv.conf", 0o644, text)]);
    let host = |text, service| ConnInfo::resolve(text, service, &env).unwrap().hosts()[0].endpoint.clone();
    assert_eq!(host(Some("service=b"), Some("a")), Endpoint::Name("ha".to_owned()));
    assert_eq!(host(Some("postgres:///?service=b"), None), Endpoint::Name("hb".to_owned()));
    assert_eq!(host(None, None), Endpoint::Name("hc".to_owned()));
}

#[test]
fn the_systems_service_file_comes_second() {
    let env = env(
        &[("PGSYSCONFDIR", "/sys")],
        &[
            ("/home/me/.pg_service.conf", 0o644, "[mine]\nhost=h1\n"),
            ("/sys/pg_service.conf", 0o644, "[mine]\nhost=no\n[theirs]\nhost=h2\n"),
        ],
    );
    assert_eq!(resolve("service=mine", &env).describe(), "h1:5432/me as me");
    assert_eq!(resolve("service=theirs", &env).describe(), "h2:5432/me as me");
    let error = refuse("service=nobody", &env).to_string();
    assert!(error.contains("/home/me/.pg_service.conf, /sys/pg_service.conf"), "{error}");
    assert!(error.contains("service \"nobody\" (from connection string)"), "{error}");
}

#[test]
fn the_first_section_and_the_first_line_of_a_service_count() {
    let text = "[s]\nhost=first\nhost=second\ndbname=a=b \n[s]\nport=9\n";
    let info = resolve("service=s", &env(&[], &[("/home/me/.pg_service.conf", 0o644, text)]));
    assert_eq!(info.describe(), "first:5432/a=b as me");
}

#[test]
fn options_are_sent_only_when_asked_for_by_name() {
    let env = env(&[("PGOPTIONS", "-c work_mem=1GB")], &[]);
    let info = resolve("host=h", &env);
    assert_eq!(info.options(), None);
    assert!(info.notes()[0].contains("PGOPTIONS is ignored"));
    assert_eq!(resolve("options='-c geqo=off'", &env).options(), Some("-c geqo=off"));
}

#[test]
fn small_parameters_have_their_values() {
    let plain = env(&[], &[]);
    let info = resolve("", &plain);
    assert_eq!(info.application_name(), "loadline");
    assert_eq!(info.connect_timeout(), None);
    assert_eq!(info.target(), TargetSession::Any);
    assert_eq!(info.channel_binding(), ChannelBinding::Prefer);
    let info = resolve("connect_timeout=3 target_session_attrs=prefer-standby channel_binding=require", &plain);
    assert_eq!(info.connect_timeout(), Some(Duration::from_secs(3)));
    assert_eq!(info.target(), TargetSession::PreferStandby);
    assert_eq!(info.channel_binding(), ChannelBinding::Require);
    for text in ["connect_timeout=0", "connect_timeout=-1"] {
        assert_eq!(resolve(text, &plain).connect_timeout(), None, "{text}");
    }
    assert_eq!(resolve("host=h", &plain).with_database("pgbouncer").describe(), "h:5432/pgbouncer as me");
}
