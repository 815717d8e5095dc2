//! The journals of runs as a source: what was begun and not ended, what was changed for a time and still stands, and which
//! runbook was rehearsed when. A journal that cannot be read is a row that says why; it hides no other.

mod rows;

use std::{path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value as Json;

use super::{Asking, Hello, Question, Source, decode, files::apart, within};
use crate::snapshot::{Fault, FaultKind, Table};

/// Where the journals are, and what they are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunsPlace {
    /// The folder of all runs.
    pub folder: PathBuf,
    /// The target: runs on others are not its own.
    pub target: String,
    /// The runbooks that there are.
    pub runbooks: Vec<Known>,
}

/// A runbook that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How bad the situation is that it is for, in a word; empty where it does not say.
    pub severity: String,
}

pub(crate) struct Runs {
    place: RunsPlace,
    runs: Option<Arc<[rows::Past]>>,
}

impl Runs {
    pub(crate) fn new(place: RunsPlace) -> Self {
        Self { place, runs: None }
    }

    async fn hello(&mut self) -> Result<Hello, Fault> {
        let place = self.place.clone();
        self.runs = Some(apart(move || rows::read(&place)).await??.into());
        Ok(Hello::default())
    }

    fn answer(&self, question: Question<'_>) -> Result<Table, Fault> {
        let runs = self.runs.as_ref().ok_or_else(|| Fault::new(FaultKind::Gone, "the folder was not read"))?;
        let rows: Vec<Json> = match question.query.table.as_deref() {
            Some("runs") => runs.iter().map(rows::run).collect(),
            Some("temporary") => runs.iter().flat_map(rows::temporary).collect(),
            Some("rehearsals") => self.place.runbooks.iter().map(|known| rows::rehearsal(known, runs)).collect(),
            other => {
                let name = other.unwrap_or_default();
                let message = format!("there is no table `{name}`; expected runs, temporary or rehearsals");
                return Err(Fault::new(FaultKind::Missing, message));
            }
        };
        decode::rows(question.probe, &rows, question.redactor)
    }
}

impl Source for Runs {
    fn address(&self) -> String {
        format!("folder {}", self.place.folder.display())
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(within(deadline, "reading the journals", self.hello()))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(async move { self.answer(question) })
    }
}
