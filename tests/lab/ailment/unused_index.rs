//! An index that was made for a query that nobody runs.

use super::super::clients::Server;
use super::super::options::Part;
use super::{Ailment, Sight};

const INDEX: &str = "order_items_fingerprint_idx";

pub(super) const AILMENT: Ailment = Ailment {
    name: "unused-index",
    about: "an index over 10 MB that nothing reads, on a table that is written to",
    needs: &[Part::Postgres],
    ail: |lab| {
        // Hashes do not compress and are all different, so the index is as big as it looks.
        let hashes: Vec<String> =
            (0..8).map(|n| format!("md5((order_id * 8 + {n})::text || product_id::text)")).collect();
        lab.sql(
            Server::Primary,
            &format!(
                "set role shop_app; create index {INDEX} on order_items (({})); \
                 update order_items set quantity = quantity + 1 where order_id <= 500; analyze order_items",
                hashes.join(" || ")
            ),
        );
    },
    heal: |lab| {
        lab.sql(Server::Primary, &format!("drop index if exists {INDEX}"));
        lab.sql(Server::Primary, "vacuum analyze order_items");
    },
    sight: |lab| {
        let answer = lab.sql(
            Server::Primary,
            &format!(
                "select i.idx_scan, pg_relation_size(i.indexrelid), t.n_tup_upd + t.n_tup_ins from pg_stat_user_indexes i \
                 join pg_stat_user_tables t using (relid) where i.indexrelname = '{INDEX}'"
            ),
        );
        let figures: Vec<u64> = answer.split('|').filter_map(|figure| figure.parse().ok()).collect();
        match figures[..] {
            [scans, size, writes] => Sight {
                visible: scans == 0 && size > 10 << 20 && writes > 500,
                figures: format!("scans {scans}, size {size} bytes, writes to its table {writes}"),
            },
            _ => Sight { visible: false, figures: "no such index".into() },
        }
    },
};
