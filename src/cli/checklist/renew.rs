//! `checklist renew`: an answer still holds, on evidence that was looked at again.

use super::{
    RenewArgs, prompt,
    sign::{self, Room, refused},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::checklist::ends,
    sign::{Answered, Desk, Renewal},
    source::evidence_words,
    text,
};

pub(super) fn run(args: &RenewArgs) -> Outcome {
    let room = Room::open(&args.sign)?;
    let desk = room.desk();
    let (criterion, question) = desk.question(&args.criterion).map_err(refused)?;
    let answered = desk.answered(criterion).map_err(refused)?;
    answered.same_question(criterion, question).map_err(refused)?;
    sign::show(criterion, question);
    // A day that cannot be must not cost the questions before it.
    ends::of_answer(args.expires.as_deref(), desk.today, question).map_err(CliError::Usage)?;
    if args.evidence.is_empty() && args.evidence_file.is_empty() {
        holds(args, &desk, &answered)?;
    }
    let renewal = Renewal {
        by: prompt::required(args.by.as_deref(), "by", "who says that it still holds")?,
        expires: args.expires.clone(),
        evidence: args.evidence.clone(),
        files: args.evidence_file.clone(),
    };
    let path = desk.renew(answered, criterion, question, &renewal).map_err(refused)?;
    if question.two_person {
        let id = &criterion.id;
        output::talk(&format!("it counts once a second person approves it: loadline checklist approve {id} --by NAME"));
    }
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}

/// The old evidence must still be there, and somebody must have looked at it again.
fn holds(args: &RenewArgs, desk: &Desk, answered: &Answered) -> Result<(), CliError> {
    let answer = &answered.answer;
    let words = evidence_words(desk.attestations(), &answer.evidence)
        .map_err(|why| refused(format!("{why}; give new --evidence")))?;
    let words = if words.is_empty() { "there is none".to_owned() } else { words };
    output::talk(&text::screen(&format!("  answered {}; evidence: {words}", answer.answer.word())));
    if !args.evidence_holds && !prompt::confirmed("does this evidence still hold?") {
        let message = "not renewed: look at the evidence again and give --evidence-holds, or new --evidence";
        return Err(CliError::Usage(message.into()));
    }
    Ok(())
}
