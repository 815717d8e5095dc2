//! Whatever an action has started is gone when it has ended by force, wherever it went.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use loadline::runbook::record::Ended;

use super::Act;

const SHORT: Duration = Duration::from_millis(700);

/// Waits for the ids that a script writes, a line each, and says which of them live.
fn alive(file: &Path, count: usize) -> Vec<String> {
    let pids = pids(file);
    assert_eq!(pids.len(), count, "the script came as far as it should");
    pids.into_iter().filter(|pid| lives(pid)).collect()
}

fn pids(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn lives(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// Runs a script that writes the ids of its processes to `$FILE`, until its time is up.
fn gone(script: &str, processes: usize) -> super::Came {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let began = Instant::now();
    let came = Act::sh(script).param("FILE", file.to_str().unwrap()).within(SHORT).run();
    assert_eq!(came.outcome.ended, Ended::TimedOut, "{came:?}");
    assert_eq!(alive(&file, processes), Vec::<String>::new(), "{script}");
    assert!(began.elapsed() < Duration::from_secs(20), "nobody waited for the sleeps of a minute");
    assert!(!came.outcome.says.contains("could not be ended"), "{}", came.outcome.says);
    came
}

#[test]
fn a_script_that_heeds_term_has_its_last_word() {
    let came = gone("echo $$ > $FILE; trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", 1);
    assert!(came.outcome.excerpt.contains("bye"), "{came:?}");
    assert!(!came.outcome.says.contains("killed"), "{}", came.outcome.says);
}

#[test]
fn a_script_that_ignores_term_is_killed() {
    let came = gone("echo $$ > $FILE; trap '' TERM; while :; do sleep 0.05; done", 1);
    assert!(came.outcome.says.contains("did not heed TERM and was killed"), "{}", came.outcome.says);
}

#[test]
fn a_grandchild_that_ignores_term_is_killed() {
    let grandchild = "trap \"\" TERM; echo $$ >> $FILE; while :; do sleep 0.05; done";
    gone(&format!("echo $$ > $FILE; sh -c '{grandchild}' & wait"), 2);
}

#[test]
fn who_goes_to_another_session_and_holds_the_pipe_is_killed() {
    let away = "trap \"\" TERM HUP; echo $$ >> $FILE; while :; do sleep 0.05; done";
    gone(&format!("echo $$ > $FILE; setsid sh -c '{away}' & wait"), 2);
    // Its parent ends at once, and so it is nobody's child.
    gone(&format!("echo $$ > $FILE; setsid -f sh -c '{away}'; sleep 60"), 2);
}

#[test]
fn who_sheds_session_parent_and_environment_is_known_by_the_pipe() {
    let away = "trap \"\" TERM HUP; echo $$ >> $0; while :; do /bin/sleep 0.05; done";
    gone(&format!("echo $$ > $FILE; env -i setsid -f /bin/sh -c '{away}' \"$FILE\"; sleep 60"), 2);
}

#[test]
fn who_sheds_session_parent_and_pipe_is_known_by_the_environment() {
    let away = "trap \"\" TERM HUP; echo $$ >> $FILE; while :; do sleep 0.05; done";
    gone(&format!("echo $$ > $FILE; setsid -f sh -c '{away}' >/dev/null 2>&1 </dev/null; sleep 60"), 2);
}

#[test]
fn a_terminal_makes_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let away = "trap \"\" TERM HUP; echo $$ >> $FILE; while :; do sleep 0.05; done";
    let script = format!("echo $$ > $FILE; setsid -f sh -c '{away}'; trap '' TERM HUP; while :; do sleep 0.05; done");
    let came = Act::sh(&script).param("FILE", file.to_str().unwrap()).pty().within(SHORT).run();
    assert_eq!(came.outcome.ended, Ended::TimedOut, "{came:?}");
    assert_eq!(alive(&file, 2), Vec::<String>::new());
}

#[test]
fn a_process_that_is_stopped_is_ended_too() {
    gone("echo $$ > $FILE; kill -STOP $$", 1);
}

#[test]
fn the_operator_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let script = "echo $$ > $FILE; sh -c 'echo $$ >> $FILE; sleep 60' & wait";
    let came = Act::sh(script).param("FILE", file.to_str().unwrap()).stop_after(SHORT).run();
    assert_eq!(came.outcome.ended, Ended::Cancelled, "{came:?}");
    assert_eq!(alive(&file, 2), Vec::<String>::new());
    assert!(came.outcome.says.contains("stopped by the operator"), "{}", came.outcome.says);
}

#[test]
fn what_a_script_leaves_running_on_purpose_is_told_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let script = "setsid sh -c 'echo $$ >> $FILE; sleep 30' & while ! test -s $FILE; do sleep 0.05; done; echo done";
    let came = Act::sh(script).param("FILE", file.to_str().unwrap()).run();
    assert_eq!((came.outcome.ended, came.outcome.excerpt.as_str()), (Ended::Succeeded, "done"), "{came:?}");
    let left = alive(&file, 1);
    assert_eq!(left.len(), 1, "it is left");
    assert!(
        came.outcome.says.contains("it left processes running") && came.outcome.says.contains(&left[0]),
        "{came:?}"
    );
    // It is the leader of a session of its own: the group has its id.
    let _ = std::process::Command::new("kill").args(["-9", "--", &format!("-{}", left[0])]).status();
}

#[test]
fn a_run_that_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let script = "echo $$ > $FILE; setsid sh -c 'trap \"\" TERM; echo $$ >> $FILE; sleep 60' & wait";
    let act = Act::sh(script).param("FILE", file.to_str().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let waited = async {
            while pids(&file).len() < 2 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            came = act.act() => panic!("it ended: {came:?}"),
            () = waited => {}
        }
    });
    let began = Instant::now();
    while !alive(&file, 2).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10), "{:?} live", alive(&file, 2));
        std::thread::sleep(Duration::from_millis(20));
    }
}
