//! When an answer or a waiver ends: no later than it may, and not before it begins.

use jiff::{Span, civil::Date};

use crate::{quantity, readiness::pack::Question, snapshot::Unit};

/// How many days a waiver may be written for: a fail that is accepted for longer is another threshold.
const WAIVER_DAYS: i64 = 365;

/// The day that a text means, seen from today: `2027-01-31`, or `180d` from now.
///
/// # Errors
/// A sentence that says what was expected.
pub fn end(text: &str, today: Date) -> Result<Date, String> {
    if let Ok(day) = text.trim().parse() {
        return Ok(day);
    }
    let wrong = || format!("`{text}` is no day; expected for example 2027-01-31 or 180d");
    let seconds = quantity::parse(text, Unit::Seconds).map_err(|_| wrong())?;
    if !text.trim().ends_with(['d', 'w']) {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole days; a huge number saturates and is refused")]
    let days = (seconds / 86_400.0).floor() as i64;
    Span::new().try_days(days).and_then(|span| today.checked_add(span)).map_err(|_| wrong())
}

/// The last day of an answer that is given today; the latest that the question allows where none is wished.
///
/// # Errors
/// A day that has passed, or lies further away than the question allows.
pub fn of_answer(wished: Option<&str>, today: Date, question: &Question) -> Result<Date, String> {
    let latest = question.latest(today).ok_or_else(|| format!("`{}` reaches beyond the calendar", question.max_age))?;
    let Some(wished) = wished else { return Ok(latest) };
    let end = not_over(end(wished, today)?, today)?;
    if end > latest {
        return Err(format!(
            "{end} is too far away: an answer to this question holds at most {} ({latest})",
            question.max_age
        ));
    }
    Ok(end)
}

/// The last day of a waiver that is written today.
///
/// # Errors
/// A day that has passed, or lies more than a year away.
pub fn of_waiver(wished: &str, today: Date) -> Result<Date, String> {
    let end = not_over(end(wished, today)?, today)?;
    let latest = today.saturating_add(Span::new().days(WAIVER_DAYS));
    if end > latest {
        return Err(format!("{end} is more than a year away: change the threshold of the check instead"));
    }
    Ok(end)
}

fn not_over(end: Date, today: Date) -> Result<Date, String> {
    if end < today { Err(format!("{end} has passed; today is {today}")) } else { Ok(end) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::pack::Asked;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn question() -> Question {
        let (question, evidence) = ("Was a restore tested?".into(), String::new());
        Question { question, evidence, max_age: "30d".into(), two_person: false, asked: Asked::Instead }
    }

    #[test]
    fn an_end_is_a_day_or_days_from_now() {
        let end = |text| end(text, day("2026-01-31"));
        assert_eq!(end("2026-02-01"), Ok(day("2026-02-01")));
        assert_eq!(end("1d"), Ok(day("2026-02-01")));
        assert_eq!(end("2w"), Ok(day("2026-02-14")));
        for wrong in ["soon", "10", "5m", "99999999999d", "2026-02-30"] {
            assert!(end(wrong).unwrap_err().contains("is no day"), "{wrong}");
        }
    }

    #[test]
    fn an_answer_ends_when_its_question_says_or_before() {
        let of = |wished| of_answer(wished, day("2026-01-01"), &question());
        assert_eq!(of(None), Ok(day("2026-01-31")));
        assert_eq!(of(Some("30d")), Ok(day("2026-01-31")));
        assert!(of(Some("31d")).unwrap_err().contains("at most 30d (2026-01-31)"));
        assert!(of(Some("2025-12-31")).unwrap_err().contains("has passed"));
    }

    #[test]
    fn a_waiver_ends_within_a_year() {
        let of = |wished| of_waiver(wished, day("2026-01-01"));
        assert_eq!(of("365d"), Ok(day("2027-01-01")));
        assert!(of("366d").unwrap_err().contains("change the threshold"));
        assert!(of("2025-12-31").unwrap_err().contains("has passed"));
    }
}
