//! `loadline check`: see, test and write checks.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

use super::{CheckCommand, ChooseArgs, CliError, Outcome, check_proof, output, sources};
use crate::{
    check::{
        definition::Persona,
        library::{Check, Library},
        probe::Query,
    },
    exit::Exit,
    quantity,
};

pub(super) fn run(command: &CheckCommand) -> Outcome {
    match command {
        CheckCommand::List { choose, config } => list(choose, config.config.as_deref()),
        CheckCommand::Show { id, choose, config } => show(id, choose, config.config.as_deref()),
        CheckCommand::Lint { path, config } => check_proof::lint(path.as_deref(), config.config.as_deref()),
        CheckCommand::New { id, folder } => new(id, folder.as_deref()),
        CheckCommand::Test { id, choose, config } => check_proof::test(id.as_deref(), choose, config.config.as_deref()),
    }
}

fn library(choose: &ChooseArgs, config: Option<&Path>) -> Result<Library, CliError> {
    sources::library(&sources::file(config)?, &choose.checks)
}

pub(super) fn find<'l>(library: &'l Library, id: &str) -> Result<&'l Check, CliError> {
    library.check(id).ok_or_else(|| {
        let near: Vec<_> = library
            .checks()
            .map(|c| c.def.id.as_str())
            .filter(|known| known.contains(id) || id.contains(*known))
            .collect();
        let hint = if near.is_empty() {
            "`loadline check list` shows them all".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        CliError::Usage(format!("no check `{id}`; {hint}"))
    })
}

fn list(choose: &ChooseArgs, config: Option<&Path>) -> Outcome {
    sources::no_thresholds(choose, "it lists checks as they are")?;
    let library = library(choose, config)?;
    let wanted = sources::wanted(&library, choose)?;
    let checks: Vec<_> = wanted.iter().filter_map(|id| library.check(id)).collect();
    let width = checks.iter().map(|check| check.def.id.len()).max().unwrap_or(0);
    let line = |check: &&Check| {
        let severity = format!("{:?}", check.def.severity).to_lowercase();
        format!("{:width$}  {severity:8}  {}\n", check.def.id, check.def.title)
    };
    output::data(&checks.iter().map(line).collect::<String>())?;
    Ok(Exit::Ready)
}

fn show(id: &str, choose: &ChooseArgs, config: Option<&Path>) -> Outcome {
    sources::no_thresholds(choose, "it shows a check as it is")?;
    let library = library(choose, config)?;
    let check = find(&library, id)?;
    output::data(&page(&library, check))?;
    Ok(Exit::Ready)
}

/// All that is to know of a check, in the order in which a reader asks.
fn page(library: &Library, check: &Check) -> String {
    let def = &check.def;
    let word = |p: &Persona| p.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default();
    let personas: Vec<_> = def.personas.iter().map(word).collect();
    let severity = format!("{:?}", def.severity).to_lowercase();
    let mut lines = vec![def.id.clone(), def.title.clone(), String::new()];
    lines.push(format!("severity {severity}, domain {}, for {}", def.domain, personas.join(", ")));
    lines.push(format!("file {}", check.file));
    lines.extend([String::new(), "Why it matters".into(), indent(&def.why)]);
    lines.extend([String::new(), "What to do".into(), indent(&def.fix)]);
    lines.extend([String::new(), format!("How it is measured (from {})", check.from)]);
    for probe in library.probes_of(std::iter::once(check)) {
        lines.push(format!("  probe {} of {}: {}", probe.id, probe.source.word(), probe.about));
        for query in &probe.query {
            lines.extend(wording(query));
        }
    }
    lines.extend([String::new(), "Rules; the first that holds decides, none is a pass".into()]);
    lines.extend(def.rules.iter().map(|rule| format!("  {}: {}", rule.status.word(), rule.when)));
    lines.extend(def.values.iter().map(|(name, value)| format!("  with value.{name} = {}", value.is)));
    if !def.params.is_empty() {
        lines.extend([String::new(), "Thresholds; change them in loadline.toml or by --set".into()]);
    }
    for (name, param) in &def.params {
        let shown = param.default.read(param.unit).map(|n| quantity::show(n, param.unit)).unwrap_or_default();
        lines.push(format!("  {name} = {shown}: {}", param.source));
    }
    lines.extend(def.links.iter().map(|link| format!("\n{link}")));
    lines.join("\n") + "\n"
}

/// One wording of a question, and for whom it is.
fn wording(query: &Query) -> Vec<String> {
    let conditions: Vec<_> = query.when.iter().map(|(fact, requirement)| format!("{fact} {requirement}")).collect();
    let head =
        if conditions.is_empty() { "asked".to_owned() } else { format!("asked where {}", conditions.join(" and ")) };
    let show = query.show.as_ref().map(|show| format!("SHOW {show}"));
    let command = query.command.as_ref().map(|words| words.join(" "));
    let table = query.table.as_ref().map(|table| format!("table {table}"));
    let text = query.sql.clone().or(show).or(command).or(query.path.clone()).or(table).unwrap_or_default();
    vec![format!("  {head}:"), indent(&indent(&text))]
}

fn indent(text: &str) -> String {
    text.trim().lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// A check that works, for each kind of source; its id begins with the kind.
const NEW: &[(&str, &str)] = &[
    ("postgres", include_str!("../../templates/check/postgres.toml")),
    ("pgbouncer", include_str!("../../templates/check/pgbouncer.toml")),
    ("redis", include_str!("../../templates/check/redis.toml")),
    ("kubernetes", include_str!("../../templates/check/kubernetes.toml")),
    ("loadtest", include_str!("../../templates/check/loadtest.toml")),
    ("plan", include_str!("../../templates/check/plan.toml")),
];

fn new(id: &str, folder: Option<&Path>) -> Outcome {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let Some((source, name)) = id.split_once('.').filter(|(source, name)| plain(source) && plain(name)) else {
        return Err(CliError::Usage(format!(
            "`{id}` is no id; expected <source>.<name> in lower case, such as postgres.big-tables"
        )));
    };
    let Some((_, template)) = NEW.iter().find(|(kind, _)| *kind == source) else {
        let kinds: Vec<_> = NEW.iter().map(|(kind, _)| *kind).collect();
        return Err(CliError::Usage(format!("`{source}` is no kind of source; expected {}", kinds.join(", "))));
    };
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => default_folder()?,
    };
    let path = folder.join(source).join(format!("{name}.toml"));
    if path.exists() {
        return Err(CliError::Usage(format!("{} is there already", path.display())));
    }
    make_folder(path.parent().unwrap_or(&folder))?;
    output::file(&path, &template.replace(&format!("{source}.my-check"), id))?;
    output::data(&format!("{}\n", path.display()))?;
    output::talk(
        "it works as it is; change it, then: loadline check lint FILE, loadline check test ID, loadline audit --only ID",
    );
    Ok(Exit::Ready)
}

fn default_folder() -> Result<PathBuf, CliError> {
    crate::config::own_checks()
        .ok_or_else(|| CliError::Usage("there is neither XDG_CONFIG_HOME nor HOME; give --folder DIR".into()))
}

#[expect(clippy::disallowed_methods, reason = "the folder that the operator asked for")]
fn make_folder(path: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(path).map_err(|error| CliError::Usage(format!("make {}: {error}", path.display())))
}
