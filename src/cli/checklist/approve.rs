//! `checklist approve`: a second person stands for an answer.

use super::{
    ApproveArgs, prompt,
    sign::{self, Desk},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::same_person,
    source::AnswerFile,
    text,
};

pub(super) fn run(args: &ApproveArgs) -> Outcome {
    let desk = Desk::open(&args.sign)?;
    let (criterion, question) = desk.question(&args.criterion)?;
    let (path, answer, mut document) = desk.answered(criterion)?;
    sign::show(criterion, question);
    let said = format!("  {} answered {} on {}, until {}", answer.by, answer.answer.word(), answer.on, answer.expires);
    output::talk(&text::screen(&said));
    Desk::same_question(&answer, criterion, question)?;
    let end = question.latest(answer.on).map_or(answer.expires, |latest| answer.expires.min(latest));
    if end < desk.today {
        let message = format!("the answer expired on {end}: loadline checklist answer {}", criterion.id);
        return Err(CliError::Usage(message));
    }
    let by = prompt::required(args.by.as_deref(), "by", "who approves")?;
    if same_person(&by, &answer.by) {
        let message = format!("{by} answered, and cannot approve the own answer: it takes a second person");
        return Err(CliError::Usage(text::screen(&message).into_owned()));
    }
    document.set("approved_by", by);
    document.write(&path, AnswerFile::parse)?;
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}
