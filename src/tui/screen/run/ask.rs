//! The dialogs of a run. What changes something shows what exactly would run, on whom, what it should bring about, what
//! takes it back, and what is written down about it.

use super::{Purpose, Walk};
use crate::{
    runbook::{
        machine::{Asks, Choice},
        model::{Action, Danger, ParamKind, Step},
        port::Values,
        record::Mode,
        words,
    },
    tui::{
        model::{Gravity, Model},
        over::{self, Field, Form, Grade, Over, Purpose as Of},
        theme::Meaning,
    },
};

fn push(model: &mut Model, form: Form) {
    model.overs.push(Over::Form(form));
}

fn form(title: &str, verb: &str, grade: Grade, purpose: Purpose) -> Form {
    Form::new(title, verb, grade, Of::Run(purpose))
}

fn choice(model: &mut Model, title: &str, rows: Vec<String>, purpose: Purpose) {
    model.overs.push(Over::Choice(over::Choice::new(title, rows, Of::Run(purpose))));
}

/// Whether to begin what was chosen: whom it is about, and with which values.
pub(super) fn begin(model: &mut Model) {
    let Some(chosen) = &model.screens.run.chosen else { return };
    let mut form = form(&chosen.book.title, "Begin", Grade::Reversible, Purpose::Begin);
    form = form.line(Meaning::Text, &format!("on {}", model.about.target));
    if let Some(finding) = &chosen.finding {
        form = form.line(Meaning::Text, &format!("for {finding}"));
    }
    if let Some(message) = &chosen.message {
        form = form.line(Meaning::Muted, message);
    }
    form = form.line(Meaning::Text, "");
    for param in &chosen.book.params {
        let known = chosen.values.iter().find(|(name, ..)| *name == param.name);
        let words = match known {
            Some((name, Some(value), origin)) if value.is_empty() => format!("{name}: nothing (from {origin})"),
            Some((name, Some(value), origin)) => format!("{name} = {value} (from {origin})"),
            Some((name, None, origin)) => format!("{name}: a secret (from {origin})"),
            None => format!("{}: will be asked for; {}", param.name, param.about),
        };
        form = form.line(Meaning::Accent, &words);
    }
    for note in &chosen.notes {
        form = form.line(Meaning::Warn, &format!("note: {note}"));
    }
    let by_hand = chosen.mode == Mode::Instruct;
    let words = if by_hand {
        "Walked by hand: nothing is run here. What is decided is written to a journal."
    } else {
        "Beginning runs no step. The target is looked at, and a journal is begun."
    };
    push(model, form.line(Meaning::Text, "").line(Meaning::Muted, words));
}

/// The confirmation of what stands next.
pub(super) fn go(model: &mut Model) {
    let Some(walk) = &model.screens.run.walk else { return };
    let (Some((step, back)), Some(asks)) = (walk.step(), walk.asks()) else { return };
    let action = if back { step.undo.as_ref() } else { step.action.as_ref() };
    let head = if back { format!("Take back: {}", step.title) } else { step.title.clone() };
    let irreversible = !back && step.undo.is_none() && action.is_some_and(|action| action.danger == Danger::Dangerous);
    let made = match asks {
        Asks::Question(question) => form(&head, "Yes", Grade::Reversible, Purpose::Go).line(Meaning::Text, question),
        Asks::Typed { name, second_person } => {
            let made = form(&head, "Run", Grade::Disruptive, Purpose::Go)
                .field(Field::exactly(&format!("type `{name}` to run it"), name))
                .field(Field::text("why", ""));
            let made = if *second_person { made.field(Field::text("the second person who agrees", "")) } else { made };
            told(made, walk, step, back, action)
        }
        _ => told(form(&head, "Run", Grade::Reversible, Purpose::Go), walk, step, back, action),
    };
    let made = if irreversible { made.line(Meaning::Danger, "THERE IS NO UNDO.") } else { made };
    push(model, made);
}

/// What a confirmation says: on whom, what, to what end, how it is taken back, what is written down.
fn told(mut form: Form, walk: &Walk, step: &Step, back: bool, action: Option<&Action>) -> Form {
    let Some(stand) = &walk.stand else { return form };
    if let Some((identity, _)) = walk.known().and_then(|known| known.identity.as_ref()) {
        form = form.line(Meaning::Title, &format!("on {}", words::target(identity)));
    }
    if let Some(action) = action {
        let harm = words::harm(action.danger);
        let words = format!("{}: {harm}; at most {}", action.danger.word(), words::shown(action.timeout));
        form = form.line(if action.danger == Danger::Dangerous { Meaning::Danger } else { Meaning::Warn }, &words);
    }
    form = form.line(Meaning::Muted, "runs");
    form = match &stand.runs {
        Ok(Some(shown)) => shown.lines().fold(form, |form, line| form.line(Meaning::Accent, &format!("  {line}"))),
        Ok(None) => form,
        Err(why) => form.line(Meaning::Fail, &format!("cannot be said yet: {why}")),
    };
    let values = plain(walk);
    for verify in step.verifications().filter(|_| !back) {
        form = form.line(Meaning::Muted, &format!("then     {}", words::verify_words(verify, &values)));
    }
    if !back {
        form = match (&stand.undo, step.undo.is_some()) {
            (Ok(Some(shown)), _) => {
                let form = form.line(Meaning::Muted, "taken back by");
                shown.lines().fold(form, |form, line| form.line(Meaning::Text, &format!("  {line}")))
            }
            (_, true) => form.line(Meaning::Muted, "its undo is written down before it runs"),
            (_, false) => form.line(Meaning::Warn, "no undo is known for it"),
        };
    }
    form.line(Meaning::Muted, "The journal takes down your word, the target, the command and how it ended.")
}

/// The values that may be shown.
pub(super) fn plain(walk: &Walk) -> Values {
    let mut values = Values::default();
    for (name, value) in walk.stand.iter().flat_map(|stand| &stand.values) {
        values.set(name, value);
    }
    values
}

/// Whether to close the run.
pub(super) fn close(model: &mut Model) {
    let Some(walk) = &model.screens.run.walk else { return };
    let mut form = form("Close the run", "Close", Grade::Reversible, Purpose::Close)
        .line(Meaning::Text, "Nothing more can be decided in it then.");
    for undo in walk.state.standing() {
        let title = walk.book.as_ref().and_then(|book| book.step(&undo.step)).map_or(&undo.step, |step| &step.title);
        let due = undo.due.map(|due| due.strftime(", due %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
        form = form.line(Meaning::Warn, &format!("stands: {title}{due}"));
    }
    push(model, form);
}

/// What may be decided, the best first.
pub(super) fn menu(model: &mut Model) {
    let Some(walk) = &model.screens.run.walk else { return };
    let may = walk.stand.as_ref().map(|stand| stand.may.clone()).unwrap_or_default();
    let title = match walk.asks() {
        Some(Asks::Settle(_)) => "Was it done?",
        Some(Asks::Trouble(_)) => "What now?",
        _ => "What may be decided",
    };
    let rows = may.iter().map(|choice| format!("{}: {}", name(*choice), does(*choice))).collect();
    choice(model, title, rows, Purpose::Menu(may));
}

/// A choice, in a word or two.
pub(super) fn name(choice: Choice) -> &'static str {
    match choice {
        Choice::Go => "go",
        Choice::Verify => "verify now",
        Choice::MarkDone => "it was done",
        Choice::MarkNotDone => "it was not done",
        Choice::Retry => "try again",
        Choice::DoneByHand => "done by hand",
        Choice::Override => "go on all the same",
        Choice::Skip => "skip",
        Choice::Defer => "defer",
        Choice::RollBack => "roll back",
        Choice::TakeBack => "take back one",
        Choice::GoTo => "go to a step",
        Choice::Pause => "pause",
        Choice::Abort => "abort",
        Choice::Finish => "close the run",
    }
}

/// What a choice does.
pub(super) fn does(choice: Choice) -> &'static str {
    match choice {
        Choice::Go => "what stands next",
        Choice::Verify => "look at the live check; nothing is changed",
        Choice::MarkDone | Choice::MarkNotDone | Choice::DoneByHand => "and how one can see that",
        Choice::Retry => "look at target and preconditions first",
        Choice::Override => "although a check does not agree; why",
        Choice::Skip => "leave the step out; why",
        Choice::Defer => "leave the step for later; why",
        Choice::RollBack => "take back what was done, the latest first",
        Choice::TakeBack => "the run stays where it is",
        Choice::GoTo => "and why",
        Choice::Pause => "the run can be taken up again",
        Choice::Abort => "give up; what was done stays; why",
        Choice::Finish => "nothing more can be decided in it",
    }
}

/// Why something is decided.
pub(super) fn why(model: &mut Model, choice: Choice) {
    let title = match choice {
        Choice::Override => "Go on all the same",
        Choice::Skip => "Skip the step",
        Choice::Defer => "Leave the step for later",
        Choice::RollBack => "Roll back all that was done",
        _ => "Give the run up",
    };
    let made = form(title, "write down", Grade::Plain, Purpose::Why(choice)).line(Meaning::Muted, does(choice));
    let made = asked_about(made, model).field(Field::text("why", ""));
    push(model, made);
}

fn asked_about(form: Form, model: &Model) -> Form {
    let step = model.screens.run.walk.as_ref().and_then(Walk::step);
    match step {
        Some((step, true)) => form.line(Meaning::Text, &format!("taking back: {}", step.title)),
        Some((step, false)) => form.line(Meaning::Text, &format!("step: {}", step.title)),
        None => form,
    }
}

/// Which step.
pub(super) fn which(model: &mut Model, of: Choice, steps: Vec<String>) {
    let Some(walk) = &model.screens.run.walk else { return };
    let row = |id: &String| {
        let title = walk.book.as_ref().and_then(|book| book.step(id)).map_or(id, |step| &step.title);
        format!("{title} ({})", walk.state.status(id).word())
    };
    let rows: Vec<String> = steps.iter().map(row).collect();
    let title = if of == Choice::TakeBack { "Take back which change" } else { "Go to which step" };
    choice(model, title, rows, Purpose::Which(of, steps));
}

/// Why, for a step.
pub(super) fn why_step(model: &mut Model, of: Choice, step: String) {
    let walk = model.screens.run.walk.as_ref();
    let book = walk.and_then(|walk| walk.book.as_ref());
    let title = book.and_then(|book| book.step(&step)).map_or_else(|| step.clone(), |step| step.title.clone());
    let head = if of == Choice::TakeBack { "Take back" } else { "Go to" };
    let made = form(&format!("{head}: {title}"), "write down", Grade::Plain, Purpose::WhyStep(of, step));
    push(model, made.field(Field::text("why", "")));
}

/// How one can see that something was done, or that it was not.
pub(super) fn evidence(model: &mut Model, done: bool) {
    let Some(walk) = &model.screens.run.walk else { return };
    let pastes = walk.mode() == Some(Mode::Instruct)
        && walk.step().is_some_and(|(step, _)| step.action.as_ref().is_some_and(|action| action.kind.acts()));
    let title = if done { "It was done" } else { "It was not done" };
    let label = if pastes && done { "what it printed, or how one can see it" } else { "how one can see that" };
    // Where nothing else could tell, a person's word is enough.
    let bare = done && walk.step().is_some_and(|(step, back)| !back && step.action.is_none() && step.verify.is_empty());
    let field = Field::text(label, "");
    let made = form(title, "write down", Grade::Plain, Purpose::Evidence { done });
    let made = asked_about(made, model).field(if bare { field.optional() } else { field });
    push(model, made);
}

/// The value of a parameter; with why the one before was not taken.
pub(super) fn value(model: &mut Model, name: Option<&String>, error: Option<String>) {
    let book = model.screens.run.walk.as_ref().and_then(|walk| walk.book.clone());
    let Some(param) = name.and_then(|name| book.as_ref()?.param(name)) else {
        model.say(
            Gravity::Error,
            "the runbook asks for a value that it does not name; `loadline runbook lint` shows it",
        );
        return;
    };
    let label = param.expected();
    let field = match &param.kind {
        _ if param.secret => Field::secret(&format!("{label}; not shown, and not written down")),
        ParamKind::Choice(words) => {
            let at = words.iter().position(|word| Some(word) == param.default.as_ref()).unwrap_or(0);
            Field::words(&label, &words.iter().map(String::as_str).collect::<Vec<_>>(), at)
        }
        _ => Field::text(&label, param.default.as_deref().unwrap_or_default()),
    };
    let mut made =
        form(&format!("A value for {}", param.name), "take it", Grade::Plain, Purpose::Value(param.name.clone()))
            .line(Meaning::Text, &param.about)
            .field(field);
    made.error = error;
    push(model, made);
}

/// Which item is made sure of.
pub(super) fn tick(model: &mut Model) {
    let Some(walk) = &model.screens.run.walk else { return };
    let items: Vec<String> = walk.open_items().into_iter().map(str::to_owned).collect();
    choice(model, "What is made sure of", items.clone(), Purpose::Tick(items));
}

/// Something to write down.
pub(super) fn note(model: &mut Model) {
    push(model, form("Write something down", "write down", Grade::Plain, Purpose::Note).field(Field::text("note", "")));
}

/// Whether to end processes that outlived the program before.
pub(super) fn survivors(model: &mut Model) {
    let walk = model.screens.run.walk.as_ref();
    let survivors = walk.and_then(|walk| walk.stand.as_ref()).map(|stand| stand.survivors.clone()).unwrap_or_default();
    let mut made = form("What was begun still runs", "Stop", Grade::Reversible, Purpose::Survivors);
    for survivor in &survivors {
        made = made.line(Meaning::Warn, survivor);
    }
    push(model, made.line(Meaning::Text, "S stops them, each with its whole group. Esc lets them run."));
}
