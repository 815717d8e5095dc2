//! `checklist approve`: a second person stands for an answer.

use super::{
    ApproveArgs, prompt,
    sign::{self, Room, refused},
};
use crate::{
    cli::{Outcome, output},
    exit::Exit,
    text,
};

pub(super) fn run(args: &ApproveArgs) -> Outcome {
    let room = Room::open(&args.sign)?;
    let desk = room.desk();
    let (criterion, question) = desk.question(&args.criterion).map_err(refused)?;
    let answered = desk.answered(criterion).map_err(refused)?;
    sign::show(criterion, question);
    let answer = &answered.answer;
    let said = format!("  {} answered {} on {}, until {}", answer.by, answer.answer.word(), answer.on, answer.expires);
    output::talk(&text::screen(&said));
    // What nobody may approve must not cost the question who does.
    desk.may_be_approved(&answered, criterion, question).map_err(refused)?;
    let by = prompt::required(args.by.as_deref(), "by", "who approves")?;
    let path = desk.approve(answered, criterion, question, &by).map_err(refused)?;
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}
