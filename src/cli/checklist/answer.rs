//! `checklist answer`: a person's answer, in a file of the repository.

use clap::ValueEnum as _;

use super::{
    AnswerArgs,
    document::{self, Document},
    prompt,
    sign::{self, Desk},
};
use crate::{
    cli::{CliError, Outcome, output},
    exit::Exit,
    readiness::checklist::ends,
    source::{AnswerFile, Word},
};

pub(super) fn run(args: &AnswerArgs) -> Outcome {
    let desk = Desk::open(&args.sign)?;
    let (criterion, question) = desk.question(&args.criterion)?;
    sign::show(criterion, question);
    // A day that cannot be must not cost the questions before it.
    let expires = ends::of_answer(args.expires.as_deref(), desk.today, question).map_err(CliError::Usage)?;
    let word = word(args)?;
    let by = prompt::required(args.by.as_deref(), "by", "who answers")?;
    let mut texts = args.evidence.clone();
    if texts.is_empty() && args.evidence_file.is_empty() && word == Word::Yes {
        texts.push(prompt::required(None, "evidence", "what the answer rests on")?);
    }
    let note = match word {
        Word::NotApplicable => Some(prompt::required(args.note.as_deref(), "note", "why it does not apply")?),
        Word::Yes | Word::No => args.note.clone(),
    };
    let path = desk.answer_of(criterion);
    let text = if path.exists() { output::read(&path)? } else { String::new() };
    let mut document = Document::parse(&path, &text)?;
    document.set("answer", word.word());
    document.set("by", by);
    document.set_day("on", desk.today)?;
    document.set_day("expires", expires)?;
    match document::evidence(desk.attestations(), &texts, &args.evidence_file)? {
        Some(evidence) => document.set("evidence", evidence),
        None => document.remove("evidence"),
    }
    match note {
        Some(note) => document.set("note", note),
        None => document.remove("note"),
    }
    // Whoever approved another answer has not approved this one.
    document.remove("approved_by");
    document.set("question", question.mark());
    document.set("question_text", question.question.split_whitespace().collect::<Vec<_>>().join(" "));
    document.write(&path, AnswerFile::parse)?;
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
