//! Columns that fit: those that matter less go first where there is too little room.

use super::line::{column, column_right};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// The cells that it needs at least.
    pub least: usize,
    /// The share of what is left over that it takes; 0 keeps it at its least.
    pub grows: usize,
    /// Whether it stands at the right, as numbers do.
    pub right: bool,
    /// How gladly it is kept: where there is too little room, the lowest goes first.
    pub rank: u8,
}

/// Columns laid out for a width.
#[derive(Debug, Clone)]
pub struct Table {
    /// Which columns are shown, in order, with their widths.
    shown: Vec<(usize, Column, usize)>,
}

impl Table {
    /// Lays columns out.
    pub fn new(columns: &[Column], width: usize) -> Self {
        let mut shown: Vec<(usize, Column)> = columns.iter().copied().enumerate().collect();
        let needed = |shown: &[(usize, Column)]| {
            shown.iter().map(|(_, c)| c.least).sum::<usize>() + shown.len().saturating_sub(1)
        };
        while shown.len() > 1 && needed(&shown) > width {
            let Some(least) = shown.iter().enumerate().min_by_key(|(_, (_, c))| c.rank).map(|(at, _)| at) else {
                break;
            };
            shown.remove(least);
        }
        let spare = width.saturating_sub(needed(&shown));
        let shares: usize = shown.iter().map(|(_, c)| c.grows).sum();
        let mut left = spare;
        let last = shown.iter().rposition(|(_, c)| c.grows > 0);
        let shown = shown
            .into_iter()
            .enumerate()
            .map(|(n, (at, column))| {
                let more = match (last, shares) {
                    (Some(last), _) if n == last => left,
                    (_, 0) => 0,
                    _ => spare * column.grows / shares,
                };
                left -= more;
                (at, column, (column.least + more).min(width))
            })
            .collect();
        Self { shown }
    }

    /// The headings, as a line.
    pub fn head(&self) -> String {
        self.join(|_, column, width| {
            if column.right { column_right(column.title, width) } else { super::line::column(column.title, width) }
        })
    }

    /// The columns that are shown, by their place among all, with their widths.
    pub fn columns(&self) -> impl Iterator<Item = (usize, usize)> {
        self.shown.iter().map(|(at, _, width)| (*at, *width))
    }

    /// A row of cells, all of them given, as a line.
    pub fn row(&self, cells: &[String]) -> String {
        self.join(|at, c, width| {
            let text = cells.get(at).map(String::as_str).unwrap_or_default();
            if c.right { column_right(text, width) } else { column(text, width) }
        })
    }

    fn join(&self, cell: impl Fn(usize, Column, usize) -> String) -> String {
        self.shown.iter().map(|(at, column, width)| cell(*at, *column, *width)).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(title: &'static str, least: usize, grows: usize, rank: u8) -> Column {
        Column { title, least, grows, right: false, rank }
    }

    #[test]
    fn what_matters_least_goes_first() {
        let columns = [of("name", 4, 1, 9), of("age", 4, 0, 1), of("state", 6, 0, 5)];
        let heads: Vec<String> = [30, 16, 12, 5].into_iter().map(|width| Table::new(&columns, width).head()).collect();
        assert_eq!(heads, ["name               age  state ", "name age  state ", "name  state ", "name "]);
        let row = Table::new(&columns, 16).row(&["a name".into(), "5s".into(), "ok".into()]);
        assert_eq!(row, "a n… 5s   ok    ");
    }
}
