//! `loadline capacity` alone: what the plan of a target comes to, and what it would come to with other numbers.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use jiff::{civil::Date, tz::TimeZone};

use super::{SheetFormat, read::Written, whatif_human};
use crate::{
    check::{evaluate::Bench, library::Library, relation::Relation},
    cli::{AskArgs, CliError, output, sources},
    config,
    exit::Exit,
    outlook::{self, Case, Factor, Flags, MONTH, Origin, Outlook},
    snapshot::Snapshot,
};

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "What the plan of a target comes to")]
pub(super) struct WhatIfArgs {
    /// The target whose plan it is [default: the snapshot's plan, else `default` or the only target of the file]
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    /// The configuration file [default: ./loadline.toml, then loadline/loadline.toml in the XDG folder]
    #[arg(long, value_name = "FILE", env = "LOADLINE_CONFIG")]
    config: Option<PathBuf>,
    /// Take what was measured from this snapshot, and the plan where no target is named
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Instead of the plan's growth: 30% a month; or how many times today's load, as --multiple
    #[arg(long, value_name = "SHARE|TIMES", value_parser = growth)]
    growth: Option<Growth>,
    /// Instead of the plan's target: 10x today's load
    #[arg(long, value_name = "TIMES", value_parser = times)]
    multiple: Option<Written>,
    /// Instead of the plan's peaks: the highest load is 6x the usual one
    #[arg(long, value_name = "TIMES", value_parser = times)]
    peak: Option<Written>,
    /// Instead of the plan's safety factor
    #[arg(long, value_name = "TIMES", value_parser = times)]
    safety: Option<Written>,
    /// Instead of the plan's count of a group of instances; may be given several times
    #[arg(long, value_name = "NAME=NUMBER", value_parser = named)]
    instances: Vec<(String, Written)>,
    /// Instead of the plan's size of a pool: connections that one instance opens; may be given several times
    #[arg(long, value_name = "NAME=NUMBER", value_parser = named)]
    pool_size: Vec<(String, Written)>,
    /// Look at this day, by growth, instead of at the plan's target
    #[arg(long, value_name = "DATE", conflicts_with_all = ["months", "multiple"])]
    at: Option<Date>,
    /// Look so many months ahead, by growth, instead of at the plan's target
    #[arg(long, value_name = "NUMBER", value_parser = super::read::number, conflicts_with = "multiple")]
    months: Option<Written>,
}

/// Growth as people mean it: a share each month, or how many times in the end.
#[derive(Debug, Clone, PartialEq)]
enum Growth {
    Monthly(Written),
    Multiple(Written),
}

fn growth(text: &str) -> Result<Growth, String> {
    let wrong = || format!("`{text}` is no growth; expected for example 30%/month, or 3 for three times today's load");
    let bare = ["/month", " a month"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim();
    if bare.ends_with('%') || bare.len() < text.len() {
        let written = super::read::share(bare).map_err(|_| wrong())?;
        let positive = written.value > 0.0 && written.value.is_finite();
        return positive.then_some(Growth::Monthly(Written { text: text.to_owned(), ..written })).ok_or_else(wrong);
    }
    times(bare).map(Growth::Multiple).map_err(|_| wrong())
}

/// `web=6`: how many of what the plan names so.
fn named(text: &str) -> Result<(String, Written), String> {
    let wrong = || format!("`{text}` is no name and number; expected for example web=6");
    let (name, number) = text.split_once('=').ok_or_else(wrong)?;
    let value = outlook::written::count(number).map_err(|_| wrong())?;
    let written = Written { value, text: number.trim().to_owned() };
    (!name.trim().is_empty()).then(|| (name.trim().to_owned(), written)).ok_or_else(wrong)
}

/// `6x` or `6`.
fn times(text: &str) -> Result<Written, String> {
    Ok(Written { value: outlook::written::times(text)?, text: text.to_owned() })
}

/// Works it out and shows it; none where there is neither a question nor a configuration.
pub(super) fn run(
    args: &WhatIfArgs,
    recorded: Option<&Snapshot>,
    format: SheetFormat,
) -> Result<Option<Exit>, CliError> {
    let measured = match &args.snapshot {
        Some(path) => {
            let named = |error| CliError::Usage(format!("{}: {error}", path.display()));
            Some(Snapshot::read(&output::read(path)?).map_err(named)?)
        }
        None => recorded.cloned(),
    };
    let file = sources::file(args.config.as_deref())?;
    if measured.is_none() && file.is_none() && args.target.is_none() {
        return Ok(None);
    }
    let library = sources::library(&file, &[])?;
    let planned = if measured.is_none() || args.target.is_some() {
        Some(ask(config::resolve_plan(args.target.as_deref(), file.as_ref()).map_err(sources::usage)?, &library)?)
    } else {
        None
    };
    let outlook = of(args, &library, planned.as_ref(), measured.as_ref())?;
    output::data(&match format {
        SheetFormat::Human => whatif_human::human(&outlook, output::width()),
        SheetFormat::Markdown => outlook.markdown(),
        SheetFormat::Json => {
            let text = serde_json::to_string_pretty(&outlook);
            text.map_err(|error| CliError::Internal(error.to_string()))? + "\n"
        }
    })?;
    Ok(Some(Exit::Ready))
}

/// Asks the plan as a source: its quantities become the same rows that an audit judges.
fn ask(target: config::Target, library: &Library) -> Result<Snapshot, CliError> {
    let args = AskArgs {
        load: None,
        window: Duration::ZERO,
        budget: None,
        connect_timeout: Duration::from_secs(5),
        keep_literals: false,
        quiet: true,
    };
    let probes: BTreeSet<String> = outlook::SECTIONS.iter().map(|id| (*id).to_owned()).collect();
    sources::ask(target, library, &probes, &args)
}

/// The plan of the target that was named, over what the snapshot measured.
fn of(
    args: &WhatIfArgs,
    library: &Library,
    planned: Option<&Snapshot>,
    measured: Option<&Snapshot>,
) -> Result<Outlook, CliError> {
    let snapshot = planned.or(measured).ok_or_else(|| CliError::Internal("neither plan nor snapshot".into()))?;
    let plan = Bench::new(library, snapshot);
    known("--instances", "a group of instances", &args.instances, "plan.instances", &plan)?;
    known("--pool-size", "a pool", &args.pool_size, "plan.pools", &plan)?;
    let servers = measured.map(|measured| Bench::new(library, measured));
    let none: &[Relation] = &[];
    let answers = |probe: &str| {
        if outlook::SECTIONS.contains(&probe) {
            plan.relations(probe)
        } else {
            servers.as_ref().map_or(none, |servers| servers.relations(probe))
        }
    };
    let flags = args.flags(snapshot.finished_at.to_zoned(TimeZone::UTC).date())?;
    Ok(Outlook::of(&snapshot.target.name, &Case::new(&answers, &flags, snapshot.finished_at)))
}

/// A name that the plan does not have would change nothing without a word.
fn known(flag: &str, what: &str, given: &[(String, Written)], probe: &str, plan: &Bench) -> Result<(), CliError> {
    let names: BTreeSet<String> = plan
        .relations(probe)
        .iter()
        .flat_map(|r| (0..r.table.rows()).filter_map(|row| r.get(row, "name").as_str().map(str::to_owned)))
        .collect();
    match given.iter().find(|(name, _)| !names.contains(name)) {
        None => Ok(()),
        Some((name, _)) if names.is_empty() => {
            Err(CliError::Usage(format!("{flag} {name}: the plan does not name {what}")))
        }
        Some((name, _)) => {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            Err(CliError::Usage(format!("{flag} {name}: the plan has no such name; it has {}", names.join(", "))))
        }
    }
}

impl WhatIfArgs {
    fn flags(&self, from: Date) -> Result<Flags, CliError> {
        let flag = |word: &str, name: &str, written: &Written| {
            Factor::exact(name, written.value, written.text.as_str(), Origin::Flag, word)
        };
        let (monthly, by_growth) = match &self.growth {
            Some(Growth::Monthly(written)) => (Some(flag("--growth", "growth", written)), None),
            Some(Growth::Multiple(written)) => (None, Some(flag("--growth", "multiple", written))),
            None => (None, None),
        };
        if by_growth.is_some() && (self.multiple.is_some() || self.months.is_some() || self.at.is_some()) {
            let why = "--growth as a multiple says what --multiple, --months and --at say: give one of them";
            return Err(CliError::Usage(why.into()));
        }
        let each = |word: &str, name: &str, all: &[(String, Written)]| {
            all.iter().map(|(of, written)| (of.clone(), flag(&format!("{word} {of}"), name, written))).collect()
        };
        Ok(Flags {
            instances: each("--instances", "instances", &self.instances),
            pools: each("--pool-size", "connections of one", &self.pool_size),
            growth: monthly,
            multiple: self.multiple.as_ref().map(|written| flag("--multiple", "multiple", written)).or(by_growth),
            peak: self.peak.as_ref().map(|written| flag("--peak", "peak factor", written)),
            safety: self.safety.as_ref().map(|written| flag("--safety", "safety", written)),
            months: match self.at {
                Some(at) => Some(flag("--at", "months", &until(at, from)?)),
                None => self.months.as_ref().map(|written| flag("--months", "months", written)),
            },
        })
    }
}

/// Months from one day to another, shown as the day.
fn until(at: Date, from: Date) -> Result<Written, CliError> {
    let days = at.since(from).map(|span| f64::from(span.get_days())).map_err(sources::usage)?;
    let ahead = days > 0.0;
    let written = Written { value: days / MONTH, text: at.to_string() };
    ahead.then_some(written).ok_or_else(|| CliError::Usage(format!("--at {at}: expected a day after {from}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_a_share_a_month_or_a_multiple() {
        for text in ["30%", "30%/month", "0.3/month", "30% a month"] {
            assert!(matches!(growth(text), Ok(Growth::Monthly(w)) if (w.value - 0.3).abs() < 1e-12), "{text}");
        }
        for text in ["3", "3x", "1K"] {
            assert!(matches!(growth(text), Ok(Growth::Multiple(w)) if w.value >= 3.0), "{text}");
        }
        for text in ["0.3", "-30%", "0%", "many", "30%/year", ""] {
            assert!(growth(text).unwrap_err().contains("30%/month"), "{text}");
        }
    }

    #[test]
    fn a_count_is_of_something_named() {
        assert!(matches!(named("web = 6"), Ok((name, n)) if name == "web" && n.text.trim() == "6"));
        for text in ["web", "web=", "=6", "web=0", "web=2.5", "web=-1"] {
            assert!(named(text).unwrap_err().contains("web=6"), "{text}");
        }
    }

    #[test]
    fn months_until_a_day_are_counted_in_days() {
        let from: Date = "2026-11-21".parse().unwrap();
        let year = until("2027-11-21".parse().unwrap(), from).unwrap();
        assert!((year.value - 365.0 / 30.4375).abs() < 1e-12);
        assert!(until(from, from).is_err());
    }
}
