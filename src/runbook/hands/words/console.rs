//! Commands of PgBouncer's console. It has no bound values, so words are written in the one form that it takes as a single
//! word, and whatever has no such form is refused.

use tokio::{
    sync::watch,
    time::{Duration, Instant, timeout},
};

use super::{Ending, before, done, stopped};
use crate::{
    runbook::{port::Prepared, reads, record::Ended},
    source::postgres::{
        connect::connect,
        conninfo::ConnInfo,
        simple::{AskError, TextRows, query_simple},
    },
    text,
};

/// Commands that a step may send. SUSPEND and SHUTDOWN stop the pooler itself, and are left to what runs it.
const COMMANDS: [&str; 11] =
    ["SHOW", "PAUSE", "RESUME", "RECONNECT", "RELOAD", "KILL", "SET", "DISABLE", "ENABLE", "WAIT_CLOSE", "KILL_CLIENT"];

/// The longest that logging in may take.
const LOGIN: Duration = Duration::from_secs(10);

/// The most rows and bytes of one answer.
const ROWS: usize = 1_000;
const BYTES: usize = 1024 * 1024;

pub(super) async fn run(
    info: &ConnInfo,
    prepared: &Prepared,
    lines: &[Vec<String>],
    stop: watch::Receiver<bool>,
    print: &mut (dyn FnMut(&str) + Send),
) -> Ending {
    let mut commands = Vec::new();
    for words in lines {
        let allowed = if prepared.reads_only { reads::pgbouncer(words) } else { Ok(()) };
        match allowed.and_then(|()| written(words)) {
            Ok(command) => commands.push(command),
            Err(why) => return Ending::not_done(format!("{why}; nothing was sent")),
        }
    }
    let end = Instant::now() + prepared.timeout;
    let info = info.with_application_name(text::screen(&prepared.tag));
    let connected = match connect(&info, LOGIN.min(prepared.timeout)).await {
        Ok(connected) => connected,
        Err(error) => {
            return Ending::not_done(format!("{}; {}; nothing was sent", error.account(), error.remedy()));
        }
    };
    for (at, command) in commands.iter().enumerate() {
        let head = before(at, commands.len());
        let left = end.saturating_duration_since(Instant::now());
        let answer = tokio::select! {
            biased;
            answer = query_simple(&connected, command, left, ROWS, BYTES) => answer,
            () = stopped(stop.clone()) => {
                let _sent = timeout(Duration::from_secs(2), connected.cancel(Duration::from_secs(1))).await;
                return given_up(prepared, command, &head, Ended::Cancelled);
            }
        };
        match answer {
            Ok(rows) => table(&rows).iter().for_each(|line| print(line)),
            Err(error) => return failed(&error, prepared, command, &head),
        }
    }
    connected.close(Duration::from_secs(1)).await;
    Ending { ended: Ended::Succeeded, says: done(commands.len()) }
}

fn failed(error: &AskError, prepared: &Prepared, command: &str, head: &str) -> Ending {
    let name = command.split(' ').next().unwrap_or_default();
    match error {
        AskError::Deadline { .. } => given_up(prepared, command, head, Ended::TimedOut),
        AskError::Gone { message } if !prepared.reads_only => {
            let says = format!("{head}{name}: the connection was lost ({message}); whether it was done is not known");
            Ending { ended: Ended::Unknown, says }
        }
        AskError::Server { code, message } => {
            Ending::not_done(format!("{head}{name}: the pooler said \"{message}\" (SQLSTATE {code})"))
        }
        other => Ending::not_done(format!("{head}{name}: {other}")),
    }
}

fn given_up(prepared: &Prepared, command: &str, head: &str, ended: Ended) -> Ending {
    let name = command.split(' ').next().unwrap_or_default();
    let what = if ended == Ended::Cancelled { "it was stopped" } else { "no answer came in time" };
    let rest = match name {
        _ if prepared.reads_only => "it only reads",
        "PAUSE" => "PAUSE may still wait: RESUME takes it back, SHOW DATABASES tells",
        "KILL" => "clients may have been disconnected, and new ones wait: RESUME lets them in",
        _ => "whether it was done is not known",
    };
    Ending { ended, says: format!("{head}{name}: {what}; {rest}") }
}

/// A command as the console reads it, word by word.
fn written(words: &[String]) -> Result<String, String> {
    let Some((first, rest)) = words.split_first() else { return Err("the command is empty".into()) };
    let Some(command) = COMMANDS.iter().find(|known| known.eq_ignore_ascii_case(first)) else {
        return Err(format!(
            "{first} is no command that a step may send to PgBouncer; these are: {}",
            COMMANDS.join(", ")
        ));
    };
    if let Some(word) = rest.iter().find(|word| word.is_empty() || word.chars().any(char::is_control)) {
        return Err(format!(
            "`{}` is no word for PgBouncer's console: empty, or with control characters",
            text::screen(word)
        ));
    }
    if *command == "SET" {
        return setting(rest);
    }
    if rest.len() > 1 {
        return Err(format!(
            "{command} takes one word at most; `{}` is one too many",
            text::screen(&rest[1..].join(" "))
        ));
    }
    Ok(rest.iter().fold((*command).to_owned(), |line, word| format!("{line} {}", name(word))))
}

/// `SET name = value`, `SET name TO value`, `SET name=value`; the value is always a quoted text.
fn setting(words: &[String]) -> Result<String, String> {
    let joined = |first: &str| first.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let parts = match words {
        [one] => joined(one),
        [name, to, value] if to == "=" || to.eq_ignore_ascii_case("to") => Some((name.clone(), value.clone())),
        _ => None,
    };
    let (name, value) = parts.ok_or("SET is written `SET name = value`, the value as one word")?;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(format!("`{}` is no name of a setting of PgBouncer", text::screen(&name)));
    }
    Ok(format!("SET {name} = '{}'", value.replace('\'', "''")))
}

/// A word as it is where the console takes it bare, else quoted as a name.
fn name(word: &str) -> String {
    if word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        word.to_owned()
    } else {
        format!("\"{}\"", word.replace('"', "\"\""))
    }
}

/// Columns under each other.
fn table(rows: &TextRows) -> Vec<String> {
    if rows.columns.is_empty() {
        return Vec::new();
    }
    let shown = |cell: &str| text::shorten(&text::screen(cell), 40).into_owned();
    let head: Vec<String> = rows.columns.iter().map(|name| shown(name)).collect();
    let body: Vec<Vec<String>> =
        rows.rows.iter().map(|row| row.iter().map(|cell| shown(cell.as_deref().unwrap_or("-"))).collect()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(&body).collect();
    let width =
        |at: usize| all.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines: Vec<String> = all.into_iter().map(line).collect();
    if rows.truncated {
        lines.push("[… more rows are left out]".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Result<String, String> {
        written(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_word_stays_one_word() {
        for (given, expected) in [
            (&["show", "pools"][..], "SHOW pools"),
            (&["RELOAD"], "RELOAD"),
            (&["pause", "shop"], "PAUSE shop"),
            (&["PAUSE", "shop-eu.1"], "PAUSE \"shop-eu.1\""),
            (&["PAUSE", "a\"; KILL shop; --"], "PAUSE \"a\"\"; KILL shop; --\""),
            (&["PAUSE", "shop; KILL shop"], "PAUSE \"shop; KILL shop\""),
            (&["SET", "default_pool_size", "=", "30"], "SET default_pool_size = '30'"),
            (&["set", "default_pool_size=30"], "SET default_pool_size = '30'"),
            (&["SET", "a", "TO", "x'; KILL shop; --"], "SET a = 'x''; KILL shop; --'"),
        ] {
            assert_eq!(words(given).unwrap(), expected);
        }
    }

    #[test]
    fn what_has_no_safe_form_is_refused() {
        for bad in [
            &[][..],
            &["SHUTDOWN"],
            &["SUSPEND"],
            &["PAUSE", ""],
            &["PAUSE", "a\nKILL b"],
            &["PAUSE", "a", "b"],
            &["SET", "a b", "=", "c"],
            &["SET", "a; KILL x", "=", "c"],
            &["SET", "a"],
            &["PAUSE; KILL shop"],
        ] {
            assert!(words(bad).is_err(), "{bad:?}");
        }
    }
}
