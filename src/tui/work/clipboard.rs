//! The clipboard of whoever sits there, also at the other end of an ssh: the terminal itself is told (OSC 52). Where it
//! would not heed that, the text goes into a file whose path is shown.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{quantity, snapshot::Unit, text, tui::model::Gravity};

/// The most bytes that are sent: many terminals drop a sequence of more than 100,000, and base 64 makes four of three.
const MOST: usize = 74_000;

/// The longest piece that GNU screen passes on.
const PIECE: usize = 512;

/// What stands between us and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Way {
    /// A multiplexer, which must be told to pass things on.
    through: Option<Multiplexer>,
    /// Whether the terminal is one that is known to heed nobody.
    is_deaf: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Multiplexer {
    Tmux,
    Screen,
}

/// Why the terminal is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Why {
    /// It takes no such text.
    Deaf,
    /// There is too much of it.
    Long,
}

impl Way {
    /// As the environment says.
    pub(in crate::tui) fn of_environment() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the terminal's own word on what it is")]
        Self::of(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let term = variable("TERM").unwrap_or_default();
        let through = if variable("TMUX").is_some() || term.starts_with("tmux") {
            Some(Multiplexer::Tmux)
        } else if variable("STY").is_some() || term.starts_with("screen") {
            Some(Multiplexer::Screen)
        } else {
            None
        };
        // Within a multiplexer these are the words of a terminal that may be long gone.
        let is_deaf = through.is_none()
            && (term == "linux"
                || variable("VTE_VERSION").is_some()
                || variable("TERM_PROGRAM").as_deref() == Some("Apple_Terminal"));
        Self { through, is_deaf }
    }

    /// What to write to the terminal.
    ///
    /// # Errors
    /// Why that would be in vain.
    pub(in crate::tui) fn sequence(self, text: &str) -> Result<Vec<u8>, Why> {
        if self.is_deaf {
            return Err(Why::Deaf);
        }
        if text.len() > MOST {
            return Err(Why::Long);
        }
        let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
        let bytes = match self.through {
            None => plain,
            // Once for a tmux that takes it itself (`set-clipboard on`), once for one that lets it pass.
            Some(Multiplexer::Tmux) => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
            Some(Multiplexer::Screen) => {
                let bytes = plain.as_bytes().chunks(PIECE).map(String::from_utf8_lossy);
                bytes.flat_map(|piece| ["\x1bP".into(), piece, "\x1b\\".into()]).collect::<String>()
            }
        };
        Ok(bytes.into_bytes())
    }
}

/// What is said once the terminal was told. Whether it heeds that, it does not say.
pub(in crate::tui) fn told(text: &str) -> String {
    format!("copied: {} to the terminal's clipboard", size(text))
}

/// Writes the text into a file instead, and says where it is.
pub(in crate::tui) fn keep(text: &str, why: Why) -> (Gravity, String) {
    let because = match why {
        Why::Deaf => "this terminal takes no clipboard",
        Why::Long => "too long for a terminal's clipboard",
    };
    let kept = crate::config::state_home()
        .ok_or_else(|| io::Error::other("there is neither XDG_STATE_HOME nor HOME"))
        .and_then(|state| write(&state.join("loadline"), text));
    match kept {
        Ok(path) => {
            (Gravity::Warning, format!("{because}: {} in {}", size(text), text::screen(&path.display().to_string())))
        }
        Err(error) => (Gravity::Error, format!("{because}, and a file cannot be written: {error}; set XDG_STATE_HOME")),
    }
}

/// Only its owner may read it: it may hold texts of queries.
#[expect(clippy::disallowed_methods, reason = "what is copied is kept where no terminal takes it")]
fn write(folder: &Path, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join("copied.md");
    // One that is there may be open to others.
    let _ = fs::remove_file(&path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    Ok(path)
}

fn size(text: &str) -> String {
    let lines = text.lines().count();
    #[expect(clippy::cast_precision_loss, reason = "a size that is shown")]
    let bytes = quantity::show(text.len() as f64, Unit::Bytes);
    format!("{lines} {}, {bytes},", if lines == 1 { "line" } else { "lines" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(pairs: &[(&str, &str)]) -> Way {
        Way::of(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    fn sent(pairs: &[(&str, &str)], text: &str) -> String {
        String::from_utf8(way(pairs).sequence(text).unwrap()).unwrap()
    }

    #[test]
    fn a_terminal_is_told_in_base_64() {
        assert_eq!(sent(&[("TERM", "xterm-256color")], "héllo\n"), "\x1b]52;c;aMOpbGxvCg==\x07");
    }

    #[test]
    fn a_multiplexer_is_told_to_pass_it_on() {
        let tmux = sent(&[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux,1,0")], "a");
        assert_eq!(tmux, "\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\");
        let screen = sent(&[("TERM", "screen")], &"a".repeat(3000));
        let pieces: Vec<&str> = screen.split_terminator("\x1b\\").collect();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= PIECE + 2 && piece.starts_with("\x1bP")));
        let whole: String = pieces.iter().map(|piece| &piece[2..]).collect();
        assert_eq!(whole, sent(&[], &"a".repeat(3000)));
    }

    #[test]
    fn what_a_terminal_would_not_heed_is_not_sent() {
        assert_eq!(way(&[("TERM", "linux")]).sequence("a"), Err(Why::Deaf));
        assert_eq!(way(&[("TERM", "xterm-256color"), ("VTE_VERSION", "6003")]).sequence("a"), Err(Why::Deaf));
        assert_eq!(way(&[]).sequence(&"a".repeat(MOST + 1)), Err(Why::Long));
        assert!(way(&[]).sequence(&"a".repeat(MOST)).unwrap().len() < 100_000);
        assert!(way(&[("TMUX", "x"), ("VTE_VERSION", "6003")]).sequence("a").is_ok());
    }

    #[test]
    fn a_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        for text in ["first, and longer", "second"] {
            let path = write(&folder.path().join("new"), text).unwrap();
            assert_eq!(io::read_to_string(fs::File::open(&path).unwrap()).unwrap(), text);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
