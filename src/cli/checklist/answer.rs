//! `checklist answer`: a person's answer, in a file of the repository.

use clap::ValueEnum as _;

use super::{
    AnswerArgs, prompt,
    sign::{self, Room, refused},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::checklist::ends,
    sign::Answering,
    source::Word,
};

pub(super) fn run(args: &AnswerArgs) -> Outcome {
    let room = Room::open(&args.sign)?;
    let desk = room.desk();
    let (criterion, question) = desk.question(&args.criterion).map_err(refused)?;
    sign::show(criterion, question);
    // A day that cannot be must not cost the questions before it.
    ends::of_answer(args.expires.as_deref(), desk.today, question).map_err(CliError::Usage)?;
    let answer = word(args)?;
    let by = prompt::required(args.by.as_deref(), "by", "who answers")?;
    let mut evidence = args.evidence.clone();
    if evidence.is_empty() && args.evidence_file.is_empty() && answer == Word::Yes {
        evidence.push(prompt::required(None, "evidence", "what the answer rests on")?);
    }
    let note = match answer {
        Word::NotApplicable => Some(prompt::required(args.note.as_deref(), "note", "why it does not apply")?),
        Word::Yes | Word::No => args.note.clone(),
    };
    let files = args.evidence_file.clone();
    let given = Answering { answer, by, expires: args.expires.clone(), evidence, files, note };
    let path = desk.answer(criterion, question, &given).map_err(refused)?;
    if question.two_person {
        let id = &criterion.id;
        output::talk(&format!("it counts once a second person approves it: loadline checklist approve {id} --by NAME"));
    }
    output::data(&format!("{}\n", path.display()))?;
    Ok(Exit::Ready)
}

fn word(args: &AnswerArgs) -> Result<Word, CliError> {
    if let Some(word) = args.answer {
        return Ok(word);
    }
    let said = prompt::required(None, "answer", "yes, no or n-a")?;
    Word::from_str(&said, true).map_err(|_| CliError::Usage(format!("`{said}` is no answer; expected yes, no or n-a")))
}
