//! The layouts in which Redis answers.

use redis::Value;

use crate::snapshot::{Fault, FaultKind};

type Rows = (Vec<String>, Vec<Vec<Option<String>>>);

/// The text of a reply.
pub(super) fn text(reply: Value) -> Result<String, Fault> {
    match reply {
        Value::BulkString(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Ok(text),
        other => Err(Fault::new(FaultKind::Rubbish, format!("text is due and {} came", kind(&other)))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "nothing",
        Value::Int(_) => "a number",
        Value::Array(_) => "a list",
        Value::Map(_) => "a map",
        _ => "something else",
    }
}

/// A field of INFO.
pub(super) fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    fields(text).find(|(field, _)| *field == name).map(|(_, value)| value)
}

fn fields(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().map(str::trim_end).filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'))
}

/// `a=1,b=2`, as in keyspace, errorstats and slave lines.
fn parts(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value.split(',').filter_map(|part| part.split_once('='))
}

/// INFO as one row. A value of parts also gives each under `field.part`.
pub(super) fn one_row(text: &str) -> Rows {
    let (mut names, mut row) = (Vec::new(), Vec::new());
    for (name, value) in fields(text) {
        names.push(name.to_owned());
        row.push(Some(value.to_owned()));
        for (part, value) in parts(value) {
            names.push(format!("{name}.{part}"));
            row.push(Some(value.to_owned()));
        }
    }
    (names, vec![row])
}

/// Numbered lines of INFO (`slave0:ip=…,port=…`, `db0:keys=…`) as a row each, with the line's name as `line`.
pub(super) fn lines(text: &str, prefix: &str) -> Rows {
    let numbered = |name: &str| {
        name.strip_prefix(prefix).is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
    };
    let found: Vec<_> = fields(text).filter(|(name, value)| numbered(name) && value.contains('=')).collect();
    let mut names = vec!["line".to_owned()];
    for (part, _) in found.iter().flat_map(|(_, value)| parts(value)) {
        if !names.iter().any(|name| name == part) {
            names.push(part.to_owned());
        }
    }
    let rows = found.iter().map(|(line, value)| {
        let cell = |name: &String| parts(value).find(|(part, _)| part == name).map(|(_, v)| v.to_owned());
        std::iter::once(Some((*line).to_owned())).chain(names.iter().skip(1).map(cell)).collect()
    });
    let rows = rows.collect();
    (names, rows)
}

/// Name, value, name, value as one row.
pub(super) fn pairs(reply: Value) -> Result<Rows, Fault> {
    let flat: Vec<Value> = match reply {
        Value::Array(items) => items,
        Value::Map(pairs) => pairs.into_iter().flat_map(|(name, value)| [name, value]).collect(),
        other => {
            return Err(Fault::new(FaultKind::Rubbish, format!("a list of pairs is due and {} came", kind(&other))));
        }
    };
    let texts: Result<Vec<_>, _> = flat.into_iter().map(text).collect();
    let (mut names, mut row) = (Vec::new(), Vec::new());
    for pair in texts?.chunks_exact(2) {
        names.push(pair[0].clone());
        row.push(Some(pair[1].clone()));
    }
    Ok((names, vec![row]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Server\r\nredis_version:7.0.15\r\nerrorstat_OOM:count=12\r\nslave0:ip=::1,port=7,lag=1\r\nslave1:ip=h,port=8\r\n";

    #[test]
    fn info_becomes_one_row_with_the_parts_of_its_values() {
        let (names, rows) = one_row(TEXT);
        let at = names.iter().position(|n| n == "errorstat_OOM.count").unwrap();
        assert_eq!(rows[0][at].as_deref(), Some("12"));
        assert_eq!(field(TEXT, "redis_version"), Some("7.0.15"));
    }

    #[test]
    fn numbered_lines_become_rows() {
        let (names, rows) = lines(TEXT, "slave");
        assert_eq!(names, ["line", "ip", "port", "lag"]);
        assert_eq!(rows[1], [Some("slave1".into()), Some("h".into()), Some("8".into()), None]);
    }

    #[test]
    fn pairs_come_flat_or_as_a_map() {
        let reply = Value::Array(vec![Value::BulkString(b"save".to_vec()), Value::BulkString(b"".to_vec())]);
        assert_eq!(pairs(reply).unwrap(), (vec!["save".to_owned()], vec![vec![Some(String::new())]]));
        assert!(pairs(Value::Int(1)).is_err());
    }
}
