//! A fail is accepted for a time, by somebody who answers for it.

use std::path::PathBuf;

use super::{
    desk::{Desk, hint},
    document::Document,
};
use crate::{readiness::checklist::ends, source::WaiverFile};

/// What is accepted, why, by whom, until when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waive {
    /// The check or criterion whose fail is accepted.
    pub check: String,
    /// The subjects that are meant; `*` and `?` stand for any characters.
    pub subject: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Its last day, or how long: `2027-01-31`, `30d`.
    pub expires: String,
    /// Where the work to be done is written down.
    pub ticket: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
}

impl Desk<'_> {
    /// The file that a waiver goes into: of a name that is given, or of check and subject in plain letters.
    ///
    /// # Errors
    /// A waiver that could never hold, a name that is none, a file that is there already: in words.
    pub fn waiver_of(&self, check: &str, subject: &str, name: Option<&str>) -> Result<PathBuf, String> {
        self.may_be_waived(check, subject)?;
        let path = self.waivers().join(format!("{}.toml", file_name(check, subject, name)?));
        if path.exists() {
            return Err(format!("{} is there already: edit it, or give another --name", path.display()));
        }
        Ok(path)
    }

    /// The same, but beside the files that are there: an older waiver that has ended takes the plain name.
    ///
    /// # Errors
    /// A waiver that could never hold, in words.
    pub fn free_waiver_of(&self, check: &str, subject: &str) -> Result<PathBuf, String> {
        self.may_be_waived(check, subject)?;
        let name = file_name(check, subject, None)?;
        let numbered = (2..).map(|n| format!("{name}-{n}"));
        let mut paths = std::iter::once(name.clone()).chain(numbered).map(|n| self.waivers().join(format!("{n}.toml")));
        paths.find(|path| !path.exists()).ok_or_else(|| format!("{name}: no free name is left"))
    }

    /// Writes a waiver into a file.
    ///
    /// # Errors
    /// A word that is missing, a day that cannot be, a file that cannot be written: in words.
    pub fn waive(&self, path: &std::path::Path, waive: &Waive) -> Result<(), String> {
        let expires = ends::of_waiver(&waive.expires, self.today)?;
        let mut document = Document::parse(path, "")?;
        document.set("check", waive.check.as_str());
        document.set("subject", waive.subject.as_str());
        document.set("reason", waive.reason.trim());
        document.set("owner", waive.owner.trim());
        document.set_day("on", self.today)?;
        document.set_day("expires", expires)?;
        for (key, text) in [("approved_by", &waive.approved_by), ("ticket", &waive.ticket)] {
            if let Some(text) = text {
                document.set(key, text.as_str());
            }
        }
        document.write(path, WaiverFile::parse)
    }

    /// A waiver that could never hold is refused where it is written.
    fn may_be_waived(&self, id: &str, subject: &str) -> Result<(), String> {
        let (library, packs) = (&self.knowledge.library, &self.knowledge.packs);
        if library.check(id).is_some() {
            return Ok(());
        }
        let Some(criterion) = packs.criterion(id) else {
            let checks = library.checks().map(|check| check.def.id.as_str());
            let criteria = packs.iter().flat_map(|pack| &pack.criteria).map(|c| c.id.as_str());
            return Err(format!("no check or criterion `{id}`; {}", hint(id, checks.chain(criteria))));
        };
        if !criterion.def.waivable {
            return Err(format!("a fail of {id} may not be accepted, says its pack"));
        }
        if subject != "*" {
            return Err("a criterion is about the whole target: leave out --subject, or waive its check".into());
        }
        Ok(())
    }
}

/// The longest name of a file that every file system takes, its ending and a number included.
const LONGEST: usize = 200;

/// The name of the file: the one that is given, or check and subject in plain letters.
fn file_name(check: &str, subject: &str, given: Option<&str>) -> Result<String, String> {
    if let Some(name) = given {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        return if plain {
            Ok(name.to_owned())
        } else {
            Err(format!("--name {name}: expected letters, digits, dashes and dots"))
        };
    }
    let whole = if subject == "*" { check.to_owned() } else { format!("{check} {subject}") };
    let words: Vec<_> = whole.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-").to_lowercase();
    name.truncate(LONGEST);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_check_and_subject() {
        let of = |check, subject| file_name(check, subject, None).unwrap();
        assert_eq!(of("redis.oom-errors", "*"), "redis-oom-errors");
        assert_eq!(of("postgres.bloat", "primary/shop: ../../etc"), "postgres-bloat-primary-shop-etc");
        assert_eq!(of("a.b", &"x".repeat(1_000)).len(), LONGEST);
        assert!(file_name("a.b", "*", Some("../x")).unwrap_err().contains("--name"));
    }
}
