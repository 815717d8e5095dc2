//! What every format says in the same words.

use jiff::Timestamp;

use super::model::Audit;
use crate::{
    check::finding::{Evidence, Finding},
    quantity,
    snapshot::{Unit, Value},
    text,
};

/// How often and how far apart counters were sampled.
#[expect(clippy::cast_precision_loss, reason = "a window of milliseconds")]
pub(crate) fn window(audit: &Audit) -> String {
    match audit.snapshot.window_ms {
        0 => "one sample".to_owned(),
        ms => format!("two samples {} apart", quantity::show(ms as f64, Unit::Milliseconds)),
    }
}

/// Where a finding stands: source, time, window, age of statistics, how much was looked at.
pub(crate) fn ground(finding: &Finding, time: impl Fn(Timestamp) -> String) -> String {
    let ground = &finding.ground;
    let mut words = vec![ground.source.clone().unwrap_or_else(|| "the target".into())];
    words.extend(ground.observed_at.map(|at| format!("asked {}", time(at))));
    words.extend(ground.window_s.map(|window| format!("over {}", quantity::show(window, Unit::Seconds))));
    words.extend(ground.counting_since.as_ref().map(|since| format!("statistics since {since}")));
    words.extend(ground.rows_in_all.map(|total| format!("{} of {total} rows looked at", ground.rows)));
    words.join(", ")
}

/// Findings that say the same of the same subject, in order of first sight.
pub(crate) fn same_reason<'f>(findings: &[&'f Finding]) -> Vec<Vec<&'f Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let same = |group: &&mut Vec<&Finding>| {
            group.first().is_some_and(|f| f.subject == finding.subject && f.message == finding.message)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Evidence of several lines, such as a lock tree, that keeps its lines.
pub(crate) fn is_block(evidence: &Evidence) -> bool {
    evidence.value.as_str().is_some_and(|text| text.contains('\n'))
}

/// A value as people read it.
pub(crate) fn shown(value: &Value, unit: Unit) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::Int(_) | Value::Double(_) => value.as_f64().map(|n| quantity::show(n, unit)).unwrap_or_default(),
        Value::Text(t) if t.is_empty() => "-".to_owned(),
        Value::Text(t) => text::shorten(t, 300).into_owned(),
        Value::List(items) => items.iter().take(20).map(|item| shown(item, unit)).collect::<Vec<_>>().join(", "),
    }
}

/// Text as one line.
pub(crate) fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A multiple of today's load, rounded down so that it never promises more than is so: `1.3x`.
pub(crate) fn times(multiple: f64) -> String {
    format!("{}x", super::breaks::times(multiple.max(0.0)))
}

/// Money in the currency that the plan names.
pub(crate) fn money(amount: f64, currency: Option<&str>) -> String {
    let rounded = if amount.abs() >= 100.0 { amount.round() } else { (amount * 100.0).round() / 100.0 };
    let number = quantity::show(rounded, Unit::Count);
    currency.map_or_else(|| number.clone(), |currency| format!("{number} {currency}"))
}

/// The head of a text in so many columns, cut after a whole sentence where one ends there.
pub(crate) fn first_words(words: &str, columns: usize) -> String {
    let line = one_line(words);
    let head = text::shorten(&line, columns);
    let end = head.rfind(". ").filter(|_| head.len() < line.len() || head.ends_with('…'));
    match end {
        Some(end) => head[..=end].to_owned(),
        None => head.into_owned(),
    }
}

/// With a capital at its head and a full stop at its end.
pub(crate) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let head: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let end = if words.is_empty() || words.ends_with(['.', '!', '?', '…', ':']) { "" } else { "." };
    format!("{head}{}{end}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiple_never_promises_more() {
        let cases = [(1.399, "1.39x"), (2.0, "2x"), (0.999, "0.99x"), (-1.0, "0x"), (12.9, "12x")];
        for (multiple, shown) in cases {
            assert_eq!(times(multiple), shown);
        }
    }

    #[test]
    fn money_has_cents_where_they_count() {
        assert_eq!(money(0.123, Some("EUR")), "0.12 EUR");
        assert_eq!(money(12_345.6, None), "12,346");
    }

    #[test]
    fn a_long_remedy_ends_with_a_sentence() {
        assert_eq!(first_words("Do this. Then that.", 80), "Do this. Then that.");
        assert_eq!(first_words("Do this. Then that, and so on and on.", 20), "Do this.");
        assert_eq!(first_words("No end in sight at all", 10), "No end in…");
    }
}
