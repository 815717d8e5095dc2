use std::time::Duration;

use super::{read, read_with_facts};
use crate::runbook::model::{ActionKind, Danger, Form, PhaseKind, Runbook, TargetRef};

/// A runbook with everything that there is, and nothing wrong.
pub(super) const GOOD: &str = r#"---
id: everything
title: Everything that there is
owner: database on-call
reviewed: 2026-11-21
severity: high
estimate: 10m
danger: dangerous
fixes: [postgres.idle-in-transaction]
applies: { postgres: ">=12" }
programs: [psql]
params:
  server:
    about: the server
    type: source
    kind: postgres
    role: primary
    from: source
  cache: { about: the cache, type: source, kind: redis }
  cluster: { about: the cluster, type: source, kind: kubernetes }
  pid:
    about: the process id
    type: integer
    min: 1
    from: evidence.pid
  max: { about: the limit, type: integer, min: 1, max: 100, default: 010 }
  name: { about: a deployment, type: label, default: web }
  hook: { about: where to say it, type: url, default: "https://example.com" }
---

# Everything that there is

## When to use

Always. See [the other one](other.md), which is only a link here.

## Diagnose

### Look who is there

Nobody is harmed.

- [ ] the ticket names the `pid`
- [ ] somebody
      watches
- no task

```sql
select 'an illustration', :never;
```

```sql step target=$server
select pid, :pid::int from pg_stat_activity
```

If it is a storm, go to [lock storm](lock-storm.md#now) or [outside](https://example.com/x.md).

## Mitigate

### End the session

**Danger:** change. Target: `$server`. Timeout: 10 s.

```check require
postgres.idle-in-transaction of $server: fails
```

```sql step id=end danger=change target=$server timeout=10s idempotent=yes
select pg_terminate_backend(:pid::int, 5000)
```

```check verify within=30s every=2s hold=4s
postgres.idle-in-transaction of $server: does not fail
it is still there
```

### Raise the limit

Danger: change. Target: redis. Timeout: 1 min.

~~~redis step danger=change target=redis timeout=1m temporary=2h
CONFIG SET maxclients $max
~~~

~~~redis undo danger=change target=redis
CONFIG SET maxclients 10
~~~

### Scale

Danger: dangerous. Target: `$cluster`. There is no undo: requests are lost meanwhile.

```kubectl step danger=dangerous target=$cluster second=yes
kubectl scale deployment $name --replicas=$max
```

### Say it

```http step expect=200,204 danger=change
POST $hook?pid=$pid
Content-Type: application/json

{"text": "$name"}
```

Danger: change.

### A script

```sh step expect=0,3 pty=yes
psql -v pid="$PID" -c 'select 1'
```

### Let it settle

```wait step
90s
```

## Verify

### The live check agrees

```check step within=1m
postgres.idle-in-transaction: passes
```

### Who are you

```ask step
name
Which deployment is it?
```

### Users are content

```confirm step
Do users
see it?
```

## Roll back

### By hand

Nothing more.
"#;

fn good() -> Runbook {
    read("runbooks/everything.md", GOOD).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// The mistakes of a text as `line:column message`.
pub(super) fn wrong(text: &str) -> Vec<String> {
    let mistakes = read("x.md", text).expect_err("there are mistakes");
    mistakes.iter().map(|m| format!("{}:{} {}", m.place.line, m.place.column, m.message)).collect()
}

/// The good text with something else in one place; and the mistakes.
fn with(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    wrong(&GOOD.replacen(from, to, 1))
}

#[test]
fn front_matter_phases_and_steps_are_read_in_order() {
    let book = good();
    assert_eq!((book.id.as_str(), book.form, book.danger), ("everything", Form::Native, Danger::Dangerous));
    assert_eq!(book.estimate, Some(Duration::from_secs(600)));
    let names: Vec<_> = book.params.iter().map(|param| param.name.as_str()).collect();
    assert_eq!(names, ["server", "cache", "cluster", "pid", "max", "name", "hook"], "in the order of the file");
    assert_eq!(book.param("max").unwrap().default.as_deref(), Some("010"), "as it is written");
    assert_eq!((book.param("pid").unwrap().place.line, book.param("pid").unwrap().place.column), (21, 3));
    let steps: Vec<_> = book.steps().map(|(phase, step)| (phase.kind, step.id.as_str())).collect();
    let expected = [
        (PhaseKind::Diagnose, "look-who-is-there"),
        (PhaseKind::Mitigate, "end"),
        (PhaseKind::Mitigate, "raise-the-limit"),
        (PhaseKind::Mitigate, "scale"),
        (PhaseKind::Mitigate, "say-it"),
        (PhaseKind::Mitigate, "a-script"),
        (PhaseKind::Mitigate, "let-it-settle"),
        (PhaseKind::Verify, "the-live-check-agrees"),
        (PhaseKind::Verify, "who-are-you"),
        (PhaseKind::Verify, "users-are-content"),
        (PhaseKind::RollBack, "by-hand"),
    ];
    assert_eq!(steps, expected);
    assert_eq!(book.forward().count(), 10, "steps of rolling back are not on the way forward");
}

#[test]
fn a_step_is_its_prose_items_links_and_fences() {
    let book = good();
    let step = book.step("look-who-is-there").unwrap();
    let items: Vec<_> = step.items.iter().map(|item| (item.text.as_str(), item.place.line)).collect();
    assert_eq!(items, [("the ticket names the `pid`", 43), ("somebody watches", 44)]);
    let branches: Vec<_> = step.branches.iter().map(|b| (b.text.as_str(), b.runbook.as_str())).collect();
    assert_eq!(branches, [("lock storm", "lock-storm")]);
    assert!(step.prose.starts_with("Nobody is harmed.") && step.prose.contains("an illustration"), "{}", step.prose);
    assert!(!step.prose.contains("[ ]") && !step.prose.contains("pg_stat_activity"), "{}", step.prose);
    assert!(step.prose.contains("- no task"), "{}", step.prose);
    let action = step.action.as_ref().unwrap();
    assert_eq!(action.target, Some(TargetRef::Param("server".into())));
    assert_eq!((action.danger, action.timeout, action.place.line), (Danger::Observe, Duration::from_secs(30), 52));
    assert_eq!(action.reads, ["pid", "server"]);
    let end = book.step("end").unwrap();
    assert_eq!((end.require.len(), end.verify[0].hold), (1, Duration::from_secs(4)));
    assert_eq!(end.verify[0].condition.says.as_deref(), Some("it is still there"));
    assert!(end.action.as_ref().unwrap().idempotent);
}

#[test]
fn each_kind_of_action_is_read() {
    let book = good();
    let kind = |id: &str| book.step(id).unwrap().action.as_ref().unwrap().kind.clone();
    let ActionKind::Sql { statement, binds, .. } = kind("end") else { panic!() };
    assert_eq!((statement.as_str(), binds), ("select pg_terminate_backend($1::int, 5000)", vec!["pid".to_owned()]));
    let ActionKind::Words { lines } = kind("raise-the-limit") else { panic!() };
    assert_eq!(lines, [["CONFIG", "SET", "maxclients", "$max"]]);
    let ActionKind::Kubectl { args } = kind("scale") else { panic!() };
    assert_eq!(args, ["scale", "deployment", "$name", "--replicas=$max"]);
    let ActionKind::Http { method, url, expect, body, .. } = kind("say-it") else { panic!() };
    assert_eq!((method.as_str(), url.as_str(), expect), ("POST", "$hook?pid=$pid", vec![200, 204]));
    assert_eq!(body.as_deref(), Some("{\"text\": \"$name\"}"));
    assert_eq!(kind("a-script"), ActionKind::Sh { pty: true, expect: vec![0, 3] });
    assert_eq!(book.step("a-script").unwrap().action.as_ref().unwrap().reads, ["pid"]);
    assert_eq!(kind("let-it-settle"), ActionKind::Wait(Duration::from_secs(90)));
    assert_eq!(kind("who-are-you"), ActionKind::Ask("name".into()));
    assert_eq!(kind("users-are-content"), ActionKind::Confirm("Do users see it?".into()));
    assert!(matches!(kind("the-live-check-agrees"), ActionKind::Check(_)));
}

#[test]
fn the_prose_is_read_for_lint() {
    let (_, facts) = read_with_facts("everything.md", GOOD).unwrap();
    let said = |id: &str| facts.steps[id].said.clone().map(|(said, place)| (said.danger, said.target, place.line));
    assert_eq!(said("end"), Some((Danger::Change, Some("$server".into()), 62)));
    assert_eq!(said("say-it"), Some((Danger::Change, None, 106)));
    assert!(facts.steps["scale"].no_undo && !facts.steps["end"].no_undo && facts.steps["end"].timeout_given);
}

#[test]
fn line_ends_and_a_mark_of_byte_order_change_nothing_but_the_files_hash() {
    let book = good();
    for text in [GOOD.replace('\n', "\r\n"), format!("\u{FEFF}{GOOD}"), GOOD.replace('\n', "\r")] {
        let other = read("runbooks/everything.md", &text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        assert_eq!((&other.phases, &other.params), (&book.phases, &book.params));
        assert_ne!(other.hash, book.hash);
    }
}

#[test]
fn a_steps_hash_is_of_what_is_walked() {
    let hash = |text: &str| read("x.md", text).unwrap().step("end").unwrap().hash.clone();
    let before = hash(GOOD);
    assert_eq!(before, hash(&GOOD.replace("# Everything that", "# All that").replace("**Danger:**", "Danger:")));
    for (from, to) in
        [(":pid::int, 5000", ":pid::int, 6000"), ("hold=4s", "hold=5s"), ("idempotent=yes", "idempotent=no")]
    {
        assert_ne!(before, hash(&GOOD.replace(from, to)), "{to}");
    }
}

#[test]
fn two_actions_in_a_step_are_told_with_both_places() {
    let mistakes = with("### Let it settle\n\n```wait step\n90s\n```", "```wait step\n90s\n```");
    assert!(
        mistakes.iter().any(|m| m.starts_with("110:1 two actions in one step, in lines 110 and 114")),
        "{mistakes:#?}"
    );
    assert!(mistakes.iter().any(|m| m.starts_with("114:1 two actions")), "{mistakes:#?}");
}

#[test]
fn every_mistake_has_its_place_and_says_what_was_expected() {
    let cases = [
        ("owner: database", "ownr: database", "4:1 unknown key `ownr`"),
        ("owner: database", "ownr: database", "2:1 `owner` is missing"),
        (
            "reviewed: 2026-11-21",
            "reviewed: \"21.11.2026\"",
            "5:11 `reviewed`: `21.11.2026` does not fit; expected the day",
        ),
        ("id: everything", "id: 12", "2:5 `id`: `12` does not fit"),
        ("severity: high", "severity: bad", "6:11 `severity`"),
        ("fixes: [", "fixes: [a.b, a.b, ", "9:14 `fixes`: `a.b` stands twice"),
        ("postgres: \">=12\"", "postgres: \"12\"", "10:22 `applies`"),
        ("type: integer\n    min: 1\n    from", "type: int\n    from", "23:11 parameter `pid`: `int` is no type"),
        ("evidence.pid", "pid", "25:11 parameter `pid`: `from: pid`"),
        ("kind: redis }", "kind: redis, min: 1 }", "parameter `cache`: `min` has no meaning"),
        ("danger=change target=$server", "danger=bad target=$sever", "`bad` is no danger"),
        ("danger=change target=$server", "danger=change target=$sever", "no parameter `sever`"),
        ("danger=change target=$server", "danger=change target=$pid", "the parameter `pid` is no source"),
        ("danger=change target=$server", "danger=change target=$cache", "`sql` acts on postgres, and this is redis"),
        ("danger=change target=$server", "danger=change", "`sql` needs a target"),
        ("danger=change target=$server", "danger=change target=$server pty=yes", "`pty` has no meaning for `sql step`"),
        ("timeout=10s idem", "timeout=10 idem", "68:57 `timeout`: `10` has no unit"),
        (":pid::int, 5000", ":pit::int, 5000", "69:29 the front matter declares no parameter `pit`"),
        ("hold=4s", "hold=40s", "`hold` is longer than `within`"),
        ("```check verify within", "```sql verify within", "a condition is written in a fence `check verify`"),
        ("```sql step target=$server", "```sql stp target=$server", "this fence would never run"),
        ("```sql step target=$server", "- ```sql step target=$server", "stands at the margin"),
        (
            "~~~redis undo danger=change target=redis\nCONFIG SET maxclients 10\n~~~",
            "~~~redis undo target=redis\nCONFIG SET a 1",
            "has no end",
        ),
        ("CONFIG SET maxclients $max", "CONFIG SET max$max", "a value stands for a whole word"),
        ("-v pid=\"$PID\"", "-v pid=\"$pid\"", "in upper case: \"$PID\""),
        ("-v pid=\"$PID\"", "-v pid=\"\u{202E}$PID\"", "invisible character (\\u{202e})"),
        ("### A script", "### 2026", "`2026` is no id of a step"),
        ("### A script", "### Say it", "two steps are called `say-it`"),
        ("## When to use\n", "## When to use\n\n- [ ] tick\n", "a task item stands in a step"),
        ("## When to use\n", "## When to use\n\n```sh step\ntrue\n```\n", "marked `step` stands in a step"),
        ("- [ ] somebody", "- [ ] the ticket names the `pid`\n- [ ] somebody", "stands twice"),
        ("name\nWhich deployment is it?", "name", "the question on the second"),
        ("```wait step", "```wait undo", "`wait` takes nothing back"),
        ("```sh step", "```bash step", "`bash` is no kind of action"),
    ];
    let mut lost = Vec::new();
    for (from, to, expected) in cases {
        let mistakes = with(from, to);
        if !mistakes.iter().any(|m| m.contains(expected)) {
            lost.push(format!("{to}: {expected}: {mistakes:#?}"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = GOOD.replace("severity: high", "severity: bad").replace("hold=4s", "hold=x").replace("90s", "90");
    assert_eq!(wrong(&text).len(), 3, "{:#?}", wrong(&text));
}

#[test]
fn a_marked_fence_without_front_matter_is_a_mistake() {
    assert!(wrong("# A\n\n## B\n\n### C\n\n```sh step\ntrue\n```\n")[0].contains("begins with front matter"));
    assert!(wrong(&GOOD.replacen("\n---\n", "\n", 1)).iter().any(|m| m.contains("no end")));
    assert!(wrong("---\nid: a\n  b: [\n---\n")[0].contains("cannot be read"));
}

#[test]
fn indented_code_comments_and_other_fences_never_run() {
    let more = "### Nothing runs\n\n    ```sh step\n    rm -rf /\n    ```\n\n<!--\n```sh step\nrm -rf /\n```\n-->\n\n```sh\nrm\n```\n\n## Roll back";
    let book = read("x.md", &GOOD.replace("## Roll back", more)).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let step = book.step("nothing-runs").unwrap();
    assert!(step.action.is_none() && step.prose.contains("rm -rf /"), "{step:?}");
}

#[test]
fn headings_may_be_underlined_and_those_in_quotations_are_none() {
    let text = GOOD
        .replace("## Mitigate\n", "Mitigate\n--------\n")
        .replace("# Everything that there is\n", "Everything that there is\n===\n")
        .replace("Always. See", "> ## Not a phase\n\nAlways. See");
    let book = read("x.md", &text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let titles: Vec<_> = book.phases.iter().map(|phase| phase.title.as_str()).collect();
    assert_eq!(titles, ["When to use", "Diagnose", "Mitigate", "Verify", "Roll back"]);
}

#[test]
fn what_ships_is_read() {
    let mut wrong = Vec::new();
    for file in crate::assets::runbooks::embedded() {
        for m in read(&file.shown(), &file.text).err().unwrap_or_default() {
            wrong.push(format!("{}:{}:{}: {}", file.shown(), m.place.line, m.place.column, m.message));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

mod hostile {
    use proptest::prelude::*;

    use super::{GOOD, read};
    use crate::runbook::{document, model::Runbook};

    /// Every place of a mistake is one of the text, and showing it works.
    fn holds(text: &str) -> Result<(), TestCaseError> {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count() + 1;
        match read("x.md", text) {
            Ok(book) => numbered(&book),
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!((1..=lines).contains(&mistake.place.line), "{mistake:?}");
                    let harmless = !mistake.show("x.md", text).contains('\u{1b}');
                    prop_assert!(harmless);
                }
                Ok(())
            }
        }
    }

    /// Step ids are there, are no numbers, and are told apart.
    fn numbered(book: &Runbook) -> Result<(), TestCaseError> {
        let mut ids: Vec<&str> = book.steps().map(|(_, step)| step.id.as_str()).collect();
        prop_assert!(ids.iter().all(|id| id.chars().any(|c| c.is_ascii_lowercase())), "{ids:?}");
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), count);
        Ok(())
    }

    /// Pieces that mean something somewhere.
    const PIECES: [&str; 30] = [
        "---\n",
        "```",
        "~~~",
        "\n\n",
        "```sql step target=$server\n",
        "### ",
        "## ",
        "# ",
        "- [ ] ",
        "- [x] ",
        "> ",
        "\t",
        "    ",
        ":pid",
        "$name",
        "'",
        "\"",
        "\\gexec",
        "$$",
        "{",
        "}",
        "danger=",
        "\r\n",
        "\u{FEFF}",
        "\u{202E}",
        "é",
        "\0",
        "<!--",
        "[a](b.md)",
        "- - ",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
            holds(&text)?;
        }

        #[test]
        fn any_row_of_meaningful_pieces_is_read_or_refused(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
            holds(&pieces.into_iter().map(|at| PIECES[at]).collect::<String>())?;
        }

        #[test]
        fn a_good_runbook_with_something_changed_is_read_or_refused(
            changes in prop::collection::vec((0..GOOD.len(), 0..20_usize, 0..PIECES.len()), 1..6)
        ) {
            let mut text = GOOD.to_owned();
            for (at, cut, piece) in changes {
                let floor = |at: usize, text: &str| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                let (from, to) = (floor(at, &text), floor(at + cut, &text));
                text.replace_range(from..to, PIECES[piece]);
            }
            holds(&text)?;
        }

        #[test]
        fn a_runbook_that_ends_early_is_read_or_refused(at in 0..GOOD.len()) {
            let at = (0..=at).rev().find(|at| GOOD.is_char_boundary(*at)).unwrap_or(0);
            holds(&GOOD[..at])?;
            let _ = document::read("", &GOOD[at..]);
        }
    }
}
