//! Keys before every situation, and how each looks. No session is needed: the machine itself says where a run stands.

use std::sync::Arc;

use crate::{
    runbook::{
        machine::{
            Consent, Decision, Situation,
            fixture::{self, NAME, Walk as Run, acting, manual, of, seen, sh},
        },
        model::ActionKind,
        open::Known,
        port::Happening,
        record::{Ended, Mode as How, Record, Verdict, When},
        session::{Event as Happened, Work},
    },
    secret::Secret,
    tui::{
        event::{Effect, Event},
        fixture::{demo, empty, frame, press, type_text},
        model::{Mode, Model},
        nav::Place,
        over::Over,
        screen::run::{Chosen, News, Stand, Walk, Wish},
        tests::States,
        update::update,
    },
};

/// Where a run of the machine's own tests stands.
fn stand(run: &Run) -> Stand {
    let situation = run.situation();
    let acts = matches!(situation, Situation::Step { .. } | Situation::RollingBack { .. });
    let step = run.state.current.as_deref().and_then(|id| run.book.step(id));
    let runs = acts && step.is_some_and(|step| step.action.as_ref().is_some_and(|action| action.kind.acts()));
    Stand {
        may: run.choices(),
        state: run.state.clone(),
        runs: Ok(runs.then(|| "select pg_terminate_backend(4711)\nwhere 1 = 1".to_owned())),
        undo: Ok(step.and_then(|step| step.undo.as_ref()).map(|_| "alter system reset work_mem".to_owned())),
        values: [("pid".to_owned(), "4711".to_owned())].into(),
        survivors: Vec::new(),
        situation,
    }
}

/// The screen before such a run, unlocked.
fn before(run: &Run) -> Model {
    let mut model = empty(Some("production"));
    model.about.mode = Mode::Guarded;
    model.now = run.now;
    model.key_at = run.now;
    super::news::put(&mut model, Walk::opening(Some(Arc::new(run.book.clone())), Some("r1".into())));
    update(&mut model, Event::Run(News::Stands(Box::new(stand(run)))));
    model
}

/// A run that has looked at its first step.
fn prepared(steps: Vec<crate::runbook::model::Step>) -> Run {
    let mut run = Run::run(steps);
    run.prepare();
    run
}

fn decided(effects: &[Effect]) -> Option<Decision> {
    match effects {
        [Effect::Run(Wish::Decide(decision))] => Some(decision.clone()),
        [] => None,
        other => panic!("{other:?}"),
    }
}

/// Presses keys; `"text"` is typed.
fn keys(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (n, part) in keys.split('"').enumerate() {
        if n % 2 == 1 { type_text(model, part) } else { effects.extend(press(model, part)) }
    }
    effects
}

fn consent() -> Consent {
    Consent::default()
}

/// What it is, a run, keys, and what they come to.
type Case = (&'static str, Run, &'static str, Decision);

fn why() -> String {
    "not now".to_owned()
}

/// Steps as they should go.
fn forward() -> Vec<Case> {
    let observe = || of("look", sh()).with(|action| action.danger = crate::runbook::model::Danger::Observe);
    vec![
        ("what only reads runs at once", prepared(vec![observe()]), "enter", Decision::Go(consent())),
        ("what changes asks first", prepared(vec![acting("a")]), "enter R", Decision::Go(consent())),
        (
            "what disrupts wants the name and why",
            prepared(vec![acting("a").dangerous()]),
            "enter \"shop on primary\" enter \"not now\" enter",
            Decision::Go(Consent { typed: Some(NAME.into()), reason: Some(why()), approved_by: None }),
        ),
        (
            "and a second person, where the step says so",
            prepared(vec![acting("a").dangerous().with(|action| action.second_person = true)]),
            "enter \"shop on primary\" enter \"not now\" enter \"grace\" enter",
            Decision::Go(Consent { typed: Some(NAME.into()), reason: Some(why()), approved_by: Some("grace".into()) }),
        ),
        (
            "waiting",
            prepared(vec![of("w", ActionKind::Wait(std::time::Duration::from_secs(3)))]),
            "enter",
            Decision::Go(consent()),
        ),
        (
            "a question",
            prepared(vec![of("q", ActionKind::Confirm("Is it calm?".into()))]),
            "enter Y",
            Decision::Go(consent()),
        ),
        (
            "a value",
            prepared(vec![of("v", ActionKind::Ask("note".into()))]),
            "enter ctrl-u \"calm\" enter",
            Decision::Answer { name: "note".into(), value: Secret::new("calm"), origin: "operator".into() },
        ),
        (
            "an item",
            prepared(vec![manual("a").item("one").item("two")]),
            "enter down enter",
            Decision::Tick("two".into()),
        ),
        ("an item by its key", prepared(vec![manual("a").item("one")]), "t enter", Decision::Tick("one".into())),
        ("by hand", prepared(vec![manual("a")]), "enter enter", Decision::Done { evidence: String::new() }),
        ("a check", prepared(vec![manual("a").verified()]), "v", Decision::Verify),
        (
            "by hand, with evidence",
            prepared(vec![acting("a")]),
            "e \"not now\" enter",
            Decision::Done { evidence: why() },
        ),
        ("skipped", prepared(vec![acting("a")]), "s \"not now\" enter", Decision::Skip { reason: why() }),
        ("deferred", prepared(vec![acting("a")]), "d \"not now\" enter", Decision::Defer { reason: why() }),
        ("a note", prepared(vec![acting("a")]), "n \"not now\" enter", Decision::Note(why())),
        ("paused", prepared(vec![acting("a")]), "P", Decision::Pause),
        ("given up", prepared(vec![acting("a")]), "a \"not now\" enter", Decision::Abort { reason: why() }),
        (
            "elsewhere",
            prepared(vec![acting("a"), manual("b")]),
            "J 2 \"not now\" enter",
            Decision::GoTo { step: "b".into(), reason: why() },
        ),
    ]
}

/// Steps that did not go as they should, and the way back.
fn in_trouble() -> Vec<Case> {
    let failed = || {
        let mut run = prepared(vec![acting("a"), manual("b")]);
        run.world.outcomes = [Ended::Failed].into();
        run.go();
        run
    };
    let unknown = || {
        let mut run = prepared(vec![acting("a").verified().undone(), manual("b")]);
        run.world.outcomes = [Ended::TimedOut].into();
        run.go();
        run
    };
    let unverified = || {
        let mut run = prepared(vec![acting("a").verified(), manual("b")]);
        run.world.looks = [Verdict::NotHeld].into();
        run.go();
        run
    };
    let unmet = || {
        let mut run = Run::run(vec![acting("a").requiring()]);
        run.world.holds = [Some(false)].into();
        run.prepare();
        run
    };
    let done = || {
        let mut run = prepared(vec![acting("a").undone(), manual("b")]);
        run.go();
        run
    };
    let end = || {
        let mut run = prepared(vec![manual("a")]);
        run.does(Decision::Done { evidence: "seen".into() });
        run
    };
    vec![
        ("failed, again", failed(), "ctrl-r", Decision::Retry),
        ("failed, by the menu", failed(), "enter 1", Decision::Retry),
        ("not known, done", unknown(), "e \"not now\" enter", Decision::Done { evidence: why() }),
        ("not known, not done", unknown(), "x \"not now\" enter", Decision::NotDone { evidence: why() }),
        ("not known, looked at first", unknown(), "enter 1", Decision::Verify),
        ("not verified, all the same", unverified(), "o \"not now\" enter", Decision::Override { reason: why() }),
        ("a precondition that does not hold", unmet(), "o \"not now\" enter", Decision::Override { reason: why() }),
        ("all taken back", done(), "u \"not now\" enter", Decision::RollBack { reason: why() }),
        ("one taken back", done(), "b enter \"not now\" enter", Decision::TakeBack { step: "a".into(), reason: why() }),
        ("closed", end(), "enter C", Decision::Finish),
        ("closed by its key", end(), "F C", Decision::Finish),
    ]
}

/// The screen before every situation, unlocked or not, for what holds on all screens.
pub(in crate::tui) fn situations() -> Vec<(String, Box<dyn Fn() -> Model>)> {
    let mut all: Vec<(String, Box<dyn Fn() -> Model>)> = Vec::new();
    for (what, run, ..) in [forward(), in_trouble()].concat() {
        for mode in [Mode::Guarded, Mode::Observe { locked: false }] {
            let (run, name) = (run.clone(), format!("run, {what}, {}", mode.word()));
            all.push((
                name,
                Box::new(move || {
                    let mut model = before(&run);
                    model.about.mode = mode.clone();
                    model
                }),
            ));
        }
    }
    all
}

/// A step in every situation that the machine knows, keys, and what they come to.
#[test]
fn every_situation_and_every_choice_is_decided_by_keys() {
    let cases = [forward(), in_trouble()].concat();
    for (what, run, pressed, due) in cases {
        let mut model = before(&run);
        let effects = keys(&mut model, pressed);
        assert_eq!(decided(&effects), Some(due.clone()), "{what}: {pressed}\n{}", frame(&mut model, 80, 24));
        assert!(run.clone().decide(&due).is_ok(), "{what}: the machine takes it");
        assert_eq!(keys(&mut model, "v"), [], "{what}: nothing is decided while work is at it");
    }
}

#[test]
fn values_that_are_missing_are_asked_for_and_held_against_their_parameter() {
    let mut run = Run::start(fixture::book(vec![manual("a")]), How::Run);
    run.state.params.clear();
    assert_eq!(run.situation(), Situation::NeedsParams(vec!["pid".into()]));
    let mut model = before(&run);
    assert_eq!(keys(&mut model, "enter \"4711\""), []);
    let effects = keys(&mut model, "enter");
    let answer = Decision::Answer { name: "pid".into(), value: Secret::new("4711"), origin: "operator".into() };
    assert_eq!(decided(&effects), Some(answer));
}

#[test]
fn a_dialog_is_cancelled_by_habit_and_what_is_typed_must_be_typed() {
    let run = prepared(vec![acting("a")]);
    for cancel in ["enter enter", "enter esc", "enter q", "enter r", "enter n"] {
        let mut model = before(&run);
        assert_eq!(keys(&mut model, cancel), [], "{cancel}");
    }
    let mut model = before(&prepared(vec![acting("a").dangerous()]));
    keys(&mut model, "enter");
    update(&mut model, Event::Paste(NAME.into()));
    assert_eq!(keys(&mut model, "enter \"why\" enter"), [], "a name that is pasted proves nothing");
    assert!(matches!(model.overs.last(), Some(Over::Form(form)) if form.error.is_some()));
    let text = frame(&mut model, 80, 24);
    for part in ["PRODUCTION", "pg_terminate_backend", "THERE IS NO UNDO", "journal", "shop on primary"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn nothing_runs_while_the_screens_only_look_and_the_reason_is_told() {
    let run = prepared(vec![acting("a")]);
    let cases = [
        (Mode::Observe { locked: false }, ":unlock"),
        (Mode::Observe { locked: true }, "--read-only"),
        (Mode::Replay("x".into()), "recording"),
    ];
    for (mode, word) in cases {
        let mut model = before(&run);
        model.about.mode = mode;
        assert_eq!(keys(&mut model, "enter"), []);
        assert!(model.overs.is_empty() && model.messages.last().unwrap().text.contains(word));
        assert!(frame(&mut model, 160, 48).contains(word));
        let by_hand = keys(&mut model, "e \"seen\" enter");
        assert!(matches!(decided(&by_hand), Some(Decision::Done { .. })), "by hand it can be done all the same");
    }
    let mut model = before(&run);
    model.about.mode = Mode::Observe { locked: false };
    let unlocked = keys(&mut model, ": \"unlock\" enter");
    assert_eq!(unlocked, [Effect::Run(Wish::Guard(true))], "the engine is told");
    keys(&mut model, "enter");
    // The lock falls while the dialog stands there.
    let later = model.now + crate::tui::model::UNLOCKED_FOR;
    assert_eq!(update(&mut model, Event::Tick(later)), [Effect::Run(Wish::Guard(false))]);
    assert_eq!(keys(&mut model, "R"), []);
}

#[test]
fn leaving_while_a_step_runs_asks_once_and_leaves_the_run_to_be_taken_up() {
    let run = prepared(vec![acting("a")]);
    let mut model = before(&run);
    assert_eq!(keys(&mut model, "q"), [Effect::Quit { printing: false }], "nothing runs: nothing is asked");
    keys(&mut model, "enter R");
    let acts = Work::Acting { step: "a".into(), within: std::time::Duration::from_secs(30) };
    update(&mut model, Event::Run(News::Happened(Box::new(Happened::Began(acts)))));
    assert_eq!(keys(&mut model, "q"), []);
    assert!(model.messages.last().unwrap().text.contains("once more stops it and leaves"));
    assert_eq!(keys(&mut model, "esc ctrl-c"), [Effect::Run(Wish::Leave)]);
    assert_eq!(update(&mut model, Event::Run(News::Left)), [Effect::Quit { printing: false }]);
    // Who cannot wait for the step to end leaves by a third.
    model.screens.run.leaving = Some(Effect::Quit { printing: false });
    assert_eq!(keys(&mut model, "q"), [Effect::Quit { printing: false }]);
}

#[test]
fn what_runs_is_stopped_and_the_screen_can_be_left_meanwhile() {
    let mut model = before(&prepared(vec![acting("a")]));
    keys(&mut model, "enter R");
    let acts = Work::Acting { step: "a".into(), within: std::time::Duration::from_secs(30) };
    update(&mut model, Event::Run(News::Happened(Box::new(Happened::Began(acts)))));
    keys(&mut model, "1");
    for n in 0..3 {
        let line = Happening::Line(format!("line {n}"));
        let happens = Happened::Happens { step: "a".into(), what: line };
        update(&mut model, Event::Run(News::Happened(Box::new(happens))));
    }
    assert_eq!(keys(&mut model, "0"), []);
    assert_eq!(*model.nav.place(), Place::Run);
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("line 2") && text.contains("runs, 30 s at most"), "{text}");
    assert_eq!(keys(&mut model, "S"), [Effect::Run(Wish::Stop)]);
    assert!(frame(&mut model, 80, 24).contains("stopping"));
}

#[test]
fn from_the_worst_finding_to_step_one_in_four_keys() {
    let mut model = demo();
    let mut count = 0;
    let mut effects = keys(&mut model, "w");
    count += 1;
    while effects.is_empty() {
        assert!(matches!(model.overs.last(), Some(Over::Choice(_))), "{}", frame(&mut model, 80, 24));
        effects = keys(&mut model, "enter");
        count += 1;
    }
    let [Effect::Run(Wish::Choose { book, finding: Some(finding), .. })] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(finding.check, model.worst()[0].check);
    let chosen = chosen(&model, book, &[("pid", Some("4711"), "finding")]);
    update(&mut model, Event::Run(News::Chosen(Box::new(chosen))));
    assert_eq!(keys(&mut model, "B"), [Effect::Run(Wish::Start)]);
    count += 1;
    assert!(count <= 4, "{count} keys");
    assert_eq!(*model.nav.place(), Place::Run);
}

#[test]
fn while_it_is_asked_who_is_meant_s_stops_that_and_one_is_back_where_one_was() {
    let mut model = demo();
    keys(&mut model, "2");
    let place = model.nav.place().clone();
    let given: Vec<Known> = vec![("pid".into(), "4711".into(), "live".into())];
    super::begin(&mut model, "idle-in-transaction", None, given);
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("asking who the target of idle-in-transaction is") && text.contains("S stop"), "{text}");
    assert_eq!(keys(&mut model, "S"), [Effect::Run(Wish::Forget)]);
    assert_eq!(*model.nav.place(), place);
    assert!(frame(&mut model, 80, 24).contains("no run was begun"));
    // What was on its way comes too late.
    let late = chosen(&model, "idle-in-transaction", &[]);
    assert_eq!(update(&mut model, Event::Run(News::Chosen(Box::new(late)))), [Effect::Run(Wish::Forget)]);
    assert!(model.overs.is_empty() && model.screens.run.chosen.is_none());
}

#[test]
fn a_first_look_that_is_stopped_brings_one_back_with_a_run_that_can_be_taken_up() {
    let mut model = demo();
    keys(&mut model, "2");
    let place = model.nav.place().clone();
    let run = Run::run(vec![acting("a")]);
    model.about.mode = Mode::Guarded;
    super::news::put(&mut model, Walk::opening(Some(Arc::new(run.book.clone())), None));
    let surveys = Happened::Began(Work::Surveying(When::Before));
    update(&mut model, Event::Run(News::Happened(Box::new(surveys))));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("looking at the whole target") && text.contains("S stop"), "{text}");
    assert_eq!(keys(&mut model, "S"), [Effect::Run(Wish::Stop)]);
    assert_eq!(keys(&mut model, "S"), [], "once is enough");
    let mut paused = run.clone();
    paused.does(Decision::Pause);
    let effects = update(&mut model, Event::Run(News::Stands(Box::new(stand(&paused)))));
    assert_eq!(effects, [Effect::Run(Wish::Leave)]);
    assert_eq!(*model.nav.place(), place);
    assert!(frame(&mut model, 80, 24).contains("stopped before the first step: nothing was done"));
    assert!(super::resume(&mut model, "r1").contains(&Effect::Run(Wish::Resume("r1".into()))));
}

#[test]
fn a_run_that_is_left_for_another_is_left_once() {
    let run = prepared(vec![acting("a")]);
    for comes in ["paused", "ended"] {
        let mut model = before(&run);
        super::resume(&mut model, "r2");
        keys(&mut model, "esc");
        assert_eq!(model.screens.run.next, None, "who goes on with neither has asked for nothing");
        super::resume(&mut model, "r2");
        assert_eq!(keys(&mut model, "2"), [Effect::Run(Wish::Leave)]);
        let mut over = run.clone();
        over.does(if comes == "paused" { Decision::Pause } else { Decision::Abort { reason: "late".into() } });
        let mut stand = stand(&over);
        if comes == "ended" {
            stand.situation = Situation::Ended;
        }
        let effects = update(&mut model, Event::Run(News::Stands(Box::new(stand))));
        assert!(!effects.contains(&Effect::Run(Wish::Leave)), "{comes}: {effects:?}");
        let effects = update(&mut model, Event::Run(News::Left));
        assert!(effects.contains(&Effect::Run(Wish::Resume("r2".into()))), "{comes}: {effects:?}");
        assert!(model.screens.run.walk.as_ref().is_some_and(Walk::is_open), "{comes}");
    }
}

fn chosen(model: &Model, id: &str, values: &[(&str, Option<&str>, &str)]) -> Chosen {
    let value = |(name, value, origin): &(&str, Option<&str>, &str)| {
        ((*name).to_owned(), value.map(str::to_owned), (*origin).to_owned())
    };
    Chosen {
        book: Arc::clone(model.books.get(id).unwrap()),
        finding: Some("postgres.idle-in-transaction: primary: shop".into()),
        message: Some("1 session holds its transaction for 12 min".into()),
        values: values.iter().map(value).collect(),
        notes: Vec::new(),
        mode: How::Run,
    }
}

#[test]
fn others_open_a_runbook_with_values_and_a_run_under_way_is_asked_about_first() {
    let mut model = demo();
    let given: Vec<Known> = vec![("pid".into(), "4711".into(), "live".into())];
    let wish = Wish::Choose { book: "idle-in-transaction".into(), finding: None, given: given.clone() };
    assert_eq!(super::begin(&mut model, "idle-in-transaction", None, given.clone()), [Effect::Run(wish.clone())]);
    let run = prepared(vec![acting("a")]);
    let books = Arc::clone(&model.books);
    model = before(&run);
    model.books = books;
    assert_eq!(super::begin(&mut model, "idle-in-transaction", None, given), []);
    assert_eq!(keys(&mut model, "2"), [Effect::Run(Wish::Leave)]);
    let effects = update(&mut model, Event::Run(News::Left));
    assert!(effects.contains(&Effect::Run(wish)), "{effects:?}");
}

fn shot(name: &str, model: &mut Model) {
    insta::assert_snapshot!(format!("{name}_80x24"), frame(model, 80, 24));
    insta::assert_snapshot!(format!("{name}_160x48"), frame(model, 160, 48));
}

fn titled(mut step: crate::runbook::model::Step, title: &str, prose: &str) -> crate::runbook::model::Step {
    step.title = title.into();
    step.prose = prose.into();
    step
}

/// A run as people meet it: a look, a change that can be taken back, one that cannot, and what comes after.
fn story() -> Vec<crate::runbook::model::Step> {
    let observe = of("look", sh()).with(|action| action.danger = crate::runbook::model::Danger::Observe);
    vec![
        titled(observe, "Who sits idle in a transaction", "The first is the oldest."),
        titled(
            acting("raise").verified().undone().requiring(),
            "Raise the limit for an hour",
            "Gives room while the cause is mended.\n\nMore than twice the limit helps nobody.",
        ),
        titled(
            acting("end").verified().dangerous(),
            "End the session",
            "It ends only if it is still the same session and still idle.\n\nIts client gets an error and connects again.",
        ),
        titled(
            manual("mend").item("The owner knows").item("The role has a bound"),
            "Mend the application",
            "In the daytime.",
        ),
    ]
}

#[test]
fn the_frames_of_a_run() {
    let mut run = Run::run(story());
    run.book.title = "End sessions that sit idle in a transaction".into();
    run.prepare();
    shot("run_observe", &mut before(&run));
    run.go();
    run.prepare();
    let mut model = before(&run);
    shot("run_change", &mut model);
    keys(&mut model, "enter");
    shot("run_confirm", &mut model);
    run.go();
    run.prepare();
    let mut model = before(&run);
    keys(&mut model, "enter");
    shot("run_typed", &mut model);
    run.clone().does(Decision::RollBack { reason: "too late".into() });
    let mut back = run.clone();
    back.does(Decision::RollBack { reason: "it made things worse".into() });
    back.prepare();
    shot("run_rolling_back", &mut before(&back));
    let mut unknown = run.clone();
    unknown.world.outcomes = [Ended::TimedOut].into();
    unknown.does(Decision::Go(Consent {
        typed: Some(NAME.into()),
        reason: Some("users wait".into()),
        approved_by: None,
    }));
    let mut model = before(&unknown);
    shot("run_unknown", &mut model);
    keys(&mut model, "enter");
    shot("run_settle", &mut model);
    run.does(Decision::Skip { reason: "it has gone by itself".into() });
    let mut model = before(&run);
    shot("run_by_hand", &mut model);
}

#[test]
fn the_frames_of_trouble() {
    let mut run = Run::run(story());
    run.prepare().go();
    run.world.holds = [Some(false)].into();
    run.prepare();
    shot("run_unmet", &mut before(&run));
    run.does(Decision::Override { reason: "nobody works at night".into() });
    run.prepare();
    run.world.outcomes = [Ended::Failed].into();
    run.go();
    shot("run_failed", &mut before(&run));
}

/// The states of a run: nothing is known before its runbook was opened, it fails where an action did.
pub(in crate::tui) fn states() -> States {
    let mut none = demo();
    super::begin(&mut none, "idle-in-transaction", None, Vec::new());
    let mut run = Run::run(story());
    run.book.title = "End sessions that sit idle in a transaction".into();
    run.prepare().go();
    run.prepare();
    let full = before(&run);
    run.world.outcomes = [Ended::Failed].into();
    run.go();
    States { empty: none, full, failing: before(&run), hostile: hostile().1 }
}

/// A run whose runbook, values and output mean harm.
fn hostile() -> (Run, Model) {
    let mut run = Run::run(story());
    run.prepare();
    run.write(Record::Param {
        name: "note".into(),
        value: Some("\u{1b}[31mred\u{202e}".into()),
        origin: "flag".into(),
    });
    run.book.title = "End \u{1b}[2J\u{202e}日本語 ".repeat(9);
    let mut model = before(&run);
    keys(&mut model, "enter");
    let acts = Work::Acting { step: "look".into(), within: std::time::Duration::from_secs(30) };
    update(&mut model, Event::Run(News::Happened(Box::new(Happened::Began(acts)))));
    for n in 0..3_000 {
        let line = format!(
            "{n} \u{1b}]0;title\u{7} a line\u{202e} that is far too long for any terminal {}",
            "日本語 ".repeat(40)
        );
        let happens = Happened::Happens { step: "look".into(), what: Happening::Line(line) };
        update(&mut model, Event::Run(News::Happened(Box::new(happens))));
    }
    (run, model)
}

#[test]
fn long_output_is_read_where_one_is_and_kept_in_bounds() {
    let (mut run, mut model) = hostile();
    frame(&mut model, 80, 24);
    press(&mut model, "up up pgup");
    assert!(!frame(&mut model, 80, 24).contains("2999 "), "who scrolls up reads on where it is");
    run.go();
    update(&mut model, Event::Run(News::Stands(Box::new(stand(&run)))));
    let text = frame(&mut model, 80, 24);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    assert_eq!(model.screens.run.walk.as_ref().unwrap().printed.1.len(), 2_000, "memory stays flat");
}

#[test]
fn the_frame_of_live_checks_and_their_thresholds() {
    let mut run = Run::run(story());
    run.prepare().go();
    run.prepare();
    let mut model = before(&run);
    keys(&mut model, "enter R");
    let looks = Work::Verifying { step: "raise".into(), within: std::time::Duration::from_secs(60) };
    update(&mut model, Event::Run(News::Happened(Box::new(Happened::Began(looks)))));
    let sample = Record::Sample { step: "raise".into(), seen: seen(Some(false)) };
    let wrote = Happened::Wrote(crate::runbook::record::Stamped { at: model.now, record: sample });
    update(&mut model, Event::Run(News::Happened(Box::new(wrote))));
    let later = model.now + std::time::Duration::from_secs(12);
    update(&mut model, Event::Tick(later));
    shot("run_verifying", &mut model);
}

#[test]
fn the_frame_of_beginning() {
    let mut model = demo();
    super::begin(&mut model, "idle-in-transaction", None, Vec::new());
    let values = [("server", Some("primary"), "finding"), ("pid", Some("4711"), "finding")];
    let chosen = chosen(&model, "idle-in-transaction", &values);
    update(&mut model, Event::Run(News::Chosen(Box::new(chosen))));
    shot("run_begin", &mut model);
    keys(&mut model, "esc");
    assert!(frame(&mut model, 80, 24).contains("enter asks whether to begin"));
    keys(&mut model, "enter");
    assert!(matches!(model.overs.last(), Some(Over::Form(_))));
}

#[test]
fn a_journal_that_fails_ends_the_walk_and_says_so() {
    let mut model = before(&prepared(vec![acting("a")]));
    update(&mut model, Event::Run(News::Lost("write the journal: no space left on device".into())));
    assert_eq!(keys(&mut model, "enter"), []);
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("no space left"), "{text}");
    assert_eq!(keys(&mut model, "esc q"), [Effect::Quit { printing: false }]);
}

#[test]
fn what_is_refused_is_told_and_asked_again() {
    let run = prepared(vec![acting("a")]);
    let mut model = before(&run);
    keys(&mut model, "enter R");
    update(&mut model, Event::Run(News::Refused("first make sure of: one".into())));
    update(&mut model, Event::Run(News::Stands(Box::new(stand(&run)))));
    assert!(frame(&mut model, 80, 24).contains("not done: first make sure of: one"));
    assert_eq!(decided(&keys(&mut model, "enter R")), Some(Decision::Go(consent())));
}
