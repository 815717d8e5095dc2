//! A Markdown report as one page for a browser: no network, no scripts, charts drawn in place of their text.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use super::{chart, model::Audit, svg};

/// The style of the page; the only thing that a browser is allowed to take besides text.
const STYLE: &str = include_str!("report.css");

/// The page of a Markdown report about an audit. Raw HTML in it is shown as text.
pub fn html(audit: &Audit, markdown: &str) -> String {
    let parsed = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS);
    let mut page = Page { audit, curve: 0, contents: Vec::new() };
    let events = page.events(parsed);
    let mut body = String::with_capacity(markdown.len() * 2);
    push_html(&mut body, events.into_iter());
    let body = body.replace("<table>", "<div class=\"wide\"><table>").replace("</table>", "</table></div>");
    let title = escaped(&format!("{}, readiness", audit.target.name));
    let mut contents = String::new();
    for (id, words) in &page.contents {
        let _ = write!(contents, "<li><a href=\"#{id}\">{}</a></li>", escaped(words));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-\
         Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" \
         content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\
         </main>\n<nav><p>Contents</p><ul>{contents}</ul></nav>\n</body>\n</html>\n"
    )
}

struct Page<'a> {
    audit: &'a Audit,
    /// How many cost curves were drawn.
    curve: usize,
    /// The headings, by which a reader finds his way.
    contents: Vec<(String, String)>,
}

impl Page<'_> {
    fn events<'e>(&mut self, parsed: impl Iterator<Item = Event<'e>>) -> Vec<Event<'e>> {
        let mut out = Vec::new();
        // Inside of a chart's fence its text is left out.
        let mut drawn = false;
        let mut heading: Option<(usize, String)> = None;
        for event in parsed {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(ref name))) => {
                    if let Some(svg) = self.drawing(name) {
                        drawn = true;
                        out.push(Event::Html(svg.into()));
                    } else {
                        out.push(event);
                    }
                }
                Event::End(TagEnd::CodeBlock) if drawn => drawn = false,
                _ if drawn => {}
                Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                    heading = Some((out.len(), String::new()));
                    out.push(event);
                }
                Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                    if let Some((at, words)) = heading.take() {
                        let id = format!("s{}", self.contents.len() + 1);
                        if let Some(Event::Start(Tag::Heading { id: place, .. })) = out.get_mut(at) {
                            *place = Some(id.clone().into());
                        }
                        self.contents.push((id, words));
                    }
                    out.push(event);
                }
                Event::Html(raw) | Event::InlineHtml(raw) => out.push(Event::Text(raw)),
                Event::Text(ref words) => {
                    if let Some((_, said)) = &mut heading {
                        said.push_str(words);
                    }
                    out.push(event);
                }
                other => out.push(other),
            }
        }
        out
    }

    /// The drawing that stands for the text of a chart.
    fn drawing(&mut self, name: &str) -> Option<String> {
        match name {
            chart::HEADROOM => svg::headroom(self.audit),
            chart::STAGES => svg::stages(self.audit),
            chart::COST => {
                let outlook = self.audit.outlook.as_ref()?;
                let curve = outlook.costs.get(self.curve)?;
                self.curve += 1;
                svg::cost(curve, outlook.currency.as_deref())
            }
            _ => None,
        }
    }
}

fn escaped(words: &str) -> String {
    crate::text::screen(words).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
