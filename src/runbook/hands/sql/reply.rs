//! What a statement gave: rows as an aligned table, or how many rows it touched.

use textwrap::core::display_width;

use crate::text;

/// The most rows that are kept.
pub(super) const ROWS: usize = 200;

/// The widest cell of a table.
const WIDTH: usize = 60;

/// An answer as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) columns: Vec<String>,
    /// The first rows; none stands for NULL.
    pub(super) rows: Vec<Vec<Option<String>>>,
    /// How many rows there were.
    pub(super) total: u64,
    /// How many rows the server says were touched or returned.
    pub(super) affected: u64,
}

impl Reply {
    /// In a few words.
    pub(super) fn says(&self) -> String {
        let rows = |n: u64| if n == 1 { "1 row".to_owned() } else { format!("{n} rows") };
        match (self.columns.is_empty(), self.affected) {
            (true, 0) => "done".to_owned(),
            (true, n) => format!("done, {}", rows(n)),
            (false, _) => rows(self.total),
        }
    }

    /// The first column of the first row.
    pub(super) fn value(&self) -> Option<String> {
        self.rows.first()?.first()?.clone().map(|value| value.trim().to_owned())
    }

    /// Every cell, row by row, without NULLs: the statements that a query made.
    pub(super) fn all_cells(&self) -> Result<Vec<String>, String> {
        if self.total > self.rows.len() as u64 {
            return Err(format!("the query made more than {} rows of statements; nothing was done", self.rows.len()));
        }
        Ok(self.rows.iter().flatten().flatten().filter(|cell| !cell.trim().is_empty()).cloned().collect())
    }

    /// The table, line by line.
    pub(super) fn print(&self, mut line: impl FnMut(&str)) {
        if self.columns.is_empty() || (self.columns.len() == 1 && self.rows.is_empty()) {
            return;
        }
        let cell = |cell: &Option<String>| cell.as_deref().map_or("NULL".to_owned(), shown);
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let head: Vec<String> = self.columns.iter().map(|name| shown(name)).collect();
        let widths: Vec<usize> = head
            .iter()
            .enumerate()
            .map(|(at, name)| {
                rows.iter().filter_map(|row| row.get(at)).chain([name]).map(|c| display_width(c)).max().unwrap_or(0)
            })
            .collect();
        line(&aligned(&head, &widths));
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        line(&aligned(&rule, &widths));
        for row in &rows {
            line(&aligned(row, &widths));
        }
        let left = self.total.saturating_sub(rows.len() as u64);
        if left > 0 {
            line(&format!("[… {left} more rows]\n"));
        }
    }
}

fn aligned(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| {
        let space = width.saturating_sub(display_width(cell));
        format!("{cell}{}", " ".repeat(space))
    });
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
}

/// A cell on one line, harmless and not too wide.
fn shown(cell: &str) -> String {
    text::shorten(&text::screen(cell), WIDTH).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(rows: &[&[Option<&str>]]) -> Reply {
        let rows: Vec<Vec<_>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.map(str::to_owned)).collect()).collect();
        Reply { columns: vec!["pid".into(), "state".into()], total: rows.len() as u64, rows, affected: 0 }
    }

    #[test]
    fn columns_stand_under_each_other() {
        let reply = reply(&[&[Some("7"), Some("idle in\ntransaction")], &[Some("123456"), None]]);
        let mut out = String::new();
        reply.print(|line| out.push_str(line));
        assert_eq!(out, "pid     state\n------  -------------------\n7       idle in transaction\n123456  NULL\n");
        assert_eq!((reply.says().as_str(), reply.value().as_deref()), ("2 rows", Some("7")));
    }

    #[test]
    fn statements_are_every_cell_that_is_not_null() {
        let made = reply(&[&[Some("drop a"), Some("drop b")], &[None, Some("drop c")]]);
        assert_eq!(made.all_cells().unwrap(), ["drop a", "drop b", "drop c"]);
        let cut = Reply { total: 3, ..made };
        assert!(cut.all_cells().is_err());
    }

    #[test]
    fn what_gives_no_rows_says_how_many_it_touched() {
        let says = |affected| Reply { affected, ..Reply::default() }.says();
        assert_eq!([says(0), says(1), says(4)], ["done", "done, 1 row", "done, 4 rows"]);
    }
}
