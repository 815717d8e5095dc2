//! `loadline runbook lint`: whether runbooks are right.

use std::path::Path;

use super::LintArgs;
use crate::{
    assets::runbooks::{self, RunbookFile, Unread},
    cli::{CliError, Outcome, output, sources},
    clock, config,
    exit::Exit,
    runbook::{
        document::Mistake,
        library::{Books, Broken},
        lint::{Around, lint},
    },
};

pub(super) fn run(args: &LintArgs) -> Outcome {
    let file = sources::file(args.config.config.as_deref())?;
    let mut library = sources::library(&file, &args.books.checks)?;
    let folders = config::runbook_folders(file.as_ref(), &args.books.runbooks);
    let (mut files, mut unread) = runbooks::layered(&folders).map_err(sources::usage)?;
    let named = args.path.as_deref().map(|path| add(path, &mut files, &mut unread)).transpose()?;
    let books = Books::load(&files, &unread);
    let meant = |shown: &str| named.as_ref().is_none_or(|named| named.iter().any(|name| name == shown));
    let mut tally = Tally::default();
    for broken in books.broken().iter().filter(|broken| meant(&broken.shown)) {
        tally.tell(broken);
    }
    let (ids, today) = (books.ids(), clock::now().to_zoned(jiff::tz::TimeZone::UTC).date());
    for book in books.iter().filter(|book| meant(&book.shown)) {
        let mistakes = lint(book, &mut Around { library: &mut library, books: &ids, today });
        tally.tell(&Broken { shown: book.shown.clone(), mistakes, text: book.text.clone() });
    }
    tally.end()
}

/// Lays a file or folder over the others; what its files are called.
fn add(path: &Path, files: &mut Vec<RunbookFile>, unread: &mut Vec<Unread>) -> Result<Vec<String>, CliError> {
    let mut lost = Vec::new();
    let found = if path.is_dir() {
        runbooks::of_folder(&path.to_string_lossy(), &mut lost).map_err(sources::usage)?
    } else {
        let text = runbooks::of_file(path);
        let text = text.map_err(|why| CliError::Usage(format!("read {}: {why}", path.display())))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = path.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
        vec![RunbookFile { path: name, folder: Some(folder), text }]
    };
    let named = found.iter().map(RunbookFile::shown).chain(lost.iter().map(|lost| lost.shown.clone())).collect();
    // What the configuration's folders hold already is the same file, not a second one.
    files.retain(|file| !found.iter().any(|over| over.shown() == file.shown() || over.path == file.path));
    unread.retain(|file| !lost.contains(file));
    files.extend(found);
    unread.extend(lost);
    Ok(named)
}

/// What was found, counted.
#[derive(Default)]
struct Tally {
    files: usize,
    grave: usize,
    notes: usize,
    text: String,
}

impl Tally {
    fn tell(&mut self, file: &Broken) {
        self.files += 1;
        for mistake in &file.mistakes {
            *(if mistake.grave { &mut self.grave } else { &mut self.notes }) += 1;
            self.text += &Mistake::show(mistake, &file.shown, &file.text);
            self.text += "\n\n";
        }
    }

    fn end(self) -> Outcome {
        if self.files == 0 {
            return Err(CliError::Usage("there is no runbook there (.md)".into()));
        }
        output::data(&self.text)?;
        let count = |n: usize, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
        let mistakes = if self.grave == 0 { "no mistakes".to_owned() } else { count(self.grave, "mistake") };
        let notes = if self.notes == 0 { String::new() } else { format!(", {}", count(self.notes, "note")) };
        output::talk(&format!("{}, {mistakes}{notes}", count(self.files, "runbook")));
        Ok(if self.grave == 0 { Exit::Ready } else { Exit::NotReady })
    }
}
