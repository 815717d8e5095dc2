use std::collections::BTreeSet;

use super::{Around, lint};
use crate::{check::library::Library, runbook::document};

const GOOD: &str = r#"---
id: good
title: A good one
owner: team
reviewed: 2026-11-21
severity: high
estimate: 10m
danger: dangerous
fixes: [postgres.idle-in-transaction]
params:
  server: { about: the server, type: source, kind: postgres, from: source }
  cache: { about: the cache, type: source, kind: redis }
  pid: { about: the process, type: integer, min: 1, from: evidence.pid }
---

# A good one

## Diagnose

### Look

```sql step target=$server
select pid from pg_stat_activity where pid = :pid::int
```

### Look at the cache

If it is that, go to [the other](other.md).

```redis step target=$cache
INFO memory
```

### By hand

```sh step
psql -v pid="$PID" -f look.sql
```

## Mitigate

### End it

Danger: dangerous. Target: `$server`. Timeout: 10 s. There is no undo: what was not committed is gone.

```sql step danger=dangerous target=$server timeout=10s
select pg_terminate_backend(:pid::int)
```

```check verify within=30s
postgres.idle-in-transaction of $server: does not fail
```
"#;

fn library() -> Library {
    Library::load(&crate::assets::embedded()).unwrap()
}

/// What lint says of the good text with something else in one place: `!` before what is grave.
fn said(library: &mut Library, from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let book = document::read("good.md", &text).unwrap_or_else(|mistakes| panic!("{to}: {mistakes:#?}"));
    let books = BTreeSet::from(["good".to_owned(), "other".to_owned()]);
    let mut around = Around { library, books: &books, today: "2026-12-01".parse().unwrap() };
    let mistakes = lint(&book, &mut around);
    let grave = |grave: bool| if grave { "!" } else { "" };
    mistakes.iter().map(|m| format!("{}{}:{} {}", grave(m.grave), m.place.line, m.place.column, m.message)).collect()
}

#[test]
fn nothing_is_wrong_with_a_good_one() {
    assert_eq!(said(&mut library(), "# A good one", "# A good one"), Vec::<String>::new());
}

#[test]
fn everything_that_makes_it_less_safe_or_true_is_told() {
    let cases = [
        ("reviewed: 2026-11-21", "reviewed: 2025-11-21", "5:11 it was last read through on 2025-11-21"),
        ("reviewed: 2026-11-21", "reviewed: 2027-01-01", "5:11 2027-01-01 is in the future"),
        ("danger: dangerous", "danger: change", "!8:9 it says danger change, and one of its steps is dangerous"),
        ("postgres.idle-in-transaction]", "postgres.nothing]", "no check `postgres.nothing`"),
        ("id: good", "id: better", "2:5 the file is called `good.md`"),
        ("Danger: dangerous. T", "Danger: change. T", "says danger change, and the fence dangerous"),
        ("Target: `$server`. ", "Target: `$cache`. ", "says target $cache, and the fence $server"),
        ("Target: `$server`. ", "", "does not say the target $server"),
        ("Timeout: 10 s. ", "Timeout: 1 min. ", "says timeout 1 min, and the fence 10 s"),
        (
            "Danger: dangerous. Target: `$server`. Timeout: 10 s. ",
            "",
            "write `Danger: dangerous. Target: $server. Timeout: 10 s.`",
        ),
        ("There is no undo: what was not committed is gone.", "", "is dangerous and has no fence `undo`"),
        ("timeout=10s\nselect", "timeout=10s temporary=1h\nselect", "is temporary and has no fence `undo`"),
        (
            "```check verify",
            "```sql undo target=$server\nselect 1\n```\n\n```check verify",
            "the undo of `end-it` only reads",
        ),
        (
            "```check verify within=30s\npostgres.idle-in-transaction of $server: does not fail\n```\n",
            "",
            "nothing says whether `end-it` worked",
        ),
        (" within=30s", "", "it is looked at once"),
        ("postgres.idle-in-transaction of", "postgres.nothing of", "postgres.nothing"),
        (
            "select pid from pg_stat_activity where",
            "select pg_cancel_backend(pid) from pg_stat_activity where",
            "pg_cancel_backend acts",
        ),
        ("select pid from", "update", "UPDATE is no question"),
        ("INFO memory", "CONFIG SET maxmemory 1", "!30:1 it says danger observe"),
        ("INFO memory", "KEYS *", "KEYS is never sent"),
        ("[the other](other.md)", "[the other](others.md)", "no runbook `others`"),
        ("[the other](other.md)", "[the other](good.md)", "the runbook itself"),
        ("-v pid=\"$PID\"", "-v pid=$PID", "without double quotes"),
        ("-v pid=\"$PID\" -f look.sql", "-c \"select $PID\"", "!37:9 a value becomes part of a text that psql parses"),
        ("look.sql", "\"$NOBODY\"", "`$NOBODY` is no parameter"),
        ("  pid:", "  pgport: { about: x, type: text }\n  pid:", "PGPORT, which programs know"),
        ("  pid:", "  unused: { about: x, type: text }\n  pid:", "parameter `unused` is never used"),
        ("min: 1, from", "min: 1, default: 0, from", "the default of `pid` is no value of it"),
        ("evidence.pid", "evidence.pit", "no finding that leads here has `pit`"),
        (":pid::int)", ":pid)", "`:pid` is bound as text"),
        ("## Diagnose", "## Divers", "`Divers` is none of the usual phases"),
    ];
    let (mut library, mut lost) = (library(), Vec::new());
    for (from, to, expected) in cases {
        let said = said(&mut library, from, to);
        if !said.iter().any(|s| s.contains(expected)) {
            lost.push(format!("{to}: {expected}: {said:#?}"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn more_than_nine_actions_in_a_phase_are_too_many() {
    let steps: Vec<String> = (0..10).map(|n| format!("### Wait {n}\n\n```wait step\n1s\n```\n\n")).collect();
    let steps = steps.concat();
    let said = said(&mut library(), "## Mitigate\n\n", &format!("## Mitigate\n\n{steps}"));
    assert!(said.iter().any(|s| s.contains("`Mitigate` has 11 actions")), "{said:#?}");
}
