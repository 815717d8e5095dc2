//! Runs of runbooks: chosen, started, taken up, walked, left. A session lives in a task of its own, so that the operator
//! can leave the screen and come back; decisions reach it by a channel, and what it does comes back as events.

mod walk;
mod world;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, task::JoinHandle};

use self::walk::{Ask, Asks};
use super::{Events, Ground};
use crate::{
    check::finding::Finding,
    runbook::{
        hands::Lock,
        journal,
        library::Books,
        model::Runbook,
        open::{self, Begun, Known, Manner, World, who},
        record::Mode,
        runs,
        session::{Session, SessionError},
    },
    tui::{
        event::Event,
        model::Gravity,
        screen::{
            run::{Chosen, News, Wish},
            runbooks,
        },
    },
};

/// How long an action that is being stopped may take to end, before it is left without its outcome.
const PATIENCE: Duration = Duration::from_secs(8);

/// What the tasks of runs share.
struct Shared {
    ground: Arc<Ground>,
    lock: Arc<Lock>,
    world: tokio::sync::OnceCell<World>,
    /// What was chosen, and waits for the operator's word.
    chosen: Mutex<Option<Begun>>,
}

/// Runs, and the one that is walked now.
#[derive(Default)]
pub(in crate::tui) struct Runs {
    lock: Arc<Lock>,
    shared: Option<Arc<Shared>>,
    /// Who is meant is being asked, for a runbook that was chosen.
    choosing: Option<JoinHandle<()>>,
    walk: Option<Walked>,
}

/// A session in its task.
struct Walked {
    asks: Asks,
    /// Stops what takes time, from the first look on.
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Runs {
    /// Starts what is asked for a run.
    pub(in crate::tui) fn begin(&mut self, wish: Wish, ground: Option<&Arc<Ground>>, events: &Events) {
        match wish {
            Wish::Guard(unlocked) => self.lock.unlock(unlocked),
            Wish::Choose { book, finding, given } => {
                if let Some(shared) = self.shared(ground, events) {
                    self.forget();
                    self.choosing = Some(tokio::spawn(choose(shared, events.clone(), book, finding, given)));
                }
            }
            Wish::Forget => self.forget(),
            Wish::Start => {
                let Some(shared) = self.shared(ground, events) else { return };
                let Some(begun) = shared.take() else { return };
                self.walk(events, move |events, stop| async move { start(&shared, &begun, events, stop).await });
            }
            Wish::Resume(run) => {
                let Some(shared) = self.shared(ground, events) else { return };
                self.walk(events, move |events, stop| async move { resume(&shared, &run, events, stop).await });
            }
            Wish::Decide(decision) => self.ask(Ask::Decide(decision)),
            Wish::Prepare => self.ask(Ask::Prepare),
            Wish::EndSurvivors => self.ask(Ask::EndSurvivors),
            Wish::Stop => self.stop(),
            Wish::Leave => self.leave(events),
        }
    }

    /// Starts what is asked for the list of runbooks. It is not cancelled: a journal is a few hundred lines, and a newer list
    /// takes the place of this one.
    pub(in crate::tui) fn list(wish: runbooks::Wish, ground: Option<&Arc<Ground>>, events: &Events) {
        let Some(ground) = ground.cloned() else { return };
        let events = events.clone();
        tokio::task::spawn_blocking(move || {
            let folder = folder(&ground);
            let news = match wish {
                runbooks::Wish::List => folder
                    .and_then(|folder| runs::list(&folder).map_err(|error| error.to_string()))
                    .map_or_else(runbooks::News::Failed, runbooks::News::Runs),
                runbooks::Wish::Read(run) => folder
                    .and_then(|folder| open::tell(&folder, &run).map_err(|error| error.to_string()))
                    .map_or_else(runbooks::News::Failed, |told| runbooks::News::Told(Box::new(told.incident()))),
            };
            let _ = events.send(Event::Runbooks(news));
        });
    }

    fn shared(&mut self, ground: Option<&Arc<Ground>>, events: &Events) -> Option<Arc<Shared>> {
        if self.shared.is_none() {
            let Some(ground) = ground else {
                refuse(events, "checks and runbooks are still being read");
                return None;
            };
            let shared = Shared {
                ground: Arc::clone(ground),
                lock: Arc::clone(&self.lock),
                world: tokio::sync::OnceCell::new(),
                chosen: Mutex::new(None),
            };
            self.shared = Some(Arc::new(shared));
        }
        self.shared.clone()
    }

    /// Opens a session in a task of its own. The one before is left first: its journal must be free.
    fn walk<F, Opened>(&mut self, events: &Events, open: F)
    where
        F: FnOnce(Events, watch::Sender<bool>) -> Opened + Send + 'static,
        Opened: Future<Output = Option<Session>> + Send,
    {
        let before = self.walk.take();
        if let Some(walked) = &before {
            walked.end();
        }
        let (asks, asked) = tokio::sync::mpsc::unbounded_channel();
        let stop = watch::channel(false).0;
        let (events, stopper) = (events.clone(), stop.clone());
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                before.wait().await;
            }
            if let Some(session) = open(events.clone(), stopper).await {
                walk::walk(session, asked, &events).await;
            }
        });
        self.walk = Some(Walked { asks, stop, task });
    }

    fn ask(&self, ask: Ask) {
        if let Some(walked) = &self.walk {
            let _ = walked.asks.send(ask);
        }
    }

    /// Drops what was chosen, also while its target is still being asked.
    fn forget(&mut self) {
        if let Some(choosing) = self.choosing.take() {
            choosing.abort();
        }
        drop(self.shared.as_ref().and_then(|shared| shared.take()));
    }

    fn stop(&self) {
        if let Some(walked) = &self.walk {
            walked.stop();
        }
    }

    /// Leaves the run as it stands: what runs is stopped, and its outcome is waited for a little.
    fn leave(&mut self, events: &Events) {
        let events = events.clone();
        let walked = self.walk.take();
        if let Some(walked) = &walked {
            walked.end();
        }
        tokio::spawn(async move {
            if let Some(walked) = walked {
                walked.wait().await;
            }
            let _ = events.send(Event::Run(News::Left));
        });
    }
}

impl Walked {
    fn stop(&self) {
        self.stop.send_replace(true);
    }

    fn end(&self) {
        let _ = self.asks.send(Ask::Leave);
        self.stop();
    }

    /// Waits until it has ended. One that does not is left: its journal says what it was at.
    async fn wait(mut self) {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            // A decision that was under way sets the switch back when it begins.
            self.stop();
            let tick = tokio::time::timeout(Duration::from_millis(200), &mut self.task).await;
            if tick.is_ok() {
                return;
            }
            if tokio::time::Instant::now() >= end {
                self.task.abort();
                return;
            }
        }
    }
}

impl Shared {
    fn take(&self) -> Option<Begun> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, begun: Begun) {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
    }

    fn books(&self) -> &Books {
        &self.ground.books
    }

    /// The target, made ready once: its checks are read anew, because conditions of runbooks are compiled into them.
    async fn world(self: &Arc<Self>) -> Result<&World, String> {
        let make = || {
            let shared = Arc::clone(self);
            async move {
                let made = tokio::task::spawn_blocking(move || world::of(&shared.ground, &shared.lock)).await;
                made.map_err(|error| format!("read the checks: {error}"))?
            }
        };
        self.world.get_or_try_init(make).await
    }

    fn manner(&self, stop: watch::Sender<bool>) -> Result<Manner, String> {
        Ok(Manner {
            operator: who::operator(None),
            host: who::host(),
            folder: folder(&self.ground)?,
            second_person: false,
            survey: true,
            stop,
        })
    }
}

/// The folder of runs.
fn folder(ground: &Ground) -> Result<PathBuf, String> {
    crate::config::runs_folder(None, ground.config.as_ref()).map(|runs| runs.folder).map_err(|error| error.to_string())
}

fn refuse(events: &Events, why: impl Into<String>) {
    let _ = events.send(Event::Run(News::Refused(why.into())));
}

/// Fills in what is known for a runbook, and asks the operator whether to begin.
async fn choose(shared: Arc<Shared>, events: Events, id: String, finding: Option<Box<Finding>>, given: Vec<Known>) {
    match chosen(&shared, &id, finding.as_deref(), &given).await {
        Ok(chosen) => {
            let _ = events.send(Event::Run(News::Chosen(Box::new(chosen))));
        }
        Err(why) => refuse(&events, why),
    }
}

async fn chosen(shared: &Arc<Shared>, id: &str, finding: Option<&Finding>, given: &[Known]) -> Result<Chosen, String> {
    let book = shared.books().get(id).cloned().ok_or_else(|| shared.books().no_such(id))?;
    let world = shared.world().await?;
    let begun = open::begin(book, finding, given, world).await.map_err(|refusal| refusal.to_string())?;
    let chosen = told(&begun, mode(world));
    shared.keep(begun);
    Ok(chosen)
}

/// What was chosen as the screen may know it: without the values of secrets.
fn told(begun: &Begun, mode: Mode) -> Chosen {
    let is_secret = |name: &str| begun.book.param(name).is_some_and(|param| param.secret);
    let shown = |(name, value, origin): &Known| {
        let value = (!is_secret(name)).then(|| value.clone());
        (name.clone(), value, origin.clone())
    };
    Chosen {
        book: Arc::clone(&begun.book),
        finding: begun.finding.clone(),
        message: begun.message.clone(),
        values: begun.values.iter().map(shown).collect(),
        notes: begun.notes.clone(),
        mode,
    }
}

/// A recording can only be walked by hand.
fn mode(world: &World) -> Mode {
    if world.live.is_some() { Mode::Run } else { Mode::Instruct }
}

async fn start(shared: &Arc<Shared>, begun: &Begun, events: Events, stop: watch::Sender<bool>) -> Option<Session> {
    let opened = async {
        let (world, manner) = (shared.world().await?, shared.manner(stop)?);
        let session = open::start(begun, mode(world), &manner, world, walk::listener(events.clone())).await;
        session.map_err(|error: SessionError| error.to_string())
    };
    told_of(opened.await, None, &events)
}

async fn resume(shared: &Arc<Shared>, run: &str, events: Events, stop: watch::Sender<bool>) -> Option<Session> {
    let mut note = None;
    let opened = async {
        let (world, manner) = (shared.world().await?, shared.manner(stop)?);
        let started = journal::read(&manner.folder.join(run)).map_err(|error| error.to_string())?.started;
        let (book, said): (Arc<Runbook>, _) =
            open::now_or_then(shared.books(), &started, &manner.folder).map_err(|error| error.to_string())?;
        note = said;
        let listen = walk::listener(events.clone());
        let session = open::resume(book, &started, Vec::new(), &manner, world, listen).await;
        session.map_err(|error: SessionError| error.to_string())
    };
    let opened = opened.await;
    told_of(opened, note, &events)
}

/// The session that was opened; the screens are told why there is none.
fn told_of(opened: Result<Session, String>, note: Option<String>, events: &Events) -> Option<Session> {
    match opened {
        Ok(session) => {
            if let Some(note) = note {
                let _ = events.send(Event::Said(Gravity::Warning, note));
            }
            Some(session)
        }
        Err(why) => {
            let _ = events.send(Event::Run(News::Lost(why)));
            None
        }
    }
}
