//! Where past audits are kept.

use std::path::{Path, PathBuf};

use super::{
    file::{ConfigError, ConfigFile},
    runs::state_home,
};

/// The word for no history at all.
const OFF: &str = "off";

/// The file of past audits: of the flag, of the configuration file, or `loadline/history.sqlite` in the XDG state folder.
/// None where the configuration wants none (`history = "off"`).
///
/// # Errors
/// None of them says one.
pub fn history_file(flag: Option<&Path>, file: Option<&(PathBuf, ConfigFile)>) -> Result<Option<PathBuf>, ConfigError> {
    if let Some(path) = flag {
        return Ok(Some(path.to_owned()));
    }
    if let Some((path, named)) = file.and_then(|(path, file)| Some((path, file.history.as_deref()?))) {
        return Ok((named != OFF).then(|| path.parent().unwrap_or(Path::new("")).join(named)));
    }
    let nowhere = "there is neither XDG_STATE_HOME nor HOME to keep past audits in; name a file by `history = \"FILE\"` \
                   in loadline.toml";
    let state = state_home().ok_or_else(|| ConfigError::Meaning(nowhere.into()))?;
    Ok(Some(state.join("loadline").join("history.sqlite")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_decides_where_past_audits_are_kept() {
        let read = |text: &str| ("conf/loadline.toml".into(), ConfigFile::parse("loadline.toml", text).unwrap());
        let file = read("history = \"past.sqlite\"");
        let of = |flag: Option<&str>, file| history_file(flag.map(Path::new), Some(file)).unwrap();
        assert_eq!(of(Some("here.sqlite"), &file), Some("here.sqlite".into()));
        assert_eq!(of(None, &file), Some("conf/past.sqlite".into()));
        assert_eq!(of(None, &read("history = \"off\"")), None);
    }
}
