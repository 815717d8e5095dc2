//! Looking at a target: who it is, and what its live checks say. Nothing here can change anything: sources are asked as an
//! audit asks them.

mod choose;
mod live;
mod lookout;
mod recorded;

pub use choose::role_fits;
pub use live::LiveEyes;
pub use recorded::RecordedEyes;
