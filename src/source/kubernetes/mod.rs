//! Kubernetes by two roads: the user's own `kubectl get --raw` (their credentials plugins, proxies and
//! contexts come for free), or a folder of saved answers.

mod folder;
mod identity;
mod kubectl;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde_json::Value as Json;
use serde_json_path::JsonPath;

use super::{Asking, Hello, Question, Source, decode, within};
use crate::{
    check::probe::ColumnDef,
    snapshot::{Fault, FaultKind, Redactor, Table, Value},
};

/// Where the objects come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of JSON or YAML files: lists or single objects.
    Folder(PathBuf),
    /// `kubectl`, with a context of its kubeconfig.
    Kubectl {
        /// The program.
        program: String,
        /// The context; the current one where none is given.
        context: Option<String>,
    },
}

pub(crate) struct Kubernetes {
    place: Place,
    folder: Option<folder::Objects>,
}

impl Kubernetes {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, folder: None }
    }

    async fn hello(&mut self, deadline: Duration) -> Result<Hello, Fault> {
        let mut hello = Hello::default();
        match &self.place {
            Place::Folder(path) => {
                self.folder = Some(folder::read(path)?);
                hello.notes.push("read from files: as old as they are".into());
            }
            Place::Kubectl { program, context } => {
                let version = kubectl::get(program, context.as_deref(), "/version", deadline).await?;
                if let Some(version) = version.get("gitVersion").and_then(Json::as_str) {
                    hello.facts.insert("server".into(), Value::text(version.trim_start_matches('v')));
                }
            }
        }
        Ok(hello)
    }

    async fn objects(&self, question: Question<'_>) -> Result<Vec<Json>, Fault> {
        match &self.place {
            Place::Folder(_) => {
                let kind = question.query.kind.as_deref().unwrap_or_default();
                let objects =
                    self.folder.as_ref().ok_or_else(|| Fault::new(FaultKind::Gone, "the folder was not read"))?;
                objects.of_kind(kind, question.query.path.as_deref().unwrap_or_default())
            }
            Place::Kubectl { program, context } => {
                let path = question.query.path.as_deref().unwrap_or_default();
                kubectl::list(program, context.as_deref(), path, question.deadline).await
            }
        }
    }

    async fn answer(&self, question: Question<'_>) -> Result<Table, Fault> {
        let objects = self.objects(question).await?;
        let split = question.query.split.as_deref().map(path).transpose()?;
        let paths: Result<Vec<_>, Fault> =
            question.probe.columns.iter().map(|(name, def)| Ok((name, def, Field::parse(def, name)?))).collect();
        let paths = paths?;
        let mut table = decode::empty(question.probe);
        for object in &objects {
            let parts = split.as_ref().map_or_else(|| vec![object], |split| split.query(object).all());
            for part in parts {
                let cells: Result<Vec<_>, _> = paths
                    .iter()
                    .map(|(name, def, field)| field.cell(name, def, object, part, question.redactor))
                    .collect();
                decode::push(&mut table, cells?)?;
            }
        }
        Ok(table)
    }
}

/// Where a column's value is: in the object, or in the part of it that is the row.
struct Field {
    path: JsonPath,
    of_part: bool,
}

impl Field {
    fn parse(def: &ColumnDef, name: &str) -> Result<Self, Fault> {
        let text = def.field.as_deref().unwrap_or(name);
        let of_part = text.starts_with('@');
        let text = if of_part { text.replacen('@', "$", 1) } else { text.to_owned() };
        Ok(Self { path: path(&text)?, of_part })
    }

    fn cell(
        &self,
        name: &str,
        def: &ColumnDef,
        object: &Json,
        part: &Json,
        redactor: &Redactor,
    ) -> Result<Value, Fault> {
        let found = self.path.query(if self.of_part { part } else { object }).all();
        decode::json_cell(name, def, &found, redactor)
    }
}

fn path(text: &str) -> Result<JsonPath, Fault> {
    JsonPath::parse(text).map_err(|error| Fault::new(FaultKind::Rubbish, format!("`{text}` is no JSONPath: {error}")))
}

impl Source for Kubernetes {
    fn address(&self) -> String {
        match &self.place {
            Place::Folder(path) => format!("folder {}", path.display()),
            Place::Kubectl { context, .. } => format!("kubectl, {}", context.as_deref().unwrap_or("current context")),
        }
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(within(deadline, "reading the cluster's version", self.hello(deadline)))
    }

    fn identify(&mut self, deadline: Duration) -> Asking<'_, BTreeMap<String, String>> {
        Box::pin(within(deadline, "reading the cluster's identity", identity::who(&self.place, deadline)))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(within(question.deadline, "the answer", self.answer(question)))
    }
}
