use std::{collections::BTreeMap, time::Duration};

use proptest::prelude::*;

use super::*;
use crate::{
    runbook::{
        model::{ActionKind, Form, Param, ParamKind, Place, TargetRef},
        port::What,
    },
    secret::Secret,
    snapshot::SourceKind,
};

fn param(name: &str, kind: ParamKind) -> Param {
    let about = format!("what {name} is");
    Param {
        name: name.into(),
        about,
        kind,
        pattern: None,
        default: None,
        secret: false,
        from: None,
        place: Place::default(),
    }
}

fn book() -> Runbook {
    let number = ParamKind::Integer { min: None, max: None };
    let source = ParamKind::Source { kind: SourceKind::Postgres, role: None };
    let mut params = vec![
        param("words", ParamKind::Text),
        param("pid", number),
        param("limit", ParamKind::Size),
        param("hook", ParamKind::Url),
        param("server", source),
        param("path", ParamKind::Text),
        param("token", ParamKind::Text),
        param("spare", ParamKind::Text),
    ];
    params[6].secret = true;
    params[7].default = Some("so".into());
    Runbook {
        id: "x".into(),
        title: "X".into(),
        owner: None,
        reviewed: None,
        severity: None,
        estimate: None,
        danger: Danger::Change,
        fixes: vec![],
        applies: BTreeMap::new(),
        params,
        programs: vec![],
        form: Form::Native,
        phases: vec![],
        shown: "x.md".into(),
        hash: String::new(),
        text: String::new(),
    }
}

fn action(kind: ActionKind, body: &str, reads: &[&str]) -> Action {
    Action {
        kind,
        danger: Danger::Change,
        target: None,
        timeout: Duration::from_secs(30),
        idempotent: false,
        sets: None,
        temporary: None,
        second_person: false,
        reads: reads.iter().map(|name| (*name).to_owned()).collect(),
        body: body.into(),
        place: Place::default(),
    }
}

fn sh(script: &str, reads: &[&str]) -> Action {
    action(ActionKind::Sh { pty: false, expect: vec![0] }, script, reads)
}

fn sql(statement: &str, binds: &[&str]) -> Action {
    let binds: Vec<_> = binds.iter().map(|name| (*name).to_owned()).collect();
    let kind =
        ActionKind::Sql { statement: statement.into(), binds, transaction: true, generates: false, database: None };
    action(kind, statement, &[])
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|word| (*word).to_owned()).collect()
}

fn kubectl(args: &[&str]) -> Action {
    action(ActionKind::Kubectl { args: words(args) }, "", &[])
}

fn http(url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Action {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let body = body.map(str::to_owned);
    let kind = ActionKind::Http { method: "POST".into(), url: url.into(), headers, body, expect: vec![200] };
    action(kind, "", &[])
}

fn values(pairs: &[(&str, &str)]) -> Values {
    let mut values = Values::default();
    for (name, value) in pairs {
        match *name {
            "token" => values.set_secret(name, Secret::new(*value)),
            _ => values.set(name, value),
        }
    }
    values
}

fn filled(action: &Action, pairs: &[(&str, &str)]) -> Result<Prepared, Refusal> {
    let book = book();
    prepare(action, &values(pairs), &Context { book: &book, run: "r1", step: "s1", identity: None })
}

fn args(prepared: &Prepared) -> &[String] {
    match &prepared.what {
        What::Kubectl { args } => args,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_script_stays_as_written_and_reads_its_environment() {
    let script = "kill -- \"$PID\"\n";
    let prepared = filled(&sh(script, &["pid"]), &[("pid", "+47"), ("words", "unused")]).unwrap();
    let env = BTreeMap::from([("PID".to_owned(), "47".to_owned())]);
    assert_eq!(prepared.what, What::Sh { script: script.into(), env, pty: false, expect: vec![0] });
    assert_eq!(prepared.shown, "PID=47\nkill -- \"$PID\"");
    assert_eq!(prepared.tag, "loadline r1/s1");
    assert!(!prepared.reads_only);
}

#[test]
fn no_parameter_takes_the_place_of_what_a_program_relies_on() {
    let why = filled(&sh("ls", &["path"]), &[("path", "/tmp/evil")]).unwrap_err().0;
    assert_eq!(why, "a parameter named `path` would take the place of PATH; rename it");
    for name in ["PATH", "LD_PRELOAD", "IFS", "PGHOST", "BASH_ENV", "PGSSLMODE"] {
        assert!(is_reserved(name), "{name}");
    }
    assert!(!is_reserved("PGBOUNCER") && !is_reserved("PID"));
}

#[test]
fn what_has_no_value_or_one_that_does_not_fit_is_refused() {
    let action = sql("select $1", &["pid"]);
    let why = filled(&action, &[]).unwrap_err().0;
    assert_eq!(why, "`pid` has no value yet: what pid is; expected a whole number");
    let why = filled(&action, &[("pid", "1; select 2")]).unwrap_err().0;
    assert!(why.starts_with("`pid`: `1; select 2` is no whole number"), "{why}");
    let why = filled(&sql("select $1", &["nothing"]), &[]).unwrap_err().0;
    assert!(why.starts_with("the runbook has no parameter `nothing`"), "{why}");
    let spare = filled(&sql("select $1", &["spare"]), &[]).unwrap();
    assert!(matches!(spare.what, What::Sql { binds, .. } if binds == ["so"]));
    let waits = action_of_wait();
    assert!(filled(&waits, &[]).unwrap_err().0.starts_with("nothing runs in this step"));
}

fn action_of_wait() -> Action {
    action(ActionKind::Wait(Duration::from_secs(1)), "", &[])
}

#[test]
fn a_statement_is_shown_with_its_values_beside_it() {
    let prepared =
        filled(&sql("select f($1::int, $2)", &["pid", "words"]), &[("pid", "7"), ("words", "it's")]).unwrap();
    assert_eq!(prepared.shown, "select f($1::int, $2)\n-- $1 = '7' (pid)\n-- $2 = 'it''s' (words)");
    let kind = ActionKind::Sql {
        statement: "select 'x'".into(),
        binds: vec![],
        transaction: false,
        generates: true,
        database: Some("words".into()),
    };
    let prepared = filled(&action(kind, "", &[]), &[("words", "shop")]).unwrap();
    assert_eq!(prepared.shown, "-- in the database shop\nselect 'x' \\gexec");
}

#[test]
fn words_of_kubectl_take_values_whole_after_a_flag_and_in_json() {
    let given = [("words", "web"), ("pid", "3"), ("limit", "1KiB")];
    let patch = r#"{"spec":{"replicas":"$pid","name":"$words","memory":"$limit","left":"a $words"}}"#;
    let prepared = filled(&kubectl(&["patch", "$words", "--replicas=$pid", "-p", patch, "$.spec"]), &given).unwrap();
    let patched = r#"{"spec":{"replicas":3,"name":"web","memory":1024,"left":"a $words"}}"#;
    assert_eq!(args(&prepared), ["patch", "web", "--replicas=3", "-p", patched, "$.spec"]);
    let flagged = filled(&kubectl(&["patch", r#"--patch={"a":["$pid"],"b":"x=$words"}"#]), &given).unwrap();
    assert_eq!(args(&flagged)[1], r#"--patch={"a":[3],"b":"x=$words"}"#);
    let untouched = r#"{ "a" :  1 }"#;
    assert_eq!(args(&filled(&kubectl(&["-p", untouched]), &given).unwrap()), ["-p", untouched]);
    let why = filled(&kubectl(&["delete", "$words"]), &[("words", "--all")]).unwrap_err().0;
    assert!(why.contains("kubectl would take it for an option"), "{why}");
    assert!(filled(&kubectl(&["delete", "--name=$words"]), &[("words", "--all")]).is_ok());
}

#[test]
fn the_context_of_the_cluster_is_shown() {
    let facts = BTreeMap::from([("context".to_owned(), "shop prod".to_owned())]);
    let identity = Identity {
        source: "cluster".into(),
        kind: SourceKind::Kubernetes,
        address: String::new(),
        environment: None,
        facts,
    };
    let book = book();
    let context = Context { book: &book, run: "r1", step: "s1", identity: Some(&identity) };
    let target = TargetRef::Kind { kind: SourceKind::Kubernetes, role: None };
    let action = Action { target: Some(target), danger: Danger::Observe, ..kubectl(&["get", "pods"]) };
    let prepared = prepare(&action, &Values::default(), &context).unwrap();
    assert_eq!(prepared.shown, "kubectl '--context=shop prod' get pods");
    assert_eq!(prepared.source.as_deref(), Some("cluster"));
    assert!(prepared.reads_only);
}

#[test]
fn a_secret_is_masked_where_it_is_shown_and_refused_in_words_of_a_program() {
    let token = [("token", "hunter2"), ("hook", "https://hooks.example/x")];
    let post = http("$hook?key=$token", &[("Authorization", "$token")], Some(r#"{"t":["$token"]}"#));
    let prepared = filled(&post, &token).unwrap();
    let shown = "POST https://hooks.example/x?key=***\nAuthorization: ***\n\n{\"t\":[\"***\"]}";
    assert_eq!(prepared.shown, shown);
    let What::Http { url, headers, body, .. } = &prepared.what else { panic!() };
    assert_eq!((url.as_str(), body.as_deref()), ("https://hooks.example/x?key=hunter2", Some(r#"{"t":["hunter2"]}"#)));
    assert_eq!(headers[0].1, "hunter2");
    let script = filled(&sh("curl -H @- <<< \"$TOKEN\"", &["token"]), &token).unwrap();
    assert!(!script.shown.contains("hunter2"), "{}", script.shown);
    for word in ["$token", "--token=$token", r#"{"a":"$token"}"#, r#"--patch={"a":"$token"}"#] {
        let why = filled(&kubectl(&["get", word]), &token).unwrap_err().0;
        assert!(why.starts_with("`token` is secret") && !why.contains("hunter2"), "{why}");
    }
}

#[test]
fn an_address_keeps_its_host() {
    let refused = |url: &str, pairs: &[(&str, &str)]| filled(&http(url, &[], None), pairs).unwrap_err().0;
    assert!(refused("$hook?a=$words", &[("hook", "https://a.example/?b=1"), ("words", "x")]).contains("of its own"));
    assert!(refused("$words", &[("words", "file:///etc/passwd")]).contains("is no address"));
    assert!(refused("ftp://a.example/", &[]).contains("does not begin with"));
    let header = http("https://a.example/", &[("X-Note", "$words")], None);
    assert!(filled(&header, &[("words", "ä")]).unwrap_err().0.contains("X-Note"));
    assert!(filled(&header, &[("words", "a\r\nX-Evil: 1")]).unwrap_err().0.contains("line break"));
}

/// What has broken out of quotes, words and texts elsewhere, and anything else.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "'; drop table users; --",
        "$(reboot)",
        "`id`",
        "\" \"",
        "a b",
        "--all",
        "-h",
        "x\ny",
        "x\0y",
        "x\r\nX-Evil: 1",
        "\",\"replicas\":0,\"x\":\"",
        "\\\"}",
        "&admin=1#",
        "@evil.example/",
        "?x=/../..",
        "$words",
        "${PATH}",
        "%00",
        "\\gexec",
        "$1",
        "\u{202e}",
        "***",
    ]);
    prop_oneof![known.prop_map(str::to_owned), any::<String>()]
}

proptest! {
    #[test]
    fn no_value_changes_what_stands_around_it(value in hostile()) {
        let given = [("words", value.as_str()), ("hook", "https://a.example/p")];
        let fits = book().param("words").unwrap().check(&value).is_ok();

        let script = "echo \"$WORDS\"";
        let run = filled(&sh(script, &["words"]), &given);
        prop_assert_eq!(run.is_ok(), fits);
        if let Ok(Prepared { what: What::Sh { script: now, env, .. }, .. }) = run {
            prop_assert_eq!(now, script);
            prop_assert_eq!(env, BTreeMap::from([("WORDS".to_owned(), value.clone())]));
        }

        let statement = "select f($1)";
        let run = filled(&sql(statement, &["words"]), &given);
        prop_assert_eq!(run.is_ok(), fits);
        if let Ok(Prepared { what: What::Sql { statement: now, binds, .. }, shown, .. }) = run {
            prop_assert_eq!(now, statement);
            prop_assert_eq!(&binds, std::slice::from_ref(&value));
            prop_assert_eq!(shown.lines().count(), 2);
        }

        let lines = vec![words(&["SET", "$words", "x"]), words(&["GET", "$words"])];
        if let Ok(Prepared { what: What::Words { lines }, .. }) = filled(&action(ActionKind::Words { lines }, "", &[]), &given) {
            prop_assert_eq!(lines, vec![words(&["SET", &value, "x"]), words(&["GET", &value])]);
        } else {
            prop_assert!(!fits);
        }
    }

    #[test]
    fn no_value_adds_a_word_an_option_or_a_field(value in hostile()) {
        let given = [("words", value.as_str())];
        let patch = r#"{"a":"$words","b":["$words",1],"c":{"d":true}}"#;
        match filled(&kubectl(&["patch", "--name=$words", "-p", patch, "end"]), &given) {
            Ok(prepared) => {
                let args = args(&prepared);
                prop_assert_eq!(args.len(), 5);
                prop_assert_eq!(&args[1], &format!("--name={value}"));
                let json: serde_json::Value = serde_json::from_str(&args[3]).unwrap();
                prop_assert_eq!(json, serde_json::json!({"a": value, "b": [value, 1], "c": {"d": true}}));
            }
            Err(_) => prop_assert!(book().param("words").unwrap().check(&value).is_err()),
        }
        if let Ok(prepared) = filled(&kubectl(&["get", "$words"]), &given) {
            prop_assert!(!args(&prepared)[1].starts_with('-'));
            prop_assert_eq!(shell_words::split(&prepared.shown).unwrap(), ["kubectl", "get", value.as_str()]);
        }
    }

    #[test]
    fn no_value_changes_where_a_request_goes(value in hostile()) {
        let given = [("words", value.as_str())];
        let post = http("https://a.example/p?x=$words&y=1", &[("X-A", "$words")], Some(r#"{"w":"$words"}"#));
        if let Ok(Prepared { what: What::Http { url, headers, body, method, .. }, .. }) = filled(&post, &given) {
            let url = url::Url::parse(&url).unwrap();
            prop_assert_eq!((url.host_str(), url.path(), url.fragment()), (Some("a.example"), "/p", None));
            let query: Vec<_> = url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
            prop_assert_eq!(query, vec![("x".to_owned(), value.clone()), ("y".to_owned(), "1".to_owned())]);
            prop_assert_eq!(headers, vec![("X-A".to_owned(), value.clone())]);
            prop_assert!(!value.contains(['\r', '\n']));
            let body: serde_json::Value = serde_json::from_str(&body.unwrap()).unwrap();
            prop_assert_eq!(body, serde_json::json!({"w": value}));
            prop_assert_eq!(method, "POST");
        }
    }

    #[test]
    fn a_secret_is_never_shown(secret in "[a-zA-Z0-9+/=']{6,40}") {
        let given = [("token", secret.as_str())];
        for action in [
            sh("true", &["token"]),
            sql("select $1", &["token"]),
            action(ActionKind::Words { lines: vec![words(&["AUTH", "$token"])] }, "", &[]),
            http("https://a.example/?a=$token", &[("A", "$token")], Some(r#"{"a":"$token"}"#)),
        ] {
            let shown = filled(&action, &given).unwrap().shown;
            prop_assert!(!shown.contains(&secret), "{}", shown);
            prop_assert!(!shown.contains(&secret.replace('\'', "''")), "{}", shown);
        }
    }
}
