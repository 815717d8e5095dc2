//! Servers that are none: what each of them is taken for, and how soon.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{ConnectError, ConnectKind, Connected, connect};
use crate::source::postgres::conninfo::{ConnInfo, Env, FileFacts, Files};
use crate::source::postgres::simple::{AskError, query_simple};

struct NoFiles;

impl Files for NoFiles {
    fn facts(&self, _: &std::path::Path) -> Option<FileFacts> {
        None
    }

    fn read(&self, _: &std::path::Path) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

fn info(text: &str) -> ConnInfo {
    let env = Env { vars: BTreeMap::new(), home: None, os_user: Some("me".to_owned()), files: Box::new(NoFiles) };
    ConnInfo::resolve(Some(text), None, &env).unwrap()
}

const SECRET: &str = "Zq-hidden";
const SOON: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(20);

/// What a fake server does with one connection.
#[derive(Clone, Copy)]
enum Script {
    /// Accepts and says nothing.
    Silent,
    /// Hangs up at once.
    HangsUp,
    /// Reads the request, then resets the connection.
    Resets,
    /// Reads the request, then says this and waits.
    Says(&'static [u8]),
    /// Declines TLS, then says this to the login and waits.
    Declines(&'static [u8]),
}

async fn serve(script: Script) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(play(stream, script));
        }
    });
    port
}

async fn play(mut stream: TcpStream, script: Script) {
    let mut request = [0; 512];
    match script {
        Script::Silent => {}
        Script::HangsUp => return,
        Script::Resets => {
            // Closing with unread bytes makes the kernel send a reset.
            let _first = stream.read_u8().await;
            return;
        }
        Script::Says(answer) => {
            let _request = stream.read(&mut request).await;
            let _sent = stream.write_all(answer).await;
        }
        Script::Declines(answer) => {
            let _request = stream.read(&mut request).await;
            let _sent = stream.write_all(b"N").await;
            let _login = stream.read(&mut request).await;
            let _sent = stream.write_all(answer).await;
            let _question = stream.read(&mut request).await;
        }
    }
    tokio::time::sleep(LONG).await;
}

async fn fail(text: &str, deadline: Duration) -> ConnectError {
    let start = Instant::now();
    let error = connect(&info(text), deadline).await.map(drop).unwrap_err();
    assert!(start.elapsed() < deadline + Duration::from_millis(300), "{text} took {:?}", start.elapsed());
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.contains(char::is_control), "{text:?}");
    }
    error
}

/// An error message of the protocol with its code and text.
fn refusal(code: &str, text: &str) -> &'static [u8] {
    let fields = format!("SFATAL\0C{code}\0M{text}\0\0");
    let length = u32::try_from(fields.len() + 4).unwrap();
    let message = [b"E", length.to_be_bytes().as_slice(), fields.as_bytes()].concat();
    Box::leak(message.into_boxed_slice())
}

/// Every one of these servers is taken for this kind, with place and remedy in the text.
async fn expect(kind: ConnectKind, cases: &[(Script, &str)]) {
    for (index, (script, extra)) in cases.iter().enumerate() {
        let port = serve(*script).await;
        let text = format!("host=127.0.0.1 port={port} user=u dbname=d password={SECRET} {extra}");
        let error = fail(&text, SOON).await;
        assert_eq!(error.kind(), kind, "case {index}: {error}");
        let text = error.to_string();
        let place = format!("connect to 127.0.0.1:{port}/d as u: ");
        assert!(text.starts_with(&place), "case {index}: {text}");
        assert!(text.ends_with(error.remedy()), "case {index}: {text}");
    }
}

#[tokio::test]
async fn silence_is_a_timeout_wherever_it_begins() {
    let cases = [
        (Script::Silent, ""),
        (Script::Silent, "sslmode=disable"),
        (Script::Silent, "sslmode=require"),
        (Script::Says(b"S"), "sslmode=require"),
        (Script::Declines(b""), ""),
    ];
    expect(ConnectKind::Timeout, &cases).await;
}

#[tokio::test]
async fn hanging_up_is_told_from_refusing() {
    let cases = [(Script::HangsUp, ""), (Script::HangsUp, "sslmode=disable"), (Script::Resets, "sslmode=disable")];
    expect(ConnectKind::Closed, &cases).await;
}

#[tokio::test]
async fn rubbish_is_known_at_once() {
    const WEB: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    let cases = [
        (Script::Says(WEB), ""),
        (Script::Says(WEB), "sslmode=disable"),
        (Script::Says(b"-ERR unknown command\r\n"), "sslmode=disable"),
        (Script::Says(b"ERROR, and much more text"), ""),
        (Script::Declines(b"RUBBISH, AND MUCH OF IT"), ""),
        (Script::Declines(b"N\0\0\0\x04"), ""),
    ];
    expect(ConnectKind::Protocol, &cases).await;
}

#[tokio::test]
async fn tls_that_is_not_there_or_not_tls() {
    let cases =
        [(Script::Says(b"N"), "sslmode=require"), (Script::Says(b"Snot a handshake at all"), "sslmode=require")];
    expect(ConnectKind::Tls, &cases).await;
}

#[tokio::test]
async fn the_servers_word_decides_about_the_class() {
    const CLEARTEXT_PASSWORD: &[u8] = b"R\0\0\0\x08\0\0\0\x03";
    let declines = |code, text| (Script::Declines(refusal(code, text)), "");
    let crowded = refusal("08P01", "no more connections allowed (max_client_conn)");
    let auth = [
        declines("28000", "no entry"),
        declines("28P01", SECRET),
        declines("08P01", "SASL authentication failed"),
        (Script::Declines(CLEARTEXT_PASSWORD), "password=''"),
    ];
    expect(ConnectKind::Auth, &auth).await;
    let denied = [
        declines("3D000", "no such database"),
        declines("42501", "permission denied for database"),
        declines("08P01", "no such database: x"),
        declines("08P01", "not allowed"),
    ];
    expect(ConnectKind::Denied, &denied).await;
    let full = [
        declines("53300", "sorry, too many clients already"),
        (Script::Declines(crowded), ""),
        (Script::Says(crowded), ""),
        (Script::Says(crowded), "sslmode=require"),
    ];
    expect(ConnectKind::TooMany, &full).await;
    expect(ConnectKind::Other, &[declines("XX000", "oh\x1b[2Jno")]).await;
}

#[tokio::test]
async fn the_silence_says_how_far_it_came() {
    let cases: [(Script, &str, &str); 3] = [
        (Script::Silent, "", "accepted and then nothing was said within 400ms"),
        (Script::Says(b"S"), "sslmode=require", "the TLS handshake did not end"),
        (Script::Declines(b""), "", "the login was not answered"),
    ];
    for (script, extra, part) in cases {
        let port = serve(script).await;
        let error = fail(&format!("host=127.0.0.1 port={port} {extra}"), SOON).await;
        assert!(error.detail().contains(part), "{error}");
    }
}

#[tokio::test]
async fn nobody_there_is_refused() {
    let port = serve_nothing().await;
    assert_eq!(fail(&format!("host=127.0.0.1 port={port}"), LONG).await.kind(), ConnectKind::Refused);
    let error = fail("host=/nonexistent", LONG).await;
    assert_eq!(error.kind(), ConnectKind::Refused);
    assert_eq!(error.detail(), "there is no such socket");
}

/// A port on which nobody listens.
async fn serve_nothing() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_silent_host_leaves_time_for_the_next() {
    let silent = serve(Script::Silent).await;
    let refused = serve_nothing().await;
    let good = serve(Script::Declines(WELCOME)).await;
    let text = format!("host=127.0.0.1,127.0.0.1,127.0.0.1 port={silent},{refused},{good} dbname=d user=u");
    let connected = connect(&info(&text), SOON * 3).await.unwrap();
    assert_eq!(connected.place(), format!("127.0.0.1:{good}/d as u"));
    assert!(!connected.is_encrypted());
}

#[tokio::test]
async fn a_wrong_password_is_not_tried_on_the_next_host() {
    let wrong = refusal("28P01", "nope");
    let wrong = serve(Script::Declines(wrong)).await;
    let good = serve(Script::Declines(WELCOME)).await;
    let error = fail(&format!("host=127.0.0.1,127.0.0.1 port={wrong},{good}"), LONG).await;
    assert_eq!((error.kind(), error.sqlstate()), (ConnectKind::Auth, Some("28P01")));
}

#[tokio::test]
async fn a_server_that_starts_up_is_passed_over() {
    let starting = refusal("57P03", "wait");
    let starting = serve(Script::Declines(starting)).await;
    let good = serve(Script::Declines(WELCOME)).await;
    connect(&info(&format!("host=127.0.0.1,127.0.0.1 port={starting},{good}")), LONG).await.unwrap();
    let error = fail(&format!("host=127.0.0.1,127.0.0.1 port={starting},{starting}"), LONG).await;
    assert!(error.to_string().contains("; before that "), "{error}");
}

#[tokio::test]
async fn the_users_own_limit_counts_for_each_attempt() {
    let silent = serve(Script::Silent).await;
    let start = Instant::now();
    let text = format!("host=127.0.0.1 port={silent} connect_timeout=1");
    assert_eq!(fail(&text, LONG).await.kind(), ConnectKind::Timeout);
    assert!(start.elapsed() < Duration::from_secs(3));
}

/// Logged in without a password, ready for a question.
const WELCOME: &[u8] = b"R\0\0\0\x08\0\0\0\0K\0\0\0\x0c\0\0\0\x01\0\0\0\x02Z\0\0\0\x05I";

async fn welcome() -> Connected {
    let port = serve(Script::Declines(WELCOME)).await;
    connect(&info(&format!("host=127.0.0.1 port={port}")), LONG).await.unwrap()
}

#[tokio::test]
async fn an_unanswered_question_meets_its_deadline() {
    let connected = welcome().await;
    let start = Instant::now();
    // The fake server answers neither this nor the request to stop, but hangs up after reading once more.
    let error = query_simple(&connected, "SELECT 1", SOON, 10, 1000).await.unwrap_err();
    assert!(matches!(error, AskError::Deadline { .. }), "{error}");
    assert!(start.elapsed() < SOON + Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_request_to_stop_never_hangs_up_first() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (session, _) = listener.accept().await.unwrap();
        tokio::spawn(play(session, Script::Declines(WELCOME)));
        let (mut request, _) = listener.accept().await.unwrap();
        let mut message = [0; 16];
        request.read_exact(&mut message).await.unwrap();
        // Far longer than the client's patience in the foreground.
        let more = tokio::time::timeout(SOON * 3, request.read_u8()).await;
        (message, more.is_err())
    });
    let connected = connect(&info(&format!("host=127.0.0.1 port={port}")), LONG).await.unwrap();
    assert!(!connected.cancel(SOON).await);
    drop(connected);
    let (message, still_open) = server.await.unwrap();
    assert_eq!(message, *b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x01\0\0\0\x02");
    assert!(still_open);
}

#[tokio::test]
async fn leaving_politely_ends_the_session() {
    let start = Instant::now();
    welcome().await.close(SOON).await;
    assert!(start.elapsed() < LONG / 2);
}
