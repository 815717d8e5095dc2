//! Preparing and making the TLS handshake.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, SubjectPublicKeyInfoDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{CertificateError, ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::der;
use super::error::ConnectKind;
use super::failure::Failure;
use super::verifier::Verifier;
use super::wire::Encrypted;
use crate::source::postgres::conninfo::{Check, ClientCert, HostSpec, Roots, SslInfo, TlsVersions};

/// Certificates and settings, read from disk once for all hosts.
#[derive(Clone)]
pub(super) struct Prepared {
    connector: MakeRustlsConnect,
    check: Check,
    direct: bool,
}

/// What one host's handshake needs.
#[derive(Clone)]
pub(super) struct Handshake {
    connector: MakeRustlsConnect,
    name: String,
    direct: bool,
}

impl Prepared {
    /// Reads the files; blocking, and slow where the system has many roots.
    pub(super) fn load(ssl: &SslInfo) -> Result<Self, Failure> {
        let roots = roots(&ssl.roots)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let versions: &[&'static SupportedProtocolVersion] = match ssl.versions {
            TlsVersions::Both => &[&TLS13, &TLS12],
            TlsVersions::Only12 => &[&TLS12],
            TlsVersions::Only13 => &[&TLS13],
        };
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|error| trouble(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier::new(ssl.check, roots, algorithms)));
        let mut config = match &ssl.client {
            None => builder.with_no_client_auth(),
            Some(files) => builder.with_client_cert_resolver(Arc::new(client_cert(files, &provider)?)),
        };
        config.enable_sni = ssl.sni;
        if ssl.direct {
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(Self { connector: MakeRustlsConnect::new(config), check: ssl.check, direct: ssl.direct })
    }

    /// The handshake with one host at one address.
    pub(super) fn with(&self, host: &HostSpec, addr: IpAddr) -> Result<Handshake, Failure> {
        let name = match host.server_name() {
            // A name that no certificate can hold, such as one with a space, only matters when names are checked.
            Some(name) if self.check == Check::ChainAndName || ServerName::try_from(name).is_ok() => name.to_owned(),
            None if self.check == Check::ChainAndName => {
                return Err(trouble("sslmode=verify-full needs a host name beside hostaddr"));
            }
            Some(_) | None => addr.to_string(),
        };
        Ok(Handshake { connector: self.connector.clone(), name, direct: self.direct })
    }
}

impl Handshake {
    pub(super) fn is_direct(&self) -> bool {
        self.direct
    }

    pub(super) async fn perform(&self, stream: TcpStream) -> Result<Encrypted, Failure> {
        let mut connector = self.connector.clone();
        let Ok(connect) = MakeTlsConnect::<TcpStream>::make_tls_connect(&mut connector, &self.name);
        connect.connect(stream).await.map_err(|error| match Failure::talking(&error) {
            Failure { kind: ConnectKind::Closed, .. } => trouble("the server hung up during the TLS handshake"),
            failure => Failure { kind: ConnectKind::Tls, ..failure },
        })
    }
}

fn trouble(detail: impl Into<String>) -> Failure {
    Failure::new(ConnectKind::Tls, detail)
}

fn roots(roots: &Roots) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let (certs, place) = match roots {
        Roots::Nobody => return Ok(Vec::new()),
        Roots::File(path) => (certificates(path)?, path.display().to_string()),
        Roots::System => (rustls_native_certs::load_native_certs().certs, "the system's store".to_owned()),
    };
    let mut store = RootCertStore::empty();
    let (usable, _) = store.add_parsable_certificates(certs.iter().cloned());
    if usable == 0 { Err(trouble(format!("no usable root certificate in {place}"))) } else { Ok(certs) }
}

#[expect(clippy::disallowed_methods, reason = "certificates are files that the connection names")]
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let pem = std::fs::read(path).map_err(|error| trouble(format!("cannot read {}: {error}", path.display())))?;
    CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| trouble(format!("{} is no PEM file of certificates: {error}", path.display())))
}

#[expect(clippy::disallowed_methods, reason = "the key is a file that the connection names")]
fn client_cert(files: &ClientCert, provider: &CryptoProvider) -> Result<SingleCertAndKey, Failure> {
    let chain = certificates(&files.cert)?;
    let (cert, path) = (files.cert.display(), files.key.display());
    private(&files.key)?;
    let pem = std::fs::read(&files.key).map_err(|error| trouble(format!("cannot read {path}: {error}")))?;
    // The parser's own error may quote a line of the file, which is a key: it is not repeated.
    let key = PrivateKeyDer::from_pem_slice(&pem)
        .ok()
        .and_then(|key| provider.key_provider.load_private_key(key).ok())
        .ok_or_else(|| trouble(format!("{path} holds no usable private key without a passphrase")))?;
    let first = chain.first().ok_or_else(|| trouble(format!("no certificate in {cert}")))?;
    if der::public_key(first) != key.public_key().map(SubjectPublicKeyInfoDer::into_owned) {
        return Err(trouble(format!("{cert} and {path} do not belong together")));
    }
    Ok(CertifiedKey::new(chain, key).into())
}

/// libpq's rule: nobody else may read the key, except for the group when it belongs to root.
#[cfg(unix)]
fn private(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = std::fs::metadata(path).map_err(|error| trouble(format!("cannot read {}: {error}", path.display())))?;
    let forbidden = if meta.uid() == 0 { 0o027 } else { 0o077 };
    if meta.mode() & forbidden == 0 {
        Ok(())
    } else {
        Err(trouble(format!("private key {} can be read by others; chmod 0600 it", path.display())))
    }
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// What a TLS error means, with what is usually behind it.
pub(super) fn explain(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(why) = error else {
        return format!("TLS failed: {error}");
    };
    match why {
        CertificateError::UnknownIssuer => "the server's certificate is signed by nobody we trust".to_owned(),
        CertificateError::NotValidForName => "the server's certificate is for another host name".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            "the server's certificate names no host in its subjectAltName (a common name does not count)".to_owned()
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            let names = names.join(", ");
            format!("the server's certificate is for another host name, namely {names}")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet; compare the clocks".to_owned()
        }
        CertificateError::Other(why) if why.0.to_string() == "UnsupportedCertVersion" => {
            "the server's certificate is of version 1 and cannot be verified; issue one of version 3".to_owned()
        }
        other => format!("the server's certificate is not acceptable: {other}"),
    }
}

/// The name alone, out of the library's `DnsName("…")`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, inner)| inner);
    inner.trim_end_matches(')').trim_matches('"')
}
