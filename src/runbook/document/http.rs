//! A request: `GET https://…`, headers, an empty line, a body.

use super::words::{has_name, in_json, reference, strings};

/// What was read of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    pub(super) reads: Vec<String>,
    pub(super) mistakes: Vec<(usize, String)>,
}

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Reads a request.
pub(super) fn read(text: &str) -> Request {
    let mut request = Request::default();
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    request.first(first.trim());
    at += first.len();
    for line in lines {
        let here = at;
        at += line.len();
        if line.trim().is_empty() {
            break;
        }
        request.header(line.trim(), here);
    }
    let body = text[at.min(text.len())..].trim();
    if !body.is_empty() {
        request.body(body, at);
    }
    request
}

impl Request {
    fn wrong(&mut self, at: usize, message: String) {
        self.mistakes.push((at, message));
    }

    fn takes(&mut self, name: &str) {
        if !self.reads.iter().any(|known| known == name) {
            self.reads.push(name.to_owned());
        }
    }

    fn first(&mut self, line: &str) {
        let (method, url) = line.split_once(' ').unwrap_or((line, ""));
        let url = url.trim();
        if !METHODS.contains(&method) || url.is_empty() {
            let wanted = "expected a method and an address, such as `GET https://example.com/health`";
            self.wrong(0, format!("`{line}`: {wanted}; methods are {}", METHODS.join(", ")));
        }
        if url.contains(char::is_whitespace) {
            self.wrong(0, format!("`{url}`: an address has no spaces"));
        }
        self.url(url);
        (self.method, self.url) = (method.to_owned(), url.to_owned());
    }

    /// An address is a value as a whole, or has values as whole fields of its query.
    fn url(&mut self, url: &str) {
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        if let Some(name) = reference(address) {
            self.takes(name);
        } else if address.contains('$') {
            self.wrong(
                0,
                format!(
                    "`{address}`: a value stands for the whole address, or for a field of its query, as in `?a=$name`"
                ),
            );
        } else if !address.is_empty() && !address.starts_with("https://") && !address.starts_with("http://") {
            self.wrong(0, format!("`{address}`: an address begins with https:// or http://, or is `$name`"));
        }
        if url.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
        {
            self.wrong(
                0,
                "the address holds a name or password before its `@`; give a header from a secret parameter".into(),
            );
        }
        for field in query.split('&').filter(|field| field.contains('$')) {
            match field.split_once('=').and_then(|(key, value)| reference(value).filter(|_| !key.contains('$'))) {
                Some(name) => self.takes(name),
                None => {
                    self.wrong(0, format!("`{field}`: a value stands for the whole value of a field, as in `a=$name`"));
                }
            }
        }
    }

    fn header(&mut self, line: &str, at: usize) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| !name.is_empty() && name.chars().all(plain))
        else {
            return self.wrong(
                at,
                format!("`{line}` is no header; expected `Name: value`, and an empty line before the body"),
            );
        };
        let value = value.trim();
        match reference(value) {
            Some(param) => self.takes(param),
            None if has_name(value) => {
                self.wrong(
                    at,
                    format!("`{name}`: a value stands for the whole value of a header, as in `{name}: $name`"),
                );
            }
            None => {}
        }
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn body(&mut self, body: &str, at: usize) {
        match serde_json::from_str(body) {
            Ok(json) => match strings(&json) {
                Ok(names) => names.iter().for_each(|name| self.takes(name)),
                Err(string) => self.wrong(at, in_json(&string)),
            },
            Err(_) if has_name(body) => {
                self.wrong(at, "values can stand in a body only where it is JSON, as whole strings `\"$name\"`".into());
            }
            Err(_) => {}
        }
        if matches!(self.method.as_str(), "GET" | "HEAD") {
            self.wrong(at, format!("{} sends no body", self.method));
        }
        self.body = Some(body.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_line_headers_and_a_body() {
        let read =
            read("POST $hook?channel=$to&x=1\nAuthorization: $token\nAccept: text/plain\n\n{\"text\": \"$words\"}\n");
        assert!(read.mistakes.is_empty(), "{:?}", read.mistakes);
        assert_eq!((read.method.as_str(), read.url.as_str()), ("POST", "$hook?channel=$to&x=1"));
        assert_eq!(read.reads, ["hook", "to", "token", "words"]);
        assert_eq!(read.headers[1], ("Accept".to_owned(), "text/plain".to_owned()));
        assert_eq!(read.body.as_deref(), Some("{\"text\": \"$words\"}"));
    }

    #[test]
    fn values_within_other_text_are_refused() {
        for wrong in [
            "https://example.com",
            "get https://example.com",
            "GET example.com",
            "GET https://$host/x",
            "GET https://example.com/?a=b$c",
            "GET https://user:pass@example.com/",
            "GET https://example.com/\nX-A: Bearer $token",
            "GET https://example.com/\nno header",
            "GET https://example.com/\n\nbody",
            "POST https://example.com/\n\ntext $name",
            "POST https://example.com/\n\n{\"a\":\"x $name\"}",
            "",
        ] {
            assert!(!read(wrong).mistakes.is_empty(), "{wrong}");
        }
    }
}
