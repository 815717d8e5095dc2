//! A transaction that keeps its snapshot for long, so that no vacuum can remove what it might still see.

use super::super::clients::Server;
use super::super::options::Part;
use super::{Ailment, LASTS, Sight};

const NAME: &str = "long-transaction";

pub(super) const AILMENT: Ailment = Ailment {
    name: NAME,
    about: "one long query in a transaction with an id and a snapshot of its own",
    needs: &[Part::Postgres],
    ail: |lab| {
        let script = format!(
            "begin isolation level repeatable read;\nselect pg_current_xact_id();\n\
             select count(*) from orders, pg_sleep({});\nrollback;\n",
            LASTS.as_secs()
        );
        lab.hold(NAME, "session", &script);
    },
    heal: |lab| lab.end_background(NAME),
    sight: |lab| {
        let sql = format!(
            "select coalesce(round(max(extract(epoch from now() - xact_start)), 1), 0) from pg_stat_activity \
             where state = 'active' and backend_xid is not null and backend_xmin is not null and application_name = '{NAME}'"
        );
        let age = lab.number(Server::Primary, &sql);
        Sight { visible: age > 2.0, figures: format!("transaction active for {age} s, with xid and xmin") }
    },
};
