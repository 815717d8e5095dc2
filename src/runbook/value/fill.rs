//! Where the values of a run come from, and which comes first.

use super::super::{
    machine::Refusal,
    model::{Param, ParamKind, Runbook},
};
use crate::{
    check::finding::Finding,
    snapshot::{SourceKind, Unit, Value},
};

/// What is known before a run begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Name, value in its normal form, and where it comes from: `flag`, `finding`, `the only one`, `default`.
    pub values: Vec<(String, String, String)>,
    /// What the finding said that did not fit, for the operator: the value is asked for instead.
    pub notes: Vec<String>,
}

/// Values from flags, else from the finding that the run is for, else the only source of the wanted kind, else defaults.
/// What is still missing after that is asked for.
///
/// # Errors
/// A flag for no parameter, and one whose value does not fit.
pub fn fill(
    book: &Runbook,
    flags: &[(String, String)],
    finding: Option<&Finding>,
    sources: &[(String, SourceKind)],
) -> Result<Filled, Refusal> {
    if let Some((name, _)) = flags.iter().find(|(name, _)| book.param(name).is_none()) {
        let names: Vec<_> = book.params.iter().map(|param| param.name.as_str()).collect();
        let known = if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
        return Err(Refusal(format!("the runbook {} has no parameter `{name}`; {known}", book.id)));
    }
    let mut filled = Filled::default();
    for param in &book.params {
        let flag = flags.iter().rev().find(|(name, _)| *name == param.name);
        let known = match flag {
            Some((_, value)) => {
                let value = param.check(value).map_err(|why| Refusal(format!("`{}`: {why}", param.name)))?;
                Some((value, "flag"))
            }
            None => of_finding(param, finding, &mut filled.notes)
                .map(|value| (value, "finding"))
                .or_else(|| only_one(param, sources).map(|value| (value, "the only one")))
                .or_else(|| default(param).map(|value| (value, "default"))),
        };
        filled.values.extend(known.map(|(value, origin)| (param.name.clone(), value, origin.to_owned())));
    }
    Ok(filled)
}

/// The value that stands in the finding. It comes from outside: one that does not fit is told and not taken.
fn of_finding(param: &Param, finding: Option<&Finding>, notes: &mut Vec<String>) -> Option<String> {
    let from = param.from.as_deref()?;
    let finding = finding?;
    let said = match from.strip_prefix("evidence.") {
        Some(name) => evidence(finding, name, &param.kind),
        None if from == "source" => finding.ground.source.clone(),
        None if from == "subject" => Some(finding.subject.clone()),
        None => {
            let told = || ["database", "datname"].into_iter().find_map(|name| evidence(finding, name, &param.kind));
            finding.ground.database.clone().or_else(told)
        }
    };
    let Some(said) = said else {
        notes.push(format!("`{}`: the finding of {} says nothing under {from}", param.name, finding.check));
        return None;
    };
    param.check(&said).map_err(|why| notes.push(format!("`{}`, from the finding: {why}", param.name))).ok()
}

/// A value of the evidence as a parameter is written: a quantity gets its unit.
fn evidence(finding: &Finding, name: &str, kind: &ParamKind) -> Option<String> {
    let evidence = finding.evidence.iter().find(|evidence| evidence.name == name)?;
    let number = match &evidence.value {
        Value::Text(text) => return Some(text.to_string()),
        Value::Bool(truth) => return Some(truth.to_string()),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Null | Value::List(_) => return None,
    };
    let unit = match (kind, evidence.unit) {
        (ParamKind::Duration, Unit::Seconds) => "s",
        (ParamKind::Duration, Unit::Milliseconds) => "ms",
        _ => "",
    };
    Some(number + unit)
}

/// The only source of the wanted kind. Which role it has, it says itself when it is resolved.
fn only_one(param: &Param, sources: &[(String, SourceKind)]) -> Option<String> {
    let ParamKind::Source { kind, .. } = &param.kind else { return None };
    let mut fitting = sources.iter().filter(|(_, of)| of == kind);
    let (name, _) = fitting.next()?;
    if fitting.next().is_some() {
        return None;
    }
    param.check(name).ok()
}

fn default(param: &Param) -> Option<String> {
    param.default.as_deref().and_then(|default| param.check(default).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::{
            definition::Severity,
            finding::{Evidence, Ground, Status},
        },
        runbook::{machine::fixture, model::Place},
    };

    fn param(name: &str, kind: ParamKind, from: Option<&str>, default: Option<&str>) -> Param {
        let text = |text: &str| text.to_owned();
        let (from, default) = (from.map(text), default.map(text));
        Param {
            name: name.into(),
            about: String::new(),
            kind,
            pattern: None,
            default,
            secret: false,
            from,
            place: Place::default(),
        }
    }

    fn finding(evidence: &[(&str, Value, Unit)]) -> Finding {
        let one = |(name, value, unit): &(&str, Value, Unit)| Evidence {
            name: (*name).into(),
            value: value.clone(),
            unit: *unit,
        };
        Finding {
            check: "postgres.idle-in-transaction".into(),
            title: String::new(),
            domain: String::new(),
            status: Status::Fail,
            severity: Severity::High,
            personas: vec![],
            subject: "primary: 4711".into(),
            message: "m".into(),
            evidence: evidence.iter().map(one).collect(),
            threshold: vec![],
            ground: Ground {
                probe: "p".into(),
                source: Some("primary".into()),
                database: None,
                observed_at: None,
                window_s: None,
                counting_since: None,
                not_visible: None,
                rows: 1,
                rows_in_all: None,
            },
            why: String::new(),
            fix: String::new(),
            command: None,
            links: vec![],
            runbooks: vec![],
            opens: None,
        }
    }

    fn book(params: Vec<Param>) -> Runbook {
        Runbook { params, ..fixture::book(vec![]) }
    }

    fn origins(filled: &Filled) -> Vec<(&str, &str, &str)> {
        filled.values.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect()
    }

    #[test]
    fn a_flag_comes_before_the_finding_before_the_only_source_before_the_default() {
        let pid = ParamKind::Integer { min: Some(1), max: None };
        let source = ParamKind::Source { kind: SourceKind::Postgres, role: None };
        let book = book(vec![
            param("pid", pid, Some("evidence.pid"), Some("1")),
            param("server", source, Some("source"), None),
            param("age", ParamKind::Duration, Some("evidence.age_s"), Some("5m")),
            param("of", ParamKind::Name, Some("database"), None),
            param("open", ParamKind::Text, None, None),
        ]);
        let evidence = [
            ("pid", Value::Int(4711), Unit::Count),
            ("age_s", Value::Double(90.0), Unit::Seconds),
            ("datname", Value::text("shop"), Unit::Count),
        ];
        let (finding, none) =
            (finding(&evidence), [("a".to_owned(), SourceKind::Postgres), ("b".into(), SourceKind::Redis)]);
        let flags = [("pid".to_owned(), "12".to_owned())];
        let filled = fill(&book, &flags, Some(&finding), &none).unwrap();
        let expected = [
            ("pid", "12", "flag"),
            ("server", "primary", "finding"),
            ("age", "90s", "finding"),
            ("of", "shop", "finding"),
        ];
        assert_eq!(origins(&filled), expected);
        let filled = fill(&book, &[], None, &none).unwrap();
        let expected = [("pid", "1", "default"), ("server", "a", "the only one"), ("age", "5m", "default")];
        assert_eq!(origins(&filled), expected);
        let two = [("a".to_owned(), SourceKind::Postgres), ("b".into(), SourceKind::Postgres)];
        assert_eq!(fill(&book, &[], None, &two).unwrap().values.len(), 2);
    }

    #[test]
    fn what_a_finding_says_is_checked_and_a_flag_must_fit() {
        let book = book(vec![
            param("name", ParamKind::Name, Some("evidence.name"), None),
            param("gone", ParamKind::Text, Some("evidence.gone"), None),
        ]);
        let hostile = finding(&[("name", Value::text("x\"; drop table y"), Unit::Count)]);
        let filled = fill(&book, &[], Some(&hostile), &[]).unwrap();
        assert!(filled.values.is_empty());
        assert_eq!(filled.notes.len(), 2, "{:?}", filled.notes);
        let flag = |name: &str, value: &str| fill(&book, &[(name.into(), value.into())], None, &[]).unwrap_err().0;
        assert!(flag("name", "-x").contains("begins with a dash"));
        assert_eq!(flag("nam", "x"), "the runbook x has no parameter `nam`; it has name, gone");
    }
}
