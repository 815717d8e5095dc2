//! A person's answer to the question of a criterion: given, approved by a second person, renewed.

use std::path::{Path, PathBuf};

use super::{desk::Desk, document, document::Document};
use crate::{
    readiness::{Criterion, checklist::ends, pack::Question, same_person},
    source::{AnswerFile, Word},
};

/// An answer that is being given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answering {
    /// The answer; yes is good.
    pub answer: Word,
    /// Who answers.
    pub by: String,
    /// Its last day, or how long: `2027-01-31`, `180d`; nothing for the latest that the question allows.
    pub expires: Option<String>,
    /// What it rests on: words and links.
    pub evidence: Vec<String>,
    /// Files that it rests on, kept with their SHA-256.
    pub files: Vec<PathBuf>,
    /// What else to know; of `n-a`, why it does not apply.
    pub note: Option<String>,
}

/// A word that an answer still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Who says so.
    pub by: String,
    /// Its last day, or how long; nothing for the latest that the question allows.
    pub expires: Option<String>,
    /// New evidence: words and links. Without any, the old evidence was looked at again and holds.
    pub evidence: Vec<String>,
    /// New files of evidence.
    pub files: Vec<PathBuf>,
}

/// An answer that is there.
#[derive(Debug)]
pub struct Answered {
    /// Its file.
    pub path: PathBuf,
    /// What it says.
    pub answer: AnswerFile,
    document: Document,
}

impl Answered {
    /// Refuses what signs an answer to another wording of the question.
    ///
    /// # Errors
    /// Who answered what, in words.
    pub fn same_question(&self, criterion: &Criterion, question: &Question) -> Result<(), String> {
        if self.answer.question == question.mark() {
            return Ok(());
        }
        let was = self.answer.question_text.as_deref().map(|text| format!(" (it was: {text})")).unwrap_or_default();
        let (by, id) = (&self.answer.by, &criterion.id);
        Err(format!("{by} answered another wording of the question{was}: loadline checklist answer {id}"))
    }
}

impl Desk<'_> {
    /// An answer that is there.
    ///
    /// # Errors
    /// Nobody has answered, or the file cannot be read: in words.
    pub fn answered(&self, criterion: &Criterion) -> Result<Answered, String> {
        let path = self.answer_of(criterion);
        if !path.exists() {
            let (id, file) = (&criterion.id, path.display());
            return Err(format!("nobody has answered {id} ({file} is not there): loadline checklist answer {id}"));
        }
        let text = read(&path)?;
        let answer = AnswerFile::parse(&path.display().to_string(), &text)?;
        let document = Document::parse(&path, &text)?;
        Ok(Answered { path, answer, document })
    }

    /// Writes an answer. Whoever approved another answer has not approved this one.
    ///
    /// # Errors
    /// What is missing, a day that cannot be, a file that cannot be read or written: in words.
    pub fn answer(&self, criterion: &Criterion, question: &Question, given: &Answering) -> Result<PathBuf, String> {
        let expires = ends::of_answer(given.expires.as_deref(), self.today, question)?;
        if given.answer == Word::Yes && given.evidence.is_empty() && given.files.is_empty() {
            return Err("evidence is missing: what a yes rests on, in words, as a link or a file".into());
        }
        let note = given.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
        if given.answer == Word::NotApplicable && note.is_none() {
            return Err("a note is missing: why it does not apply".into());
        }
        let path = self.answer_of(criterion);
        let text = if path.exists() { read(&path)? } else { String::new() };
        let mut document = Document::parse(&path, &text)?;
        document.set("answer", given.answer.word());
        self.signed(&mut document, &given.by, expires)?;
        match document::evidence(self.attestations(), &given.evidence, &given.files)? {
            Some(evidence) => document.set("evidence", evidence),
            None => document.remove("evidence"),
        }
        match note {
            Some(note) => document.set("note", note),
            None => document.remove("note"),
        }
        document.set("question", question.mark());
        document.set("question_text", question.question.split_whitespace().collect::<Vec<_>>().join(" "));
        document.write(&path, AnswerFile::parse)?;
        Ok(path)
    }

    /// Whether an answer may be approved now, by whomever.
    ///
    /// # Errors
    /// It answers another wording, or has expired: in words.
    pub fn may_be_approved(
        &self,
        answered: &Answered,
        criterion: &Criterion,
        question: &Question,
    ) -> Result<(), String> {
        answered.same_question(criterion, question)?;
        let answer = &answered.answer;
        let end = question.latest(answer.on).map_or(answer.expires, |latest| answer.expires.min(latest));
        if end < self.today {
            return Err(format!("the answer expired on {end}: loadline checklist answer {}", criterion.id));
        }
        Ok(())
    }

    /// Writes that a second person stands for an answer.
    ///
    /// # Errors
    /// What [`Desk::may_be_approved`] says, the same person, a file that cannot be written: in words.
    pub fn approve(
        &self,
        mut answered: Answered,
        criterion: &Criterion,
        question: &Question,
        by: &str,
    ) -> Result<PathBuf, String> {
        self.may_be_approved(&answered, criterion, question)?;
        if same_person(by, &answered.answer.by) {
            return Err(format!("{by} answered, and cannot approve the own answer: it takes a second person"));
        }
        answered.document.set("approved_by", by.trim());
        answered.document.write(&answered.path, AnswerFile::parse)?;
        Ok(answered.path)
    }

    /// Writes that an answer still holds. Whoever approved the earlier word has not approved this one.
    ///
    /// # Errors
    /// Another wording, a day that cannot be, a file that cannot be read or written: in words.
    pub fn renew(
        &self,
        mut answered: Answered,
        criterion: &Criterion,
        question: &Question,
        renewal: &Renewal,
    ) -> Result<PathBuf, String> {
        answered.same_question(criterion, question)?;
        let expires = ends::of_answer(renewal.expires.as_deref(), self.today, question)?;
        if let Some(evidence) = document::evidence(self.attestations(), &renewal.evidence, &renewal.files)? {
            answered.document.set("evidence", evidence);
        }
        self.signed(&mut answered.document, &renewal.by, expires)?;
        answered.document.write(&answered.path, AnswerFile::parse)?;
        Ok(answered.path)
    }

    fn signed(&self, document: &mut Document, by: &str, expires: jiff::civil::Date) -> Result<(), String> {
        document.set("by", by.trim());
        document.set_day("on", self.today)?;
        document.set_day("expires", expires)?;
        document.remove("approved_by");
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "the file that the operator signs")]
fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("read {}: {error}", path.display()))
}
