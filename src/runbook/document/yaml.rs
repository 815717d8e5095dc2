//! Front matter as a tree whose every node knows its place, so that all its mistakes can be told at once.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// What stands in YAML. A scalar is its text, quoted or bare.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Nothing,
    Text(String),
    List(Vec<At<Node>>),
    Map(Vec<(At<String>, At<Node>)>),
}

/// Something and where it stands: offset in bytes inside the front matter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At<T> {
    pub(super) is: T,
    pub(super) offset: usize,
}

/// A mistake of YAML itself: line and column inside the front matter, counted from 1, where they are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NoYaml {
    pub(super) place: Option<(usize, usize)>,
    pub(super) message: String,
}

/// Reads YAML.
pub(super) fn read(text: &str) -> Result<At<Node>, NoYaml> {
    let read: Result<Spanned<Raw>, _> = serde_saphyr::from_str(text);
    match read {
        Ok(raw) => Ok(settle(raw, text)),
        Err(error) => {
            let place = error.location().and_then(|at| {
                Some((usize::try_from(at.line()).ok()?, usize::try_from(at.column()).ok()?))
                    .filter(|(line, _)| *line > 0)
            });
            let options = serde_saphyr::RenderOptions::default();
            let message = error.without_snippet().render_with_options(options);
            Err(NoYaml { place, message: one_line(&message) })
        }
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As the reader of YAML gives it: bare scalars are numbers or truths already, and are turned back into what was written.
#[derive(Debug)]
enum Raw {
    Nothing,
    Text(String),
    Bare(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, is: bool) -> Result<Raw, E> {
        Ok(Raw::Bare(is.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Bare(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Bare(number.to_string()))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Raw, E> {
        Ok(Raw::Bare(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw, E> {
        Ok(Raw::Bare(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Bare(number.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries: Vec<(Spanned<String>, Spanned<Raw>)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Spanned<Raw>>()? {
            if entries.iter().any(|(known, _)| known.value == key.value) {
                return Err(A::Error::custom(format!("the key `{}` stands twice", key.value)));
            }
            entries.push((key, value));
        }
        Ok(Raw::Map(entries))
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

fn settle(raw: Spanned<Raw>, text: &str) -> At<Node> {
    let (offset, written) = span(&raw, text);
    let is = match raw.value {
        Raw::Nothing => Node::Nothing,
        Raw::Text(text) => Node::Text(text),
        Raw::Bare(read) => Node::Text(written.map_or(read, str::to_owned)),
        Raw::List(list) => Node::List(list.into_iter().map(|item| settle(item, text)).collect()),
        Raw::Map(map) => {
            Node::Map(map.into_iter().map(|(key, value)| (key_of(key, text), settle(value, text))).collect())
        }
    };
    At { is, offset }
}

fn key_of(key: Spanned<String>, text: &str) -> At<String> {
    let (offset, _) = span(&key, text);
    At { is: key.value, offset }
}

/// Where something begins, in bytes, and what is written there.
fn span<'t, T>(what: &Spanned<T>, text: &'t str) -> (usize, Option<&'t str>) {
    let span = what.referenced.span();
    let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok());
    let Some(start) = number(span.byte_offset()) else { return (0, None) };
    let end = number(span.byte_len()).map(|len| start + len);
    (start.min(text.len()), end.and_then(|end| text.get(start..end)).map(str::trim).filter(|t| !t.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &At<Node>) -> String {
        match &node.is {
            Node::Nothing => format!("~@{}", node.offset),
            Node::Text(text) => format!("{text}@{}", node.offset),
            Node::List(list) => format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(" ")),
            Node::Map(map) => {
                let all: Vec<_> = map.iter().map(|(k, v)| format!("{}@{}={}", k.is, k.offset, shown(v))).collect();
                format!("{{{}}}", all.join(" "))
            }
        }
    }

    #[test]
    fn everything_knows_its_place_and_scalars_stay_as_written() {
        let text = "id: a\nn: 010\nq: \"1\\t2\"\nd: 2026-11-21\nl: [x, true, 1.50]\nm:\n  é: { k: 'v' }\n  z:\n";
        let read = read(text).unwrap();
        assert_eq!(
            shown(&read),
            "{id@0=a@4 n@6=010@9 q@13=1\t2@16 d@23=2026-11-21@26 l@37=[x@41 true@44 1.50@50] \
             m@56={é@61={k@67=v@70} z@78=~@79}}"
        );
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_place() {
        for (text, line) in [("a: 1\nb: [\n", 2), ("a: 1\na: 2\n", 2), ("a: 'x\n", 1), ("a: *b\n", 1)] {
            let error = read(text).unwrap_err();
            assert!(
                error.place.is_some_and(|(at, _)| at >= line) && !error.message.contains('\n'),
                "{text}: {error:?}"
            );
        }
    }
}
