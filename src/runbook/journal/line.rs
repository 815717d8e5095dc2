//! A line of the journal, there and back. Pure.
//!
//! `{"n":12,"at":"…","record":"intent",…,"sum":"…"}`: the running number, the record, and SHA-256 over the checksum of
//! the line before and the bytes of this line up to its own checksum. So no line can be changed, moved, taken out or
//! put in between without being noticed; only the end can be missing, which is what a crash looks like.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::runbook::record::Stamped;

const BEFORE_SUM: &str = ",\"sum\":\"";
const AFTER_SUM: &str = "\"}";
const SUM_DIGITS: usize = 64;

/// The checksum of a line, in hexadecimal digits; empty before the first.
pub(super) type Sum = String;

/// A line, with its line break, and its checksum.
pub(super) fn write(number: u64, stamped: &Stamped, before: &Sum) -> Result<(String, Sum), serde_json::Error> {
    let record = serde_json::to_string(stamped)?;
    let fields = record.trim_start_matches('{').trim_end_matches('\n');
    // The closing brace of the record goes; that of the line comes after its checksum.
    let body = format!("{{\"n\":{number},{}", fields.strip_suffix('}').unwrap_or(fields));
    let sum = sum(before, &body);
    Ok((format!("{body}{BEFORE_SUM}{sum}{AFTER_SUM}\n"), sum))
}

/// Reads a line without its line break, which must have this number and follow that checksum.
///
/// # Errors
/// What is wrong with it, as a clause about the line.
pub(super) fn read(text: &str, number: u64, before: &Sum) -> Result<(Stamped, Sum), String> {
    let (body, written) = split(text).ok_or("it does not end with a checksum")?;
    let line: Line = serde_json::from_str(&format!("{body}}}")).map_err(|error| unreadable(body, &error))?;
    if line.n != number {
        return Err(format!("it is record {}, where record {number} should stand", line.n));
    }
    let due = sum(before, body);
    if due != written {
        return Err("it was changed after it was written: its checksum does not agree".to_owned());
    }
    Ok((line.stamped, due))
}

/// The format that a first line names, whatever else it says.
pub(super) fn format(text: &str) -> Option<u64> {
    serde_json::from_str::<serde_json::Value>(text).ok()?.get("format")?.as_u64()
}

#[derive(Deserialize)]
struct Line {
    n: u64,
    #[serde(flatten)]
    stamped: Stamped,
}

fn split(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(AFTER_SUM)?;
    let at = inner.len().checked_sub(SUM_DIGITS)?;
    let (head, sum) = (inner.get(..at)?, inner.get(at..)?);
    Some((head.strip_suffix(BEFORE_SUM)?, sum))
}

fn sum(before: &str, body: &str) -> Sum {
    let digest = Sha256::new().chain_update(before).chain_update(body).finalize();
    crate::digest::hex(&digest)
}

fn unreadable(body: &str, error: &serde_json::Error) -> String {
    match serde_json::from_str::<serde_json::Value>(&format!("{body}}}")) {
        Ok(_) => format!("it is no record that this loadline knows: {error}"),
        Err(_) => format!("it is no JSON: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::record::{End, Record};

    fn stamped() -> Stamped {
        Stamped {
            at: "2026-11-21T05:15:00.123Z".parse().unwrap(),
            record: Record::Param {
                name: "note".into(),
                value: Some("a \"quoted\" } text,\"sum\":\"".into()),
                origin: "operator".into(),
            },
        }
    }

    #[test]
    fn a_line_comes_back_as_it_was_written_and_the_next_one_hangs_on_it() {
        let (first, sum) = write(1, &stamped(), &Sum::new()).unwrap();
        assert_eq!(first.matches('\n').count(), 1, "one record, one line");
        assert_eq!(read(first.trim_end(), 1, &Sum::new()).unwrap(), (stamped(), sum.clone()));
        let ended = Stamped { record: Record::Ended { how: End::Completed }, ..stamped() };
        let (second, _) = write(2, &ended, &sum).unwrap();
        assert_eq!(read(second.trim_end(), 2, &sum).unwrap().0, ended);
        let stranger = read(second.trim_end(), 2, &Sum::new()).unwrap_err();
        assert!(stranger.contains("checksum does not agree"), "{stranger}");
    }

    #[test]
    fn any_changed_byte_and_any_cut_is_noticed() {
        let (line, _) = write(1, &stamped(), &Sum::new()).unwrap();
        let line = line.trim_end();
        for at in 0..line.len() {
            let mut bytes = line.as_bytes().to_vec();
            bytes[at] ^= 1;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                assert!(read(text, 1, &Sum::new()).is_err(), "byte {at} may be changed: {text}");
            }
            assert!(read(&line[..at], 1, &Sum::new()).is_err(), "a cut at {at}");
        }
    }

    #[test]
    fn a_missing_line_says_which_record_should_stand_there() {
        let (line, _) = write(3, &stamped(), &Sum::new()).unwrap();
        let error = read(line.trim_end(), 2, &Sum::new()).unwrap_err();
        assert_eq!(error, "it is record 3, where record 2 should stand");
    }
}
