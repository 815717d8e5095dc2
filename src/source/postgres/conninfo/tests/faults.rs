//! What is refused, and in which words.

use super::{env, refuse, resolve};
use crate::source::postgres::conninfo::{ConnInfo, ConnInfoError, SslMode};

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
        let error = refuse("service=s", &env(&[], &[("/home/me/.pg_service.conf", 0o644, text)])).to_string();
        let place = format!("service file /home/me/.pg_service.conf line {line}: ");
        assert!(error.contains(&place) && error.contains(part), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn unknown_and_impossible_parameters_are_named() {
    let plain = env(&[], &[]);
    let cases = [
        ("sslmod=require", "parameter \"sslmod\" from connection string: it is unknown; known are service, host, "),
        ("postgres://h/db?sslmod=x", "parameter \"sslmod\" from connection string"),
        ("password=two words=x", "quote or encode the password"),
        ("postgres://h?password=two&words=x", "quote or encode the password"),
        ("re/plication=x", "unreadable name"),
        ("port=0", "parameter port from connection string: it must be a number from 1 to 65535"),
        ("port=65536", "1 to 65535"),
        ("postgres://joe:secret", "1 to 65535"),
        ("host=a,b port=1,2,3", "2 hosts but 3 entries in port"),
        ("host=a,b hostaddr=1.1.1.1", "2 hosts but 1 entries in hostaddr"),
        ("hostaddr=db", "hostaddr from connection string: it must be an IP address"),
        ("host=@abstract", "abstract sockets"),
        ("connect_timeout=soon", "connect_timeout from connection string: it must be a whole number"),
        ("sslmode=on", "sslmode from connection string: it must be disable, allow"),
        ("target_session_attrs=master", "read-write, read-only"),
        ("channel_binding=yes", "disable, prefer or require"),
        ("replication=database", "replication from connection string: an audit asks questions"),
        ("require_auth=scram-sha-256", "require_auth from connection string: the login method"),
        ("gssencmode=require", "GSSAPI encryption is not supported"),
        ("sslcrl=/x", "revocation lists are not supported"),
        ("sslrootcert=/none", "find /none (parameter sslrootcert from connection string)"),
        ("sslrootcert=/none sslmode=require", "find /none (parameter sslrootcert from connection string)"),
        ("sslmode=verify-ca", "no root certificate"),
        ("sslmode=require sslrootcert=system", "verify-full when sslrootcert is system"),
        ("sslnegotiation=direct", "unless sslmode is require"),
        ("mydb", "neither postgresql://"),
        ("mysql://h/db", "mysql:// is not PostgreSQL"),
    ];
    for (text, part) in cases {
        match ConnInfo::resolve(Some(text), None, &plain) {
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(part), "{text}: {error}");
                assert!(!error.contains("secret") && !error.contains("words"), "{text}: {error}");
                assert!(error.starts_with(|c: char| c.is_ascii_lowercase()), "{text}: {error}");
            }
            // The root certificate of a mode that does not verify is not looked at.
            Ok(info) => assert_eq!((text, info.ssl().mode), ("sslrootcert=/none", SslMode::Prefer)),
        }
    }
    let error = refuse("", &env(&[("PGPORT", "x")], &[]));
    assert!(error.to_string().contains("port from environment PGPORT"), "{error}");
}

#[test]
fn harmless_parameters_are_tolerated() {
    let text = "host=h gssencmode=prefer fallback_application_name=x keepalives=1 keepalives_idle=3 krbsrvname=x \
                tcp_user_timeout=4 client_encoding=utf8 replication=false load_balance_hosts=random";
    assert_eq!(resolve(text, &env(&[("PGGSSENCMODE", "disable")], &[])).describe(), "h:5432/me as me");
}

#[test]
fn nobody_without_a_name_connects() {
    let mut nobody = env(&[], &[]);
    nobody.os_user = None;
    assert!(matches!(refuse("host=h", &nobody), ConnInfoError::NoUser));
    assert_eq!(resolve("user=joe", &nobody).user(), "joe");
}
