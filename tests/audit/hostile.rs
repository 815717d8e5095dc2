//! Names and texts of a server that want to steer a terminal or to be markup are shown as the letters that they are.

use std::time::Duration;

use crate::lab::{Lab, Options, Role, Server};
use crate::support::{Session, loadline};

/// Names in `PostgreSQL` hold up to 63 bytes of anything.
const ROLE: &str = "\u{1b}[31m\u{202e}|`<script>alert(1)</script>\n# head *b* ";
const DATABASE: &str = "](javascript:x) \u{1b}]52;c;aGk=\u{7}\u{9b}2J\n| a |\r\n\n<img src=x>";
const TABLE: &str = "\u{2066}\u{200b}\n```\n<script>\u{1b}[2J|||\n- [ ] x";

struct Stage {
    lab: Lab,
    _sessions: [Session; 2],
}

/// A session of the hostile role in the hostile database holds a lock, and another one waits for it.
fn set() -> Stage {
    let lab = Lab::start(Options::postgres());
    let (role, database, table) = (quoted(ROLE), quoted(DATABASE), quoted(TABLE));
    lab.sql(Server::Primary, &format!("create role {role} login password 'pw'"));
    lab.sql(Server::Primary, &format!("create database {database} owner {role}"));
    let start = |words: &str| {
        let mut psql = lab.crew().command("psql");
        lab.dress(&mut psql, Server::Primary, Role::App, DATABASE, "<b>|\u{1b}[5m`x");
        psql.env("PGUSER", ROLE).env("PGPASSWORD", "pw");
        Session::start(psql, words)
    };
    let words = format!("begin;\ncreate table if not exists {table} ();\nlock table {table};\nselect 1 as {table};");
    let idle = "select count(*) from pg_stat_activity where state = 'idle in transaction'";
    let holder = start(&words.replace("lock table", "commit; begin; lock table"));
    lab.wait_until("it sits there", Duration::from_secs(10), || lab.sql(Server::Primary, idle) == "1");
    let waiter = start(&words);
    let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    lab.wait_until("the other waits", Duration::from_secs(10), || lab.sql(Server::Primary, waiting) == "1");
    Stage { lab, _sessions: [holder, waiter] }
}

fn quoted(name: &str) -> String {
    assert!(name.len() <= 63, "{} bytes are cut by the server", name.len());
    format!("\"{name}\"")
}

#[test]
fn text_of_a_server_steers_neither_terminal_nor_report() {
    let stage = set();
    let shown = |format: &str| {
        let mut run =
            loadline("audit --all --window 0 --only").arg("postgres.idle-in-transaction,postgres.lock-chains");
        for limit in
            ["idle-in-transaction.warn", "idle-in-transaction.fail", "lock-chains.warn_wait", "lock-chains.fail_wait"]
        {
            run = run.arg("--set").arg(format!("postgres.{limit}=0s"));
        }
        run.with("--format", format).with("--postgres", stage.lab.primary_url(Role::Monitor)).run().expect(30)
    };
    let report = shown("json").report();
    for check in ["postgres.idle-in-transaction", "postgres.lock-chains"] {
        let found = report.of(check).iter().map(|finding| finding["evidence"].to_string()).collect::<String>();
        assert!(report.statuses(check).contains(&"fail"), "{check}: {}", report.lines());
        assert!(found.contains("javascript"), "the hostile text is there to be shown: {found}");
    }
    for format in ["human", "markdown"] {
        let run = shown(format);
        assert!(run.stdout.contains("script"), "{run}");
        let bad = run.stdout.chars().chain(run.stderr.chars()).find(|c| steers(*c));
        assert_eq!(bad, None, "{format}\n{}", run.stdout.escape_debug());
    }
    assert_markup_is_ours(&shown("markdown").stdout);
}

/// What moves a cursor, rings, reorders or hides.
fn steers(c: char) -> bool {
    let reorders =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    c != '\n' && (c.is_control() || reorders)
}

/// Outside of code: no HTML, no link that is not ours, no heading that is not ours, tables with whole rows.
fn assert_markup_is_ours(markdown: &str) {
    let mut fence: Option<usize> = None;
    let mut columns: Option<usize> = None;
    let mut titles = 0;
    for line in markdown.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) => {
                if ticks >= open && line.len() == ticks {
                    fence = None;
                }
                continue;
            }
            None if ticks >= 3 => {
                fence = Some(ticks);
                continue;
            }
            None => {}
        }
        titles += usize::from(line.starts_with("# "));
        let lower = line.to_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("<img") && !lower.contains("<b>"), "HTML: {line}");
        assert!(unescaped(line, '[') == 0 && unescaped(line, ']') == 0, "a link: {line}");
        // The report marks words of its own as code; a line with text of the server has none that is open.
        let theirs = lower.contains("script") || lower.contains("`x");
        assert!(!theirs || unescaped(line, '`') == 0, "code: {line}");
        let bars = unescaped(line, '|');
        if line.starts_with('|') {
            assert_eq!(bars, *columns.get_or_insert(bars), "a row with other columns than its head: {line}");
        } else {
            assert_eq!(bars, 0, "a row in the middle of a line: {line}");
            columns = None;
        }
    }
    assert_eq!(fence, None, "a fence is left open");
    assert_eq!(titles, 1, "one title");
}

/// How often a character stands there that no backslash takes the meaning from.
fn unescaped(line: &str, wanted: char) -> usize {
    let mut escaped = false;
    line.chars()
        .filter(|c| {
            let counts = *c == wanted && !escaped;
            escaped = *c == '\\' && !escaped;
            counts
        })
        .count()
}
