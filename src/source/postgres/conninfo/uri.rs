//! The URI form of a connection string.
//!
//! Written by hand because libpq's URIs are not quite URIs: several hosts in one authority, socket directories encoded
//! as hosts, passwords with question marks. The generic parser refuses what `psql` accepts.

use super::error::ConnInfoError;
use super::keyvalue::Pair;

/// The text after the scheme, when this is a URI of PostgreSQL.
pub(super) fn strip_scheme(text: &str) -> Option<&str> {
    text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://"))
}

/// Splits what follows the scheme.
pub(super) fn parse(rest: &str) -> Result<Vec<Pair>, ConnInfoError> {
    let mut pairs = Vec::new();
    let rest = match rest.find(['@', '/']) {
        Some(cut) if rest[cut..].starts_with('@') => {
            user_info(&rest[..cut], &mut pairs)?;
            &rest[cut + 1..]
        }
        _ => rest,
    };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    // libpq would take the tail of a password with a raw "/" or "@" for a host or a database, and then print it.
    if place.contains('@') {
        return Err(fault(
            "an \"@\" where none can be; in user, password and database write %40 for \"@\" and %2F for \"/\"",
        ));
    }
    let (hosts, database) = place.split_once('/').map_or((place, ""), |(hosts, database)| (hosts, database));
    host_list(hosts, &mut pairs)?;
    push(&mut pairs, "dbname", decode(database)?);
    for item in query.into_iter().flat_map(|query| query.split('&')).filter(|item| !item.is_empty()) {
        pairs.push(query_item(item)?);
    }
    Ok(pairs)
}

fn fault(what: &'static str) -> ConnInfoError {
    ConnInfoError::Uri { what }
}

fn push(pairs: &mut Vec<Pair>, key: &str, value: String) {
    if !value.is_empty() {
        pairs.push((key.to_owned(), value));
    }
}

fn user_info(text: &str, pairs: &mut Vec<Pair>) -> Result<(), ConnInfoError> {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    push(pairs, "user", decode(user)?);
    push(pairs, "password", decode(password)?);
    Ok(())
}

fn host_list(text: &str, pairs: &mut Vec<Pair>) -> Result<(), ConnInfoError> {
    let mut hosts = Vec::new();
    let mut ports = Vec::new();
    for item in text.split(',') {
        let (host, port) = host_and_port(item)?;
        hosts.push(decode(host)?);
        ports.push(decode(port)?);
    }
    if hosts.iter().any(|host| !host.is_empty()) || hosts.len() > 1 {
        push(pairs, "host", hosts.join(","));
    }
    if ports.iter().any(|port| !port.is_empty()) {
        push(pairs, "port", ports.join(","));
    }
    Ok(())
}

fn host_and_port(item: &str) -> Result<(&str, &str), ConnInfoError> {
    let Some(inner) = item.strip_prefix('[') else {
        return Ok(item.split_once(':').unwrap_or((item, "")));
    };
    let (host, tail) = inner.split_once(']').ok_or_else(|| fault("a \"[\" that is never closed; write [::1]:5432"))?;
    if host.is_empty() {
        return Err(fault("empty brackets; write an IPv6 address between \"[\" and \"]\""));
    }
    match tail.strip_prefix(':') {
        Some(port) => Ok((host, port)),
        None if tail.is_empty() => Ok((host, "")),
        None => Err(fault("text after \"]\"; only \":\" and a port may follow")),
    }
}

fn query_item(item: &str) -> Result<Pair, ConnInfoError> {
    let (key, value) =
        item.split_once('=').ok_or_else(|| fault("a query parameter without \"=\"; write ?key=value&key=value"))?;
    if value.contains('=') {
        return Err(fault("a query parameter with two \"=\"; write %3D for one inside a value"));
    }
    let (key, value) = (decode(key)?, decode(value)?);
    // The spelling of JDBC, which libpq accepts too.
    if key == "ssl" && value == "true" {
        return Ok(("sslmode".to_owned(), "require".to_owned()));
    }
    Ok((key, value))
}

fn decode(text: &str) -> Result<String, ConnInfoError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (digits, tail) = match tail {
            [high, low, tail @ ..] => (hex(*high).zip(hex(*low)), tail),
            _ => (None, tail),
        };
        let (high, low) = digits.ok_or_else(|| fault("a \"%\" without two hexadecimal digits; write %25 for \"%\""))?;
        let byte = high * 16 + low;
        if byte == 0 {
            return Err(fault("%00, which no parameter can hold; remove it"));
        }
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| fault("percent-encoded bytes that are not UTF-8; encode the text as UTF-8"))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_libpq_reads() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("postgresql://", &[]),
            ("postgres://localhost", &[("host", "localhost")]),
            ("postgresql://localhost:5433", &[("host", "localhost"), ("port", "5433")]),
            ("postgresql://localhost/mydb", &[("host", "localhost"), ("dbname", "mydb")]),
            ("postgresql://user@localhost", &[("user", "user"), ("host", "localhost")]),
            ("postgresql://user:pa%40ss@h", &[("user", "user"), ("password", "pa@ss"), ("host", "h")]),
            ("postgresql://user:a?b:c@h", &[("user", "user"), ("password", "a?b:c"), ("host", "h")]),
            ("postgresql://u:@h", &[("user", "u"), ("host", "h")]),
            ("postgresql://:p@h", &[("password", "p"), ("host", "h")]),
            (
                "postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp",
                &[
                    ("user", "other"),
                    ("host", "localhost"),
                    ("dbname", "otherdb"),
                    ("connect_timeout", "10"),
                    ("application_name", "myapp"),
                ],
            ),
            ("postgresql://h1:123,h2:456/db", &[("host", "h1,h2"), ("port", "123,456"), ("dbname", "db")]),
            ("postgresql://h1,h2:456/", &[("host", "h1,h2"), ("port", ",456")]),
            ("postgresql://[2001:db8::1234]/db", &[("host", "2001:db8::1234"), ("dbname", "db")]),
            ("postgresql://[::1]:5433,h", &[("host", "::1,h"), ("port", "5433,")]),
            ("postgresql:///db?host=/run/pg&port=1", &[("dbname", "db"), ("host", "/run/pg"), ("port", "1")]),
            ("postgresql://%2Frun%2Fpg/db", &[("host", "/run/pg"), ("dbname", "db")]),
            ("postgresql://%2Frun%2Fpg:5433", &[("host", "/run/pg"), ("port", "5433")]),
            ("postgresql://h/?user=joe@corp", &[("host", "h"), ("user", "joe@corp")]),
            ("postgresql://h/?ssl=true", &[("host", "h"), ("sslmode", "require")]),
            ("postgresql://h/%C5%BC%20db", &[("host", "h"), ("dbname", "ż db")]),
            ("postgresql://h?&&user=a&", &[("host", "h"), ("user", "a")]),
            ("postgresql://:5433/db", &[("port", "5433"), ("dbname", "db")]),
        ];
        for (text, want) in cases {
            let rest = strip_scheme(text).unwrap_or_else(|| panic!("{text} has no scheme"));
            let got = parse(rest).unwrap_or_else(|error| panic!("{text}: {error}"));
            let got: Vec<(&str, &str)> = got.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            assert_eq!(&got, want, "{text}");
        }
    }

    #[test]
    fn complains_without_the_text() {
        let cases = [
            ("u:sec/ret@h/db", "%2F"),
            ("u:sec@ret@h/db", "%40"),
            ("h/d@secret", "%40"),
            ("u:%zzsecret@h", "hexadecimal"),
            ("u:secret%4@h", "hexadecimal"),
            ("u:secret%", "hexadecimal"),
            ("u:secret%00@h", "%00"),
            ("u:secret%ff@h", "UTF-8"),
            ("[::1", "never closed"),
            ("[]", "empty brackets"),
            ("[::1]secret", "after \"]\""),
            ("h?secret", "without \"=\""),
            ("h?password=secret=", "two \"=\""),
        ];
        for (rest, part) in cases {
            let error = parse(rest).err().unwrap_or_else(|| panic!("{rest} was accepted"));
            assert!(error.to_string().contains(part), "{rest}: {error}");
            assert!(!error.to_string().contains("secret"), "{rest}: {error}");
        }
    }
}
