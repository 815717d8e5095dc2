//! Files of knowledge: TOML or YAML, unknown keys refused, every mistake with its place.

use crate::{
    assets::AssetFile,
    check::{
        probe::{Probe, Query, Shape},
        version::Requirement,
    },
    snapshot::{SourceKind, not_one_question},
};

/// Something wrong with a file, and where.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}{}: {message}", place(*.line, *.column))]
pub struct FileError {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 where it is about the whole file or the message shows the place itself.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

fn place(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}:{column}") }
}

/// Reads TOML, or YAML by its ending; unknown keys are refused with their place.
pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &AssetFile) -> Result<T, FileError> {
    let ending = std::path::Path::new(&file.path).extension();
    let yaml = ending.is_some_and(|ending| ending == "yaml" || ending == "yml");
    let read = if yaml {
        serde_saphyr::from_str(&file.text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&file.text).map_err(|error| error.to_string())
    };
    read.map_err(|message| FileError { file: file.shown(), line: 0, column: 0, message: message.trim_end().to_owned() })
}

pub(super) fn checked_probe(probe: Probe, file: &AssetFile) -> Result<Probe, FileError> {
    if probe.id.is_empty() {
        return Err(whole(file, "the probe has no id"));
    }
    crate::quantity::parse(&probe.deadline, crate::snapshot::Unit::Seconds)
        .map_err(|m| at(file, &probe.deadline, 0, m))?;
    for name in probe.key.iter().chain(&probe.resets).chain(&probe.since) {
        if !probe.columns.contains_key(name) {
            return Err(at(file, name, 0, format!("`{name}` is no column of this probe")));
        }
    }
    if probe.query.is_empty() {
        return Err(whole(file, "the probe asks nothing; add a [[query]]"));
    }
    for query in &probe.query {
        checked_query(query, probe.source, file)?;
    }
    Ok(probe)
}

fn checked_query(query: &Query, source: SourceKind, file: &AssetFile) -> Result<(), FileError> {
    let given = [
        query.sql.is_some(),
        query.show.is_some(),
        query.command.is_some(),
        query.path.is_some(),
        query.table.is_some(),
    ];
    let expected = match source {
        SourceKind::Postgres => ("sql", [true, false, false, false, false]),
        SourceKind::PgBouncer => ("show", [false, true, false, false, false]),
        SourceKind::Redis => ("command", [false, false, true, false, false]),
        SourceKind::Kubernetes => ("path", [false, false, false, true, false]),
        SourceKind::Attestation | SourceKind::Plan | SourceKind::LoadTest | SourceKind::Runs => {
            ("table", [false, false, false, false, true])
        }
    };
    if given != expected.1 {
        return Err(whole(
            file,
            &format!("a query for {} has `{}` and nothing of the others", source.word(), expected.0),
        ));
    }
    if (query.shape == Shape::Lines) != query.prefix.is_some() {
        return Err(whole(file, "`shape = \"lines\"` goes with a `prefix`, such as `slave`, and no other shape does"));
    }
    if let Some((sql, why)) = query.sql.as_deref().and_then(|sql| Some((sql, not_one_question(sql)?))) {
        return Err(at(file, sql.trim(), 0, format!("this SQL cannot be asked: {why}")));
    }
    for requirement in query.when.values() {
        Requirement::parse(requirement).map_err(|message| at(file, requirement, 0, message))?;
    }
    Ok(())
}

pub(super) fn whole(file: &AssetFile, message: &str) -> FileError {
    FileError { file: file.shown(), line: 0, column: 0, message: message.to_owned() }
}

/// An error at a place of the file: where `needle` stands in it, and `offset` bytes on. The line is
/// shown with a caret, as the readers of TOML and YAML do for theirs.
pub(crate) fn at(file: &AssetFile, needle: &str, offset: usize, message: impl Into<String>) -> FileError {
    let message = message.into();
    let Some(start) = file.text.find(needle).filter(|_| !needle.is_empty()) else {
        return whole(file, &message);
    };
    let offset =
        (start..=start + offset.min(needle.len())).rev().find(|i| file.text.is_char_boundary(*i)).unwrap_or(start);
    let before = &file.text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    let text = file.text.lines().nth(line - 1).unwrap_or_default();
    let gutter = line.to_string().len();
    let caret = format!("{:gutter$} |\n{line} | {text}\n{:gutter$} | {:>column$}", "", "", "^");
    FileError { file: file.shown(), line, column, message: format!("{message}\n{caret}") }
}
