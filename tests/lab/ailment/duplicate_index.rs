//! Two indexes too many: one that another one equals, and one that is the beginning of another one.

use super::super::clients::Server;
use super::super::options::Part;
use super::{Ailment, Sight};

/// The index that the shop needs, and the two that add nothing to it.
const NEEDED: &str = "orders_customer_created_idx";
const EXACT: &str = "orders_customer_created_copy_idx";
const PREFIX: &str = "orders_customer_idx";

pub(super) const AILMENT: Ailment = Ailment {
    name: "duplicate-index",
    about: "an exact copy of an index and one that is its prefix, all of them read",
    needs: &[Part::Postgres],
    ail: |lab| {
        let sql = format!(
            "set role shop_app; create index {EXACT} on orders (customer_id, created_at); \
             create index {PREFIX} on orders (customer_id); analyze orders"
        );
        lab.sql(Server::Primary, &sql);
        // The planner settles on one of equals, so each gets read while the others are away.
        for others in [[NEEDED, EXACT], [NEEDED, PREFIX], [EXACT, PREFIX]] {
            let sql = format!(
                "begin; drop index {}; select count(id) from orders where customer_id in (17, 4711); rollback",
                others.join(", ")
            );
            lab.sql(Server::Primary, &sql);
        }
    },
    heal: |lab| {
        lab.sql(Server::Primary, &format!("drop index if exists {EXACT}, {PREFIX}"));
    },
    sight: |lab| {
        let sql = format!(
            "select string_agg(indexrelname || ' ' || idx_scan, ', ' order by indexrelname), count(*) filter (where idx_scan > 0) \
             from pg_stat_user_indexes where indexrelname in ('{EXACT}', '{PREFIX}')"
        );
        let answer = lab.sql(Server::Primary, &sql);
        let (scans, read) = answer.split_once('|').expect("two columns were asked for");
        Sight { visible: read == "2", figures: format!("scans: {scans}") }
    },
};
