//! `loadline capacity`: formulas on the command line, without a server.

use serde_json::Value;

use crate::support::{Run, loadline};

fn capacity(words: &str) -> Run {
    loadline(&format!("capacity {words}")).run()
}

fn json(words: &str) -> Value {
    let run = capacity(&format!("{words} --format json")).expect(0);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{words}: {error}\n{run}"))
}

#[test]
fn published_examples_come_out_in_full() {
    let table: [(&str, &str, f64, f64); 18] = [
        ("required --peak 800/s", "required_capacity", 1200.0, 0.0),
        ("required --peak 1000/s --growth 3 --safety 1.5", "required_capacity", 4500.0, 0.0),
        ("required --peak 800/s --spike 6", "spike_peak", 4800.0, 0.0),
        ("growth --monthly 30% --times 2,10,100", "100_times", 17.553, 5e-4),
        ("growth --from 500 --to 25000 --months 12", "monthly_growth", 0.3854, 5e-5),
        ("pool --cores 8 --spindles 1", "ceiling", 17.0, 0.0),
        ("pool --cores 8 --spindles 1 --rate 500/s --hold 20ms --wait 5ms --quantile 95%", "recommended", 15.0, 0.0),
        ("pool --cores 8 --spindles 1 --rate 500/s --hold 20ms --quantile 99%", "recommended", 17.0, 0.0),
        ("replicas --reads 10000/s --each 3000/s", "recommended", 5.0, 0.0),
        ("replicas --reads 10000/s --each 3000/s --zones 3", "in_all_zones", 6.0, 0.0),
        ("cache --working-set 10GiB --overhead 0.5", "cache_size", 15.0 * 1_073_741_824.0, 1.0),
        ("cache --keys 1M --key 8 --value 7 --fragmentation 1", "maxmemory", 85e6, 1.0),
        ("instances --load 1M/day --each 333333/day", "instances", 3.0, 0.0),
        ("instances --load 1B/day --each 3333/s", "instances", 4.0, 0.0),
        ("cost --point 50000:4500 --point 1000:400 --point 10K:1200 --at 25K", "at_25k_power", 2599.7, 0.05),
        (
            "cost --point 1000:400 --point 10000:1200 --point 50000:4500 --at 25000",
            "at_25000_between_points",
            2437.5,
            0.0,
        ),
        ("downtime --slo 99.9%", "budget", 2592.0, 1e-6),
        ("convert 8.64M/day", "per_s", 100.0, 1e-9),
    ];
    for (words, name, expected, within) in table {
        let result = &json(words)["results"][name];
        let value = result["value"].as_f64().unwrap_or_else(|| panic!("{words} has no {name}: {result}"));
        assert!((value - expected).abs() <= within, "{words}: {name} is {value}, not {expected}");
    }
}

#[test]
fn a_scalability_fit_finds_the_peak_and_warns() {
    let points =
        "--point 1:1000 --point 2:1901.141 --point 4:3442.341 --point 8:5689.9 --point 16:8040.201 --point 32:9034.444";
    let fit = json(&format!("usl {points} --at 100"));
    let peak = fit["results"]["peak_at"]["value"].as_f64().unwrap();
    assert!((peak - 30.822).abs() < 0.01, "{peak}");
    let notes = fit["notes"].to_string();
    assert!(notes.contains("beyond 80 %") && notes.contains("more than twice"), "{notes}");
    let few = json("usl --point 1:3333 --point 2:6667 --point 5:16665 --point 10:33330");
    assert!(few["notes"].to_string().contains("multiplied, not measured"), "{few}");
    assert_eq!(json(&format!("usl {points}")), json(&format!("usl {points}")), "the same seed, the same band");
}

#[test]
fn a_person_sees_inputs_formula_source_and_two_digits() {
    let run =
        capacity("cost --point 1000:400 --point 10000:1200 --point 50000:4500 --at 25000 --currency EUR").expect(0);
    for part in ["400 EUR", "formula", "source", "at 25000 affine", "2,400 EUR", "fixed part"] {
        assert!(run.stdout.contains(part), "`{part}` is missing\n{run}");
    }
    assert!(!run.stdout.contains("2437") && !run.stdout.contains("2,437"), "{run}");
    let run = capacity("required --peak 800/s").expect(0);
    assert!(run.stdout.contains("1.5  (default)") && run.stdout.contains("1,200/s"), "{run}");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{run}");
}

#[test]
fn what_does_not_fit_is_told_by_the_exit_code() {
    for words in [
        "pool --cores 2 --rate 500/s --hold 20ms",
        "pool --cores 8 --rate 500/s --hold 20ms --instances 4 --threads 3 --per-thread 4",
        "instances --load 1M/day --each 333333/day --have 2",
        "downtime --slo 99.9% --outage 1h",
        "convert 40K/h --with 1M/day",
    ] {
        let run = capacity(words).expect(30);
        assert!(!run.stdout.is_empty() && run.stderr.is_empty(), "{words}\n{run}");
    }
    for words in ["instances --load 1M/day --each 333333/day --have 3", "convert 100000/h --with 27.8/s"] {
        capacity(words).expect(0);
    }
}

#[test]
fn numbers_outside_a_formula_are_refused_in_a_sentence() {
    let table = [
        ("required --peak 800", "`800` is no rate; expected for example 800/s"),
        ("required --peak 800/s --safety 0.5", "the safety factor is 0.5; expected a number of 1 or more"),
        ("growth --monthly 30", "`30` is no share; expected for example 30%"),
        ("growth --monthly 0%", "the monthly growth is 0; expected a number above 0"),
        ("growth --from 5", "--to"),
        ("growth", "--monthly"),
        ("pool --cores 0", "the number of cores is 0; expected 1 or more"),
        ("pool --cores 8 --rate 500/s", "--hold"),
        ("replicas --reads 1/s --each 1/s --zones 1", "1 zones; expected 2 or more"),
        ("cache --overhead 0.5", "--working-set"),
        ("cost --point 1000:400", "too few points: 1; expected 2 or more"),
        ("cost --point 1000:400 --point 1000:500", "expected rising volumes"),
        ("cost --point 1000", "`1000` is no point"),
        ("downtime --slo 100%", "the objective is 1; expected a share above 0 % and below 100 %"),
        ("usl --point 1:1 --point 2:2", "too few points: 2; expected 3 or more"),
        ("convert 1M/fortnight", "`1M/fortnight` is no rate"),
    ];
    for (words, said) in table {
        let run = capacity(words).expect(2);
        assert!(run.stderr.contains(said) && run.stdout.is_empty(), "{words}\n{run}");
    }
}

#[test]
fn without_a_question_it_says_what_can_be_asked() {
    let run = capacity("").expect(0);
    for word in [
        "loadline capacity",
        "required",
        "growth",
        "pool",
        "replicas",
        "cache",
        "instances",
        "cost",
        "downtime",
        "usl",
        "convert",
    ] {
        assert!(run.stdout.contains(word), "{word} is missing\n{run}");
    }
    let run = loadline("demo capacity convert 1M/day").run().expect(0);
    assert!(run.stdout.contains("12/s"), "{run}");
}
