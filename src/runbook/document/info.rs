//! What stands after a fence: the language, the mark, and attributes, in one grammar.

/// A word of the line, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot<T> {
    pub(super) is: T,
    pub(super) offset: usize,
}

/// What a marked fence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Step,
    Undo,
    Require,
    Verify,
}

impl Mark {
    pub(super) const ALL: [Self; 4] = [Self::Step, Self::Undo, Self::Require, Self::Verify];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Undo => "undo",
            Self::Require => "require",
            Self::Verify => "verify",
        }
    }
}

/// `key=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) key: Spot<String>,
    pub(super) value: Spot<String>,
}

/// What stands after a fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Info {
    /// It never runs.
    Illustration,
    /// It looks as if it were meant to be marked.
    Doubtful { word: Spot<String> },
    /// It is part of a step.
    Marked { language: Spot<String>, mark: Mark, attributes: Vec<Attribute>, mistakes: Vec<Spot<String>> },
}

/// The attributes that there are.
pub(super) const KEYS: [&str; 14] = [
    "danger",
    "target",
    "timeout",
    "id",
    "idempotent",
    "sets",
    "temporary",
    "second",
    "pty",
    "expect",
    "tx",
    "database",
    "within",
    "every",
];

/// The last of the attributes; the lists of patience are three.
pub(super) const HOLD: &str = "hold";

fn is_key(word: &str) -> bool {
    KEYS.contains(&word) || word == HOLD
}

/// Reads the line; `offset` is where it begins.
pub(super) fn read(line: &str, offset: usize) -> Info {
    let (words, unclosed) = words(line, offset);
    let Some((language, rest)) = words.split_first() else { return Info::Illustration };
    let Some((second, rest)) = rest.split_first() else {
        // A mark alone is no language.
        return if mark(&language.is).is_some() {
            Info::Doubtful { word: language.clone() }
        } else {
            Info::Illustration
        };
    };
    let Some(mark) = mark(&second.is) else {
        return doubtful(second, rest)
            .or_else(|| doubtful(language, &[]))
            .map_or(Info::Illustration, |word| Info::Doubtful { word });
    };
    let (mut attributes, mut mistakes): (Vec<Attribute>, Vec<Spot<String>>) = (Vec::new(), Vec::new());
    if let Some(offset) = unclosed {
        mistakes.push(Spot { is: "a double quote is opened and not closed".into(), offset });
    }
    for word in rest {
        match attribute(word) {
            Ok(attribute) if attributes.iter().any(|known| known.key.is == attribute.key.is) => {
                mistakes.push(Spot { is: format!("`{}` stands twice", attribute.key.is), offset: word.offset });
            }
            Ok(attribute) => attributes.push(attribute),
            Err(is) => mistakes.push(Spot { is, offset: word.offset }),
        }
    }
    Info::Marked { language: language.clone(), mark, attributes, mistakes }
}

fn mark(word: &str) -> Option<Mark> {
    Mark::ALL.into_iter().find(|mark| mark.word() == word)
}

/// A word that is nearly a mark, or an attribute where no mark stands: a fence that would silently not run.
fn doubtful(second: &Spot<String>, rest: &[Spot<String>]) -> Option<Spot<String>> {
    let near = |word: &str| {
        let word = word.to_lowercase();
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        ["step", "steps", "undo", "require", "requires", "verify", "verifies"].contains(&word)
    };
    let attribute = |word: &str| word.split_once('=').is_some_and(|(key, _)| is_key(key));
    std::iter::once(second).chain(rest).find(|word| near(&word.is) || attribute(&word.is)).cloned()
}

fn attribute(word: &Spot<String>) -> Result<Attribute, String> {
    let Some((key, value)) = word.is.split_once('=') else {
        return Err(format!("`{}` is no attribute; expected key=value", word.is));
    };
    if !is_key(key) {
        let known: Vec<_> = KEYS.into_iter().chain([HOLD]).collect();
        return Err(format!("unknown attribute `{key}`; there are {}", known.join(", ")));
    }
    let from = word.offset + key.len() + 1;
    let (value, offset) = match value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => (unescape(inner), from + 1),
        None if value.contains('"') => return Err(format!("`{key}`: a quoted value stands in quotes as a whole")),
        None => (value.to_owned(), from),
    };
    if value.is_empty() {
        return Err(format!("`{key}` has no value"));
    }
    Ok(Attribute { key: Spot { is: key.to_owned(), offset: word.offset }, value: Spot { is: value, offset } })
}

fn unescape(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The words of the line; double quotes keep spaces together. With where a quote was left open.
fn words(line: &str, offset: usize) -> (Vec<Spot<String>>, Option<usize>) {
    let (mut words, mut word) = (Vec::new(), None::<Spot<String>>);
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && quote.is_none() {
            words.extend(word.take());
            continue;
        }
        word.get_or_insert_with(|| Spot { is: String::new(), offset: offset + at }).is.push(c);
        match c {
            _ if escaped => escaped = false,
            '\\' if quote.is_some() => escaped = true,
            '"' if quote.is_some() => quote = None,
            '"' => quote = Some(offset + at),
            _ => {}
        }
    }
    words.extend(word);
    (words, quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Marked = (String, Mark, Vec<(String, String, usize)>, Vec<String>);

    fn marked(line: &str) -> Marked {
        let Info::Marked { language, mark, attributes, mistakes } = read(line, 100) else {
            panic!("{line}: not marked")
        };
        let attributes = attributes.into_iter().map(|a| (a.key.is, a.value.is, a.value.offset)).collect();
        (language.is, mark, attributes, mistakes.into_iter().map(|m| m.is).collect())
    }

    #[test]
    fn values_may_be_quoted_and_keep_their_places() {
        let (language, mark, attributes, mistakes) = marked(r#" sql step danger=change  id="a \"b\" c" tx=no"#);
        assert_eq!((language.as_str(), mark), ("sql", Mark::Step));
        let expected = [("danger", "change", 117), ("id", "a \"b\" c", 129), ("tx", "no", 143)];
        assert_eq!(attributes, expected.map(|(k, v, o)| (k.to_owned(), v.to_owned(), o)));
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }

    #[test]
    fn every_mistake_is_told() {
        let (.., mistakes) = marked("sh step dangr=change yes timeout= timeout=1s timeout=2s id=\"a\"b sets=\"x");
        assert_eq!(mistakes.len(), 7, "{mistakes:?}");
        assert!(mistakes.iter().any(|m| m.contains("unknown attribute `dangr`")), "{mistakes:?}");
    }

    #[test]
    fn what_is_not_marked_never_runs_and_what_seems_meant_is_told() {
        for line in ["", "sh", "rust,ignore", "sql title=\"a\"", "sh console"] {
            assert_eq!(read(line, 0), Info::Illustration, "{line}");
        }
        for line in
            ["sh Step", "sql steps", "sql {step}", "step", "sh danger=change", "sh numbered timeout=1s", "step sql"]
        {
            assert!(matches!(read(line, 0), Info::Doubtful { .. }), "{line}");
        }
    }
}
