//! `checklist renew`: an answer still holds, on evidence that was looked at again.

use super::{
    RenewArgs, document, prompt,
    sign::{self, Desk},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::checklist::ends,
    source::{AnswerFile, evidence_words},
    text,
};

pub(super) fn run(args: &RenewArgs) -> Outcome {
    let desk = Desk::open(&args.sign)?;
    let (criterion, question) = desk.question(&args.criterion)?;
    let (path, answer, mut document) = desk.answered(criterion)?;
    Desk::same_question(&answer, criterion, question)?;
    sign::show(criterion, question);
    let expires = ends::of_answer(args.expires.as_deref(), desk.today, question).map_err(CliError::Usage)?;
    let evidence = document::evidence(desk.attestations(), &args.evidence, &args.evidence_file)?;
    if let Some(evidence) = evidence {
        document.set("evidence", evidence);
    } else {
        let words = evidence_words(desk.attestations(), &answer.evidence)
            .map_err(|why| CliError::Usage(text::screen(&format!("{why}; give new --evidence")).into_owned()))?;
        let words = if words.is_empty() { "there is none".to_owned() } else { words };
        output::talk(&text::screen(&format!("  answered {}; evidence: {words}", answer.answer.word())));
        if !args.evidence_holds && !prompt::confirmed("does this evidence still hold?") {
            let message = "not renewed: look at the evidence again and give --evidence-holds, or new --evidence";
            return Err(CliError::Usage(message.into()));
        }
    }
    document.set("by", prompt::required(args.by.as_deref(), "by", "who says that it still holds")?);
    document.set_day("on", desk.today)?;
    document.set_day("expires", expires)?;
    // Whoever approved the earlier word has not approved this one.
    document.remove("approved_by");
    document.write(&path, AnswerFile::parse)?;
    if question.two_person {
        let id = &criterion.id;
        output::talk(&format!("it counts once a second person approves it: loadline checklist approve {id} --by NAME"));
    }
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}
