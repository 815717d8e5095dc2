//! Encrypted connections: whom we trust, and who we then believe is there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::lab::{Lab, Options, Part, Role, Server};
use crate::standin::broken::closed_port;
use crate::support::{Folder, Loadline, loadline};

/// An authority that has signed for `localhost`, and one that has signed nothing.
struct Trust {
    folder: Folder,
    known: PathBuf,
    stranger: PathBuf,
}

impl Trust {
    /// Puts certificate and key of a server into the lab's folder.
    fn with_server(lab: &Lab) -> (Self, PathBuf, PathBuf) {
        let authority = |name: &str| {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
        };
        let (known, stranger) = (authority("known"), authority("stranger"));
        let key = KeyPair::generate().unwrap();
        let signed = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &known).unwrap();
        let certificate = lab.crew().write("server.crt", &signed.pem());
        let key = lab.crew().write("server.key", &key.serialize_pem());
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a key is closed to others");
        let folder = Folder::new();
        let (known, stranger) =
            (folder.write("known.crt", &known.pem()), folder.write("stranger.crt", &stranger.pem()));
        (Self { folder, known, stranger }, certificate, key)
    }
}

/// A `PostgreSQL` that lets nobody in over TCP who does not encrypt.
fn encrypted_postgres() -> (Lab, Trust) {
    let lab = Lab::start(Options::postgres());
    let (trust, certificate, key) = Trust::with_server(&lab);
    let set = |name: &str, value: &str| {
        lab.sql(Server::Primary, &format!("alter system set {name} = '{value}'"));
    };
    set("ssl_cert_file", certificate.to_str().unwrap());
    set("ssl_key_file", key.to_str().unwrap());
    set("ssl", "on");
    let access = lab.sql(Server::Primary, "show hba_file");
    fs::write(&access, "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n").expect("the lab is ours");
    lab.sql(Server::Primary, "select pg_reload_conf()");
    let encrypted = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    lab.wait_until("the server encrypts", std::time::Duration::from_secs(10), || {
        lab.try_sql(Server::Primary, Role::Superuser, "shop", encrypted).as_deref() == Ok("t")
    });
    (lab, trust)
}

/// Whether an audit came in; if not, why.
fn outcome(run: Loadline, source: &str) -> Result<(), String> {
    let run = run.run();
    let report = run.report();
    let fault = &report.source(source)["fault"];
    assert_eq!(run.code, if fault.is_null() { 0 } else { 20 }, "{run}");
    if fault.is_null() { Ok(()) } else { Err(fault.to_string()) }
}

#[test]
fn sslmode_means_what_it_means_to_libpq() {
    let (lab, trust) = encrypted_postgres();
    let ask = |host: &str, mode: &str, root: Option<&Path>| {
        let url = format!("{}?sslmode={mode}", lab.primary_url(Role::Monitor)).replace("127.0.0.1", host);
        let url = root.map_or(url.clone(), |root| format!("{url}&sslrootcert={}", root.display()));
        outcome(
            loadline("audit --format json --window 0 --only postgres.connection-saturation --postgres").arg(url),
            "postgres",
        )
    };
    let refused = ask("127.0.0.1", "disable", None).expect_err("the server wants encryption");
    assert!(refused.contains("no encryption") || refused.contains("pg_hba.conf"), "{refused}");
    for mode in ["prefer", "require"] {
        assert_eq!(ask("127.0.0.1", mode, None), Ok(()), "{mode} encrypts and trusts anybody");
    }
    let (known, stranger) = (Some(trust.known.as_path()), Some(trust.stranger.as_path()));
    assert_eq!(ask("localhost", "verify-full", known), Ok(()));
    assert_eq!(ask("127.0.0.1", "verify-ca", known), Ok(()), "the name does not matter to it");
    let other_name = ask("127.0.0.1", "verify-full", known).expect_err("the certificate is for localhost");
    assert!(other_name.contains("certificate"), "{other_name}");
    for mode in ["verify-ca", "verify-full"] {
        let untrusted = ask("localhost", mode, stranger).expect_err("a stranger has signed nothing");
        assert!(untrusted.contains("certificate"), "{untrusted}");
    }
    // As libpq does: a root certificate turns `require` into `verify-ca`.
    assert!(ask("localhost", "require", stranger).is_err());
    drop(trust.folder);
}

#[test]
fn a_redis_user_comes_in_over_tls_only_where_the_authority_is_known() {
    let lab = Lab::start(Options::redis());
    let (trust, certificate, key) = Trust::with_server(&lab);
    let (port, plain) = (closed_port().to_string(), lab.state().port(Part::Redis).to_string());
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let words = ["tls-cert-file", certificate, "tls-key-file", key, "tls-auth-clients", "no", "tls-port", &port];
    let said = lab.redis(&[&["CONFIG", "SET"], &words[..]].concat());
    assert_eq!(said, "OK", "this redis-server encrypts");
    let ask = |scheme: &str, host: &str, port: &str, root: &Path| {
        let url = format!("{scheme}://monitor:{}@{host}:{port}/0", lab.state().passwords.monitor);
        let run =
            loadline("audit --format json --window 0 --connect-timeout 3s --only redis.clients-near-limit --redis")
                .arg(url);
        outcome(run.env("SSL_CERT_FILE", root), "redis")
    };
    let (known, stranger) = (trust.known.as_path(), trust.stranger.as_path());
    assert_eq!(ask("rediss", "localhost", &port, known), Ok(()));
    let untrusted = ask("rediss", "localhost", &port, stranger).expect_err("a stranger has signed nothing");
    assert!(untrusted.contains("certificate") && untrusted.contains("unreachable"), "{untrusted}");
    assert!(ask("rediss", "127.0.0.1", &port, known).is_err(), "the certificate is for localhost");
    assert!(ask("redis", "localhost", &port, known).is_err(), "clear words to an encrypted port");
    assert!(ask("rediss", "localhost", &plain, known).is_err(), "encrypted words to a clear port");
    drop(trust.folder);
}
