//! What is asked when, and what is told of it.

use std::time::Duration;

use super::script::{Health, counts, faults, probe, scene, scene_of};
use crate::{
    collect::watch::{LiveProbe, News, Pace},
    snapshot::FaultKind,
};

#[tokio::test(start_paused = true)]
async fn everything_at_once_the_counters_again_soon_what_moves_every_two_seconds() {
    let mut scene = scene(&[("primary", Health::Well)]);
    let news = scene.ear.listen(61).await;
    let server = scene.server("primary");
    assert_eq!(server.asked("test.still"), [0, 60], "only an audit asks it");
    let live = server.asked("test.live");
    assert_eq!(live[..8], [0, 2, 4, 6, 8, 10, 10, 12], "the second sample comes at ten seconds, beside the live round");
    assert!(server.asked("test.large").len() <= 9, "{:?}", server.asked("test.large"));
    let snapshots = news.iter().filter(|news| matches!(news, News::Snapshot(_))).count();
    assert_eq!(snapshots, 3, "the first audit, its second sample, the next audit");
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_has_rates_from_its_second_sample_on() {
    let mut scene = scene(&[("primary", Health::Well)]);
    let first = scene.ear.snapshot().await;
    assert_eq!((scene.ear.seconds(), first.window_ms, faults(&first, "primary").len()), (0, 0, 0));
    assert!(counts(&first.observations, "test.live").iter().all(|(_, earlier)| earlier.is_none()));
    let second = scene.ear.snapshot().await;
    assert_eq!((scene.ear.seconds(), second.window_ms), (10, 10_000));
    assert_eq!(second.observations.len(), 3, "the answers to what was not asked again are still there");
    let began = counts(&first.observations, "test.live")[0].0;
    assert_eq!(counts(&second.observations, "test.live")[0].1, Some(began));
    let third = scene.ear.snapshot().await;
    assert_eq!(scene.ear.seconds(), 60);
    let before = counts(&second.observations, "test.live")[0].0;
    assert_eq!(counts(&third.observations, "test.live")[0].1, Some(before), "the round before, and no older one");
}

#[tokio::test(start_paused = true)]
async fn each_live_round_has_the_round_before_as_its_earlier_sample() {
    let mut scene = scene(&[("primary", Health::Well)]);
    let news = scene.ear.listen(9).await;
    let samples: Vec<_> = news
        .iter()
        .filter_map(|news| match news {
            News::Sample(sample) => counts(&sample.observations, "test.live").first().copied(),
            _ => None,
        })
        .collect();
    assert_eq!(samples.len(), 5, "{samples:?}");
    assert_eq!(samples[0].1, None);
    for pair in samples.windows(2) {
        assert_eq!(pair[1].1, Some(pair[0].0), "{samples:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_audit_fills_in_source_by_source() {
    let slow = Health::Slow(Duration::from_secs(1));
    let mut scene = scene(&[("slow", slow), ("quick", Health::Well)]);
    let first = scene.ear.snapshot().await;
    assert_eq!(scene.ear.seconds(), 0);
    assert_eq!(faults(&first, "quick"), []);
    assert_eq!(faults(&first, "slow"), [FaultKind::Pending; 3], "not asked yet, and so not good");
    let second = scene.ear.snapshot().await;
    assert_eq!(
        (scene.ear.seconds(), faults(&second, "slow").len()),
        (4, 0),
        "a second each for hello and three questions"
    );
}

#[tokio::test(start_paused = true)]
async fn sources_that_answer_in_one_moment_are_told_of_together() {
    let names: Vec<String> = (0..50).map(|n| format!("replica-{n}")).collect();
    let servers: Vec<_> = names.iter().map(|name| (name.as_str(), Health::Well)).collect();
    let mut scene = scene(&servers);
    let news = scene.ear.listen(5).await;
    let snapshots: Vec<_> = news.iter().filter(|news| matches!(news, News::Snapshot(_))).collect();
    assert!(snapshots.len() <= 2, "{} snapshots", snapshots.len());
    let Some(News::Snapshot(last)) = snapshots.last() else { panic!("there is one") };
    assert!(names.iter().all(|name| faults(last, name).is_empty()));
}

#[tokio::test(start_paused = true)]
async fn an_audit_shows_how_far_it_is_and_a_long_one_keeps_no_live_round_waiting() {
    let mut probes = vec![probe("test.live", true)];
    probes.extend((0..20).map(|n| probe(&format!("test.still-{n}"), false)));
    let live = [LiveProbe { id: "test.live", pace: Pace::Round }];
    let mut scene = scene_of(&[("big", Health::Slow(Duration::from_secs(1)))], probes, &live);
    let half = scene.ear.state("big", |state| state.asking.is_some_and(|asking| asking.done == 10)).await;
    assert_eq!(half.asking.map(|asking| asking.of), Some(21));
    let done = scene.ear.state("big", |state| state.audited_at.is_some()).await;
    assert!(done.asking.is_none() && done.took.is_some_and(|took| took >= Duration::from_secs(22)));
    let meanwhile = scene.server("big").asked("test.live").len();
    assert!(meanwhile >= 7, "{meanwhile} live rounds in an audit of half a minute");
}

#[tokio::test(start_paused = true)]
async fn a_round_in_which_nothing_is_due_makes_nothing_younger() {
    let pace = Pace::Every(Duration::from_secs(15));
    let live = [LiveProbe { id: "test.seldom", pace }];
    let mut scene = scene_of(&[("cluster", Health::Well)], vec![probe("test.seldom", false)], &live);
    scene.ear.state("cluster", |state| state.audited_at.is_some()).await;
    let news = scene.ear.listen(59).await;
    assert_eq!(scene.server("cluster").asked("test.seldom"), [0, 16, 32, 48]);
    let told = news.iter().filter(|news| matches!(news, News::Source(_))).count();
    assert_eq!(told, 3, "of the rounds in which it was asked");
}

#[tokio::test(start_paused = true)]
async fn how_much_is_asked_in_a_minute_is_what_the_server_sees() {
    let mut scene = scene(&[("primary", Health::Well)]);
    scene.server("primary").play("primary");
    scene.ear.listen(61).await;
    let state = scene.ear.state("primary", |state| state.per_minute > 0.0).await;
    scene.ear.listen(121).await;
    let server = scene.server("primary");
    let asked = ["hello", "test.live", "test.large", "test.still"].map(|what| {
        let of = server.asked(what);
        of.iter().filter(|at| (61..=120).contains(*at)).count()
    });
    let asked: u32 = asked.iter().sum::<usize>().try_into().unwrap();
    assert!((f64::from(asked) - state.per_minute).abs() <= 4.0, "{asked} asked, {} said", state.per_minute);
}

#[tokio::test(start_paused = true)]
async fn another_role_is_seen_soon_and_asked_about_at_once() {
    let mut scene = scene(&[("replica", Health::Well)]);
    scene.server("replica").play("replica");
    scene.ear.listen(21).await;
    scene.server("replica").play("primary");
    let role = |state: &crate::collect::watch::SourceState| {
        state.record.facts.get("role").and_then(|role| role.as_str()) == Some("primary")
    };
    scene.ear.state("replica", role).await;
    let seen = scene.ear.seconds();
    assert!(seen <= 33, "{seen} s");
    scene.ear.snapshot().await;
    assert_eq!(scene.ear.seconds(), seen, "an audit comes with it");
}
