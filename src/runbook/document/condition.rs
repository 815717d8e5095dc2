//! Conditions: `CHECK [of SUBJECT]: passes | does not fail | fails | EXPRESSION`.

use crate::runbook::model::{Condition, Expectation, Place};

/// Reads the body of a fence `check`.
///
/// # Errors
/// What was expected, with the offset in the body.
pub(super) fn read(body: &str, place: Place) -> Result<Condition, (usize, String)> {
    let begin = body.len() - body.trim_start().len();
    let mut lines = body.trim().lines();
    let first = lines.next().unwrap_or_default().trim();
    let says = lines.next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    if let Some(more) = lines.map(str::trim).find(|line| !line.is_empty()) {
        return Err((
            begin,
            format!("`{more}`: a condition is one line, and one more with what to say where it does not hold"),
        ));
    }
    let wanted = "expected `CHECK: passes`, `CHECK of SUBJECT: does not fail`, `CHECK: fails` or `CHECK: EXPRESSION`";
    let wrong = |what: &str| (begin, format!("{what}; {wanted}"));
    if first.is_empty() {
        return Err(wrong("there is no condition"));
    }
    let end = first.find(|c: char| !is_id(c)).unwrap_or(first.len());
    let (check, rest) = first.split_at(end);
    if check.is_empty() || !check.contains('.') {
        return Err(wrong(&format!("`{first}` does not begin with the id of a check")));
    }
    let (subject, rest) = match rest.trim_start().strip_prefix("of ") {
        Some(rest) => {
            let (subject, rest) = of(rest.trim_start()).ok_or_else(|| wrong("after the subject comes a colon"))?;
            (Some(subject), rest)
        }
        None => (None, rest.trim_start().strip_prefix(':').ok_or_else(|| wrong("after the check comes a colon"))?),
    };
    let expect = match rest.trim() {
        "" => return Err(wrong("after the colon comes what must be true")),
        "passes" => Expectation::Passes,
        "does not fail" => Expectation::DoesNotFail,
        "fails" => Expectation::Fails,
        expression => Expectation::Holds(expression.to_owned()),
    };
    if let Some(subject) = subject.as_deref().filter(|subject| subject.contains('$'))
        && super::words::reference(subject).is_none()
    {
        return Err(wrong(&format!("`{subject}`: a subject is a pattern with `*`, or `$name` as a whole")));
    }
    Ok(Condition { check: check.to_owned(), subject, expect, says, place })
}

fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// The subject, bare up to its colon or in double quotes, and what follows the colon.
fn of(text: &str) -> Option<(String, &str)> {
    if let Some(inner) = text.strip_prefix('"') {
        let (subject, rest) = inner.split_once('"')?;
        return Some((subject.to_owned(), rest.trim_start().strip_prefix(':')?)).filter(|(s, _)| !s.is_empty());
    }
    // Subjects have colons of their own (`primary:shop`); the one that ends them has a space after it.
    let (subject, rest) = text.split_once(": ")?;
    Some((subject.trim().to_owned(), rest)).filter(|(subject, _)| !subject.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let cases = [
            ("postgres.lag: passes", None, Expectation::Passes, None),
            ("postgres.lag of $server: does not fail\n", Some("$server"), Expectation::DoesNotFail, None),
            ("a.b of primary:shop*: fails\nit says so", Some("primary:shop*"), Expectation::Fails, Some("it says so")),
            ("a.b of \"x: y\": passes", Some("x: y"), Expectation::Passes, None),
            ("a.b: row.x ? row.a < 1 : row.b", None, Expectation::Holds("row.x ? row.a < 1 : row.b".into()), None),
        ];
        for (text, subject, expect, says) in cases {
            let read = read(text, Place::default()).unwrap();
            assert_eq!((read.subject.as_deref(), read.expect, read.says.as_deref()), (subject, expect, says), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for wrong in [
            "",
            "lag: passes",
            "a.b passes",
            "a.b of x",
            "a.b:",
            "a.b of : passes",
            "a.b of x$y: passes",
            "a.b: passes\n\n\nx\n",
        ] {
            assert!(read(wrong, Place::default()).is_err(), "{wrong}");
        }
    }
}
