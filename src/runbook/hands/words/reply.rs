//! A reply of Redis as lines, in the manner of its own client.

use redis::Value;

/// The most lines of one reply.
const LINES: usize = 500;

/// The deepest that lists are shown in lists.
const DEPTH: usize = 6;

/// A reply as lines.
pub(super) fn lines(reply: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    show(reply, "", 0, &mut lines);
    if lines.len() > LINES {
        let left = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(format!("[… {left} more lines]"));
    }
    lines
}

/// Of a single setting that is asked for by its name, the value alone: a later step can take it as it is.
pub(super) fn setting<'r>(words: &[String], reply: &'r Value) -> &'r Value {
    let [config, get, name] = words else { return reply };
    if !config.eq_ignore_ascii_case("CONFIG") || !get.eq_ignore_ascii_case("GET") || name.contains(['*', '?', '[']) {
        return reply;
    }
    match reply {
        Value::Array(pair) if pair.len() == 2 => &pair[1],
        Value::Map(pairs) if pairs.len() == 1 => &pairs[0].1,
        _ => reply,
    }
}

fn show(reply: &Value, head: &str, depth: usize, lines: &mut Vec<String>) {
    if lines.len() > LINES * 2 {
        return;
    }
    let nested: Vec<(String, &Value)> = match reply {
        Value::Array(items) | Value::Set(items) => {
            items.iter().enumerate().map(|(at, item)| (format!("{}) ", at + 1), item)).collect()
        }
        Value::Map(pairs) => pairs.iter().map(|(name, item)| (format!("{}: ", scalar(name)), item)).collect(),
        Value::Attribute { data, .. } => return show(data, head, depth, lines),
        _ => {
            let text = scalar(reply);
            // INFO answers with one text of many lines.
            let mut parts = text.lines();
            lines.push(format!("{head}{}", parts.next().unwrap_or_default()));
            lines.extend(parts.map(str::to_owned));
            return;
        }
    };
    if nested.is_empty() {
        lines.push(format!("{head}(empty)"));
        return;
    }
    if depth >= DEPTH {
        lines.push(format!("{head}(a list of {})", nested.len()));
        return;
    }
    if !head.is_empty() {
        lines.push(head.trim_end().to_owned());
    }
    let indent = " ".repeat(head.chars().take_while(|c| *c == ' ').count() + if head.is_empty() { 0 } else { 3 });
    for (name, item) in nested {
        show(item, &format!("{indent}{name}"), depth + 1, lines);
    }
}

fn scalar(reply: &Value) -> String {
    match reply {
        Value::Nil => "(nil)".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::BulkString(bytes) => readable(bytes),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => text.clone(),
        Value::Okay => "OK".to_owned(),
        Value::ServerError(error) => format!("(error) {} {}", error.code(), error.details().unwrap_or_default()),
        other => format!("{other:?}"),
    }
}

/// Text, and what is none byte by byte.
fn readable(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.escape_ascii().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    #[test]
    fn replies_read_as_in_redis_own_client() {
        assert_eq!(lines(&Value::Okay), ["OK"]);
        assert_eq!(lines(&Value::Nil), ["(nil)"]);
        assert_eq!(lines(&text("a:1\r\nb:2\r\n")), ["a:1", "b:2"]);
        assert_eq!(lines(&Value::BulkString(vec![0xff, b'a', 0])), ["\\xffa\\x00"]);
        let nested =
            Value::Array(vec![text("x"), Value::Array(vec![Value::Int(3), Value::Nil]), Value::Array(Vec::new())]);
        assert_eq!(lines(&nested), ["1) x", "2)", "   1) 3", "   2) (nil)", "3) (empty)"]);
        let map = Value::Map(vec![(text("pid"), Value::Int(7))]);
        assert_eq!(lines(&map), ["pid: 7"]);
    }

    #[test]
    fn a_setting_is_its_value_alone_and_a_pattern_a_list() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let pair = Value::Array(vec![text("maxmemory"), text("67108864")]);
        assert_eq!(lines(setting(&words("config get maxmemory"), &pair)), ["67108864"]);
        let map = Value::Map(vec![(text("maxmemory"), text("67108864"))]);
        assert_eq!(lines(setting(&words("CONFIG GET maxmemory"), &map)), ["67108864"]);
        for other in ["CONFIG GET maxmemory*", "CONFIG GET maxmemory save", "HGETALL maxmemory"] {
            assert_eq!(lines(setting(&words(other), &pair)), ["1) maxmemory", "2) 67108864"], "{other}");
        }
    }

    #[test]
    fn a_long_reply_is_cut_and_says_so() {
        let long = Value::Array((0..5_000).map(Value::Int).collect());
        let shown = lines(&long);
        assert_eq!(shown.len(), LINES + 1);
        assert!(shown.last().unwrap().contains("more lines"));
    }
}
