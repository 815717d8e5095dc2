//! The layers together, on planted environments.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::env::MemoryFiles;
use super::{ConnInfo, ConnInfoError, Env};
use crate::secret::Secret;

mod faults;
mod layers;
mod leaks;
mod passwords;
mod tls;

/// An environment of a user named `me` whose home is `/home/me`.
fn env(vars: &[(&str, &str)], files: &[(&str, u32, &str)]) -> Env {
    let files = files.iter().map(|(path, mode, text)| (PathBuf::from(path), (*mode, (*text).to_owned())));
    Env {
        vars: vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        home: Some(PathBuf::from("/home/me")),
        os_user: Some("me".to_owned()),
        files: Box::new(MemoryFiles(files.collect::<BTreeMap<_, _>>())),
    }
}

fn resolve(text: &str, env: &Env) -> ConnInfo {
    ConnInfo::resolve(Some(text), None, env).unwrap_or_else(|error| panic!("{text}: failed to {error}"))
}

fn refuse(text: &str, env: &Env) -> ConnInfoError {
    match ConnInfo::resolve(Some(text), None, env) {
        Ok(info) => panic!("{text} was accepted as {info:?}"),
        Err(error) => error,
    }
}

fn password(info: &ConnInfo) -> Option<&str> {
    info.hosts()[0].password.as_ref().map(Secret::expose)
}
