//! Orders, at any moment.

use std::time::Duration;

use super::script::{Health, Scene, counts, scene};
use crate::collect::watch::{News, Order};

/// How often it was asked this by now.
fn times(scene: &Scene, what: &str) -> usize {
    scene.server("primary").asked(what).len()
}

#[tokio::test(start_paused = true)]
async fn a_pause_asks_nothing_and_what_was_due_comes_when_it_ends() {
    let mut scene = scene(&[("primary", Health::Well)]);
    scene.ear.listen(5).await;
    scene.watch.order(Order::Pause(true));
    scene.ear.listen(6).await;
    let before = times(&scene, "test.live");
    scene.ear.listen(300).await;
    assert_eq!(times(&scene, "test.live"), before);
    scene.watch.order(Order::Pause(false));
    let snapshot = scene.ear.snapshot().await;
    assert_eq!(scene.ear.seconds(), 300);
    let counted = counts(&snapshot.observations, "test.live");
    assert!(counted[0].1.is_some(), "the connection stayed open, and so the rate spans the pause");
}

#[tokio::test(start_paused = true)]
async fn a_pause_in_the_middle_of_a_round_ends_it_after_the_question_at_hand() {
    let mut scene = scene(&[("primary", Health::Slow(Duration::from_secs(1)))]);
    scene.ear.state("primary", |state| state.asking.is_some_and(|asking| asking.of == 3)).await;
    scene.watch.order(Order::Pause(true));
    let state = scene.ear.state("primary", |state| state.asking.is_none()).await;
    assert!(state.answered_at.is_none(), "half a round is none");
    assert_eq!(times(&scene, "test.live") + times(&scene, "test.large") + times(&scene, "test.still"), 1);
    scene.watch.order(Order::Pause(false));
    scene.ear.state("primary", |state| state.audited_at.is_some()).await;
}

#[tokio::test(start_paused = true)]
async fn now_asks_everything_of_one_source_or_of_all_also_in_a_pause() {
    let mut scene = scene(&[("primary", Health::Well), ("other", Health::Well)]);
    scene.ear.listen(5).await;
    scene.watch.order(Order::Pause(true));
    scene.watch.order(Order::Now(Some("primary".into())));
    scene.ear.listen(6).await;
    assert_eq!((times(&scene, "test.still"), scene.server("other").asked("test.still").len()), (2, 1));
    scene.watch.order(Order::Now(None));
    scene.ear.listen(30).await;
    assert_eq!((times(&scene, "test.still"), scene.server("other").asked("test.still").len()), (3, 2));
    assert!(times(&scene, "test.live") <= 6, "it is still a pause");
}

#[tokio::test(start_paused = true)]
async fn now_does_not_wait_for_the_next_try_of_a_source_that_fails() {
    let mut scene = scene(&[("primary", Health::Dead)]);
    scene.ear.listen(40).await;
    scene.server("primary").set(Health::Well);
    let before = times(&scene, "hello");
    scene.watch.order(Order::Now(None));
    scene.ear.state("primary", |state| state.failed.is_none() && state.asking.is_none()).await;
    assert_eq!((scene.ear.seconds(), times(&scene, "hello")), (40, before + 1));
}

#[tokio::test(start_paused = true)]
async fn now_during_an_audit_is_that_audit() {
    let mut scene = scene(&[("primary", Health::Slow(Duration::from_secs(1)))]);
    scene.ear.state("primary", |state| state.asking.is_some_and(|asking| asking.of == 3)).await;
    scene.watch.order(Order::Now(None));
    scene.ear.listen(30).await;
    assert_eq!(times(&scene, "test.still"), 1);
}

#[tokio::test(start_paused = true)]
async fn another_interval_counts_at_once() {
    let mut scene = scene(&[("primary", Health::Well)]);
    scene.ear.listen(11).await;
    scene.watch.order(Order::Every(Duration::from_secs(10)));
    let slower = scene.ear.state("primary", |state| state.every == Duration::from_secs(10)).await;
    let before = times(&scene, "test.live");
    scene.ear.listen(51).await;
    assert!(
        (3..=5).contains(&(times(&scene, "test.live") - before)),
        "{:?}",
        scene.server("primary").asked("test.live")
    );
    scene.watch.order(Order::Every(Duration::from_secs(1)));
    let quicker = scene.ear.state("primary", |state| state.every == Duration::from_secs(1)).await;
    assert!(quicker.per_minute > slower.per_minute);
    let before = times(&scene, "test.live");
    scene.ear.listen(59).await;
    assert!(times(&scene, "test.live") - before >= 7);
}

#[tokio::test(start_paused = true)]
async fn what_is_being_asked_can_be_dropped() {
    let mut scene = scene(&[("primary", Health::Well)]);
    scene.ear.listen(15).await;
    scene.server("primary").set(Health::Hung);
    scene.watch.order(Order::Now(None));
    scene.ear.state("primary", |state| state.asking.is_some()).await;
    scene.watch.order(Order::Cancel);
    let state = scene.ear.state("primary", |state| state.asking.is_none()).await;
    assert_eq!(scene.ear.seconds(), 15, "it is not waited for");
    assert!(state.failed.is_none(), "dropped by us is not failed");
    scene.server("primary").set(Health::Well);
    let news = scene.ear.listen(20).await;
    assert!(news.iter().any(|news| matches!(news, News::Sample(_))), "live rounds go on, over a new connection");
    assert_eq!(times(&scene, "test.still"), 1, "the next audit comes in its time");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_try_of_a_source_that_fails_leaves_it_for_later() {
    let mut scene = scene(&[("primary", Health::Dead)]);
    scene.ear.state("primary", |state| state.failed.as_ref().is_some_and(|failed| failed.tries == 3)).await;
    scene.server("primary").set(Health::Hung);
    scene.ear.state("primary", |state| state.asking.is_some()).await;
    scene.watch.order(Order::Cancel);
    let state = scene.ear.state("primary", |state| state.asking.is_none()).await;
    assert!(state.failed.as_ref().is_some_and(|failed| failed.next.is_some()), "{state:?}");
    scene.server("primary").set(Health::Well);
    let at = scene.ear.seconds();
    scene.ear.state("primary", |state| state.failed.is_none()).await;
    assert!((at + 3..=at + 5).contains(&scene.ear.seconds()), "after the wait of its last try");
}
