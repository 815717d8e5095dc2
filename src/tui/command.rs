//! The one table of commands. Dispatch, hints, help, palette, the key file and the manual are all made from it.
//!
//! Each screen brings its own commands; this file joins them with those that are possible everywhere.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use super::{
    key::Key,
    model::Model,
    screen::{self, Tab, capacity, checklist, findings, history, live, report, run, runbooks},
};

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Leaves.
    Quit,
    /// Leaves, and leaves the last screen printed.
    QuitPrinting,
    /// Stops the program, as a shell's job control does.
    Suspend,
    /// Shows keys.
    Help,
    /// Lists every command.
    Palette,
    /// Shows past messages.
    Messages,
    /// Goes inward.
    Open,
    /// Goes outward.
    Back,
    /// To where one was before.
    Backward,
    /// To where one came back from.
    Forward,
    /// To a screen.
    Go(Tab),
    /// To the next screen.
    NextTab,
    /// To the screen before.
    PreviousTab,
    /// Moves in a list or text.
    Move(Motion),
    /// Copies a line.
    CopyLine,
    /// Copies everything about what is chosen, as Markdown.
    CopyAll,
    /// Asks again now: the source of what is chosen, or all.
    Refresh,
    /// Asks all sources again now.
    RefreshAll,
    /// Stops and goes on asking.
    Pause,
    /// Asks for live numbers more or less often.
    Every(Pace),
    /// Drops what is being asked.
    Cancel,
    /// Heeds the mouse, or not.
    Mouse,
    /// Lets steps run, for a while.
    Unlock,
    /// Lets nothing run.
    Lock,
    /// Looks at another target.
    Target,
    /// Shows the next colours.
    NextPalette,
    /// Of the findings.
    Findings(findings::Act),
    /// Of the live screen.
    Live(live::Act),
    /// Of the list of runbooks.
    Runbooks(runbooks::Act),
    /// Of a run.
    Run(run::Act),
    /// Of the checklist.
    Checklist(checklist::Act),
    /// Of the what-if.
    Capacity(capacity::Act),
    /// Of the history.
    History(history::Act),
    /// Of the report.
    Report(report::Act),
}

/// A move in a list or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
    /// To the first.
    Top,
    /// To the last.
    Bottom,
}

/// How often is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pace {
    /// More often.
    Faster,
    /// Less often.
    Slower,
}

/// A command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name in the key file: stable.
    pub id: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// The word in the line of hints; none where it is not hinted at.
    pub hint: Option<&'static str>,
    /// The keys where nobody says otherwise.
    pub keys: &'static [&'static str],
    /// What it does.
    pub action: Action,
}

/// What is possible everywhere, in a word.
const EVERYWHERE_WORD: &str = "On every screen";

impl Command {
    /// A command that is not hinted at.
    pub const fn new(id: &'static str, keys: &'static [&'static str], title: &'static str, action: Action) -> Self {
        Self { id, title, hint: None, keys, action }
    }

    /// The same, with its word in the line of hints.
    #[must_use]
    pub const fn hinted(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Why it cannot be done here and now; nothing where it can. Cheap: it is asked for every command on every frame.
    pub fn why_not(&self, model: &Model) -> Option<Cow<'static, str>> {
        match self.action {
            Action::Refresh | Action::RefreshAll | Action::Pause | Action::Every(_) | Action::Cancel
                if model.is_recorded() && !(self.action == Action::Cancel && screen::history::is_reading(model)) =>
            {
                Some("a recording asks nobody".into())
            }
            Action::Target if model.about.targets.len() < 2 => {
                Some("there is no other target in the configuration".into())
            }
            Action::Back if model.nav.path().len() < 2 && model.overs.is_empty() => {
                Some("this is the outermost place".into())
            }
            action => screen::why_not(model, action),
        }
    }

    /// The screen that brought it, in a word.
    pub fn group(&self) -> &'static str {
        match self.action {
            Action::Findings(_) => "Findings",
            Action::Live(_) => "Live",
            Action::Runbooks(_) => "Runbooks",
            Action::Run(_) => "Run",
            Action::Checklist(_) => "Checklist",
            Action::Capacity(_) => "Capacity",
            Action::History(_) => "History",
            Action::Report(_) => "Report",
            _ => EVERYWHERE_WORD,
        }
    }

    /// Whether a screen brought it, and not every screen has it.
    pub fn is_of_a_screen(&self) -> bool {
        self.group() != EVERYWHERE_WORD
    }

    /// Whether it belongs to where one is: what does not is neither hinted at nor bound there.
    pub fn is_here(&self, model: &Model) -> bool {
        screen::is_here(model, self.action)
    }
}

/// Those that lead the line of hints.
static FIRST: &[Command] = &[
    Command::new("open", &["enter", "l", "right"], "open what is chosen", Action::Open).hinted("open"),
    Command::new("back", &["esc", "h", "left"], "go back", Action::Back).hinted("back"),
];

/// Those that are possible everywhere.
static EVERYWHERE: &[Command] = &[
    Command::new("palette", &[":"], "list every command", Action::Palette).hinted("command"),
    Command::new("copy", &["y"], "copy this line", Action::CopyLine).hinted("copy"),
    Command::new("copy-all", &["Y"], "copy all of it as Markdown", Action::CopyAll),
    Command::new("help", &["?"], "show the keys", Action::Help).hinted("help"),
    Command::new("quit", &["q", "ctrl-c"], "leave", Action::Quit).hinted("quit"),
    Command::new("quit-printing", &["Q"], "leave, and leave this screen printed", Action::QuitPrinting),
    Command::new("suspend", &["ctrl-z"], "stop the program; fg goes on", Action::Suspend),
    Command::new("refresh", &["r"], "ask again now", Action::Refresh),
    Command::new("refresh-all", &["R"], "ask all sources again now", Action::RefreshAll),
    Command::new("pause", &["p"], "stop asking, or go on", Action::Pause),
    Command::new("faster", &["+"], "ask for live numbers more often", Action::Every(Pace::Faster)),
    Command::new("slower", &["-"], "ask for live numbers less often", Action::Every(Pace::Slower)),
    Command::new("cancel", &["ctrl-x"], "drop what is being asked now", Action::Cancel),
    Command::new("messages", &["m"], "past messages", Action::Messages),
    Command::new("overview", &["1"], "the overview", Action::Go(Tab::Overview)),
    Command::new("findings", &["2"], "all findings", Action::Go(Tab::Findings)),
    Command::new("live", &["3"], "what happens now", Action::Go(Tab::Live)),
    Command::new("runbooks", &["4"], "runbooks and runs", Action::Go(Tab::Runbooks)),
    Command::new("checklist", &["5"], "the checklist", Action::Go(Tab::Checklist)),
    Command::new("capacity", &["6"], "what if", Action::Go(Tab::Capacity)),
    Command::new("history", &["7"], "past audits", Action::Go(Tab::History)),
    Command::new("report", &["8"], "the report", Action::Go(Tab::Report)),
    Command::new("next-screen", &["tab"], "the next screen", Action::NextTab),
    Command::new("previous-screen", &["backtab"], "the screen before", Action::PreviousTab),
    Command::new("backward", &["["], "to where you were before", Action::Backward),
    Command::new("forward", &["]"], "to where you came back from", Action::Forward),
    Command::new("up", &["up", "k"], "one up", Action::Move(Motion::Up)),
    Command::new("down", &["down", "j"], "one down", Action::Move(Motion::Down)),
    Command::new("page-up", &["pgup", "ctrl-u"], "a screenful up", Action::Move(Motion::PageUp)),
    Command::new("page-down", &["pgdn", "ctrl-d"], "a screenful down", Action::Move(Motion::PageDown)),
    Command::new("top", &["home", "g"], "to the first", Action::Move(Motion::Top)),
    Command::new("bottom", &["end", "G"], "to the last", Action::Move(Motion::Bottom)),
    Command::new("mouse", &["M"], "heed the mouse, or leave it to the terminal", Action::Mouse),
    Command::new("target", &["T"], "look at another target", Action::Target),
    Command::new("unlock", &[], "let steps of runbooks run, each confirmed", Action::Unlock),
    Command::new("lock", &[], "let nothing run", Action::Lock),
    Command::new("colours", &[], "show the next colours", Action::NextPalette),
];

/// All commands, in the order of hints and help.
pub static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    [
        FIRST,
        findings::COMMANDS,
        live::COMMANDS,
        runbooks::COMMANDS,
        run::COMMANDS,
        checklist::COMMANDS,
        capacity::COMMANDS,
        history::COMMANDS,
        report::COMMANDS,
        EVERYWHERE,
    ]
    .concat()
});

/// Which key means which commands: one key may mean one thing on one screen and another on the next.
#[derive(Debug, Clone)]
pub struct Keymap {
    by_key: BTreeMap<String, Vec<&'static str>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let mut by_key: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for command in COMMANDS.iter() {
            for key in command.keys {
                by_key.entry((*key).to_owned()).or_default().push(command.id);
            }
        }
        Self { by_key }
    }
}

impl Keymap {
    /// The keys with those of a person laid over them; a command that is named there loses its own.
    ///
    /// # Errors
    /// A command or key that is not there, in a sentence.
    pub fn with(own: &BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let mut map = Self::default();
        for (id, keys) in own {
            let command = COMMANDS.iter().find(|c| c.id == id).ok_or_else(|| {
                let near: Vec<_> = COMMANDS.iter().map(|c| c.id).filter(|known| is_near(known, id)).collect();
                let near =
                    if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(" or ")) };
                format!("no command `{id}`; {near}`loadline screens --print-keys` shows them all")
            })?;
            map.by_key.values_mut().for_each(|ids| ids.retain(|of| *of != command.id));
            for key in keys {
                map.by_key.entry(Key::read(key)?.to_string()).or_default().insert(0, command.id);
            }
        }
        Ok(map)
    }

    /// The command of a key where one is. One that belongs here comes before one that does not, and what a screen brings
    /// before what is everywhere: on the what-if the arrows change a number.
    pub fn command(&self, key: Key, model: &Model) -> Option<&'static Command> {
        let ids = self.by_key.get(&key.to_string())?;
        let of = |id: &&'static str| COMMANDS.iter().find(|command| command.id == *id);
        let mut known = ids.iter().filter_map(of);
        let here = || known.clone().filter(|command| command.is_here(model));
        here().find(|command| command.is_of_a_screen()).or_else(|| here().next()).or_else(|| known.next())
    }

    /// The keys of a command, as its own order has them, the most telling first.
    pub fn keys(&self, command: &Command) -> Vec<&str> {
        let of: Vec<&str> =
            self.by_key.iter().filter(|(_, ids)| ids.contains(&command.id)).map(|(key, _)| key.as_str()).collect();
        let mut keys: Vec<&str> = command.keys.iter().copied().filter(|key| of.contains(key)).collect();
        keys.extend(of.iter().filter(|key| !command.keys.contains(key)));
        keys
    }
}

/// Whether a word may be a mistyped other: of the same letters, or one within the other.
pub(super) fn is_near(known: &str, typed: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    !typed.is_empty() && (known.contains(typed) || typed.contains(known) || letters(known) == letters(typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_a_key_and_every_command_has_a_name_of_its_own() {
        for command in COMMANDS.iter() {
            assert!(!command.title.is_empty(), "{}", command.id);
            for key in command.keys {
                assert_eq!(Key::read(key).unwrap().to_string(), *key);
            }
        }
        let ids: std::collections::BTreeSet<_> = COMMANDS.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), COMMANDS.len());
    }

    /// On the what-if nothing lies to the left or right of a number: there these keys change it.
    const SIDEWAYS: [&str; 4] = ["left", "right", "h", "l"];

    #[test]
    fn a_key_that_works_everywhere_means_nothing_else_anywhere() {
        for command in FIRST.iter().chain(EVERYWHERE) {
            for key in command.keys.iter().filter(|key| !SIDEWAYS.contains(key)) {
                let others = COMMANDS.iter().filter(|other| other.keys.contains(key) && other.id != command.id);
                assert_eq!(others.map(|other| other.id).collect::<Vec<_>>(), Vec::<&str>::new(), "{key}");
            }
        }
    }
}
