//! Reports over the demo, as it is and with hostile names in every place.

use std::sync::LazyLock;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    assets::{self, templates},
    check::{evaluate::Bench, library::Library, params::Overrides},
    readiness::{
        Knowledge, Packs, Wish,
        outlook::{
            CostAt, CostCurve, CostNow, CostPoint, Growth, PhaseLine, Reached, StatedLine, TestRun, TrafficLine,
        },
    },
    report::{Audit, Filter, Templates, html},
    snapshot::{Snapshot, Value},
};

const HOSTILE: &str =
    "a|b `c` <script>alert(1)</script> \u{1b}[31m\n# x\n- y\u{202E}txt [l](http://e) *z* ~~q~~ $m$ ![i](u)";

const ALL: [&str; 4] = ["report", "executive", "brief", "audit"];

/// Judging takes a while without optimisation, so the whole demo is judged once.
static DEMO: LazyLock<Audit> = LazyLock::new(|| judged(""));

fn demo(only: &str) -> Audit {
    if only.is_empty() { DEMO.clone() } else { judged(only) }
}

fn judged(only: &str) -> Audit {
    let files = assets::embedded();
    let mut library = Library::load(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
    let packs = Packs::load(&files, &mut library).unwrap_or_else(|errors| panic!("{errors:?}"));
    let knowledge = Knowledge { library, packs };
    let snapshot = Snapshot::read(include_str!("../../assets/demo.json")).unwrap();
    let bench = Bench::new(&knowledge.library, &snapshot);
    let wish = Wish { pack: None, stage: Some("2".into()) };
    let wish = only.is_empty().then_some(&wish);
    let wanted = |check: &crate::check::library::Check| only.is_empty() || check.def.id == only;
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], wanted, wish).unwrap();
    Audit::new(&snapshot, judged)
}

fn render(audit: &Audit, template: &str) -> String {
    let templates = Templates::new(templates::embedded()).unwrap_or_else(|error| panic!("{error}"));
    let how = Filter { persona: None, all: true };
    templates.markdown(template, audit, how).unwrap_or_else(|error| panic!("{template}: {error}"))
}

fn events(markdown: &str) -> Vec<Event<'_>> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS).collect()
}

/// The headings of a level, as a reader sees them.
fn headings(markdown: &str, wanted: HeadingLevel) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for event in events(markdown) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level == wanted => {
                inside = true;
                found.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(words) if inside => found.last_mut().unwrap().push_str(&words),
            _ => {}
        }
    }
    found
}

/// An outlook with something in every place.
fn fill(audit: &mut Audit, words: &str) {
    let words = || words.to_owned();
    let outlook = audit.outlook.as_mut().unwrap();
    outlook.currency = Some(words());
    outlook.budget = Some(words());
    outlook.traffic = vec![TrafficLine {
        metric: words(),
        now: Some(words()),
        peak: Some(words()),
        target: Some(words()),
        by: Some(words()),
    }];
    let reached = Reached { multiple: 10.0, months: 24.2, on: None };
    outlook.growth = Some(Growth { monthly: 0.1, origin: words(), reached: vec![reached] });
    let cost = || CostAt { low: 100.0, high: 200.0, ground: words() };
    let point = |amount: f64| CostPoint { volume: words(), amount, cost: amount / 10.0, each: 100.0 };
    outlook.costs = vec![CostCurve {
        metric: words(),
        unit: words(),
        points: vec![point(1e3), point(1e4)],
        exponent: Some(0.6),
        r2: Some(0.97),
        reading: words(),
        now: Some(CostNow { volume: words(), amount: 1e3, each: 12.0, cost: cost() }),
    }];
    for section in ["slos", "caches", "components", "tests", "recovery", "limits"] {
        outlook.stated.push(StatedLine { section: section.into(), name: words(), words: words() });
    }
    outlook.runs = vec![TestRun {
        name: words(),
        kind: words(),
        started: words(),
        multiple: Some(2.0),
        rps: Some(1.0),
        p95_ms: None,
        error_rate: None,
        gates: 0,
        gates_failed: 0,
        fault: Some(words()),
    }];
    let phase = PhaseLine {
        name: words(),
        multiple: Some(2.0),
        by: Some(words()),
        changes: vec![words()],
        gate: Some(words()),
        cost: Some(words()),
        prerequisites: vec![words()],
    };
    outlook.milestones[0].phases = vec![phase];
    outlook.milestones[1].cost = Some(cost());
}

/// The demo with hostile words wherever a server, a file or a person could have put them.
fn poisoned() -> Audit {
    let mut audit = demo("");
    fill(&mut audit, HOSTILE);
    let words = || HOSTILE.to_owned();
    audit.target.name = words();
    audit.target.environment = Some(words());
    for source in &mut audit.snapshot.sources {
        (source.name, source.address, source.notes) = (words(), words(), vec![words()]);
    }
    for finding in &mut audit.findings {
        (finding.subject, finding.message, finding.fix, finding.why) = (words(), words(), words(), words());
        (finding.title, finding.runbooks, finding.links) = (words(), vec![words()], vec![words()]);
        finding.command = Some(format!("```\n{HOSTILE}"));
        finding.opens = finding.opens.as_ref().map(|_| format!("```\n{HOSTILE}"));
        finding.ground.not_visible = Some(words());
        for evidence in &mut finding.evidence {
            evidence.value = Value::text(HOSTILE);
        }
    }
    for bottleneck in &mut audit.bottlenecks {
        (bottleneck.resource, bottleneck.subject, bottleneck.ground, bottleneck.fix) =
            (words(), words(), words(), words());
    }
    for pack in &mut audit.packs {
        (pack.title, pack.file) = (words(), words());
    }
    let readiness = audit.readiness.as_mut().unwrap();
    (readiness.because, readiness.stage.title, readiness.stage_because) = (words(), words(), words());
    for stage in &mut readiness.stages {
        (stage.title, stage.about, stage.because, stage.cost) = (words(), words(), words(), Some(words()));
    }
    for criterion in &mut readiness.criteria {
        (criterion.title, criterion.message, criterion.fix) = (words(), words(), words());
        (criterion.needs, criterion.question) = (Some(words()), Some(words()));
    }
    for trigger in &mut readiness.triggers {
        (trigger.title, trigger.message) = (words(), words());
        trigger.status = crate::check::finding::Status::Fail;
    }
    for pack in &mut readiness.packs {
        (pack.title, pack.because) = (words(), words());
    }
    for graded in &mut readiness.rubric {
        (graded.title, graded.word) = (words(), words());
    }
    audit
}

/// How often a bar stands there that no backslash takes the meaning from.
fn bars(line: &str) -> usize {
    line.replace("\\\\", "").replace("\\|", "").matches('|').count()
}

#[test]
fn hostile_words_stay_in_their_places() {
    let audit = poisoned();
    for template in ALL {
        let text = render(&audit, template);
        let hostile = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202E}';
        assert_eq!(text.chars().find(hostile), None, "{template}");
        let mut fence: Option<usize> = None;
        let mut columns: Option<usize> = None;
        for line in text.lines() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match fence {
                Some(open) if ticks >= open && line.len() == ticks => fence = None,
                None if ticks >= 3 => fence = Some(ticks),
                None if line.starts_with('|') => {
                    assert_eq!(bars(line), *columns.get_or_insert(bars(line)), "{template}: {line}");
                }
                None => {
                    columns = None;
                    assert_eq!(bars(line), 0, "{template}: {line}");
                }
                Some(_) => {}
            }
        }
        let mut links = 0;
        for event in events(&text) {
            match event {
                Event::Html(raw) | Event::InlineHtml(raw) => panic!("{template}: HTML {raw}"),
                Event::Code(code) => assert_ne!(code.as_ref(), "c", "{template}"),
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links += 1,
                _ => {}
            }
        }
        assert_eq!(links, 0, "{template}: links");
        let titles = headings(&text, HeadingLevel::H1).len();
        assert_eq!(titles, usize::from(template != "brief"), "{template}");
    }
}

#[test]
fn a_hostile_name_changes_no_heading_and_no_table() {
    let (plain, hostile) = (render(&demo(""), "report"), render(&poisoned(), "report"));
    let fixed = |text: &str| headings(text, HeadingLevel::H2);
    assert_eq!(fixed(&plain), fixed(&hostile));
}

#[test]
fn the_twelve_sections_of_a_scaling_plan_are_there_in_order() {
    let found = headings(&render(&demo(""), "report"), HeadingLevel::H2);
    let expected = [
        "What breaks first",
        "What to do on Monday",
        "What is not known",
        "Findings",
        "1. Scalability assessment",
        "2. Scaling phases",
        "3. Horizontal scaling",
        "4. Database path",
        "5. Caching hierarchy",
        "6. Load testing",
        "7. Autoscaling",
        "8. Traffic management",
        "9. CDN and edge",
        "10. Monitoring, SLOs and alerts",
        "11. Cost",
        "12. Runbook for manual scaling",
        "Checklist",
        "Not measured",
        "Waivers",
        "Other packs and grades",
        "Method and provenance",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_first_screen_tells_stage_verdict_limits_and_what_to_do() {
    let text = render(&demo(""), "report");
    let screen: Vec<&str> = text.lines().take_while(|line| *line != "## Findings").collect();
    assert!((24..=40).contains(&screen.len()), "{} lines", screen.len());
    let screen = screen.join("\n");
    for words in ["for stage 2, Growth", "Stage reached", "of today's load", "coverage", "1. **", "2. **", "3. **"] {
        assert!(screen.contains(words), "{words} is missing in\n{screen}");
    }
}

#[test]
fn a_brief_fits_into_a_chat() {
    for audit in [demo(""), demo("postgres.lock-chains")] {
        let text = render(&audit, "brief");
        assert!(text.lines().filter(|line| !line.is_empty()).count() <= 12, "{text}");
        assert!(!text.contains("http"), "{text}");
    }
}

#[test]
fn a_part_has_no_verdict_and_says_so() {
    let audit = demo("postgres.lock-chains");
    for template in ALL {
        let text = render(&audit, template);
        assert!(!text.contains("READY for stage") && !text.contains("UNPROVEN for"), "{template}:\n{text}");
    }
    assert!(render(&audit, "report").contains("**No verdict:** only some checks were wanted"));
}

#[test]
fn every_number_of_the_outlook_has_its_ground_beside_it() {
    let mut audit = demo("");
    fill(&mut audit, "stated");
    let text = render(&audit, "report");
    for words in [
        "Growth: 10 % a month (stated)",
        "| 10x | 24.2 months | beyond the calendar |",
        "100 stated to 200 stated a month (stated)",
        "to the power of 0.60 (R2 of the logarithms 0.970, 2 points)",
        "```chart-cost\n",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
}

#[test]
fn a_page_loads_nothing_runs_nothing_and_draws_its_charts() {
    for audit in [demo(""), poisoned()] {
        let page = html(&audit, &render(&audit, "report"));
        let lower = page.to_lowercase();
        for bad in ["<script", "<img", "<iframe", "<link", "javascript:", "onload", "src=", "@import", "url("] {
            assert!(!lower.contains(bad), "{bad}");
        }
        assert_eq!(page.matches("<svg ").count(), page.matches("</svg>").count());
        assert!(page.matches("<svg ").count() >= 2, "headroom and stages");
        assert!(page.contains("Content-Security-Policy") && !page.contains("chart-headroom"));
    }
}

#[test]
fn raw_html_of_a_template_is_shown_as_text() {
    let page = html(&demo(""), "# t\n\n<script>alert(1)</script>\n\na <b>c</b>\n");
    assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;script&gt;"));
}
