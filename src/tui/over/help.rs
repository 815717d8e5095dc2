//! Help: the keys, those of the present screen first; what is asked of whom; what words and marks mean; how to unlock.

use ratatui::text::{Line, Span};

use crate::{
    text::screen,
    tui::{
        command::{COMMANDS, Command},
        key::Key,
        model::{Mode, Model, UNLOCKED_FOR},
        theme::{Look, Meaning},
        widget::{Page, column, fit, wrap},
    },
};

/// The cells of the keys before what they do.
const KEYS: usize = 16;

/// All of help, for some width.
pub(super) fn lines(look: Look, model: &Model, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    let groups = groups(model);
    for (title, commands) in &groups {
        page.heading(title);
        for command in commands {
            key(&mut page, look, model, command, usize::from(width));
        }
    }
    asked(&mut page, model);
    words(&mut page, usize::from(width));
    unlocking(&mut page, model);
    page.into_lines()
}

/// Commands by screen: what can be done here, what can be done everywhere, then the other screens in their order.
fn groups(model: &Model) -> Vec<(String, Vec<&'static Command>)> {
    let here = |command: &&Command| command.is_of_a_screen() && command.is_here(model);
    let mut all: Vec<(String, Vec<&'static Command>)> = vec![
        (format!("Here: {}", model.nav.tab().title()), COMMANDS.iter().filter(here).collect()),
        ("On every screen".to_owned(), COMMANDS.iter().filter(|command| !command.is_of_a_screen()).collect()),
    ];
    for command in COMMANDS.iter().filter(|command| command.is_of_a_screen() && !command.is_here(model)) {
        let title = format!("Elsewhere: {}", command.group());
        match all.iter_mut().find(|(known, _)| *known == title) {
            Some((_, commands)) => commands.push(command),
            None => all.push((title, vec![command])),
        }
    }
    all.retain(|(_, commands)| !commands.is_empty());
    all
}

fn key(page: &mut Page, look: Look, model: &Model, command: &Command, width: usize) {
    // A key that means something else where one is, is not this command's here.
    let is_its = |key: &&str| {
        let means = Key::read(key).ok().and_then(|key| model.keymap.command(key, model));
        !command.is_here(model) || means.is_some_and(|means| means.id == command.id)
    };
    let keys = model.keymap.keys(command).into_iter().filter(is_its).collect::<Vec<_>>().join(" ");
    let keys = if keys.is_empty() { format!(":{}", command.id) } else { keys };
    let why = command.why_not(model).filter(|_| command.is_here(model));
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    let words = format!("{}{why}", command.title);
    page.line(Line::from(vec![
        Span::raw("   "),
        Span::styled(column(&keys, KEYS), look.style(Meaning::Key)),
        Span::raw(format!(" {}", fit(&screen(&words), width.saturating_sub(KEYS + 5)))),
    ]));
}

/// What this program asks of each source: whoever opens it in an incident must know what it costs.
fn asked(page: &mut Page, model: &Model) {
    page.heading("What is asked");
    if model.is_recorded() {
        return page.text("   ", "Nobody: this is a recording.", Meaning::Text);
    }
    if model.paused {
        page.text("   ", "Nothing: asking is stopped; `p` goes on.", Meaning::Warn);
    }
    if model.sources.is_empty() {
        page.text("   ", "Nobody has been asked yet.", Meaning::Text);
    }
    for source in &model.sources {
        let every = source.every.map(|every| format!(", a round every {} s", every.as_secs())).unwrap_or_default();
        let took = source
            .took_s
            .map(|s| format!(", the last took {}", crate::quantity::show(s, crate::snapshot::Unit::Seconds)));
        let words = format!("{:.0} questions a minute{every}{}", source.per_minute, took.unwrap_or_default());
        page.row(&source.name, &words, Meaning::Text);
    }
    page.text(
        "   ",
        "All of it reads: one connection a source, sessions read-only, each question with a deadline.",
        Meaning::Muted,
    );
}

/// Words and marks, as they stand on the screens.
const WORDS: [(&str, Meaning, &str); 14] = [
    ("FAIL", Meaning::Fail, "over a limit, or broken"),
    ("WARN", Meaning::Warn, "near a limit, or of no consequence yet"),
    ("?", Meaning::Unknown, "not measured: no answer, no right to see it, too old; never good"),
    ("WAIVED", Meaning::Waived, "a fail that somebody accepted until a day"),
    ("PASS", Meaning::Pass, "measured, and in order"),
    ("N/A", Meaning::Muted, "does not apply here, for a reason that is shown"),
    ("OVER", Meaning::Fail, "beyond its safe ceiling at the load that is looked at"),
    ("NEAR", Meaning::Warn, "from 80 % of its ceiling on, or full before the plan's horizon ends"),
    ("holds", Meaning::Pass, "below that"),
    ("[##++ ]", Meaning::Text, "# what is used now, + what would be; > beyond the ceiling"),
    (">", Meaning::Text, "the chosen row; also shown reversed"),
    ("dim", Meaning::Stale, "old: it may no longer be so; its age stands beside it"),
    ("ok", Meaning::Text, "at the upper right: every source answers; before it the age of the latest answer"),
    ("REPLAY", Meaning::Title, "a recording; OBSERVE: reads only; GUARDED: steps may run, each confirmed"),
];

fn words(page: &mut Page, width: usize) {
    page.heading("Words and marks");
    for (word, meaning, about) in WORDS {
        let style = page.style(meaning);
        for (n, part) in wrap(about, width.saturating_sub(13).max(10)).into_iter().enumerate() {
            let word = if n == 0 { word } else { "" };
            page.line(Line::from(vec![
                Span::raw("   "),
                Span::styled(column(word, 8), style),
                Span::raw(format!(" {part}")),
            ]));
        }
    }
    page.text("   ", "Filters: words that fit roughly, !word that must not be there, is:fail, domain:memory, severity:high, source:primary, check:redis.", Meaning::Text);
}

fn unlocking(page: &mut Page, model: &Model) {
    page.heading("Letting steps of runbooks run");
    let minutes = UNLOCKED_FOR.as_secs() / 60;
    let words = match model.about.mode {
        Mode::Replay(_) => "Not here: a recording runs nothing. Open a live target for that.".to_owned(),
        Mode::Observe { locked: true } => "Not here: it was opened with --read-only.".to_owned(),
        Mode::Observe { locked: false } => format!(
            "Reads only now. `:unlock` lets steps run, each confirmed before it does; locked again after {minutes} \
             minutes without a key. --guarded opens it unlocked, --read-only so that nothing unlocks it."
        ),
        Mode::Guarded => {
            format!(
                "Steps may run, each confirmed. `:lock` ends that at once, {minutes} minutes without a key as well."
            )
        }
    };
    page.text("   ", &words, Meaning::Text);
}
