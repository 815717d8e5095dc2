//! `loadline audit`: a snapshot, live or recorded, and what it says.

use super::{AuditArgs, CliError, Outcome, output, sources};
use crate::{
    check::{evaluate, params::Overrides},
    exit::Exit,
    report::{self, Audit, Filter, Format, Human},
    snapshot::Snapshot,
};

pub(super) fn run(args: &AuditArgs, recorded: Option<&Snapshot>) -> Outcome {
    let formats = file_formats(args)?;
    let file = sources::file(args.sources.config.as_deref())?;
    let library = sources::library(&file, &args.choose.checks)?;
    let wanted = sources::wanted(&library, &args.choose)?;
    let from_file = args.snapshot.as_deref().map(read).transpose()?;
    let (snapshot, overrides) = if let Some(snapshot) = from_file.or_else(|| recorded.cloned()) {
        sources::nobody_named(&args.sources)?;
        // The thresholds of the target that the snapshot is about, where the file knows it.
        let below =
            file.as_ref().map(|(path, f)| f.overrides(&path.display().to_string(), Some(&snapshot.target.name)));
        let below = Overrides::new(below.unwrap_or_default());
        let overrides = sources::overrides(&library, &below, &args.choose)?;
        (snapshot, overrides)
    } else {
        let resolved = sources::target(&args.sources, &file)?;
        // Thresholds are checked before anybody is asked: a typing error must not cost a window.
        let overrides = sources::overrides(&library, &resolved.overrides, &args.choose)?;
        (sources::ask(resolved.target, &library, &wanted, &args.ask)?, overrides)
    };
    if let Some(path) = &args.save_snapshot {
        output::snapshot(path, &snapshot)?;
    }
    let findings = evaluate::judge(&library, &overrides, &snapshot, |check| wanted.contains(&check.def.id));
    let audit = Audit::new(&snapshot, findings);
    write(args, &audit, &formats)?;
    Ok(Exit::of(&audit.findings, args.fail_on))
}

fn read(path: &std::path::Path) -> Result<Snapshot, CliError> {
    Snapshot::read(&output::read(path)?).map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))
}

/// The format of every file, known before anything is asked.
fn file_formats(args: &AuditArgs) -> Result<Vec<Format>, CliError> {
    let format = |path: &std::path::PathBuf| {
        Format::of_file(path).ok_or_else(|| {
            CliError::Usage(format!("-o {}: the ending tells the format; expected .md, .json or .txt", path.display()))
        })
    };
    args.output.iter().map(format).collect()
}

fn write(args: &AuditArgs, audit: &Audit, formats: &[Format]) -> Result<(), CliError> {
    for (path, format) in args.output.iter().zip(formats) {
        let how = Human { width: 100, colour: false, filter: filter(args) };
        output::file(path, &render(audit, *format, how)?)?;
    }
    let format = args.format.or_else(|| args.output.is_empty().then_some(Format::Human));
    if let Some(format) = format {
        let how = Human { width: output::width(), colour: output::is_colourful(), filter: filter(args) };
        output::data(&render(audit, format, how)?)
    } else {
        if !args.ask.quiet {
            output::talk(&format!("{}: {}", audit.target.name, audit.summary.line()));
        }
        Ok(())
    }
}

fn filter(args: &AuditArgs) -> Filter {
    Filter { persona: args.persona, all: args.all }
}

fn render(audit: &Audit, format: Format, how: Human) -> Result<String, CliError> {
    match format {
        Format::Human => Ok(report::human(audit, how)),
        Format::Markdown => report::markdown(audit, how.filter).map_err(|error| CliError::Internal(error.to_string())),
        Format::Json => report::json(audit).map_err(|error| CliError::Internal(error.to_string())),
    }
}
