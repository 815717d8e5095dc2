//! Results of load tests as dated evidence: a folder of record files, one a test, each beside the result file of
//! the tool that ran it. A test that cannot be read is a row that says why; it hides no other.

mod folder;
mod measured;
mod record;
mod rows;
mod tool;

use std::{path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value as Json;

use super::{Asking, Hello, Question, Source, decode, files::apart, within};
use crate::snapshot::{Fault, FaultKind, Table};

pub(crate) struct LoadTest {
    folder: PathBuf,
    tests: Option<Arc<[folder::Test]>>,
}

impl LoadTest {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, tests: None }
    }

    async fn hello(&mut self) -> Result<Hello, Fault> {
        let folder = self.folder.clone();
        self.tests = Some(apart(move || folder::records(&folder)).await??.into());
        Ok(Hello::default())
    }

    async fn answer(&self, question: Question<'_>) -> Result<Table, Fault> {
        let tests = self.tests.clone().ok_or_else(|| Fault::new(FaultKind::Gone, "the folder was not read"))?;
        let folder = self.folder.clone();
        let rows: Vec<Json> = match question.query.table.as_deref() {
            Some("runs") => apart(move || tests.iter().map(|test| run(&folder, test)).collect()).await?,
            Some("levels") => tests.iter().flat_map(levels).collect(),
            other => {
                let message = format!("there is no table `{}`; expected runs or levels", other.unwrap_or_default());
                return Err(Fault::new(FaultKind::Missing, message));
            }
        };
        decode::rows(question.probe, &rows, question.redactor)
    }
}

fn run(folder: &std::path::Path, (name, record): &folder::Test) -> Json {
    match record {
        Ok(record) => rows::run(name, record, folder::result(folder, record)),
        Err(why) => rows::unread(name, why),
    }
}

fn levels((name, record): &folder::Test) -> Vec<Json> {
    match record {
        Ok(record) => rows::levels(name, record),
        Err(why) => vec![rows::unread(name, why)],
    }
}

impl Source for LoadTest {
    fn address(&self) -> String {
        format!("folder {}", self.folder.display())
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(within(deadline, "reading the folder", self.hello()))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(within(question.deadline, "reading the results", self.answer(question)))
    }
}
