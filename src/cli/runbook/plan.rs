//! `loadline runbook plan`: looks ahead at a whole run. It has eyes on the target and no hands, so that it cannot act.

use std::{collections::BTreeMap, path::Path};

use super::{
    PlanArgs,
    args::PlanFormat,
    begin, runs,
    shelf::Shelf,
    talk::{self, Look},
    world,
};
use crate::{
    cli::{CliError, Outcome, output, sources},
    clock,
    exit::Exit,
    runbook::{
        journal::{Journal, New},
        model::Runbook,
        open::{Begun, who},
        plan::{self, Given, Preview, Program},
        port::Values,
        record::{Mode, Started},
    },
    secret::Secret,
    snapshot::Snapshot,
};

pub(super) fn run(args: &PlanArgs, recorded: Option<&Snapshot>) -> Outcome {
    let file = sources::file(args.begin.sources.config.as_deref())?;
    let shelf = Shelf::open(&args.begin.books, &file)?;
    let world = world::of(&args.begin, &file, recorded)?;
    let runtime = super::runtime()?;
    let (begun, preview) = runtime.block_on(async {
        let begun = begin::begin(&args.begin, &shelf, &world).await?;
        let (values, origins) = known(&begun);
        let given = Given {
            book: &begun.book,
            values: &values,
            origins: &origins,
            finding: begun.finding.clone(),
            programs: programs(&begun.book),
            second_person: world.second_person,
        };
        let preview = plan::preview(given, &*world.eyes).await;
        Ok::<_, CliError>((begun, preview))
    })?;
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    if !args.no_record {
        let folder = runs::folder(&args.runs, &file)?;
        let run = record(args, &begun.book, &preview, &folder)?;
        output::talk(&format!("kept as {run}: the evidence of a rehearsal"));
    }
    let look = Look { width: output::width(), colour: output::is_colourful() };
    output::data(&match args.format {
        PlanFormat::Human => talk::preview(&preview, look),
        PlanFormat::Json => {
            serde_json::to_string_pretty(&preview).map_err(|error| CliError::Internal(error.to_string()))? + "\n"
        }
    })?;
    Ok(if preview.is_ready() { Exit::Ready } else { Exit::Unproven })
}

/// Values with their origins.
fn known(begun: &Begun) -> (Values, BTreeMap<String, String>) {
    let mut values = Values::default();
    let mut origins = BTreeMap::new();
    for (name, value, origin) in &begun.values {
        if begun.book.param(name).is_some_and(|param| param.secret) {
            values.set_secret(name, Secret::new(value));
        } else {
            values.set(name, value);
        }
        origins.insert(name.clone(), origin.clone());
    }
    (values, origins)
}

/// The programs that a runbook names, looked for where a shell would look. None is started.
#[expect(clippy::disallowed_methods, reason = "the path on which programs of a step would be found")]
fn programs(book: &Runbook) -> Vec<Program> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let find = |name: &String| {
        let places = std::env::split_paths(&path).map(|folder| folder.join(name));
        places.into_iter().find(|place| is_program(place)).map(|place| place.display().to_string())
    };
    book.programs.iter().map(|name| Program { name: name.clone(), path: find(name) }).collect()
}

fn is_program(place: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    place.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Keeps the preview as a journal of its own kind, which no run can be made of.
fn record(args: &PlanArgs, book: &Runbook, preview: &Preview, folder: &Path) -> Result<String, CliError> {
    let (at, host) = (clock::now(), who::host());
    let new = New { runs: folder, runbook: &book.id, text: &book.text, host: &host, at };
    let mut journal = Journal::create(&new).map_err(sources::usage)?;
    let started = Started::new(
        book,
        journal.run(),
        Mode::Plan,
        (who::operator(args.operator.as_deref()), host.clone()),
        (preview.target.clone(), preview.environment.clone()),
        preview.finding.clone(),
    );
    for stamped in plan::records(preview, started, at) {
        journal.append(&stamped).map_err(sources::usage)?;
    }
    Ok(journal.run().to_owned())
}
