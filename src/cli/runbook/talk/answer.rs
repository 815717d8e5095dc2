//! From what an operator types to a decision. Pure: a line in, and either a decision, a further question, or a word on
//! what was not understood.

use super::menu::{self, Wish};
use crate::{
    runbook::machine::{Asks, Choice, Consent, Decision},
    secret::Secret,
};

/// What stands before the operator: what an answer is read against.
#[derive(Debug, Clone)]
pub(crate) struct Asked<'a> {
    /// What is asked.
    pub(crate) asks: &'a Asks,
    /// What may be decided.
    pub(crate) may: &'a [Choice],
    /// Items that are not ticked yet, each with its number among all of the step.
    pub(crate) items: Vec<(usize, &'a str)>,
    /// The steps that one can go to: id and heading.
    pub(crate) steps: Vec<(&'a str, &'a str)>,
    /// The changes that stand and can be taken back: step and heading.
    pub(crate) standing: Vec<(&'a str, &'a str)>,
    /// Whether results of several lines are pasted, up to a line that is a dot.
    pub(crate) pastes: bool,
}

/// What came of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    /// A decision.
    Decided(Decision),
    /// Something else must be known first: [`Talk::question`] asks for it.
    More,
    /// The choices are to be explained.
    Help,
    /// It was not understood; why, and what would be.
    Unclear(String),
}

/// Who decides, as the origin of a value that the operator gives.
const OPERATOR: &str = "operator";

/// A conversation about one decision.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    wish: Option<Wish>,
    given: Vec<String>,
    pasted: Vec<String>,
}

impl Talk {
    /// What to ask next, in a line.
    pub(crate) fn question(&self, asked: &Asked<'_>) -> String {
        match self.wish {
            Some(wish) => wish.questions(asked).get(self.given.len()).cloned().unwrap_or_default(),
            None => menu::prompt(asked),
        }
    }

    /// Takes a line.
    pub(crate) fn hear(&mut self, asked: &Asked<'_>, line: &str) -> Heard {
        match self.wish {
            None => self.first(asked, line),
            Some(wish) => self.further(wish, asked, line),
        }
    }

    fn first(&mut self, asked: &Asked<'_>, line: &str) -> Heard {
        let text = line.trim();
        if let Asks::Value(name) = asked.asks {
            match text.strip_prefix(':') {
                // A value may be any letter, so that commands are marked.
                None if text.is_empty() => {
                    return Heard::Unclear(format!("a value for {name} is needed; `:?` shows what else you may do"));
                }
                None => return Heard::Decided(answer(name, line.trim_end_matches(['\r', '\n']))),
                Some(_) => {}
            }
        }
        if let Asks::Typed { name, .. } = asked.asks
            && text == name
        {
            self.wish = Some(Wish::May(Choice::Go));
            return self.further(Wish::May(Choice::Go), asked, text);
        }
        match menu::read(asked, text) {
            Ok(None) => Heard::Help,
            Ok(Some((wish, rest))) => {
                self.wish = Some(wish);
                if rest.is_empty() { self.settle(wish, asked) } else { self.further(wish, asked, rest) }
            }
            Err(why) => Heard::Unclear(why),
        }
    }

    /// An answer to a question that a wish needs.
    fn further(&mut self, wish: Wish, asked: &Asked<'_>, line: &str) -> Heard {
        let text = line.trim();
        if wish.pastes(asked) {
            if text != "." {
                self.pasted.push(line.trim_end_matches(['\r', '\n']).to_owned());
                return Heard::More;
            }
            let pasted = std::mem::take(&mut self.pasted).join("\n");
            self.given.push(pasted);
            return self.settle(wish, asked);
        }
        if text.is_empty() {
            self.forget();
            return Heard::Unclear("nothing was said, and nothing is done".into());
        }
        self.given.push(text.to_owned());
        self.settle(wish, asked)
    }

    /// The decision, where everything is known.
    fn settle(&mut self, wish: Wish, asked: &Asked<'_>) -> Heard {
        if self.given.len() < wish.questions(asked).len() {
            return Heard::More;
        }
        let given = std::mem::take(&mut self.given);
        self.forget();
        match decision(wish, asked, &given) {
            Ok(decision) => Heard::Decided(decision),
            Err(why) => Heard::Unclear(why),
        }
    }

    fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether lines are being pasted now.
    pub(crate) fn is_pasting(&self) -> bool {
        !self.pasted.is_empty()
    }
}

fn answer(name: &str, value: &str) -> Decision {
    Decision::Answer { name: name.to_owned(), value: Secret::new(value), origin: OPERATOR.to_owned() }
}

fn decision(wish: Wish, asked: &Asked<'_>, given: &[String]) -> Result<Decision, String> {
    let word = |at: usize| given.get(at).cloned().unwrap_or_default();
    let reason = word(0);
    Ok(match wish {
        Wish::May(Choice::Go) => Decision::Go(consent(asked, given)),
        Wish::May(Choice::Verify) => Decision::Verify,
        Wish::May(Choice::MarkDone | Choice::DoneByHand) => Decision::Done { evidence: reason },
        Wish::May(Choice::MarkNotDone) => Decision::NotDone { evidence: reason },
        Wish::May(Choice::Retry) => Decision::Retry,
        Wish::May(Choice::Override) => Decision::Override { reason },
        Wish::May(Choice::Skip) => Decision::Skip { reason },
        Wish::May(Choice::Defer) => Decision::Defer { reason },
        Wish::May(Choice::RollBack) => Decision::RollBack { reason },
        Wish::May(Choice::TakeBack) => Decision::TakeBack { step: step(&asked.standing, &reason)?, reason: word(1) },
        Wish::May(Choice::GoTo) => Decision::GoTo { step: step(&asked.steps, &reason)?, reason: word(1) },
        Wish::Note => Decision::Note(reason),
        Wish::May(Choice::Pause) => Decision::Pause,
        Wish::May(Choice::Abort) => Decision::Abort { reason },
        Wish::Tick => Decision::Tick(item(asked, &reason)?),
        Wish::May(Choice::Finish) => Decision::Finish,
    })
}

fn consent(asked: &Asked<'_>, given: &[String]) -> Consent {
    if !matches!(asked.asks, Asks::Typed { .. }) {
        return Consent::default();
    }
    let word = |at: usize| given.get(at).cloned();
    Consent { typed: word(0), reason: word(1), approved_by: word(2) }
}

/// A step by its place in the list, its id or its heading.
fn step(steps: &[(&str, &str)], text: &str) -> Result<String, String> {
    let by_number = text.parse::<usize>().ok().and_then(|n| steps.get(n.checked_sub(1)?));
    let by_name = || steps.iter().find(|(id, title)| *id == text || title.eq_ignore_ascii_case(text));
    by_number.or_else(by_name).map(|(id, _)| (*id).to_owned()).ok_or_else(|| {
        format!("no step `{text}`; expected its number from 1 to {}, its id or its heading", steps.len())
    })
}

/// An item by its number, which stays the same while others are ticked; the first where nothing is said.
fn item(asked: &Asked<'_>, text: &str) -> Result<String, String> {
    let first = asked.items.first().ok_or("there is nothing to tick")?;
    let named = |number: usize| asked.items.iter().find(|(of, _)| *of == number);
    let found = if text.is_empty() { Some(first) } else { text.parse().ok().and_then(named) };
    found.map(|(_, item)| (*item).to_owned()).ok_or_else(|| {
        let open: Vec<_> = asked.items.iter().map(|(number, _)| number.to_string()).collect();
        format!("no item `{text}` is open; expected {}", open.join(" or "))
    })
}
