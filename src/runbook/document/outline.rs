//! The blocks of a text that matter to a runbook: headings, fences, task items, links, with where they stand.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What matters of a text, in its order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    Heading {
        level: u32,
        text: String,
        range: Range<usize>,
    },
    Fence(Fence),
    /// A task item; its range is that of the whole item.
    Item {
        text: String,
        ticked: bool,
        range: Range<usize>,
    },
    /// A paragraph, as plain text.
    Words {
        text: String,
        range: Range<usize>,
    },
    Link {
        text: String,
        to: String,
        range: Range<usize>,
    },
}

impl Block {
    pub(super) fn start(&self) -> usize {
        match self {
            Self::Heading { range, .. }
            | Self::Item { range, .. }
            | Self::Words { range, .. }
            | Self::Link { range, .. } => range.start,
            Self::Fence(fence) => fence.range.start,
        }
    }
}

/// A fenced block of code.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fence {
    /// All of it, with its fences.
    pub(super) range: Range<usize>,
    /// What stands after the opening fence, as written.
    pub(super) info: Range<usize>,
    /// The code, as it is.
    pub(super) body: String,
    /// Where the code begins.
    pub(super) inside: usize,
    /// Whether it stands in a list or a quotation.
    pub(super) nested: bool,
    /// Whether it has an end of its own, or goes on to the end of the text.
    pub(super) closed: bool,
}

/// What GitHub understands: tables, task lists, footnotes, strike-through.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES
}

/// Reads the text from `from` on; ranges are those of the whole text.
pub(super) fn read(text: &str, from: usize) -> Vec<Block> {
    let mut reader = Reader { text, from, blocks: Vec::new(), open: Vec::new(), depth: 0, items: Vec::new() };
    for (event, range) in Parser::new_ext(&text[from..], options()).into_offset_iter() {
        reader.take(event, range.start + from..range.end + from);
    }
    // A paragraph is known at its end, and the links in it are known before.
    reader.blocks.sort_by_key(Block::start);
    reader.blocks
}

/// Text that is being gathered.
struct Open {
    what: What,
    text: String,
    range: Range<usize>,
}

enum What {
    Heading(u32),
    Paragraph,
    Link(String),
    Fence,
    /// The words of a list item that is a task.
    Task {
        ticked: bool,
    },
}

struct Reader<'t> {
    text: &'t str,
    from: usize,
    blocks: Vec<Block>,
    open: Vec<Open>,
    /// In how many lists and quotations.
    depth: usize,
    /// The list items around.
    items: Vec<Range<usize>>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.add(&text),
            Event::Code(code) => self.add(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.add(" "),
            Event::TaskListMarker(ticked) => {
                let range = self.items.last().cloned().unwrap_or(range);
                self.open.push(Open { what: What::Task { ticked }, text: String::new(), range });
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::Rule => {}
        }
    }

    fn add(&mut self, text: &str) {
        for open in &mut self.open {
            open.text.push_str(text);
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let what = match tag {
            // Headings in lists and quotations are no structure.
            Tag::Heading { level, .. } if self.depth == 0 => What::Heading(depth_of(level)),
            Tag::Paragraph => What::Paragraph,
            Tag::Link { dest_url, .. } => What::Link(dest_url.into_string()),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => What::Fence,
            Tag::List(_) | Tag::BlockQuote(_) => {
                // The words of a task end where a list inside it begins.
                self.close_task();
                self.depth += 1;
                return;
            }
            Tag::Item => {
                self.items.push(range);
                return;
            }
            _ => return,
        };
        if matches!(what, What::Fence) {
            self.close_task();
        }
        self.open.push(Open { what, text: String::new(), range });
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Link | TagEnd::CodeBlock => {
                let fits = |open: &Open| match open.what {
                    What::Heading(_) => matches!(tag, TagEnd::Heading(_)),
                    What::Paragraph => tag == TagEnd::Paragraph,
                    What::Link(_) => tag == TagEnd::Link,
                    What::Fence => tag == TagEnd::CodeBlock,
                    What::Task { .. } => false,
                };
                if let Some(at) = self.open.iter().rposition(fits) {
                    let open = self.open.remove(at);
                    self.close(open);
                }
            }
            TagEnd::Item => {
                self.close_task();
                self.items.pop();
            }
            TagEnd::List(_) | TagEnd::BlockQuote(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn close_task(&mut self) {
        if let Some(at) = self.open.iter().rposition(|open| matches!(open.what, What::Task { .. })) {
            let open = self.open.remove(at);
            self.close(open);
        }
    }

    fn close(&mut self, open: Open) {
        let Open { what, text, range } = open;
        let folded = || text.split_whitespace().collect::<Vec<_>>().join(" ");
        let block = match what {
            What::Heading(level) => Block::Heading { level, text: folded(), range },
            What::Paragraph => Block::Words { text: folded(), range },
            What::Link(to) => Block::Link { text: folded(), to, range },
            What::Task { ticked } => Block::Item { text: folded(), ticked, range },
            What::Fence => match self.fence(text, range) {
                Some(fence) => Block::Fence(fence),
                None => return,
            },
        };
        self.blocks.push(block);
    }

    fn fence(&self, body: String, range: Range<usize>) -> Option<Fence> {
        let whole = self.text.get(range.clone())?;
        let first = whole.lines().next().unwrap_or_default();
        let mark = first.trim_start().chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let before = first.len() - first.trim_start().len();
        let ticks = first[before..].chars().take_while(|c| *c == mark).count();
        let info = range.start + before + ticks..range.start + first.len();
        let last = whole.trim_end().lines().last().unwrap_or_default().trim().trim_start_matches('>').trim();
        let several = whole.trim_end().lines().count() > 1;
        let closed = several && last.chars().count() >= ticks && last.chars().all(|c| c == mark);
        let line = self.text[self.from..range.start].rfind('\n').map_or(self.from, |at| self.from + at + 1);
        let margin = self.text[line..range.start].trim().is_empty();
        let inside = (range.start + first.len() + 1).min(self.text.len());
        Some(Fence { nested: self.depth > 0 || !margin, range, info, body, inside, closed })
    }
}

fn depth_of(level: HeadingLevel) -> u32 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
