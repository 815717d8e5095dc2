//! A hint is a promise: what it names does something when its key is pressed. Saying why not is not doing it.

use crate::tui::{
    event::Event,
    fixture::{buffer, demo, empty, failing, press, tell},
    key::Key,
    model::Model,
    screen::{checklist, history, live, report, run},
    update::update,
    view::hinted,
};

/// What a model is called, and how it is made.
type Begun = (&'static str, fn() -> Model);

type Fixture = (String, Box<dyn Fn() -> Model>);

/// Every place that keys lead to, from some model.
const PLACES: [&str; 30] = [
    "1",
    "1 enter",
    "2",
    "2 enter",
    "2 G enter",
    "2 ctrl-l / Q Q Q enter",
    "3",
    "3 L",
    "3 e",
    "3 o",
    "3 c",
    "3 t",
    "3 u",
    "3 enter",
    "3 c enter",
    "3 u enter",
    "4",
    "4 G",
    "4 enter",
    "4 u",
    "5",
    "5 enter",
    "6",
    "6 enter",
    "6 G",
    "6 G enter",
    "6 x = 9 9 9 9 enter",
    "7",
    "8",
    "8 G",
];

fn live_target() -> Model {
    let mut model = empty(Some("production"));
    tell(&mut model);
    model
}

fn fixtures() -> Vec<Fixture> {
    let wide: [Begun; 5] = [
        ("nothing known", || empty(None)),
        ("the demo", demo),
        ("a live target", live_target),
        ("a source that fell silent", failing),
        ("all panels", live::tests::full),
    ];
    let narrow: [Begun; 5] = [
        ("the checklist", checklist::tests::shown),
        ("a campaign", checklist::campaign_tests::full),
        ("the history", history::tests::full),
        ("a past audit", history::tests::audit_open),
        ("the report", report::tests::full),
    ];
    let mut all = run::tests::situations();
    for (name, model) in wide {
        all.extend(PLACES.map(|keys| fixture(name, model, keys)));
    }
    for (name, model) in narrow {
        all.extend(
            ["down up", "enter", "G", "G enter", "n", "s o", "/ Q Q Q enter"].map(|keys| fixture(name, model, keys)),
        );
    }
    all
}

fn fixture(name: &str, model: fn() -> Model, keys: &'static str) -> Fixture {
    let at = move || {
        let mut model = model();
        press(&mut model, keys);
        model.overs.clear();
        model
    };
    (format!("{name}, {keys}"), Box::new(at))
}

/// What is drawn, without what was only said.
fn seen(model: &mut Model, (width, height): (u16, u16)) -> ratatui::buffer::Buffer {
    model.messages.clear();
    buffer(model, width, height)
}

/// Those of the hints on a frame that do nothing, of those that were not tried before.
fn idle(model: &dyn Fn() -> Model, size: (u16, u16), tried: &mut Vec<String>) -> Vec<String> {
    let mut first = model();
    // What a page has room for is known once it was drawn.
    let before = seen(&mut first, size);
    let hints: Vec<String> = hinted(&first).map(|(_, key, _)| key.to_owned()).collect();
    let mut idle = Vec::new();
    for key in hints {
        if tried.contains(&key) {
            continue;
        }
        let mut model = model();
        seen(&mut model, size);
        let effects = update(&mut model, Event::Key(Key::read(&key).unwrap()));
        if effects.is_empty() && model.overs.is_empty() && seen(&mut model, size) == before {
            idle.push(format!("{key} at {}x{}", size.0, size.1));
        }
        tried.push(key);
    }
    idle
}

#[test]
fn whatever_is_hinted_at_does_something() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, model) in fixtures() {
        let mut keys = Vec::new();
        // A wide frame hints at more.
        for size in [(80, 24), (160, 48)] {
            wrong.extend(idle(&model, size, &mut keys).into_iter().map(|hint| format!("{name}: {hint}")));
        }
        tried += keys.len();
    }
    assert!(wrong.is_empty(), "hinted at, and nothing happens:\n{}", wrong.join("\n"));
    assert!(tried > 700, "{tried} hints");
}
