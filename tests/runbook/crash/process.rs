//! The driver in a process of its own: this test program, started again.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use loadline::runbook::{port::Happening, session::Event};
use rustix::process::{Signal, getpid, kill_process};

use super::{
    operator::walk,
    world::{Ending, World},
};

const FOLDER: &str = "LOADLINE_TEST_CRASH_FOLDER";
const MOMENT: &str = "LOADLINE_TEST_CRASH_MOMENT";

/// When the process kills itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Right after it has written so many records.
    Record(usize),
    /// When so many actions have ended, before the outcome of the last is known.
    Ending(usize),
    /// At the first sign of life of so many actions, which go on without it.
    Line(usize),
    /// Never; it walks to the end.
    Never,
    /// Never; it starts a run and waits until its input is closed.
    Hold,
}

impl Moment {
    fn words(self) -> String {
        match self {
            Self::Record(n) => format!("record {n}"),
            Self::Ending(n) => format!("ending {n}"),
            Self::Line(n) => format!("line {n}"),
            Self::Never => "never 0".to_owned(),
            Self::Hold => "hold 0".to_owned(),
        }
    }

    fn read(words: &str) -> Self {
        let (word, n) = words.split_once(' ').expect("a word and a number");
        let n = n.parse().expect("a number");
        match word {
            "record" => Self::Record(n),
            "ending" => Self::Ending(n),
            "line" => Self::Line(n),
            "never" => Self::Never,
            _ => Self::Hold,
        }
    }
}

/// The command that walks in a process of its own.
pub(super) fn command(world: &World, moment: Moment) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    dress(&mut command, world, moment);
    command
}

/// The same under a limit of the size of files, in blocks of 512 bytes. A write over it fails as on a full disk.
pub(super) fn limited(world: &World, blocks: usize) -> Command {
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
    command.args(["-c", script, "sh", &blocks.to_string()]);
    command.arg(env::current_exe().expect("this program has a path"));
    dress(&mut command, world, Moment::Never);
    command
}

fn dress(command: &mut Command, world: &World, moment: Moment) {
    let module = module_path!().split_once("::").expect("a module is in a crate").1;
    command.args([&format!("{module}::a_driver"), "--exact", "--ignored", "--nocapture"]);
    command.env(FOLDER, &world.folder).env(MOMENT, moment.words());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
}

/// What the process said after `word=`, once it does.
pub(super) fn said(child: &mut Child, word: &str) -> Option<String> {
    let output = BufReader::new(child.stdout.take().expect("a pipe was asked for"));
    let prefix = format!("{word}=");
    output.lines().map_while(Result::ok).find_map(|line| Some(line.split_once(&prefix)?.1.to_owned()))
}

#[test]
#[ignore = "a part that other tests play in a process of its own"]
fn a_driver() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let moment = Moment::read(&env::var(MOMENT).expect("a moment comes with a folder"));
    let world = World::new(Path::new(&folder));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let driven = runtime.block_on(drive(&world, moment));
    let told = match driven {
        Ok(()) => "end=done".to_owned(),
        Err(error) => format!("end={error}"),
    };
    writeln!(io::stdout(), "{told}").expect("somebody listens");
}

async fn drive(world: &World, moment: Moment) -> Result<(), loadline::runbook::session::SessionError> {
    let (listen, ending) = watchers(moment);
    let mut session = match world.run() {
        Some(run) => world.resume(&run, listen, ending).await?,
        None => world.start(listen, ending).await?,
    };
    if moment == Moment::Hold {
        writeln!(io::stdout(), "held={}", session.run()).expect("somebody listens");
        let _ = io::stdin().read_to_end(&mut Vec::new());
        return Ok(());
    }
    walk(&mut session, world).await
}

/// What watches for the moment.
fn watchers(moment: Moment) -> (impl Fn(Event) + Send + Sync + 'static, Ending) {
    let (records, lines, endings) = (counter(), counter(), counter());
    let listen = move |event| {
        let now = match event {
            Event::Wrote(_) => Moment::Record(records()),
            Event::Happens { what: Happening::Line(_), .. } => Moment::Line(lines()),
            _ => return,
        };
        if now == moment {
            die();
        }
    };
    let ending = move || {
        if Moment::Ending(endings()) == moment {
            die();
        }
    };
    (listen, Arc::new(ending))
}

fn counter() -> impl Fn() -> usize + Send + Sync + 'static {
    let count = AtomicUsize::new(0);
    move || count.fetch_add(1, Ordering::SeqCst) + 1
}

/// Nothing that could still run does: no destructor, no flush.
fn die() {
    kill_process(getpid(), Signal::KILL).expect("one may kill oneself");
}
