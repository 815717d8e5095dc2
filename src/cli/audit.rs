//! `loadline audit`: a snapshot, live or recorded, and what it says.

use super::{AuditArgs, CliError, Outcome, history, judged, output, report as document, sources};
use crate::{
    report::{self, Audit, Filter, Format, Human, Templates},
    snapshot::Snapshot,
};

pub(super) fn run(args: &AuditArgs, recorded: Option<&Snapshot>) -> Outcome {
    let formats = file_formats(args)?;
    let documents = formats.iter().copied().chain(args.format).any(|f| matches!(f, Format::Markdown | Format::Html));
    // A mistake in a template must not cost a window of asking.
    let templates = documents.then(|| document::load(&args.judge, document::WHOLE, &[])).transpose()?;
    let judged = judged::run(&args.judge, recorded)?;
    if let Some(path) = &args.save_snapshot {
        output::snapshot(path, &judged.snapshot)?;
    }
    write(args, &judged.audit, &formats, templates.as_ref())?;
    if recorded.is_none() && args.judge.snapshot.is_none() {
        let file = sources::file(args.judge.sources.config.as_deref())?;
        history::remember(args, &file, &judged.audit);
    }
    Ok(judged::exit(&args.judge, &judged.audit, args.fail_on))
}

/// The format of every file, known before anything is asked.
fn file_formats(args: &AuditArgs) -> Result<Vec<Format>, CliError> {
    let format = |path: &std::path::PathBuf| {
        Format::of_file(path).ok_or_else(|| {
            CliError::Usage(format!(
                "-o {}: the ending tells the format; expected .md, .html, .json or .txt",
                path.display()
            ))
        })
    };
    args.output.iter().map(format).collect()
}

fn write(args: &AuditArgs, audit: &Audit, formats: &[Format], templates: Option<&Templates>) -> Result<(), CliError> {
    for (path, format) in args.output.iter().zip(formats) {
        let how = Human { width: 100, colour: false, filter: filter(args) };
        output::file(path, &render(audit, *format, how, templates)?)?;
    }
    let format = args.format.or_else(|| args.output.is_empty().then_some(Format::Human));
    if let Some(format) = format {
        let how = Human { width: output::width(), colour: output::is_colourful(), filter: filter(args) };
        output::data(&render(audit, format, how, templates)?)
    } else {
        if !args.judge.ask.quiet {
            output::talk(&format!("{}: {}", audit.target.name, audit.summary.line()));
        }
        Ok(())
    }
}

fn filter(args: &AuditArgs) -> Filter {
    Filter { persona: args.persona, all: args.all }
}

fn render(audit: &Audit, format: Format, how: Human, templates: Option<&Templates>) -> Result<String, CliError> {
    match (format, templates) {
        (Format::Markdown | Format::Html, Some(templates)) => {
            document::render(templates, document::WHOLE, audit, how.filter, format == Format::Html)
        }
        (Format::Json, _) => report::json(audit).map_err(|error| CliError::Internal(error.to_string())),
        (Format::Human | Format::Markdown | Format::Html, _) => Ok(report::human(audit, how)),
    }
}
