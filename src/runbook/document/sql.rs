//! Statements: `:name` becomes `$n`, and nothing else is touched.

/// A statement, ready to be bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// With `$n`.
    pub(super) text: String,
    /// The names, in the order of `$n`.
    pub(super) binds: Vec<String>,
    /// Names that are bound without being cast.
    pub(super) bare: Vec<(usize, String)>,
    /// Whether it ends with `\gexec`.
    pub(super) generates: bool,
    /// What is wrong, with offsets in the text that was read.
    pub(super) mistakes: Vec<(usize, String)>,
}

/// Reads a statement.
pub(super) fn read(text: &str) -> Statement {
    let end = text.trim_end();
    let (body, generates) = match end.strip_suffix("\\gexec") {
        Some(body) => (body.trim_end(), true),
        None => (end, false),
    };
    let mut scan = Scan { text: body, at: 0, out: Statement { generates, ..Statement::default() }, ended: None };
    while let Some(c) = scan.peek() {
        scan.take(c);
    }
    if scan.out.text.trim().is_empty() {
        scan.out.mistakes.push((0, "there is no statement".into()));
    }
    scan.out.text = scan.out.text.trim().to_owned();
    scan.out
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    out: Statement,
    /// Where a semicolon ended the statement.
    ended: Option<usize>,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Copies so many bytes.
    fn copy(&mut self, bytes: usize) {
        let taken = &self.rest()[..bytes];
        self.out.text.push_str(taken);
        self.at += bytes;
    }

    fn wrong(&mut self, message: String) {
        self.out.mistakes.push((self.at, message));
    }

    fn take(&mut self, c: char) {
        let rest = self.rest();
        let quiet = c.is_whitespace() || rest.starts_with("--") || rest.starts_with("/*");
        if let Some(at) = self.ended.filter(|_| !quiet) {
            self.out.mistakes.push((at, "one statement a step: something follows after the semicolon".into()));
            self.ended = None;
        }
        match c {
            '\'' => self.quoted('\'', self.is_escape_string()),
            '"' => self.quoted('"', false),
            '$' => self.dollar(),
            '-' if rest.starts_with("--") => self.copy(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => self.comment(),
            ':' => self.colon(),
            ';' => {
                self.ended = Some(self.at);
                self.at += 1;
            }
            '\\' => {
                self.wrong("commands of psql are not understood, but `\\gexec` at the very end".into());
                self.copy(1);
            }
            c => self.copy(c.len_utf8()),
        }
    }

    /// Whether the quote that follows begins a string with escapes: `E'…'`.
    fn is_escape_string(&self) -> bool {
        let before = &self.text[..self.at];
        before.ends_with(['e', 'E']) && !before[..before.len() - 1].ends_with(is_word)
    }

    fn quoted(&mut self, quote: char, escapes: bool) {
        let rest = self.rest();
        let mut chars = rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if escapes && c == '\\' {
                chars.next();
            } else if c == quote {
                if chars.peek().is_some_and(|(_, next)| *next == quote) {
                    chars.next();
                } else {
                    return self.copy(at + 1);
                }
            }
        }
        self.wrong(format!("a quote ({quote}) is opened and not closed"));
        self.copy(rest.len());
    }

    /// `$$…$$`, `$tag$…$tag$`; `$1` and `$name` are mistakes.
    fn dollar(&mut self) {
        let rest = self.rest();
        let tag_end = rest[1..].find(|c: char| !is_word(c) || c == '$').map_or(rest.len(), |at| at + 1);
        let named = rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if rest[tag_end..].starts_with('$') && !named && !self.text[..self.at].ends_with(is_word) {
            let tag = &rest[..=tag_end];
            match rest[tag.len()..].find(tag) {
                Some(end) => return self.copy(tag.len() + end + tag.len()),
                None => self.wrong(format!("the string that begins with {tag} has no end")),
            }
            return self.copy(rest.len());
        }
        if !self.text[..self.at].ends_with(is_word) {
            self.wrong("`$` names no value in SQL; write `:name`, with a cast, such as `:pid::int`".into());
        }
        self.copy(1);
    }

    /// Comments of SQL nest.
    fn comment(&mut self) {
        let rest = self.rest();
        let (mut depth, mut at) = (0_usize, 0);
        while at < rest.len() {
            let here = &rest[at..];
            if here.starts_with("/*") {
                depth += 1;
                at += 2;
            } else if here.starts_with("*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return self.copy(at);
                }
            } else {
                at += here.chars().next().map_or(1, char::len_utf8);
            }
        }
        self.wrong("a comment is opened and not closed".into());
        self.copy(rest.len());
    }

    /// A bind, unless it is a cast, an assignment or a slice of an array.
    fn colon(&mut self) {
        let rest = self.rest();
        if rest.starts_with("::") || rest.starts_with(":=") {
            return self.copy(2);
        }
        if rest.starts_with(":'") || rest.starts_with(":\"") {
            self.wrong("values are bound and not spliced in: write `:name` with a cast; a name goes through a query that ends with `\\gexec`".into());
            return self.copy(1);
        }
        let name: String = rest[1..].chars().take_while(|c| is_word(*c)).collect();
        let after_value = self.text[..self.at].ends_with(|c: char| is_word(c) || matches!(c, ']' | ')' | '"' | '\''));
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') || after_value {
            return self.copy(1);
        }
        if !rest[1 + name.len()..].trim_start().starts_with("::") {
            self.out.bare.push((self.at, name.clone()));
        }
        let known = self.out.binds.iter().position(|bind| *bind == name);
        let number = known.unwrap_or_else(|| {
            self.out.binds.push(name.clone());
            self.out.binds.len() - 1
        });
        self.out.text.push('$');
        self.out.text.push_str(&(number + 1).to_string());
        self.at += 1 + name.len();
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(text: &str) -> (String, Vec<String>) {
        let read = read(text);
        assert!(read.mistakes.is_empty(), "{text}: {:?}", read.mistakes);
        (read.text, read.binds)
    }

    #[test]
    fn names_are_bound_and_everything_else_stays() {
        let cases = [
            ("select pg_terminate_backend(:pid::int, 5000);", "select pg_terminate_backend($1::int, 5000)", "pid"),
            ("select :a::int, :b::text, :a::int", "select $1::int, $2::text, $1::int", "a b"),
            ("select ':a', \":b\", E'\\':c', 'it''s :d'", "select ':a', \":b\", E'\\':c', 'it''s :d'", ""),
            ("do $$ begin perform :x; end $$", "do $$ begin perform :x; end $$", ""),
            ("select $t$ :a $$ $t$, :b::text", "select $t$ :a $$ $t$, $1::text", "b"),
            ("select 1 -- :a\n, :b::int /* :c /* :d */ :e */", "select 1 -- :a\n, $1::int /* :c /* :d */ :e */", "b"),
            ("select x::int, a[1:2], a[i:j], a[f(1):n]", "select x::int, a[1:2], a[i:j], a[f(1):n]", ""),
            ("select f(a := 1, b => :v::int)", "select f(a := 1, b => $1::int)", "v"),
            ("select '12:30'::time, :at::time", "select '12:30'::time, $1::time", "at"),
            ("select a$b, table$ from t", "select a$b, table$ from t", ""),
            ("select (:größe)::int", "select ($1)::int", "größe"),
        ];
        for (text, expected, binds) in cases {
            let binds: Vec<String> = binds.split_whitespace().map(str::to_owned).collect();
            assert_eq!(good(text), (expected.to_owned(), binds), "{text}");
        }
    }

    #[test]
    fn a_query_that_makes_statements_says_so() {
        let read = read("select format('drop index concurrently %s', :index::regclass) \\gexec\n");
        assert!(read.generates && read.mistakes.is_empty());
        assert_eq!(read.text, "select format('drop index concurrently %s', $1::regclass)");
    }

    #[test]
    fn what_would_not_do_what_it_seems_to_is_refused() {
        let cases = [
            ("select 1; select 2", "one statement"),
            ("select :'name'", "bound and not spliced"),
            ("select $1", "write `:name`"),
            ("select $name", "write `:name`"),
            ("select 'open", "not closed"),
            ("select $$ open", "no end"),
            ("select /* open", "not closed"),
            ("\\d table", "psql"),
            ("select 1 \\gexec select 2", "psql"),
            ("  ;  ", "no statement"),
        ];
        for (text, expected) in cases {
            let mistakes = read(text).mistakes;
            assert!(mistakes.iter().any(|(_, message)| message.contains(expected)), "{text}: {mistakes:?}");
        }
        assert_eq!(read("select :a, :b::int").bare, [(7, "a".to_owned())]);
    }
}
