//! Reading runbooks: those that ship, those that others publish, and the commands that show them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use loadline::assets;
use loadline::check::library::Library;
use loadline::runbook::document;
use loadline::runbook::library::Books;
use loadline::runbook::lint::{Around, lint};
use loadline::runbook::model::{Form, Runbook};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::support::loadline;

fn shipped() -> Books {
    Books::load(&assets::runbooks::embedded(), &[])
}

#[test]
fn every_runbook_that_ships_is_read_and_nothing_grave_is_wrong_with_it() {
    let books = shipped();
    let mut library = Library::load(&assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"));
    let ids: BTreeSet<String> = books.ids();
    let mut wrong = String::new();
    for broken in books.broken() {
        for mistake in &broken.mistakes {
            let _ = writeln!(wrong, "{}", mistake.show(&broken.shown, &broken.text));
        }
    }
    for book in books.iter() {
        // On the day of its reading nothing is stale: the calendar breaks no build.
        let today = book.reviewed.unwrap_or_default();
        let mistakes = lint(book, &mut Around { library: &mut library, books: &ids, today });
        for mistake in mistakes.iter().filter(|mistake| mistake.grave) {
            let _ = writeln!(wrong, "{}", mistake.show(&book.shown, &book.text));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(books.iter().all(|book| book.form == Form::Native) && books.iter().count() > 15);
}

/// A page as GitHub shows it: front matter as a table, of a fence's line the first word alone.
fn page(book: &Runbook) -> String {
    let (_, body) = book.text[4..].split_once("\n---\n").expect("front matter ends");
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let events = Parser::new_ext(body, options).map(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            let first = info.split_whitespace().next().unwrap_or_default().to_owned();
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(CowStr::from(first))))
        }
        event => event,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// The words of a page outside code, and its headings.
fn words(book: &Runbook) -> (String, Vec<String>) {
    let (_, body) = book.text[4..].split_once("\n---\n").expect("front matter ends");
    let (mut words, mut headings, mut code, mut heading) = (String::new(), Vec::new(), false, false);
    for event in Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::Heading { .. }) => {
                heading = true;
                headings.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => heading = false,
            Event::Text(text) if !code => {
                words.push_str(&text);
                words.push('\n');
                if let Some(last) = headings.last_mut().filter(|_| heading) {
                    last.push_str(&text);
                }
            }
            Event::Code(text) if heading => headings.last_mut().expect("a heading").push_str(&text),
            _ => {}
        }
    }
    (words, headings)
}

#[test]
fn every_runbook_reads_well_where_only_markdown_is_understood() {
    for book in shipped().iter() {
        let (shown, page) = (&book.shown, page(book));
        assert_eq!(page.matches("<h1").count(), 1, "{shown}: one title");
        for class in page.match_indices("class=\"language-").map(|(at, found)| &page[at + found.len()..]) {
            let class = class.split('"').next().unwrap_or_default();
            assert!(class.chars().all(|c| c.is_ascii_alphanumeric()), "{shown}: language {class}");
        }
        let (words, headings) = words(book);
        for leak in ["```", "~~~", "danger=", "target=", "timeout=", "within=", "\\gexec", "- [ ]", "{{", "---"] {
            assert!(!words.contains(leak), "{shown}: {leak} leaks out of its place:\n{words}");
        }
        for heading in headings {
            assert!(!heading.contains(['$', '{', '=']), "{shown}: heading {heading}");
        }
        let steps = book.steps().count();
        assert_eq!(page.matches("<h3").count(), steps, "{shown}: a heading of the third level is a step");
    }
}

#[test]
fn published_runbooks_are_steps_done_by_hand() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/runbooks/published");
    let read = |name: &str| {
        let text = fs::read_to_string(format!("{folder}/{name}.md")).expect("the fixture is there");
        document::read(&format!("{name}.md"), &text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:#?}"))
    };
    let steps = |book: &Runbook| book.steps().map(|(_, step)| step.id.clone()).collect::<Vec<_>>();
    let queue = read("QueueConsumersLagging");
    assert_eq!((queue.id.as_str(), queue.title.as_str()), ("QueueConsumersLagging", "QueueConsumersLagging"));
    assert_eq!(steps(&queue), ["meaning", "impact", "diagnosis", "more-consumers", "a-poison-message"]);
    assert_eq!(queue.step("a-poison-message").map(|step| step.items.len()), Some(2));
    let disk = read("NodeDiskFillingUp");
    assert_eq!((disk.title.as_str(), disk.form), ("Node disk filling up", Form::Published));
    assert_eq!(steps(&disk), ["meaning", "impact", "diagnosis", "mitigation"]);
    let certificate = read("CertificateExpiresSoon");
    let expected =
        ["certificateexpiressoon", "meaning", "impact", "diagnosis", "section-2026", "section-2026-2", "mitigation"];
    assert_eq!(steps(&certificate), expected, "a step is never a number");
    for book in [queue, disk, certificate] {
        assert!(
            book.steps().all(|(_, step)| step.action.is_none() && step.verify.is_empty()),
            "{}: nothing runs",
            book.id
        );
    }
}

#[test]
fn the_list_is_for_people_and_programs() {
    let all = loadline("demo runbook list").run();
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert!(
        all.stdout.lines().any(|line| line.starts_with("idle-in-transaction ") && line.contains("change")),
        "{}",
        all.stdout
    );
    let some = loadline("runbook list --format json --check postgres.idle-in-transaction").run();
    let list: serde_json::Value = serde_json::from_str(&some.stdout).expect("JSON");
    assert_eq!((&list["version"], &list["runbooks"][0]["id"]), (&1.into(), &"idle-in-transaction".into()));
    let none = loadline("runbook list --check postgres.nothing").run();
    assert!(none.code == 2 && none.stderr.contains("no check `postgres.nothing`"), "{}", none.stderr);
}

#[test]
fn a_runbook_is_shown_for_a_terminal_and_as_it_is() {
    let shown = loadline("runbook show idle-in-transaction").run();
    for part in ["danger change", "What it needs to know", "Mitigate", "pid = :pid::int", "after"] {
        assert!(shown.stdout.contains(part), "{part}:\n{}", shown.stdout);
    }
    let file = loadline("runbook show idle-in-transaction --markdown").run();
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/runbooks/idle-in-transaction.md"));
    assert_eq!(file.stdout, text.expect("it is there"));
    let lost = loadline("runbook show idle").run();
    assert!(lost.code == 2 && lost.stderr.contains("did you mean idle-in-transaction"), "{}", lost.stderr);
}

#[test]
fn the_users_folder_lies_over_the_embedded_one_and_a_broken_file_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let text =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/runbooks/idle-in-transaction.md")).expect("text");
    let ours = text.replace("title: End sessions", "title: Our way to end sessions");
    fs::write(dir.path().join("other.md"), ours).expect("written");
    fs::write(dir.path().join("broken.md"), "---\nid: broken\n---\n\n### \u{1b}[31m\n\n```sql stp\nx\n```\n")
        .expect("written");
    let folder = dir.path().to_string_lossy().into_owned();
    let listed = loadline("runbook list").with("--runbooks", &folder).run();
    assert!(
        listed.stdout.contains("Our way to end sessions") && listed.stdout.contains("lock-storm"),
        "{}",
        listed.stdout
    );
    assert!(listed.stderr.contains("broken.md is left out"), "{}", listed.stderr);
    let lint = loadline("runbook lint").arg(&folder).run();
    assert_eq!(lint.code, 30, "{}", lint.stderr);
    assert!(lint.stdout.contains("broken.md:2:1: `title` is missing"), "{}", lint.stdout);
    assert!(lint.stdout.contains("note: the file is called `other.md`"), "{}", lint.stdout);
    assert!(!lint.stdout.contains('\u{1b}'), "text from outside is hostile");
    fs::remove_file(dir.path().join("broken.md")).expect("removed");
    assert_eq!(loadline("runbook lint").arg(&folder).run().code, 0);
}

/// What a step prints is written down: the literals of statements that run may hold what is nobody's business.
#[test]
fn the_texts_of_running_statements_are_shown_without_their_literals() {
    use loadline::runbook::model::ActionKind;
    let mut wrong = Vec::new();
    for book in shipped().iter() {
        for (_, step) in book.steps() {
            let Some(ActionKind::Sql { statement, .. }) = step.action.as_ref().map(|action| &action.kind) else {
                continue;
            };
            let texts = ["left(query", "left(a.query", "min(query)", " query,", " a.query,"];
            if statement.contains("pg_stat_activity") && texts.iter().any(|text| statement.contains(text)) {
                wrong.push(format!("{}: {}", book.shown, step.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
