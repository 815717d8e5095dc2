//! Signing: answers, approvals and accepted fails, written as files of the target's repository.
//!
//! The command line and the screens sign through here, so that both write the same files and refuse the same things.
//! Who may change them is a matter of the repository's review, not of this program.

mod answer;
mod desk;
mod document;
mod waive;

pub use answer::{Answered, Answering, Renewal};
pub use desk::Desk;
pub use waive::Waive;

/// Who sits here, by the word of the operating system; nothing where it does not tell.
pub fn person() -> Option<String> {
    whoami::username().ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}
