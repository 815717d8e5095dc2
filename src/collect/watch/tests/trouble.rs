//! Servers that die, hang, are cut off, and come back.

use std::time::Duration;

use super::script::{Health, counts, faults, scene};
use crate::{
    collect::watch::{News, SourceState},
    snapshot::FaultKind,
};

fn has_failed(state: &SourceState) -> bool {
    state.failed.is_some()
}

#[tokio::test(start_paused = true)]
async fn a_dead_server_is_tried_at_growing_intervals_and_holds_up_nobody() {
    let mut scene = scene(&[("dead", Health::Dead), ("well", Health::Well)]);
    let news = scene.ear.listen(200).await;
    let tries = scene.server("dead").asked("hello");
    let waits: Vec<u64> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((7..=13).contains(&tries.len()), "{tries:?}");
    assert!(waits.is_sorted_by(|a, b| a <= &(b + 5)) && waits.iter().all(|wait| *wait <= 31), "{waits:?}");
    assert!(waits[0] <= 1 && waits.last().is_some_and(|last| *last >= 24), "{waits:?}");
    assert!(scene.server("well").asked("test.live").len() > 95, "the other one goes on as if nothing were");
    let failed: Vec<_> = news
        .iter()
        .filter_map(|news| match news {
            News::Source(state) if state.record.name == "dead" => state.failed.clone(),
            _ => None,
        })
        .collect();
    assert!(failed.iter().all(|f| f.fault.kind == FaultKind::Unreachable && f.since == failed[0].since));
    assert!(failed.iter().all(|f| f.next.is_some()), "it is always said when the next try is");
    assert!(failed.iter().all(|f| !f.fault.message.contains("p4ssw0rd")), "{:?}", failed[0]);
    let snapshots = news
        .iter()
        .filter(|news| matches!(news, News::Snapshot(s) if s.source("dead").is_some_and(|d| d.fault.is_some())))
        .count();
    assert!(snapshots <= 6, "what is the same is not judged anew at every try: {snapshots}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_dies_has_faults_for_answers_and_comes_back_by_itself() {
    let mut scene = scene(&[("primary", Health::Well), ("other", Health::Well)]);
    scene.ear.listen(15).await;
    scene.server("primary").set(Health::Dead);
    let state = scene.ear.state("primary", has_failed).await;
    assert!(scene.ear.seconds() <= 16, "at the next live round");
    assert!(state.answered_at.is_some(), "when it last answered is still known");
    let snapshot = scene.ear.snapshot().await;
    assert_eq!(faults(&snapshot, "primary"), [FaultKind::Unreachable; 3]);
    assert_eq!(faults(&snapshot, "other"), []);
    scene.ear.listen(100).await;
    scene.server("primary").set(Health::Well);
    let back = scene.ear.snapshot_where(|snapshot| faults(snapshot, "primary").is_empty()).await;
    assert!(scene.ear.seconds() <= 131, "within one interval");
    assert!(back.source("primary").is_some_and(|source| source.fault.is_none()));
    assert_eq!(
        counts(&back.observations, "test.live").iter().filter(|(_, earlier)| earlier.is_some()).count(),
        1,
        "only the other one has a rate: nothing is compared across an outage"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hung_server_is_found_out_by_its_deadline_while_the_others_are_asked_on() {
    let mut scene = scene(&[("primary", Health::Well), ("other", Health::Well)]);
    scene.ear.listen(15).await;
    scene.server("primary").set(Health::Hung);
    let state = scene.ear.state("primary", has_failed).await;
    let (fault, seen) = (state.failed.clone().unwrap().fault, scene.ear.seconds());
    assert!((20..=25).contains(&seen), "five seconds for the question, three for a sign of life: {seen}");
    assert_eq!(fault.kind, FaultKind::Deadline);
    assert!(fault.message.contains("sign of life") && fault.remedy.is_some(), "{fault:?}");
    let of_other = scene.server("other").asked("test.live");
    let meanwhile = of_other.iter().filter(|at| (16..=seen).contains(*at)).count();
    assert!(meanwhile >= 4, "{of_other:?}");
    scene.server("primary").set(Health::Well);
    scene.ear.state("primary", |state| state.failed.is_none() && state.asking.is_none()).await;
    assert!(scene.ear.seconds() <= seen + 2);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_cut_is_opened_again_and_nobody_is_alarmed() {
    let mut scene = scene(&[("primary", Health::Well)]);
    scene.ear.listen(15).await;
    scene.server("primary").set(Health::Cut);
    let news = scene.ear.listen(59).await;
    assert!(!news.iter().any(|news| matches!(news, News::Source(state) if state.failed.is_some())));
    let whole = news.iter().all(|news| match news {
        News::Sample(sample) => counts(&sample.observations, "test.live").len() == 1,
        _ => true,
    });
    assert!(whole, "the question was asked again on the new connection");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_who_it_is_and_answers_nothing_in_time_is_up_but_nothing_is_known() {
    let mut scene = scene(&[("primary", Health::Overloaded)]);
    let state = scene.ear.state("primary", |state| state.lost.is_some()).await;
    assert!(state.failed.is_none() && state.answered_at.is_none(), "{state:?}");
    assert_eq!(state.lost.as_ref().map(|lost| lost.questions), Some(3));
    let snapshot = scene.ear.snapshot().await;
    assert_eq!(faults(&snapshot, "primary"), [FaultKind::Deadline; 3]);
    let notes = &snapshot.source("primary").unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("3 questions had no answer")), "{notes:?}");
    scene.ear.listen(400).await;
    scene.server("primary").set(Health::Well);
    scene.ear.listen(600).await;
    let state = scene.ear.state("primary", |state| state.asking.is_none()).await;
    assert!(state.lost.is_none());
    assert_eq!(state.record.notes, ["reached"], "notes do not pile up");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_breaks_is_said_to_be_broken_and_the_others_go_on() {
    let mut scene = scene(&[("primary", Health::Well), ("other", Health::Well)]);
    scene.ear.listen(5).await;
    scene.server("primary").set(Health::Broken);
    let state = scene.ear.state("primary", has_failed).await;
    let failed = state.failed.clone().unwrap();
    assert!(failed.next.is_none() && failed.fault.message.contains("bug"), "{failed:?}");
    let snapshot = scene.ear.snapshot().await;
    assert_eq!((faults(&snapshot, "primary").len(), faults(&snapshot, "other").len()), (3, 0));
    scene.ear.listen(60).await;
    assert!(scene.server("other").asked("test.live").len() > 25);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_is_dropped_asks_nothing_more() {
    let mut scene = scene(&[("primary", Health::Well)]);
    scene.ear.listen(5).await;
    let asked = scene.server("primary").asked("test.live").len();
    let servers = scene.end();
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(servers["primary"].asked("test.live").len(), asked);
}
