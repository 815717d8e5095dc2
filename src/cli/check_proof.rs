//! `loadline check lint` and `loadline check test`: whether checks, probes and packs are right, and proven.

use std::path::Path;

use super::{ChooseArgs, CliError, Outcome, output, sources};
use crate::{
    assets::{self, AssetFile},
    check::{
        case::{self, Outcome as Proof},
        library::{Check, Library},
    },
    exit::Exit,
    readiness::{Knowledge, Pack, Packs, case as criteria, homes},
};

/// Loads what is named, over the embedded files that it may refer to, and says what is wrong or unproven.
pub(super) fn lint(path: Option<&Path>, config: Option<&Path>) -> Outcome {
    let file = sources::file(config)?;
    let mut folders = crate::config::check_folders(file.as_ref(), &[]);
    let (files, named) = match path {
        Some(path) if path.is_dir() => {
            folders.push(path.to_string_lossy().into_owned());
            (assets::layered(&folders).map_err(sources::usage)?, path.to_string_lossy().into_owned())
        }
        Some(path) => with_file(assets::layered(&folders).map_err(sources::usage)?, path)?,
        None => (assets::layered(&folders).map_err(sources::usage)?, String::new()),
    };
    let Knowledge { library, packs } = sources::understand(&files)?;
    let checks: Vec<&Check> = library.checks().filter(|check| check.file.starts_with(&named)).collect();
    let meant: Vec<&Pack> = packs.iter().filter(|pack| pack.file.starts_with(&named)).collect();
    let probe = files.iter().any(|file| file.path.starts_with("probes/") && file.shown() == named);
    notes(&checks, &meant, &packs);
    let criteria = meant.iter().map(|pack| pack.criteria.len()).sum();
    let parts = [
        (!checks.is_empty()).then(|| count(checks.len(), "check", "checks")),
        (!meant.is_empty()).then(|| {
            format!("{} of {}", count(meant.len(), "pack", "packs"), count(criteria, "criterion", "criteria"))
        }),
        probe.then(|| "1 probe".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return Err(CliError::Usage("there is no check file there (.toml, .yaml)".into()));
    }
    output::talk(&format!("{}, no mistakes", parts.join(", ")));
    Ok(Exit::Ready)
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What is no mistake and yet not proven.
fn notes(checks: &[&Check], meant: &[&Pack], packs: &Packs) {
    for check in checks {
        for status in case::unproven(check) {
            let word = status.word();
            output::talk(&format!("{}: note: no case expects {word}; add a [[cases]] that does", check.file));
        }
    }
    let (unproven, homes) = (criteria::unproven(packs), homes::homes(packs));
    for pack in meant {
        let prefix = format!("{}.", pack.def.id);
        for gap in unproven.iter().filter(|gap| gap.starts_with(&prefix)) {
            output::talk(&format!("{}: note: {gap}", pack.file));
        }
        for row in homes::promised_by(pack).filter(|row| !homes.contains_key(row)) {
            output::talk(&format!("{}: note: nothing answers the row {row}", pack.file));
        }
    }
}

/// A single file laid over the others, and how messages name it. A pack is told by its criteria or levels, a probe
/// by having no rules.
fn with_file(mut files: Vec<AssetFile>, path: &Path) -> Result<(Vec<AssetFile>, String), CliError> {
    let text = output::read(path)?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let has = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
    let inside = if has("[[criteria]]") || has("[[levels]]") || has("[[rubric]]") || has("[[homes]]") {
        "criteria/"
    } else if !text.contains("rules") && text.contains("query") {
        "probes/"
    } else {
        ""
    };
    let folder = path.parent().map(|p| p.to_string_lossy().into_owned()).filter(|folder| !folder.is_empty());
    let file = AssetFile { path: format!("{inside}{name}"), folder: Some(folder.unwrap_or_else(|| ".".into())), text };
    let shown = file.shown();
    files.push(file);
    Ok((files, shown))
}

/// Runs the cases of checks and of criteria: of all, or of what is named.
pub(super) fn test(id: Option<&str>, choose: &ChooseArgs, config: Option<&Path>) -> Outcome {
    sources::no_thresholds(choose, "cases have parameters of their own")?;
    let Knowledge { library, packs } = sources::knowledge(&sources::file(config)?, &choose.checks)?;
    let mut proofs = Vec::new();
    for check in checks(&library, &packs, id, choose)? {
        let file = &check.file;
        proofs.extend(case::run(&library, check).into_iter().map(|p| (format!("{} ({file})", check.def.id), p)));
    }
    let in_pack = |criterion: &str| match id {
        Some(id) => criterion == id || criterion.split_once('.').is_some_and(|(pack, _)| pack == id),
        None => choose.only.is_empty(),
    };
    proofs.extend(criteria::run(&library, &packs, in_pack));
    tell(&proofs)
}

/// The checks that are meant; none where a pack or a criterion is.
fn checks<'l>(
    library: &'l Library,
    packs: &Packs,
    id: Option<&str>,
    choose: &ChooseArgs,
) -> Result<Vec<&'l Check>, CliError> {
    match id {
        Some(id) if packs.get(id).is_some() || packs.criterion(id).is_some() => Ok(Vec::new()),
        Some(id) => Ok(vec![super::check::find(library, id)?]),
        None => Ok(sources::wanted(library, choose)?.iter().filter_map(|id| library.check(id)).collect()),
    }
}

fn tell(proofs: &[(String, Proof)]) -> Outcome {
    let failed: Vec<_> =
        proofs.iter().filter_map(|(of, proof)| Some((of, &proof.name, proof.failure.as_ref()?))).collect();
    for (of, name, failure) in &failed {
        output::data(&format!("FAIL {of}, case `{name}`\n{failure}\n"))?;
    }
    output::data(&format!("{} cases hold, {} do not\n", proofs.len() - failed.len(), failed.len()))?;
    Ok(if failed.is_empty() { Exit::Ready } else { Exit::NotReady })
}
