//! What a report costs: the demo with its findings repeated until there are 10,000 of them, as Markdown, as a page
//! and as a brief. `cargo bench --bench report`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]

use divan::Bencher;
use loadline::{
    assets::{self, templates},
    check::{evaluate::Bench, library::Library, params::Overrides},
    readiness::{Knowledge, Packs, Wish},
    report::{self, Audit, Filter, Templates},
    snapshot::Snapshot,
};

const FINDINGS: usize = 10_000;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

fn audit() -> Audit {
    let files = assets::embedded();
    let mut library = Library::load(&files).unwrap();
    let packs = Packs::load(&files, &mut library).unwrap();
    let knowledge = Knowledge { library, packs };
    let snapshot = Snapshot::read(include_str!("../src/assets/demo.json")).unwrap();
    let bench = Bench::new(&knowledge.library, &snapshot);
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], |_| true, Some(&Wish::default())).unwrap();
    let mut audit = Audit::new(&snapshot, judged);
    let bad: Vec<_> = audit.findings.iter().filter(|finding| !finding.fix.is_empty()).cloned().collect();
    audit.findings = bad
        .iter()
        .cycle()
        .take(FINDINGS)
        .enumerate()
        .map(|(at, finding)| {
            let mut finding = finding.clone();
            finding.subject = format!("{} {at}", finding.subject);
            finding
        })
        .collect();
    audit
}

fn templates() -> Templates {
    Templates::new(templates::embedded()).unwrap()
}

#[divan::bench(args = ["report", "executive", "brief", "audit"], sample_count = 5)]
fn markdown(bencher: Bencher, name: &str) {
    let (audit, templates) = (audit(), templates());
    bencher.bench_local(|| templates.markdown(name, &audit, Filter::default()).unwrap().len());
}

#[divan::bench(sample_count = 5)]
fn page(bencher: Bencher) {
    let (audit, templates) = (audit(), templates());
    let text = templates.markdown("report", &audit, Filter::default()).unwrap();
    bencher.bench_local(|| report::html(&audit, &text).len());
}

#[divan::bench(sample_count = 10)]
fn parse_the_templates() -> Templates {
    templates()
}
