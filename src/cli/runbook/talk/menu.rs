//! The choices of an operator: their letters, their words, and what each needs to know.

use super::answer::Asked;
use crate::runbook::machine::{Asks, Choice};

/// What an operator wants, before its particulars are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// A choice of the machine.
    May(Choice),
    /// Write something down.
    Note,
    /// An item is made sure of.
    Tick,
}

/// A choice with its letter, its word, and what it does.
struct Entry(Wish, &'static str, &'static str, &'static str);

/// All of them, in the order in which they are offered.
const ENTRIES: &[Entry] = &[
    Entry(Wish::May(Choice::Go), "y", "go", "do it now"),
    Entry(Wish::May(Choice::Finish), "y", "close", "end the run; nothing more can be decided in it"),
    Entry(Wish::Tick, "t", "tick", "an item of the list is made sure of: `t`, or `t 2` for the second"),
    Entry(Wish::May(Choice::Verify), "v", "verify", "look at the live check now; nothing is changed"),
    Entry(Wish::May(Choice::MarkDone), "m", "was done", "it was done; you are asked how one can see that"),
    Entry(Wish::May(Choice::MarkNotDone), "x", "was not done", "it was not done; you are asked how one can see that"),
    Entry(
        Wish::May(Choice::DoneByHand),
        "h",
        "done by hand",
        "you have done it yourself; you are asked how one can see that",
    ),
    Entry(Wish::May(Choice::Retry), "r", "retry", "look at target and preconditions again, then decide once more"),
    Entry(
        Wish::May(Choice::Override),
        "o",
        "go on all the same",
        "although the check does not agree; a reason is asked",
    ),
    Entry(Wish::May(Choice::Skip), "s", "skip", "leave the step out; a reason is asked"),
    Entry(Wish::May(Choice::Defer), "d", "defer", "leave the step for later; the run is then complete except for it"),
    Entry(Wish::May(Choice::RollBack), "u", "roll back", "take back what was done, the latest first, each confirmed"),
    Entry(Wish::May(Choice::TakeBack), "b", "take back one", "take back one change alone; the run stays where it is"),
    Entry(Wish::May(Choice::GoTo), "g", "go to", "go on at another step; a reason is asked"),
    Entry(Wish::Note, "n", "note", "write something down in the record"),
    Entry(Wish::May(Choice::Pause), "p", "pause", "stop for now; `loadline runbook resume` takes it up again"),
    Entry(Wish::May(Choice::Abort), "a", "abort", "give up; what was done stays and is listed; a reason is asked"),
];

impl Wish {
    /// What must be known before it is a decision, question by question.
    pub(super) fn questions(self, asked: &Asked<'_>) -> Vec<String> {
        const WHY: &str = "why";
        match self {
            Self::May(Choice::Go) => match asked.asks {
                Asks::Typed { name, second_person } => {
                    let mut all = vec![format!("type `{name}` to go on"), WHY.to_owned()];
                    all.extend(second_person.then(|| "the second person who agrees".to_owned()));
                    all
                }
                _ => Vec::new(),
            },
            Self::May(Choice::DoneByHand) if asked.pastes => {
                vec!["paste what it printed, or say how one can see it; end with a line that is a dot".to_owned()]
            }
            Self::May(Choice::MarkDone | Choice::MarkNotDone | Choice::DoneByHand) => {
                vec!["how can one see that".to_owned()]
            }
            Self::May(Choice::Override | Choice::Skip | Choice::Defer | Choice::RollBack | Choice::Abort) => {
                vec![WHY.to_owned()]
            }
            Self::May(Choice::TakeBack) => {
                vec![format!("which change: its number or step\n{}", listed(&asked.standing)), WHY.to_owned()]
            }
            Self::May(Choice::GoTo) => {
                vec![format!("which step: its number, id or heading\n{}", listed(&asked.steps)), WHY.to_owned()]
            }
            Self::Note => vec!["note".to_owned()],
            Self::Tick | Self::May(Choice::Verify | Choice::Retry | Choice::Pause | Choice::Finish) => Vec::new(),
        }
    }

    /// Whether its answer is pasted over several lines.
    pub(super) fn pastes(self, asked: &Asked<'_>) -> bool {
        self == Self::May(Choice::DoneByHand) && asked.pastes
    }

    fn is_offered(self, asked: &Asked<'_>) -> bool {
        match self {
            Self::May(choice) => {
                let has_steps = match choice {
                    Choice::TakeBack => !asked.standing.is_empty(),
                    Choice::GoTo => !asked.steps.is_empty(),
                    _ => true,
                };
                has_steps && asked.may.contains(&choice)
            }
            Self::Note => true,
            Self::Tick => !asked.items.is_empty(),
        }
    }
}

/// Steps with the numbers by which they are named.
fn listed(steps: &[(&str, &str)]) -> String {
    let line = |(at, (id, title)): (usize, &(&str, &str))| format!("  {}. {title} ({id})", at + 1);
    steps.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// What settles an unknown outcome.
const SETTLES: [Choice; 5] = [Choice::Verify, Choice::MarkDone, Choice::MarkNotDone, Choice::Retry, Choice::RollBack];

/// The choices that are offered. Where nobody knows what was done, the machine's order says what is best.
fn offered(asked: &Asked<'_>) -> Vec<&'static Entry> {
    let mut entries: Vec<&Entry> = ENTRIES.iter().filter(|Entry(wish, ..)| wish.is_offered(asked)).collect();
    if matches!(asked.asks, Asks::Settle(_)) {
        let rank = |choice: Choice| asked.may.iter().position(|may| *may == choice);
        let place = |wish: Wish| match wish {
            Wish::May(choice) if SETTLES.contains(&choice) => rank(choice),
            _ => None,
        };
        entries.sort_by_key(|Entry(wish, ..)| place(*wish).unwrap_or(usize::MAX));
    }
    entries
}

/// The prompt: what is asked, and the choices by letter and word.
pub(super) fn prompt(asked: &Asked<'_>) -> String {
    let mark = if matches!(asked.asks, Asks::Value(_)) { ":" } else { "" };
    let entries = offered(asked);
    let choices: Vec<_> = entries.iter().map(|Entry(_, letter, word, _)| format!("{mark}{letter} {word}")).collect();
    let head = match asked.asks {
        Asks::Enter => "Enter or y to look".to_owned(),
        Asks::Yes if asked.may.contains(&Choice::Finish) => "close the run?".to_owned(),
        Asks::Yes => "go?".to_owned(),
        Asks::Typed { name, .. } => format!("type `{name}` to go on"),
        Asks::Hand if asked.items.is_empty() => "say when it is done".to_owned(),
        Asks::Hand => "tick what is made sure of, then say when it is done".to_owned(),
        Asks::Value(name) => format!("the value of {name}"),
        Asks::Question(question) => question.clone(),
        Asks::Settle(_) => "was it done?".to_owned(),
        Asks::Trouble(_) => "what now?".to_owned(),
    };
    format!("{head}  [{}, {mark}? help]", choices.join(", "))
}

/// What each choice does, a line each.
pub(crate) fn help(asked: &Asked<'_>) -> String {
    let mark = if matches!(asked.asks, Asks::Value(_)) { ":" } else { "" };
    let line = |Entry(_, letter, word, does): &&Entry| format!("  {mark}{letter}  {word}: {does}\n");
    let lines: String = offered(asked).iter().map(line).collect();
    format!("{lines}A letter or its word; a reason may follow at once: `s not needed here`.\n")
}

/// The wish of a line and the words after it; none for help.
///
/// # Errors
/// What was not understood, and what would be.
pub(super) fn read<'l>(asked: &Asked<'_>, line: &'l str) -> Result<Option<(Wish, &'l str)>, String> {
    let text = line.strip_prefix(':').unwrap_or(line).trim();
    if matches!(text, "?" | "help") {
        return Ok(None);
    }
    if text.is_empty() {
        return match asked.asks {
            Asks::Enter if Wish::May(Choice::Go).is_offered(asked) => Ok(Some((Wish::May(Choice::Go), ""))),
            Asks::Enter if Wish::May(Choice::Verify).is_offered(asked) => Ok(Some((Wish::May(Choice::Verify), ""))),
            _ => Err("Enter alone decides nothing here; `?` shows what you may do".into()),
        };
    }
    if matches!(text.to_lowercase().as_str(), "no" | "nein") {
        return Err("then nothing is done: skip, defer, pause or abort say how to go on; `?` explains them".into());
    }
    // The longest name that fits: `go to` is not `go`.
    let among = |entries: &[&Entry]| entries.iter().filter_map(|e| named(e, text)).min_by_key(|(_, rest)| rest.len());
    let first = among(&offered(asked)).or_else(|| among(&ENTRIES.iter().collect::<Vec<_>>()));
    let Some((wish, rest)) = first else {
        return Err(format!("`{}` is no choice; `?` shows what you may do", crate::text::shorten(text, 40)));
    };
    if !wish.is_offered(asked) {
        let word = ENTRIES.iter().find(|Entry(of, ..)| *of == wish).map(|Entry(_, _, word, _)| *word);
        return Err(format!("`{}` is not possible here; `?` shows what is", word.unwrap_or_default()));
    }
    if !rest.is_empty() && wish.questions(asked).is_empty() && wish != Wish::Tick {
        return Err(format!("`{}` takes no words after it", text.split_whitespace().next().unwrap_or_default()));
    }
    Ok(Some((wish, rest)))
}

/// A line that begins with a choice's letter or word, and what follows.
fn named<'l>(Entry(wish, letter, word, _): &Entry, text: &'l str) -> Option<(Wish, &'l str)> {
    let yes = matches!(wish, Wish::May(Choice::Go | Choice::Finish)).then_some("yes");
    [Some(*letter), Some(*word), yes].into_iter().flatten().find_map(|name| {
        let head = text.get(..name.len())?;
        let rest = text.get(name.len()..)?;
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        (head.eq_ignore_ascii_case(name) && ends).then_some((*wish, rest.trim()))
    })
}
