use std::sync::{Arc, OnceLock};

use super::{News, Wish, Written};
use crate::{
    assets::templates,
    report::{Filter, Templates},
    tui::{
        event::{Effect, Event},
        fixture::{audit, demo, empty, frame, press, tell, type_text},
        model::Model,
        over::Over,
        tests::States,
        update::update,
        widget::Markdown,
    },
};

fn whole() -> &'static str {
    static WHOLE: OnceLock<String> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let templates = Templates::new(templates::embedded()).unwrap();
        templates.markdown("report", &audit(), Filter { persona: None, all: false }).unwrap()
    })
}

/// Does what work would do.
fn serve(model: &mut Model, effects: Vec<Effect>, text: &str) {
    for effect in effects {
        let news = match effect {
            Effect::Report(Wish::Make { template, audit, laid: (width, ascii), .. }) => {
                let laid = Arc::new(Markdown::new(text, width, ascii));
                let names = vec!["report".into(), "brief".into(), "executive".into()];
                News::Made(Arc::new(Written { template, audit, text: text.into(), laid, names }))
            }
            Effect::Report(Wish::Lay { text, laid: (width, ascii) }) => {
                News::Laid(Arc::new(Markdown::new(&text, width, ascii)))
            }
            _ => continue,
        };
        let more = update(model, Event::Report(news));
        assert!(more.is_empty(), "what is made fits");
    }
}

/// The whole report of the demo.
pub(in crate::tui) fn full() -> Model {
    shown(whole(), 80)
}

/// The report of the demo, on a screen of some width.
fn shown(text: &str, width: u16) -> Model {
    let mut model = demo();
    update(&mut model, Event::Resize(width, 24));
    let effects = press(&mut model, "8");
    serve(&mut model, effects, text);
    model
}

/// The states of this screen; it fails where a template has a mistake.
pub(in crate::tui) fn states(width: u16) -> States {
    let mut none = empty(Some("staging"));
    press(&mut none, "8");
    States { empty: none, full: shown(whole(), width), failing: failing(width), hostile: shown(&hostile(), width) }
}

fn failing(width: u16) -> Model {
    let mut model = shown("# Title\n\nwords\n", width);
    let words = "mine/report.md:3:7: \u{1b}[31munknown filter `x`\n  {{ a | x }}";
    update(&mut model, Event::Report(News::NotMade(words.into(), vec!["report".into()])));
    model
}

#[test]
fn the_frame_of_the_report() {
    let mut model = shown(whole(), 60);
    insta::assert_snapshot!("report_60x18", frame(&mut model, 60, 18));
    let mut model = shown(whole(), 80);
    press(&mut model, "n n n n");
    insta::assert_snapshot!("report_down_80x24", frame(&mut model, 80, 24));
}

#[test]
fn before_the_first_audit_nothing_is_made() {
    let mut model = empty(Some("staging"));
    assert!(press(&mut model, "8").is_empty());
}

#[test]
fn a_newer_audit_moves_nothing_under_the_eyes_of_a_reader() {
    let mut model = empty(Some("staging"));
    tell(&mut model);
    let effects = press(&mut model, "8");
    assert_eq!(effects.len(), 1, "it is made when the screen is gone to");
    serve(&mut model, effects, whole());
    frame(&mut model, 80, 24);
    let newer = || Event::Judged(Arc::new((*audit()).clone()));
    assert!(update(&mut model, newer()).is_empty(), "not again at once");
    press(&mut model, "j j");
    let later = model.now + std::time::Duration::from_secs(40);
    update(&mut model, Event::Tick(later));
    assert!(!update(&mut model, newer()).iter().any(|effect| matches!(effect, Effect::Report(_))), "somebody reads");
    assert!(frame(&mut model, 100, 24).contains("there is a newer one, u takes it"));
    press(&mut model, "g");
    frame(&mut model, 80, 24);
    assert!(update(&mut model, newer()).iter().any(|effect| matches!(effect, Effect::Report(_))), "nobody does");
}

#[test]
fn another_width_lays_it_out_again_and_stays_at_the_heading() {
    let mut model = shown(whole(), 80);
    frame(&mut model, 80, 24);
    press(&mut model, "n n n n n");
    let before = super::line(&model);
    let effects = update(&mut model, Event::Resize(110, 24));
    assert!(matches!(effects.as_slice(), [Effect::Report(Wish::Lay { .. })]));
    serve(&mut model, effects, whole());
    assert_eq!(super::line(&model), before);
}

#[test]
fn what_is_searched_for_is_shown_and_gone_through() {
    let mut model = shown(whole(), 80);
    frame(&mut model, 80, 24);
    press(&mut model, "/");
    type_text(&mut model, "connections");
    let text = frame(&mut model, 80, 24);
    assert!(text.lines().nth(3).unwrap().contains("/ connections_") && text.contains(" 1 of "), "{text}");
    press(&mut model, "enter n");
    let text = frame(&mut model, 80, 24);
    assert!(text.contains(" 2 of "), "{text}");
    let marked = text.lines().find(|line| line.starts_with('>')).unwrap();
    assert!(marked.to_lowercase().contains("connections"), "{marked}");
    press(&mut model, "ctrl-l");
    assert!(!frame(&mut model, 80, 24).contains(" 2 of "));
    press(&mut model, "/");
    type_text(&mut model, "nowhere to be found");
    press(&mut model, "enter");
    assert!(frame(&mut model, 80, 24).contains("is not in the report"));
}

#[test]
fn a_heading_is_chosen_from_the_contents() {
    let mut model = shown(whole(), 80);
    frame(&mut model, 80, 24);
    press(&mut model, "c down down enter");
    let heading = model.screens.report.laid.as_ref().unwrap().headings()[2].words.clone();
    assert_eq!(super::line(&model), Some(heading));
}

#[test]
fn another_template_is_asked_for() {
    let mut model = shown(whole(), 80);
    let effects = press(&mut model, "t 2");
    let [Effect::Report(Wish::Make { template, .. })] = effects.as_slice() else { panic!("{} effects", effects.len()) };
    assert_eq!(template, "brief");
}

#[test]
fn a_file_that_is_there_is_asked_about_and_what_was_typed_is_kept() {
    let mut model = shown("# Title\n", 80);
    press(&mut model, "o");
    insta::assert_snapshot!("report_write_80x24", frame(&mut model, 80, 24));
    let effects = press(&mut model, "enter");
    let [Effect::Report(Wish::Write { path, over: false, .. })] = effects.as_slice() else {
        panic!("{} effects", effects.len())
    };
    assert_eq!(path, "loadline-demo-2026-11-21.md");
    update(&mut model, Event::Report(News::There("r.md".into())));
    assert!(frame(&mut model, 80, 24).contains("O overwrite   esc cancel"));
    let effects = press(&mut model, "O");
    assert!(matches!(effects.as_slice(), [Effect::Report(Wish::Write { over: true, .. })]));
    update(&mut model, Event::Report(News::NotSaved("no/r.md".into(), "no/r.md: its folder is not there".into())));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("its folder is not there"), "{text}");
    let Some(Over::Form(form)) = model.overs.last() else { panic!("no form") };
    assert_eq!(form.fields[0].value(), "no/r.md");
    press(&mut model, "esc");
    update(&mut model, Event::Report(News::Saved("/there/r.md".into(), 1_200)));
    assert!(frame(&mut model, 80, 24).contains("written: /there/r.md (2 kB)"));
}

/// Markdown that means harm.
fn hostile() -> String {
    let wide = format!(
        "| {} |\n|{}\n| {} |\n",
        vec!["column"; 40].join(" | "),
        "---|".repeat(40),
        vec!["日本語"; 40].join(" | ")
    );
    format!(
        "# \u{1b}[2J日本語 &#27;]0;x&#7;\n\n<script>alert('x')</script>\n\n{wide}\n\n`\u{202e}code`\n\n{}\n",
        "x".repeat(500)
    )
}

#[test]
fn hostile_markdown_stays_inside_of_its_lines() {
    let text = hostile();
    for (width, height) in [(80, 24), (160, 48), (60, 18), (40, 12)] {
        let mut model = shown(&text, width);
        for keys in ["g", "pgdn", "n", "G"] {
            press(&mut model, keys);
            let text = frame(&mut model, width, height);
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
        }
    }
}
