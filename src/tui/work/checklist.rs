//! The checklist: made of the latest answers, and signed in the files of the target. It is not cancelled: a list is as long
//! as the packs are, and a file that is half signed would be worse than one that is waited for.

use std::{path::PathBuf, sync::Arc};

use super::{Events, Ground};
use crate::{
    check::evaluate::Bench,
    readiness::{
        self,
        campaign::{Campaign, CampaignFile},
        checklist::{Checklist, Listed},
    },
    report::Audit,
    sign::{self, Answering, Renewal, Waive},
    source::{Word, evidence_words},
    tui::{
        event::Event,
        model::Gravity,
        screen::checklist::{News, Planned, Purpose, Wish},
    },
};

/// Starts what is wished.
pub(super) fn begin(ground: &Arc<std::sync::OnceLock<Arc<Ground>>>, wish: Wish, events: &Events) {
    let Some(ground) = ground.get().cloned() else { return };
    let events = events.clone();
    tokio::task::spawn_blocking(move || match wish {
        Wish::List(audit) => {
            if let Some(planned) = planned(&ground, &audit) {
                let _ = events.send(Event::Checklist(News::Planned(planned.map(Arc::new))));
            }
            let news = list(&ground, &audit).map_or_else(News::NotListed, |list| News::Listed(Arc::new(list)));
            let _ = events.send(Event::Checklist(news));
        }
        Wish::Sign(purpose, values) => sign(&ground, purpose, values, &events),
    });
}

/// All that is demanded: of the stage, and of every other pack.
pub(super) fn list(ground: &Ground, audit: &Audit) -> Result<Checklist, String> {
    let snapshot = ground.latest().ok_or("nothing has answered yet")?;
    let readiness = audit.readiness.as_ref().ok_or("only a part was judged, and a part has no checklist")?;
    let packs = readiness.packs.iter().map(|pack| pack.id.clone()).collect();
    let bench = Bench::new(&ground.by.knowledge.library, &snapshot);
    Ok(Checklist::new(&ground.by.knowledge, &bench, readiness, &Listed { stage: true, packs }))
}

/// How the campaign stands, where there is one. It may demand another stage than the one that the screens show, and is
/// then judged by that.
pub(super) fn planned(ground: &Ground, audit: &Audit) -> Option<Result<Planned, String>> {
    let (file, asked) = (ground.campaign.as_ref()?, ground.by.wish.as_ref()?);
    Some(on_the_day(ground, audit, file, asked))
}

pub(super) fn on_the_day(
    ground: &Ground,
    audit: &Audit,
    file: &CampaignFile,
    asked: &readiness::Wish,
) -> Result<Planned, String> {
    let snapshot = ground.latest().ok_or("nothing has answered yet")?;
    let wish = file.wish(asked);
    let packs = &ground.by.knowledge.packs;
    let (pack, listed) = Listed::of(packs, wish.pack.as_deref(), wish.stage.as_deref())?;
    let wish = readiness::Wish { pack, stage: wish.stage };
    let other = if wish == *asked { None } else { Some(ground.judge_by(&snapshot, Some(&wish))?) };
    let audit = other.as_ref().unwrap_or(audit);
    let readiness = audit.readiness.as_ref().ok_or("only a part was judged, and a part has no campaign")?;
    let bench = Bench::new(&ground.by.knowledge.library, &snapshot);
    let list = Checklist::new(&ground.by.knowledge, &bench, readiness, &listed);
    let campaign = Campaign::new(file, &list, &bench, &audit.bottlenecks)?;
    Ok(Planned { campaign, list })
}

/// Writes a file, and judges anew with it.
fn sign(ground: &Ground, purpose: Purpose, values: Vec<String>, events: &Events) {
    match signed(ground, &purpose, &values) {
        Err(why) => {
            let _ = events.send(Event::Checklist(News::Refused(purpose, values, why)));
        }
        Ok(words) => {
            let _ = events.send(Event::Checklist(News::Signed(words)));
            let judged = match ground.sign_again() {
                Ok(Some(audit)) => Event::Judged(Arc::new(audit)),
                Ok(None) => return,
                Err(why) => Event::Said(Gravity::Error, format!("the signed files cannot be read again: {why}")),
            };
            let _ = events.send(judged);
        }
    }
}

fn signed(ground: &Ground, purpose: &Purpose, values: &[String]) -> Result<String, String> {
    let folders = ground.folders.clone().ok_or("there is no folder to write to: open with --attestations DIR")?;
    let desk = sign::Desk::new(&ground.by.knowledge, folders);
    let said = |at: usize| values.get(at).map(|text| text.trim().to_owned()).unwrap_or_default();
    let some = |at: usize| Some(said(at)).filter(|text| !text.is_empty());
    match purpose {
        Purpose::Answer(id) => {
            let (criterion, question) = desk.question(id)?;
            let given = Answering {
                answer: word(&said(0))?,
                by: said(1),
                expires: some(2),
                evidence: some(3).into_iter().collect(),
                files: some(4).map(PathBuf::from).into_iter().collect(),
                note: some(5),
            };
            let path = desk.answer(criterion, question, &given)?;
            let second = if question.two_person { "; it counts once a second person approves it (A)" } else { "" };
            Ok(format!("answered in {}{second}", path.display()))
        }
        Purpose::Approve(id) => {
            let (criterion, question) = desk.question(id)?;
            let path = desk.approve(desk.answered(criterion)?, criterion, question, &said(0))?;
            Ok(format!("approved in {}", path.display()))
        }
        Purpose::Renew(id) => {
            let (criterion, question) = desk.question(id)?;
            let answered = desk.answered(criterion)?;
            let renewal = Renewal {
                by: said(1),
                expires: some(2),
                evidence: some(3).into_iter().collect(),
                files: some(4).map(PathBuf::from).into_iter().collect(),
            };
            holds(&desk, &answered, &said(0), &renewal)?;
            let path = desk.renew(answered, criterion, question, &renewal)?;
            let second = if question.two_person { "; it counts once a second person approves it (A)" } else { "" };
            Ok(format!("renewed in {}{second}", path.display()))
        }
        Purpose::Waive(id) => {
            let waive = Waive {
                check: id.clone(),
                subject: "*".into(),
                reason: said(0),
                owner: said(1),
                expires: said(2),
                ticket: some(3),
                approved_by: some(4),
            };
            let path = desk.free_waiver_of(id, "*")?;
            desk.waive(&path, &waive)?;
            Ok(format!("accepted in {}", path.display()))
        }
    }
}

/// The evidence of an answer that is renewed: new, or the old one, looked at again and still there.
fn holds(desk: &sign::Desk, answered: &sign::Answered, said: &str, renewal: &Renewal) -> Result<(), String> {
    let is_new = !renewal.evidence.is_empty() || !renewal.files.is_empty();
    match (said, is_new) {
        ("new, below", true) => Ok(()),
        ("new, below", false) => Err("write the new evidence below, or name its file".into()),
        (_, true) => Err("new evidence stands below: choose `new, below`, or take it away".into()),
        ("looked at, holds", false) => evidence_words(desk.attestations(), &answered.answer.evidence)
            .map(drop)
            .map_err(|why| format!("{why}; give new evidence")),
        _ => Err("look at the evidence again, then choose `looked at, holds`, or give new evidence".into()),
    }
}

fn word(said: &str) -> Result<Word, String> {
    match said {
        "yes" => Ok(Word::Yes),
        "no" => Ok(Word::No),
        "n-a" => Ok(Word::NotApplicable),
        other => Err(format!("`{other}` is no answer; expected yes, no or n-a")),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files of the test")]
mod tests {
    use super::*;
    use crate::source::Folders;

    const ID: &str = "stages.queries-per-request";

    fn ground(folder: &std::path::Path) -> Ground {
        let folders =
            Folders { attestations: Some(folder.join("attestations")), waivers: Some(folder.join("waivers")) };
        super::super::demo_ground().signing(Some(folders))
    }

    fn values(of: &[&str]) -> Vec<String> {
        of.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn an_answer_is_written_read_again_and_judged() {
        let folder = tempfile::tempdir().unwrap();
        let ground = ground(folder.path());
        let (events, mut heard): (Events, _) = tokio::sync::mpsc::unbounded_channel();
        let evidence = folder.path().join("e.txt");
        std::fs::write(&evidence, "12 of 4").unwrap();
        let file = evidence.display().to_string();
        let given = values(&["yes", "web team", "30d", "counted", &file, ""]);
        sign(&ground, Purpose::Answer(ID.into()), given, &events);
        let first = heard.try_recv().unwrap();
        assert!(matches!(&first, Event::Checklist(News::Signed(words)) if words.contains(ID)), "{first:?}");
        let Ok(Event::Judged(audit)) = heard.try_recv() else { panic!("not judged") };
        let text = std::fs::read_to_string(folder.path().join(format!("attestations/{ID}.toml"))).unwrap();
        assert!(text.contains("sha256") && text.contains("../e.txt"), "{text}");
        let list = list(&ground, &audit).unwrap();
        let item = list.items.iter().find(|item| item.id == ID).unwrap();
        assert_eq!(item.answered_by.as_deref(), Some("web team"), "{}", item.message);
        assert!(item.by_answer && item.status == crate::check::finding::Status::Pass, "{}", item.message);
    }

    #[test]
    fn what_was_signed_outlives_answers_that_know_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let ground = ground(folder.path());
        let before = ground.latest().unwrap();
        signed(&ground, &Purpose::Answer(ID.into()), &values(&["yes", "web team", "30d", "counted", "", ""])).unwrap();
        ground.sign_again().unwrap();
        let by = |snapshot: &crate::snapshot::Snapshot| {
            let list = list(&ground, &ground.judge(snapshot).unwrap()).unwrap();
            list.items.iter().find(|item| item.id == ID).unwrap().answered_by.clone()
        };
        // The next answers of a server come with what was read of the files before.
        let mut next = (*before).clone();
        next.observations.iter_mut().for_each(|observation| observation.at = jiff::Timestamp::UNIX_EPOCH);
        let next = ground.with_signed(Arc::new(next));
        ground.answered(Arc::clone(&next));
        assert_eq!(by(&next).as_deref(), Some("web team"));
        // Once the files were asked for again, that counts.
        let mut asked = (*before).clone();
        let later = crate::clock::now() + std::time::Duration::from_secs(1);
        for observation in &mut asked.observations {
            observation.at = later;
        }
        let asked = ground.with_signed(Arc::new(asked));
        ground.answered(Arc::clone(&asked));
        assert_eq!(by(&asked), None);
        assert!(Arc::ptr_eq(&ground.with_signed(Arc::clone(&before)), &before), "and nothing is laid over any more");
    }

    #[test]
    fn what_may_not_be_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let ground = ground(folder.path());
        let answer = |of: &[&str]| signed(&ground, &Purpose::Answer(ID.into()), &values(of)).unwrap_err();
        assert!(answer(&["yes", "a", "", "", "", ""]).contains("evidence is missing"));
        assert!(answer(&["yes", "a", "9999d", "seen", "", ""]).contains("too far away"));
        assert!(answer(&["yes", "a", "soon", "seen", "", ""]).contains("is no day"));
        assert!(answer(&["n-a", "a", "", "", "", ""]).contains("a note is missing"));
        assert!(answer(&["yes", "a", "", "", "/not/there.pdf", ""]).contains("/not/there.pdf"));
        assert!(answer(&["maybe", "a", "", "", "", ""]).contains("expected yes, no or n-a"));
        assert!(answer(&["yes", " ", "", "seen", "", ""]).contains("it is empty"));
        assert!(!folder.path().join("attestations").exists(), "nothing was written");
        let approve = |by: &str| signed(&ground, &Purpose::Approve(ID.into()), &values(&[by]));
        assert!(approve("b").unwrap_err().contains("nobody has answered"));
        signed(&ground, &Purpose::Answer(ID.into()), &values(&["yes", "ada", "", "seen", "", ""])).unwrap();
        assert!(approve("Ada").unwrap_err().contains("second person"));
        assert!(approve("bo").unwrap().contains("approved in"));
        let renew = |of: &[&str]| signed(&ground, &Purpose::Renew(ID.into()), &values(of));
        assert!(renew(&["not looked at", "ada", "", "", ""]).unwrap_err().contains("look at the evidence again"));
        assert!(renew(&["new, below", "ada", "", "", ""]).unwrap_err().contains("write the new evidence"));
        assert!(renew(&["looked at, holds", "ada", "", "", ""]).unwrap().contains("renewed in"));
        std::fs::write(folder.path().join("file"), "").unwrap();
        let blocked = Folders { attestations: Some(folder.path().join("file/inside")), waivers: None };
        let blocked = super::super::demo_ground().signing(Some(blocked));
        let why = signed(&blocked, &Purpose::Answer(ID.into()), &values(&["no", "a", "", "", "", ""])).unwrap_err();
        assert!(why.contains("file/inside"), "{why}");
    }

    #[test]
    fn a_fail_is_accepted_for_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let ground = ground(folder.path());
        let waive = |of: &[&str]| signed(&ground, &Purpose::Waive("stages.lock-contention".into()), &values(of));
        assert!(waive(&["known", "ada", "400d", "", ""]).unwrap_err().contains("more than a year"));
        assert!(waive(&["known", "ada", "30d", "OPS-1", ""]).unwrap().contains("stages-lock-contention.toml"));
        let text = std::fs::read_to_string(folder.path().join("waivers/stages-lock-contention.toml")).unwrap();
        assert!(text.contains("OPS-1") && !text.contains("approved_by"), "{text}");
    }
}
