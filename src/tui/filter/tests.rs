use proptest::prelude::*;

use super::*;
use crate::tui::fixture::audit;

fn names(text: &str) -> Vec<String> {
    let audit = audit();
    let shown = Filter::read(text).of(&audit.findings, &[], None);
    shown.iter().map(|at| audit.findings[*at as usize].check.clone()).collect()
}

#[test]
fn a_word_fits_names_roughly_and_messages_as_they_are() {
    assert!(names("rdmem").contains(&"redis.memory-near-limit".to_owned()), "letter after letter in the name");
    assert!(names("noeviction is:fail").is_empty());
    assert_eq!(names("CLIENTS wait is:fail"), ["pgbouncer.pool-saturation", "pgbouncer.waiting-clients"]);
}

#[test]
fn fields_and_their_opposites() {
    let all = audit().findings.len();
    assert_eq!(names("is:fail").len() + names("!is:fail").len(), all);
    assert!(names("check:postgres.lock").iter().all(|check| check.starts_with("postgres.lock")));
    assert!(names("source:cache is:fail").iter().all(|check| check.starts_with("redis.")));
    assert_eq!(names("is:bad").len(), names("is:fail").len() + names("is:warn").len() + names("is:?").len());
    assert_eq!(names("is:na !redis").iter().filter(|check| check.starts_with("redis")).count(), 0);
    assert_eq!(names("subject:billing is:warn"), ["postgres.slots-retaining-wal"]);
}

#[test]
fn what_is_not_understood_is_told() {
    let problem = |text: &str| Filter::read(text).problem().map(str::to_owned);
    assert_eq!(problem("is:fail domain:memory"), None);
    assert!(problem("stage:memory").unwrap().contains("no field `stage`; there are is, domain"));
    assert!(problem("is:broken").unwrap().contains("nothing is `broken`; is: takes fail, warn"));
    assert!(problem("severity:awful").unwrap().contains("no severity `awful`; there are critical"));
    assert_eq!(problem("10.0.0.1:5432 shop:"), None, "an address and a name are words");
}

proptest! {
    #[test]
    fn narrowing_never_loses_a_finding(text in "(!?(is:|check:|x:)?[a-z!: .$^'-]{0,6} ?){0,4}", cut in 0usize..20) {
        let audit = audit();
        let cut = cut.min(text.len());
        let old = &text[..cut];
        prop_assume!(narrows(old, &text));
        let among = Filter::read(old).of(&audit.findings, &[], None);
        let whole = Filter::read(&text).of(&audit.findings, &[], None);
        prop_assert_eq!(Filter::read(&text).of(&audit.findings, &[], Some(&among)), whole);
    }
}
