//! The runbooks that there are, for commands that need one of them.

use std::sync::Arc;

use super::{BooksArg, books, name_broken};
use crate::{
    cli::{CliError, sources},
    runbook::{library::Books, model::Runbook},
};

/// All runbooks that can be walked.
pub(super) struct Shelf(Books);

impl Shelf {
    /// The embedded runbooks with the user's folders over them. Broken files are named and hide no other.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub(super) fn open(args: &BooksArg, file: &sources::File) -> Result<Self, CliError> {
        let books = books(file, args)?;
        name_broken(&books);
        Ok(Self(books))
    }

    /// A runbook by its id.
    ///
    /// # Errors
    /// There is none; the error says what comes near.
    pub(super) fn book(&self, id: &str) -> Result<Arc<Runbook>, CliError> {
        self.0.get(id).cloned().ok_or_else(|| CliError::Usage(self.0.no_such(id)))
    }

    /// All of them.
    pub(super) fn books(&self) -> &Books {
        &self.0
    }
}
