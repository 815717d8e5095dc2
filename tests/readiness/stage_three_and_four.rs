//! Stage 3 is a checklist of what scales sideways, stage 4 one of what survives a region.

use serde_json::json;

use super::parts::Cluster;
use super::system::System;

fn well() -> System {
    System::answered().baseline(320.0).cluster(&Cluster::WELL)
}

#[test]
fn the_checklists_kept_are_ready() {
    well().must_be("3", 0, None);
    well().must_be("4", 0, None);
}

#[test]
fn stage_three_by_answers_alone_where_there_is_no_cluster() {
    System::answered().baseline(320.0).must_be("3", 0, None);
}

#[test]
fn each_broken_item_of_stage_three_blocks() {
    let sticky = Cluster { affinity: "ClientIP", ..Cluster::WELL };
    well().cluster(&sticky).must_be("3", 30, Some("stateless"));
    let mounted = Cluster { claims: &["uploads"], ..Cluster::WELL };
    well().cluster(&mounted).must_be("3", 30, Some("stateless"));
    let fixed = Cluster { hpa: false, ..Cluster::WELL };
    well().cluster(&fixed).must_be("3", 30, Some("autoscaling"));
    let blind = Cluster { hpa_active: "False", ..Cluster::WELL };
    well().cluster(&blind).must_be("3", 30, Some("autoscaling"));
    let idle = well().cell("postgres.tables", "replica", "idx_scan", &json!(0));
    idle.cell("postgres.tables", "replica", "seq_scan", &json!(0)).must_be("3", 30, Some("reads-apart"));
    for item in ["async-paths", "circuit-breakers", "tracing"] {
        well().answer(item, "no").must_be("3", 30, Some(item));
        well().answer(item, "").must_be("3", 20, Some(item));
    }
}

#[test]
fn a_pooler_that_does_not_answer_is_not_known_to_be_there() {
    well().fault("pgbouncer.pools", "pooler").answer("pooling", "").must_be("3", 20, Some("pooling"));
    well().without("pooler").answer("pooling", "no").must_be("3", 30, Some("pooling"));
}

#[test]
fn each_broken_item_of_stage_four_blocks() {
    let replaced = Cluster { strategy: "Recreate", ..Cluster::WELL };
    well().cluster(&replaced).must_be("4", 30, Some("zero-downtime"));
    let unready = Cluster { ready_http: "", ..Cluster::WELL };
    well().cluster(&unready).must_be("4", 30, Some("zero-downtime"));
    well().plan(&[("multi-region", false)]).must_be("4", 30, Some("multi-region"));
    for item in ["cross-region-replication", "global-cdn", "recovery-tested", "compliance", "availability", "chaos"] {
        well().answer(item, "no").must_be("4", 30, Some(item));
    }
    well().answer("recovery-tested", "").must_be("4", 20, Some("recovery-tested"));
    well().answer("chaos", "no").waive("chaos").must_be("4", 10, Some("chaos"));
    // What blocks stage 4 leaves stage 3 as it is.
    well().answer("recovery-tested", "no").must_be("3", 0, None);
}
