//! Which variables a script reads. It is not run here and not understood further.

/// A variable in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runbook) struct Use {
    pub(in crate::runbook) name: String,
    /// In bytes of the script.
    pub(in crate::runbook) offset: usize,
    /// Whether it stands in double quotes, so that its value stays one word.
    pub(in crate::runbook) quoted: bool,
}

/// The variables that a script reads: `$NAME`, `${NAME…}`; not those in single quotes and comments.
pub(in crate::runbook) fn uses(script: &str) -> Vec<Use> {
    let (mut found, mut quoted, mut at) = (Vec::new(), false, 0);
    while let Some(c) = script[at..].chars().next() {
        let rest = &script[at..];
        let begins_word = !script[..at].ends_with(|c: char| !c.is_whitespace() && c != ';' && c != '(');
        let step = match c {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '\'' if !quoted => 2 + rest[1..].find('\'').unwrap_or(rest.len().saturating_sub(2)),
            '#' if !quoted && begins_word => rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                quoted = !quoted;
                1
            }
            '$' => {
                let inner = rest[1..].strip_prefix('{').unwrap_or(&rest[1..]);
                let inner = inner.strip_prefix('#').unwrap_or(inner);
                let name: String = inner.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                    found.push(Use { name, offset: at, quoted });
                }
                1
            }
            c => c.len_utf8(),
        };
        at = (at + step).min(script.len());
    }
    found
}

/// What may stand before an assignment.
const BEFORE: [&str; 11] = ["", "export", "local", "readonly", "if", "then", "else", "do", "while", "until", "!"];

/// Names that a script gives a value itself: `NAME=…`, `for NAME in`, `read NAME`.
pub(in crate::runbook) fn sets(script: &str) -> Vec<String> {
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut names = Vec::new();
    for command in script.split([';', '\n', '&', '|']) {
        let words: Vec<&str> = command.split(|c: char| c.is_whitespace() || matches!(c, '(' | '{')).collect();
        for (at, word) in words.iter().enumerate() {
            let first = words[..at].iter().all(|before| BEFORE.contains(before) || before.contains('='));
            if let Some((name, _)) = word.split_once('=').filter(|(name, _)| first && is_name(name)) {
                names.push(name.to_owned());
            }
            if matches!(*word, "for" | "read") {
                let after = words[at + 1..].iter().take_while(|word| **word != "in");
                names.extend(after.filter(|word| is_name(word)).map(|word| (*word).to_owned()));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(script: &str) -> Vec<String> {
        uses(script).into_iter().map(|u| if u.quoted { u.name } else { format!("{}!", u.name) }).collect()
    }

    #[test]
    fn variables_are_found_where_a_shell_would_read_them() {
        let script =
            "psql -v pid=\"$PID\" # $NOT\necho '$NOR' \"a ${HOST:-x} \\$NO\" $N ${#L} \"it's $Q\" $1 $$ x#$Y\n";
        assert_eq!(names(script), ["PID", "HOST", "N!", "L!", "Q", "Y!"]);
        assert_eq!(names("'open $X"), Vec::<String>::new());
        assert_eq!(names("é'ü$X'\"$Y"), ["Y"]);
    }

    #[test]
    fn what_a_script_sets_itself_is_known() {
        assert_eq!(
            sets("n=$(date); for pod in a b; do read -r a b; done; A=1 b=2 x -v c=3"),
            ["n", "pod", "a", "b", "A", "b"]
        );
    }
}
