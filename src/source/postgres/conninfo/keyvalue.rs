//! The `key=value` form of a connection string.

use std::iter::Peekable;
use std::str::Chars;

use super::error::ConnInfoError;

/// A parameter as written. Holds passwords, therefore no `Debug`.
pub(super) type Pair = (String, String);

/// Splits a `key=value` string, with single quotes and backslashes as in libpq.
pub(super) fn parse(text: &str) -> Result<Vec<Pair>, ConnInfoError> {
    let mut scan = Scan { chars: text.chars().peekable(), at: 1 };
    let mut pairs = Vec::new();
    loop {
        scan.skip_space();
        if scan.peek().is_none() {
            return Ok(pairs);
        }
        let key = scan.key()?;
        let value = scan.value()?;
        pairs.push((key, value));
    }
}

struct Scan<'a> {
    chars: Peekable<Chars<'a>>,
    at: usize,
}

impl Scan<'_> {
    fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        self.at += 1;
        Some(c)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.next();
        }
    }

    fn fault(&self, at: usize, what: &'static str) -> ConnInfoError {
        debug_assert!(at <= self.at);
        ConnInfoError::KeyValue { at, what }
    }

    fn key(&mut self) -> Result<String, ConnInfoError> {
        let start = self.at;
        let mut key = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '=' && !is_space(*c)) {
            key.push(c);
            self.next();
        }
        self.skip_space();
        if self.next() != Some('=') {
            let what = "a word without \"=\"; write key=value, and quote a value with spaces: key='a b'";
            return Err(self.fault(start, what));
        }
        if key.is_empty() {
            return Err(self.fault(start, "\"=\" without a name before it; write key=value"));
        }
        Ok(key)
    }

    fn value(&mut self) -> Result<String, ConnInfoError> {
        self.skip_space();
        let start = self.at;
        let quoted = self.peek() == Some('\'');
        if quoted {
            self.next();
        }
        let mut value = String::new();
        while let Some(c) = self.peek() {
            if !quoted && is_space(c) {
                return Ok(value);
            }
            self.next();
            match c {
                '\\' => value.extend(self.next()),
                '\'' if quoted => return Ok(value),
                c => value.push(c),
            }
        }
        if quoted {
            let what = "a quote that is never closed; end the value with ' and write \\' for a quote inside";
            return Err(self.fault(start, what));
        }
        Ok(value)
    }
}

/// What C's `isspace` takes for space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_libpq_reads() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("", &[]),
            ("  \n ", &[]),
            ("host=a port=1", &[("host", "a"), ("port", "1")]),
            (" host = a  port= 1 ", &[("host", "a"), ("port", "1")]),
            ("host='a b' user=x", &[("host", "a b"), ("user", "x")]),
            (r"password='it\'s \\ fine'", &[("password", r"it's \ fine")]),
            (r"password=a\ b\\c\'d", &[("password", r"a b\c'd")]),
            ("password='' user=x", &[("password", ""), ("user", "x")]),
            ("password=a=b&c", &[("password", "a=b&c")]),
            ("host=a'b", &[("host", "a'b")]),
            ("host='a'port=1", &[("host", "a"), ("port", "1")]),
            ("password=\\", &[("password", "")]),
            ("user=żółw", &[("user", "żółw")]),
            ("host=", &[("host", "")]),
        ];
        for (text, want) in cases {
            let got = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let got: Vec<(&str, &str)> = got.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            assert_eq!(&got, want, "{text}");
        }
    }

    #[test]
    fn complains_with_place_and_without_the_text() {
        let cases = [
            ("host", 1, "without \"=\""),
            ("host=a secret", 8, "without \"=\""),
            ("password=my secret port=1", 13, "without \"=\""),
            ("=a", 1, "without a name"),
            ("password='secret", 10, "never closed"),
            ("password='secret\\'", 10, "never closed"),
        ];
        for (text, want, part) in cases {
            let error = parse(text).err().unwrap_or_else(|| panic!("{text} was accepted"));
            assert!(matches!(error, ConnInfoError::KeyValue { at, .. } if at == want), "{text}: {error}");
            assert!(error.to_string().contains(part), "{text}: {error}");
            assert!(!error.to_string().contains("secret"), "{text}: {error}");
        }
    }
}
