//! Load now, at its peak and at the target, and the capacity that it takes.

use super::{
    case::{Case, Traffic},
    line::{Group, Line, Measure, What},
};
use crate::capacity::demand;

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let all = case.traffic();
    if all.is_empty() {
        return case
            .main()
            .err()
            .map(|need| what("load-now", "", "as the plan states it").needs(vec![need]))
            .into_iter()
            .collect();
    }
    all.iter().flat_map(|traffic| of(case, traffic)).collect()
}

fn what<'a>(name: &'static str, subject: &'a str, formula: &'static str) -> What<'a> {
    What { group: Group::Load, name, subject, unit: Measure::Rate, formula, like: "" }
}

fn of(case: &Case, traffic: &Traffic) -> Vec<Line> {
    let unit = if traffic.is_rate { Measure::Rate } else { Measure::Number };
    let load = |name, formula| What { unit, like: &traffic.like, ..what(name, &traffic.metric, formula) };
    let (now, aim, peak) = (Case::load(traffic), case.aim(traffic), case.peak(traffic));
    let mut all = vec![
        load("load-now", "as the plan states it").made(&[now], |v| Ok(v[0])),
        load("load-target", "the target, or today x multiple").made(&[aim], |v| Ok(v[0])),
    ];
    // A peak of users a day is asked for only where the plan knows one.
    if traffic.is_rate || peak.is_ok() {
        let multiple = case.multiple(traffic);
        let safety = Ok(case.safety());
        let due = |name, formula| What { group: Group::Capacity, ..load(name, formula) };
        all.extend([
            load("load-peak", "today's highest, or today x peak factor")
                .made(std::slice::from_ref(&peak), |v| Ok(v[0])),
            load("load-target-peak", "today's peak x multiple")
                .made(&[peak.clone(), multiple.clone()], |v| Ok(v[0] * v[1])),
            due("required-now", "peak x safety")
                .made(&[peak.clone(), safety.clone()], |v| demand::required(v[0], 1.0, v[1])),
            due("required", "peak x multiple x safety")
                .made(&[peak.clone(), multiple.clone(), safety], |v| demand::required(v[0], v[1], v[2])),
        ]);
        if traffic.is_rate {
            let test = due("test-rate", "3 x peak x multiple, driven by a load test");
            all.push(test.made(&[peak, multiple], |v| demand::test_rate(v[0] * v[1])));
        }
    }
    all
}
