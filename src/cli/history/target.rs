//! Whose past audits are meant.

use super::Desk;
use crate::{
    cli::{CliError, sources},
    text,
};

/// The target that is meant: the one named, that of the configuration, or the only one that has past audits.
pub(super) fn find(desk: &Desk, named: Option<&str>) -> Result<String, CliError> {
    let known = desk.history()?.targets().map_err(sources::usage)?;
    let of_file = || {
        let (_, file) = desk.file.as_ref()?;
        let only = || if file.targets.len() == 1 { file.targets.keys().next().cloned() } else { None };
        // A default that was never audited does not hide what there is.
        file.default.clone().or_else(only).filter(|name| known.iter().any(|(target, _)| target == name))
    };
    let all = || known.iter().flat_map(|(name, n)| ["\n  ".into(), text::screen(name), format!(" ({n})").into()]);
    let all = || all().collect::<String>();
    let Some(name) = named.map(str::to_owned).or_else(of_file) else {
        return match known.as_slice() {
            [(only, _)] => Ok(only.clone()),
            [] => Err(CliError::Usage(format!("there are no past audits in {}", desk.path.display()))),
            _ => Err(CliError::Usage(format!("whose past audits? name one of these targets:{}", all()))),
        };
    };
    // A target that nobody named is kept by its addresses; its short name will do while there is only one.
    let begins =
        |target: &str| target == name || target.strip_prefix(&name).is_some_and(|rest| rest.starts_with(" at "));
    let fits: Vec<_> = known.iter().filter(|(target, _)| begins(target)).collect();
    let exact = fits.iter().find(|(target, _)| *target == name);
    match (exact, fits.as_slice()) {
        (Some((target, _)), _) | (None, [(target, _)]) => Ok(target.clone()),
        (None, []) => {
            let name = text::screen(&name);
            Err(CliError::Usage(format!("there are no past audits of `{name}`; there are some of:{}", all())))
        }
        _ => Err(CliError::Usage(format!("which of these is meant? give its name in full:{}", all()))),
    }
}
