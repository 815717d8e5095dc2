//! The file that remembers how each target was looked at last. It is a convenience: what is wrong with it is told, and
//! stops nobody.

use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use crate::tui::views::Views;

/// The longest file that is read, in bytes: far more than this program writes.
const LONGEST: u64 = 1 << 24;

/// Reads the file; empty where there is none.
///
/// # Errors
/// What is wrong with it, and what becomes of it.
#[expect(clippy::disallowed_methods, reason = "this file is read and written here alone")]
pub fn read(path: &Path) -> Result<Views, String> {
    let said = |why: String| {
        format!("{}: {why}; the last view is not restored, and the file is written anew at leaving", path.display())
    };
    match std::fs::metadata(path) {
        Ok(about) if about.len() > LONGEST => return Err(said(format!("it is longer than {LONGEST} bytes"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Views::default()),
        _ => {}
    }
    let text = std::fs::read_to_string(path).map_err(|error| said(error.to_string()))?;
    Views::read(&text).map_err(said)
}

/// Writes the file: beside it first and then in its place, so that nobody ever reads half of it.
///
/// # Errors
/// What could not be done.
#[expect(clippy::disallowed_methods, reason = "this file is read and written here alone")]
pub fn write(path: &Path, views: &Views) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(format!(".views.{}.tmp", std::process::id()));
    let written = (|| {
        // A filter may hold what is nobody else's business.
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(views.text().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::{
        screen::{Tab, findings::Sort},
        views::View,
    };

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("loadline-views-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_lies_beside_it() {
        let folder = folder("written");
        let path = folder.join("loadline").join("views.json");
        assert_eq!(read(&path), Ok(Views::default()));
        let mut views = Views::default();
        let mut model = crate::tui::fixture::demo();
        crate::tui::fixture::press(&mut model, "2 s 6");
        let view = View::of(&model, crate::tui::theme::Palette::Ansi, None);
        assert_eq!((view.screen, view.sort), (Tab::Capacity, Sort::Check));
        views.remember("shop", view);
        write(&path, &views).unwrap();
        write(&path, &views).unwrap();
        assert_eq!(read(&path), Ok(views));
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test writes a broken file")]
    fn a_broken_file_is_told_and_can_be_written_over() {
        let folder = folder("broken");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("views.json");
        std::fs::write(&path, "{\"version\": 1, \"targets\": {\"shop\"").unwrap();
        let error = read(&path).unwrap_err();
        assert!(error.contains("views.json") && error.contains("written anew"), "{error}");
        write(&path, &Views::default()).unwrap();
        assert_eq!(read(&path), Ok(Views::default()));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
