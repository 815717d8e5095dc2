//! What is shown changes no number, no verdict and no exit code.

use std::process::Stdio;
use std::sync::OnceLock;

use crate::lab::{Lab, Options, Role};
use crate::support::{Folder, Loadline, Run, loadline};

/// A snapshot with something to complain about, taken from a real server once and judged again and again.
struct Recorded(Folder);

static SNAPSHOT: OnceLock<String> = OnceLock::new();

impl Recorded {
    fn take() -> Self {
        let text = SNAPSHOT.get_or_init(|| {
            let lab = Lab::start(Options::postgres());
            lab.ail("idle-in-transaction");
            loadline("collect --window 0 --postgres").arg(lab.primary_url(Role::Monitor)).run().expect(0).stdout
        });
        let folder = Folder::new();
        folder.write("snapshot.json", text);
        Self(folder)
    }

    /// The sessions in question, judged by these limits.
    fn judge(&self, words: &str, variables: &[(&str, &str)]) -> Run {
        let run =
            loadline("audit --only postgres.idle-in-transaction,postgres.connection-saturation").arg("--snapshot");
        let run = run.arg(self.0.file("snapshot.json"));
        let mut run = words.split_whitespace().fold(run, Loadline::arg);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        run.run()
    }
}

const FAILS: &str = "--set postgres.idle-in-transaction.fail=1s";
const WARNS: &str = "--set postgres.idle-in-transaction.warn=1s";

#[test]
fn filters_and_terminals_change_no_number() {
    let recorded = Recorded::take();
    let plain = recorded.judge(&format!("{FAILS} --format json"), &[]).expect(30);
    let shapes: [&[(&str, &str)]; 4] =
        [&[], &[("COLUMNS", "40"), ("LINES", "5")], &[("NO_COLOR", "1")], &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]];
    for shape in shapes {
        for filter in ["", "--all", "--persona incident", "--persona pre-launch", "--persona deep --all"] {
            let json = recorded.judge(&format!("{FAILS} --format json {filter}"), shape).expect(30);
            assert_eq!(json.stdout, plain.stdout, "{filter} with {shape:?}");
            for format in ["human", "markdown"].into_iter().filter(|_| shape.is_empty() || filter.is_empty()) {
                let shown = recorded.judge(&format!("{FAILS} --format {format} {filter}"), shape).expect(30);
                assert!(shown.stdout.contains("1 fail"), "{filter} with {shape:?}\n{shown}");
            }
        }
    }
}

#[test]
fn fail_on_decides_the_exit_code_and_nothing_else() {
    let recorded = Recorded::take();
    let table = [
        ("", "fail", 0),
        ("", "warn", 0),
        (WARNS, "fail", 0),
        (WARNS, "warn", 30),
        (WARNS, "never", 0),
        (FAILS, "fail", 30),
        (FAILS, "warn", 30),
        (FAILS, "never", 0),
    ];
    for (limits, fail_on, code) in table {
        let run = recorded.judge(&format!("{limits} --fail-on {fail_on}"), &[]);
        assert_eq!(run.code, code, "{limits} --fail-on {fail_on}\n{run}");
    }
}

#[test]
fn nothing_measured_is_neither_good_nor_bad() {
    let nobody = |fail_on: &str| loadline("audit --window 0 --redis redis://127.0.0.1:1 --fail-on").arg(fail_on).run();
    assert_eq!(["fail", "warn", "never"].map(|fail_on| nobody(fail_on).code), [20, 20, 0]);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for words in [
        "audit --only postgres.no-such --redis redis://127.0.0.1:1",
        "audit --only domain:nowhere --redis redis://127.0.0.1:1",
        "audit --set postgres.idle-in-transaction.worn=1s --redis redis://127.0.0.1:1",
        "audit --set postgres.idle-in-transaction.warn=1parsec --redis redis://127.0.0.1:1",
        "audit --snapshot no-such-file.json",
        "audit -o report.docx --redis redis://127.0.0.1:1",
        "audit --config no-such-file.toml",
        "audit nowhere",
        "audit",
    ] {
        let run = loadline(words).run();
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words}\n{run}");
        assert!(run.stderr.starts_with("error: ") && run.stderr.len() > 20, "{words}\n{run}");
    }
}

#[test]
fn what_is_shown_changes_neither_verdict_nor_score_nor_bottleneck() {
    let judged = |words: &str| {
        let run = loadline(&format!("demo audit --stage 2 --format json {words}")).run();
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        (run.code, report["readiness"].clone(), report["bottlenecks"].clone(), report["summary"].clone())
    };
    let whole = judged("");
    assert!(whole.1["verdict"].is_string() && whole.2.as_array().is_some_and(|b| !b.is_empty()));
    for words in ["--persona incident", "--persona deep", "--all"] {
        assert_eq!(judged(words), whole, "{words}");
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let recorded = Recorded::take();
    let coloured = |variables: &[(&str, &str)]| recorded.judge(FAILS, variables).stdout.contains('\u{1b}');
    assert!(!coloured(&[]), "a pipe is no terminal");
    assert!(!coloured(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), "whatever the terminal at home");
    assert!(!coloured(&[("NO_COLOR", "1")]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]), "who asks for it gets it");
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "NO_COLOR wins");
    let error = loadline("audit --only nothing").env("CLICOLOR_FORCE", "1").run().expect(2);
    assert!(error.stderr.contains('\u{1b}') && !loadline("audit --only nothing").run().stderr.contains('\u{1b}'));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let recorded = Recorded::take();
    for format in ["human", "json"] {
        let words =
            || loadline("audit --all --format").arg(format).with("--snapshot", recorded.0.file("snapshot.json"));
        let (mut program, _home) = words().into_command();
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        // Gone before the first byte: earlier than `head` can ever be.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(words().run().code), "as if somebody had read it");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
