//! The layers together, on planted environments.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;

use super::env::MemoryFiles;
use super::{
    ChannelBinding, Check, ConnInfo, ConnInfoError, Endpoint, Env, Origin, Roots, SslMode,
    TargetSession,
};

/// An environment of a user named `me` whose home is `/home/me`.
fn env(vars: &[(&str, &str)], files: &[(&str, u32, &str)]) -> Env {
    let files = files
        .iter()
        .map(|(path, mode, text)| (PathBuf::from(path), (*mode, (*text).to_owned())));
    Env {
        vars: vars
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        home: Some(PathBuf::from("/home/me")),
        os_user: Some("me".to_owned()),
        files: Box::new(MemoryFiles(files.collect::<BTreeMap<_, _>>())),
    }
}

fn resolve(text: &str, env: &Env) -> ConnInfo {
    ConnInfo::resolve(Some(text), None, env)
        .unwrap_or_else(|error| panic!("{text}: failed to {error}"))
}

fn refuse(text: &str, env: &Env) -> ConnInfoError {
    match ConnInfo::resolve(Some(text), None, env) {
        Ok(info) => panic!("{text} was accepted as {info:?}"),
        Err(error) => error,
    }
}

fn password(info: &ConnInfo) -> Option<&str> {
    info.hosts()[0]
        .password
        .as_ref()
        .map(|secret| secret.expose())
}

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
        (
            "postgres://joe:pw@db.example:6432/app",
            &plain,
            "db.example:6432/app as joe",
        ),
        (
            "postgres://joe@[::1]:6432/app",
            &plain,
            "[::1]:6432/app as joe",
        ),
        (
            "postgres://joe@a,b:2,[::1]:3/app",
            &plain,
            "a:5432,b:2,[::1]:3/app as joe",
        ),
        ("postgres://a,b/app?port=7", &plain, "a:7,b:7/app as me"),
        (
            "postgres://%2Frun%2Fpg/app",
            &plain,
            "/run/pg:5432/app as me",
        ),
        (
            "postgres:///app?host=/run/pg",
            &socket,
            "/run/pg:5432/app as me",
        ),
        (
            "host=a,,b port=1,2,3",
            &plain,
            "a:1,localhost:2,b:3/me as me",
        ),
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
        &[
            ("PGHOST", "env"),
            ("PGPORT", "3"),
            ("PGUSER", "env"),
            ("PGAPPNAME", "env"),
            ("PGDATABASE", "env"),
        ],
        &[(
            "/home/me/.pg_service.conf",
            0o644,
            "[prod]\nport=2\nuser=service\n\n[other]\ndbname=no\n",
        )],
    );
    let info = ConnInfo::resolve(Some("user=string"), Some("prod"), &env).unwrap();
    assert_eq!(info.describe(), "env:3/env as string".replace(":3", ":2"));
    assert_eq!(info.application_name(), "env");
    let origins: Vec<String> = info
        .origins()
        .map(|(name, origin)| format!("{name}: {origin}"))
        .collect();
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
    assert_eq!(
        resolve("host='' dbname=", &env).describe(),
        "localhost:5432/me as me"
    );
}

#[test]
fn the_service_is_found_by_argument_string_and_environment() {
    let text = "[a]\nhost=ha\n[b]\nhost=hb\n[c]\nhost=hc\n";
    let env = env(
        &[("PGSERVICE", "c"), ("PGSERVICEFILE", "/srv.conf")],
        &[("/srv.conf", 0o644, text)],
    );
    let host = |text, service| {
        ConnInfo::resolve(text, service, &env).unwrap().hosts()[0]
            .endpoint
            .clone()
    };
    assert_eq!(
        host(Some("service=b"), Some("a")),
        Endpoint::Name("ha".to_owned())
    );
    assert_eq!(
        host(Some("postgres:///?service=b"), None),
        Endpoint::Name("hb".to_owned())
    );
    assert_eq!(host(None, None), Endpoint::Name("hc".to_owned()));
}

#[test]
fn the_systems_service_file_comes_second() {
    let env = env(
        &[("PGSYSCONFDIR", "/sys")],
        &[
            ("/home/me/.pg_service.conf", 0o644, "[mine]\nhost=h1\n"),
            (
                "/sys/pg_service.conf",
                0o644,
                "[mine]\nhost=no\n[theirs]\nhost=h2\n",
            ),
        ],
    );
    assert_eq!(resolve("service=mine", &env).describe(), "h1:5432/me as me");
    assert_eq!(
        resolve("service=theirs", &env).describe(),
        "h2:5432/me as me"
    );
    let error = refuse("service=nobody", &env).to_string();
    assert!(
        error.contains("/home/me/.pg_service.conf, /sys/pg_service.conf"),
        "{error}"
    );
    assert!(
        error.contains("service \"nobody\" (from connection string)"),
        "{error}"
    );
}

#[test]
fn service_file_errors_name_file_and_line_and_no_value() {
    let cases = [
        ("[s]\nhost=h\nhots=secret\n", 3, "unknown parameter"),
        ("[s]\n\n# note\nsecret\n", 4, "without \"=\""),
        ("[s]\npassword = secret\n", 2, "a space before"),
        ("[s]\nservice=secret\n", 2, "a service inside"),
        ("[s]\nrequire_auth=secret\n", 2, "require_auth"),
        ("[other]\nrubbish\n[s]\nldap://secret\n", 4, "LDAP"),
    ];
    for (text, line, part) in cases {
        let error = refuse(
            "service=s",
            &env(&[], &[("/home/me/.pg_service.conf", 0o644, text)]),
        )
        .to_string();
        let place = format!("service file /home/me/.pg_service.conf line {line}: ");
        assert!(error.contains(&place) && error.contains(part), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn the_first_section_and_the_first_line_of_a_service_count() {
    let text = "[s]\nhost=first\nhost=second\ndbname=a=b \n[s]\nport=9\n";
    let info = resolve(
        "service=s",
        &env(&[], &[("/home/me/.pg_service.conf", 0o644, text)]),
    );
    assert_eq!(info.describe(), "first:5432/a=b as me");
}

#[test]
fn passwords_come_from_the_first_layer_that_has_one() {
    let files = [(
        "/home/me/.pgpass",
        0o600,
        "db:*:*:*:file\nlocalhost:*:*:*:local\n/run/pg:*:*:*:sock\n",
    )];
    let bare = env(&[], &files);
    let set = env(&[("PGPASSWORD", "var")], &files);
    let cases: &[(&str, &Env, Option<&str>, &str)] = &[
        (
            "host=db",
            &bare,
            Some("file"),
            "password file /home/me/.pgpass line 1",
        ),
        ("host=db", &set, Some("var"), "environment PGPASSWORD"),
        (
            "host=db password=typed",
            &set,
            Some("typed"),
            "connection string",
        ),
        (
            "host=db password=''",
            &set,
            Some("file"),
            "password file /home/me/.pgpass line 1",
        ),
        ("host=other", &bare, None, "default"),
        (
            "",
            &bare,
            Some("local"),
            "password file /home/me/.pgpass line 2",
        ),
        (
            "host=/tmp",
            &bare,
            Some("local"),
            "password file /home/me/.pgpass line 2",
        ),
        (
            "host=/run/pg",
            &bare,
            Some("sock"),
            "password file /home/me/.pgpass line 3",
        ),
        (
            "host=db hostaddr=10.0.0.1",
            &bare,
            Some("file"),
            "password file /home/me/.pgpass line 1",
        ),
        ("host=db passfile=/none", &bare, None, "connection string"),
    ];
    for (text, env, want, origin) in cases {
        let info = resolve(text, env);
        assert_eq!(password(&info), *want, "{text}");
        let name = if text.contains("passfile") {
            "passfile"
        } else {
            "password"
        };
        assert_eq!(info.origin(name).to_string(), *origin, "{text}");
    }
}

#[test]
fn each_host_gets_its_own_password_and_the_redactor_all() {
    let files = [("/home/me/.pgpass", 0o600, "a:1:*:*:pa\nb:*:*:*:pb\n")];
    let info = resolve("host=a,b,c,a port=1,2,3,1", &env(&[], &files));
    let passwords: Vec<_> = info
        .hosts()
        .iter()
        .map(|host| host.password.as_ref().map(|p| p.expose()))
        .collect();
    assert_eq!(passwords, [Some("pa"), Some("pb"), None, Some("pa")]);
    assert_eq!(info.secrets(), ["pa", "pb"]);
}

#[test]
fn a_password_file_that_others_can_read_is_ignored_and_said_so() {
    for mode in [0o644, 0o640, 0o604] {
        let info = resolve(
            "host=db",
            &env(&[], &[("/home/me/.pgpass", mode, "*:*:*:*:pw")]),
        );
        assert_eq!(password(&info), None);
        assert!(
            info.notes()[0].contains("/home/me/.pgpass is ignored"),
            "{:?}",
            info.notes()
        );
    }
    assert!(
        resolve(
            "host=db",
            &env(&[], &[("/home/me/.pgpass", 0o400, "*:*:*:*:pw")])
        )
        .notes()
        .is_empty()
    );
}

#[test]
fn unknown_and_impossible_parameters_are_named() {
    let plain = env(&[], &[]);
    let cases = [
        (
            "sslmod=require",
            "parameter \"sslmod\" from connection string: it is unknown; known are service, host, ",
        ),
        (
            "postgres://h/db?sslmod=x",
            "parameter \"sslmod\" from connection string",
        ),
        ("password=two words=x", "quote or encode the password"),
        (
            "postgres://h?password=two&words=x",
            "quote or encode the password",
        ),
        ("re/plication=x", "unreadable name"),
        (
            "port=0",
            "parameter port from connection string: it must be a number from 1 to 65535",
        ),
        ("port=65536", "1 to 65535"),
        ("postgres://joe:secret", "1 to 65535"),
        ("host=a,b port=1,2,3", "2 hosts but 3 entries in port"),
        (
            "host=a,b hostaddr=1.1.1.1",
            "2 hosts but 1 entries in hostaddr",
        ),
        (
            "hostaddr=db",
            "hostaddr from connection string: it must be an IP address",
        ),
        ("host=@abstract", "abstract sockets"),
        (
            "connect_timeout=soon",
            "connect_timeout from connection string: it must be a whole number",
        ),
        (
            "sslmode=on",
            "sslmode from connection string: it must be disable, allow",
        ),
        ("target_session_attrs=master", "read-write, read-only"),
        ("channel_binding=yes", "disable, prefer or require"),
        (
            "replication=database",
            "replication from connection string: an audit asks questions",
        ),
        (
            "require_auth=scram-sha-256",
            "require_auth from connection string: the login method",
        ),
        ("gssencmode=require", "GSSAPI encryption is not supported"),
        ("sslcrl=/x", "revocation lists are not supported"),
        (
            "sslrootcert=/none",
            "find /none (parameter sslrootcert from connection string)",
        ),
        (
            "sslrootcert=/none sslmode=require",
            "find /none (parameter sslrootcert from connection string)",
        ),
        ("sslmode=verify-ca", "no root certificate"),
        (
            "sslmode=require sslrootcert=system",
            "verify-full when sslrootcert is system",
        ),
        ("sslnegotiation=direct", "unless sslmode is require"),
        ("mydb", "neither postgresql://"),
        ("mysql://h/db", "mysql:// is not PostgreSQL"),
    ];
    for (text, part) in cases {
        match ConnInfo::resolve(Some(text), None, &plain) {
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(part), "{text}: {error}");
                assert!(
                    !error.contains("secret") && !error.contains("words"),
                    "{text}: {error}"
                );
                assert!(
                    error.starts_with(|c: char| c.is_ascii_lowercase()),
                    "{text}: {error}"
                );
            }
            // The root certificate of a mode that does not verify is not looked at.
            Ok(info) => assert_eq!(
                (text, info.ssl().mode),
                ("sslrootcert=/none", SslMode::Prefer)
            ),
        }
    }
    let error = refuse("", &env(&[("PGPORT", "x")], &[]));
    assert!(
        error.to_string().contains("port from environment PGPORT"),
        "{error}"
    );
}

#[test]
fn harmless_parameters_are_tolerated() {
    let text = "host=h gssencmode=prefer fallback_application_name=x keepalives=1 keepalives_idle=3 krbsrvname=x \
                tcp_user_timeout=4 client_encoding=utf8 replication=false load_balance_hosts=random";
    assert_eq!(
        resolve(text, &env(&[("PGGSSENCMODE", "disable")], &[])).describe(),
        "h:5432/me as me"
    );
}

#[test]
fn options_are_sent_only_when_asked_for_by_name() {
    let env = env(&[("PGOPTIONS", "-c work_mem=1GB")], &[]);
    let info = resolve("host=h", &env);
    assert_eq!(info.options(), None);
    assert!(info.notes()[0].contains("PGOPTIONS is ignored"));
    assert_eq!(
        resolve("options='-c geqo=off'", &env).options(),
        Some("-c geqo=off")
    );
}

#[test]
fn small_parameters_have_their_values() {
    let plain = env(&[], &[]);
    let info = resolve("", &plain);
    assert_eq!(info.application_name(), "loadline");
    assert_eq!(info.connect_timeout(), None);
    assert_eq!(info.target(), TargetSession::Any);
    assert_eq!(info.channel_binding(), ChannelBinding::Prefer);
    let info = resolve(
        "connect_timeout=3 target_session_attrs=prefer-standby channel_binding=require",
        &plain,
    );
    assert_eq!(info.connect_timeout(), Some(Duration::from_secs(3)));
    assert_eq!(info.target(), TargetSession::PreferStandby);
    assert_eq!(info.channel_binding(), ChannelBinding::Require);
    for text in ["connect_timeout=0", "connect_timeout=-1"] {
        assert_eq!(resolve(text, &plain).connect_timeout(), None, "{text}");
    }
    assert_eq!(
        resolve("host=h", &plain)
            .with_database("pgbouncer")
            .describe(),
        "h:5432/pgbouncer as me"
    );
}

#[test]
fn nobody_without_a_name_connects() {
    let mut nobody = env(&[], &[]);
    nobody.os_user = None;
    assert!(matches!(refuse("host=h", &nobody), ConnInfoError::NoUser));
    assert_eq!(resolve("user=joe", &nobody).user(), "joe");
}

#[test]
fn tls_is_decided_as_libpq_would_or_safer() {
    let root = "/home/me/.postgresql/root.crt";
    let none = env(&[], &[]);
    let with = env(&[], &[(root, 0o644, ""), ("/ca.pem", 0o644, "")]);
    let old = env(&[("PGREQUIRESSL", "1")], &[]);
    let file = |path: &str| Roots::File(PathBuf::from(path));
    let cases = [
        ("", &none, SslMode::Prefer, Check::Nothing, Roots::Nobody),
        ("", &with, SslMode::Prefer, Check::Nothing, Roots::Nobody),
        ("", &old, SslMode::Require, Check::Nothing, Roots::Nobody),
        (
            "sslmode=disable",
            &with,
            SslMode::Disable,
            Check::Nothing,
            Roots::Nobody,
        ),
        (
            "sslmode=allow",
            &with,
            SslMode::Allow,
            Check::Nothing,
            Roots::Nobody,
        ),
        (
            "sslmode=require",
            &none,
            SslMode::Require,
            Check::Nothing,
            Roots::Nobody,
        ),
        (
            "sslmode=require",
            &with,
            SslMode::Require,
            Check::Chain,
            file(root),
        ),
        (
            "sslmode=require sslrootcert=/ca.pem",
            &with,
            SslMode::Require,
            Check::Chain,
            file("/ca.pem"),
        ),
        (
            "sslmode=verify-ca",
            &with,
            SslMode::VerifyCa,
            Check::Chain,
            file(root),
        ),
        (
            "sslmode=verify-full",
            &with,
            SslMode::VerifyFull,
            Check::ChainAndName,
            file(root),
        ),
        (
            "sslmode=verify-full",
            &none,
            SslMode::VerifyFull,
            Check::ChainAndName,
            Roots::System,
        ),
        (
            "sslrootcert=system",
            &with,
            SslMode::VerifyFull,
            Check::ChainAndName,
            Roots::System,
        ),
        (
            "postgres://h/?ssl=true",
            &none,
            SslMode::Require,
            Check::Nothing,
            Roots::Nobody,
        ),
    ];
    for (text, env, mode, check, roots) in cases {
        let info = resolve(text, env);
        let ssl = info.ssl();
        assert_eq!(
            (ssl.mode, ssl.check, &ssl.roots),
            (mode, check, &roots),
            "{text}"
        );
    }
    assert_eq!(
        resolve("sslmode=require", &with).origin("sslrootcert"),
        &Origin::DefaultFile(PathBuf::from(root))
    );
}

#[test]
fn client_certificates_come_in_pairs() {
    let dir = "/home/me/.postgresql";
    let (cert, key) = (
        format!("{dir}/postgresql.crt"),
        format!("{dir}/postgresql.key"),
    );
    let both = env(
        &[],
        &[
            (&cert, 0o644, ""),
            (&key, 0o600, ""),
            ("/c.pem", 0o644, ""),
            ("/k.pem", 0o600, ""),
        ],
    );
    let pair = |text: &str| {
        resolve(text, &both)
            .ssl()
            .client
            .clone()
            .map(|client| (client.cert, client.key))
    };
    assert_eq!(pair(""), Some((PathBuf::from(&cert), PathBuf::from(&key))));
    assert_eq!(
        pair("sslcert=/c.pem sslkey=/k.pem"),
        Some((PathBuf::from("/c.pem"), PathBuf::from("/k.pem")))
    );
    assert_eq!(pair("sslcertmode=disable"), None);
    let lone = env(&[], &[(&cert, 0o644, "")]);
    assert!(matches!(
        refuse("", &lone),
        ConnInfoError::NoFile { name: "sslkey", .. }
    ));
}

#[test]
fn versions_of_tls_are_bounded() {
    let plain = env(&[], &[]);
    let versions = |text: &str| {
        let info = resolve(text, &plain);
        (info.ssl().tls12, info.ssl().tls13)
    };
    assert_eq!(versions(""), (true, true));
    assert_eq!(versions("ssl_min_protocol_version=TLSv1"), (true, true));
    assert_eq!(versions("ssl_min_protocol_version=TLSv1.3"), (false, true));
    assert_eq!(versions("ssl_max_protocol_version=TLSv1.2"), (true, false));
    refuse(
        "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
        &plain,
    );
    refuse("ssl_max_protocol_version=TLSv1.1", &plain);
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _infallible = write!(out, "%{byte:02X}");
        out
    })
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

proptest! {
    /// However the password gets in, well written or not, no text that comes out has it.
    #[test]
    fn no_output_ever_has_the_password(
        tail in r"[a-zA-Z0-9 /@:?&=%'\\,#\[\]+-]{4,24}",
        head in r"[/@:?&=%'\\, ]{0,2}",
        port in "[0-9x]{1,6}",
    ) {
        let secret = format!("{head}Zq{tail}");
        let passfile = format!("*:*:*:*:{}\n", secret.replace('\\', r"\\").replace(':', r"\:"));
        let service = format!("[s]\nhost=h\npassword={secret}\nport={port}\n[broken]\npassword {secret}\n{secret}\n");
        let env = env(
            &[("PGPASSWORD", &secret)],
            &[("/home/me/.pgpass", 0o600, &passfile), ("/home/me/.pg_service.conf", 0o644, &service)],
        );
        let texts = [
            format!("postgres://joe:{secret}@db:{port}/app"),
            format!("postgres://joe:{}@db:{port}/app", percent(&secret)),
            format!("postgres://db/app?password={secret}"),
            format!("postgres://db/app?password={secret}&prot={port}"),
            format!("host=db password={secret} port={port}"),
            format!("host=db password={} port={port}", quote(&secret)),
            format!("password={} hots=db", quote(&secret)),
            "host=db".to_owned(),
            "host=db password=''".to_owned(),
            "service=s".to_owned(),
            "service=broken".to_owned(),
            secret.clone(),
        ];
        let shown = format!("{env:?}");
        prop_assert!(!shown.contains(&secret));
        for text in texts {
            let output = match ConnInfo::resolve(Some(&text), None, &env) {
                Ok(info) => {
                    let origins: Vec<String> =
                        info.origins().map(|(name, origin)| format!("{name} {origin} {origin:?}")).collect();
                    format!("{info:?} {} {origins:?} {:?}", info.describe(), info.notes())
                }
                Err(error) => format!("{error} {error:?}"),
            };
            prop_assert!(!output.contains(&secret), "{text} gave {output}");
        }
    }

    /// A password that is written properly arrives unchanged.
    #[test]
    fn passwords_survive_both_forms(secret in r"[\PC&&[^\x00]]{1,16}") {
        let env = env(&[], &[]);
        for text in [format!("postgres://joe:{}@db/app", percent(&secret)), format!("password={}", quote(&secret))] {
            let info = resolve(&text, &env);
            prop_assert_eq!(password(&info), Some(secret.as_str()));
        }
    }

    /// Nothing that can be typed makes the parser fall over.
    #[test]
    fn any_text_is_answered(text in r"(postgres://)?[a-z0-9 /@:?&=%'\\,\[\]ż]{0,40}") {
        let _answer = ConnInfo::resolve(Some(&text), None, &env(&[], &[]));
    }
}
