//! What `sslmode` and its companions come to.

use std::path::PathBuf;

use super::{env, refuse, resolve};
use crate::source::postgres::conninfo::{Check, ConnInfoError, Origin, Roots, SslMode, TlsVersions};

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
        ("sslmode=disable", &with, SslMode::Disable, Check::Nothing, Roots::Nobody),
        ("sslmode=allow", &with, SslMode::Allow, Check::Nothing, Roots::Nobody),
        ("sslmode=require", &none, SslMode::Require, Check::Nothing, Roots::Nobody),
        ("sslmode=require", &with, SslMode::Require, Check::Chain, file(root)),
        ("sslmode=require sslrootcert=/ca.pem", &with, SslMode::Require, Check::Chain, file("/ca.pem")),
        ("sslmode=verify-ca", &with, SslMode::VerifyCa, Check::Chain, file(root)),
        ("sslmode=verify-full", &with, SslMode::VerifyFull, Check::ChainAndName, file(root)),
        ("sslmode=verify-full", &none, SslMode::VerifyFull, Check::ChainAndName, Roots::System),
        ("sslrootcert=system", &with, SslMode::VerifyFull, Check::ChainAndName, Roots::System),
        ("postgres://h/?ssl=true", &none, SslMode::Require, Check::Nothing, Roots::Nobody),
    ];
    for (text, env, mode, check, roots) in cases {
        let info = resolve(text, env);
        let ssl = info.ssl();
        assert_eq!((ssl.mode, ssl.check, &ssl.roots), (mode, check, &roots), "{text}");
    }
    assert_eq!(resolve("sslmode=require", &with).origin("sslrootcert"), &Origin::DefaultFile(PathBuf::from(root)));
}

#[test]
fn client_certificates_come_in_pairs() {
    let dir = "/home/me/.postgresql";
    let (cert, key) = (format!("{dir}/postgresql.crt"), format!("{dir}/postgresql.key"));
    let both = env(&[], &[(&cert, 0o644, ""), (&key, 0o600, ""), ("/c.pem", 0o644, ""), ("/k.pem", 0o600, "")]);
    let pair = |text: &str| resolve(text, &both).ssl().client.clone().map(|client| (client.cert, client.key));
    assert_eq!(pair(""), Some((PathBuf::from(&cert), PathBuf::from(&key))));
    assert_eq!(pair("sslcert=/c.pem sslkey=/k.pem"), Some((PathBuf::from("/c.pem"), PathBuf::from("/k.pem"))));
    assert_eq!(pair("sslcertmode=disable"), None);
    let lone = env(&[], &[(&cert, 0o644, "")]);
    assert!(matches!(refuse("", &lone), ConnInfoError::NoFile { name: "sslkey", .. }));
}

#[test]
fn versions_of_tls_are_bounded() {
    let plain = env(&[], &[]);
    let versions = |text: &str| resolve(text, &plain).ssl().versions;
    assert_eq!(versions(""), TlsVersions::Both);
    assert_eq!(versions("ssl_min_protocol_version=TLSv1"), TlsVersions::Both);
    assert_eq!(versions("ssl_min_protocol_version=TLSv1.3"), TlsVersions::Only13);
    assert_eq!(versions("ssl_max_protocol_version=TLSv1.2"), TlsVersions::Only12);
    refuse("ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2", &plain);
    refuse("ssl_max_protocol_version=TLSv1.1", &plain);
}
