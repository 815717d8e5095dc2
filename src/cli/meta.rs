//! What the program says of itself: schemas, completions, manual pages.

use std::path::Path;

use super::{CliError, Outcome, output};
use crate::{
    check::{definition::CheckDef, probe::Probe},
    config::{ConfigFile, ScreensFile},
    exit::Exit,
    outlook::Outlook,
    readiness::{
        campaign::{Campaign, CampaignFile},
        checklist::Checklist,
    },
    report::Audit,
    runbook::{incident::Incident, plan::Preview},
    source::{AnswerFile, WaiverFile},
};

/// A format with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum SchemaOf {
    /// The output of `audit --format json`
    Audit,
    /// The output of `capacity --format json`
    Capacity,
    /// The output of `runbook log RUN --format json`
    Run,
    /// The output of `runbook plan --format json`
    Plan,
    /// A check file
    Check,
    /// A shared probe file
    Probe,
    /// `loadline.toml`
    Config,
    /// `loadline/screens.toml` in the XDG folder: how the screens look, and their keys
    Screens,
    /// An answer: `attestations/<pack>.<criterion>.toml`
    Attestation,
    /// An accepted fail: `waivers/<name>.toml`
    Waiver,
    /// A campaign file
    Campaign,
    /// The output of `checklist --format json`
    Checklist,
    /// The output of `checklist --campaign FILE --format json`
    CampaignReadiness,
}

pub(super) fn schema(of: SchemaOf) -> Outcome {
    let schema = match of {
        SchemaOf::Audit => schemars::schema_for!(Audit),
        SchemaOf::Capacity => schemars::schema_for!(Outlook),
        SchemaOf::Run => schemars::schema_for!(Incident),
        SchemaOf::Plan => schemars::schema_for!(Preview),
        SchemaOf::Check => schemars::schema_for!(CheckDef),
        SchemaOf::Probe => schemars::schema_for!(Probe),
        SchemaOf::Config => schemars::schema_for!(ConfigFile),
        SchemaOf::Screens => schemars::schema_for!(ScreensFile),
        SchemaOf::Attestation => schemars::schema_for!(AnswerFile),
        SchemaOf::Waiver => schemars::schema_for!(WaiverFile),
        SchemaOf::Campaign => schemars::schema_for!(CampaignFile),
        SchemaOf::Checklist => schemars::schema_for!(Checklist),
        SchemaOf::CampaignReadiness => schemars::schema_for!(Campaign),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|error| CliError::Internal(error.to_string()))?;
    output::data(&(text + "\n"))?;
    Ok(Exit::Ready)
}

pub(super) fn completions(shell: clap_complete::Shell, command: &mut clap::Command) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(shell, command, "loadline", &mut text);
    output::data(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Ready)
}

pub(super) fn man(out: Option<&Path>, command: clap::Command) -> Outcome {
    if let Some(folder) = out {
        clap_mangen::generate_to(command, folder)
            .map_err(|error| CliError::Usage(format!("write the manual pages into {}: {error}", folder.display())))?;
    } else {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text).map_err(|error| CliError::Internal(error.to_string()))?;
        output::data(&String::from_utf8_lossy(&text))?;
    }
    Ok(Exit::Ready)
}
