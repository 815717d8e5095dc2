//! By hand: what to do is shown, results are pasted, checks are looked at live.

use super::{Ill, shows};

#[test]
fn nothing_is_run_results_are_pasted_and_the_live_check_still_ticks() {
    let ill = Ill::new();
    let pasted = "h\n pid | state\n 4711 | idle in transaction\n.\n";
    let script = format!("y\n{pasted}{pasted}2026-11-21T05:15:00Z\n{pasted}p\n");
    let run = ill.walk("run --instruct --no-survey --for postgres.idle-in-transaction").input(&script).run().expect(20);
    shows(&run, &["select pid, usename", "paste what it printed"]);
    assert!(ill.is_ill(), "nothing is run: {run}");
    let record = ill.record();
    assert_eq!(record["mode"], "instruct");
    let steps = record["steps"].as_array().expect("steps");
    let by_hand = steps.iter().find(|step| step["status"] == "done by hand").unwrap_or_else(|| panic!("{record}"));
    assert!(
        by_hand["reasons"][0].as_str().is_some_and(|said| said.contains("4711 | idle in transaction")),
        "{by_hand}"
    );
    assert_eq!(ill.sessions("application_name like 'loadline %'"), 0);
}
