//! Control sequences of terminals taken out of output that comes in pieces.
//!
//! They go before secrets are looked for, so that colours inside of a secret do not hide it.

/// Where in a sequence the last piece ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After ESC.
    Escape,
    /// After ESC and intermediate bytes.
    Intermediate,
    /// In a control sequence: ESC [ … up to a final byte.
    Control,
    /// In a string (titles, links): up to BEL or ESC \.
    Word,
    /// After ESC in a string.
    WordEscape,
}

/// Takes control sequences and control characters out. Line breaks and tabs stay; a carriage return is a line break, and
/// before one nothing (terminals write several).
#[derive(Debug, Default)]
pub(super) struct Strip {
    state: State,
    returned: bool,
}

impl Strip {
    pub(super) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for byte in piece {
            // A sequence that never ends must not swallow what follows: it ends with its line.
            if self.state == State::Text || matches!(byte, b'\n' | b'\r') {
                self.state = State::Text;
                self.text(*byte, out);
            } else {
                self.state = self.state.next(*byte);
            }
        }
    }

    fn text(&mut self, byte: u8, out: &mut Vec<u8>) {
        let returned = std::mem::replace(&mut self.returned, byte == b'\r');
        if returned && !matches!(byte, b'\r' | b'\n') {
            out.push(b'\n');
        }
        match byte {
            0x1b => self.state = State::Escape,
            b'\n' => out.push(b'\n'),
            b'\t' | 0x20..=0x7e | 0x80.. => out.push(byte),
            _ => {}
        }
    }
}

impl State {
    fn next(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Escape, b']' | b'P' | b'X' | b'^' | b'_') => Self::Word,
            (Self::Escape | Self::Intermediate, 0x20..=0x2f) => Self::Intermediate,
            (Self::Word | Self::WordEscape, 0x1b) => Self::WordEscape,
            (Self::Control, 0x20..=0x3f) | (Self::Escape, b'[') => Self::Control,
            (Self::Word, byte) if byte != 0x07 => Self::Word,
            (Self::WordEscape, byte) if byte != b'\\' => Self::Word,
            _ => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_go_wherever_they_are_cut() {
        let text =
            b"a\x1b[31mred\x1b[0m \x1b]0;title\x07b\x1b]8;;http://x\x1b\\c\x1b(Bd\x08\x00e\x7f\r\r\n\tf\rg\x1b]open\nh";
        for size in 1..=text.len() {
            let (mut strip, mut out) = (Strip::default(), Vec::new());
            text.chunks(size).for_each(|piece| strip.push(piece, &mut out));
            assert_eq!(String::from_utf8(out).unwrap(), "ared bcde\n\tf\ng\nh", "in pieces of {size}");
        }
    }
}
