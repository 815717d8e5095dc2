//! Real sessions behind the run screen: from a finding to its verified cure, locked hands, leaving while a step runs and
//! taking the run up again.

use std::sync::Arc;

use loadline::{
    assets::runbooks::RunbookFile,
    runbook::{
        library::Books,
        machine::{Asks, Consent, Decision, Situation},
        record::End,
        runs::{self, Standing},
        state::StepStatus,
    },
    tui::{
        event::Effect,
        model::Mode,
        over::Over,
        screen::run::{Walk, Wish},
    },
};

use super::seat::Seat;
use crate::{runbook::walk::Ill, support::Folder};

const CHECK: &str = "postgres.idle-in-transaction";

fn walk(seat: &Seat) -> Option<&Walk> {
    seat.model.screens.run.walk.as_ref()
}

fn stands(seat: &Seat) -> bool {
    walk(seat).is_some_and(|walk| walk.situation().is_some() || !walk.is_open())
}

fn asks(seat: &Seat) -> Option<Asks> {
    walk(seat)?.asks().cloned()
}

/// The keys of an operator who believes that all is well.
fn keys(seat: &mut Seat) -> &'static str {
    let frame = seat.frame();
    let Some(walk) = walk(seat) else { panic!("no run") };
    if !walk.open_items().is_empty() {
        return "enter enter";
    }
    match walk.situation() {
        Some(Situation::ToFinish) => "enter C",
        Some(Situation::Step { asks: Asks::Enter, .. }) => "enter",
        Some(Situation::Step { asks: Asks::Yes, .. }) => "enter R",
        Some(Situation::Step { asks: Asks::Hand, .. }) => "enter \"looked at it myself\" enter",
        other => panic!("{other:?}\n{frame}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_finding_to_its_verified_cure_by_keys_alone() {
    let ill = Ill::new();
    let mut seat = Seat::before(&ill.folder.file("loadline.toml"), CHECK);
    let bad = |seat: &Seat| seat.model.worst().iter().any(|finding| finding.status.word() == "FAIL");
    seat.until("the finding", bad).await;
    seat.press("w");
    if matches!(seat.model.overs.last(), Some(Over::Choice(_))) {
        seat.press("enter");
    }
    seat.until("the question whether to begin", |seat| matches!(seat.model.overs.last(), Some(Over::Form(_)))).await;
    assert!(seat.frame().contains("pid = "), "{}", seat.frame());
    seat.press("B");
    seat.until("step one", stands).await;
    assert!(seat.frame().contains("step 1 of"), "{}", seat.frame());
    // The first step only looks: it needs no hands.
    assert_eq!(asks(&seat), Some(Asks::Enter));
    seat.press("enter");
    seat.until("step two", |seat| stands(seat) && walk(seat).is_some_and(Walk::needs_hands)).await;
    nothing_runs_while_locked(&mut seat).await;
    seat.press(": \"unlock\" enter");
    for _ in 0..40 {
        if !walk(&seat).is_some_and(Walk::is_open) {
            break;
        }
        let keys = keys(&mut seat);
        seat.press(keys);
        seat.until("what comes next", stands).await;
    }
    let state = &walk(&seat).expect("the run").state;
    assert_eq!(state.ended.map(|(how, _)| how), Some(End::Completed), "{}", seat.frame());
    assert!(!ill.is_ill());
    seat.until("the record", |seat| seat.model.screens.runbooks.told.is_some()).await;
    let fixed = seat.frame();
    assert!(fixed.contains("fixed") && fixed.contains(CHECK), "{fixed}");
    seat.until("the cured target", |seat| !bad(seat)).await;
    let (_, password) = ill.lab.credentials(crate::lab::Role::Monitor);
    assert!(!fixed.contains(password));
    assert_eq!(ill.record()["came_to"], "completed");
}

/// The screen says so, and the engine holds it whatever a screen asks of it.
async fn nothing_runs_while_locked(seat: &mut Seat) {
    let before = walk(seat).map(|walk| walk.state.clone());
    seat.press("enter");
    assert!(seat.model.messages.last().is_some_and(|message| message.text.contains(":unlock")));
    if let Some(walk) = &mut seat.model.screens.run.walk {
        walk.busy = true;
    }
    seat.order(Effect::Run(Wish::Decide(Decision::Go(Consent::default()))));
    seat.until("the answer", stands).await;
    assert!(seat.model.messages.iter().any(|message| message.text.contains("steps are locked")), "{}", seat.frame());
    assert_eq!(walk(seat).map(|walk| walk.state.clone()), before, "nothing was written down");
}

const SLEEP: &str = "---\nid: sleep\ntitle: Sleep\nowner: team\nreviewed: 2026-11-21\nseverity: low\nestimate: 1m\n\
danger: change\nfixes: []\n---\n\n# Sleep\n\n## Mitigate\n\n### Sleep long\n\nDanger: change. Timeout: 300 s.\n\n\
```sh step id=sleep danger=change timeout=300s\necho begun\nsleep 250\n```\n\n### Say good night\n\nBy hand.\n";

fn books() -> Arc<Books> {
    let file = RunbookFile { path: "sleep.md".into(), folder: None, text: SLEEP.into() };
    let books = Books::load(&[file], &[]);
    assert_eq!(books.broken(), []);
    Arc::new(books)
}

fn alone(folder: &Folder) -> Seat {
    folder.write("loadline.toml", "runs = \"runs\"\n[targets.shop]\n");
    Seat::alone(&folder.file("loadline.toml"), books())
}

async fn begin(seat: &mut Seat) {
    seat.until("the runbooks", |seat| seat.model.books.get("sleep").is_some()).await;
    seat.model.about.mode = Mode::Guarded;
    seat.order(Effect::Run(Wish::Guard(true)));
    seat.press("4 w");
    seat.until("the question", |seat| matches!(seat.model.overs.last(), Some(Over::Form(_)))).await;
    seat.press("B");
    seat.until("step one", stands).await;
    seat.press("enter R");
    let begun = |seat: &Seat| walk(seat).is_some_and(|walk| walk.printed.1.iter().any(|line| line == "begun"));
    seat.until("its first line", begun).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_is_stopped_and_settled_without_leaving() {
    let folder = Folder::new();
    let mut seat = alone(&folder);
    begin(&mut seat).await;
    // The screen is left and come back to: nothing is lost.
    seat.press("1 0");
    assert!(seat.frame().contains("begun"), "{}", seat.frame());
    seat.press("S");
    seat.until("the end of the step", stands).await;
    assert!(matches!(asks(&seat), Some(Asks::Settle(_))), "{}", seat.frame());
    seat.press("x \"it was stopped at once\" enter");
    seat.until("what comes next", stands).await;
    assert!(matches!(asks(&seat), Some(Asks::Trouble(_))), "{}", seat.frame());
    seat.press("s \"no need\" enter");
    seat.until("the next step", |seat| stands(seat) && asks(seat) == Some(Asks::Hand)).await;
    seat.press("a \"it is enough\" enter");
    seat.until("the end", |seat| walk(seat).is_some_and(|walk| walk.state.ended.is_some())).await;
    assert_eq!(walk(&seat).and_then(|walk| walk.state.ended).map(|(how, _)| how), Some(End::Aborted));
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_while_a_step_runs_stops_it_and_the_run_is_taken_up_again() {
    let folder = Folder::new();
    let mut seat = alone(&folder);
    begin(&mut seat).await;
    seat.press("q");
    assert!(!seat.quit, "it asks first");
    seat.press("q");
    seat.until("the program's end", |seat| seat.quit).await;
    drop(seat);
    let left = runs::list(&folder.file("runs")).expect("runs");
    assert!(matches!(&left[0].standing, Standing::Unknown(step) if step == "sleep"), "{:?}", left[0]);
    let mut again = alone(&folder);
    again.until("the runbooks", |seat| seat.model.books.get("sleep").is_some()).await;
    again.press("4 u");
    again
        .until("the runs", |seat| seat.model.screens.runbooks.runs.as_ref().is_some_and(|runs| !runs.is_empty()))
        .await;
    again.press("enter 1");
    again.until("where it stood", stands).await;
    assert!(matches!(asks(&again), Some(Asks::Settle(_))), "{}", again.frame());
    again.press("e \"it slept enough\" enter");
    again.until("the next step", |seat| stands(seat) && asks(seat) == Some(Asks::Hand)).await;
    assert_eq!(walk(&again).map(|walk| walk.state.status("sleep")), Some(StepStatus::Succeeded));
    again.press("P");
    again.until("the pause", |seat| walk(seat).is_some_and(|walk| walk.left)).await;
    let paused = |folder: &Folder| runs::list(&folder.file("runs")).expect("runs")[0].standing.clone();
    again.until("its lock", |_| paused(&folder) == Standing::Paused).await;
}
