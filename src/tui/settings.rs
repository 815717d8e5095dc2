//! What the settings of the screens come to: files over each other, flags over them; and the key file as a template.
//! Pure: [`crate::config`] reads the files.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use super::{
    command::{COMMANDS, Keymap},
    key::Key,
    layout::Layout,
    model::Model,
    screen::{Tab, live},
    theme::Palette,
};
use crate::{check::definition::Persona, config::Layer, quantity, snapshot::Unit};

/// How somebody wants the screens.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The colours, where somebody says.
    pub theme: Option<Palette>,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// Whether the mouse is heeded from the start.
    pub mouse: bool,
    /// The time between two live samples, where somebody says.
    pub every: Option<Duration>,
    /// The screen to open with, where somebody says.
    pub start: Option<Tab>,
    /// Which findings are shown.
    pub persona: Option<Persona>,
    /// Whether what passes or does not apply is left out of the list of findings, where somebody says.
    pub hide_passed: Option<bool>,
    /// What stands where.
    pub layout: Layout,
    /// The keys.
    pub keymap: Keymap,
}

/// The longest time between two live samples.
const SLOWEST: f64 = 3_600.0;

impl Settings {
    /// Layers over each other, the weakest first.
    ///
    /// # Errors
    /// A sentence with file, line, what was expected and what to do.
    pub fn of(layers: &[Layer]) -> Result<Self, String> {
        let last = |get: &dyn Fn(&Layer) -> Option<bool>| layers.iter().rev().find_map(get).unwrap_or_default();
        let interval = layers.iter().rev().find_map(|layer| Some((layer, layer.settings.interval.as_ref()?)));
        Ok(Self {
            theme: layers.iter().rev().find_map(|layer| layer.settings.theme),
            ascii: last(&|layer| layer.settings.ascii),
            mouse: last(&|layer| layer.settings.mouse),
            every: interval.map(|(layer, text)| every(layer, text)).transpose()?,
            start: layers.iter().rev().find_map(|layer| layer.settings.start),
            persona: layers.iter().rev().find_map(|layer| layer.settings.persona),
            hide_passed: layers.iter().rev().find_map(|layer| layer.settings.hide_passed),
            layout: Layout::of(layers)?,
            keymap: keymap(layers)?,
        })
    }

    /// Lays them over a model. Colours are the caller's: the terminal has its say there.
    pub fn lay(&self, model: &mut Model) {
        model.keymap = self.keymap.clone();
        model.layout = self.layout.clone();
        live::laid(model);
        if let Some(hidden) = self.hide_passed {
            model.screens.findings.all = !hidden;
        }
        model.about.persona = model.about.persona.or(self.persona);
        model.mouse = self.mouse;
        if let Some(every) = self.every {
            model.every = every;
        }
        if let Some(start) = self.start {
            model.nav = super::nav::Nav::new(start);
        }
    }
}

fn every(layer: &Layer, text: &str) -> Result<Duration, String> {
    let seconds = quantity::parse(text, Unit::Seconds).ok().filter(|s| (1.0..=SLOWEST).contains(s) && s.fract() == 0.0);
    seconds.map(Duration::from_secs_f64).ok_or_else(|| {
        let place = place(layer, &["interval"], None);
        format!("{place}: `{}` is no interval; expected whole seconds from \"1s\" to \"1h\"", crate::text::screen(text))
    })
}

/// The keys of all layers: a command that a later layer names has the keys of that one.
fn keymap(layers: &[Layer]) -> Result<Keymap, String> {
    let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for layer in layers {
        for (id, keys) in &layer.settings.keys {
            // One at a time, so that a mistake is told with its own place.
            let one = BTreeMap::from([(id.clone(), keys.clone())]);
            Keymap::with(&one)
                .map_err(|why| format!("{}: {}", place(layer, &["keys", id], None), crate::text::screen(&why)))?;
            own.insert(id.clone(), keys.clone());
        }
    }
    let map = Keymap::with(&own)?;
    let lost = ["quit", "help", "palette"].into_iter().find(|id| {
        COMMANDS.iter().find(|command| command.id == *id).is_some_and(|command| map.keys(command).is_empty())
    });
    match (lost, layers.iter().rev().find(|layer| lost.is_some_and(|id| layer.settings.keys.contains_key(id)))) {
        (Some(id), Some(layer)) => Err(format!(
            "{}: `{id}` needs a key, or nobody finds the way out; give it one",
            place(layer, &["keys", id], None)
        )),
        _ => Ok(map),
    }
}

/// A place in a layer's file, for people: `screens.toml, line 3, column 1`; of an item of a list by its number.
pub(super) fn place(layer: &Layer, path: &[&str], item: Option<usize>) -> String {
    let position = position(&layer.text, layer.table, path, item);
    position
        .map_or_else(|| layer.path.clone(), |(line, column)| format!("{}, line {line}, column {column}", layer.path))
}

/// The line and the column at which a key of a file stands, or an item of its list.
fn position(text: &str, table: &str, path: &[&str], item: Option<usize>) -> Option<(usize, usize)> {
    let parsed = toml::de::DeTable::parse(text).ok()?;
    let mut here = parsed.get_ref();
    let mut path = [table].into_iter().filter(|name| !name.is_empty()).chain(path.iter().copied()).peekable();
    while let Some(name) = path.next() {
        let (key, value) = here.iter().find(|(key, _)| key.get_ref() == name)?;
        if path.peek().is_none() {
            let start = match item {
                Some(at) => value.get_ref().as_array()?.get(at)?.span().start,
                None => key.span().start,
            };
            let before = text.get(..start)?;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            return Some((before.matches('\n').count() + 1, column));
        }
        here = value.get_ref().as_table()?;
    }
    None
}

/// The whole key file as a template: every command, commented out, with the keys that it has.
pub fn print_keys() -> String {
    let mut out = "# Keys of the screens. Take the mark before a line away and change it; a command that is named here\n\
                   # loses the keys that it has without. `[]` leaves it to the palette (`:`).\n\
                   # This goes into loadline/screens.toml in the XDG configuration folder; under [screens.keys] it may\n\
                   # stand in loadline.toml as well. A key is one character, ctrl- and one, or a name: enter, esc, tab,\n\
                   # backtab, space, backspace, delete, up, down, left, right, pgup, pgdn, home, end.\n\n[keys]\n"
        .to_owned();
    for command in COMMANDS.iter() {
        let keys: Vec<String> = command.keys.iter().map(|key| format!("{key:?}")).collect();
        let _ = write!(out, "\n# {}\n# {} = [{}]\n", command.title, command.id, keys.join(", "));
    }
    out
}

/// The keys that a person would press for a command, for the manual.
pub fn keys_words(keys: &[&str]) -> String {
    keys.iter().filter_map(|key| Key::read(key).ok()).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::ScreensFile,
        tui::fixture::{demo, press},
    };

    fn layer(text: &str) -> Layer {
        let settings = ScreensFile::parse("screens.toml", text).unwrap();
        Layer { path: "screens.toml".into(), text: text.into(), table: "", settings }
    }

    #[test]
    fn the_printed_keys_read_back_are_those_that_there_are() {
        let text: String = print_keys()
            .lines()
            .map(|line| match line.strip_prefix("# ").filter(|rest| rest.contains(" = [")) {
                Some(setting) => format!("{setting}\n"),
                None => format!("{line}\n"),
            })
            .collect();
        let file = layer(&text);
        assert_eq!(file.settings.keys.len(), COMMANDS.len());
        let (read, default) = (Settings::of(&[file]).unwrap().keymap, Keymap::default());
        let mut model = demo();
        for command in COMMANDS.iter() {
            assert_eq!(read.keys(command), default.keys(command), "{}", command.id);
        }
        for tab in Tab::ALL {
            model.nav = crate::tui::nav::Nav::new(tab);
            for key in COMMANDS.iter().flat_map(|command| command.keys) {
                let key = Key::read(key).unwrap();
                // What belongs elsewhere only says so, whichever of them it is.
                let here = |map: &Keymap| map.command(key, &model).filter(|command| command.is_here(&model));
                let id = |map: &Keymap| here(map).map(|command| command.id);
                assert_eq!(id(&read), id(&default), "{key} on {}", tab.title());
            }
        }
    }

    #[test]
    fn the_later_layer_wins_setting_by_setting() {
        let team = layer("theme = \"dark\"\ninterval = \"10s\"\nhide_passed = false\n[keys]\nquit = [\"x\"]\n");
        let own = layer("theme = \"light\"\nstart = \"live\"\n[keys]\nrunbook = [\"o\"]\n");
        let settings = Settings::of(&[team, own]).unwrap();
        assert_eq!((settings.theme, settings.start), (Some(Palette::Light), Some(Tab::Live)));
        let mut model = demo();
        settings.lay(&mut model);
        assert_eq!((model.every.as_secs(), model.screens.findings.all, model.nav.tab()), (10, true, Tab::Live));
        assert!(press(&mut model, "q").is_empty(), "q is free now");
        assert_eq!(press(&mut model, "x").len(), 1);
    }

    #[test]
    fn a_wrong_key_or_command_is_told_with_file_line_and_what_there_is() {
        let wrong = |text: &str| Settings::of(&[layer(text)]).unwrap_err();
        let error = wrong("theme = \"dark\"\n\n[keys]\nqiut = [\"x\"]\n");
        assert!(
            error.contains("screens.toml, line 4") && error.contains("`qiut`") && error.contains("quit"),
            "{error}"
        );
        let error = wrong("[keys]\nquit = [\"entr\"]\n");
        assert!(error.contains("line 2") && error.contains("`entr`") && error.contains("enter"), "{error}");
        let error = wrong("keys.quit = []\n");
        assert!(error.contains("line 1") && error.contains("needs a key"), "{error}");
        let error = wrong("interval = \"0.5s\"\n");
        assert!(error.contains("line 1") && error.contains("\"1s\""), "{error}");
    }
}
