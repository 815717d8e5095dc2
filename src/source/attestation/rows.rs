//! The rows of both tables, one a file. A file that cannot be read is a row that says why.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::{
    super::files,
    file::{AnswerFile, Evidence, Piece, WaiverFile},
};
use crate::snapshot::Fault;

/// The largest file that is read: a page or two of words.
const CAP_BYTES: u64 = 256 * 1024;

/// The largest file whose SHA-256 is compared.
const CAP_EVIDENCE_BYTES: u64 = 256 * 1024 * 1024;

/// The answers of a folder.
pub(super) fn answers(folder: &Path) -> Result<Vec<Json>, Fault> {
    let paths = files::tomls(folder, "name a folder of answers: <pack>.<criterion>.toml")?;
    Ok(paths.iter().map(|path| answer(folder, path)).collect())
}

/// The waivers of a folder.
pub(super) fn waivers(folder: &Path) -> Result<Vec<Json>, Fault> {
    let paths = files::tomls(folder, "name a folder of waivers, one file each")?;
    Ok(paths.iter().map(|path| waiver(folder, path)).collect())
}

fn answer(folder: &Path, path: &Path) -> Json {
    let (criterion, file) = (stem(path), shown(folder, path));
    let read = || {
        let of = AnswerFile::parse(&name(path), &files::text(path, CAP_BYTES)?)?;
        let evidence = evidence_words(folder, &of.evidence)?;
        Ok::<_, String>((of, evidence))
    };
    match read() {
        Ok((of, evidence)) => json!({
            "criterion": criterion, "answer": of.answer.word(), "by": of.by, "on": of.on.to_string(),
            "expires": of.expires.to_string(), "approved_by": of.approved_by, "mark": of.question,
            "evidence": evidence, "note": of.note, "file": file,
        }),
        Err(why) => json!({ "criterion": criterion, "fault": why, "file": file }),
    }
}

fn waiver(folder: &Path, path: &Path) -> Json {
    let file = shown(folder, path);
    match files::text(path, CAP_BYTES).and_then(|text| WaiverFile::parse(&name(path), &text)) {
        Ok(of) => json!({
            "check": of.check, "subject": of.subject, "reason": of.reason, "owner": of.owner,
            "on": of.on.to_string(), "expires": of.expires.to_string(), "approved_by": of.approved_by,
            "ticket": of.ticket, "file": file,
        }),
        Err(why) => json!({ "fault": why, "file": file }),
    }
}

/// Evidence in a sentence, once every file with a SHA-256 was seen to be the one that was meant.
///
/// # Errors
/// A file that cannot be read or has changed, or a piece that says nothing.
pub fn evidence_words(folder: &Path, evidence: &Evidence) -> Result<String, String> {
    let pieces = match evidence {
        Evidence::Text(text) => return Ok(text.trim().to_owned()),
        Evidence::Pieces(pieces) => pieces,
    };
    let words: Result<Vec<_>, _> = pieces.iter().map(|piece| words(folder, piece)).collect();
    Ok(words?.join("; "))
}

fn words(folder: &Path, piece: &Piece) -> Result<String, String> {
    if let (Some(file), Some(expected)) = (&piece.file, &piece.sha256) {
        let found = sha256(&folder.join(file)).map_err(|why| format!("the evidence {file} cannot be read: {why}"))?;
        if !found.eq_ignore_ascii_case(expected.trim()) {
            return Err(format!("the evidence {file} has changed since it was signed"));
        }
    }
    let place = piece.url.as_ref().or(piece.file.as_ref());
    match (piece.summary.as_deref().map(str::trim).filter(|text| !text.is_empty()), place) {
        (Some(summary), Some(place)) => Ok(format!("{summary} ({place})")),
        (Some(only), None) => Ok(only.to_owned()),
        (None, Some(only)) => Ok(only.clone()),
        (None, None) => Err("a piece of evidence has neither url nor file nor summary".into()),
    }
}

/// The SHA-256 of a file of evidence, in hex.
///
/// # Errors
/// Why it cannot be read.
pub fn sha256(path: &Path) -> Result<String, String> {
    Ok(crate::digest::sha256(files::bytes(path, CAP_EVIDENCE_BYTES)?))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The file with the name of its folder, which is the same on every machine.
fn shown(folder: &Path, path: &Path) -> String {
    folder.file_name().map_or_else(|| name(path), |of| format!("{}/{}", of.to_string_lossy(), name(path)))
}
