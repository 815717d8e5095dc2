//! From what servers say to typed, redacted tables.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    check::probe::{ColumnDef, Holds, Probe},
    snapshot::{Column, Fault, FaultKind, Kind, Redactor, Table, Unit, Value},
};

/// The most items of a list that are kept.
const LIST_CAP: usize = 1_000;

/// An empty table of a probe's columns, in the order of their names.
pub(super) fn empty(probe: &Probe) -> Table {
    Table::new(probe.columns.iter().map(|(name, def)| Column::new(name, def.kind, def.unit, def.counter)).collect())
}

/// A table from rows of texts under named columns. Columns that the probe does not declare are left
/// out; declared ones that the server does not have are NULL. `_total` is the row count before a limit.
pub(super) fn texts(
    probe: &Probe,
    names: &[String],
    rows: &[Vec<Option<String>>],
    redactor: &Redactor,
) -> Result<Table, Fault> {
    let place: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let mut table = empty(probe);
    for row in rows {
        let cells: Result<Vec<_>, _> = probe
            .columns
            .iter()
            .map(|(name, def)| {
                let field = |name: &str| place.get(name).and_then(|i| row.get(*i)).and_then(Option::as_deref);
                let text = field(def.field.as_deref().unwrap_or(name));
                let takes_back = def.unless.as_deref().and_then(field).is_some();
                if text.is_none() && takes_back { Ok(Value::Null) } else { text_cell(name, def, text, redactor) }
            })
            .collect();
        push(&mut table, cells?)?;
    }
    let total = place.get("_total").and_then(|i| rows.first()?.get(*i)?.as_deref()?.parse().ok());
    table.set_total(total.filter(|total| *total > table.rows() as u64));
    Ok(table)
}

/// A declared column that the answer does not have at all: with no rows it would pass for an answer.
pub(super) fn undelivered<'p>(probe: &'p Probe, names: &[String]) -> Option<&'p str> {
    let has = |(name, def): &(&String, &ColumnDef)| names.contains(def.field.as_ref().unwrap_or(*name));
    probe.columns.iter().find(|column| !has(column)).map(|(name, _)| name.as_str())
}

/// Adds a row of decoded cells.
pub(super) fn push(table: &mut Table, cells: Vec<Value>) -> Result<(), Fault> {
    table.push(cells).map_err(|error| Fault::new(FaultKind::Rubbish, error.to_string()))
}

/// One cell from text.
pub(super) fn text_cell(name: &str, def: &ColumnDef, text: Option<&str>, redactor: &Redactor) -> Result<Value, Fault> {
    let Some(text) = text else { return Ok(null(def)) };
    let rubbish = || {
        let shown = redactor.text(&text.chars().take(60).collect::<String>());
        Fault::new(FaultKind::Rubbish, format!("column `{name}` holds `{shown}` where {:?} is due", def.kind))
    };
    if def.holds == Holds::Quantity {
        return quantity(text, def).ok_or_else(rubbish);
    }
    if def.holds == Holds::Age {
        return age(text, def).ok_or_else(rubbish);
    }
    match def.kind {
        Kind::Int => whole(text).map(Value::Int).ok_or_else(rubbish),
        Kind::Double => text.trim().parse::<f64>().map(Value::double).map_err(|_| rubbish()),
        Kind::Bool => truth(text).map(Value::Bool).ok_or_else(rubbish),
        Kind::Text if def.holds == Holds::Sql => Ok(Value::text(redactor.sql(text))),
        Kind::Text => Ok(Value::text(redactor.text(text))),
        Kind::List => {
            let items: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|_| rubbish())?;
            Ok(Value::List(items.iter().take(LIST_CAP).map(|item| plain(item, redactor)).collect()))
        }
    }
}

/// One cell from the JSON values that a path found: the first for a scalar, all for a list.
pub(super) fn json_cell(
    name: &str,
    def: &ColumnDef,
    found: &[&serde_json::Value],
    redactor: &Redactor,
) -> Result<Value, Fault> {
    if def.kind == Kind::List {
        return Ok(Value::List(found.iter().take(LIST_CAP).map(|item| plain(item, redactor)).collect()));
    }
    let text = match found.first() {
        None | Some(serde_json::Value::Null) => None,
        Some(serde_json::Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    text_cell(name, def, text.as_deref(), redactor)
}

/// Objects as the rows of a probe's table, field by field.
pub(super) fn rows(probe: &Probe, rows: &[serde_json::Value], redactor: &Redactor) -> Result<Table, Fault> {
    let mut table = empty(probe);
    for row in rows {
        let cells = probe.columns.iter().map(|(name, def)| {
            let found: Vec<_> = match row.get(def.field.as_ref().unwrap_or(name)) {
                Some(serde_json::Value::Array(items)) => items.iter().collect(),
                one => one.into_iter().collect(),
            };
            json_cell(name, def, &found, redactor)
        });
        push(&mut table, cells.collect::<Result<_, _>>()?)?;
    }
    Ok(table)
}

/// What nothing means in a column.
pub(super) fn null(def: &ColumnDef) -> Value {
    def.when_null.clone().unwrap_or(Value::Null)
}

fn plain(item: &serde_json::Value, redactor: &Redactor) -> Value {
    match item {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => {
            n.as_i64().map_or_else(|| n.as_f64().map_or(Value::Null, Value::double), Value::Int)
        }
        serde_json::Value::String(s) => Value::text(redactor.text(s)),
        other => Value::text(redactor.text(&other.to_string())),
    }
}

/// A whole number, also where a server writes it as a numeric (`12.0`).
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let (head, tail) = text.split_once('.')?;
        tail.chars().all(|c| c == '0').then(|| head.parse().ok())?
    })
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "1" | "yes" | "on" | "up" => Some(true),
        "f" | "false" | "0" | "no" | "off" | "down" => Some(false),
        _ => None,
    }
}

/// A Kubernetes quantity: `250m`, `1.5`, `512Mi`, `1G`, `1e3`. CPU comes in thousandths of a core, the rest in its base.
fn quantity(text: &str, def: &ColumnDef) -> Option<Value> {
    const SUFFIXES: [(&str, f64); 15] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    let text = text.trim();
    let plain = text.parse::<f64>().ok();
    let number = plain.or_else(|| {
        let (suffix, factor) = SUFFIXES.iter().find(|(suffix, _)| text.ends_with(suffix))?;
        Some(text.strip_suffix(suffix)?.parse::<f64>().ok()? * factor)
    })?;
    let number = if def.unit == Unit::Millicores { number * 1000.0 } else { number };
    number.is_finite().then(|| match def.kind {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounded and finite; a saturated cast is the nearest whole number"
        )]
        Kind::Int => Value::Int(number.round() as i64),
        _ => Value::Double(number),
    })
}

/// Seconds since an instant.
#[expect(clippy::disallowed_methods, reason = "an age is taken when the answer comes in, which is at this edge")]
fn age(text: &str, def: &ColumnDef) -> Option<Value> {
    let then: Timestamp = text.trim().parse().ok()?;
    let seconds = Timestamp::now().as_second() - then.as_second();
    Some(if def.kind == Kind::Int {
        Value::Int(seconds)
    } else {
        Value::Int(seconds).as_f64().map_or(Value::Null, Value::double)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn def(kind: Kind, unit: Unit, holds: Holds) -> ColumnDef {
        let (when_null, unless, field) = (None, None, None);
        ColumnDef { kind, unit, counter: false, about: String::new(), when_null, unless, holds, field }
    }

    fn cell(kind: Kind, text: &str) -> Result<Value, Fault> {
        text_cell("c", &def(kind, Unit::Count, Holds::Text), Some(text), &Redactor::default())
    }

    #[test]
    fn texts_become_what_their_column_says() {
        assert_eq!(cell(Kind::Int, "12.0"), Ok(Value::Int(12)));
        assert_eq!(cell(Kind::Double, "NaN"), Ok(Value::Null));
        assert_eq!(cell(Kind::Bool, "t"), Ok(Value::Bool(true)));
        assert_eq!(
            cell(Kind::List, "[1,\"a\",null]"),
            Ok(Value::List(vec![Value::Int(1), Value::text("a"), Value::Null]))
        );
        assert_eq!(
            text_cell("c", &def(Kind::Int, Unit::Count, Holds::Text), None, &Redactor::default()),
            Ok(Value::Null)
        );
    }

    #[test]
    fn errors_that_are_no_longer_counted_by_name_are_not_none() {
        let text = include_str!("../../checks/probes/redis/info.toml");
        let probe: Probe = toml::from_str(text).unwrap();
        let oom = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let row = vec![Some("1".to_owned()); names.len()];
            texts(&probe, &names, &[row], &Redactor::default()).unwrap().get(0, "oom_errors")
        };
        assert_eq!(oom(&["connected_clients"]), Value::Int(0));
        assert_eq!(oom(&["connected_clients", "errorstat_ERRORSTATS_DISABLED"]), Value::Null);
        assert_eq!(oom(&["errorstat_OOM.count"]), Value::Int(1));
    }

    #[test]
    fn rubbish_is_refused_with_the_column_named() {
        let fault = cell(Kind::Int, "12 apples").unwrap_err();
        assert_eq!(fault.kind, FaultKind::Rubbish);
        assert!(fault.message.contains("column `c` holds `12 apples`"), "{fault}");
    }

    #[test]
    fn kubernetes_quantities_are_read() {
        let cpu = def(Kind::Double, Unit::Millicores, Holds::Quantity);
        let memory = def(Kind::Int, Unit::Bytes, Holds::Quantity);
        let read = |def: &ColumnDef, text: &str| text_cell("c", def, Some(text), &Redactor::default());
        assert_eq!(read(&cpu, "250m"), Ok(Value::Double(250.0)));
        assert_eq!(read(&cpu, "1.5"), Ok(Value::Double(1500.0)));
        assert_eq!(read(&memory, "512Mi"), Ok(Value::Int(536_870_912)));
        assert_eq!(read(&memory, "1e3"), Ok(Value::Int(1000)));
        assert!(read(&memory, "lots").is_err());
    }
}
