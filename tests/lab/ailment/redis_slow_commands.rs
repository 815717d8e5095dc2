//! Commands that keep everybody else waiting.

use super::super::options::Part;
use super::{Ailment, Sight};

const LIST: &str = "feed";

pub(super) const AILMENT: Ailment = Ailment {
    name: "redis-slow-commands",
    about: "sorting a long list again and again: the slow log fills",
    needs: &[Part::Redis],
    ail: |lab| {
        let item = |number: u32| format!("item-{}", number * 7919 % 100_003);
        let row = |row: u32| (row * 500..(row + 1) * 500).map(item).collect::<Vec<String>>().join(" ");
        let mut lines: Vec<String> = (0..200).map(|number| format!("RPUSH {LIST} {}", row(number))).collect();
        lines.extend(vec![format!("SORT {LIST} ALPHA LIMIT 0 1"); 10]);
        lab.redis_lines(&(lines.join("\n") + "\n"));
    },
    heal: |lab| {
        lab.redis(&["DEL", LIST]);
        lab.redis(&["SLOWLOG", "RESET"]);
        lab.redis(&["LATENCY", "RESET"]);
    },
    sight: |lab| {
        let length: u32 = lab.redis(&["SLOWLOG", "LEN"]).parse().expect("a length is a number");
        Sight { visible: length >= 5, figures: format!("{length} commands in the slow log") }
    },
};
