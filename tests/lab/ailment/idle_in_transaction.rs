//! A session that began a transaction and went for lunch.

use super::super::clients::Server;
use super::super::options::Part;
use super::{Ailment, LASTS, Sight};

const NAME: &str = "idle-in-transaction";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "a session idle in transaction for seconds, with a row locked",
    needs: &[Part::Postgres],
    ail: |lab| {
        let script = format!(
            "begin;\nupdate customers set city = 'Basel' where id = 42;\n\\! sleep {}\nrollback;\n",
            LASTS.as_secs()
        );
        lab.hold(NAME, "session", &script);
    },
    heal: |lab| lab.end_background(NAME),
    sight: |lab| {
        let sql = format!(
            "select coalesce(round(max(extract(epoch from now() - state_change)), 1), 0) from pg_stat_activity \
             where state = 'idle in transaction' and application_name = '{NAME}'"
        );
        let age = lab.number(Server::Primary, &sql);
        Sight { visible: age > 2.0, figures: format!("idle in transaction for {age} s") }
    },
};
