//! libpq's three grades of trust, on rustls.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature, verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::der;
use crate::source::postgres::conninfo::Check;

/// Checks as much as the mode asks for.
///
/// The signatures of the handshake are checked in every mode: channel binding rests on them.
#[derive(Debug)]
pub(super) struct Verifier {
    check: Check,
    trusted: Vec<CertificateDer<'static>>,
    roots: RootCertStore,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    pub(super) fn new(
        check: Check,
        trusted: Vec<CertificateDer<'static>>,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(trusted.iter().cloned());
        Self { check, trusted, roots, algorithms }
    }

    /// Whether this very certificate was put among the roots.
    ///
    /// PostgreSQL's manual makes a self-signed certificate in one command and copies it to `root.crt`. It is marked as
    /// an authority, which rustls does not take from a server, although it could not be trusted more. The complaint
    /// about the mark comes after the check of the dates, so an expired one is still refused.
    fn is_pinned(&self, cert: &CertificateDer<'_>, error: &Error) -> bool {
        is(error, "CaUsedAsEndEntity") && self.trusted.iter().any(|trusted| trusted == cert)
    }
}

/// Whether it is this complaint about a certificate. The library passes the less usual ones on under their bare names.
fn is(error: &Error, name: &str) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::Other(why)) if why.0.to_string() == name)
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.check == Check::Nothing {
            return Ok(ServerCertVerified::assertion());
        }
        let cert = ParsedCertificate::try_from(end_entity)?;
        match verify_server_cert_signed_by_trust_anchor(&cert, &self.roots, intermediates, now, self.algorithms.all) {
            Ok(()) => {}
            Err(error) if self.is_pinned(end_entity, &error) => {}
            Err(error) => return Err(error),
        }
        if self.check == Check::ChainAndName {
            verify_server_name(&cert, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match verify_tls13_signature(message, cert, dss, &self.algorithms) {
            Err(error) if self.check == Check::Nothing && is(&error, "UnsupportedCertVersion") => {
                let key = der::public_key(cert).ok_or(error)?;
                verify_tls13_signature_with_raw_key(message, &key, dss, &self.algorithms)
            }
            outcome => outcome,
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
