//! From a condition as written to one that can be judged; whatever is wrong with it shows here.

use super::Compiled;
use crate::{
    assets::AssetFile,
    check::{
        definition::{CheckDef, Param, ParamValue, RuleDef},
        finding::Status,
        library::{Check, FileError, Library},
        rule::Ref,
    },
    runbook::model::{Condition, Expectation, ParamKind, Runbook},
    snapshot::Unit,
};

/// Compiles a condition of a runbook into the library. Every condition takes a name of its own, such as
/// `idle-in-transaction end verify 1`; compiling under the same name again replaces what stood there.
///
/// # Errors
/// A check or parameter that does not exist; what is wrong with the expression, with its place in it; a sentence that
/// cannot be said.
pub fn compile(library: &mut Library, book: &Runbook, condition: &Condition, name: &str) -> Result<Compiled, String> {
    let Some(base) = library.check(&condition.check) else {
        return Err(format!(
            "no check `{}`; expected an id of `loadline check list`{}",
            condition.check,
            near(library, &condition.check)
        ));
    };
    let names_source = subject(book, condition)?;
    let mut def = base.def.clone();
    let read = |name: &str| reads(condition, name);
    if let Some(clash) = numeric(book).find(|(name, _)| def.params.contains_key(*name) && read(name)) {
        let message = "is a parameter of the runbook and of the check; call the runbook's otherwise";
        return Err(format!("`params.{}` {message}", clash.0));
    }
    let params: Vec<(String, Unit)> =
        numeric(book).filter(|(name, _)| read(name)).map(|(name, unit)| (name.to_owned(), unit)).collect();
    let own = match (&condition.expect, &condition.says) {
        (Expectation::Passes | Expectation::DoesNotFail | Expectation::Fails, None) => None,
        (expect, says) => {
            let from = def.from.clone().unwrap_or_default();
            adopt(&mut def, name, &params);
            if let Some(says) = says {
                def.message.clone_from(says);
                let bad = |rule: &&mut RuleDef| matches!(rule.status, Status::Fail | Status::Warn);
                def.rules.iter_mut().filter(bad).for_each(|rule| rule.message = None);
            }
            Some(match expect {
                Expectation::Holds(expression) => of_expression(library, def, &from, expression)?,
                _ => compiled(library, def, condition.says.as_deref().unwrap_or_default())?,
            })
        }
    };
    Ok(Compiled { condition: condition.clone(), own, params, names_source })
}

/// Whether the subject names a source.
fn subject(book: &Runbook, condition: &Condition) -> Result<bool, String> {
    let Some(name) = condition.subject.as_deref().and_then(|subject| subject.strip_prefix('$')) else {
        return Ok(false);
    };
    let param = book.param(name).ok_or_else(|| {
        let known: Vec<_> = book.params.iter().map(|param| format!("${}", param.name)).collect();
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        format!("`${name}` is no parameter of this runbook; {known}")
    })?;
    if param.secret {
        return Err(format!("`${name}` is a secret, and a subject is shown; name the subject otherwise"));
    }
    Ok(matches!(param.kind, ParamKind::Source { .. }))
}

/// Parameters of the runbook that are numbers and may be shown, with what they count.
fn numeric(book: &Runbook) -> impl Iterator<Item = (&str, Unit)> {
    book.params.iter().filter(|param| !param.secret).filter_map(|param| {
        let unit = match param.kind {
            ParamKind::Integer { .. } => Unit::Count,
            ParamKind::Duration => Unit::Seconds,
            ParamKind::Size => Unit::Bytes,
            _ => return None,
        };
        Some((param.name.as_str(), unit))
    })
}

/// Whether the expression or the sentence reads `params.NAME`.
fn reads(condition: &Condition, name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let expression = match &condition.expect {
        Expectation::Holds(expression) => expression.as_str(),
        _ => "",
    };
    let needle = format!("params.{name}");
    [expression, condition.says.as_deref().unwrap_or_default()].iter().any(|text| {
        text.match_indices(&needle).any(|(at, _)| {
            !text[..at].ends_with(|c| word(c) || c == '.') && !text[at + needle.len()..].starts_with(word)
        })
    })
}

/// Makes a copy of a check one of its own: its id, the runbook's parameters, and nothing that only readers need.
fn adopt(def: &mut CheckDef, name: &str, params: &[(String, Unit)]) {
    let plain = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' { c } else { '-' };
    def.id = format!("runbook.{}", name.to_ascii_lowercase().chars().map(plain).collect::<String>());
    def.headroom = None;
    def.command = None;
    def.cases.clear();
    for (name, unit) in params {
        let param = Param {
            // Never applied: a condition whose parameter has no value is not judged.
            default: ParamValue::Number(0.0),
            unit: *unit,
            source: "the runbook".to_owned(),
            about: String::new(),
        };
        def.params.insert(name.clone(), param);
    }
}

/// The check with one rule, which fails where the expression is not true.
fn of_expression(library: &mut Library, mut def: CheckDef, from: &str, expression: &str) -> Result<Check, String> {
    let rule = |when: String| RuleDef { status: Status::Fail, when, message: None, severity: None };
    let columns = library.columns(from).unwrap_or_default();
    // What the check itself calls unknown is so for every question about its rows.
    let unknown: Vec<RuleDef> = def.rules.extract_if(.., |rule| rule.status == Status::Unknown).collect();
    def.rules = vec![rule(expression.trim().to_owned())];
    let alone = compiled(library, def.clone(), expression)?;
    let evidence = alone.own_reads().filter_map(|read| match read {
        Ref::Row(name) if columns.contains_key(name) && !def.values.contains_key(name) => Some(name.clone()),
        Ref::Value(name) => Some(name.clone()),
        Ref::Rate(name) => Some(format!("rate.{name}")),
        Ref::Delta(name) => Some(format!("delta.{name}")),
        Ref::Row(_) | Ref::Param(_) => None,
    });
    let evidence: Vec<String> = evidence.collect();
    if !evidence.is_empty() {
        def.evidence = evidence;
    }
    def.rules = unknown;
    def.rules.push(rule(format!("!({})", expression.trim())));
    compiled(library, def, expression)
}

/// Compiles it; mistakes are shown in the text that was written.
fn compiled(library: &mut Library, def: CheckDef, text: &str) -> Result<Check, String> {
    let file = AssetFile { path: def.id.clone(), folder: None, text: text.to_owned() };
    library.compile(def, &file).map_err(|errors: Vec<FileError>| {
        let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
        messages.join("\n")
    })
}

/// Ids that a mistyped one may mean.
fn near(library: &Library, id: &str) -> String {
    let (source, name) = id.split_once('.').unwrap_or(("", id));
    let like: Vec<_> = library
        .checks()
        .map(|check| check.def.id.as_str())
        .filter(|known| {
            let (of, known) = known.split_once('.').unwrap_or(("", known));
            let shares = known.split('-').any(|word| word.len() > 3 && name.contains(word));
            known == name || of == source && shares
        })
        .take(3)
        .collect();
    if like.is_empty() { String::new() } else { format!(", such as {}", like.join(", ")) }
}
