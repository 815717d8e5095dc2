//! The modes of a terminal's line: echo, whole lines, keys that are signals.

use std::os::fd::BorrowedFd;

use rustix::termios::{self, ControlModes, InputModes, LocalModes, OutputModes, SpecialCodeIndex};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Modes {
    input: InputModes,
    output: OutputModes,
    control: ControlModes,
    local: LocalModes,
    codes: Vec<u8>,
}

impl Modes {
    /// As they are now. The master's side knows those of the line.
    pub(super) fn of(terminal: BorrowedFd<'_>) -> Self {
        let now = termios::tcgetattr(terminal).expect("our own terminal has modes");
        let codes = [
            SpecialCodeIndex::VINTR,
            SpecialCodeIndex::VQUIT,
            SpecialCodeIndex::VERASE,
            SpecialCodeIndex::VEOF,
            SpecialCodeIndex::VSUSP,
            SpecialCodeIndex::VMIN,
            SpecialCodeIndex::VTIME,
        ];
        Self {
            input: now.input_modes,
            output: now.output_modes,
            control: now.control_modes,
            local: now.local_modes,
            codes: codes.into_iter().map(|code| now.special_codes[code]).collect(),
        }
    }
}
