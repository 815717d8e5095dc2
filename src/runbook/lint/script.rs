//! Values in scripts: a value must never become a part of a text that another program parses.

use super::Notes;
use crate::runbook::{
    document::shell::{sets, uses},
    model::{ActionKind, Place, Runbook},
};

/// Variables that a script finds in its environment without being parameters.
const KNOWN: [&str; 6] = ["PATH", "HOME", "LANG", "TERM", "KUBECONFIG", "PWD"];
const KNOWN_BEGINNINGS: [&str; 2] = ["PG", "REDIS"];

/// Programs that parse an argument as code, with the flags before it; without flags any argument may be it.
const PARSERS: [(&str, &[&str]); 16] = [
    ("psql", &["-c", "--command"]),
    ("sh", &["-c"]),
    ("bash", &["-c"]),
    ("dash", &["-c"]),
    ("zsh", &["-c"]),
    ("python", &["-c"]),
    ("python3", &["-c"]),
    ("perl", &["-e"]),
    ("ruby", &["-e"]),
    ("node", &["-e"]),
    ("mysql", &["-e"]),
    ("eval", &[]),
    ("ssh", &[]),
    ("awk", &[]),
    ("jq", &[]),
    ("sed", &[]),
];

pub(super) fn look(book: &Runbook, notes: &mut Notes) {
    for (_, step) in book.steps() {
        for action in step.action.iter().chain(&step.undo).filter(|a| matches!(a.kind, ActionKind::Sh { .. })) {
            let own = sets(&action.body);
            for used in uses(&action.body) {
                let param = book.params.iter().any(|param| param.name.to_uppercase() == used.name);
                let known = KNOWN.contains(&used.name.as_str())
                    || KNOWN_BEGINNINGS.iter().any(|begin| used.name.starts_with(begin))
                    || own.contains(&used.name);
                let place = inside(action.place, &action.body, used.offset);
                let name = &used.name;
                if param && !used.quoted && !own.contains(name) {
                    notes.lesser(place, format!("`${name}` without double quotes becomes several words where the value has spaces or `*`; write \"${name}\""));
                } else if !param && !known {
                    notes.grave(
                        place,
                        format!("`${name}` is no parameter and nothing sets it: the script would end there (`sh -u`)"),
                    );
                }
            }
            let is_value = |text: &str| {
                uses(text).iter().any(|used| book.params.iter().any(|param| param.name.to_uppercase() == used.name))
            };
            for (offset, program) in parsed(&action.body, &is_value) {
                let place = inside(action.place, &action.body, offset);
                notes.grave(
                    place,
                    format!("a value becomes part of a text that {program} parses as code; {}", better(program)),
                );
            }
        }
    }
}

fn better(program: &str) -> &'static str {
    match program {
        "psql" => "give it by `-v name=\"$NAME\"`, and the statement with :'name' on standard input",
        "sh" | "bash" | "dash" | "zsh" => "give it as an argument: `sh -c '… \"$1\" …' sh \"$NAME\"`",
        "jq" => "give it by `--arg name \"$NAME\"`",
        "awk" => "give it by the environment: ENVIRON[\"NAME\"]",
        _ => "give it as an argument or by the environment",
    }
}

/// The place of an offset in a fence's body, whose first line follows the fence's own.
fn inside(fence: Place, body: &str, offset: usize) -> Place {
    let before = &body[..offset.min(body.len())];
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    Place { line: fence.line + 1 + before.matches('\n').count(), column }
}

/// Where a value becomes part of code, and of which program.
fn parsed(script: &str, is_value: &dyn Fn(&str) -> bool) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    let commands = commands(script);
    for (at, command) in commands.iter().enumerate() {
        let Some((first, (program, flags))) = command.words.iter().enumerate().find_map(|(nth, (_, word))| {
            let base = word.rsplit('/').next().unwrap_or(word);
            Some((nth, *PARSERS.iter().find(|(known, _)| *known == base)?))
        }) else {
            continue;
        };
        let arguments = &command.words[first + 1..];
        for (nth, (offset, word)) in arguments.iter().enumerate() {
            let before = nth.checked_sub(1).and_then(|before| arguments.get(before)).map(|(_, word)| word.as_str());
            let after_flag = before.is_some_and(|before| flags.iter().any(|flag| is_flag(before, flag)));
            let with_flag = flags.iter().any(|flag| word.starts_with(&format!("{flag}=")));
            let code = if flags.is_empty() { is_code(program, before, word) } else { after_flag || with_flag };
            if code && is_value(word) {
                found.push((*offset, program));
            }
        }
        // `echo "… $X …" | psql`, and a here-document whose values the shell fills in.
        let piped = at.checked_sub(1).and_then(|before| commands.get(before)).filter(|before| before.pipes);
        let says =
            piped.filter(|before| before.words.first().is_some_and(|(_, word)| word == "echo" || word == "printf"));
        let eats = matches!(program, "psql" | "sh" | "bash" | "dash" | "zsh" | "python3" | "python" | "mysql" | "ssh");
        if let Some((offset, _)) =
            says.filter(|_| eats).and_then(|says| says.words.iter().find(|(_, word)| is_value(word)))
        {
            found.push((*offset, program));
        }
        if let Some((offset, text)) =
            command.words.iter().find_map(|(offset, word)| here(script, *offset, word)).filter(|_| eats)
            && is_value(text)
        {
            found.push((offset, program));
        }
    }
    found
}

/// `-c`, and letters together with it: `-Atc`, `-euc`.
fn is_flag(word: &str, flag: &str) -> bool {
    let letter = flag.strip_prefix('-').filter(|letter| letter.len() == 1);
    let together =
        letter.is_some_and(|letter| word.starts_with('-') && !word.starts_with("--") && word.ends_with(letter));
    word == flag || together
}

/// Of programs whose code stands without a flag: eval and ssh take all, the others their first argument that is a text
/// with something around the value.
fn is_code(program: &str, before: Option<&str>, word: &str) -> bool {
    match program {
        "eval" => true,
        "ssh" => before.is_some_and(|before| !before.starts_with('-')),
        _ => before.is_none_or(|before| before.starts_with('-') && !before.starts_with("--")) && word.contains(' '),
    }
}

/// The text of a here-document that begins at a word `<<END`, unless its end is quoted.
fn here<'s>(script: &'s str, offset: usize, word: &str) -> Option<(usize, &'s str)> {
    let end = word.strip_prefix("<<")?.trim_start_matches('-');
    if end.is_empty() || end.starts_with(['\'', '"', '\\', '<']) {
        return None;
    }
    let start = offset + script[offset..].find('\n')? + 1;
    let mut at = start;
    for line in script[start..].split_inclusive('\n') {
        if line.trim() == end {
            return Some((start, &script[start..at]));
        }
        at += line.len();
    }
    None
}

/// A command with its words as written, and whether a pipe follows.
#[derive(Default)]
struct Command {
    words: Vec<(usize, String)>,
    pipes: bool,
}

/// The commands of a script, roughly: words with their quotes, divided by line ends, `;`, `|`, `&` and parentheses.
fn commands(script: &str) -> Vec<Command> {
    let (mut all, mut command, mut word) = (Vec::new(), Command::default(), None::<(usize, String)>);
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in script.char_indices() {
        let divides = quote.is_none() && !escaped && matches!(c, '\n' | ';' | '|' | '&' | '(' | ')');
        if divides || (quote.is_none() && !escaped && c.is_whitespace()) {
            command.words.extend(word.take());
            if divides && !command.words.is_empty() {
                command.pipes = c == '|';
                all.push(std::mem::take(&mut command));
            }
            continue;
        }
        if escaped && c == '\n' {
            // The line goes on.
            escaped = false;
            if let Some((_, text)) = &mut word {
                text.pop();
            }
            command.words.extend(word.take().filter(|(_, text)| !text.is_empty()));
            continue;
        }
        word.get_or_insert_with(|| (at, String::new())).1.push(c);
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != Some('\'') => escaped = true,
            '\'' | '"' if quote == Some(c) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(c),
            _ => {}
        }
    }
    command.words.extend(word);
    all.push(command);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(script: &str) -> Vec<&'static str> {
        let value = |text: &str| uses(text).iter().any(|used| used.name == "PID");
        parsed(script, &value).into_iter().map(|(_, program)| program).collect()
    }

    #[test]
    fn a_value_in_code_is_seen_and_an_argument_is_not() {
        for (script, program) in [
            ("psql -c \"select pg_cancel_backend($PID)\"", "psql"),
            ("psql -X \\\n  --command=\"select $PID\"", "psql"),
            ("psql -Atc \"select $PID\"", "psql"),
            ("x=$(psql -c \"select $PID\")", "psql"),
            ("sh -c \"kill $PID\"", "sh"),
            ("eval kill \"$PID\"", "eval"),
            ("ssh host \"kill $PID\"", "ssh"),
            ("echo \"select $PID\" | psql", "psql"),
            ("psql <<END\nselect $PID\nEND\n", "psql"),
            ("jq \".a == $PID\" x", "jq"),
            ("jq -r \". == $PID\" x", "jq"),
        ] {
            assert_eq!(programs(script), [program], "{script}");
        }
        for script in [
            "psql -v pid=\"$PID\" -f x.sql",
            "psql -v pid=\"$PID\" <<'END'\nselect :'pid'\nEND\n",
            "sh -c 'kill \"$1\"' sh \"$PID\"",
            "kill \"$PID\"",
            "jq --arg pid \"$PID\" '.a == $pid' x",
            "printf '%s' \"$PID\" | cat",
            "psql -c 'select $PID'",
        ] {
            assert!(programs(script).is_empty(), "{script}");
        }
    }
}
