//! What signing needs: the packs, the folders, the criterion that is meant and its question.

use std::path::{Path, PathBuf};

use jiff::{civil::Date, tz::TimeZone};

use super::{SignArgs, document::Document};
use crate::{
    cli::{CliError, output, sources},
    clock, config,
    readiness::{Criterion, Knowledge, checklist::near, pack::Question},
    source::{AnswerFile, Folders},
    text,
};

/// Where and by what it is signed.
pub(super) struct Desk {
    pub(super) knowledge: Knowledge,
    folders: Folders,
    /// Today, in UTC like all days here.
    pub(super) today: Date,
}

impl Desk {
    pub(super) fn open(args: &SignArgs) -> Result<Self, CliError> {
        let file = sources::file(args.config.as_deref())?;
        let knowledge = sources::knowledge(&file, &args.checks)?;
        let given = config::Given {
            target: args.target.clone(),
            attestations: args.attestations.clone(),
            waivers: args.waivers.clone(),
            ..config::Given::default()
        };
        let folders = config::folders_of_target(&given, file.as_ref()).map_err(sources::usage)?;
        Ok(Self { knowledge, folders, today: clock::now().to_zoned(TimeZone::UTC).date() })
    }

    pub(super) fn attestations(&self) -> &Path {
        self.folders.attestations.as_deref().unwrap_or(Path::new("attestations"))
    }

    pub(super) fn waivers(&self) -> &Path {
        self.folders.waivers.as_deref().unwrap_or(Path::new("waivers"))
    }

    /// The file of an answer.
    pub(super) fn answer_of(&self, criterion: &Criterion) -> PathBuf {
        self.attestations().join(format!("{}.toml", criterion.id))
    }

    /// A criterion and its question.
    pub(super) fn question(&self, id: &str) -> Result<(&Criterion, &Question), CliError> {
        let criteria = || self.knowledge.packs.iter().flat_map(|pack| &pack.criteria);
        let Some(criterion) = self.knowledge.packs.criterion(id) else {
            let asked = criteria().filter(|criterion| criterion.def.attest.is_some()).map(|c| c.id.as_str());
            return Err(CliError::Usage(format!("no criterion `{id}`; {}", hint(id, asked))));
        };
        let Some(question) = &criterion.def.attest else {
            let by =
                if criterion.def.checks.is_empty() { "a rule".to_owned() } else { criterion.def.checks.join(", ") };
            let message = format!("{id} asks nobody: it is measured by {by}; a fail of it may be accepted by `waive`");
            return Err(CliError::Usage(message));
        };
        Ok((criterion, question))
    }

    /// An answer that is there, with its document.
    pub(super) fn answered(&self, criterion: &Criterion) -> Result<(PathBuf, AnswerFile, Document), CliError> {
        let path = self.answer_of(criterion);
        if !path.exists() {
            let message = format!(
                "nobody has answered {0} ({1} is not there): loadline checklist answer {0}",
                criterion.id,
                path.display()
            );
            return Err(CliError::Usage(message));
        }
        let text = output::read(&path)?;
        let answer = AnswerFile::parse(&path.display().to_string(), &text).map_err(CliError::Usage)?;
        let document = Document::parse(&path, &text)?;
        Ok((path, answer, document))
    }

    /// Refuses what signs an answer to another wording of the question.
    pub(super) fn same_question(
        answer: &AnswerFile,
        criterion: &Criterion,
        question: &Question,
    ) -> Result<(), CliError> {
        if answer.question == question.mark() {
            return Ok(());
        }
        let was = answer.question_text.as_deref().map(|text| format!(" (it was: {text})")).unwrap_or_default();
        let id = &criterion.id;
        let message =
            format!("{} answered another wording of the question{was}: loadline checklist answer {id}", answer.by);
        Err(CliError::Usage(text::screen(&message).into_owned()))
    }
}

/// Says the question, so that nobody answers another one.
pub(super) fn show(criterion: &Criterion, question: &Question) {
    let mut lines = vec![format!("{}: {}", criterion.id, criterion.def.title), format!("  {}", question.question)];
    if !question.evidence.is_empty() {
        lines.push(format!("  evidence: {}", question.evidence));
    }
    let second = if question.two_person { "; a second person approves it" } else { "" };
    lines.push(format!("  an answer holds at most {}{second}", question.max_age));
    output::talk(&lines.iter().map(|line| text::screen(line)).collect::<Vec<_>>().join("\n"));
}

/// Names that a mistyped one may have meant.
pub(super) fn hint<'k>(wrong: &str, known: impl Iterator<Item = &'k str>) -> String {
    let near = near(wrong, known);
    if near.is_empty() {
        "`loadline checklist --all` lists them".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    }
}
