//! Commands in words: Redis, PgBouncer's console, kubectl. A value stands for a whole word, never for a part of one.

use super::params::is_name;

/// What was read of a body: the commands, the parameters in them, the mistakes with offsets in the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Commands {
    pub(super) lines: Vec<Vec<String>>,
    pub(super) reads: Vec<String>,
    pub(super) mistakes: Vec<(usize, String)>,
}

/// One command a line, for Redis and PgBouncer; lines that begin with `#` are comments.
pub(super) fn lines(body: &str) -> Commands {
    let mut all = Commands::default();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with('#') {
            let words = all.split(text, at);
            for word in &words {
                all.word(word, at, false);
            }
            all.lines.push(words);
        }
        at += line.len();
    }
    if all.lines.is_empty() {
        all.mistakes.push((0, "there is no command".into()));
    }
    all
}

/// One command of kubectl, over several lines where each but the last ends with a backslash.
pub(super) fn kubectl(body: &str) -> Commands {
    let mut all = Commands::default();
    let joined = body.trim().replace("\\\n", " ");
    let one = joined.trim();
    if let Some(at) = one.find('\n') {
        let message = "one command a step; a command that goes on in the next line ends with a backslash";
        all.mistakes.push((at.min(body.len()), message.into()));
    }
    let mut words = all.split(one, 0);
    if words.first().is_some_and(|word| word == "kubectl") {
        words.remove(0);
    }
    if words.is_empty() {
        all.mistakes.push((0, "there is no command".into()));
    }
    for word in &words {
        if matches!(word.as_str(), "|" | "||" | "&&" | ";" | ">" | ">>" | "<" | "&") {
            all.mistakes.push((0, format!("`{word}` is for a shell, and this runs without one; use `sh` for that")));
        }
        all.word(word, 0, true);
    }
    all.lines.push(words);
    all
}

impl Commands {
    fn split(&mut self, text: &str, at: usize) -> Vec<String> {
        shell_words::split(text).unwrap_or_else(|_| {
            self.mistakes.push((at, "a quote is opened and not closed".into()));
            Vec::new()
        })
    }

    fn read(&mut self, name: &str) {
        if !self.reads.iter().any(|known| known == name) {
            self.reads.push(name.to_owned());
        }
    }

    /// Where a word may be a value: as a whole; of kubectl after `--flag=`, and as a string within JSON there or
    /// as a word.
    fn word(&mut self, word: &str, at: usize, kubectl: bool) {
        if !word.contains('$') {
            return;
        }
        if let Some(name) = reference(word) {
            return self.read(name);
        }
        let flag = word.split_once('=').filter(|(flag, _)| kubectl && flag.starts_with("--") && !flag.contains('$'));
        if let Some(name) = flag.and_then(|(_, value)| reference(value)) {
            return self.read(name);
        }
        let json = flag.map_or(word, |(_, value)| value);
        if let Some(json) = kubectl.then(|| serde_json::from_str(json).ok()).flatten() {
            match strings(&json) {
                Ok(names) => names.iter().for_each(|name| self.read(name)),
                Err(string) => self.mistakes.push((at, in_json(&string))),
            }
            return;
        }
        let places = if kubectl { "`$name`, `--flag=$name`, or a string `\"$name\"` within JSON" } else { "`$name`" };
        self.mistakes.push((at, format!("`{word}`: a value stands for a whole word: {places}")));
    }
}

/// What is wrong with a string of JSON that has a value within it.
pub(super) fn in_json(string: &str) -> String {
    format!("`{string}`: within JSON a value stands for a whole string, as in `\"$name\"`")
}

/// The name in `$name`.
pub(super) fn reference(word: &str) -> Option<&str> {
    word.strip_prefix('$').filter(|name| is_name(name))
}

/// The names that stand for strings within JSON, or a string of which a name is only a part.
pub(super) fn strings(json: &serde_json::Value) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut rest = vec![json];
    while let Some(value) = rest.pop() {
        match value {
            serde_json::Value::String(text) => match reference(text) {
                Some(name) => names.push(name.to_owned()),
                None if has_name(text) => return Err(text.clone()),
                None => {}
            },
            serde_json::Value::Array(list) => rest.extend(list),
            serde_json::Value::Object(map) => {
                if let Some(key) = map.keys().find(|key| has_name(key)) {
                    return Err(key.clone());
                }
                rest.extend(map.values());
            }
            _ => {}
        }
    }
    names.reverse();
    Ok(names)
}

/// Whether a text has something in it that looks like a value.
pub(super) fn has_name(text: &str) -> bool {
    text.match_indices('$')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command_and_a_value_a_word() {
        let read = lines("# raise it\nCONFIG SET maxmemory $limit\n\nSET k 'a b'\n");
        assert_eq!(read.lines, [vec!["CONFIG", "SET", "maxmemory", "$limit"], vec!["SET", "k", "a b"]]);
        assert_eq!((read.reads, read.mistakes), (vec!["limit".to_owned()], vec![]));
        for wrong in ["SET k$name v", "SET ${name} v", "SET 'open", "\n# nothing\n", "SET a=$name"] {
            assert!(!lines(wrong).mistakes.is_empty(), "{wrong}");
        }
    }

    #[test]
    fn kubectl_takes_values_as_words_as_flags_and_in_json() {
        assert_eq!(kubectl("kubectl patch x '--patch={\"a\":\"$b\"}'").reads, ["b"]);
        let read = kubectl(
            "kubectl patch hpa $name --namespace=$ns \\\n  -p '{\"spec\":{\"maxReplicas\":\"$max\",\"x\":[\"$max\"]}}'\n",
        );
        assert!(read.mistakes.is_empty(), "{:?}", read.mistakes);
        assert_eq!(read.reads, ["name", "ns", "max"]);
        assert_eq!(read.lines[0][..3], ["patch", "hpa", "$name"]);
        for wrong in [
            "get pods | grep x",
            "get pods\nget nodes",
            "scale deploy/$name",
            "patch x -p '{\"a\":\"b-$name\"}'",
            "patch x -p '{\"$name\":1}'",
            "",
            "get --selector=app=$name",
        ] {
            assert!(!kubectl(wrong).mistakes.is_empty(), "{wrong}");
        }
    }
}
