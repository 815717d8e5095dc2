//! A seat before the screens without a terminal: keys go in, work is really done, what it tells comes back.

use std::{path::Path, sync::Arc, time::Duration};

use loadline::{
    assets,
    check::{library::Library, params::Overrides},
    collect::watch,
    config::{self, Given, Target},
    readiness::{Knowledge, Packs},
    runbook::library::Books,
    source::postgres::conninfo::Env,
    tui::{
        event::{Effect, Event},
        key::Key,
        model::{About, Mode, Model},
        update::update,
        view,
        work::{Desk, Ground, Judging, Work as _},
    },
};
use ratatui::{buffer::Buffer, layout::Rect};
use tokio::sync::mpsc;

/// Longer than anything here takes, so that what hangs fails by itself.
const DEADLINE: Duration = Duration::from_secs(180);

/// The seat.
pub(crate) struct Seat {
    pub(crate) model: Model,
    desk: Desk,
    sender: mpsc::UnboundedSender<Event>,
    events: mpsc::UnboundedReceiver<Event>,
    /// Whether the program was left.
    pub(crate) quit: bool,
}

impl Seat {
    /// Sits down before a target of a configuration; of its checks only one is judged all the time.
    pub(crate) fn before(config: &Path, check: &str) -> Self {
        let file = config::find_file(Some(config)).expect("a configuration");
        let given = Given { target: Some("shop".into()), ..Given::default() };
        let resolved = config::resolve(&given, file.as_ref(), &Env::from_process()).expect("a target");
        let (knowledge, books) = (knowledge(), embedded());
        let of_check = knowledge.library.checks().filter(|known| known.def.id == check);
        let probes = knowledge.library.probes_of(of_check).into_iter().cloned().collect();
        let by = judging(knowledge, resolved.overrides, check);
        let environment = resolved.target.environment.clone();
        let options = watch::Options::default();
        Self::over(Ground::live(by, books, file, resolved.target, (probes, options)), environment)
    }

    /// Sits down before a target without sources, with runbooks and a folder of runs of one's own.
    pub(crate) fn alone(config: &Path, books: Arc<Books>) -> Self {
        let file = config::find_file(Some(config)).expect("a configuration");
        let target = Target { name: "shop".into(), environment: None, sources: Vec::new() };
        let by = judging(knowledge(), Overrides::default(), "none");
        Self::over(Ground::live(by, books, file, target, (Vec::new(), watch::Options::default())), None)
    }

    fn over(ground: Ground, environment: Option<String>) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let about = About {
            target: "shop".into(),
            targets: Vec::new(),
            environment,
            mode: Mode::Observe { locked: false },
            persona: None,
        };
        let model = Model::new(about, jiff::Timestamp::now());
        let desk = Desk::new(Box::new(move || Ok(ground)));
        let mut seat = Self { model, desk, sender, events, quit: false };
        seat.effects(vec![Effect::Open]);
        seat
    }

    fn effects(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit { .. } => self.quit = true,
                other => self.desk.begin(other, &self.sender),
            }
        }
    }

    /// Hands an effect to work, past the screens.
    pub(crate) fn order(&mut self, effect: Effect) {
        self.effects(vec![effect]);
    }

    /// Presses keys, with a space between two; what stands in quotes is typed.
    pub(crate) fn press(&mut self, keys: &str) {
        for (n, part) in keys.split('"').enumerate() {
            let keys: Vec<Key> = if n % 2 == 1 {
                part.chars().map(|c| Key { code: crossterm::event::KeyCode::Char(c), ctrl: false }).collect()
            } else {
                part.split_whitespace().map(|key| Key::read(key).expect("a key")).collect()
            };
            for key in keys {
                let effects = update(&mut self.model, Event::Key(key));
                self.effects(effects);
            }
        }
    }

    /// Waits until something is so.
    pub(crate) async fn until(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let end = tokio::time::Instant::now() + DEADLINE;
        while !so(self) {
            let event = tokio::time::timeout_at(end, self.events.recv()).await;
            let Ok(Some(event)) = event else { panic!("{what} never came:\n{}", self.frame()) };
            let now = update(&mut self.model, Event::Tick(jiff::Timestamp::now()));
            self.effects(now);
            let effects = update(&mut self.model, event);
            self.effects(effects);
        }
    }

    /// What stands on the screen.
    pub(crate) fn frame(&mut self) -> String {
        let area = Rect::new(0, 0, 160, 60);
        update(&mut self.model, Event::Resize(area.width, area.height));
        let mut buffer = Buffer::empty(area);
        view::draw(&mut buffer, &self.model);
        let row = |y: u16| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        (0..area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
    }
}

fn judging(knowledge: Knowledge, overrides: Overrides, check: &str) -> Judging {
    Judging { knowledge, overrides, wanted: [check.to_owned()].into(), wish: None, earlier: Vec::new() }
}

fn knowledge() -> Knowledge {
    let files = assets::layered(&[]).expect("what is embedded can be read");
    let mut library = Library::load(&files).expect("checks");
    let packs = Packs::load(&files, &mut library).expect("packs");
    Knowledge { library, packs }
}

fn embedded() -> Arc<Books> {
    let (files, unread) = assets::runbooks::layered(&[]).expect("what is embedded can be read");
    Arc::new(Books::load(&files, &unread))
}
