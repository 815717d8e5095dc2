//! Scripts: their ends, their environment, their output.

use std::time::Duration;

use loadline::{
    runbook::record::Ended,
    source::{
        Endpoint,
        postgres::conninfo::{ConnInfo, Env},
    },
};

use super::{Act, program};

#[test]
fn an_exit_code_decides() {
    let came = Act::sh("echo '  4 2 '; echo oops >&2").run();
    assert_eq!((came.outcome.ended, came.outcome.value.as_deref()), (Ended::Succeeded, Some("4 2")));
    assert!(came.outcome.says.starts_with("exit code 0 (/") && came.outcome.says.ends_with("/sh)"), "{came:?}");
    assert_eq!(came.spawned.len(), 1);
    let mut lines = came.lines.clone();
    lines.sort();
    assert_eq!(lines, ["  4 2 ", "oops"]);

    let came = Act::sh("exit 3").run();
    assert_eq!(came.outcome.ended, Ended::Failed);
    assert!(came.outcome.says.starts_with("exit code 3, expected 0"), "{}", came.outcome.says);
    assert_eq!(Act::sh("exit 3").expect(&[0, 3]).run().outcome.ended, Ended::Succeeded);
    assert_eq!(Act::sh("exit 0").expect(&[3]).run().outcome.ended, Ended::Failed);
}

#[test]
fn what_goes_wrong_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain");
    std::fs::write(&plain, "no program").unwrap();
    let says = |script: &str| Act::sh(script).run().outcome;
    let missing = says("no-such-program-anywhere");
    assert_eq!(missing.ended, Ended::Failed);
    assert!(missing.says.contains("exit code 127") && missing.says.contains("not found in PATH"), "{}", missing.says);
    let plain = says(plain.to_str().unwrap());
    assert!(plain.says.contains("exit code 126") && plain.says.contains("cannot be executed"), "{}", plain.says);
    assert!(says("echo $nothing_of_that_name").says.contains("exit code 2"), "unset variables are errors");
    assert_eq!(says("false; echo on").excerpt, "", "a failed command ends the script");

    let killed = says("kill -9 $$");
    assert_eq!(killed.ended, Ended::Unknown, "how far it came is not known");
    assert!(killed.says.contains("signal 9"), "{}", killed.says);

    let nowhere = Act::sh("true").var("PATH", folder.path().to_str().unwrap()).run();
    assert_eq!((nowhere.outcome.ended, nowhere.spawned.len()), (Ended::Failed, 0));
    assert!(nowhere.outcome.says.contains("there is no program sh in PATH"), "{}", nowhere.outcome.says);

    program(folder.path(), "sh", "#!/nowhere/at/all\n");
    let broken = Act::sh("true").var("PATH", folder.path().to_str().unwrap()).run();
    assert_eq!((broken.outcome.ended, broken.spawned.len()), (Ended::Failed, 0));
    assert!(broken.outcome.says.contains("could not be started"), "{}", broken.outcome.says);
}

#[test]
fn an_environment_is_clean_but_for_what_is_meant() {
    let act = Act::sh("env | sort; cat")
        .param("PID", "42")
        .var("PGPASSWORD", "of the operator")
        .var("AWS_SECRET_ACCESS_KEY", "abcdefgh")
        .var("LD_PRELOAD", "x.so")
        .var("KUBECONFIG", "/k");
    let came = act.run();
    let names: Vec<&str> = came.outcome.excerpt.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    for name in &names {
        let known =
            ["PATH", "HOME", "LANG", "TERM", "KUBECONFIG", "PID", "PWD", "OLDPWD", "SHLVL", "_", "LOADLINE_ACTION"];
        assert!(known.contains(name), "{name} has no business there");
    }
    assert!(names.contains(&"KUBECONFIG") && came.outcome.excerpt.contains("TERM=dumb"), "{}", came.outcome.excerpt);
}

#[test]
fn what_reaches_the_target_is_there_and_its_password_is_never_seen() {
    let text = "postgres://ops:correct-horse@db.example:6543/shop?sslmode=require";
    let info = ConnInfo::resolve(Some(text), None, &Env::from_process()).unwrap();
    let script = "echo $PGHOST $PGPORT $PGUSER $PGDATABASE $PGSSLMODE \"$PGAPPNAME\" $PGOPTIONS; \
        echo with $PGPASSWORD; printf %s $PGPASSWORD | base64; echo postgres://x:$PGPASSWORD@y >&2; exit 1";
    let came = Act::sh(script).on(Endpoint::Postgres(info)).reads_only().run();
    let expected = "db.example 6543 ops shop require loadline test/step -c default_transaction_read_only=on";
    assert!(came.outcome.excerpt.contains(expected), "{}", came.outcome.excerpt);
    assert!(came.outcome.excerpt.contains("with [redacted]"), "{}", came.outcome.excerpt);
    for part in ["correct-horse", "Y29ycmVjdC1ob3JzZQ"] {
        assert!(!came.everything().contains(part), "{part}: {came:?}");
    }
}

#[test]
fn a_parameter_cannot_replace_what_programs_rely_on() {
    for name in ["PATH", "IFS", "LD_PRELOAD", "HOME", "PGHOST", "TERM", "BASH_ENV"] {
        let came = Act::sh("echo ran").param(name, "x").run();
        assert_eq!((came.outcome.ended, came.spawned.len()), (Ended::Failed, 0), "{name}");
        assert!(came.outcome.says.contains(name), "{}", came.outcome.says);
    }
}

#[test]
fn a_terminal_has_a_size_an_exit_code_and_nobody_who_types() {
    let script = "test -t 0 && test -t 1 && stty size; stty -a | grep -o -- '-echo ' ; \
        read -r answer || echo nobody; printf '\\033[31mred\\033[0m\\r\\n'; exit 4";
    let came = Act::sh(script).pty().expect(&[4]).run();
    assert_eq!(came.outcome.ended, Ended::Succeeded, "{came:?}");
    assert_eq!(came.outcome.excerpt, "24 80\n-echo \nnobody\nred", "{came:?}");
    let came = Act::sh("echo $SECRET; exit 1").param("SECRET", "correct horse").secret("correct horse").pty().run();
    assert_eq!((came.outcome.ended, came.outcome.excerpt.as_str()), (Ended::Failed, "[redacted]"));
}

#[test]
fn a_secret_in_an_error_is_masked_in_every_form_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let secret = "s3cr&t'horse";
    let script = "\
        printf 'fatal: password authentication failed: s3cr' >&2; sleep 0.1; printf '&t%shorse for x\\n' \"'\" >&2
        echo \"postgres://u:$TOKEN@h/d\"; printf %s \"$TOKEN\" | base64 -w 5; printf 'u:%s' \"$TOKEN\" | base64; \
        echo 's3cr%26t%27horse'; \
        echo \"$TOKEN\" | fold -w 4; cat \"/nowhere/$TOKEN\"";
    let came = Act::sh(script).param("TOKEN", secret).secret(secret).output(&file).run();
    assert_eq!(came.outcome.ended, Ended::Failed);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(came.outcome.output.as_deref(), Some("out"));
    for text in [came.everything(), kept] {
        for part in ["s3cr", "horse", "%26t", "czNj", "dTpzM2"] {
            assert!(!text.contains(part), "{part}: {text}");
        }
        assert!(text.matches("[redacted]").count() >= 6, "{text}");
    }
}

#[test]
fn what_was_stopped_before_it_began_was_not_done() {
    let came = Act::sh("echo ran").stop_after(Duration::ZERO).run();
    assert_eq!((came.outcome.ended, came.spawned.len()), (Ended::Failed, 0), "{came:?}");
    assert_eq!(came.outcome.says, "stopped before it began");
}
