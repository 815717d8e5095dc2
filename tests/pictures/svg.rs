//! The cells of a screen as an SVG. Text is laid out by cell and not by glyph, so that nothing drifts whatever the font;
//! lines of boxes and blocks of sparklines are drawn as shapes, so that they meet.

use std::fmt::Write as _;

use vt100::{Cell, Color};

use crate::pty::View;

/// A cell's width and height, and the space around the screen, in pixels.
const CELL: (u32, u32) = (9, 20);
const MARGIN: (u32, u32) = (18, 16);

/// Where the text stands in its cell, from the top.
const BASELINE: u32 = 15;

const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// The ground, the text, and the sixteen colours of a terminal.
pub(crate) struct Ground {
    paper: u32,
    ink: u32,
    colours: [u32; 16],
}

/// A calm dark terminal.
pub(crate) const DARK: Ground = Ground {
    paper: 0x0014_181f,
    ink: 0x00c9_d1d9,
    colours: [
        0x002a_303b,
        0x00e5_727a,
        0x008c_c48a,
        0x00e0_b76f,
        0x007a_a7e0,
        0x00c3_97d8,
        0x0074_c0c0,
        0x00c9_d1d9,
        0x007a_8494,
        0x00f0_8b92,
        0x00a5_d8a0,
        0x00f0_cf8e,
        0x009c_c0f0,
        0x00d8_b4ea,
        0x0096_d6d6,
        0x00f4_f7fa,
    ],
};

/// A calm light one.
pub(crate) const LIGHT: Ground = Ground {
    paper: 0x00fb_faf7,
    ink: 0x0030_3640,
    colours: [
        0x0030_3640,
        0x00b4_3c46,
        0x003b_7d3a,
        0x0091_6a12,
        0x002f_63ab,
        0x0086_4d9e,
        0x0020_7a7a,
        0x00d8_d8d4,
        0x0078_7e88,
        0x00c9_4d57,
        0x004a_9148,
        0x00a8_7d1e,
        0x003f_76c0,
        0x0098_5fb0,
        0x002f_8d8d,
        0x00fb_faf7,
    ],
};

/// How a cell looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    ink: u32,
    paper: Option<u32>,
    is_bold: bool,
    is_italic: bool,
    is_underlined: bool,
}

impl Ground {
    fn colour(&self, colour: Color) -> Option<u32> {
        Some(match colour {
            Color::Default => return None,
            Color::Rgb(red, green, blue) => u32::from_be_bytes([0, red, green, blue]),
            Color::Idx(index @ 0..16) => self.colours[usize::from(index)],
            Color::Idx(index @ 16..232) => {
                let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                let index = index - 16;
                u32::from_be_bytes([0, level(index / 36), level(index / 6 % 6), level(index % 6)])
            }
            Color::Idx(index) => u32::from(8 + 10 * (index - 232)) * 0x0001_0101,
        })
    }

    fn look(&self, cell: &Cell) -> Look {
        let (mut ink, mut paper) = (self.colour(cell.fgcolor()).unwrap_or(self.ink), self.colour(cell.bgcolor()));
        if cell.inverse() {
            (ink, paper) = (paper.unwrap_or(self.paper), Some(ink));
        }
        if cell.dim() {
            ink = mix(ink, paper.unwrap_or(self.paper));
        }
        let (is_bold, is_italic, is_underlined) = (cell.bold(), cell.italic(), cell.underline());
        Look { ink, paper, is_bold, is_italic, is_underlined }
    }
}

/// Three fifths of a colour, two fifths of what it stands on.
fn mix(colour: u32, ground: u32) -> u32 {
    let of = |shift: u32| ((colour >> shift & 0xff) * 3 + (ground >> shift & 0xff) * 2) / 5;
    of(16) << 16 | of(8) << 8 | of(0)
}

/// The picture of a screen.
pub(crate) fn draw(view: &View, title: &str, ground: &Ground) -> String {
    let (columns, rows) = view.size();
    let width = u32::from(columns) * CELL.0 + 2 * MARGIN.0;
    let height = u32::from(rows) * CELL.1 + 2 * MARGIN.1;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
         {height}\" role=\"img\">\n<title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"10\" \
         fill=\"#{:06x}\"/>\n<g font-family=\"{FONTS}\" font-size=\"15\" style=\"white-space:pre\" \
         xml:space=\"preserve\">\n",
        escape(title),
        ground.paper
    );
    for row in 0..rows {
        let cells = Row::read(view, ground, row, columns);
        cells.papers(&mut out);
        cells.texts(&mut out);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// A row of cells: where each begins, what stands in it, how wide it is and how it looks.
struct Row {
    y: u32,
    cells: Vec<Place>,
}

impl Row {
    fn read(view: &View, ground: &Ground, row: u16, columns: u16) -> Self {
        let cells = (0..columns).filter_map(|x| Some((x, view.cell(row, x)?)));
        let cells = cells.filter(|(_, cell)| !cell.is_wide_continuation()).map(|(x, cell)| {
            let text = if cell.has_contents() { cell.contents().to_owned() } else { " ".to_owned() };
            (u32::from(x), text, if cell.is_wide() { 2 } else { 1 }, ground.look(cell))
        });
        Self { y: MARGIN.1 + u32::from(row) * CELL.1, cells: cells.collect() }
    }

    /// What lies under the text: one rectangle for cells of one colour.
    fn papers(&self, out: &mut String) {
        for run in self.cells.chunk_by(|a, b| a.3.paper == b.3.paper) {
            let Some(paper) = run[0].3.paper else { continue };
            rectangle(out, left(run[0].0), self.y, span(run) * CELL.0, CELL.1, paper);
        }
    }

    fn texts(&self, out: &mut String) {
        for run in self.cells.chunk_by(|a, b| a.3 == b.3 && shape(&a.1).is_none() && shape(&b.1).is_none()) {
            let (x, look) = (left(run[0].0), run[0].3);
            if let Some(shape) = shape(&run[0].1) {
                shape.draw(out, x, self.y, look.ink);
                continue;
            }
            if look.is_underlined {
                rectangle(out, x, self.y + BASELINE + 2, span(run) * CELL.0, 1, look.ink);
            }
            // Columns are apart by two spaces or more: each begins in its own cell, also in a font of another width.
            for words in words(run) {
                write_text(out, words, self.y);
            }
        }
    }
}

/// A cell: its column, what stands in it, how wide it is, how it looks.
type Place = (u32, String, u32, Look);

/// The parts of a run that are apart by two spaces or more, without those.
fn words(run: &[Place]) -> Vec<&[Place]> {
    let is_space = |at: usize| run.get(at).is_none_or(|(_, text, ..)| text == " ");
    let (mut parts, mut start) = (Vec::new(), None);
    for at in 0..=run.len() {
        match start {
            None if !is_space(at) => start = Some(at),
            Some(from) if is_space(at) && is_space(at + 1) => {
                parts.push(&run[from..at]);
                start = None;
            }
            _ => {}
        }
    }
    parts
}

fn write_text(out: &mut String, words: &[Place], y: u32) {
    let look = words[0].3;
    let text: String = words.iter().map(|(_, text, ..)| text.as_str()).collect();
    let weight = if look.is_bold { " font-weight=\"700\"" } else { "" };
    let slant = if look.is_italic { " font-style=\"italic\"" } else { "" };
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#{:06x}\"{weight}{slant}>{}\
         </text>",
        left(words[0].0),
        y + BASELINE,
        span(words) * CELL.0,
        look.ink,
        escape(&text)
    );
}

fn left(column: u32) -> u32 {
    MARGIN.0 + column * CELL.0
}

/// The cells that a run covers.
fn span(run: &[Place]) -> u32 {
    run.iter().map(|(_, _, width, _)| width).sum()
}

fn rectangle(out: &mut String, x: u32, y: u32, width: u32, height: u32, colour: u32) {
    let _ = writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#{colour:06x}\"/>");
}

/// A character that is drawn and not written.
enum Shape {
    /// Lines from the middle of the cell: up, right, down, left.
    Lines([bool; 4]),
    /// A block from the bottom, in eighths.
    Below(u32),
    /// A block from the left, in eighths.
    Beside(u32),
    /// Dots of Braille, two beside each other in four rows, by their bits.
    Dots(u32),
}

/// Where the dots stand, by their bits: column and row.
const DOTS: [(u32, u32); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];

fn shape(text: &str) -> Option<Shape> {
    let letter = text.chars().next()?;
    Some(match letter {
        '─' | '━' => Shape::Lines([false, true, false, true]),
        '│' | '┃' => Shape::Lines([true, false, true, false]),
        '┌' | '╭' => Shape::Lines([false, true, true, false]),
        '┐' | '╮' => Shape::Lines([false, false, true, true]),
        '└' | '╰' => Shape::Lines([true, true, false, false]),
        '┘' | '╯' => Shape::Lines([true, false, false, true]),
        '├' => Shape::Lines([true, true, true, false]),
        '┤' => Shape::Lines([true, false, true, true]),
        '┬' => Shape::Lines([false, true, true, true]),
        '┴' => Shape::Lines([true, true, false, true]),
        '┼' => Shape::Lines([true, true, true, true]),
        '▁'..='█' => Shape::Below(u32::from(letter) - u32::from('▁') + 1),
        '▉'..='▏' => Shape::Beside(8 - (u32::from(letter) - u32::from('█'))),
        '\u{2801}'..='\u{28ff}' => Shape::Dots(u32::from(letter) - 0x2800),
        _ => return None,
    })
}

impl Shape {
    fn draw(&self, out: &mut String, x: u32, y: u32, colour: u32) {
        let (width, height) = CELL;
        let (middle, centre) = (x + width / 2, y + height / 2);
        match *self {
            Self::Lines([up, right, down, left]) => {
                // Each half reaches over the middle by its own breadth, so that corners are whole.
                if left || right {
                    let from = if left { x } else { middle };
                    let to = if right { x + width } else { middle + 1 };
                    rectangle(out, from, centre, to - from, 1, colour);
                }
                if up || down {
                    let from = if up { y } else { centre };
                    let to = if down { y + height } else { centre + 1 };
                    rectangle(out, middle, from, 1, to - from, colour);
                }
            }
            Self::Below(eighths) => {
                let tall = (height - 4) * eighths / 8;
                rectangle(out, x, y + height - 2 - tall, width, tall, colour);
            }
            Self::Dots(bits) => {
                for (_, (right, down)) in DOTS.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1) {
                    rectangle(out, x + 1 + right * width / 2, y + 1 + down * height / 4, 2, 2, colour);
                }
            }
            Self::Beside(eighths) => rectangle(out, x, y + 3, (width * eighths / 8).max(1), height - 6, colour),
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
