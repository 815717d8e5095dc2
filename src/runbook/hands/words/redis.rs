//! Commands of Redis: a list of arguments each, binary safe, so that no value can become a second command.

use redis::{Client, Cmd, ConnectionInfo, RedisError, Value, aio::MultiplexedConnection};
use tokio::{
    sync::watch,
    time::{Duration, Instant, timeout},
};

use super::{Ending, before, done, reply, stopped};
use crate::runbook::{port::Prepared, reads, record::Ended};

/// The longest that logging in may take.
const LOGIN: Duration = Duration::from_secs(10);

pub(super) async fn run(
    info: &ConnectionInfo,
    prepared: &Prepared,
    lines: &[Vec<String>],
    stop: watch::Receiver<bool>,
    print: &mut (dyn FnMut(&str) + Send),
) -> Ending {
    // All of them are looked at before the first is sent.
    for words in lines {
        let allowed = match reads::redis_never(words) {
            Some(never) => Err(never),
            None if prepared.reads_only => reads::redis(words),
            None => Ok(()),
        };
        if let Err(why) = allowed {
            return Ending::not_done(format!("{why}; nothing was sent"));
        }
    }
    let end = Instant::now() + prepared.timeout;
    let mut connection = match timeout(LOGIN.min(prepared.timeout), open(info, &prepared.tag)).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => return Ending::not_done(format!("log in to {}: {error}; nothing was sent", info.addr())),
        Err(_) => return Ending::not_done(format!("{} did not answer in time; nothing was sent", info.addr())),
    };
    for (at, words) in lines.iter().enumerate() {
        let mut command = Cmd::new();
        for word in words {
            command.arg(word.as_bytes());
        }
        let head = before(at, lines.len());
        let result = tokio::select! {
            biased;
            result = command.query_async::<Value>(&mut connection) => result,
            () = stopped(stop.clone()) => return given_up(prepared, words, &head, Ended::Cancelled),
            () = tokio::time::sleep_until(end) => return given_up(prepared, words, &head, Ended::TimedOut),
        };
        match result.and_then(Value::extract_error) {
            Ok(answer) => reply::lines(reply::setting(words, &answer)).iter().for_each(|line| print(line)),
            Err(error) => return failed(&error, prepared, words, &head),
        }
    }
    Ending { ended: Ended::Succeeded, says: done(lines.len()) }
}

/// Logs in, and takes the name of the step where that is allowed.
async fn open(info: &ConnectionInfo, tag: &str) -> Result<MultiplexedConnection, RedisError> {
    let client = Client::open(info.clone())?;
    let config = redis::AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    let name: String = tag.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).collect();
    // A name is a help and no need; an ACL may forbid it.
    let _named: Result<Value, _> = redis::cmd("CLIENT").arg("SETNAME").arg(name).query_async(&mut connection).await;
    Ok(connection)
}

/// The server refused it, or the connection was lost.
fn failed(error: &RedisError, prepared: &Prepared, words: &[String], head: &str) -> Ending {
    let name = words.first().map_or("", String::as_str);
    if error.code().is_some() && !error.is_io_error() {
        return Ending::not_done(format!("{head}{name}: the server said \"{}\"", said(error)));
    }
    if prepared.reads_only {
        return Ending::not_done(format!("{head}{name}: the connection was lost ({error}); it only read"));
    }
    let says = format!("{head}{name}: the connection was lost ({error}); whether it was done is not known");
    Ending { ended: Ended::Unknown, says }
}

fn said(error: &RedisError) -> String {
    match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        _ => error.to_string(),
    }
}

/// Nothing came in time, or the operator does not wait for it.
fn given_up(prepared: &Prepared, words: &[String], head: &str, ended: Ended) -> Ending {
    let name = words.first().map_or("", String::as_str);
    let what = if ended == Ended::Cancelled { "it was stopped" } else { "no answer came in time" };
    let rest = if prepared.reads_only { "it only reads" } else { "the server has the command and may still do it" };
    Ending { ended, says: format!("{head}{name}: {what}; {rest}") }
}
