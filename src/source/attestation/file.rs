//! The files that people sign: one answer or one waiver each.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::super::files;

/// An answer to the question of a criterion, in `attestations/<pack>.<criterion>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFile {
    /// The answer. Yes is good.
    pub answer: Word,
    /// Who answers.
    #[serde(deserialize_with = "said")]
    pub by: String,
    /// The day of the answer.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub on: Date,
    /// The last day on which it holds. No answer holds for ever.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub expires: Date,
    /// What it rests on: a text, or a list of links and files.
    #[serde(default)]
    pub evidence: Evidence,
    /// A second person who stands for it.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// The mark of the question that was answered: a changed question makes the answer stale.
    pub question: String,
    /// The question itself, for readers of the file.
    #[serde(default)]
    pub question_text: Option<String>,
    /// What else to know; of `n-a`, why it does not apply.
    #[serde(default)]
    pub note: Option<String>,
}

/// The words that answer a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// It does not apply here, and the note says why.
    #[serde(rename = "n-a")]
    #[value(name = "n-a")]
    NotApplicable,
}

impl Word {
    /// As it stands in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotApplicable => "n-a",
        }
    }
}

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a text, or a list of { url or file, sha256, summary }")]
pub enum Evidence {
    /// In words.
    Text(String),
    /// Piece by piece.
    Pieces(Vec<Piece>),
}

impl Default for Evidence {
    fn default() -> Self {
        Self::Pieces(Vec::new())
    }
}

/// One piece of evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Where it can be seen.
    #[serde(default)]
    pub url: Option<String>,
    /// A file, relative to the folder of the answer.
    #[serde(default)]
    pub file: Option<String>,
    /// The SHA-256 of the file: if it no longer fits, the answer no longer rests on anything.
    #[serde(default)]
    pub sha256: Option<String>,
    /// What it shows.
    #[serde(default)]
    pub summary: Option<String>,
}

/// An accepted fail, in `waivers/<name>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverFile {
    /// The check or criterion whose fail is accepted.
    #[serde(deserialize_with = "said")]
    pub check: String,
    /// The subjects that are meant; `*` and `?` stand for any characters.
    #[serde(default = "every")]
    pub subject: String,
    /// Why it is accepted.
    #[serde(deserialize_with = "said")]
    pub reason: String,
    /// Who answers for it.
    #[serde(deserialize_with = "said")]
    pub owner: String,
    /// The day on which it was accepted.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub on: Date,
    /// The last day on which it holds. No waiver holds for ever.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub expires: Date,
    /// Who approved it.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// Where the work to be done is written down.
    #[serde(default)]
    pub ticket: Option<String>,
}

impl AnswerFile {
    /// Reads the text of a file; `name` is for the message.
    ///
    /// # Errors
    /// Unknown keys and wrong values, with line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| files::mistake(name, text, &error))
    }
}

impl WaiverFile {
    /// Reads the text of a file; `name` is for the message.
    ///
    /// # Errors
    /// Unknown keys and wrong values, with line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| files::mistake(name, text, &error))
    }
}

fn every() -> String {
    "*".into()
}

/// A text that says something.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Err(D::Error::custom("it is empty")) } else { Ok(text) }
}

/// A day, as TOML writes it or as text.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Day(toml::value::Datetime),
        Text(String),
        #[expect(dead_code, reason = "what was written is of no interest, only that it is no day")]
        Other(toml::Value),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Day(day) => day.to_string(),
        Written::Text(text) => text,
        Written::Other(_) => String::new(),
    };
    // An instant is refused: on which day it ends would depend on the reader's time zone.
    let plain = text.len() == "2026-01-31".len();
    let day = plain.then(|| text.parse().ok()).flatten();
    day.ok_or_else(|| D::Error::custom("this is no day; expected for example 2026-01-31"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "answer = \"yes\"\nby = \"platform team\"\non = 2026-01-10\nexpires = \"2026-06-01\"\n\
                          question = \"0123456789abcdef\"\n";
    const WAIVER: &str = "check = \"a.b\"\nreason = \"r\"\nowner = \"o\"\non = 2026-01-10\nexpires = 2026-06-01\n";

    #[test]
    fn a_day_may_be_written_as_toml_writes_it_or_as_text() {
        let answer = AnswerFile::parse("a.toml", ANSWER).unwrap();
        assert_eq!((answer.on.to_string(), answer.expires.to_string()), ("2026-01-10".into(), "2026-06-01".into()));
        assert_eq!(WaiverFile::parse("w.toml", WAIVER).unwrap().subject, "*", "all subjects where none is named");
    }

    #[test]
    fn evidence_is_a_text_or_pieces() {
        let with = |evidence: &str| AnswerFile::parse("a.toml", &format!("{ANSWER}evidence = {evidence}\n"));
        assert_eq!(with("\"seen\"").unwrap().evidence, Evidence::Text("seen".into()));
        let pieces = with("[{ url = \"https://h/1\", summary = \"run 1\" }]").unwrap().evidence;
        let piece = Piece { url: Some("https://h/1".into()), summary: Some("run 1".into()), ..Piece::default() };
        assert_eq!(pieces, Evidence::Pieces(vec![piece]));
        assert!(with("3").unwrap_err().contains("expected a text, or a list"));
    }

    #[test]
    fn a_mistake_is_refused_with_its_place() {
        let answers = [
            ("answer = \"maybe\"\n".to_owned(), "a.toml:1:10: unknown variant `maybe`"),
            (ANSWER.replace("expires = \"2026-06-01\"\n", ""), "a.toml:1:1: missing field `expires`"),
            (ANSWER.replace("question = \"0123456789abcdef\"\n", ""), "a.toml:1:1: missing field `question`"),
            (format!("{ANSWER}aproved_by = \"x\"\n"), "a.toml:6:1: unknown field `aproved_by`"),
            (ANSWER.replace("platform team", " "), "a.toml:2:6: it is empty"),
            (ANSWER.replace("2026-01-10", "2026-02-30"), "a.toml:3:6: "),
            (ANSWER.replace("2026-01-10", "2026-01-10T23:00:00Z"), "a.toml:3:6: this is no day"),
            (ANSWER.replace("\"2026-06-01\"", "3"), "a.toml:4:11: this is no day"),
        ];
        for (text, expected) in answers {
            let error = AnswerFile::parse("a.toml", &text).unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
        let endless = WAIVER.replace("expires = 2026-06-01\n", "");
        assert_eq!(WaiverFile::parse("w.toml", &endless).unwrap_err(), "w.toml:1:1: missing field `expires`");
    }
}
