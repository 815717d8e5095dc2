//! What stands where, as the settings have it. A list of names that is wrong is told, and never mended in silence.

use ratatui::layout::{Constraint, Rect};

use super::{
    command::is_near,
    screen::{findings::Part, live::Panel},
    settings::place,
};
use crate::{config::Layer, text::screen};

/// The least height of an area with a list and what is chosen in it side by side.
const SPLIT_HEIGHT: u16 = 20;

/// From this height of an area on what is chosen in a list is told below it.
pub(super) const ROOMY: u16 = 15;

/// An area of a list, and below it, where there is room, so many lines for what is chosen in it.
pub(super) fn with_foot(area: Rect, lines: u16) -> [Rect; 2] {
    let below = if area.height >= ROOMY { lines } else { 0 };
    ratatui::layout::Layout::vertical([Constraint::Min(1), Constraint::Length(below)]).areas(area)
}

/// What stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The width, in cells, from which on a list and what is chosen in it stand side by side.
    pub split: u16,
    /// The panels of the live screen, in their order, where somebody says.
    pub live: Option<Vec<Panel>>,
    /// The columns of the list of findings beside the status, in their order, where somebody says.
    pub findings: Option<Vec<Part>>,
}

impl Default for Layout {
    fn default() -> Self {
        Self { split: 120, live: None, findings: None }
    }
}

impl Layout {
    /// Layers over each other, the weakest first.
    ///
    /// # Errors
    /// A sentence with file, line, column, what was expected and what to do.
    pub(super) fn of(layers: &[Layer]) -> Result<Self, String> {
        let panels = Panel::ALL.map(|panel| (panel.id(), panel));
        let parts = Part::ALL.map(|part| (part.id(), part));
        let file = |layer: &Layer| layer.settings.layout.clone();
        let split = layers.iter().rev().find_map(|layer| file(layer).split);
        let live = layers.iter().rev().find_map(|layer| Some((layer, file(layer).live?)));
        let findings = layers.iter().rev().find_map(|layer| Some((layer, file(layer).findings?)));
        Ok(Self {
            split: split.unwrap_or(Self::default().split),
            live: live
                .map(|(layer, names)| Names { layer, key: "live", of: "panel" }.read(&names, &panels))
                .transpose()?,
            findings: findings
                .map(|(layer, names)| Names { layer, key: "findings", of: "column" }.read(&names, &parts))
                .transpose()?,
        })
    }

    /// Whether there is room for a list with what is chosen in it beside it.
    pub(super) fn splits(&self, area: Rect) -> bool {
        area.width >= self.split && area.height >= SPLIT_HEIGHT
    }

    /// The panels of the live screen, in their order; never none.
    pub(super) fn panels(&self) -> &[Panel] {
        self.live.as_deref().unwrap_or(&Panel::ALL)
    }

    /// The columns of the list of findings beside the status, in their order.
    pub(super) fn parts(&self) -> &[Part] {
        self.findings.as_deref().unwrap_or(Part::USUAL)
    }
}

/// A list of names in a file, and what they are names of.
struct Names<'l> {
    layer: &'l Layer,
    key: &'static str,
    of: &'static str,
}

impl Names<'_> {
    fn read<T: Copy + PartialEq>(&self, names: &[String], known: &[(&str, T)]) -> Result<Vec<T>, String> {
        let (key, of) = (self.key, self.of);
        let all = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        if names.is_empty() {
            return Err(
                self.wrong(None, &format!("`{key}` names no {of}; name some of {all}, or leave `{key}` out for all"))
            );
        }
        let mut found = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let Some((_, one)) = known.iter().find(|(known, _)| known == name) else {
                let near = known.iter().map(|(known, _)| *known).find(|known| is_near(known, name));
                let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
                return Err(self.wrong(Some(at), &format!("no {of} `{}`; {near}there are {all}", screen(name))));
            };
            if found.contains(one) {
                return Err(self.wrong(Some(at), &format!("`{name}` stands in `{key}` twice; name each {of} once")));
            }
            found.push(*one);
        }
        Ok(found)
    }

    fn wrong(&self, item: Option<usize>, why: &str) -> String {
        format!("{}: {why}", place(self.layer, &["layout", self.key], item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::ScreensFile, tui::settings::Settings};

    fn layer(text: &str) -> Layer {
        let settings = ScreensFile::parse("screens.toml", text).unwrap();
        Layer { path: "screens.toml".into(), text: text.into(), table: "", settings }
    }

    fn of(text: &str) -> Result<Layout, String> {
        Layout::of(&[layer(text)])
    }

    #[test]
    fn panels_and_columns_are_those_that_are_named_in_their_order() {
        let layout = of("[layout]\nlive = [\"locks\", \"activity\"]\nfindings = [\"number\", \"check\"]\n").unwrap();
        assert_eq!(layout.panels(), [Panel::Locks, Panel::Activity]);
        assert_eq!(layout.parts(), [Part::Number, Part::Check]);
        let default = of("").unwrap();
        assert_eq!((default.panels(), default.parts()), (&Panel::ALL[..], Part::USUAL));
    }

    #[test]
    fn the_later_layer_wins_list_by_list() {
        let team = layer("[layout]\nsplit = 90\nlive = [\"pools\"]\nfindings = [\"check\"]\n");
        let own = layer("[layout]\nlive = [\"cache\"]\n");
        let layout = Layout::of(&[team, own]).unwrap();
        assert_eq!((layout.split, layout.panels(), layout.parts()), (90, &[Panel::Cache][..], &[Part::Check][..]));
    }

    #[test]
    fn a_name_in_settings_is_the_name_in_files_and_of_the_command() {
        let written = |name: serde_json::Value| name.as_str().unwrap().to_owned();
        for panel in Panel::ALL {
            assert_eq!(written(serde_json::to_value(panel).unwrap()), panel.id());
            assert!(crate::tui::command::COMMANDS.iter().any(|command| command.id == panel.id()));
        }
        for part in Part::ALL {
            assert_eq!(written(serde_json::to_value(part).unwrap()), part.id());
        }
        let schema = serde_json::to_string(&schemars::schema_for!(ScreensFile)).unwrap();
        for name in Panel::ALL.map(Panel::id).into_iter().chain(Part::ALL.map(Part::id)) {
            assert!(schema.contains(&format!("\"{name}\"")), "{name} is in the schema");
        }
    }

    #[test]
    fn a_wrong_list_is_told_with_its_place_what_there_is_and_what_to_do() {
        let wrong = |text: &str, expected: &[&str]| {
            let error = of(text).unwrap_err();
            for words in expected {
                assert!(error.contains(words), "{words}: {error}");
            }
        };
        wrong(
            "[layout]\nlive = [\"activity\", \"lock\"]\n",
            &["screens.toml, line 2, column 21: ", "no panel `lock`", "did you mean locks?", "replication"],
        );
        wrong(
            "layout.findings = [\n  \"check\",\n  \"status\",\n]\n",
            &["line 3, column 3: ", "no column `status`", "severity, check, subject, number, trend, age, message"],
        );
        wrong("[layout]\nlive = [\"locks\", \"locks\"]\n", &["line 2, column 18: ", "twice", "each panel once"]);
        wrong("[layout]\n\nfindings = []\n", &["line 3, column 1: ", "names no column", "leave `findings` out"]);
        wrong("[layout]\nlive = [\"\\u001b[2J\"]\n", &["\\u{1b}"]);
    }

    #[test]
    fn a_place_in_the_team_s_file_is_told_too() {
        let text = "[targets.shop]\n\n[screens.layout]\nlive = [\"nowhere\"]\n";
        let settings = ScreensFile::parse("own", "[layout]\nlive = [\"nowhere\"]\n").unwrap();
        let layer = Layer { path: "loadline.toml".into(), text: text.into(), table: "screens", settings };
        let error = Settings::of(&[layer]).unwrap_err();
        assert!(error.starts_with("loadline.toml, line 4, column 9: no panel `nowhere`"), "{error}");
    }
}
