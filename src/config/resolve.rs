//! From flags, environment and file to one target.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    endpoint,
    file::{ConfigError, ConfigFile},
    signed,
    target::{SourceConfig, Target},
};
use crate::{
    check::params::Overrides,
    snapshot::SourceKind,
    source::{
        Endpoint,
        postgres::conninfo::{ConnInfo, Env},
    },
};

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// A target of the file.
    pub target: Option<String>,
    /// `[name=]url`, for each PostgreSQL server.
    pub postgres: Vec<String>,
    /// `[name=]url`, for each PgBouncer console.
    pub pgbouncer: Vec<String>,
    /// `[name=]url`, for each Redis server.
    pub redis: Vec<String>,
    /// `[name=]folder-or-context`, for each cluster.
    pub kubernetes: Vec<String>,
    /// Databases to look into, for servers given by flag or environment.
    pub databases: Vec<String>,
    /// The folder of answers.
    pub attestations: Option<PathBuf>,
    /// The folder of waivers.
    pub waivers: Option<PathBuf>,
}

/// A target and its thresholds.
#[derive(Debug)]
pub struct Resolved {
    /// Whom to ask.
    pub target: Target,
    /// By which thresholds to judge.
    pub overrides: Overrides,
}

/// The configuration file: the one named, `./loadline.toml`, or `loadline/loadline.toml` in the XDG folder.
///
/// # Errors
/// A named file that cannot be read, or any that is not understood.
#[expect(clippy::disallowed_methods, reason = "the configuration is read here and nowhere else")]
pub fn find_file(named: Option<&Path>) -> Result<Option<(PathBuf, ConfigFile)>, ConfigError> {
    let candidates = match named {
        Some(path) => vec![path.to_owned()],
        None => std::iter::once(PathBuf::from("loadline.toml")).chain(xdg().map(|d| d.join("loadline.toml"))).collect(),
    };
    for path in candidates {
        let shown = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => return Ok(Some((path, ConfigFile::parse(&shown, &text)?))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {}
            Err(source) => return Err(ConfigError::Read { path: shown, source }),
        }
    }
    Ok(None)
}

/// Folders of own checks, the weakest first: the XDG folder, those of the file, those of flags.
pub fn check_folders(file: Option<&(PathBuf, ConfigFile)>, flags: &[PathBuf]) -> Vec<String> {
    let home = xdg().map(|d| d.join("checks")).filter(|d| d.is_dir());
    let of_file = file.into_iter().flat_map(|(path, file)| {
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        file.checks.iter().map(move |folder| base.join(folder))
    });
    home.into_iter().chain(of_file).chain(flags.iter().cloned()).map(|d| d.to_string_lossy().into_owned()).collect()
}

/// Folders of own templates, the weakest first: the XDG folder, `templates/` beside the file, those of flags.
pub fn template_folders(file: Option<&(PathBuf, ConfigFile)>, flags: &[PathBuf]) -> Vec<String> {
    let beside = file.and_then(|(path, _)| Some(path.parent()?.join("templates")));
    let own = xdg().map(|d| d.join("templates")).into_iter().chain(beside).filter(|d| d.is_dir());
    own.chain(flags.iter().cloned()).map(|d| d.to_string_lossy().into_owned()).collect()
}

/// Folders of own runbooks, the weakest first: the XDG folder, `runbooks/` beside the file, those of the file, those of
/// flags.
pub fn runbook_folders(file: Option<&(PathBuf, ConfigFile)>, flags: &[PathBuf]) -> Vec<String> {
    let base = file.map(|(path, _)| path.parent().unwrap_or(Path::new("")).to_owned());
    let beside = base.as_ref().map(|base| base.join("runbooks"));
    let own = xdg().map(|d| d.join("runbooks")).into_iter().chain(beside).filter(|d| d.is_dir());
    let named = file.into_iter().flat_map(|(_, file)| &file.runbooks);
    let of_file = named.filter_map(|folder| Some(base.as_ref()?.join(folder)));
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in own.chain(of_file).chain(flags.iter().cloned()) {
        // Named again it is as strong as where it is named last.
        folders.retain(|known| *known != folder);
        folders.push(folder);
    }
    folders.into_iter().map(|d| d.to_string_lossy().into_owned()).collect()
}

/// The user's own folder of checks, whether or not it is there.
pub fn own_checks() -> Option<PathBuf> {
    xdg().map(|d| d.join("checks"))
}

#[expect(clippy::disallowed_methods, reason = "the environment is read at this edge")]
pub(super) fn xdg() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    Some(set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?.join("loadline"))
}

/// The target that is meant.
///
/// # Errors
/// A name that the file does not have, a source that cannot be understood, or nobody to ask.
pub fn resolve(given: &Given, file: Option<&(PathBuf, ConfigFile)>, env: &Env) -> Result<Resolved, ConfigError> {
    let from_flags = from_flags(given, env)?;
    let named =
        given.target.clone().or_else(|| file.and_then(|(_, f)| f.default.clone())).or_else(|| only_target(file));
    let (name, environment, sources) = match (&named, from_flags.is_empty()) {
        (Some(name), true) => {
            let (environment, sources) = from_file(name, file, env)?;
            let planned = file.and_then(|(_, f)| f.targets.get(name)).is_some_and(|target| target.plan.is_some());
            if sources.is_empty() && !planned {
                let message = format!("the target `{name}` has no sources; add [targets.{name}.sources.NAME]");
                return Err(ConfigError::Meaning(message));
            }
            (name.clone(), environment, sources)
        }
        (None, true) if file.is_some_and(|(_, f)| !f.targets.is_empty()) => {
            let known: Vec<_> = file.iter().flat_map(|(_, f)| f.targets.keys().map(String::as_str)).collect();
            let message =
                format!("which target? the configuration has {}; name one, or set `default`", known.join(", "));
            return Err(ConfigError::Meaning(message));
        }
        (named, _) => {
            let sources = if from_flags.is_empty() { from_environment(env, given)? } else { from_flags };
            let name = named.clone().unwrap_or_else(|| "default".to_owned());
            (name, None, sources)
        }
    };
    let mut sources = sources;
    sources.extend(plan_of(named.as_deref(), file, &sources)?);
    if sources.is_empty() {
        return Err(ConfigError::Meaning(
            "nobody to ask: set DATABASE_URL, PGBOUNCER_URL or REDIS_URL (or libpq's PGHOST), give --postgres, --pgbouncer, --redis or \
             --kubernetes, or write a loadline.toml; \
             `loadline demo` needs none of them"
                .into(),
        ));
    }
    sources.extend(signed::source(given, file, named.as_deref(), &sources)?);
    let overrides =
        file.map(|(path, file)| file.overrides(&path.display().to_string(), named.as_deref())).unwrap_or_default();
    Ok(Resolved { target: Target { name, environment, sources }, overrides: Overrides::new(overrides) })
}

/// A target with its plan as its only source, for questions that no server answers: addresses and secrets of its
/// servers are not read.
///
/// # Errors
/// A name that the file does not have, no word on which target is meant, or a target without a plan.
pub fn resolve_plan(target: Option<&str>, file: Option<&(PathBuf, ConfigFile)>) -> Result<Target, ConfigError> {
    let (_, config) = file.ok_or_else(|| {
        ConfigError::Meaning(
            "there is no configuration file with a plan; write a loadline.toml or give --config".into(),
        )
    })?;
    let known = || config.targets.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let named = target.map(str::to_owned).or_else(|| config.default.clone()).or_else(|| only_target(file));
    let name = named.ok_or_else(|| {
        ConfigError::Meaning(format!("which target? the configuration has {}; name one, or set `default`", known()))
    })?;
    let of = config
        .targets
        .get(&name)
        .ok_or_else(|| ConfigError::Meaning(format!("no target `{name}`; the configuration has {}", known())))?;
    let plan = plan_of(Some(&name), file, &[])?.ok_or_else(|| {
        ConfigError::Meaning(format!(
            "the target `{name}` has no plan; write [targets.{name}.plan], `loadline schema config` has its keys"
        ))
    })?;
    Ok(Target { environment: of.environment.clone(), sources: vec![plan], name })
}

/// The target's plan as a source named `plan`, where it has one.
fn plan_of(
    target: Option<&str>,
    file: Option<&(PathBuf, ConfigFile)>,
    sources: &[SourceConfig],
) -> Result<Option<SourceConfig>, ConfigError> {
    let Some((name, plan)) = target.and_then(|name| Some((name, file?.1.targets.get(name)?.plan.as_ref()?))) else {
        return Ok(None);
    };
    let word = SourceKind::Plan.word();
    if sources.iter().any(|source| source.name == word) {
        let message = format!("the target `{name}` has a plan, which is asked as `{word}`; call its source otherwise");
        return Err(ConfigError::Meaning(message));
    }
    let endpoint = Endpoint::Plan(Arc::new(plan.clone()));
    Ok(Some(SourceConfig { name: word.to_owned(), endpoint, databases: Vec::new() }))
}

fn only_target(file: Option<&(PathBuf, ConfigFile)>) -> Option<String> {
    let (_, file) = file?;
    (file.targets.len() == 1).then(|| file.targets.keys().next().cloned())?
}

fn from_file(
    name: &str,
    file: Option<&(PathBuf, ConfigFile)>,
    env: &Env,
) -> Result<(Option<String>, Vec<SourceConfig>), ConfigError> {
    let Some((path, file)) = file else {
        return Err(ConfigError::Meaning(format!(
            "there is no configuration file that could have a target `{name}`; write a loadline.toml or give --config"
        )));
    };
    let Some(target) = file.targets.get(name) else {
        let known: Vec<_> = file.targets.keys().map(String::as_str).collect();
        return Err(ConfigError::Meaning(format!(
            "{}: no target `{name}`; it has {}",
            path.display(),
            known.join(", ")
        )));
    };
    let sources: Result<Vec<_>, _> = target
        .sources
        .iter()
        .map(|(source, of)| {
            let base = path.parent().unwrap_or(Path::new(""));
            let endpoint = endpoint::of_file(of, base, env).map_err(|message| {
                ConfigError::Meaning(format!("{}, targets.{name}.sources.{source}: {message}", path.display()))
            })?;
            Ok(SourceConfig { name: source.clone(), endpoint, databases: of.databases.clone() })
        })
        .collect();
    Ok((target.environment.clone(), sources?))
}

/// Flags name their sources or get names by kind and number.
fn from_flags(given: &Given, env: &Env) -> Result<Vec<SourceConfig>, ConfigError> {
    let mut sources = Vec::new();
    let lists = [
        (SourceKind::Postgres, &given.postgres),
        (SourceKind::PgBouncer, &given.pgbouncer),
        (SourceKind::Redis, &given.redis),
        (SourceKind::Kubernetes, &given.kubernetes),
    ];
    for (kind, list) in lists {
        for (at, text) in list.iter().enumerate() {
            let (name, value) = named(text, kind, at);
            let source = one(name, value, kind, given, env);
            sources.push(source.map_err(|message| ConfigError::Meaning(format!("--{}: {message}", kind.word())))?);
        }
    }
    let mut names: Vec<_> = sources.iter().map(|s| s.name.as_str()).collect();
    names.sort_unstable();
    if let Some((twice, _)) = names.iter().zip(names.iter().skip(1)).find(|(one, next)| one == next) {
        let message = format!("two sources are called `{twice}`; name them apart: --postgres NAME=URL");
        return Err(ConfigError::Meaning(message));
    }
    Ok(sources)
}

/// `name=url` or `name=host=… port=…`; the name is a plain word. `host=… port=…` has none: what stands before
/// its second `=` is two words.
fn named(text: &str, kind: SourceKind, at: usize) -> (String, &str) {
    let by_number = || if at == 0 { kind.word().to_owned() } else { format!("{}-{}", kind.word(), at + 1) };
    match text.split_once('=') {
        Some((name, rest)) if kind == SourceKind::Kubernetes || rest.contains("://") || is_pairs(rest) => {
            let plain =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if plain { (name.to_owned(), rest) } else { (by_number(), text) }
        }
        _ => (by_number(), text),
    }
}

/// Whether a text begins as a connection string does, with one word and `=`.
fn is_pairs(text: &str) -> bool {
    text.split_once('=').is_some_and(|(word, _)| !word.trim().contains(char::is_whitespace))
}

/// The source of a flag or variable; only PostgreSQL servers have databases to look into.
fn one(name: String, text: &str, kind: SourceKind, given: &Given, env: &Env) -> Result<SourceConfig, String> {
    let databases = if kind == SourceKind::Postgres { given.databases.clone() } else { Vec::new() };
    Ok(SourceConfig { name, endpoint: endpoint::of_text(kind, text, env)?, databases })
}

/// Without flags and file: `DATABASE_URL` or libpq's own variables, `PGBOUNCER_URL`, `REDIS_URL`.
fn from_environment(env: &Env, given: &Given) -> Result<Vec<SourceConfig>, ConfigError> {
    let mut sources = Vec::new();
    let mut add = |variable: &str, kind: SourceKind| -> Result<bool, ConfigError> {
        let Some(url) = env.var(variable).filter(|url| !url.is_empty()) else { return Ok(false) };
        let source = one(kind.word().to_owned(), url, kind, given, env);
        sources.push(source.map_err(|message| ConfigError::Meaning(format!("{variable}: {message}")))?);
        Ok(true)
    };
    let database = add("DATABASE_URL", SourceKind::Postgres)?;
    add("PGBOUNCER_URL", SourceKind::PgBouncer)?;
    add("REDIS_URL", SourceKind::Redis)?;
    if !database && ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"].iter().any(|name| env.var(name).is_some()) {
        let info =
            ConnInfo::resolve(None, None, env).map_err(|e| ConfigError::Meaning(format!("libpq environment: {e}")))?;
        let endpoint = Endpoint::Postgres(info);
        sources.insert(0, SourceConfig { name: "postgres".into(), endpoint, databases: given.databases.clone() });
    }
    Ok(sources)
}
