//! `loadline runbook log`: the runs there were, and the record of one.

use std::path::Path;

use serde::Serialize;

use super::{
    LogArgs, LogFormat, runs,
    talk::{self, Look},
};
use crate::{
    assets::templates,
    cli::{CliError, Outcome, output, sources},
    config,
    exit::Exit,
    report::{self, Templates},
    runbook::{incident::Incident, open, runs::Run},
};

/// The file of the template.
const TEMPLATE: &str = "incident";

pub(super) fn run(args: &LogArgs) -> Outcome {
    let file = sources::file(args.config.config.as_deref())?;
    let folder = runs::folder(&args.runs, &file)?;
    let Some(asked) = &args.run else { return list(args, &folder) };
    let format = format(args)?;
    let told = open::tell(&folder, &runs::find(&folder, asked)?).map_err(sources::usage)?;
    if let Some(torn) = &told.torn {
        output::talk(&format!("note: {torn}"));
    }
    let incident = told.incident();
    let text = match format {
        LogFormat::Human => talk::timeline(&incident, look()),
        LogFormat::Markdown => markdown(args, &file, &incident)?,
        LogFormat::Json => json(&incident)?,
    };
    write(args.output.as_deref(), &text)?;
    Ok(Exit::Ready)
}

/// The format: of the flag, or by the ending of the file.
fn format(args: &LogArgs) -> Result<LogFormat, CliError> {
    if args.markdown {
        return Ok(LogFormat::Markdown);
    }
    let ending = args.output.as_ref().map(|path| (path, path.extension().and_then(std::ffi::OsStr::to_str)));
    match ending {
        None => Ok(args.format),
        Some((_, Some("md" | "markdown"))) => Ok(LogFormat::Markdown),
        Some((_, Some("json"))) => Ok(LogFormat::Json),
        Some((_, Some("txt"))) => Ok(LogFormat::Human),
        Some((path, _)) => Err(CliError::Usage(format!(
            "-o {}: the ending tells the format; expected .md, .json or .txt",
            path.display()
        ))),
    }
}

fn list(args: &LogArgs, folder: &Path) -> Outcome {
    let all = runs::all(folder)?;
    let text = match args.format {
        LogFormat::Human if !args.markdown => runs::list(&all, folder, look()),
        LogFormat::Json => json(&all.iter().map(Line::of).collect::<Vec<_>>())?,
        _ => {
            return Err(CliError::Usage("the record is of one run: name it; `loadline runbook log` lists them".into()));
        }
    };
    output::data(&text)?;
    Ok(Exit::Ready)
}

/// A run of the list, as programs read it.
#[derive(Serialize)]
struct Line<'a> {
    run: &'a str,
    runbook: Option<&'a str>,
    target: Option<&'a str>,
    operator: Option<&'a str>,
    began_at: Option<String>,
    last_at: Option<String>,
    stands: String,
    resumes: bool,
}

impl<'a> Line<'a> {
    fn of(run: &'a Run) -> Self {
        Self {
            run: &run.id,
            runbook: run.started.as_ref().map(|s| s.runbook.as_str()),
            target: run.started.as_ref().map(|s| s.target.as_str()),
            operator: run.operator.as_deref(),
            began_at: run.began_at.map(|at| at.to_string()),
            last_at: run.last_at.map(|at| at.to_string()),
            stands: run.standing.words(),
            resumes: run.standing.resumes(),
        }
    }
}

/// The record as Markdown, by the template with the user's laid over it.
fn markdown(args: &LogArgs, file: &sources::File, incident: &Incident) -> Result<String, CliError> {
    if let Some(lost) = args.templates.iter().find(|folder| !folder.is_dir()) {
        return Err(CliError::Usage(format!("--templates {}: no such folder", lost.display())));
    }
    let folders = config::template_folders(file.as_ref(), &args.templates);
    let files = templates::layered(&folders, &Templates::file_of(TEMPLATE)).map_err(sources::usage)?;
    let templates = Templates::new(files).map_err(sources::usage)?;
    report::incident::markdown(&templates, incident).map_err(sources::usage)
}

fn json(value: &impl Serialize) -> Result<String, CliError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| CliError::Internal(error.to_string()))?;
    Ok(text + "\n")
}

fn write(path: Option<&Path>, text: &str) -> Result<(), CliError> {
    match path {
        Some(path) => output::file(path, text),
        None => output::data(text),
    }
}

fn look() -> Look {
    Look { width: output::width(), colour: output::is_colourful() }
}
