//! The grades of trust against a TLS server made of rustls, with certificates made on the spot.

#![expect(clippy::disallowed_methods, reason = "certificates of a test are files")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ResolvesServerCert, ServerConnection};
use rustls::sign::SingleCertAndKey;
use rustls::{ServerConfig, StreamOwned};

use super::der::as_version_1;
use super::{ConnectError, ConnectKind, connect};
use crate::source::postgres::conninfo::{ConnInfo, Env};

const LONG: Duration = Duration::from_secs(20);

/// Logged in without a password, ready for a question.
const WELCOME: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";

struct Pair {
    cert: CertificateDer<'static>,
    key: KeyPair,
}

/// An authority, the certificate it signed for `localhost`, and a stranger.
struct Lab {
    dir: tempfile::TempDir,
    server: Pair,
    own: Pair,
    old: Pair,
}

impl Lab {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let authority = |name: &str| {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.distinguished_name.push(rcgen::DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
        };
        let (known, stranger) = (authority("known"), authority("stranger"));
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned()];
        let params = CertificateParams::new(names.clone()).unwrap();
        let cert = params.signed_by(&key, &known).unwrap().der().clone();
        let server = Pair { cert, key };
        // As PostgreSQL's manual makes one: self-signed and marked as an authority.
        let mut params = CertificateParams::new(names).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        std::fs::write(dir.path().join("known.crt"), known.pem()).unwrap();
        std::fs::write(dir.path().join("stranger.crt"), stranger.pem()).unwrap();
        std::fs::write(dir.path().join("own.crt"), own.pem()).unwrap();
        let old =
            Pair { cert: as_version_1(&server.cert), key: KeyPair::from_pem(&server.key.serialize_pem()).unwrap() };
        let own = Pair { cert: own.der().clone(), key };
        Self { dir, server, own, old }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// A server that agrees to TLS with this certificate and lets everybody in.
fn serve(pair: &Pair) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pair.key.serialize_der()));
    let key = provider.key_provider.load_private_key(key).unwrap();
    let certified = rustls::sign::CertifiedKey::new(vec![pair.cert.clone()], key);
    let resolver: Arc<dyn ResolvesServerCert> = Arc::new(SingleCertAndKey::from(certified));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            std::thread::spawn(move || welcome(stream, config));
        }
    });
    port
}

/// Agrees to TLS, or, asked for a clear login, agrees to that.
fn welcome(mut stream: std::net::TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    use std::io::{Read as _, Write as _};
    let mut request = [0; 8];
    stream.read_exact(&mut request)?;
    if request[4..] != [0x04, 0xd2, 0x16, 0x2f] {
        stream.write_all(WELCOME)?;
        return stream.read(&mut request).map(drop);
    }
    stream.write_all(b"S")?;
    let session = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(session, stream);
    let mut login = [0; 512];
    let _read = stream.read(&mut login)?;
    stream.write_all(WELCOME)?;
    stream.read(&mut login).map(drop)
}

/// Connects and says whether it is encrypted.
async fn attempt(port: u16, extra: &str, root: Option<&Path>) -> Result<bool, ConnectError> {
    let root = root.map(|path| format!("sslrootcert='{}'", path.display())).unwrap_or_default();
    let env = Env { vars: BTreeMap::new(), home: None, ..Env::from_process() };
    let text = format!("hostaddr=127.0.0.1 port={port} user=u {extra} {root}");
    let info = ConnInfo::resolve(Some(&text), None, &env).unwrap();
    connect(&info, LONG).await.map(|connected| connected.is_encrypted())
}

/// Server, parameters, root certificate, and what comes of it.
const TRUST: &[&str] = &[
    "signed | sslmode=disable host=localhost | | clear",
    "signed | sslmode=allow host=localhost | | clear",
    "signed | sslmode=prefer host=localhost | | encrypted",
    "signed | sslmode=require | | encrypted",
    "signed | sslmode=require host='not a name' | | encrypted",
    "signed | sslmode=require ssl_max_protocol_version=TLSv1.2 | | encrypted",
    "signed | sslmode=require ssl_min_protocol_version=TLSv1.3 | | encrypted",
    "signed | sslmode=require host=localhost | known.crt | encrypted",
    "signed | sslmode=require host=elsewhere | known.crt | encrypted",
    "signed | sslmode=require host=localhost | stranger.crt | signed by nobody we trust",
    "signed | sslmode=verify-ca | known.crt | encrypted",
    "signed | sslmode=verify-ca host=elsewhere | known.crt | encrypted",
    "signed | sslmode=verify-ca host=localhost | stranger.crt | signed by nobody we trust",
    "signed | sslmode=verify-full host=localhost | known.crt | encrypted",
    "signed | sslmode=verify-full host=elsewhere | known.crt | another host name, namely localhost",
    "signed | sslmode=verify-full host=localhost | stranger.crt | signed by nobody we trust",
    "signed | sslmode=verify-full | known.crt | needs a host name beside hostaddr",
    "own | sslmode=verify-full host=localhost | own.crt | encrypted",
    "own | sslmode=verify-full host=elsewhere | own.crt | another host name, namely localhost",
    "own | sslmode=verify-ca host=elsewhere | own.crt | encrypted",
    "old | sslmode=require | | encrypted",
    "old | sslmode=prefer | | encrypted",
    "old | sslmode=require ssl_max_protocol_version=TLSv1.2 | | of version 1",
    "old | sslmode=verify-ca | known.crt | of version 1",
    "own | sslmode=verify-ca host=localhost | known.crt | CaUsedAsEndEntity",
];

#[tokio::test]
async fn each_mode_trusts_as_much_as_it_says() {
    let lab = Lab::new();
    let (signed, own, old) = (serve(&lab.server), serve(&lab.own), serve(&lab.old));
    for row in TRUST {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let port = match cells[0] {
            "own" => own,
            "old" => old,
            _ => signed,
        };
        let root = (!cells[2].is_empty()).then(|| lab.file(cells[2]));
        match attempt(port, cells[1], root.as_deref()).await {
            Ok(encrypted) => assert_eq!(encrypted, cells[3] == "encrypted", "{row}"),
            Err(error) => {
                assert_eq!(error.kind(), ConnectKind::Tls, "{row}: {error}");
                assert!(error.to_string().contains(cells[3]), "{row}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn files_that_are_no_certificates_are_named() {
    let lab = Lab::new();
    let port = serve(&lab.server);
    let (rubbish, broken) = (lab.file("rubbish.crt"), lab.file("broken.crt"));
    std::fs::write(&rubbish, "no certificate here").unwrap();
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    for file in [rubbish, broken] {
        let error = attempt(port, "sslmode=verify-full host=localhost", Some(&file)).await.unwrap_err();
        assert_eq!(error.kind(), ConnectKind::Tls);
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    }
    let key = lab.file("key.pem");
    std::fs::write(&key, lab.server.key.serialize_pem()).unwrap();
    let cert = lab.file("known.crt");
    #[cfg(unix)]
    for (mode, part) in [(0o644, "can be read by others"), (0o600, "do not belong together")] {
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let pair = format!("sslmode=require sslcert='{}' sslkey='{}'", cert.display(), key.display());
        let error = attempt(port, &pair, None).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}
