//! The file beside the journal that has all output, up to a cap.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

/// The most that the file takes, in bytes.
pub(super) const CAP: u64 = 8 * 1024 * 1024;

/// Keeps lines. The file is made with the first one, readable by its owner alone.
pub(super) struct Keep {
    path: PathBuf,
    file: Option<File>,
    written: u64,
    lost: u64,
    trouble: Option<String>,
}

impl Keep {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), file: None, written: 0, lost: 0, trouble: None }
    }

    /// Whether more can be kept.
    pub(super) fn has_room(&self) -> bool {
        self.lost == 0 && self.trouble.is_none()
    }

    pub(super) fn line(&mut self, line: &[u8], clear: impl Fn(&[u8]) -> String) {
        if !self.has_room() {
            self.lost += line.len() as u64 + 1;
            return;
        }
        let text = clear(line) + "\n";
        if self.written + text.len() as u64 > CAP {
            self.write(&format!("[truncated here: this file takes {CAP} bytes]\n"));
            self.lost = line.len() as u64 + 1;
        } else {
            self.write(&text);
        }
    }

    fn write(&mut self, text: &str) {
        let result = self.open().and_then(|file| file.write_all(text.as_bytes()));
        self.written += text.len() as u64;
        if let Err(error) = result {
            self.trouble = Some(format!("its output could not be kept in {}: {error}", self.path.display()));
        }
    }

    fn open(&mut self) -> std::io::Result<&mut File> {
        if self.file.is_none() {
            let mut options = File::options();
            options.create(true).write(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            self.file = Some(options.open(&self.path)?);
        }
        self.file.as_mut().ok_or_else(|| std::io::Error::other("the file is not open"))
    }

    /// The file's name where there is one, and what went wrong.
    pub(super) fn finish(mut self) -> (Option<String>, Option<String>) {
        if self.lost > 0 && self.trouble.is_none() {
            self.write(&format!("[truncated {} bytes]\n", self.lost));
        }
        let name = self.file.as_ref().and_then(|_| self.path.file_name()?.to_str().map(str::to_owned));
        (name, self.trouble)
    }
}
