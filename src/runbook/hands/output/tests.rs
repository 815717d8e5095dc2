#![expect(clippy::disallowed_methods, reason = "what was kept is read back")]

use std::{path::PathBuf, sync::Mutex};

use super::*;

struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

fn print(pieces: &[(Pipe, &[u8])], secrets: &[&str], file: Option<PathBuf>, secret: bool) -> (Printed, Heard) {
    let heard = Heard(Mutex::new(Vec::new()));
    let happens = |what: Happening| {
        if let Happening::Line(line) = what {
            heard.0.lock().unwrap().push(line);
        }
    };
    let redactor = Redactor::new(secrets.iter().map(|secret| (*secret).to_owned()), false);
    let stage = Stage {
        happens: &happens,
        stop: tokio::sync::watch::channel(false).1,
        redactor: &redactor,
        output: file,
        wants_value: true,
        value_is_secret: secret,
    };
    let mut output = Output::new(&stage);
    for (pipe, piece) in pieces {
        output.push(*pipe, piece);
    }
    let printed = output.finish();
    (printed, heard)
}

#[test]
fn pipes_are_read_apart_and_both_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("step-1.out");
    let pieces: [(Pipe, &[u8]); 5] = [
        (Pipe::Out, b"the pass is corr"),
        (Pipe::Err, b"warning: \x1b[31mred\x1b[0m\n"),
        (Pipe::Out, b"ect horse\n"),
        (Pipe::Err, b"Y29ycmVjd\nCBob3JzZQ=="),
        (Pipe::Out, b"\x1b]0;x\x07password=other end \xff"),
    ];
    let (printed, heard) = print(&pieces, &["correct horse"], Some(file.clone()), false);
    let expected = "the pass is [redacted]\nwarning: red\npassword=[redacted] end \u{fffd}\n[redacted]==";
    assert_eq!(printed.excerpt, expected);
    assert_eq!(heard.lines().join("\n"), expected);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{expected}\n"));
    assert_eq!(printed.output.as_deref(), Some("step-1.out"));
    assert_eq!(printed.bytes, pieces.iter().map(|(_, piece)| piece.len() as u64).sum::<u64>());
    assert_eq!(printed.value, None, "it is no text");
    assert_eq!(printed.notes.len(), 1);
}

#[test]
fn a_screen_does_not_drown_and_a_file_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let text = (0..20_000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n") + "\n";
    let (printed, heard) = print(&[(Pipe::Out, text.as_bytes())], &["secret"], Some(file.clone()), false);
    assert_eq!(std::fs::read_to_string(file).unwrap(), text);
    assert!(heard.lines().len() <= 2 * (LINES + 1), "{}", heard.lines().len());
    assert_eq!(heard.lines().last().unwrap(), "line 19999");
    assert!(heard.lines().iter().any(|line| line.contains("lines are not shown here")));
    assert!(printed.excerpt.len() < 10_000);
    assert_eq!(printed.value, None, "too long for a value");
}

#[test]
fn a_file_ends_at_its_cap_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let piece = vec![b'x'; 64 * 1024];
    let pieces: Vec<(Pipe, &[u8])> = std::iter::repeat_n((Pipe::Err, piece.as_slice()), 200).collect();
    let (printed, _) = print(&pieces, &[], Some(file.clone()), false);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.len() as u64 <= file::CAP + 200, "{}", kept.len());
    assert!(kept.trim_end().lines().last().unwrap().starts_with("[truncated "), "it says how much is missing");
    assert_eq!(printed.bytes, 200 * 64 * 1024);
    assert_eq!(printed.value.as_deref(), Some(""), "nothing came by the other pipe");
}

#[test]
fn a_secret_that_is_asked_for_is_the_value_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let pieces: [(Pipe, &[u8]); 2] = [(Pipe::Out, b"  top secret\n"), (Pipe::Err, b"was top secret\n")];
    let (printed, heard) = print(&pieces, &[], Some(file.clone()), true);
    assert_eq!(printed.value.as_deref(), Some("top secret"));
    let everywhere = format!("{}{:?}{}", printed.excerpt, heard.lines(), std::fs::read_to_string(file).unwrap());
    assert!(!everywhere.contains("top") && everywhere.contains("is not kept"), "{everywhere}");
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let (printed, _) = print(&[(Pipe::Out, b"x\n")], &[], Some("/nowhere/at/all".into()), false);
    assert_eq!((printed.output, printed.excerpt.as_str()), (None, "x"));
    assert!(printed.notes[0].contains("/nowhere/at/all"), "{:?}", printed.notes);
}
