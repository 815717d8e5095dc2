//! `loadline capacity` on a plan: what it comes to, what if, and what is missing.

use serde_json::Value;

use crate::support::{Run, loadline};

const DOCS: &str = include_str!("../../docs/capacity.md");

/// The blocks of a language in the docs.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    DOCS.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().expect("a block ends")).collect()
}

fn on_plan(words: &str) -> Run {
    let run = loadline(words);
    run.home().write("loadline.toml", blocks("toml")[0]);
    run.run()
}

fn json(words: &str) -> Value {
    let run = on_plan(&format!("{words} --format json")).expect(0);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{words}: {error}\n{run}"))
}

/// A figure by plan or flags.
fn figure<'a>(outlook: &'a Value, name: &str, subject: &str) -> &'a Value {
    let lines = outlook["lines"].as_array().expect("lines");
    let found = lines.iter().find(|line| line["name"] == name && line["subject"] == subject);
    found.unwrap_or_else(|| panic!("no {name} of {subject}: {outlook:#}"))
}

#[test]
fn the_docs_show_what_is_printed() {
    for block in blocks("console") {
        let mut lines = block.lines();
        let command = lines.next().and_then(|line| line.strip_prefix("$ loadline ")).expect("a command");
        let run = on_plan(command).expect(0);
        let mut printed = run.stdout.lines();
        for line in lines {
            assert!(printed.any(|other| other == line), "{command} no longer prints, in this order:\n{line}\n{run}");
        }
    }
}

#[test]
fn the_published_numbers_follow_from_a_plan() {
    let outlook = json("capacity shop");
    for (name, subject, expected, within) in [
        ("required-now", "requests", 7200.0, 1e-6),
        ("required", "requests", 21_600.0, 1e-6),
        ("months-to", "2x", 2.642, 5e-4),
        ("months-to", "10x", 8.776, 5e-4),
        ("months-to", "100x", 17.553, 5e-4),
        ("cost-target", "dau", 2437.5, 1e-6),
        ("cost-exponent", "dau", 0.609, 5e-4),
        ("cache-size", "redis", 15e9, 1.0),
        ("pool-sum", "db", 160.0, 1e-9),
        ("error-budget", "availability", 2592.0, 1e-6),
    ] {
        let value = figure(&outlook, name, subject)["plan"]["value"].as_f64().unwrap_or_else(|| panic!("{name}"));
        assert!((value - expected).abs() <= within, "{name} is {value}, not {expected}");
    }
    assert_eq!(outlook["seed"], 20_240_229);
    assert_eq!(figure(&outlook, "required", "requests")["plan"]["inputs"][1]["from"], "peak_factor");
}

#[test]
fn flags_stand_over_the_plan_and_say_so() {
    let outlook = json("capacity --multiple 10x --peak 4x --safety 2 --growth 10%/month");
    let required = figure(&outlook, "required", "requests");
    assert_eq!(
        (required["plan"]["value"].as_f64(), required["what_if"]["value"].as_f64()),
        (Some(21_600.0), Some(64_000.0))
    );
    let origins: Vec<_> =
        required["what_if"]["inputs"].as_array().expect("inputs").iter().map(|i| &i["origin"]).collect();
    assert_eq!(origins, ["plan", "flag", "flag", "flag"]);
    let at = json("capacity --at 2099-01-01");
    let later = figure(&at, "load-target", "requests");
    assert!(later["what_if"]["value"].as_f64() > later["plan"]["value"].as_f64(), "{later}");
    let dominant = &json("capacity --months 12")["sensitivity"][1]["dominant"];
    assert_eq!(dominant[0], "growth");
    for words in [
        "--growth 3 --multiple 10x",
        "--at 2000-01-01",
        "--peak 0.5",
        "--growth 30%/year",
        "--at 2099-01-01 --months 3",
    ] {
        let run = on_plan(&format!("capacity {words}")).expect(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{words}\n{run}");
    }
}

#[test]
fn what_is_missing_is_asked_for_and_never_made_up() {
    let run = loadline("capacity");
    run.home().write(
        "loadline.toml",
        "[targets.shop.plan]\ngrowth = \"30%\"\n[[targets.shop.plan.traffic]]\nmetric = \"requests\"\n",
    );
    let run = run.run().expect(0);
    for part in [
        "Not known yet",
        "needs `now` of requests in the plan's traffic",
        "needs `[[costs]]` in the plan",
        "2.64 months",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{run}");
    }
    assert!(!run.stdout.contains("Required capacity") && !run.stdout.contains("Cost a month"), "{run}");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{run}");
}

#[test]
fn a_plan_needs_no_server_and_no_secret() {
    let run = loadline("capacity shop");
    let server =
        "[targets.shop.sources.cache]\nkind = \"redis\"\nurl = \"redis://127.0.0.1:1\"\npassword_env = \"NOT_SET\"\n";
    run.home().write("loadline.toml", &format!("{}\n{server}", blocks("toml")[0]));
    run.run().expect(0);
    let run = loadline("capacity shop");
    run.home()
        .write("loadline.toml", "[targets.shop.sources.cache]\nkind = \"redis\"\nurl = \"redis://127.0.0.1:1\"\n");
    let run = run.run().expect(2);
    assert!(run.stderr.contains("has no plan; write [targets.shop.plan]"), "{run}");
    let run = on_plan("capacity other").expect(2);
    assert!(run.stderr.contains("no target `other`; the configuration has shop"), "{run}");
}

#[test]
fn a_snapshot_adds_what_was_measured() {
    let run = loadline("demo capacity").run().expect(0);
    for part in [
        "connections used, primary",
        "standbys that the server feeds",
        "measured: redis.info of cache",
        "needs `[[traffic]]`",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{run}");
    }
    let over = on_plan("demo capacity shop --multiple 2x").expect(0);
    for part in ["pool need, pooler", "Little's law", "connections used, primary"] {
        assert!(over.stdout.contains(part), "{part}\n{over}");
    }
}

#[test]
fn it_comes_as_markdown_and_with_a_schema() {
    let run = on_plan("capacity --safety 2 --format markdown").expect(0);
    for part in [
        "# Capacity of shop",
        "| figure | plan | what if | ground |",
        "9,600/s, fair",
        "safety 2 (--safety)",
        "moves it most",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{run}");
    }
    let sheet = loadline("capacity required --peak 800/s --format markdown").run().expect(0);
    assert!(sheet.stdout.contains("| required capacity | 1,200/s |"), "{sheet}");
    let schema: Value = serde_json::from_str(&loadline("schema capacity").run().expect(0).stdout).expect("JSON");
    let known = schema["properties"].as_object().expect("properties");
    for key in json("capacity").as_object().expect("an object").keys() {
        assert!(known.contains_key(key), "{key} is not in the schema");
    }
}
