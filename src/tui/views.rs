//! How each target was looked at last, so that one comes back to it. Pure; [`super::work`] has the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::{
    model::Model,
    nav::Nav,
    screen::{Tab, findings::Sort},
    theme::Palette,
};

/// The version of the file.
pub const VERSION: u32 = 1;

/// The most targets that are remembered.
const MOST: usize = 200;

/// The longest filter that is remembered, in characters.
const LONGEST: usize = 500;

/// All that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Views {
    /// The version of this format.
    pub version: u32,
    /// By target.
    pub targets: BTreeMap<String, View>,
}

impl Default for Views {
    fn default() -> Self {
        Self { version: VERSION, targets: BTreeMap::new() }
    }
}

/// How a target was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The screen.
    pub screen: Tab,
    /// The filter of the findings.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// The order of the findings.
    #[serde(default)]
    pub sort: Sort,
    /// The colours, where they were chosen in the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Palette>,
}

impl Views {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let views: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if views.version != VERSION {
            return Err(format!("it has version {}, and this program knows {VERSION}", views.version));
        }
        Ok(views)
    }

    /// Its text.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Remembers how a target was looked at.
    pub fn remember(&mut self, target: &str, view: View) {
        self.targets.insert(target.to_owned(), view);
        // Which one is least wanted is not known; a file that grows without end is worse than a view that is lost.
        while self.targets.len() > MOST {
            let Some(other) = self.targets.keys().find(|name| *name != target).cloned() else { break };
            self.targets.remove(&other);
        }
    }
}

impl View {
    /// How the target is looked at now. `begun` are the colours that the program began with: only others were chosen.
    pub fn of(model: &Model, begun: Palette, before: Option<&Self>) -> Self {
        let findings = &model.screens.findings;
        let chosen = (model.look.palette != begun).then_some(model.look.palette);
        Self {
            screen: model.nav.tab(),
            filter: findings.filter.value().chars().take(LONGEST).collect(),
            sort: findings.sort,
            theme: chosen.or_else(|| before.and_then(|view| view.theme)),
        }
    }

    /// Looks at the target like this again. A screen that somebody asked for stays.
    pub fn lay(&self, model: &mut Model, screen_is_asked_for: bool) {
        if !screen_is_asked_for {
            model.nav = Nav::new(self.screen);
        }
        // The list itself is made when there is a judgement.
        model.screens.findings.filter = Input::new(self.filter.clone());
        model.screens.findings.sort = self.sort;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::{demo, empty, press, type_text};

    #[test]
    fn what_was_looked_at_last_is_looked_at_again() {
        let mut model = demo();
        press(&mut model, "2 s /");
        type_text(&mut model, "is:fail");
        press(&mut model, "enter : c o l o u r s enter");
        let begun = Palette::Ansi;
        let mut views = Views::default();
        views.remember("shop", View::of(&model, begun, None));
        let read = Views::read(&views.text()).unwrap();
        assert_eq!(read, views);
        let mut again = empty(None);
        read.targets["shop"].lay(&mut again, false);
        crate::tui::fixture::tell(&mut again);
        assert_eq!(again.nav.tab(), Tab::Findings);
        let of = |model: &Model| (model.screens.findings.filter.value().to_owned(), model.screens.findings.sort);
        assert_eq!(of(&again), of(&model));
        assert_eq!(read.targets["shop"].theme, Some(Palette::Dark));
    }

    #[test]
    fn a_broken_or_strange_file_is_told() {
        assert!(Views::read("{").is_err());
        assert!(Views::read("{\"version\": 9, \"targets\": {}}").unwrap_err().contains("version 9"));
    }

    #[test]
    fn the_file_does_not_grow_without_end() {
        let mut views = Views::default();
        let view = View { screen: Tab::Live, filter: String::new(), sort: Sort::Worst, theme: None };
        for n in 0..MOST + 50 {
            views.remember(&format!("target {n}"), view.clone());
        }
        assert_eq!(views.targets.len(), MOST);
        assert!(views.targets.contains_key(&format!("target {}", MOST + 49)));
    }
}
