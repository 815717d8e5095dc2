//! Secrets are taken out where text enters, so that nothing behind this line can leak one.
//!
//! Three passes: the secrets that this very run used (passwords of its connections), also encoded or escaped
//! ([`forms`]); the shapes in which secrets travel (`scheme://user:password@host`, `password=…`); and, for columns
//! that hold SQL, every literal and comment. [`stream`] does the same for text that comes in pieces.

mod forms;
mod sql;
mod stream;

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use forms::{Forms, Found};
use sql::strip_literals;

pub(crate) use sql::not_one_question;
pub use stream::{RedactingWriter, Stream};

/// What stands where a secret stood.
const MASK: &str = "[redacted]";

/// The most characters of one text that a snapshot keeps.
pub(crate) const TEXT_CAP: usize = 4_000;

/// Words whose value, in `word=value` or `word: value`, is a secret.
const SECRET_WORDS: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "token", "requirepass", "masterauth", "sslpassword", "api_key"];

/// Takes secrets out of text.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: BTreeSet<Arc<str>>,
    forms: Arc<Forms>,
    keep_literals: bool,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} secrets)", self.secrets.len())
    }
}

impl Redactor {
    /// A redactor that knows the secrets of this run. Literals in SQL stay only where the operator asked for them.
    pub fn new(secrets: impl IntoIterator<Item = String>, keep_literals: bool) -> Self {
        // A secret of one or two characters would blacken half of every text and hide nothing.
        let secrets: BTreeSet<Arc<str>> =
            secrets.into_iter().filter(|s| s.chars().count() >= 3).map(Arc::from).collect();
        let forms = Arc::new(Forms::of(secrets.iter().map(|secret| &**secret)));
        Self { secrets, forms, keep_literals }
    }

    /// The same, and it knows these secrets, too.
    #[must_use]
    pub fn with(&self, secrets: impl IntoIterator<Item = String>) -> Self {
        let known = self.secrets.iter().map(|secret| (**secret).to_owned());
        Self::new(known.chain(secrets), self.keep_literals)
    }

    /// Ordinary text: known secrets, URLs and `password=` pairs, capped.
    pub fn text(&self, text: &str) -> String {
        // Redaction comes before the cap: a cut secret would no longer be recognised.
        cap(&mask_pairs(&mask_urls(&self.known(text))))
    }

    /// The text of a statement: the same, and every literal and comment of it.
    pub fn sql(&self, sql: &str) -> String {
        if self.keep_literals {
            return self.text(sql);
        }
        self.text(&strip_literals(sql))
    }

    /// One line of output: as ordinary text, but as long as it is.
    pub fn line(&self, text: &str) -> String {
        mask_pairs(&mask_urls(&self.known(text)))
    }

    /// Takes known secrets out of a text that comes in pieces. What it passes on still needs [`Redactor::line`].
    pub fn stream(&self) -> Stream {
        Stream::new(self.forms.clone())
    }

    fn known<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let bytes = text.as_bytes();
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        while at < bytes.len() && !self.forms.is_empty() {
            match self.forms.at(bytes, at, true) {
                // Forms begin and end where characters do.
                Found::Secret(end) => {
                    out.push_str(text.get(copied..at).unwrap_or_default());
                    out.push_str(MASK);
                    (copied, at) = (end, end);
                }
                _ => at += 1,
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(out)
    }
}

/// Where a text that is too long for one line may be cut, at about a place or before it: not inside of what is taken out.
pub(crate) fn cut(redactor: &Redactor, text: &[u8], about: usize) -> usize {
    let whole = redactor.line(&String::from_utf8_lossy(text));
    let fits = |at: &usize| {
        let (before, after) = text.split_at(*at);
        let [before, after] = [before, after].map(|part| redactor.line(&String::from_utf8_lossy(part)));
        whole.strip_prefix(before.as_str()) == Some(after.as_str())
    };
    let about = about.min(text.len());
    (about / 2..=about).rev().step_by(about / 64 + 1).find(fits).unwrap_or(about)
}

fn cap(text: &str) -> String {
    match text.char_indices().nth(TEXT_CAP) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// `scheme://user:password@host` keeps all but the password.
fn mask_urls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        // A raw password may itself hold '@' or '/', so the last '@' before white space or a quote ends it.
        let end =
            tail.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')).unwrap_or(tail.len());
        let authority = &tail[..end];
        match (authority.rfind('@'), authority.find(':')) {
            (Some(at), Some(colon)) if colon < at => {
                out.push_str(&authority[..=colon]);
                out.push_str(MASK);
                rest = &tail[at..];
            }
            _ => rest = tail,
        }
    }
    out.push_str(rest);
    out
}

/// `password=hunter2`, `PASSWORD 'x'`, `token: abc` keep the word and lose the value.
fn mask_pairs(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut from = 0;
    while let Some((at, word)) = next_secret_word(&lower, from) {
        let after = at + word.len();
        from = after;
        let Some((start, end)) = value_span(text, after) else {
            continue;
        };
        out.push_str(&text[copied..start]);
        out.push_str(MASK);
        copied = end;
        from = end;
    }
    out.push_str(&text[copied..]);
    out
}

fn next_secret_word(lower: &str, from: usize) -> Option<(usize, &'static str)> {
    SECRET_WORDS.iter().filter_map(|word| lower[from..].find(word).map(|at| (from + at, *word))).min()
}

/// Where the value behind a secret's word begins and ends, if one is given.
fn value_span(text: &str, after: usize) -> Option<(usize, usize)> {
    let tail = &text[after..];
    let trimmed = tail.trim_start_matches([' ', '"']);
    let assigned = trimmed.starts_with(['=', ':']);
    let quoted = trimmed.starts_with('\'');
    if !assigned && !quoted {
        return None;
    }
    let value = trimmed.trim_start_matches(['=', ':', ' ']);
    let start = text.len() - value.len();
    let inner = value.strip_prefix(['\'', '"']);
    let end = match (inner, value.chars().next()) {
        (Some(inner), Some(quote)) => inner.find(quote).map_or(text.len(), |at| start + 1 + at + 1),
        _ => value
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | ')'))
            .map_or(text.len(), |at| start + at),
    };
    (end > start).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_and_pairs_lose_their_secret() {
        let redactor = Redactor::default();
        let cases = [
            ("postgres://u:p@ss/w@h:5432/db", "postgres://u:[redacted]@h:5432/db"),
            ("redis://:pw@h", "redis://:[redacted]@h"),
            ("see https://example.org/a:b", "see https://example.org/a:b"),
            ("host=h password=pw user=u", "host=h password=[redacted] user=u"),
            ("PASSWORD 'pw x' LOGIN", "PASSWORD [redacted] LOGIN"),
            ("password authentication failed", "password authentication failed"),
            ("{\"password\": \"pw\", \"a\": 1}", "{\"password\": [redacted], \"a\": 1}"),
        ];
        for (text, expected) in cases {
            assert_eq!(redactor.text(text), expected, "{text}");
        }
    }

    #[test]
    fn text_is_capped_after_redaction() {
        let redactor = Redactor::new(["hunter2".to_owned()], false);
        let long = format!("{}hunter2", "x".repeat(TEXT_CAP - 3));
        let out = redactor.text(&long);
        assert!(!out.contains("hun"), "no half of a secret stays at the cut");
        assert_eq!(out.chars().count(), TEXT_CAP + 1);
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let secret = "s3cr&t \"k<y>'=p";
        let redactor = Redactor::new([secret.to_owned()], false);
        let standard = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
        let for_urls = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let mut forms: Vec<String> = vec![
            secret.into(),
            "s3cr%26t%20%22k%3Cy%3E%27%3Dp".into(),
            "s3cr%26t+%22k%3cy%3e%27%3dp".into(),
            "%733cr%26t%20%22k%3Cy%3E'%3D%70".into(),
            "s3cr&t \\\"k<y>'=p".into(),
            "s3cr\\u0026t \\\"k\\u003cy\\u003e'=p".into(),
            "s3cr&amp;t &quot;k&lt;y&gt;&#39;=p".into(),
            "s3cr&t \"k<y>'\\''=p".into(),
            "s3cr&t \"k<\n   y>'=p".into(),
            coded(secret, |byte| format!("{byte:02x}")),
        ];
        for before in ["", "a", "ab", "abc", "user:"] {
            for after in ["", "x", "xy"] {
                forms.push(standard(format!("{before}{secret}{after}")));
                forms.push(for_urls(format!("{before}{secret}{after}")));
            }
        }
        let wrapped: Vec<String> = forms.iter().map(|form| fold(form, 7)).collect();
        for form in forms.iter().chain(&wrapped) {
            let out = redactor.line(&format!("<{form}>"));
            assert!(out.contains(MASK), "{form}: {out}");
            // At most three digits stay on each side, where they belong to what stood around the secret.
            assert!(out.len() <= MASK.len() + 10 + 4, "{form}: {out}");
        }
    }

    fn coded(text: &str, code: impl Fn(u8) -> String) -> String {
        text.bytes().map(code).collect::<Vec<_>>().concat()
    }

    fn fold(text: &str, width: usize) -> String {
        text.as_bytes().chunks(width).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_line_may_be_broken_where_a_secret_has_a_space() {
        let redactor = Redactor::new(["correct horse battery".to_owned()], false);
        for text in ["correct\n horse battery", "correct \n\t horse\r\n    battery", "co\n rrect horse\nbattery"] {
            assert_eq!(redactor.line(text), MASK, "{text}");
        }
    }

    #[test]
    fn each_line_of_a_key_is_a_secret() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
        let redactor = Redactor::new([key.to_owned()], false);
        assert_eq!(redactor.line("key: |\n    hkiG9w0BAQEFAASC"), "key: |\n    [redacted]");
        assert_eq!(redactor.line(key), "[redacted]");
    }

    #[test]
    fn what_only_looks_like_the_beginning_of_a_secret_stays() {
        let redactor = Redactor::new(["hunter2".to_owned(), "abc".to_owned()], false);
        for text in ["hunter", "h", "%", "%4", "aHVud", "ab", "100%", "hunt\ner"] {
            assert_eq!(redactor.line(text), text);
        }
    }

    #[test]
    fn a_line_is_not_cut_inside_of_what_is_taken_out() {
        let redactor = Redactor::default();
        let text = format!("{}postgres://u:{}@h/db {}", "x ".repeat(40), "p".repeat(60), "y".repeat(100));
        let at = cut(&redactor, text.as_bytes(), 110);
        assert!(at < 110 && !redactor.line(&text[..at]).contains("pp"), "{at}");
        assert!(!redactor.line(&text[at..]).contains("pp"));
    }

    fn streamed(redactor: &Redactor, pieces: impl Iterator<Item = impl AsRef<[u8]>>) -> String {
        let (mut stream, mut out) = (redactor.stream(), Vec::new());
        pieces.for_each(|piece| stream.push(piece.as_ref(), &mut out));
        stream.finish(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn a_pause_shows_what_is_there_and_hides_half_a_secret() {
        let redactor = Redactor::new(["correct horse".to_owned()], false);
        let (mut stream, mut out) = (redactor.stream(), Vec::new());
        stream.push(b"we do the c\n", &mut out);
        assert_eq!(out, b"we do the ", "it could go on on the next line");
        stream.pause(&mut out);
        assert_eq!(out, b"we do the c\n");
        stream.push(b"and correct ho", &mut out);
        stream.pause(&mut out);
        stream.push(b"rse!", &mut out);
        stream.finish(&mut out);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.replace(MASK, "#").replace("##", "#"), "we do the c\nand #!");
    }

    #[test]
    fn a_writer_takes_out_what_is_cut_between_writes() {
        use std::io::Write as _;
        let redactor = Redactor::new(["correct horse".to_owned()], false);
        let mut writer = RedactingWriter::new(&redactor, Vec::new());
        for piece in ["a corr", "ect ho", "rse b\npass", "word=bat", "tery\n", "redis://u:st", "aple@h"] {
            writer.write_all(piece.as_bytes()).unwrap();
            writer.flush().unwrap();
        }
        let out = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(out, "a [redacted] b\npassword=[redacted]\nredis://u:[redacted]@h");
    }

    proptest! {
        #[test]
        fn a_stream_hides_what_a_whole_text_hides(
            around in "[a-zA-Z0-9+/ %\n]{0,30}",
            secret in "[a-zA-Z0-9!#%&]{8,20}",
            encoding in 0..4_u8,
            size in 1..9_usize,
        ) {
            let redactor = Redactor::new([secret.clone()], false);
            let text = format!("{around}{secret}{around}");
            let text = match encoding {
                0 => text,
                1 => base64::engine::general_purpose::STANDARD.encode(text),
                2 => fold(&base64::engine::general_purpose::STANDARD.encode(text), 8),
                _ => coded(&text, |byte| format!("%{byte:02X}")),
            };
            let out = streamed(&redactor, text.as_bytes().chunks(size));
            prop_assert_eq!(&out, &redactor.known(&text));
            prop_assert!(out.contains(MASK));
        }

        #[test]
        fn a_stream_without_a_secret_is_unchanged(text in ".{0,60}", size in 1..7_usize) {
            let redactor = Redactor::new(["no text has this in it".to_owned()], false);
            prop_assert_eq!(streamed(&redactor, text.as_bytes().chunks(size)), text);
        }

        #[test]
        fn no_planted_secret_survives(before in ".{0,40}", after in ".{0,40}", secret in "[a-zA-Z0-9!#%]{8,20}") {
            let redactor = Redactor::new([secret.clone()], false);
            let text = format!("{before}{secret}{after}");
            prop_assert!(!redactor.text(&text).contains(&secret));
            prop_assert!(!redactor.sql(&text).contains(&secret));
        }

        #[test]
        fn a_literal_never_survives(sql in "[a-z =(),]{0,30}", secret in "[a-zA-Z0-9!#%@]{8,20}") {
            let out = Redactor::default().sql(&format!("{sql} '{secret}' and more"));
            prop_assert!(!out.contains(&secret));
        }

        #[test]
        fn any_text_is_survived(sql in ".{0,200}") {
            let _ = Redactor::default().sql(&sql);
        }
    }
}
