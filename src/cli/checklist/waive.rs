//! `checklist waive`: a fail is accepted for a time, by somebody who answers for it.

use super::{
    WaiveArgs,
    document::Document,
    prompt,
    sign::{self, Desk},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::checklist::ends,
    source::WaiverFile,
};

pub(super) fn run(args: &WaiveArgs) -> Outcome {
    let desk = Desk::open(&args.sign)?;
    may_be_waived(&desk, args)?;
    let path = desk.waivers().join(format!("{}.toml", name(args)?));
    if path.exists() {
        let message = format!("{} is there already: edit it, or give another --name", path.display());
        return Err(CliError::Usage(message));
    }
    let given = args.expires.as_deref();
    let early = given.map(|text| ends::of_waiver(text, desk.today)).transpose().map_err(CliError::Usage)?;
    let reason = prompt::required(args.reason.as_deref(), "reason", "why it is accepted")?;
    let owner = prompt::required(args.owner.as_deref(), "owner", "who answers for it")?;
    let expires = match early {
        Some(expires) => expires,
        None => ends::of_waiver(&prompt::required(None, "expires", "its last day, or 30d")?, desk.today)
            .map_err(CliError::Usage)?,
    };
    let mut document = Document::parse(&path, "")?;
    document.set("check", args.check.as_str());
    document.set("subject", args.subject.as_str());
    document.set("reason", reason);
    document.set("owner", owner);
    document.set_day("on", desk.today)?;
    document.set_day("expires", expires)?;
    for (key, text) in [("approved_by", &args.approved_by), ("ticket", &args.ticket)] {
        if let Some(text) = text {
            document.set(key, text.as_str());
        }
    }
    document.write(&path, WaiverFile::parse)?;
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}

/// A waiver that could never hold is refused where it is written.
fn may_be_waived(desk: &Desk, args: &WaiveArgs) -> Result<(), CliError> {
    let id = args.check.as_str();
    let (library, packs) = (&desk.knowledge.library, &desk.knowledge.packs);
    if library.check(id).is_some() {
        return Ok(());
    }
    let Some(criterion) = packs.criterion(id) else {
        let checks = library.checks().map(|check| check.def.id.as_str());
        let criteria = packs.iter().flat_map(|pack| &pack.criteria).map(|c| c.id.as_str());
        let message = format!("no check or criterion `{id}`; {}", sign::hint(id, checks.chain(criteria)));
        return Err(CliError::Usage(message));
    };
    if !criterion.def.waivable {
        return Err(CliError::Usage(format!("a fail of {id} may not be accepted, says its pack")));
    }
    if args.subject != "*" {
        let message = "a criterion is about the whole target: leave out --subject, or waive its check";
        return Err(CliError::Usage(message.into()));
    }
    Ok(())
}

/// The name of the file: the one that is given, or check and subject in plain letters.
fn name(args: &WaiveArgs) -> Result<String, CliError> {
    if let Some(name) = &args.name {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        return if plain {
            Ok(name.clone())
        } else {
            Err(CliError::Usage(format!("--name {name}: expected letters, digits, dashes and dots")))
        };
    }
    let whole = if args.subject == "*" { args.check.clone() } else { format!("{} {}", args.check, args.subject) };
    let words: Vec<_> = whole.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    Ok(words.join("-").to_lowercase())
}
