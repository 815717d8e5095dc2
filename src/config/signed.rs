//! Where the answers and waivers of a target are.

use std::path::{Path, PathBuf};

use super::{
    file::{ConfigError, ConfigFile},
    resolve::Given,
    target::SourceConfig,
};
use crate::source::{Endpoint, Folders};

/// The name of the source that they are asked under.
pub const NAME: &str = "attestations";

/// The folders of a target: of flags, of the target, of the whole file, or `attestations` and `waivers` beside the
/// file. They may not be there yet.
fn folders(given: &Given, file: Option<&(PathBuf, ConfigFile)>, target: Option<&str>) -> Folders {
    let base = file.and_then(|(path, _)| path.parent()).unwrap_or(Path::new(""));
    let of_target = target.and_then(|name| file?.1.targets.get(name));
    let of_all = file.map(|(_, file)| file);
    let one = |flag: &Option<PathBuf>, own: Option<&String>, all: Option<&String>, default: &str| {
        flag.clone().unwrap_or_else(|| base.join(own.or(all).map_or(default, String::as_str)))
    };
    let attestations = one(
        &given.attestations,
        of_target.and_then(|t| t.attestations.as_ref()),
        of_all.and_then(|f| f.attestations.as_ref()),
        "attestations",
    );
    let waivers = one(
        &given.waivers,
        of_target.and_then(|t| t.waivers.as_ref()),
        of_all.and_then(|f| f.waivers.as_ref()),
        "waivers",
    );
    Folders { attestations: Some(attestations), waivers: Some(waivers) }
}

/// The folders of the target that is meant, whether or not they are there yet.
///
/// # Errors
/// A target that the file does not have.
pub fn folders_of_target(given: &Given, file: Option<&(PathBuf, ConfigFile)>) -> Result<Folders, ConfigError> {
    let targets = file.map(|(_, file)| &file.targets);
    let meant = given.target.as_ref().or(file.and_then(|(_, file)| file.default.as_ref()));
    let only = || targets.filter(|targets| targets.len() == 1).and_then(|targets| targets.keys().next());
    let name = meant.or_else(only);
    if let Some(name) = name.filter(|name| !targets.is_some_and(|targets| targets.contains_key(*name))) {
        return Err(ConfigError::Meaning(format!("no target `{name}` in the configuration")));
    }
    let differ = targets.is_some_and(|t| t.values().any(|t| t.attestations.is_some() || t.waivers.is_some()));
    if name.is_none() && differ && given.attestations.is_none() && given.waivers.is_none() {
        let known: Vec<_> = targets.into_iter().flat_map(|targets| targets.keys().map(String::as_str)).collect();
        let message = format!("which target? they have folders of their own; give --target: {}", known.join(", "));
        return Err(ConfigError::Meaning(message));
    }
    Ok(folders(given, file, name.map(String::as_str)))
}

/// A folder that a flag names must be there: a typing error must not pass for "nobody answered".
///
/// # Errors
/// The flag and its folder.
pub fn check_flags(given: &Given) -> Result<(), ConfigError> {
    for (flag, folder) in [("attestations", &given.attestations), ("waivers", &given.waivers)] {
        if let Some(folder) = folder.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(ConfigError::Meaning(format!("--{flag} {}: there is no such folder", folder.display())));
        }
    }
    Ok(())
}

/// The source of answers and waivers, where there is a folder, or one is named that is not there yet.
pub(super) fn source(
    given: &Given,
    file: Option<&(PathBuf, ConfigFile)>,
    target: Option<&str>,
    sources: &[SourceConfig],
) -> Result<Option<SourceConfig>, ConfigError> {
    check_flags(given)?;
    let mut found = folders(given, file, target);
    let own = |of: fn(&ConfigFile, Option<&str>) -> bool| file.is_some_and(|(_, file)| of(file, target));
    let named = [
        own(|f, t| f.attestations.is_some() || of_target(f, t).is_some_and(|t| t.attestations.is_some())),
        own(|f, t| f.waivers.is_some() || of_target(f, t).is_some_and(|t| t.waivers.is_some())),
    ];
    for (folder, named) in [&mut found.attestations, &mut found.waivers].into_iter().zip(named) {
        *folder = folder.take().filter(|folder| named || folder.is_dir());
    }
    if found == Folders::default() {
        return Ok(None);
    }
    if sources.iter().any(|source| source.name == NAME) {
        let message = format!("answers are asked under the name `{NAME}`; call the source of that name otherwise");
        return Err(ConfigError::Meaning(message));
    }
    Ok(Some(SourceConfig { name: NAME.to_owned(), endpoint: Endpoint::Attestation(found), databases: Vec::new() }))
}

fn of_target<'f>(file: &'f ConfigFile, target: Option<&str>) -> Option<&'f super::file::TargetFile> {
    file.targets.get(target?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (PathBuf, ConfigFile) {
        ("conf/loadline.toml".into(), ConfigFile::parse("loadline.toml", text).unwrap())
    }

    fn shown(folders: &Folders) -> [String; 2] {
        [&folders.attestations, &folders.waivers].map(|f| f.as_ref().unwrap().display().to_string())
    }

    #[test]
    fn the_nearest_word_decides() {
        let text = "waivers = \"accepted\"\n[targets.shop]\nattestations = \"shop/answers\"\n[targets.other]\n";
        let file = file(text);
        let given = Given::default();
        let of = |target| shown(&folders(&given, Some(&file), Some(target)));
        assert_eq!(of("shop"), ["conf/shop/answers", "conf/accepted"]);
        assert_eq!(of("other"), ["conf/attestations", "conf/accepted"]);
        let flag = Given { waivers: Some("w".into()), ..Given::default() };
        assert_eq!(shown(&folders(&flag, Some(&file), Some("shop"))), ["conf/shop/answers", "w"]);
        assert_eq!(shown(&folders(&given, None, None)), ["attestations", "waivers"]);
    }

    #[test]
    fn nothing_named_and_nothing_there_is_no_source_and_a_named_one_is() {
        let given = Given::default();
        let source = |text: &str| source(&given, Some(&file(text)), Some("shop"), &[]).unwrap().is_some();
        assert!(!source("[targets.shop]\n"));
        assert!(source("[targets.shop]\nattestations = \"a\"\n"));
        assert!(source("waivers = \"w\"\n"));
        let typo = Given { attestations: Some("nowhere".into()), ..Given::default() };
        assert!(super::source(&typo, None, None, &[]).unwrap_err().to_string().contains("no such folder"));
    }
}
