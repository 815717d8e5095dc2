//! Values into their places.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::is_reserved;
use crate::runbook::{
    machine::Refusal,
    model::{Action, ActionKind, Param, ParamKind, Runbook},
    port::{Values, What},
};

/// How a secret is shown.
pub(super) const MASK: &str = "***";

/// Where values come from.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) book: &'a Runbook,
    pub(super) values: &'a Values,
    /// Whether secrets are masked: for what people see.
    pub(super) masked: bool,
}

/// A value, checked.
struct Filled<'a> {
    text: String,
    param: &'a Param,
    masked: bool,
}

impl<'a> Lookup<'a> {
    fn get(&self, name: &str) -> Result<Filled<'a>, Refusal> {
        let Some(param) = self.book.param(name) else {
            return refuse(format!("the runbook has no parameter `{name}`; name it under `params`"));
        };
        let given = self.values.expose(name).or(param.default.as_deref());
        let Some(given) = given else {
            return refuse(format!("`{name}` has no value yet: {}; expected {}", param.about, param.expected()));
        };
        let text = param.check(given).map_err(|why| Refusal(format!("`{name}`: {why}")))?;
        let masked = self.masked && self.is_secret(name);
        Ok(Filled { text: if masked { MASK.to_owned() } else { text }, param, masked })
    }

    /// Whether a value is secret: by the runbook, or because a secret of the target was found in it.
    fn is_secret(&self, name: &str) -> bool {
        let kept = self.values.expose(name).is_some() && self.values.shown(name).is_none();
        kept || self.book.param(name).is_some_and(|param| param.secret)
    }

    fn text(&self, name: &str) -> Result<String, Refusal> {
        self.get(name).map(|filled| filled.text)
    }

    /// A word that is `$name` becomes the value, any other stays as it is.
    fn word(&self, word: &str) -> Result<String, Refusal> {
        reference(word).map_or_else(|| Ok(word.to_owned()), |name| self.text(name))
    }
}

/// The action with values in their places.
pub(super) fn what(action: &Action, lookup: &Lookup<'_>) -> Result<What, Refusal> {
    Ok(match &action.kind {
        ActionKind::Sh { pty, expect } => What::Sh {
            script: action.body.clone(),
            env: environment(action, lookup)?,
            pty: *pty,
            expect: expect.clone(),
        },
        ActionKind::Sql { statement, binds, transaction, generates, database } => What::Sql {
            statement: statement.clone(),
            binds: binds.iter().map(|name| lookup.text(name)).collect::<Result<_, _>>()?,
            database: database.as_deref().map(|name| lookup.text(name)).transpose()?,
            transaction: *transaction,
            generates: *generates,
        },
        ActionKind::Words { lines } => {
            let line = |words: &Vec<String>| words.iter().map(|word| lookup.word(word)).collect();
            What::Words { lines: lines.iter().map(line).collect::<Result<_, _>>()? }
        }
        ActionKind::Http { method, url, headers, body, expect } => What::Http {
            method: method.clone(),
            url: address(url, lookup)?,
            headers: headers.iter().map(|header| self::header(header, lookup)).collect::<Result<_, _>>()?,
            body: body.as_deref().map(|body| in_json(body, lookup)).transpose()?,
            expect: expect.clone(),
        },
        ActionKind::Kubectl { args } => {
            What::Kubectl { args: args.iter().map(|word| argument(word, lookup)).collect::<Result<_, _>>()? }
        }
        ActionKind::Wait(_) | ActionKind::Ask(_) | ActionKind::Confirm(_) | ActionKind::Check(_) => {
            return refuse("nothing runs in this step: there is nothing to fill in");
        }
    })
}

fn environment(action: &Action, lookup: &Lookup<'_>) -> Result<BTreeMap<String, String>, Refusal> {
    let variable = |name: &String| {
        let variable = name.to_ascii_uppercase();
        if is_reserved(&variable) {
            return refuse(format!("a parameter named `{name}` would take the place of {variable}; rename it"));
        }
        Ok((variable, lookup.text(name)?))
    };
    action.reads.iter().map(variable).collect()
}

/// A word of kubectl. Everybody on the machine can read the words of a running program, so that no secret may be one.
fn argument(word: &str, lookup: &Lookup<'_>) -> Result<String, Refusal> {
    let public = |name: &str| {
        if lookup.is_secret(name) {
            return refuse(format!(
                "`{name}` is secret, and words of a command line are not; use `sh`, where it is an environment variable"
            ));
        }
        lookup.get(name)
    };
    if let Some(name) = reference(word) {
        let text = public(name)?.text;
        if text.starts_with('-') {
            return refuse(format!("`{name}` begins with a dash, and kubectl would take it for an option"));
        }
        return Ok(text);
    }
    if let Some((flag, name)) = flag(word) {
        return Ok(format!("{flag}={}", public(name)?.text));
    }
    let (flag, text) = match word.split_once('=') {
        Some((flag, text)) if flag.starts_with("--") => (Some(flag), text),
        _ => (None, word),
    };
    let Ok(json) = serde_json::from_str::<Json>(text) else { return Ok(word.to_owned()) };
    for name in names(&json) {
        public(name)?;
    }
    let text = in_json(text, lookup)?;
    Ok(flag.map_or_else(|| text.clone(), |flag| format!("{flag}={text}")))
}

/// `--flag=$name`.
fn flag(word: &str) -> Option<(&str, &str)> {
    let (flag, value) = word.split_once('=')?;
    let name = reference(value)?;
    (flag.starts_with("--") && !flag.contains('$')).then_some((flag, name))
}

/// Strings of JSON that are `$name` become values. What is no JSON, or has no such string, stays to the byte.
fn in_json(text: &str, lookup: &Lookup<'_>) -> Result<String, Refusal> {
    match serde_json::from_str::<Json>(text) {
        Ok(json) if !names(&json).is_empty() => Ok(replaced(&json, lookup)?.to_string()),
        _ => Ok(text.to_owned()),
    }
}

fn replaced(json: &Json, lookup: &Lookup<'_>) -> Result<Json, Refusal> {
    Ok(match json {
        Json::String(text) => match reference(text) {
            Some(name) => lookup.get(name)?.json(),
            None => json.clone(),
        },
        Json::Array(list) => Json::Array(list.iter().map(|one| replaced(one, lookup)).collect::<Result<_, _>>()?),
        Json::Object(map) => {
            let pair = |(key, value): (&String, &Json)| Ok((key.clone(), replaced(value, lookup)?));
            Json::Object(map.iter().map(pair).collect::<Result<_, Refusal>>()?)
        }
        other => other.clone(),
    })
}

impl Filled<'_> {
    /// Numbers are numbers in JSON, everything else is a string.
    fn json(self) -> Json {
        let number = matches!(self.param.kind, ParamKind::Integer { .. } | ParamKind::Size) && !self.masked;
        match self.text.parse::<i64>() {
            Ok(value) if number => Json::from(value),
            _ => Json::String(self.text),
        }
    }
}

/// The strings of JSON that are `$name`.
fn names(json: &Json) -> Vec<&str> {
    match json {
        Json::String(text) => reference(text).into_iter().collect(),
        Json::Array(list) => list.iter().flat_map(names).collect(),
        Json::Object(map) => map.values().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// An address: the whole of it may be a value, and whole fields of its query.
fn address(url: &str, lookup: &Lookup<'_>) -> Result<String, Refusal> {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let mut out = match reference(base) {
        Some(name) => whole(name, query.is_some(), lookup)?,
        None => base.to_owned(),
    };
    if let Some(query) = query {
        let fields = query.split('&').map(|field| self::field(field, lookup)).collect::<Result<Vec<_>, _>>()?;
        out.push('?');
        out.push_str(&fields.join("&"));
    }
    if !lookup.masked && !is_web(&out) {
        return refuse("the address does not begin with https:// or http:// and the name of a host");
    }
    Ok(out)
}

/// An address that is a value. One with a query of its own cannot be given another.
fn whole(name: &str, query: bool, lookup: &Lookup<'_>) -> Result<String, Refusal> {
    let filled = lookup.get(name)?;
    if !filled.masked && !is_web(&filled.text) {
        return refuse(format!("`{name}` is no address that begins with https:// or http://"));
    }
    if query && filled.text.contains(['?', '#']) {
        return refuse(format!("`{name}` has a query or a fragment of its own, and the step adds a query to it"));
    }
    Ok(filled.text)
}

fn is_web(text: &str) -> bool {
    let url = url::Url::parse(text);
    url.is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.host_str().is_some_and(|host| !host.is_empty()))
}

fn field(field: &str, lookup: &Lookup<'_>) -> Result<String, Refusal> {
    match field.split_once('=').and_then(|(key, value)| Some((key, reference(value)?))) {
        Some((key, name)) => {
            let filled = lookup.get(name)?;
            let text = if filled.masked { filled.text } else { encoded(&filled.text) };
            Ok(format!("{key}={text}"))
        }
        None => Ok(field.to_owned()),
    }
}

/// Everything but unreserved characters as `%XX`.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(half), 16).map_or('0', |digit| digit.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// A header. Its value is one line of visible characters, so that it cannot begin another.
fn header((name, value): &(String, String), lookup: &Lookup<'_>) -> Result<(String, String), Refusal> {
    let value = lookup.word(value)?;
    if value.chars().any(|c| !matches!(c, ' '..='~')) {
        return refuse(format!(
            "the header {name} would hold what no header may: a line break or a letter beyond ASCII"
        ));
    }
    Ok((name.clone(), value))
}

/// The name in `$name`.
fn reference(word: &str) -> Option<&str> {
    let name = word.strip_prefix('$')?;
    let first = name.starts_with(|c: char| c.is_ascii_lowercase());
    (first && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).then_some(name)
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(why.into()))
}
