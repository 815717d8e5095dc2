//! `checklist waive`: a fail is accepted for a time, by somebody who answers for it.

use super::{
    WaiveArgs, prompt,
    sign::{Room, refused},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::checklist::ends,
    sign::Waive,
};

pub(super) fn run(args: &WaiveArgs) -> Outcome {
    let room = Room::open(&args.sign)?;
    let desk = room.desk();
    let path = desk.waiver_of(&args.check, &args.subject, args.name.as_deref()).map_err(refused)?;
    // A day that cannot be must not cost the questions before it.
    if let Some(text) = &args.expires {
        ends::of_waiver(text, desk.today).map_err(CliError::Usage)?;
    }
    let waive = Waive {
        check: args.check.clone(),
        subject: args.subject.clone(),
        reason: prompt::required(args.reason.as_deref(), "reason", "why it is accepted")?,
        owner: prompt::required(args.owner.as_deref(), "owner", "who answers for it")?,
        expires: prompt::required(args.expires.as_deref(), "expires", "its last day, or 30d")?,
        ticket: args.ticket.clone(),
        approved_by: args.approved_by.clone(),
    };
    desk.waive(&path, &waive).map_err(refused)?;
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}
