//! Questions by the simple protocol: text in, text out, no preparation.
//!
//! The one protocol that PostgreSQL, PgBouncer in transaction mode and PgBouncer's console all speak.

use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow, SimpleQueryStream};

use super::connect::Connected;

/// Adding more than this to a clock may overflow it.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a stopped question may take to come to rest, on top of its own time.
const GRACE: Duration = Duration::from_secs(1);

/// Stands for a value that is not UTF-8, which only databases in `SQL_ASCII` send.
const UNREADABLE: &str = "\u{fffd}";

/// An answer as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextRows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows; nothing stands for NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// There was more than the caps let in.
    pub truncated: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The role may not see it.
    #[error("read the answer: {message}; grant the role pg_monitor or the right to what is named")]
    Denied {
        /// The server's words.
        message: String,
    },
    /// It took too long, by our clock or by the server's `statement_timeout`.
    #[error("get an answer in time: {message}; allow more time, or ask when the server is less busy")]
    Deadline {
        /// Whose clock it was.
        message: String,
    },
    /// A lock was in the way longer than `lock_timeout`.
    #[error("get an answer in time: {message}; find out who holds the lock")]
    LockTimeout {
        /// The server's words.
        message: String,
    },
    /// This server has no such relation, column or function.
    #[error("ask this server: {message}; it may be of another version or lack an extension")]
    Missing {
        /// The server's words.
        message: String,
    },
    /// The server complained about something else.
    #[error("get an answer: the server said \"{message}\" ({code}); look up the code in the server's manual")]
    Server {
        /// The SQLSTATE.
        code: String,
        /// The server's words.
        message: String,
    },
    /// The session has ended.
    #[error("get an answer: the connection is gone ({message}); connect again, and look into the server's log")]
    Gone {
        /// The last words, if there were any.
        message: String,
    },
    /// An answer that makes no sense.
    #[error("understand the answer: {message}; check that the server speaks PostgreSQL's protocol")]
    Protocol {
        /// What was wrong with it.
        message: String,
    },
}

/// Asks, and takes no more than the caps allow.
///
/// With several statements in one text, the last one that returns rows counts. When the deadline passes or a cap is
/// reached, the server is asked to stop, and gets a second to do so: the session can be used again afterwards.
pub async fn query_simple(
    connected: &Connected,
    sql: &str,
    deadline: Duration,
    cap_rows: usize,
    cap_bytes: usize,
) -> Result<TextRows, AskError> {
    let end = Instant::now() + deadline.min(LONGEST);
    let Some(client) = connected.client() else {
        return Err(AskError::Gone { message: "closed by us".to_owned() });
    };
    let stream = client.simple_query_raw(sql).await.map_err(|error| classify(&error))?;
    let mut stream = pin!(stream);
    let mut intake = Intake { answer: TextRows::default(), bytes: 0, cap_rows, cap_bytes };
    match timeout_at(end, intake.fill(stream.as_mut())).await {
        Ok(Ok(())) if !intake.answer.truncated => Ok(intake.answer),
        Ok(Ok(())) => {
            settle(connected, stream).await;
            Ok(intake.answer)
        }
        Ok(Err(error)) => Err(error),
        Err(_) => {
            settle(connected, stream).await;
            Err(AskError::Deadline { message: format!("no answer within {deadline:?}") })
        }
    }
}

/// Stops the question and waits for its end, so that the request to stop cannot hit the next one.
async fn settle(connected: &Connected, mut stream: Pin<&mut SimpleQueryStream>) {
    let rest = async {
        connected.cancel(GRACE).await;
        // An error ends the question as well as success does; after it comes the end of the stream.
        while stream.next().await.is_some_and(|message| message.is_ok()) {}
    };
    let _settled = timeout(GRACE, rest).await;
}

struct Intake {
    answer: TextRows,
    bytes: usize,
    cap_rows: usize,
    cap_bytes: usize,
}

impl Intake {
    /// Reads until the end or until a cap is reached.
    async fn fill(&mut self, mut stream: Pin<&mut SimpleQueryStream>) -> Result<(), AskError> {
        while let Some(message) = stream.next().await {
            match message.map_err(|error| classify(&error))? {
                SimpleQueryMessage::RowDescription(columns) => {
                    let columns = columns.iter().map(|column| column.name().to_owned()).collect();
                    self.answer = TextRows { columns, ..TextRows::default() };
                    self.bytes = 0;
                }
                SimpleQueryMessage::Row(row) if !self.take(&row) => {
                    self.answer.truncated = true;
                    return Ok(());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes a row in, unless that would go over a cap.
    fn take(&mut self, row: &SimpleQueryRow) -> bool {
        let cells: Vec<Option<String>> =
            (0..row.len()).map(|index| row.try_get(index).unwrap_or(Some(UNREADABLE)).map(str::to_owned)).collect();
        let bytes: usize = cells.iter().flatten().map(String::len).sum();
        if self.answer.rows.len() >= self.cap_rows || self.bytes.saturating_add(bytes) > self.cap_bytes {
            return false;
        }
        self.bytes += bytes;
        self.answer.rows.push(cells);
        true
    }
}

fn classify(error: &tokio_postgres::Error) -> AskError {
    if let Some(db) = error.as_db_error() {
        let message = db.message().to_owned();
        return match db.code().code() {
            "42501" => AskError::Denied { message },
            "57014" => AskError::Deadline { message },
            "55P03" => AskError::LockTimeout { message },
            "42P01" | "42703" | "42883" => AskError::Missing { message },
            // The server or the pooler ends the session after saying one of these.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "08006" => AskError::Gone { message },
            code => AskError::Server { code: code.to_owned(), message },
        };
    }
    let source = std::error::Error::source(error);
    let is_io = source.and_then(|source| source.downcast_ref::<std::io::Error>()).is_some();
    let message = source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
    if error.is_closed() || (is_io && error.to_string() == "error communicating with the server") {
        AskError::Gone { message }
    } else {
        AskError::Protocol { message }
    }
}
