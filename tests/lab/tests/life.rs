//! Whatever becomes of a lab's holder, servers and folder go.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::super::crew::is_alive;
use super::super::options::{Options, Part};
use super::super::servers::Lab;
use super::super::state::State;
use super::super::wait;

/// Tells the holder, which is this same program, that it is one.
const HOLD: &str = "LOADLINE_TEST_HOLD_A_LAB";

/// What a lab leaves on the machine while it is up.
struct Traces {
    folder: PathBuf,
    records: Vec<String>,
}

impl Traces {
    fn of(folder: &Path) -> Self {
        let records = fs::read_dir(folder.join("pids")).expect("the lab is up");
        let records = records.map(|entry| fs::read_to_string(entry.unwrap().path()).expect("a record can be read"));
        let traces = Self { folder: folder.to_owned(), records: records.collect() };
        assert!(!traces.records.is_empty() && traces.records.iter().all(|record| is_alive(record)));
        traces
    }

    fn left(&self) -> Vec<&String> {
        self.records.iter().filter(|record| is_alive(record)).collect()
    }

    fn assert_gone(&self) {
        assert!(!self.folder.exists(), "{} is still there", self.folder.display());
        assert!(self.left().is_empty(), "still alive: {:?}", self.left());
    }
}

#[test]
fn nothing_is_left_after_a_drop() {
    let lab = Lab::start(Options::full());
    lab.ail("redis-misses");
    lab.ail("idle-in-transaction");
    let traces = Traces::of(lab.folder());
    assert_eq!(traces.records.len(), Part::ALL.len() + 2);
    drop(lab);
    traces.assert_gone();
}

#[test]
fn nothing_is_left_after_a_panic() {
    let mut traces = None;
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let lab = Lab::start(Options::redis());
        traces = Some(Traces::of(lab.folder()));
        panic!("as a failing test does");
    }));
    assert!(outcome.is_err());
    traces.expect("the lab was up").assert_gone();
}

#[test]
fn nothing_is_left_after_the_holder_is_killed() {
    let module = module_path!().split_once("::").expect("a module is in a crate").1;
    let mut holder = Command::new(env::current_exe().expect("this program has a path"));
    holder.args([&format!("{module}::a_holder"), "--exact", "--ignored"]).env(HOLD, "yes");
    let mut holder = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the holder starts");
    let output = BufReader::new(holder.stdout.take().expect("a pipe was asked for"));
    let said = output.lines().map_while(Result::ok).find_map(|line| Some(line.split_once("folder=")?.1.to_owned()));
    let traces = Traces::of(Path::new(&said.expect("the holder says where its lab is")));

    holder.kill().expect("the holder can be killed");
    holder.wait().expect("the holder ends");
    let gone = wait::until(Duration::from_secs(20), || !traces.folder.exists() && traces.left().is_empty());
    assert!(gone, "still alive: {:?}, folder there: {}", traces.left(), traces.folder.exists());
}

#[test]
#[ignore = "a part that another test plays in a process of its own"]
fn a_holder() {
    if env::var_os(HOLD).is_none() {
        return;
    }
    let lab = Lab::start(Options::of(&[Part::Replica, Part::PgBouncer]));
    lab.ail("idle-in-transaction");
    writeln!(io::stdout(), "folder={}", lab.folder().display()).expect("somebody listens");
    // Until the one who asked is gone, if it should forget to kill us.
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

#[test]
fn a_lasting_lab_is_found_again_and_cleared() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let file = folder.path().join("state");
    let lab = Lab::start_lasting(Options::redis(), &file).expect("the state can be stored");
    let traces = Traces::of(lab.folder());
    drop(lab);

    let again = Lab::attach(State::load(&file).expect("the state can be read"));
    assert!(traces.left().len() == traces.records.len() && again.runs(Part::Redis), "it lives on");
    assert_eq!(again.redis(&["PING"]), "PONG");
    assert!(again.state().store(&file).is_err(), "a state that is there is never overwritten");
    again.clear();
    traces.assert_gone();
}
