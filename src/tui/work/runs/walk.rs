//! The task that owns a session: takes decisions one after the other, and says where it stands after each.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::super::Events;
use crate::{
    runbook::{
        machine::{Choice, Decision, Situation},
        record::Way,
        session::{Event as Happened, Session, SessionError},
    },
    tui::{
        event::Event,
        screen::run::{News, Stand},
    },
};

/// Where decisions are sent.
pub(super) type Asks = mpsc::UnboundedSender<Ask>;

/// What the operator wants of the session.
#[derive(Debug)]
pub(super) enum Ask {
    /// A decision is carried out.
    Decide(Decision),
    /// The step at hand is looked at again.
    Prepare,
    /// Processes that outlived the program before are ended.
    EndSurvivors,
    /// The run is left as it stands.
    Leave,
}

/// Tells the screens what the session does.
pub(super) fn listener(events: Events) -> impl Fn(Happened) + Send + Sync + 'static {
    move |happened| {
        let _ = events.send(Event::Run(News::Happened(Box::new(happened))));
    }
}

/// Walks until the run is left or its journal fails.
pub(super) async fn walk(mut session: Session, mut asked: mpsc::UnboundedReceiver<Ask>, events: &Events) {
    let tell = |news| drop(events.send(Event::Run(news)));
    let taken_up = session.taken_up().cloned().map(Box::new);
    let book = std::sync::Arc::new(session.book().clone());
    tell(News::Began { run: session.run().to_owned(), folder: session.folder().to_owned(), book, taken_up });
    // The operator has stopped the first look: nothing else is asked.
    let settled = if session.state().paused { Ok(()) } else { settle(&mut session, true).await };
    if let Err(error) = settled {
        return tell(News::Lost(error.to_string()));
    }
    tell(News::Stands(Box::new(stand(&session))));
    while let Some(ask) = asked.recv().await {
        // A note or a tick is no reason to ask all checks again.
        let looks = !matches!(ask, Ask::Decide(Decision::Note(_) | Decision::Tick(_)));
        let done = match ask {
            Ask::Decide(decision) => session.decide(decision).await,
            Ask::Prepare => session.prepare().await,
            Ask::EndSurvivors => end_survivors(&mut session).await,
            Ask::Leave => return,
        };
        match done {
            Ok(()) => {}
            Err(SessionError::Refused(refusal)) => tell(News::Refused(refusal.to_string())),
            Err(error) => return tell(News::Lost(error.to_string())),
        }
        if let Err(error) = settle(&mut session, looks).await {
            return tell(News::Lost(error.to_string()));
        }
        tell(News::Stands(Box::new(stand(&session))));
    }
}

/// What needs no word of the operator, because it only looks: who the target is, what must hold before, and at the end
/// whether what was verified still holds. A run that was given up, or that is taken back, is closed.
async fn settle(session: &mut Session, looks: bool) -> Result<(), SessionError> {
    if let Situation::ToPrepare(_) = session.situation() {
        allowed(session.prepare().await)?;
    }
    if !looks || session.situation() != Situation::ToFinish {
        return Ok(());
    }
    if session.choices().contains(&Choice::GoTo) {
        return allowed(session.watch().await);
    }
    allowed(session.decide(Decision::Finish).await)
}

/// What is refused has changed nothing: the operator sees where the run stands.
fn allowed(done: Result<(), SessionError>) -> Result<(), SessionError> {
    match done {
        Err(SessionError::Refused(_)) => Ok(()),
        other => other,
    }
}

/// Each gets a few seconds to end by itself before it is killed. That is not cancelled: what lives on from a step that
/// nobody knows the end of must not live on half ended.
async fn end_survivors(session: &mut Session) -> Result<(), SessionError> {
    let survivors = session.taken_up().map(|taken_up| taken_up.survivors.clone()).unwrap_or_default();
    for survivor in survivors.iter().filter(|survivor| survivor.lives()) {
        session.end_survivor(survivor).await?;
    }
    Ok(())
}

/// Where the session stands, as the screen may know it: what would run with secrets masked, values that are no secrets.
fn stand(session: &Session) -> Stand {
    let state = session.state();
    let at = match state.next_undo() {
        Some(undo) => Some((undo.step.clone(), Way::Undo)),
        None => state.current.clone().map(|step| (step, Way::Act)),
    };
    let shown = |step: &str, undo: bool| {
        let prepared = session.prepared(step, undo).map_err(|refusal| refusal.to_string());
        prepared.map(|prepared| prepared.map(|prepared| prepared.shown))
    };
    let runs = at.as_ref().map_or(Ok(None), |(step, way)| shown(step, *way == Way::Undo));
    let undo = match &at {
        Some((step, Way::Act)) if session.book().step(step).is_some_and(|step| step.undo.is_some()) => {
            shown(step, true)
        }
        _ => Ok(None),
    };
    let survivors = session.taken_up().map(|taken_up| taken_up.survivors.as_slice()).unwrap_or_default();
    let values: BTreeMap<String, String> = session.values().plain().clone();
    Stand {
        situation: session.situation(),
        may: session.choices(),
        state: state.clone(),
        runs,
        undo,
        values,
        survivors: survivors.iter().filter(|survivor| survivor.lives()).map(ToString::to_string).collect(),
    }
}
