//! Reports: made by a template, laid out, written to a file. All of it takes a while, and none of it is waited for. It is not
//! cancelled: it computes over the findings in memory, and who goes on before it is there is not kept from anything.

use std::{
    io::{ErrorKind, Write as _},
    path::Path,
    sync::Arc,
};

use super::{Events, Ground};
use crate::{
    assets::templates,
    check::definition::Persona,
    config,
    report::{self, Audit, Filter, Format, Templates},
    tui::{
        event::Event,
        screen::report::{News, Wish, Written},
        widget::Markdown,
    },
};

/// Starts what is wished.
pub(super) fn begin(ground: &Arc<std::sync::OnceLock<Arc<Ground>>>, wish: Wish, events: &Events) {
    let (ground, events) = (ground.get().cloned(), events.clone());
    tokio::task::spawn_blocking(move || {
        let _ = events.send(Event::Report(of(ground.as_deref(), wish)));
    });
}

fn of(ground: Option<&Ground>, wish: Wish) -> News {
    match wish {
        Wish::Make { template, audit, persona, laid } => make(ground, template, audit, persona, laid),
        Wish::Lay { text, laid } => News::Laid(Arc::new(Markdown::new(&text, laid.0, laid.1))),
        Wish::Write { path, text, audit, over } => match write(&path, &text, &audit, over) {
            Ok(Wrote::Done(shown, bytes)) => News::Saved(shown, bytes),
            Ok(Wrote::There) => News::There(path),
            Err(why) => News::NotSaved(path, why),
        },
    }
}

fn make(
    ground: Option<&Ground>,
    template: String,
    audit: Arc<Audit>,
    persona: Option<Persona>,
    (width, ascii): (usize, bool),
) -> News {
    let folders = config::template_folders(ground.and_then(|ground| ground.config.as_ref()), &[]);
    let names = names(&folders);
    let made = templates::layered(&folders, &Templates::file_of(&template))
        .map_err(|error| error.to_string())
        .and_then(|files| Templates::new(files).map_err(|error| error.to_string()))
        .and_then(|templates| {
            templates.markdown(&template, &audit, Filter { persona, all: false }).map_err(|error| error.to_string())
        });
    match made {
        Ok(text) => {
            let laid = Arc::new(Markdown::new(&text, width, ascii));
            News::Made(Arc::new(Written { template, audit, text: text.into(), laid, names }))
        }
        Err(words) => News::NotMade(words, names),
    }
}

/// The templates that can be chosen: the embedded ones, and those in the user's folders.
fn names(folders: &[String]) -> Vec<String> {
    let embedded = templates::embedded();
    let mut names: Vec<String> = embedded.iter().filter_map(|file| name(&file.name)).collect();
    names.extend(folders.iter().flat_map(|folder| listed(folder)).filter_map(|file| name(&file)));
    names.sort_unstable();
    names.dedup();
    // The whole report leads: it is what is shown at first.
    names.sort_by_key(|name| name != "report");
    names
}

/// The name of a template of audits, of its file's; the record of a run is none.
fn name(file: &str) -> Option<String> {
    let name = file.strip_suffix(".md")?;
    (!name.contains('/') && name != "incident" && name != "README").then(|| name.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the user's folders of templates are listed")]
fn listed(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

enum Wrote {
    /// Where, and how many bytes.
    Done(String, usize),
    /// The file is there, and nobody said that it may be overwritten.
    There,
}

fn write(path: &str, text: &str, audit: &Audit, over: bool) -> Result<Wrote, String> {
    let file = Path::new(path);
    let text = match Format::of_file(file) {
        Some(Format::Markdown) => text.to_owned(),
        Some(Format::Html) => report::html(audit, text),
        _ => return Err(format!("{path}: the ending tells the format; expected .md or .html")),
    };
    let mut options = std::fs::OpenOptions::new();
    // Asked of the file system in one step: what appears in between is not overwritten.
    let opened =
        if over { options.write(true).create(true).truncate(true) } else { options.write(true).create_new(true) };
    let written = opened.open(file).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            let shown = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
            Ok(Wrote::Done(shown.display().to_string(), text.len()))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Wrote::There),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(format!("{path}: its folder is not there; make it, or name another file"))
        }
        Err(error) => Err(format!("{path}: {error}")),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files of the test")]
mod tests {
    use super::*;
    use crate::tui::fixture;

    #[test]
    fn every_template_that_is_offered_can_be_made_of_the_demo() {
        let names = names(&[]);
        assert_eq!(names.first().map(String::as_str), Some("report"));
        for name in names {
            match make(None, name.clone(), fixture::audit(), None, (77, false)) {
                News::Made(written) => {
                    assert!(written.laid.len() > 1, "{name}: {}", written.text);
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_template_that_is_not_there_is_told_with_those_that_are() {
        let News::NotMade(words, names) = make(None, "nothing".into(), fixture::audit(), None, (77, false)) else {
            panic!("made")
        };
        assert!(words.contains("no template `nothing`") && words.contains("brief"), "{words}");
        assert!(names.contains(&"brief".to_owned()));
    }

    #[test]
    fn a_file_is_written_once_and_overwritten_only_by_consent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.md").display().to_string();
        let audit = fixture::audit();
        assert!(matches!(write(&path, "# a\n", &audit, false), Ok(Wrote::Done(_, 4))));
        assert!(matches!(write(&path, "# other\n", &audit, false), Ok(Wrote::There)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "# a\n");
        assert!(matches!(write(&path, "# b\n", &audit, true), Ok(Wrote::Done(..))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "# b\n");
        let page = folder.path().join("r.html").display().to_string();
        write(&page, "# a\n", &audit, false).unwrap_or_else(|why| panic!("{why}"));
        assert!(std::fs::read_to_string(&page).unwrap().starts_with("<!DOCTYPE html>"));
        let why = |path: &str| write(path, "x", &audit, false).err().unwrap_or_default();
        assert!(why("r.pdf").contains("expected .md or .html"));
        assert!(why(&folder.path().join("no/r.md").display().to_string()).contains("its folder is not there"));
        assert!(!why(&folder.path().display().to_string()).is_empty(), "a folder is no file");
    }
}
