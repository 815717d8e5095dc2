//! How somebody wants the screens: `[screens]` in `loadline.toml`, and a file of their own.

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::file::{ConfigError, without_values};
use crate::{
    check::definition::Persona,
    tui::{
        screen::{Tab, findings::Part, live::Panel},
        theme::Palette,
    },
};

/// Settings of the screens. What is left out is as it is without them; flags win over all of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreensFile {
    /// The colours.
    #[serde(default)]
    pub theme: Option<Palette>,
    /// Draw with ASCII only.
    #[serde(default)]
    pub ascii: Option<bool>,
    /// Heed the mouse from the start.
    #[serde(default)]
    pub mouse: Option<bool>,
    /// The time between two live samples, in whole seconds: `"2s"`, `"1m"`; from 1 s to 1 h.
    #[serde(default)]
    pub interval: Option<String>,
    /// The screen to open with.
    #[serde(default)]
    pub start: Option<Tab>,
    /// Show only the findings that this reader wants to hear of; it changes no verdict.
    #[serde(default)]
    pub persona: Option<Persona>,
    /// Leave what passes or does not apply out of the list of findings, unless a filter asks for a status.
    #[serde(default)]
    pub hide_passed: Option<bool>,
    /// What stands where.
    #[serde(default)]
    pub layout: LayoutFile,
    /// Keys by the id of a command; a command that is named loses its own keys. `loadline screens --print-keys` prints
    /// them all.
    #[serde(default)]
    pub keys: BTreeMap<String, Vec<String>>,
}

/// What stands where.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutFile {
    /// The width, in cells, from which on a list and what is chosen in it stand side by side; 120 where left out.
    #[serde(default)]
    pub split: Option<u16>,
    /// The panels of the live screen, in their order; all of them where left out. A name that is not there is told when
    /// the screens are opened.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Panel>>", extend("minItems" = 1, "uniqueItems" = true))]
    pub live: Option<Vec<String>>,
    /// The columns of the list of findings beside the status, in their order; all but `message` where left out. On a narrow
    /// terminal those that matter least are dropped.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Part>>", extend("minItems" = 1, "uniqueItems" = true))]
    pub findings: Option<Vec<String>>,
}

impl ScreensFile {
    /// Reads the text of a file of its own.
    ///
    /// # Errors
    /// Unknown keys and wrong types, with line, column and caret.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text)
            .map_err(|error| ConfigError::Shape { path: path.to_owned(), message: without_values(text, &error) })
    }
}

/// Settings as they were found, with the text that they stand in, so that a mistake can be shown in its place.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// The path of the file, for people.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The table that the settings stand in: empty for a file of its own, `screens` in `loadline.toml`.
    pub table: &'static str,
    /// What it says.
    pub settings: ScreensFile,
}

/// The layers of settings, the weakest first: `[screens]` of the configuration file, then a person's own file,
/// `loadline/screens.toml` in the XDG folder.
///
/// # Errors
/// A file that cannot be read, or is not understood.
pub fn screens_layers(file: Option<&(PathBuf, super::ConfigFile)>) -> Result<Vec<Layer>, ConfigError> {
    let mut layers = Vec::new();
    if let Some((path, file)) = file {
        let text = read(path)?.unwrap_or_default();
        layers.push(Layer { path: path.display().to_string(), text, table: "screens", settings: file.screens.clone() });
    }
    if let Some(path) = super::resolve::xdg().map(|folder| folder.join("screens.toml"))
        && let Some(text) = read(&path)?
    {
        let shown = path.display().to_string();
        let settings = ScreensFile::parse(&shown, &text)?;
        layers.push(Layer { path: shown, text, table: "", settings });
    }
    Ok(layers)
}

/// The text of a file; none where there is none.
#[expect(clippy::disallowed_methods, reason = "the configuration is read here and nowhere else")]
fn read(path: &std::path::Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Read { path: path.display().to_string(), source }),
    }
}

/// The file that remembers how each target was looked at last: `loadline/views.json` in the XDG state folder; none
/// where there is no such folder.
pub fn views_file() -> Option<PathBuf> {
    super::runs::state_home().map(|state| state.join("loadline").join("views.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let wrong = |text: &str| ScreensFile::parse("screens.toml", text).unwrap_err().to_string();
        assert!(wrong("theme = \"pink\"").contains("line 1"), "{}", wrong("theme = \"pink\""));
        assert!(wrong("\n[layout]\nsplti = 3").contains("line 3"));
        assert!(wrong("start = \"nowhere\"").contains("overview"), "{}", wrong("start = \"nowhere\""));
    }

    #[test]
    fn a_full_file_is_read() {
        let text = "theme = \"light\"\nascii = true\nmouse = true\ninterval = \"5s\"\nstart = \"live\"\n\
                    persona = \"incident\"\nhide_passed = true\n[layout]\nsplit = 140\n[keys]\nquit = [\"x\"]\n";
        let file = ScreensFile::parse("screens.toml", text).unwrap();
        assert_eq!((file.theme, file.start, file.layout.split), (Some(Palette::Light), Some(Tab::Live), Some(140)));
        assert_eq!(file.keys["quit"], ["x"]);
    }
}
