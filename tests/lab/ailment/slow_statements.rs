//! A report that somebody runs all the time and that takes most of a second.

use super::super::clients::Server;
use super::super::options::Part;
use super::background::Load;
use super::{Ailment, LOADS, Sight};

const NAME: &str = "slow-statements";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "a statement with a mean over 500 ms, called 20 times and more",
    needs: &[Part::Postgres],
    ail: |lab| {
        let load = Load {
            server: Server::Primary,
            // The sleep makes it slow on every machine; the rest makes it read something.
            script: "select status, count(*) as orders, sum(total_cents) as total from orders, pg_sleep(0.6) group by status;\n",
            clients: 4,
            lasts: LOADS,
            rate: None,
        };
        lab.load(NAME, &load);
    },
    heal: |lab| {
        lab.end_background(NAME);
        let forget =
            format!("select pg_stat_statements_reset(userid, dbid, queryid) from pg_stat_statements where {SLOW}");
        lab.sql(Server::Primary, &forget);
    },
    sight: |lab| {
        let sql = format!(
            "select coalesce(sum(calls), 0), round(coalesce(max(mean_exec_time), 0)) from pg_stat_statements where {SLOW}"
        );
        let answer = lab.sql(Server::Primary, &sql);
        let (calls, mean) = answer.split_once('|').expect("two columns were asked for");
        let visible =
            calls.parse::<u32>().is_ok_and(|calls| calls >= 20) && mean.parse::<u32>().is_ok_and(|mean| mean > 500);
        Sight { visible, figures: format!("calls {calls}, mean {mean} ms") }
    },
};

const SLOW: &str = "query like 'select status, count(*) as orders%'";
