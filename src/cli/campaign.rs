//! The file of a campaign, for the list and for the screens alike.

use std::path::{Path, PathBuf};

use super::{ChooseArgs, CliError, output, sources};
use crate::{
    readiness::{Knowledge, Packs, Wish, campaign::CampaignFile, checklist::Listed},
    text,
};

/// Reads a campaign and holds its names against the packs.
///
/// # Errors
/// A file that cannot be read; a mistake in it, with line and column where it has one; a pack, domain or criterion that is
/// not there.
pub(super) fn read(path: &Path, packs: &Packs) -> Result<CampaignFile, CliError> {
    let shown = path.display().to_string();
    let harmless = |message: String| {
        CliError::Usage(message.lines().map(|line| text::screen(line).into_owned()).collect::<Vec<_>>().join("\n"))
    };
    let file = CampaignFile::parse(&shown, &output::read(path)?).map_err(harmless)?;
    file.check(packs).map_err(|message| harmless(format!("{shown}: {message}")))?;
    let wish = file.wish(&Wish::default());
    Listed::of(packs, wish.pack.as_deref(), None).map_err(|message| harmless(format!("{shown}: packs: {message}")))?;
    Ok(file)
}

/// A campaign that the screens show, with the checks and packs that it was held against, so that these are read once.
pub(super) type Shown = Option<(CampaignFile, Knowledge)>;

/// Reads the campaign that screens show, before they open: a mistake in it is told where it can be read.
pub(super) fn shown(path: Option<PathBuf>, file: &sources::File, choose: &ChooseArgs) -> Result<Shown, CliError> {
    let Some(path) = path else { return Ok(None) };
    let knowledge = sources::knowledge(file, &choose.checks)?;
    Ok(Some((read(&path, &knowledge.packs)?, knowledge)))
}
