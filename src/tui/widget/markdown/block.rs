//! Blocks of Markdown, one below the other: paragraphs, headings, lists, quotes, code, tables.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    Heading, Markdown, Piece, Row, Tone,
    flow::{self, BREAK, Flow},
    table::Table,
};
use crate::{
    text::screen,
    tui::{
        theme::Meaning,
        widget::{cells, fit},
    },
};

pub(super) fn lay(text: &str, width: usize, ascii: bool) -> Markdown {
    let mut layout = Layout { width, ascii, ..Layout::default() };
    // The same options as the page for a browser has: both show the same.
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
        layout.take(event);
    }
    layout.paragraph();
    layout.done.width = width;
    layout.done
}

/// What stands before the lines of a block.
#[derive(Debug)]
enum Before {
    /// A quote's bar.
    Quote,
    /// The mark of an item, on its first line; so many spaces on the others.
    Item { mark: String, shown: bool },
}

#[derive(Debug, Default)]
struct Layout {
    done: Markdown,
    width: usize,
    ascii: bool,
    before: Vec<Before>,
    /// The next number of each list that is open; none where it has no numbers.
    lists: Vec<Option<u64>>,
    flow: Flow,
    bold: usize,
    italic: usize,
    /// The links that are open: where each leads, and where its words begin.
    links: Vec<(String, usize)>,
    code: Option<Code>,
    table: Option<Table>,
    cells: Vec<Flow>,
    is_html: bool,
    /// Whether an empty line is due before the next one.
    gap: bool,
}

#[derive(Debug, Default)]
struct Code {
    /// What stands behind the fence.
    info: String,
    text: String,
}

impl Layout {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::Code(text) => self.push(&text, Tone { meaning: Meaning::Accent, ..self.tone() }),
            Event::Html(text) | Event::InlineHtml(text) => self.html(&text),
            Event::SoftBreak => self.push(" ", self.tone()),
            Event::HardBreak => self.flow.push(Piece { text: BREAK.into(), tone: Tone::PLAIN }),
            Event::Rule => {
                let rule = self.mark("─", "-").repeat(self.room());
                self.apart();
                self.row(vec![Piece { text: rule, tone: Tone::MUTED }]);
                self.gap = true;
            }
            Event::TaskListMarker(ticked) => {
                if let Some(Before::Item { mark, .. }) = self.before.last_mut() {
                    *mark = if ticked { "[x] ".into() } else { "[ ] ".into() };
                }
            }
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Heading { .. } | Tag::Paragraph => self.paragraph(),
            Tag::BlockQuote(_) => {
                self.paragraph();
                self.apart();
                self.before.push(Before::Quote);
            }
            Tag::CodeBlock(kind) => {
                self.paragraph();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(Code { info, text: String::new() });
            }
            Tag::List(first) => {
                let inner = !self.flow.is_empty() || !self.lists.is_empty();
                self.paragraph();
                self.gap &= !inner;
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Table(alignments) => {
                self.paragraph();
                self.table = Some(Table { alignments, ..Table::default() });
            }
            Tag::HtmlBlock => {
                self.paragraph();
                self.is_html = true;
            }
            Tag::Emphasis => self.italic += 1,
            Tag::Strong => self.bold += 1,
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), self.flow.len())),
            Tag::Image { dest_url, .. } => {
                self.push("image: ", Tone::MUTED);
                self.links.push((dest_url.into_string(), self.flow.len()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Paragraph => {
                self.paragraph();
                self.gap = true;
            }
            TagEnd::HtmlBlock => {
                self.is_html = false;
                self.paragraph();
                self.gap = true;
            }
            TagEnd::BlockQuote(_) => {
                self.paragraph();
                self.before.pop();
                self.gap = true;
            }
            TagEnd::CodeBlock => self.code(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap |= self.lists.is_empty();
            }
            TagEnd::Item => {
                self.paragraph();
                if let Some(Before::Item { shown: false, .. }) = self.before.last() {
                    self.row(Row::new());
                }
                self.before.pop();
            }
            TagEnd::TableCell => self.cells.push(std::mem::take(&mut self.flow)),
            TagEnd::TableHead => {
                let cells = std::mem::take(&mut self.cells);
                self.table.get_or_insert_default().head = cells;
            }
            TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.cells);
                self.table.get_or_insert_default().rows.push(cells);
            }
            TagEnd::Table => self.table(),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.link(),
            _ => {}
        }
    }

    fn tone(&self) -> Tone {
        let meaning = if self.is_html {
            Meaning::Muted
        } else if self.links.is_empty() {
            Meaning::Text
        } else {
            Meaning::Accent
        };
        Tone { meaning, italic: self.italic > 0, bold: self.bold > 0 }
    }

    fn mark(&self, mark: &'static str, plain: &'static str) -> &'static str {
        if self.ascii { plain } else { mark }
    }

    fn text(&mut self, text: &str) {
        match &mut self.code {
            Some(code) => code.text.push_str(text),
            None => self.push(text, self.tone()),
        }
    }

    /// Raw HTML is shown as text, but for the line break that tables cannot have otherwise.
    fn html(&mut self, text: &str) {
        let tag: String = text.chars().filter(|c| !c.is_whitespace() && *c != '/').collect();
        if tag.eq_ignore_ascii_case("<br>") {
            self.flow.push(Piece { text: BREAK.into(), tone: Tone::PLAIN });
        } else if self.is_html {
            for line in text.lines() {
                self.push(line, Tone::MUTED);
                self.flow.push(Piece { text: BREAK.into(), tone: Tone::PLAIN });
            }
        } else {
            self.push(text, Tone { meaning: Meaning::Muted, ..self.tone() });
        }
    }

    fn push(&mut self, text: &str, tone: Tone) {
        let text = screen(text);
        match self.flow.last_mut() {
            Some(last) if last.tone == tone && last.text != BREAK => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.flow.push(Piece { text: text.into_owned(), tone }),
        }
    }

    /// Says where a link leads, unless its words do.
    fn link(&mut self) {
        let Some((to, from)) = self.links.pop() else { return };
        let words: String = self.flow.iter().skip(from).map(|piece| piece.text.as_str()).collect();
        let shown = to.strip_prefix("mailto:").unwrap_or(&to);
        if !to.is_empty() && !to.starts_with('#') && !words.contains(shown) {
            self.push(&format!(" ({to})"), Tone::MUTED);
        }
    }

    /// The cells of what stands before a line. What is nested too deeply is no longer moved to the right.
    fn indent(&self) -> usize {
        let own: usize = self.before.iter().map(Before::cells).sum();
        own.min(self.width / 2)
    }

    fn room(&self) -> usize {
        self.width.saturating_sub(self.indent()).max(1)
    }

    /// The empty line that is due.
    fn apart(&mut self) {
        if std::mem::take(&mut self.gap) && !self.done.rows.is_empty() {
            let bars = self.before.iter().any(|before| matches!(before, Before::Quote));
            let bar = Piece { text: self.mark("│", "|").into(), tone: Tone::MUTED };
            self.done.rows.push(if bars { vec![bar] } else { Row::new() });
        }
    }

    /// A line, behind what stands before it.
    fn row(&mut self, row: Row) {
        let bar = self.mark("│ ", "| ");
        let mut text = String::new();
        for before in &mut self.before {
            match before {
                Before::Quote => text.push_str(bar),
                Before::Item { mark, shown } if !*shown => {
                    *shown = true;
                    text.push_str(mark);
                }
                Before::Item { mark, .. } => text.push_str(&" ".repeat(cells(mark))),
            }
        }
        let text: String = text.chars().take(self.width / 2).collect();
        let mut line = Row::new();
        if !text.is_empty() {
            line.push(Piece { text, tone: Tone::MUTED });
        }
        line.extend(row);
        self.done.rows.push(line);
    }

    fn rows(&mut self, rows: Vec<Row>) {
        self.apart();
        for row in rows {
            self.row(row);
        }
    }

    /// The running text so far, as a paragraph.
    fn paragraph(&mut self) {
        let flow = std::mem::take(&mut self.flow);
        let rows = flow::wrap(&flow, self.room());
        if !rows.is_empty() {
            self.rows(rows);
        }
    }

    fn item(&mut self) {
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number += 1;
                mark
            }
            _ => "- ".to_owned(),
        };
        self.before.push(Before::Item { mark, shown: false });
    }

    fn heading(&mut self, level: HeadingLevel) {
        let flow = std::mem::take(&mut self.flow);
        let words: String = flow.iter().map(|piece| piece.text.replace('\n', " ")).collect();
        let level = level as usize;
        self.gap = true;
        self.apart();
        self.done.headings.push(Heading { level, words, line: self.done.rows.len() });
        let title = |piece: Piece| Piece { tone: Tone { meaning: Meaning::Title, ..piece.tone }, ..piece };
        let flow: Flow = flow.into_iter().map(title).collect();
        let rows = flow::wrap(&flow, self.room());
        let widest = rows.iter().map(flow::row_cells).max().unwrap_or(0);
        self.rows(rows);
        let under = match level {
            1 => self.mark("═", "="),
            2 => self.mark("─", "-"),
            _ => return,
        };
        self.row(vec![Piece { text: under.repeat(widest), tone: Tone::MUTED }]);
    }

    fn code(&mut self) {
        let Some(code) = self.code.take() else { return };
        self.apart();
        // What belongs to the tool stands behind the language: it is worth reading.
        if code.info.contains(' ') {
            let info = fit(&screen(&code.info), self.room().saturating_sub(2));
            self.row(vec![Piece { text: format!("  {info}"), tone: Tone::MUTED }]);
        }
        let is_drawn = code.info.starts_with("chart-");
        for line in code.text.lines() {
            self.code_line(&screen(&line.replace('\t', "    ")), is_drawn);
        }
        self.gap = true;
    }

    /// A line of code, as it is; where it is too long, it goes on below behind a mark. A drawing is cut.
    fn code_line(&mut self, line: &str, is_drawn: bool) {
        let room = self.room().saturating_sub(4).max(1);
        let tone = if is_drawn { Tone::PLAIN } else { Tone::of(Meaning::Accent) };
        if is_drawn || cells(line) <= room {
            let text = format!("  {}", fit(line, room + 2));
            return self.row(vec![Piece { text, tone }]);
        }
        let mut part = String::new();
        let mut used = 0;
        let mut mark = "  ";
        for c in line.chars() {
            let width = cells(c.encode_utf8(&mut [0; 4]));
            if used + width > room && !part.is_empty() {
                self.piece_of_code(mark, std::mem::take(&mut part), tone);
                (used, mark) = (0, self.mark("  ↳ ", "  > "));
            }
            part.push(c);
            used += width;
        }
        self.piece_of_code(mark, part, tone);
    }

    fn piece_of_code(&mut self, mark: &str, text: String, tone: Tone) {
        self.row(vec![Piece { text: mark.into(), tone: Tone::MUTED }, Piece { text, tone }]);
    }

    fn table(&mut self) {
        if let Some(table) = self.table.take() {
            let rows = table.lay(self.room(), self.ascii);
            self.rows(rows);
            self.gap = true;
        }
    }
}

impl Before {
    fn cells(&self) -> usize {
        match self {
            Self::Quote => 2,
            Self::Item { mark, .. } => cells(mark),
        }
    }
}
