//! A plan is audited without any server, and judged again the same.

use crate::support::loadline;

const PLAN: &str = r#"
[targets.shop.plan]
peak_factor = 6
traffic = [{ metric = "requests", now = "800/s" }]
instances = [{ name = "web", min = 4, max = 24, capacity = "800/s", scale_out = "65%" }]
phases = [{ name = "10x", multiple = 10 }]
"#;

#[test]
fn a_target_with_nothing_but_a_plan_is_audited_and_judged_again_the_same() {
    let live = loadline("audit --only plan.* --window 0 --format json --save-snapshot plan.json");
    live.home().write("loadline.toml", PLAN);
    let file = live.home().file("plan.json");
    let (mut command, home) = live.into_command();
    let live = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&live.stdout).into_owned();
    assert_eq!(live.status.code(), Some(30), "{said}");
    assert!(said.contains("takes 93 instances at 520/s each"), "{said}");
    let again = loadline("audit --only plan.* --format json --snapshot").arg(&file).run().expect(30);
    assert_eq!(again.stdout, said);
    drop(home);
}

#[test]
fn a_plan_is_no_source_that_is_written_down_and_shares_its_name_with_none() {
    let sources = [
        ("[targets.shop.sources.plan]\nkind = \"redis\"\nurl = \"redis://127.0.0.1:1\"\n", "call its source otherwise"),
        ("[targets.shop.sources.p]\nkind = \"plan\"\n", "a plan has no address"),
    ];
    for (source, says) in sources {
        let run = loadline("audit --window 0");
        run.home().write("loadline.toml", &format!("{PLAN}{source}"));
        let run = run.run().expect(2);
        assert!(run.stderr.contains(says), "{run}");
    }
}

#[test]
fn a_quantity_that_cannot_be_read_is_a_mistake_with_its_place() {
    let run = loadline("audit --window 0");
    run.home().write("loadline.toml", "[targets.shop.plan]\nbudget = \"hunter2\"\n");
    let run = run.run().expect(2);
    assert!(run.stderr.contains("line 2, column 10") && run.stderr.contains("8000/week"), "{run}");
    assert!(!run.stderr.contains("hunter2"), "{run}");
}
