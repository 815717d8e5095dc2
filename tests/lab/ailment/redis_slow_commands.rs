//! Commands that keep everybody else waiting.

use super::super::options::Part;
use super::{Ailment, Sight};

const LIST: &str = "feed";

pub(super) const AILMENT: Ailment = Ailment {
    name: "redis-slow-commands",
    about: "sorting a long list again and again: the slow log fills",
    needs: &[Part::Redis],
    ail: |lab| {
        let mut lines = String::new();
        for row in 0..200 {
            let items: Vec<String> = (0..500).map(|item| format!("item-{}", (row * 500 + item) * 7919 % 100_003)).collect();
            lines += &format!("RPUSH {LIST} {}\n", items.join(" "));
        }
        lines += &format!("SORT {LIST} ALPHA LIMIT 0 1\n").repeat(10);
        lab.redis_lines(&lines);
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
