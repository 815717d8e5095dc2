//! `loadline report`: a judged snapshot as a document, by a template.

use super::{CliError, JudgeArgs, Outcome, ReportArgs, judged, output, sources};
use crate::{
    assets::templates,
    config,
    exit::FailOn,
    report::{self, Audit, Filter, Format, Templates},
    snapshot::Snapshot,
};

/// The template of a whole report.
pub(super) const WHOLE: &str = "report";

pub(super) fn run(args: &ReportArgs, recorded: Option<&Snapshot>) -> Outcome {
    let is_html = is_html(args)?;
    // A mistake in a template must not cost a window of asking.
    let templates = load(&args.judge, &args.template, &args.templates)?;
    let judged = judged::run(&args.judge, recorded)?;
    let filter = Filter { persona: args.persona, all: args.all };
    let text = render(&templates, &args.template, &judged.audit, filter, is_html)?;
    match &args.output {
        Some(path) => output::file(path, &text)?,
        None => output::data(&text)?,
    }
    Ok(judged::exit(&args.judge, &judged.audit, FailOn::Never))
}

/// Whether a page for a browser is wanted: by flag, or by the ending of the file.
fn is_html(args: &ReportArgs) -> Result<bool, CliError> {
    let ending = args.output.as_ref().map(|path| (path, Format::of_file(path)));
    match ending {
        None | Some((_, Some(Format::Markdown))) => Ok(args.html),
        Some((_, Some(Format::Html))) => Ok(true),
        Some((_, None)) if args.html => Ok(true),
        Some((path, _)) => {
            Err(CliError::Usage(format!("-o {}: the ending tells the format; expected .md or .html", path.display())))
        }
    }
}

/// The embedded templates with the user's laid over them.
pub(super) fn load(judge: &JudgeArgs, wanted: &str, folders: &[std::path::PathBuf]) -> Result<Templates, CliError> {
    let file = sources::file(judge.sources.config.as_deref())?;
    if let Some(lost) = folders.iter().find(|folder| !folder.is_dir()) {
        return Err(CliError::Usage(format!("--templates {}: no such folder", lost.display())));
    }
    let folders = config::template_folders(file.as_ref(), folders);
    let files = templates::layered(&folders, &Templates::file_of(wanted)).map_err(sources::usage)?;
    Templates::new(files).and_then(|templates| templates.knows(wanted).map(|()| templates)).map_err(sources::usage)
}

/// An audit by a template, as Markdown or as a page.
pub(super) fn render(
    templates: &Templates,
    name: &str,
    audit: &Audit,
    filter: Filter,
    is_html: bool,
) -> Result<String, CliError> {
    let markdown = templates.markdown(name, audit, filter).map_err(sources::usage)?;
    Ok(if is_html { report::html(audit, &markdown) } else { markdown })
}
