//! What signing needs: the packs, the folders, today, the criterion that is meant and its question.

use std::path::{Path, PathBuf};

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    clock,
    readiness::{Criterion, Knowledge, checklist::near, pack::Question},
    source::Folders,
};

/// Where and by what it is signed.
#[derive(Debug, Clone)]
pub struct Desk<'k> {
    /// Checks and packs.
    pub knowledge: &'k Knowledge,
    folders: Folders,
    /// Today, in UTC like all days here.
    pub today: Date,
}

impl<'k> Desk<'k> {
    /// A desk over the folders of a target. They may not be there yet.
    pub fn new(knowledge: &'k Knowledge, folders: Folders) -> Self {
        Self { knowledge, folders, today: clock::now().to_zoned(TimeZone::UTC).date() }
    }

    /// The folder of answers.
    pub fn attestations(&self) -> &Path {
        self.folders.attestations.as_deref().unwrap_or(Path::new("attestations"))
    }

    /// The folder of accepted fails.
    pub fn waivers(&self) -> &Path {
        self.folders.waivers.as_deref().unwrap_or(Path::new("waivers"))
    }

    /// The file of an answer.
    pub fn answer_of(&self, criterion: &Criterion) -> PathBuf {
        self.attestations().join(format!("{}.toml", criterion.id))
    }

    /// A criterion and its question.
    ///
    /// # Errors
    /// A criterion that is not there, or that asks nobody, in words.
    pub fn question(&self, id: &str) -> Result<(&'k Criterion, &'k Question), String> {
        let knowledge = self.knowledge;
        let Some(criterion) = knowledge.packs.criterion(id) else {
            let criteria = knowledge.packs.iter().flat_map(|pack| &pack.criteria);
            let asked = criteria.filter(|criterion| criterion.def.attest.is_some()).map(|c| c.id.as_str());
            return Err(format!("no criterion `{id}`; {}", hint(id, asked)));
        };
        let Some(question) = &criterion.def.attest else {
            let by =
                if criterion.def.checks.is_empty() { "a rule".to_owned() } else { criterion.def.checks.join(", ") };
            return Err(format!("{id} asks nobody: it is measured by {by}; a fail of it may be accepted by `waive`"));
        };
        Ok((criterion, question))
    }
}

/// Names that a mistyped one may have meant.
pub(super) fn hint<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> String {
    let near = near(wrong, known);
    if near.is_empty() {
        "`loadline checklist --all` lists them".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    }
}
