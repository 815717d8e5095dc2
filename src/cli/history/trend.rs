//! A number of a finding over time.

use serde::Serialize;

use super::{Desk, HistoryFormat, TrendArgs, json, target};
use crate::{
    cli::{CliError, Outcome, output, sources},
    clock,
    exit::Exit,
    history::{
        Point,
        plot::{Size, plot},
    },
    quantity,
    report::lines::Lines,
    snapshot::Unit,
    text,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
const VERSION: u32 = 1;

/// How many of the latest figures are told one by one.
const FIGURES: usize = 10;

#[derive(Serialize)]
struct Trend<'a> {
    version: u32,
    target: &'a str,
    check: &'a str,
    subject: &'a str,
    number: &'a str,
    unit: Unit,
    points: &'a [Point],
}

pub(super) fn run(args: &TrendArgs) -> Outcome {
    let desk = Desk::open(&args.place)?;
    let target = target::find(&desk, args.target.as_deref())?;
    let history = desk.history()?;
    let numbers = history.numbers(&target, &args.check, &args.subject).map_err(sources::usage)?;
    let wanted = |(name, unit): &&(String, Unit)| match &args.number {
        Some(number) => name == number,
        None => *unit != Unit::Id,
    };
    let Some((number, unit)) = numbers.iter().find(wanted) else {
        return Err(missing(&desk, &target, args, &numbers));
    };
    let points = history.trend(&target, &args.check, &args.subject, number).map_err(sources::usage)?;
    // A number that a later version of a check counts in another unit is another number.
    let unit = points.last().map_or(*unit, |point| point.unit);
    let points: Vec<Point> = points.into_iter().filter(|point| point.unit == unit).collect();
    let (check, subject) = (args.check.as_str(), args.subject.as_str());
    let trend = Trend { version: VERSION, target: &target, check, subject, number, unit, points: &points };
    match args.format {
        HistoryFormat::Human => output::data(&human(&trend, &numbers))?,
        HistoryFormat::Json => json(&trend)?,
    }
    Ok(Exit::Ready)
}

/// What there is instead of what was asked for.
fn missing(desk: &Desk, target: &str, args: &TrendArgs, numbers: &[(String, Unit)]) -> CliError {
    let listed = |all: &[String]| all.iter().flat_map(|one| ["\n  ".into(), text::screen(one)]).collect::<String>();
    if !numbers.is_empty() {
        let names: Vec<_> = numbers.iter().map(|(name, _)| name.clone()).collect();
        return CliError::Usage(format!("this finding has no such number; it has:{}", listed(&names)));
    }
    let subjects = match desk.history().map(|history| history.subjects(target, &args.check)) {
        Ok(Ok(subjects)) => subjects,
        Ok(Err(error)) => return sources::usage(error),
        Err(error) => return error,
    };
    let (check, target) = (text::screen(&args.check), text::screen(target));
    if subjects.is_empty() {
        return CliError::Usage(format!(
            "past audits of `{target}` have no finding of `{check}`; `loadline check list` shows the checks"
        ));
    }
    if subjects.contains(&args.subject) {
        return CliError::Usage(format!(
            "findings of `{check}` about `{}` have no numbers: those that are in order keep none",
            text::screen(&args.subject)
        ));
    }
    CliError::Usage(format!("past audits have no such subject of `{check}`; they have:{}", listed(&subjects)))
}

fn human(trend: &Trend, numbers: &[(String, Unit)]) -> String {
    let mut lines = Lines::new(output::width(), output::is_colourful());
    lines.wrapped(
        "",
        "  ",
        &format!("{}, {}: {}", trend.check, text::screen(trend.subject), text::screen(trend.number)),
    );
    lines.line("");
    let points: Vec<_> = trend.points.iter().map(|point| (point.at, point.value)).collect();
    for row in plot(&points, trend.unit, Size { width: output::width(), height: 12, ascii: true }) {
        lines.line(&row);
    }
    lines.line("");
    let told = |name: &str, point: Option<&Point>| {
        point.map(|point| {
            #[expect(clippy::cast_precision_loss, reason = "an age in seconds")]
            let seconds = (clock::now().as_second() - point.at.as_second()).max(0) as f64;
            let (value, age) = (quantity::show(point.value, trend.unit), quantity::show(seconds, Unit::Seconds));
            format!("{name:6} {value:>12}  {}  {age} ago", point.at.strftime("%Y-%m-%d %H:%M UTC"))
        })
    };
    let least = trend.points.iter().min_by(|a, b| a.value.total_cmp(&b.value));
    let most = trend.points.iter().max_by(|a, b| a.value.total_cmp(&b.value));
    for line in [told("last", trend.points.last()), told("least", least), told("most", most)].into_iter().flatten() {
        lines.line(&line);
    }
    lines.line("");
    for point in trend.points.iter().rev().take(FIGURES) {
        let value = quantity::show(point.value, trend.unit);
        lines.line(&format!(
            "  {}  {value:>12}  {:7}  audit {}",
            point.at.strftime("%Y-%m-%d %H:%M"),
            point.status.word(),
            point.audit
        ));
    }
    if trend.points.len() > FIGURES {
        lines.line(&format!("  and {} before; --format json tells all", trend.points.len() - FIGURES));
    }
    let others: Vec<_> =
        numbers.iter().filter(|(name, _)| name != trend.number).map(|(name, _)| name.as_str()).collect();
    if !others.is_empty() {
        lines.line("");
        lines.wrapped("", "  ", &text::screen(&format!("other numbers: {}", others.join(", "))));
    }
    lines.into_text()
}
