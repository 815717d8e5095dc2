//! The password file, `~/.pgpass`.

use std::path::PathBuf;

use crate::secret::Secret;

use super::env::Env;
use super::error::ConnInfoError;
use super::origin::{Origin, Settings};

/// Whom a password is wanted for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// A password file that may be used, or the empty one.
///
/// Holds passwords, therefore no `Debug`.
pub(super) struct PassFile {
    path: PathBuf,
    text: String,
}

impl PassFile {
    /// Opens the file that `passfile`, `PGPASSFILE` or the home directory names.
    ///
    /// A file that others can read is not used, and a note says so: silence would look like a wrong password.
    pub(super) fn open(settings: &Settings, env: &Env, notes: &mut Vec<String>) -> Result<Self, ConnInfoError> {
        let named = settings.value("passfile").map(PathBuf::from);
        let Some(path) = named.or_else(|| env.in_home(".pgpass")) else {
            return Ok(Self { path: PathBuf::new(), text: String::new() });
        };
        let text = match env.files.facts(&path) {
            None => String::new(),
            Some(facts) if !facts.regular => {
                notes.push(format!("password file {} is not a plain file and is ignored", path.display()));
                String::new()
            }
            Some(facts) if facts.mode & 0o077 != 0 => {
                notes.push(format!(
                    "password file {} is ignored because others can read it (mode {:04o}); chmod 0600 it",
                    path.display(),
                    facts.mode
                ));
                String::new()
            }
            Some(_) => env.files.read(&path).map_err(|source| ConnInfoError::Read { path: path.clone(), source })?,
        };
        Ok(Self { path, text })
    }

    /// The password of the first line that matches, with the line as its origin.
    pub(super) fn find(&self, wanted: Wanted<'_>) -> Option<(Secret, Origin)> {
        let (password, line) = lookup(&self.text, wanted)?;
        Some((password.into(), Origin::PasswordFile { path: self.path.clone(), line }))
    }
}

fn lookup(text: &str, wanted: Wanted<'_>) -> Option<(String, usize)> {
    let port = wanted.port.to_string();
    let fields = [wanted.host, port.as_str(), wanted.database, wanted.user];
    for (index, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let rest = fields.iter().try_fold(line, |rest, field| match_field(rest, field));
        if let Some(password) = rest.map(unescape_password).filter(|password| !password.is_empty()) {
            return Some((password, index + 1));
        }
    }
    None
}

/// Matches one field and gives what follows its colon. A star matches anything only when it is the whole field.
fn match_field<'a>(line: &'a str, wanted: &str) -> Option<&'a str> {
    if let Some(rest) = line.strip_prefix("*:") {
        return Some(rest);
    }
    let mut wanted = wanted.chars();
    let mut chars = line.chars();
    loop {
        let found = match chars.next()? {
            ':' => return wanted.next().is_none().then_some(chars.as_str()),
            '\\' => chars.next()?,
            c => c,
        };
        if wanted.next() != Some(found) {
            return None;
        }
    }
}

fn unescape_password(rest: &str) -> String {
    let mut password = String::new();
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' => break,
            '\\' => password.push(chars.next().unwrap_or('\\')),
            c => password.push(c),
        }
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found<'a> = Option<(&'a str, usize)>;

    const JOE: Wanted<'static> = Wanted { host: "db", port: 5432, database: "app", user: "joe" };

    #[test]
    fn first_match_wins_with_wildcards_and_escapes() {
        let cases: &[(&str, Wanted<'_>, Found<'_>)] = &[
            ("", JOE, None),
            ("db:5432:app:joe:pw", JOE, Some(("pw", 1))),
            ("db:5432:app:joe:pw\r\n", JOE, Some(("pw", 1))),
            ("*:*:*:*:pw", JOE, Some(("pw", 1))),
            ("other:*:*:*:no\ndb:*:*:*:yes\n*:*:*:*:late", JOE, Some(("yes", 2))),
            ("# db:5432:app:joe:no\n\ndb:5432:app:joe:pw", JOE, Some(("pw", 3))),
            ("db:5433:app:joe:pw", JOE, None),
            ("d:5432:app:joe:pw", JOE, None),
            ("dbx:5432:app:joe:pw", JOE, None),
            ("*b:5432:app:joe:pw", JOE, None),
            (r"db:5432:app:joe:a\:b\\c", JOE, Some((r"a:b\c", 1))),
            ("db:5432:app:joe:a:b", JOE, Some(("a", 1))),
            (r"db:5432:app:joe:end\", JOE, Some((r"end\", 1))),
            ("db:5432:app:joe:", JOE, None),
            ("db:5432:app:joe", JOE, None),
            ("db:5432", JOE, None),
            (r"\:\:1:5432:app:joe:pw", Wanted { host: "::1", ..JOE }, Some(("pw", 1))),
            (r"db:5432:a\\b:joe:pw", Wanted { database: r"a\b", ..JOE }, Some(("pw", 1))),
            (r"db:5432:\*:joe:pw", Wanted { database: "*", ..JOE }, Some(("pw", 1))),
            (r"db:5432:\*:joe:pw", JOE, None),
        ];
        for (text, wanted, want) in cases {
            let got = lookup(text, *wanted);
            assert_eq!(got, want.map(|(password, line)| (password.to_owned(), line)), "{text}");
        }
    }
}
