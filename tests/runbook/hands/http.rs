//! Requests against a small server of our own, which records what really arrived.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use loadline::runbook::{port::What, record::Ended};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Act, HOSTILE};
use crate::standin::{Standin, broken::Manner, serve};

/// A server that answers by path, and the requests that it got.
struct Server {
    standin: Standin,
    got: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let got = Arc::new(Mutex::new(Vec::new()));
        let (record, answer) = (got.clone(), Arc::new(answer));
        let standin = serve(move |mut stream| {
            let (record, answer) = (record.clone(), answer.clone());
            async move {
                let request = hear(&mut stream).await;
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                record.lock().unwrap().push(request);
                let text = answer(&path);
                if text == "wait" {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { standin, got }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.standin.port)
    }

    fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }
}

/// Head and body of a request.
async fn hear(stream: &mut tokio::net::TcpStream) -> String {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut piece).await {
            Ok(bytes) if bytes > 0 => request.extend_from_slice(&piece[..bytes]),
            _ => return text,
        }
    }
}

fn say(code: u16, more: &str, body: &str) -> String {
    format!("HTTP/1.1 {code} X\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn http(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>, expect: &[u16]) -> Act {
    Act::new(What::Http {
        method: method.into(),
        url: url.into(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.map(str::to_owned),
        expect: expect.to_vec(),
    })
    .within(Duration::from_secs(20))
}

#[test]
fn an_answer_is_judged_by_its_status() {
    let server = Server::start(|path| match path {
        "/made" => say(201, "", " made \n"),
        _ => say(500, "", "broken: password=correct-horse"),
    });
    let came = http("POST", &server.url("/made"), &[("X-Token", "tok")], Some("{\"a\":1}"), &[]).run();
    assert_eq!((came.outcome.ended, came.outcome.value.as_deref()), (Ended::Succeeded, Some("made")), "{came:?}");
    assert!(came.outcome.says.starts_with("answered 201 (POST http://127.0.0.1:"), "{}", came.outcome.says);
    let got = server.got().remove(0).to_lowercase();
    assert!(got.starts_with("post /made http/1.1\r\n") && got.ends_with("{\"a\":1}"), "{got}");
    assert!(got.contains("x-token: tok"), "{got}");

    assert_eq!(http("GET", &server.url("/made"), &[], None, &[200]).run().outcome.ended, Ended::Failed);
    assert_eq!(http("DELETE", &server.url("/x"), &[], None, &[404, 500]).run().outcome.ended, Ended::Succeeded);
    let failed = http("DELETE", &server.url("/x"), &[], None, &[200, 404]).run();
    assert_eq!(failed.outcome.ended, Ended::Failed);
    assert!(failed.outcome.says.contains("answered 500, expected 200 or 404"), "{}", failed.outcome.says);
    assert!(!failed.everything().contains("correct-horse"));
    assert_eq!(http("PURGE", &server.url("/made"), &[], None, &[]).run().outcome.ended, Ended::Succeeded);
}

#[test]
fn what_was_never_sent_was_not_done() {
    let port = crate::standin::broken::closed_port();
    for method in ["GET", "POST"] {
        let came = http(method, &format!("http://127.0.0.1:{port}/x"), &[], Some("x"), &[]).run();
        assert_eq!(came.outcome.ended, Ended::Failed, "{came:?}");
        assert!(came.outcome.says.starts_with("not sent: "), "{}", came.outcome.says);
    }
    for (url, words) in [("gopher://x", "addresses begin with"), ("no address", "is no address")] {
        let came = http("GET", url, &[], None, &[]).run();
        assert!(came.outcome.ended == Ended::Failed && came.outcome.says.contains(words), "{}", came.outcome.says);
    }
    let refused = http("POST", "http://127.0.0.1:1/x", &[], None, &[]).reads_only().run();
    assert!(refused.outcome.says.contains("POST does not only read"), "{}", refused.outcome.says);
}

#[test]
fn what_was_sent_and_not_answered_is_not_known() {
    for manner in [Manner::HangingUp, Manner::ResettingLater, Manner::Rubbish] {
        let server = manner.serve();
        let url = format!("http://127.0.0.1:{}/x", server.port);
        let came = http("POST", &url, &[], Some("x"), &[]).run();
        assert_eq!(came.outcome.ended, Ended::Unknown, "{manner:?}: {came:?}");
        assert_eq!(http("GET", &url, &[], None, &[]).run().outcome.ended, Ended::Failed, "{manner:?}");
    }
    let gateway = Server::start(|_| say(504, "", ""));
    assert_eq!(http("POST", &gateway.url("/x"), &[], None, &[]).run().outcome.ended, Ended::Unknown);
}

#[test]
fn a_deadline_and_a_stop_leave_it() {
    let server = Server::start(|_| "wait".into());
    let late = http("POST", &server.url("/x"), &[], None, &[]).within(Duration::from_millis(500)).run();
    assert_eq!(late.outcome.ended, Ended::TimedOut, "{late:?}");
    let stopped = http("POST", &server.url("/x"), &[], None, &[]).stop_after(Duration::from_millis(500)).run();
    assert_eq!(stopped.outcome.ended, Ended::Cancelled, "{stopped:?}");
    assert!(stopped.outcome.says.contains("sent, and not answered"), "{}", stopped.outcome.says);
    let silent = Manner::Silent.serve();
    let url = format!("https://127.0.0.1:{}/x", silent.port);
    let unsent = http("POST", &url, &[], None, &[]).within(Duration::from_millis(500)).run();
    assert!(matches!(unsent.outcome.ended, Ended::Failed | Ended::TimedOut), "{unsent:?}");
}

#[test]
fn only_reading_follows_and_credentials_stay_at_home() {
    let other = Server::start(|_| say(200, "", "elsewhere"));
    let to = other.url("/there");
    let server = Server::start(move |path| match path {
        "/away" => say(307, &format!("Location: {to}\r\n"), ""),
        "/here" => say(302, "Location: /end\r\n", ""),
        "/round" => say(302, "Location: /round\r\n", ""),
        _ => say(200, "", "the end"),
    });
    let headers = [("Authorization", "Bearer correct-horse"), ("X-Api-Key", "battery"), ("Accept", "text/plain")];
    let came = http("GET", &server.url("/away"), &headers, None, &[]).run();
    assert_eq!(came.outcome.value.as_deref(), Some("elsewhere"), "{came:?}");
    let got = other.got().remove(0);
    assert!(got.contains("text/plain") && !got.contains("correct-horse") && !got.contains("battery"), "{got}");

    let came = http("GET", &server.url("/here"), &headers, None, &[]).run();
    assert_eq!(came.outcome.value.as_deref(), Some("the end"));
    assert!(server.got().last().unwrap().contains("Bearer correct-horse"), "at home they go along");
    assert_eq!(http("GET", &server.url("/round"), &[], None, &[]).run().outcome.ended, Ended::Failed);

    let count = other.got().len();
    let came = http("POST", &server.url("/away"), &headers, Some("x"), &[]).run();
    assert_eq!((came.outcome.ended, other.got().len()), (Ended::Failed, count), "{came:?}");
    assert!(came.outcome.says.contains("points elsewhere"), "{}", came.outcome.says);
}

#[test]
fn an_answer_without_an_end_is_capped() {
    let server = serve(|mut stream| async move {
        let _ = hear(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    });
    let came = http("GET", &format!("http://127.0.0.1:{}/", server.port), &[], None, &[]).run();
    assert_eq!(
        (came.outcome.ended, came.outcome.printed),
        (Ended::Succeeded, 8 * 1024 * 1024),
        "{}",
        came.outcome.says
    );
    assert!(came.outcome.says.contains("only the first"), "{}", came.outcome.says);
    assert!(came.outcome.excerpt.len() < 10_000 && came.outcome.value.is_none());
}

#[test]
fn hostile_values_arrive_as_they_are_or_not_at_all() {
    let server = Server::start(|_| say(200, "", ""));
    for value in HOSTILE {
        let body = serde_json::json!({ "a": value }).to_string();
        let came = http("POST", &server.url("/x"), &[("X-Value", value)], Some(&body), &[]).run();
        assert_eq!(came.outcome.ended, Ended::Succeeded, "{came:?}");
        let got = server.got().pop().unwrap();
        assert!(got.ends_with(&format!("\r\n\r\n{body}")), "{got}");
        assert!(got.starts_with("POST /x HTTP/1.1\r\n"), "{got}");
    }
    let count = server.got().len();
    for value in ["a\r\nX-Evil: 1", "a\nb", "a\0b"] {
        let came = http("GET", &server.url("/x"), &[("X-Value", value)], None, &[]).run();
        assert!(came.outcome.says.contains("X-Value has a line break or a control"), "{}", came.outcome.says);
    }
    assert_eq!(server.got().len(), count, "nothing was sent");
}

#[test]
fn a_secret_header_is_masked_where_the_server_repeats_it() {
    let server = Server::start(|path| say(403, "", &format!("no: Bearer correct-horse Y29ycmVjdC1ob3JzZQ== {path}")));
    let act = http("GET", &server.url("/q?key=correct-horse"), &[("Authorization", "Bearer correct-horse")], None, &[]);
    let came = act.secret("correct-horse").run();
    assert_eq!(came.outcome.ended, Ended::Failed);
    for part in ["correct", "horse", "Y29ycm"] {
        assert!(!came.everything().contains(part), "{part}: {came:?}");
    }
}
