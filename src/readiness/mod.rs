//! From findings to the answer people come for: for which stage of growth a system is ready, and why not.
//! Pure, like the judge that it rests on.

mod answers;
mod assess;
pub mod bottleneck;
pub mod campaign;
pub mod case;
pub mod checklist;
mod criterion;
mod headroom;
pub mod homes;
mod judge;
pub mod model;
pub mod outlook;
pub mod pack;
mod packs;
mod rubric;
pub mod score;
pub mod whatif;

pub use answers::{Answers, Attestation, same_person};
pub use assess::Wish;
pub use judge::{Judged, Knowledge};
pub use model::Readiness;
pub use outlook::Outlook;
pub(crate) use packs::{ANSWERS, WAIVERS};
pub use packs::{Criterion, Pack, Packs};
