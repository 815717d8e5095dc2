//! The loop of an operator's run: shows what stands between now and the next thing, reads an answer, has it carried out.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{
    desk::{Desk, Input},
    talk::{self, Asked, Heard, Scene, Talk},
};
use crate::{
    cli::{CliError, output},
    clock,
    runbook::{
        machine::{self, Asks, Choice, Decision, Situation},
        model::Runbook,
        record::Mode,
        session::{Session, SessionError},
    },
    secret::Secret,
    text,
};

/// How long an action that is being stopped may take to end, before the program leaves without its outcome.
const PATIENCE: Duration = Duration::from_secs(8);

/// A run that is walked at a desk.
pub(super) struct Walk {
    pub(super) session: Session,
    pub(super) book: Arc<Runbook>,
    pub(super) desk: Desk,
    /// The step to go on at, before anything else is decided.
    pub(super) start_at: Option<String>,
    /// Whether nobody is asked.
    pub(super) auto: bool,
}

/// What became of something that was waited for.
enum Waited {
    Done(Result<(), SessionError>),
    /// The operator leaves; the run can be resumed.
    Left,
}

/// Whether the walk goes on.
enum Next {
    On,
    Leave,
}

impl Walk {
    /// Walks until the run ends, is paused or is left.
    ///
    /// # Errors
    /// A journal that cannot be written: nothing is done without it.
    pub(super) async fn walk(&mut self) -> Result<(), CliError> {
        // A first look that was stopped leaves a run that is paused already.
        while !self.session.state().paused {
            let next = match self.session.situation() {
                Situation::Ended => return Ok(()),
                Situation::NeedsParams(names) => match names.first() {
                    Some(name) => self.value(name).await?,
                    None => return Err(CliError::Internal("the run waits for no parameter".into())),
                },
                Situation::ToPrepare(_) | Situation::Step { .. } if self.start_at.is_some() => self.go_to().await?,
                Situation::ToPrepare(step) => self.prepare(&step).await?,
                Situation::Step { step, asks, may } => self.at(&step, false, asks, may).await?,
                Situation::RollingBack { step, asks, may } => self.at(&step, true, asks, may).await?,
                Situation::ToFinish => self.finish().await?,
            };
            if matches!(next, Next::Leave) {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn go_to(&mut self) -> Result<Next, CliError> {
        let Some(step) = self.start_at.take() else { return Ok(Next::On) };
        let decision = Decision::GoTo { step, reason: "--start-at".into() };
        self.decide(decision).await
    }

    async fn prepare(&mut self, id: &str) -> Result<Next, CliError> {
        let title = self.book.step(id).map_or(id, |step| step.title.as_str());
        self.desk.screen.told(&talk::Told::Passing(format!("  looking at {}", text::screen(title))));
        let stop = self.session.stopper();
        let waited = busy(&mut self.desk, &stop, self.session.prepare()).await;
        match waited {
            Waited::Done(Err(SessionError::Refused(refusal))) => Err(CliError::Usage(refusal.to_string())),
            waited => self.came_to(waited),
        }
    }

    /// A step or undo that waits for the operator.
    async fn at(&mut self, step: &str, back: bool, asks: Asks, may: Vec<Choice>) -> Result<Next, CliError> {
        let page = self.scene(step, back, &asks);
        self.desk.screen.page(&page);
        if self.auto {
            return self.by_itself().await;
        }
        if let Asks::Value(name) = &asks
            && self.book.param(name).is_some_and(|param| param.secret)
        {
            return self.secret(&name.clone()).await;
        }
        self.hear(Some(step), asks, may).await
    }

    /// Asks until there is a decision, and has it carried out.
    async fn hear(&mut self, step: Option<&str>, asks: Asks, may: Vec<Choice>) -> Result<Next, CliError> {
        let book = Arc::clone(&self.book);
        let mut talk = Talk::default();
        let decision = loop {
            let asked = asked(&book, &self.session, step, &asks, &may);
            let input = if talk.is_pasting() {
                self.desk.next().await
            } else {
                self.desk.ask(&text_lines(&talk.question(&asked))).await
            };
            match input {
                Input::Line(line) => match talk.hear(&asked, &line) {
                    Heard::Decided(decision) => break decision,
                    Heard::More => {}
                    Heard::Help => self.desk.screen.page(&talk::help(&asked)),
                    Heard::Unclear(why) => self.desk.screen.line(&text::screen(&why)),
                },
                Input::End | Input::Interrupt | Input::Leave => break Decision::Pause,
            }
        };
        self.decide(decision).await
    }

    /// A parameter without a value.
    async fn value(&mut self, name: &str) -> Result<Next, CliError> {
        let Some(param) = self.book.param(name) else {
            return Err(CliError::Internal(format!("the runbook has no parameter `{name}`")));
        };
        let (is_secret, about) = (param.secret, format!("{}: {} ({})", param.name, param.about, param.expected()));
        self.desk.screen.line("");
        self.desk.screen.line(&text::screen(&about));
        if self.auto {
            return Err(CliError::Usage(format!(
                "--auto asks nobody, and {name} has no value; give --set {name}=VALUE"
            )));
        }
        if is_secret {
            return self.secret(name).await;
        }
        let may = self.session.choices();
        self.hear(None, Asks::Value(name.to_owned()), may).await
    }

    async fn secret(&mut self, name: &str) -> Result<Next, CliError> {
        let question = format!("the value of {name}; it is not shown, and not written down");
        let decision = match self.desk.ask_secret(&question).await {
            Input::Line(line) if !line.is_empty() => {
                Decision::Answer { name: name.to_owned(), value: Secret::new(line), origin: "operator".into() }
            }
            Input::Line(_) => {
                self.desk.screen.line("nothing was said");
                return Ok(Next::On);
            }
            Input::End | Input::Interrupt | Input::Leave => Decision::Pause,
        };
        self.decide(decision).await
    }

    /// The end: verified steps are looked at once more, then the run is closed.
    async fn finish(&mut self) -> Result<Next, CliError> {
        if !self.session.choices().contains(&Choice::GoTo) {
            return self.decide(Decision::Finish).await;
        }
        let stop = self.session.stopper();
        let waited = busy(&mut self.desk, &stop, self.session.watch()).await;
        if let Next::Leave = self.came_to(waited)? {
            return Ok(Next::Leave);
        }
        if !matches!(self.session.situation(), Situation::ToFinish) {
            return Ok(Next::On);
        }
        if self.auto {
            return self.decide(Decision::Finish).await;
        }
        let page = talk::before_closing(&self.book, self.session.state(), self.desk.screen.look());
        self.desk.screen.page(&page);
        let may = self.session.choices();
        self.hear(None, Asks::Yes, may).await
    }

    /// What an automatic run decides; any trouble stops it.
    async fn by_itself(&mut self) -> Result<Next, CliError> {
        match machine::auto_decision(&self.session.situation()) {
            Ok(decision) => self.decide(decision).await,
            Err(refusal) => {
                output::complain(&format!("the automatic run stops here: {refusal}"));
                self.decide(Decision::Pause).await?;
                Ok(Next::Leave)
            }
        }
    }

    async fn decide(&mut self, decision: Decision) -> Result<Next, CliError> {
        let stop = self.session.stopper();
        let waited = busy(&mut self.desk, &stop, self.session.decide(decision)).await;
        self.came_to(waited)
    }

    /// A refusal is told and asked again; a journal that fails ends the walk.
    fn came_to(&self, waited: Waited) -> Result<Next, CliError> {
        match waited {
            Waited::Done(Ok(())) => Ok(Next::On),
            Waited::Done(Err(SessionError::Refused(refusal))) if !self.auto => {
                self.desk.screen.line(&format!("not done: {}", text::screen(&refusal.to_string())));
                Ok(Next::On)
            }
            Waited::Done(Err(error)) => Err(CliError::Usage(error.to_string())),
            Waited::Left => Ok(Next::Leave),
        }
    }

    fn scene(&self, id: &str, taking_back: bool, asks: &Asks) -> String {
        let Some((phase, step)) = self.book.steps().find(|(_, step)| step.id == id) else {
            return String::new();
        };
        let prepared = |undo| self.session.prepared(id, undo).map_err(|refusal| refusal.to_string());
        let undo = step.undo.as_ref().filter(|_| !taking_back).map(|_| prepared(true));
        let scene = Scene {
            book: &self.book,
            state: self.session.state(),
            phase,
            step,
            taking_back,
            asks,
            ran: prepared(taking_back),
            undo: undo.unwrap_or(Ok(None)),
            values: self.session.values(),
            now: clock::now(),
        };
        talk::show(&scene, self.desk.screen.look())
    }
}

/// What an answer is read against.
fn asked<'a>(
    book: &'a Runbook,
    session: &'a Session,
    step: Option<&str>,
    asks: &'a Asks,
    may: &'a [Choice],
) -> Asked<'a> {
    let state = session.state();
    let mode = state.started.as_ref().map_or(Mode::Run, |started| started.mode);
    let at = step.and_then(|id| book.step(id));
    let ticked = step.and_then(|id| state.step(id)).map(|known| known.ticked.as_slice()).unwrap_or_default();
    let items = at.map(|step| step.items.as_slice()).unwrap_or_default();
    let title = |id: &'a str| (id, book.step(id).map_or(id, |step| step.title.as_str()));
    Asked {
        asks,
        may,
        items: (1..)
            .zip(items)
            .filter(|(_, item)| !ticked.contains(&item.text))
            .map(|(n, item)| (n, item.text.as_str()))
            .collect(),
        steps: book.forward().map(|step| (step.id.as_str(), step.title.as_str())).collect(),
        standing: state.standing().map(|undo| title(&undo.step)).collect(),
        pastes: mode == Mode::Instruct && at.is_some_and(|step| step.action.as_ref().is_some_and(|a| a.kind.acts())),
    }
}

/// A question keeps its lines; everything else in it is made harmless.
fn text_lines(question: &str) -> String {
    question.lines().map(text::screen).collect::<Vec<_>>().join("\n")
}

/// Waits for the first look of a run. Nothing can be half done in it, so a first Ctrl-C stops it.
pub(super) async fn looking<T>(desk: &mut Desk, stop: &watch::Sender<bool>, look: impl Future<Output = T>) -> T {
    tokio::pin!(look);
    loop {
        tokio::select! {
            done = &mut look => return done,
            _ = desk.interrupted() => {
                let _ = stop.send_replace(true);
                desk.screen.line("\nstopping before the next step; the run can be resumed");
            }
        }
    }
}

/// Waits for work, and for the operator who wants to stop it: Ctrl-C once asks, twice leaves.
async fn busy(
    desk: &mut Desk,
    stop: &watch::Sender<bool>,
    work: impl Future<Output = Result<(), SessionError>>,
) -> Waited {
    tokio::pin!(work);
    loop {
        let input = tokio::select! {
            done = &mut work => return Waited::Done(done),
            input = desk.interrupted() => input,
        };
        let wish = if input == Input::Interrupt && desk.is_terminal {
            desk.screen.line("\nstop what is running? y stops it, Enter lets it run; Ctrl-C again stops it and leaves");
            tokio::select! {
                done = &mut work => return Waited::Done(done),
                input = desk.next() => input,
            }
        } else {
            input
        };
        match wish {
            Input::Line(line) if !matches!(line.trim(), "y" | "Y" | "yes") => desk.screen.line("it goes on"),
            Input::Line(_) => {
                let _ = stop.send(true);
            }
            // Nobody sits there who could be asked: stopping is what a first interrupt means.
            Input::Interrupt if !desk.is_terminal => {
                let _ = stop.send(true);
            }
            Input::Interrupt | Input::Leave | Input::End => return leave(desk, stop, work).await,
        }
    }
}

/// Stops what runs, and waits a little for its outcome to be written.
async fn leave(
    desk: &Desk,
    stop: &watch::Sender<bool>,
    work: impl Future<Output = Result<(), SessionError>>,
) -> Waited {
    let _ = stop.send(true);
    desk.screen.line("stopping; the run can be resumed");
    let _ = tokio::time::timeout(PATIENCE, work).await;
    Waited::Left
}
