//! Requests.

mod exchange;
mod sent;

use std::time::{Duration, Instant};

use tokio::{
    sync::mpsc::{Receiver, channel},
    time::{interval, sleep_until},
};
use ureq::{
    Agent,
    http::{HeaderName, HeaderValue, Method},
};
use url::Url;

use exchange::{Asked, Failure, Heard, exchange};
use sent::Sent;

use super::{
    RealHands, not_done, outcome,
    output::{Output, Pipe},
};
use crate::runbook::{
    port::{Prepared, Stage},
    reads,
    record::{Ended, Outcome},
};

/// A request as it was prepared.
pub(super) struct Wanted<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) body: Option<&'a str>,
    pub(super) expect: &'a [u16],
}

/// What was heard until the end.
#[derive(Default)]
struct Answer {
    status: Option<u16>,
    capped: bool,
    end: Option<Result<(), Failure>>,
    late: bool,
    stopped: bool,
}

impl RealHands {
    pub(super) async fn http(wanted: &Wanted<'_>, prepared: &Prepared, mut stage: Stage<'_>) -> Outcome {
        let sent = Sent::default();
        let asked = match asked(wanted, prepared, sent.clone()) {
            Ok(asked) => asked,
            Err(why) => return not_done(stage.redactor.line(&why)),
        };
        let began = Instant::now();
        let reads = reads::http(wanted.method).is_ok();
        let place = stage.redactor.line(&format!("{} {}", asked.method, asked.url));
        let (teller, mut hearer) = channel(8);
        // Not on the runtime's own threads: one that hangs must not hold the program when it ends.
        std::thread::spawn(move || exchange(&asked, &teller));
        let mut output = Output::new(&stage);
        let answer = hear(&mut hearer, began + prepared.timeout, &mut stage, &mut output).await;
        let (ended, says) = answer.judge(wanted.expect, reads, sent.is());
        let says = format!("{} ({place})", stage.redactor.line(&says));
        outcome(ended, says, began.elapsed(), output.finish())
    }
}

fn asked(wanted: &Wanted<'_>, prepared: &Prepared, sent: Sent) -> Result<Asked, String> {
    if prepared.reads_only {
        reads::http(wanted.method)?;
    }
    let method = Method::from_bytes(wanted.method.as_bytes());
    let method = method.map_err(|_| format!("`{}` is no method; GET, POST, PUT, … are", wanted.method))?;
    let url = Url::parse(wanted.url).map_err(|error| format!("{} is no address: {error}", wanted.url))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{}: addresses begin with https:// or http://", wanted.url));
    }
    for (name, value) in wanted.headers {
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no name of a header"))?;
        HeaderValue::from_str(value).map_err(|_| {
            format!(
                "the value of the header {name} has a line break or a control character, which a header cannot have"
            )
        })?;
    }
    let (headers, body) = (wanted.headers.to_vec(), wanted.body.map(str::to_owned));
    Ok(Asked { method, url, headers, body, timeout: prepared.timeout, sent })
}

async fn hear(
    hearer: &mut Receiver<Heard>,
    deadline: Instant,
    stage: &mut Stage<'_>,
    output: &mut Output<'_>,
) -> Answer {
    let (mut answer, mut agent): (Answer, Option<Agent>) = Default::default();
    let mut ticks = interval(Duration::from_millis(20));
    let mut stoppable = true;
    while answer.end.is_none() && !answer.late && !answer.stopped {
        tokio::select! {
            heard = hearer.recv() => match heard {
                Some(Heard::Agent(given)) => agent = Some(given),
                Some(Heard::Status(status)) => answer.status = Some(status),
                Some(Heard::Body(piece)) => output.push(Pipe::Out, &piece),
                Some(Heard::Capped) => answer.capped = true,
                Some(Heard::End(end)) => answer.end = Some(end),
                None => answer.end = Some(Err(Failure { late: false, says: "the request broke off".into() })),
            },
            () = sleep_until(deadline.into()) => answer.late = true,
            changed = stage.stop.changed(), if stoppable => match changed {
                Ok(()) => answer.stopped = *stage.stop.borrow(),
                Err(_) => stoppable = false,
            },
            _ = ticks.tick() => output.tick(),
        }
    }
    // What is left of it is broken off.
    if let Some(agent) = agent {
        agent.shutdown();
    }
    answer
}

impl Answer {
    /// What it comes to. A request that only reads and failed has done nothing; any other that was sent and not answered
    /// may have.
    fn judge(&self, expect: &[u16], reads: bool, sent: bool) -> (Ended, String) {
        let failure = self.end.as_ref().and_then(|end| end.as_ref().err());
        let late = self.late || failure.is_some_and(|failure| failure.late);
        let lost = if self.stopped {
            Some((Ended::Cancelled, "stopped by the operator".to_owned()))
        } else if late {
            Some((Ended::TimedOut, "no whole answer in its time".to_owned()))
        } else {
            failure.map(|failure| (if reads { Ended::Failed } else { Ended::Unknown }, failure.says.clone()))
        };
        match (self.status, lost) {
            (Some(status), None) => self.answered(status, expect, reads),
            (Some(status), Some((_, says))) if !reads && !self.stopped && is_expected(status, expect) => {
                (Ended::Succeeded, format!("answered {status}; the rest of the answer was lost: {says}"))
            }
            (Some(status), Some((ended, says))) => (ended, format!("answered {status}, then: {says}")),
            (None, Some((_, says))) if !sent => (Ended::Failed, format!("not sent: {says}")),
            (None, Some((ended @ (Ended::Unknown | Ended::TimedOut | Ended::Cancelled), says))) => {
                (ended, format!("sent, and not answered: {says}"))
            }
            (None, Some((ended, says))) => (ended, says),
            (None, None) => (Ended::Unknown, "it ended without an answer".into()),
        }
    }

    fn answered(&self, status: u16, expect: &[u16], reads: bool) -> (Ended, String) {
        let cut =
            if self.capped { format!("; only the first {} bytes are read", exchange::CAP) } else { String::new() };
        if is_expected(status, expect) {
            return (Ended::Succeeded, format!("answered {status}{cut}"));
        }
        let wanted: Vec<String> = expect.iter().map(u16::to_string).collect();
        let wanted = if wanted.is_empty() { "2xx".to_owned() } else { wanted.join(" or ") };
        // A gateway that lost the server behind it does not know either.
        if !reads && matches!(status, 502 | 504) {
            let says = format!(
                "answered {status}, expected {wanted}: whether the server behind the gateway did it is not known"
            );
            return (Ended::Unknown, says);
        }
        let redirect =
            if (300..400).contains(&status) && !reads { ": it points elsewhere, which is not followed" } else { "" };
        (Ended::Failed, format!("answered {status}, expected {wanted}{redirect}{cut}"))
    }
}

fn is_expected(status: u16, expect: &[u16]) -> bool {
    expect.contains(&status) || (expect.is_empty() && (200..300).contains(&status))
}
