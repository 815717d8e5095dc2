//! `loadline runbook show`: a runbook on a terminal.

use anstyle::{AnsiColor, Style};

use super::ShowArgs;
use crate::{
    cli::{CliError, Outcome, output, sources},
    exit::Exit,
    quantity,
    report::lines::Lines,
    runbook::model::{
        Action, ActionKind, Condition, Danger, Expectation, Form, Param, Phase, PhaseKind, Runbook, Step, TargetRef,
        Verify,
    },
    text::screen,
};

const BOLD: Style = Style::new().bold();

pub(super) fn run(args: &ShowArgs) -> Outcome {
    let file = sources::file(args.config.config.as_deref())?;
    let books = super::books(&file, &args.books)?;
    let book = books.get(&args.id).ok_or_else(|| CliError::Usage(books.no_such(&args.id)))?;
    let text = if args.markdown { book.text.clone() } else { page(book, output::width(), output::is_colourful()) };
    output::data(&text)?;
    Ok(Exit::Ready)
}

/// All of a runbook, for a terminal of so many columns.
fn page(book: &Runbook, width: usize, colour: bool) -> String {
    let mut page = Page { lines: Lines::new(width, colour), steps: 0 };
    page.head(book);
    page.params(book);
    for phase in &book.phases {
        page.phase(phase);
    }
    page.lines.into_text()
}

struct Page {
    lines: Lines,
    /// How many steps were shown: their numbers are for the eye alone, ids name them.
    steps: usize,
}

impl Page {
    fn head(&mut self, book: &Runbook) {
        let title = self.lines.paint(&screen(&book.title), BOLD);
        self.lines.line(&title);
        let mut facts = vec![format!("runbook {}", book.id)];
        match book.form {
            Form::Native => facts.push(format!("danger {}", book.danger.word())),
            Form::Published => facts.push("walked by hand: it has no front matter, and nothing in it runs".into()),
        }
        facts.extend(book.severity.map(|severity| format!("severity {}", format!("{severity:?}").to_lowercase())));
        facts.extend(book.estimate.map(|time| format!("about {}", quantity::duration(time))));
        facts.extend(book.owner.as_ref().map(|owner| format!("kept by {owner}")));
        facts.extend(book.reviewed.map(|day| format!("read through on {day}")));
        self.wrapped("", &facts.join(", "));
        self.wrapped("", &format!("file {}", book.shown));
        if !book.fixes.is_empty() {
            self.wrapped("", &format!("cures {}", book.fixes.join(", ")));
        }
        let needs: Vec<_> = book.applies.iter().map(|(kind, condition)| format!("{kind} {condition}")).collect();
        let needs: Vec<_> = needs.into_iter().chain(book.programs.iter().cloned()).collect();
        if !needs.is_empty() {
            self.wrapped("", &format!("needs {}", needs.join(", ")));
        }
    }

    fn params(&mut self, book: &Runbook) {
        if !book.params.is_empty() {
            self.title("What it needs to know");
        }
        for param in &book.params {
            self.wrapped("  ", &about(param, book));
        }
    }

    fn title(&mut self, title: &str) {
        self.lines.line("");
        let title = self.lines.paint(&screen(title), BOLD);
        self.lines.line(&title);
    }

    fn phase(&mut self, phase: &Phase) {
        let back = if phase.kind == PhaseKind::RollBack { " (not on the way forward)" } else { "" };
        self.title(&format!("{}{back}", phase.title));
        self.markdown("  ", &phase.prose);
        for step in &phase.steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        self.steps += 1;
        self.lines.line("");
        let title = self.lines.paint(&screen(&step.title), BOLD);
        let danger = step.action.as_ref().filter(|action| action.kind.acts()).map(|action| action.danger);
        let word = danger.map_or_else(|| how(step).to_owned(), |danger| self.danger(danger));
        let line = format!("  {}. {title}  [{word}]  {}", self.steps, screen(&step.id));
        self.lines.line(&line);
        self.markdown("     ", &step.prose);
        for item in &step.items {
            self.hanging("     [ ] ", &item.text);
        }
        for condition in &step.require {
            self.hanging("     before   ", &words(condition));
        }
        if let Some(action) = &step.action {
            self.action(action, "");
        }
        for verify in &step.verify {
            self.hanging("     after    ", &patient(verify));
        }
        if let Some(undo) = &step.undo {
            self.action(undo, "undo: ");
        }
        for branch in &step.branches {
            self.hanging("     or go to ", &format!("{} ({})", branch.runbook, branch.text));
        }
    }

    fn danger(&self, danger: Danger) -> String {
        let colour = match danger {
            Danger::Observe => AnsiColor::Green,
            Danger::Change => AnsiColor::Yellow,
            Danger::Dangerous => AnsiColor::Red,
        };
        self.lines.paint(danger.word(), Style::new().fg_color(Some(colour.into())))
    }

    fn action(&mut self, action: &Action, what: &str) {
        match &action.kind {
            ActionKind::Wait(time) => self.hanging("     wait     ", &quantity::duration(*time)),
            ActionKind::Ask(name) => {
                let question = action.body.trim().lines().skip(1).collect::<Vec<_>>().join(" ");
                self.hanging("     ask      ", &format!("{question} ({name})"));
            }
            ActionKind::Confirm(question) => self.hanging("     confirm  ", question),
            ActionKind::Check(verify) => self.hanging("     check    ", &patient(verify)),
            _ => {
                self.hanging("     ", &format!("{what}{}", terms(action)));
                for line in action.body.trim_end().lines() {
                    let line = format!("       {}", screen(line));
                    self.lines.line(&line);
                }
            }
        }
    }

    fn wrapped(&mut self, indent: &str, words: &str) {
        self.lines.wrapped(indent, &format!("{indent}  "), &screen(words));
    }

    fn hanging(&mut self, first: &str, words: &str) {
        self.lines.wrapped(first, &" ".repeat(first.len()), &screen(words));
    }

    /// Prose as it is written, wrapped; code stays as it is.
    fn markdown(&mut self, indent: &str, prose: &str) {
        let mut code = false;
        for line in prose.lines() {
            let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
            let clean = screen(line);
            if code || fence || line.trim_start().starts_with('|') {
                self.lines.line(&format!("{indent}{clean}"));
            } else {
                let deep = line.len() - line.trim_start().len();
                let indent = format!("{indent}{}", " ".repeat(deep));
                self.lines.wrapped(&indent, &indent, clean.trim_start());
            }
            code ^= fence;
        }
    }
}

fn how(step: &Step) -> &'static str {
    match step.action.as_ref().map(|action| &action.kind) {
        None => "by hand",
        Some(ActionKind::Wait(_)) => "wait",
        Some(ActionKind::Ask(_)) => "ask",
        Some(ActionKind::Confirm(_)) => "confirm",
        Some(_) => "check",
    }
}

/// A parameter: what it is, what it may be, and where its value comes from.
fn about(param: &Param, book: &Runbook) -> String {
    let mut text = format!("{}: {}; {}", param.name, param.about, param.expected());
    if param.secret {
        text += "; secret";
    }
    if let Some(default) = &param.default {
        let shown = param.check(default).unwrap_or_else(|_| default.clone());
        text += "; by default ";
        text += &shown;
    }
    let sets = |step: &&Step| step.action.as_ref().is_some_and(|action| action.sets.as_ref() == Some(&param.name));
    let setter = book.steps().map(|(_, step)| step).find(sets).map(|step| format!("; set by step {}", step.id));
    text += setter.as_deref().unwrap_or_default();
    if let Some(from) = &param.from {
        text += "; from the finding: ";
        text += from;
    }
    text
}

/// How an action is done: language, target, time, and what else was said.
fn terms(action: &Action) -> String {
    let mut terms = vec![action.kind.word(action.target.as_ref()).to_owned()];
    terms.extend(action.target.as_ref().map(|target| format!("on {}", target_of(target))));
    terms.push(format!("within {}", quantity::duration(action.timeout)));
    terms.extend(action.idempotent.then(|| "may be repeated".to_owned()));
    terms.extend(action.second_person.then(|| "a second person agrees".to_owned()));
    terms.extend(action.temporary.map(|time| format!("to be taken back after {}", quantity::duration(time))));
    terms.extend(action.sets.as_ref().map(|name| format!("sets {name}")));
    terms.join(", ")
}

fn target_of(target: &TargetRef) -> String {
    match target {
        TargetRef::Param(name) => format!("${name}"),
        TargetRef::Kind { kind, role: Some(role) } => format!("{}/{role}", kind.word()),
        TargetRef::Kind { kind, role: None } => kind.word().to_owned(),
    }
}

/// A condition as its file writes it.
fn words(condition: &Condition) -> String {
    let of = condition.subject.as_ref().map(|subject| format!(" of {subject}")).unwrap_or_default();
    let expect = match &condition.expect {
        Expectation::Passes => "passes",
        Expectation::DoesNotFail => "does not fail",
        Expectation::Fails => "fails",
        Expectation::Holds(expression) => expression,
    };
    format!("{}{of}: {expect}", condition.check)
}

fn patient(verify: &Verify) -> String {
    let mut parts = vec![words(&verify.condition)];
    if !verify.within.is_zero() {
        parts.push(format!("within {}, every {}", quantity::duration(verify.within), quantity::duration(verify.every)));
    }
    if !verify.hold.is_zero() {
        parts.push(format!("for {}", quantity::duration(verify.hold)));
    }
    parts.join(", ")
}
