//! What a terminal sends for a key.

/// Keys that are no letter, as xterm sends them.
const NAMES: [(&str, &str); 16] = [
    ("enter", "\r"),
    ("esc", "\x1b"),
    ("tab", "\t"),
    ("backtab", "\x1b[Z"),
    ("space", " "),
    ("backspace", "\x7f"),
    ("delete", "\x1b[3~"),
    ("up", "\x1b[A"),
    ("down", "\x1b[B"),
    ("right", "\x1b[C"),
    ("left", "\x1b[D"),
    ("home", "\x1b[H"),
    ("end", "\x1b[F"),
    ("pgup", "\x1b[5~"),
    ("pgdn", "\x1b[6~"),
    ("f1", "\x1bOP"),
];

/// The bytes of a key by its name; of text where it is none.
pub(super) fn bytes(name: &str) -> Vec<u8> {
    if let Some((_, bytes)) = NAMES.iter().find(|(known, _)| *known == name) {
        return bytes.as_bytes().to_vec();
    }
    match name.strip_prefix("ctrl-").map(str::as_bytes) {
        Some([letter]) => vec![letter.to_ascii_uppercase() & 0x1f],
        _ => name.as_bytes().to_vec(),
    }
}
