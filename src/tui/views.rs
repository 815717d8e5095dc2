//! How each target was looked at last, so that one comes back to it. Pure; [`super::work`] has the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::{
    model::Model,
    nav::Nav,
    screen::{Tab, checklist, findings::Sort, live, runbooks},
    theme::Palette,
};

/// The version of the file: since 2 it remembers more than one screen. The first version is read, too.
pub const VERSION: u32 = 2;

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
    /// The panels of the live screen.
    #[serde(default)]
    pub live: live::Looked,
    /// The list of runbooks.
    #[serde(default)]
    pub runbooks: runbooks::Looked,
    /// The checklist.
    #[serde(default)]
    pub checklist: checklist::Looked,
    /// The colours, where they were chosen in the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Palette>,
}

/// Only the version of a file.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A filter, no longer than it is remembered.
pub(super) fn clipped(filter: &str) -> String {
    filter.chars().take(LONGEST).collect()
}

impl Views {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        // The version alone first: a later one may hold what this program has no name for.
        let Version { version } = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if !(1..=VERSION).contains(&version) {
            return Err(format!("it has version {version}, and this program knows 1 to {VERSION}"));
        }
        let views: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { version: VERSION, ..views })
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
        let screens = &model.screens;
        let findings = &screens.findings;
        let chosen = (model.look.palette != begun).then_some(model.look.palette);
        Self {
            screen: model.nav.tab(),
            filter: clipped(findings.filter.value()),
            sort: findings.sort,
            live: live::Looked::of(&screens.live),
            runbooks: runbooks::Looked::of(&screens.runbooks),
            checklist: checklist::Looked::of(&screens.checklist),
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
        self.live.lay(model);
        self.runbooks.lay(model);
        self.checklist.lay(model);
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
    fn every_list_comes_back_as_it_was_left() {
        let mut model = checklist::tests::shown();
        press(&mut model, "3 s s L /");
        type_text(&mut model, "shop_app");
        press(&mut model, "enter t s");
        model.size = (160, 48);
        press(&mut model, "z 4 s /");
        type_text(&mut model, "failover");
        press(&mut model, "enter 5 o s /");
        type_text(&mut model, "is:gate");
        press(&mut model, "enter 3 u");
        let mut views = Views::default();
        views.remember("shop", View::of(&model, Palette::Ansi, None));
        let text = views.text();
        for left in
            ["\"autoscalers\"", "\"wait\"", "\"calls\"", "\"shop_app\"", "\"id\"", "\"failover\"", "\"is:gate\""]
        {
            assert!(text.contains(left), "{left}: {text}");
        }
        let mut again = empty(None);
        Views::read(&text).unwrap().targets["shop"].lay(&mut again, false);
        crate::tui::fixture::tell(&mut again);
        assert_eq!(again.nav.tab(), Tab::Live);
        assert_eq!(View::of(&again, Palette::Ansi, None), View::of(&model, Palette::Ansi, None));
        assert_eq!(again.screens.runbooks.shown, model.screens.runbooks.shown);
    }

    #[test]
    fn a_panel_that_is_left_out_by_now_is_not_gone_to() {
        let mut model = demo();
        press(&mut model, "3 o");
        let view = View::of(&model, Palette::Ansi, None);
        let mut again = demo();
        again.layout.live = Some(vec![live::Panel::Locks, live::Panel::Cache]);
        live::laid(&mut again);
        view.lay(&mut again, false);
        assert_eq!(
            live::Looked::of(&again.screens.live),
            live::Looked::of(&{
                let mut locks = demo();
                press(&mut locks, "3 L");
                locks.screens.live
            })
        );
    }

    #[test]
    fn a_file_of_the_first_version_is_read_and_written_as_the_present_one() {
        let first =
            r#"{"version": 1, "targets": {"shop": {"screen": "findings", "filter": "is:fail", "sort": "age"}}}"#;
        let views = Views::read(first).unwrap();
        let view = &views.targets["shop"];
        assert_eq!((view.screen, view.filter.as_str(), view.sort), (Tab::Findings, "is:fail", Sort::Age));
        assert_eq!(view.live, live::Looked::default());
        assert!(views.text().contains("\"version\": 2"));
    }

    #[test]
    fn a_broken_or_strange_file_is_told() {
        assert!(Views::read("{").is_err());
        let later = "{\"version\": 9, \"targets\": {}, \"more\": 1}";
        assert!(Views::read(later).unwrap_err().contains("version 9"));
        let strange = r#"{"version": 2, "targets": {"shop": {"screen": "live", "live": {"panel": "nowhere"}}}}"#;
        assert!(Views::read(strange).unwrap_err().contains("autoscalers"), "it says what there is");
    }

    #[test]
    fn the_file_does_not_grow_without_end() {
        let mut views = Views::default();
        let view = View::of(&empty(None), Palette::Ansi, None);
        for n in 0..MOST + 50 {
            views.remember(&format!("target {n}"), view.clone());
        }
        assert_eq!(views.targets.len(), MOST);
        assert!(views.targets.contains_key(&format!("target {}", MOST + 49)));
    }
}
