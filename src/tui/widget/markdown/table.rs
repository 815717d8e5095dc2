//! Tables in a width: columns side by side where they can be read so, else each row as a block of names and values.

use pulldown_cmark::Alignment;

use super::{
    Piece, Row, Tone,
    flow::{self, Flow},
};
use crate::{
    check::finding::Status,
    tui::{
        theme::Meaning,
        widget::{cells, column, status},
    },
};

/// A table that is read.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    pub(super) head: Vec<Flow>,
    pub(super) rows: Vec<Vec<Flow>>,
}

/// The cells between two columns.
const BETWEEN: usize = 2;

/// A column that is wrapped is no narrower than this, in cells; else the table becomes blocks.
const NARROWEST: usize = 9;

/// Blocks name their values in a column of at most so many cells.
const NAMES: usize = 18;

impl Table {
    /// Its lines.
    pub(super) fn lay(&self, room: usize, ascii: bool) -> Vec<Row> {
        match self.columns(room) {
            Some(widths) => self.side_by_side(&widths, ascii),
            None => self.blocks(room),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Vec<Flow>> {
        std::iter::once(&self.head).chain(&self.rows)
    }

    /// The widths of the columns; none where they would be too narrow to read.
    fn columns(&self, room: usize) -> Option<Vec<usize>> {
        let count = self.all().map(Vec::len).max().unwrap_or(0).max(1);
        let (mut wanted, mut needed) = (vec![0; count], vec![0; count]);
        for row in self.all() {
            for (at, cell) in row.iter().enumerate() {
                let (line, word) = flow::widths(cell);
                wanted[at] = wanted[at].max(line);
                needed[at] = needed[at].max(word);
            }
        }
        let spare = room.checked_sub(BETWEEN * (count - 1))?;
        if wanted.iter().sum::<usize>() <= spare {
            return Some(wanted);
        }
        share(&wanted, &needed, spare)
    }

    fn side_by_side(&self, widths: &[usize], ascii: bool) -> Vec<Row> {
        let mut out = Vec::new();
        if self.head.iter().any(|cell| !cell.is_empty()) {
            let head: Vec<Flow> = self.head.iter().map(titled).collect();
            out.extend(self.row(&head, widths));
            let mark = if ascii { "-" } else { "─" };
            let rule = widths.iter().map(|width| mark.repeat(*width)).collect::<Vec<_>>().join(&" ".repeat(BETWEEN));
            out.push(vec![Piece { text: rule, tone: Tone::MUTED }]);
        }
        let rows: Vec<Vec<Row>> =
            self.rows.iter().map(|row| self.row(&row.iter().map(judged).collect::<Vec<_>>(), widths)).collect();
        // Where the first column does not tell where a row begins, an empty line does.
        let blind = |row: &Vec<Flow>| {
            row.first().is_none_or(|cell| flow::widths(cell).0 == 0 || flow::widths(cell).0 > widths[0])
        };
        let apart = rows.iter().any(|row| row.len() > 1) && self.rows.iter().any(blind);
        for (n, row) in rows.into_iter().enumerate() {
            if apart && n > 0 {
                out.push(Row::new());
            }
            out.extend(row);
        }
        out
    }

    /// A row: as many lines as its tallest cell.
    fn row(&self, row: &[Flow], widths: &[usize]) -> Vec<Row> {
        let mut wrapped: Vec<_> = widths
            .iter()
            .enumerate()
            .map(|(at, width)| row.get(at).map(|cell| flow::wrap(cell, *width)).unwrap_or_default().into_iter())
            .collect();
        let height = wrapped.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        (0..height.max(1))
            .map(|_| {
                let mut line = Row::new();
                for (at, width) in widths.iter().enumerate() {
                    let cell = wrapped[at].next().unwrap_or_default();
                    let free = width.saturating_sub(flow::row_cells(&cell));
                    let before = match self.alignments.get(at) {
                        Some(Alignment::Right) => free,
                        Some(Alignment::Center) => free / 2,
                        _ => 0,
                    };
                    let last = at + 1 == widths.len();
                    blank(&mut line, before);
                    line.extend(cell);
                    blank(&mut line, if last { 0 } else { free - before + BETWEEN });
                }
                line
            })
            .collect()
    }

    /// Each row as a block: what has no heading leads it, then names and values.
    fn blocks(&self, room: usize) -> Vec<Row> {
        let words = |cell: &Flow| cell.iter().map(|piece| piece.text.as_str()).collect::<String>();
        let head: Vec<String> = self.head.iter().map(words).collect();
        let names = head.iter().map(|name| cells(name)).max().unwrap_or(0).min(NAMES).min(room / 3);
        let leading = head.iter().take_while(|name| name.trim().is_empty()).count();
        let mut out = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            if n > 0 {
                out.push(Row::new());
            }
            // What leads the row stands on one line with its first named cell: it tells which row this is.
            let led = if leading == 0 { 0 } else { (leading + 1).min(row.len()) };
            out.extend(flow::wrap(&joined(&row[..led]), room));
            for (at, cell) in row.iter().enumerate().skip(led).filter(|(_, cell)| !cell.is_empty()) {
                let name = head.get(at).map(String::as_str).unwrap_or_default();
                let flow = if at == 0 { titled(&judged(cell)) } else { judged(cell) };
                out.extend(named(name, names, &flow, room));
            }
        }
        out
    }
}

/// Cells in one line of text, as a title.
fn joined(row: &[Flow]) -> Flow {
    let space = || Piece { text: "  ".into(), tone: Tone::PLAIN };
    row.iter()
        .filter(|cell| !cell.is_empty())
        .flat_map(|cell| titled(&judged(cell)).into_iter().chain([space()]))
        .collect()
}

/// A name, and its value beside it.
fn named(name: &str, width: usize, value: &Flow, room: usize) -> Vec<Row> {
    let names = crate::tui::widget::wrap(name, width);
    let values = flow::wrap(value, room.saturating_sub(width + 2 * BETWEEN).max(1));
    (0..names.len().max(values.len()))
        .map(|line| {
            let name = column(names.get(line).map_or("", String::as_str), width);
            let name = Piece { text: format!("  {name}  "), tone: Tone::MUTED };
            std::iter::once(name).chain(values.get(line).cloned().unwrap_or_default()).collect()
        })
        .collect()
}

/// Shares a room among columns: who needs little gets it, the others get the same. None where one becomes too narrow.
fn share(wanted: &[usize], needed: &[usize], room: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<Option<usize>> = vec![None; wanted.len()];
    loop {
        let taken: usize = widths.iter().flatten().sum();
        let open = widths.iter().filter(|width| width.is_none()).count();
        if open == 0 {
            break;
        }
        let fair = room.checked_sub(taken)? / open;
        let mut settled = false;
        for (width, wanted) in widths.iter_mut().zip(wanted).filter(|(width, _)| width.is_none()) {
            if *wanted <= fair {
                *width = Some(*wanted);
                settled = true;
            }
        }
        if !settled {
            return long(&widths, wanted, needed, room - taken);
        }
    }
    Some(widths.into_iter().map(Option::unwrap_or_default).collect())
}

/// Shares what is left among the long columns, by how much they hold, each at least wide enough for most of its words.
fn long(widths: &[Option<usize>], wanted: &[usize], needed: &[usize], left: usize) -> Option<Vec<usize>> {
    let open: Vec<usize> = (0..wanted.len()).filter(|at| widths[*at].is_none()).collect();
    // A word of more than this may be broken.
    let least = |at: usize| needed[at].clamp(NARROWEST, 16).min(wanted[at]);
    let mut spare = left.checked_sub(open.iter().map(|at| least(*at)).sum())?;
    let mut out: Vec<usize> = widths.iter().map(|width| width.unwrap_or_default()).collect();
    let weigh = |at: usize| wanted[at].saturating_sub(least(at)).isqrt();
    let mut weights: usize = open.iter().map(|at| weigh(*at)).sum();
    for at in open {
        let more = (spare * weigh(at)).checked_div(weights).unwrap_or(0).min(wanted[at].saturating_sub(least(at)));
        out[at] = least(at) + more;
        spare -= more;
        weights -= weigh(at);
    }
    Some(out)
}

/// A cell that is the word of a status looks like one.
fn judged(cell: &Flow) -> Flow {
    let [Piece { text, tone }] = cell.as_slice() else { return cell.clone() };
    let all = [Status::Fail, Status::Warn, Status::Unknown, Status::Waived, Status::Pass, Status::NotApplicable];
    let meaning = all.into_iter().find(|known| known.word() == text.trim()).map(|known| status(known).1);
    vec![Piece { text: text.clone(), tone: meaning.map_or(*tone, Tone::of) }]
}

fn titled(cell: &Flow) -> Flow {
    let bold = |piece: &Piece| {
        let meaning = if piece.tone.meaning == Meaning::Text { Meaning::Title } else { piece.tone.meaning };
        Piece { text: piece.text.clone(), tone: Tone { meaning, ..piece.tone } }
    };
    cell.iter().map(bold).collect()
}

fn blank(line: &mut Row, cells: usize) {
    if cells > 0 {
        line.push(Piece { text: " ".repeat(cells), tone: Tone::PLAIN });
    }
}
