//! Sessions that wait for one that waits for one that does nothing.

use std::time::Duration;

use super::super::clients::Server;
use super::super::options::Part;
use super::super::servers::Lab;
use super::{Ailment, LASTS, Sight};

const NAME: &str = "lock-chain";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "a root blocker idle in transaction, one that waits for it, two that wait for that one",
    needs: &[Part::Postgres],
    ail: |lab| {
        let rest = LASTS.as_secs();
        lab.hold(
            NAME,
            "root",
            &format!("begin;\nupdate products set stock = 1 where id = 1;\n\\! sleep {rest}\nrollback;\n"),
        );
        await_sessions(lab, "state = 'idle in transaction'", 1);
        lab.hold(
            NAME,
            "middle",
            "begin;\nupdate products set stock = 2 where id = 2;\nupdate products set stock = 2 where id = 1;\nrollback;\n",
        );
        await_sessions(lab, "wait_event_type = 'Lock'", 1);
        for label in ["leaf-1", "leaf-2"] {
            lab.hold(NAME, label, "begin;\nupdate products set stock = 3 where id = 2;\nrollback;\n");
        }
    },
    heal: |lab| lab.end_background(NAME),
    sight: |lab| {
        let answer = lab.sql(Server::Primary, TREE);
        let (depth, waiting) = answer.split_once('|').expect("two columns were asked for");
        let visible = depth.parse::<u32>().is_ok_and(|depth| depth >= 3) && waiting == "3";
        Sight { visible, figures: format!("tree of depth {depth}, {waiting} sessions waiting") }
    },
};

fn await_sessions(lab: &Lab, condition: &str, count: u32) {
    let sql = format!("select count(*) from pg_stat_activity where application_name = '{NAME}' and {condition}");
    let what = format!("{count} session of {NAME} has {condition}");
    lab.wait_until(&what, Duration::from_secs(10), || lab.sql(Server::Primary, &sql) == count.to_string());
}

/// Depth of the tree of who blocks whom, and how many wait in it.
const TREE: &str = "\
with recursive waits as (
    select pid, unnest(pg_blocking_pids(pid)) as blocker from pg_stat_activity where application_name = 'lock-chain'
), tree as (
    select blocker as pid, 1 as depth from waits where blocker not in (select pid from waits)
    union
    select waits.pid, tree.depth + 1 from waits join tree on waits.blocker = tree.pid where tree.depth < 20
)
select coalesce(max(depth), 0), (select count(distinct pid) from waits) from tree";
