//! What leads from a finding to its runbook, and from there to other runbooks: nothing leads nowhere.

use std::collections::BTreeMap;
use std::fs;

use loadline::assets;
use loadline::check::library::Library;
use loadline::runbook::condition;
use loadline::runbook::document;
use loadline::runbook::model::{Condition, Runbook, Step};

/// Those that can be read; that all of them can is proven beside the reader.
fn books() -> BTreeMap<String, Runbook> {
    let read = |file: assets::runbooks::RunbookFile| document::read(&file.shown(), &file.text).ok();
    assets::runbooks::embedded().into_iter().filter_map(read).map(|book| (book.id.clone(), book)).collect()
}

fn library() -> Library {
    Library::load(&assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn every_check_names_runbooks_and_all_of_them_are_there() {
    let (library, books) = (library(), books());
    let mut wrong = Vec::new();
    for check in library.checks() {
        if check.def.runbooks.is_empty() {
            wrong.push(format!("{} names no runbook", check.def.id));
        }
        for name in check.def.runbooks.iter().filter(|name| !books.contains_key(*name)) {
            wrong.push(format!("{} names {name}, which is not there", check.def.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_runbook_that_cures_a_finding_is_named_by_its_check() {
    let (library, books) = (library(), books());
    let mut wrong = Vec::new();
    for (id, book) in &books {
        for fixed in &book.fixes {
            match library.check(fixed) {
                None => wrong.push(format!("{id} fixes {fixed}, which is no check")),
                Some(check) if !check.def.runbooks.contains(id) => {
                    wrong.push(format!("{id} fixes {fixed}, whose runbooks are {:?}", check.def.runbooks));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_between_runbooks_lead_somewhere() {
    let books = books();
    let mut wrong = Vec::new();
    for (id, book) in &books {
        for (_, step) in book.steps() {
            for branch in step.branches.iter().filter(|branch| !books.contains_key(&branch.runbook)) {
                wrong.push(format!("{id}:{} leads to {}", branch.place.line, branch.runbook));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_packs_send_into_a_runbook_stands_in_it() {
    let books = books();
    let mut wrong = Vec::new();
    for pack in
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/checks/criteria")).expect("there are packs").flatten()
    {
        let text = fs::read_to_string(pack.path()).expect("a pack can be read");
        let pack: toml::Table = text.parse().expect("a pack is TOML");
        let homes = pack.get("homes").and_then(toml::Value::as_array).into_iter().flatten();
        for home in homes {
            let word = |name: &str| home.get(name).and_then(toml::Value::as_str);
            let Some(name) = word("runbook") else { continue };
            let Some(book) = books.get(name) else {
                wrong.push(format!("there is no runbook {name}"));
                continue;
            };
            if let Some(step) = word("step")
                && !book.steps().any(|(_, known)| known.title.eq_ignore_ascii_case(step))
            {
                wrong.push(format!("{name} has no step {step}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn conditions(step: &Step) -> impl Iterator<Item = &Condition> {
    use loadline::runbook::model::ActionKind::Check;
    let looked = step.action.iter().filter_map(|action| match &action.kind {
        Check(verify) => Some(&verify.condition),
        _ => None,
    });
    step.require.iter().chain(step.verify.iter().map(|verify| &verify.condition)).chain(looked)
}

#[test]
fn every_condition_is_understood_by_the_check_that_it_names() {
    let (mut library, books) = (library(), books());
    let mut wrong = Vec::new();
    for (id, book) in &books {
        for (_, step) in book.steps() {
            for (at, one) in conditions(step).enumerate() {
                if let Err(why) = condition::compile(&mut library, book, one, &format!("{id} {} {at}", step.id)) {
                    wrong.push(format!("{id}:{}: {why}", one.place.line));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
