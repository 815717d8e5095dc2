//! Work for the findings: a long list, a waiver. It is not cancelled: a newer list takes the place of an older one, and a
//! waiver is one small file.

use std::sync::Arc;

use super::{Events, Ground};
use crate::{
    sign::{Desk, Waive},
    tui::{
        event::Event,
        model::Gravity,
        screen::findings::{News, Wish},
    },
};

/// Begins what is wished, in a task of its own.
pub(super) fn begin(ground: Option<Arc<Ground>>, wish: Wish, events: &Events) {
    let events = events.clone();
    tokio::task::spawn_blocking(move || match wish {
        Wish::List(job) => {
            let _ = events.send(Event::Findings(News::Listed(job.run())));
        }
        Wish::Waive(waive, subject) => {
            let Some(ground) = ground else { return };
            let result = write(&ground, &waive);
            let written = result.is_ok();
            let _ = events.send(Event::Findings(News::Waived(waive, subject, result)));
            if written {
                judge(&ground, &events);
            }
        }
    });
}

/// Writes a waiver as the command line does, beside older ones.
fn write(ground: &Ground, waive: &Waive) -> Result<String, String> {
    let folders = ground.folders.clone().ok_or("there is no folder for waivers: open it with --waivers DIR")?;
    let desk = Desk::new(&ground.by.knowledge, folders);
    let path = desk.free_waiver_of(&waive.check, &waive.subject)?;
    desk.waive(&path, waive)?;
    Ok(path.display().to_string())
}

/// Shows what it comes to at once: over a recording nobody else would, and a live round takes its time.
fn judge(ground: &Ground, events: &Events) {
    let event = match ground.sign_again() {
        Ok(Some(audit)) => Event::Judged(Arc::new(audit)),
        Ok(None) => return,
        Err(words) => Event::Said(Gravity::Error, format!("read what was signed: {words}")),
    };
    let _ = events.send(event);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::finding::Status, source::Folders, tui::work::demo_ground};

    #[tokio::test]
    async fn a_waiver_is_written_read_again_and_holds() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders { attestations: None, waivers: Some(home.path().join("waivers")) };
        let ground = Arc::new(demo_ground().signing(Some(folders)));
        let (events, mut heard): (Events, _) = tokio::sync::mpsc::unbounded_channel();
        let waive = Waive {
            check: "redis.memory-near-limit".into(),
            subject: "cache".into(),
            reason: "grows \"tomorrow\"".into(),
            owner: "platform team".into(),
            expires: "30d".into(),
            ..Waive::default()
        };
        for name in ["redis-memory-near-limit-cache.toml", "redis-memory-near-limit-cache-2.toml"] {
            let wish = Wish::Waive(Box::new(waive.clone()), "cache".into());
            begin(Some(Arc::clone(&ground)), wish, &events);
            let Some(Event::Findings(News::Waived(_, _, Ok(path)))) = heard.recv().await else { panic!("written") };
            assert!(path.ends_with(name), "{path}: an older one stays");
            let Some(Event::Judged(audit)) = heard.recv().await else { panic!("judged anew") };
            let is_it = |f: &&crate::check::finding::Finding| f.check == waive.check && f.subject == waive.subject;
            assert_eq!(audit.findings.iter().find(is_it).unwrap().status, Status::Waived);
        }
        let late = Waive { expires: "2020-01-01".into(), ..waive };
        begin(Some(ground), Wish::Waive(Box::new(late), "cache".into()), &events);
        let Some(Event::Findings(News::Waived(_, _, Err(why)))) = heard.recv().await else { panic!("refused") };
        assert!(why.contains("has passed"), "{why}");
    }
}
