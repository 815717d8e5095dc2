//! Whom to ask and by which thresholds: flags over environment over file over defaults, each value
//! with where it comes from.

mod campaign;
mod endpoint;
mod file;
mod history;
mod resolve;
mod runs;
mod screens;
mod signed;
mod target;

pub use campaign::campaign_file;
pub use file::{ConfigError, ConfigFile};
pub use history::history_file;
pub use resolve::{
    Given, Resolved, check_folders, find_file, own_checks, resolve, resolve_plan, runbook_folders, template_folders,
};
pub(crate) use runs::state_home;
pub use runs::{Runs, runs_folder, second_person};
pub use screens::{Layer, LayoutFile, ScreensFile, screens_layers, views_file};
pub use signed::{NAME as ATTESTATIONS, check_flags as check_folders_given, folders_of_target};
pub use target::{SourceConfig, Target};
