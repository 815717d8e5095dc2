//! The public key of a certificate of any version.
//!
//! PostgreSQL's manual signs the server's certificate with a command that, with the OpenSSL of many systems, makes one of
//! version 1. rustls takes no such certificate, not even when nobody asked it to be verified, while `psql` connects. The
//! key is all that is needed then, and finding it takes no more than walking over the fields before it.

use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// One element: its tag, its content, and its whole text.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

/// Takes the first element off the input. Long forms beyond three bytes of length are no certificates.
fn take<'a>(input: &mut &'a [u8]) -> Option<Element<'a>> {
    let [tag, first, tail @ ..] = *input else {
        return None;
    };
    let (length, head) = match *first {
        short @ 0..=0x7f => (usize::from(short), 2),
        long @ 0x81..=0x83 => {
            let digits = tail.get(..usize::from(long & 0x7f))?;
            let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
            (length, 2 + digits.len())
        }
        _ => return None,
    };
    let whole = input.get(..head + length)?;
    let content = input.get(head..head + length)?;
    *input = input.get(head + length..)?;
    Some(Element { tag: *tag, content, whole })
}

/// The public key with its algorithm, as the certificate has it.
pub(super) fn public_key(cert: &CertificateDer<'_>) -> Option<SubjectPublicKeyInfoDer<'static>> {
    let mut outer = cert.as_ref();
    let mut cert = take(&mut outer).filter(|element| element.tag == SEQUENCE)?.content;
    let mut fields = take(&mut cert).filter(|element| element.tag == SEQUENCE)?.content;
    let mut next = take(&mut fields)?;
    if next.tag == VERSION {
        next = take(&mut fields)?;
    }
    if next.tag != INTEGER {
        return None;
    }
    // Signature algorithm, issuer, validity and subject stand between the serial number and the key.
    for _ in 0..4 {
        take(&mut fields).filter(|element| element.tag == SEQUENCE)?;
    }
    let key = take(&mut fields).filter(|element| element.tag == SEQUENCE)?;
    Some(SubjectPublicKeyInfoDer::from(key.whole.to_vec()))
}

/// The same certificate in version 1: without its version and its extensions, and with a signature that no longer fits.
#[cfg(test)]
pub(super) fn as_version_1(cert: &CertificateDer<'_>) -> CertificateDer<'static> {
    const EXTENSIONS: u8 = 0xa3;
    let wrap = |content: Vec<u8>| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        // The shortest form is the only right one.
        let head: &[u8] = match length {
            [0, short @ ..0x80] => &[SEQUENCE, short],
            [0, byte] => &[SEQUENCE, 0x81, byte],
            [high, low] => &[SEQUENCE, 0x82, high, low],
        };
        [head, &content].concat()
    };
    let mut outer = cert.as_ref();
    let mut rest = take(&mut outer).unwrap().content;
    let mut fields = take(&mut rest).unwrap().content;
    let mut kept = Vec::new();
    while let Some(element) = take(&mut fields) {
        if ![VERSION, EXTENSIONS].contains(&element.tag) {
            kept.extend(element.whole);
        }
    }
    CertificateDer::from(wrap([wrap(kept), rest.to_vec()].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::server::ParsedCertificate;

    #[test]
    fn finds_the_key_in_both_versions_and_in_no_rubbish() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let cert = made.cert.der();
        let parsed = ParsedCertificate::try_from(cert).unwrap();
        let want = Some(parsed.subject_public_key_info().as_ref().to_vec());
        let old = as_version_1(cert);
        let refusal = ParsedCertificate::try_from(&old).err().unwrap().to_string();
        assert!(refusal.contains("UnsupportedCertVersion"), "{refusal}");
        for cert in [cert, &old] {
            assert_eq!(public_key(cert).map(|key| key.as_ref().to_vec()), want);
            for cut in 0..cert.len() {
                assert_eq!(public_key(&CertificateDer::from(&cert[..cut])), None);
            }
        }
    }
}
