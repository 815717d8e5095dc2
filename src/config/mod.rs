//! Whom to ask and by which thresholds: flags over environment over file over defaults, each value
//! with where it comes from.

mod endpoint;
mod file;
mod resolve;
mod target;

pub use file::{ConfigError, ConfigFile};
pub use resolve::{Given, Resolved, check_folders, find_file, own_checks, resolve, resolve_plan};
pub use target::{SourceConfig, Target};
