//! Where runs of runbooks are kept, and what a target asks of them.

use std::path::{Path, PathBuf};

use super::file::{ConfigError, ConfigFile};

/// The folder of runs, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    /// The folder; it need not be there yet.
    pub folder: PathBuf,
    /// Who says so: `--runs`, the configuration file, or the XDG state folder.
    pub origin: &'static str,
}

/// The folder of runs: of the flag, of the configuration file, or `loadline/runs` in the XDG state folder.
///
/// # Errors
/// None of them says one.
pub fn runs_folder(flag: Option<&Path>, file: Option<&(PathBuf, ConfigFile)>) -> Result<Runs, ConfigError> {
    if let Some(folder) = flag {
        return Ok(Runs { folder: folder.to_owned(), origin: "--runs" });
    }
    let of_file = file.and_then(|(path, file)| Some(path.parent().unwrap_or(Path::new("")).join(file.runs.as_ref()?)));
    if let Some(folder) = of_file {
        return Ok(Runs { folder, origin: "the configuration file" });
    }
    let nowhere =
        || ConfigError::Meaning("there is neither XDG_STATE_HOME nor HOME to keep runs in; give --runs DIR".into());
    let state = state_home().ok_or_else(nowhere)?;
    Ok(Runs { folder: state.join("loadline").join("runs"), origin: "the XDG state folder" })
}

/// Whether a target of the configuration wants a second person for dangerous steps.
pub fn second_person(file: Option<&(PathBuf, ConfigFile)>, target: &str) -> bool {
    file.and_then(|(_, file)| file.targets.get(target)).is_some_and(|target| target.second_person)
}

/// The folder for what a program keeps from one run to the next: `XDG_STATE_HOME`, else `.local/state` at home.
#[expect(clippy::disallowed_methods, reason = "the environment is read at this edge")]
pub(crate) fn state_home() -> Option<PathBuf> {
    // The base directory specification: a path that is not absolute is to be ignored.
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_decides_where_runs_are_kept() {
        let text = "runs = \"journal\"\n[targets.shop]\nsecond_person = true\n[targets.other]\n";
        let file = ("conf/loadline.toml".into(), ConfigFile::parse("loadline.toml", text).unwrap());
        let of = |flag: Option<&str>, file| runs_folder(flag.map(Path::new), file).unwrap().folder;
        assert_eq!(of(Some("here"), Some(&file)), Path::new("here"));
        assert_eq!(of(None, Some(&file)), Path::new("conf/journal"));
        assert!(second_person(Some(&file), "shop"));
        assert!(!second_person(Some(&file), "other") && !second_person(None, "shop"));
    }
}
