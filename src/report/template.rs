//! Markdown by templates, in which everything is escaped unless it says otherwise.

use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use super::{
    model::{Audit, Filter},
    view::View,
};
use crate::{assets::templates::TemplateFile, text};

/// Why a report could not be written: a fault in a template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template, or one that it includes, is wrong at some place.
    #[error("{file}:{line}:{column}: {message}\n{source_line}")]
    At {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
        /// The line itself.
        source_line: String,
    },
    /// There is no such template.
    #[error("no template `{name}`; there is {known}")]
    Missing {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// Anything else that the engine objects to.
    #[error("template {name}: {message}")]
    Other {
        /// The template.
        name: String,
        /// What is wrong.
        message: String,
    },
}

/// The template of the record of a run, which is no audit.
pub(super) const OF_RUNS: &str = "incident";

/// Templates, parsed.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    files: Vec<TemplateFile>,
}

impl Templates {
    /// Parses templates.
    ///
    /// # Errors
    /// A mistake in one of them.
    pub fn new(files: Vec<TemplateFile>) -> Result<Self, TemplateError> {
        let mut tera = Tera::default();
        tera.set_escape_fn(|input, output| output.write_all(text::markdown(input).as_bytes()));
        tera.autoescape_on([".md"]);
        let markdown = files.iter().filter(|file| is_markdown(&file.name));
        let added = tera.add_raw_templates(markdown.map(|file| (file.name.clone(), file.text.clone())));
        added.map_err(|error| placed(&files, "templates", &error))?;
        Ok(Self { tera, files })
    }

    /// Writes an audit by a template: `report`, `executive`, `brief`, `audit` or one of the user's.
    ///
    /// # Errors
    /// No such template, or a mistake that only shows when it is filled.
    pub fn markdown(&self, name: &str, audit: &Audit, filter: Filter) -> Result<String, TemplateError> {
        self.knows(name)?;
        self.fill(name, &View::of(audit, filter))
    }

    /// Fills a template with what it is about.
    pub(super) fn fill(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let file = Self::file_of(name);
        let context = Context::from_serialize(view);
        let text = context.and_then(|context| self.tera.render(&file, &context));
        text.map(|text| tidy(&text)).map_err(|error| placed(&self.files, &file, &error))
    }

    /// Whether there is such a template of an audit.
    ///
    /// # Errors
    /// There is none; the error says what there is.
    pub fn knows(&self, name: &str) -> Result<(), TemplateError> {
        let file = Self::file_of(name);
        let of_audits = |name: &str| name != Self::file_of(OF_RUNS);
        if of_audits(&file) && self.files.iter().any(|known| known.name == file) {
            return Ok(());
        }
        let of_audits = self.files.iter().filter(|f| of_audits(&f.name));
        let names = of_audits.filter_map(|f| f.name.strip_suffix(".md")).filter(|n| !n.contains('/'));
        let mut known: Vec<&str> = names.collect();
        known.sort_unstable();
        Err(TemplateError::Missing { name: name.to_owned(), known: known.join(", ") })
    }

    /// The file of a template.
    pub fn file_of(name: &str) -> String {
        if is_markdown(name) { name.to_owned() } else { format!("{name}.md") }
    }
}

fn is_markdown(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|ending| ending == "md")
}

/// One empty line where templates leave several, none at the end of lines; code keeps what it has.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<usize> = None;
    let mut empty = true;
    for line in text.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open && ticks == line.trim_end().len() => fence = None,
            None if ticks >= 3 => fence = Some(ticks),
            _ => {}
        }
        let line = if fence.is_some() { line } else { line.trim_end() };
        if fence.is_some() || !line.is_empty() || !empty {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// An error of the engine at its place in the user's file.
fn placed(files: &[TemplateFile], name: &str, error: &tera::Error) -> TemplateError {
    let place = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            Some((report.filename().to_owned(), span.start_line, span.start_col + 1, report.message().to_owned()))
        }
        other => told(&other.to_string()),
    };
    let find = |name: &str| files.iter().find(|file| file.name == name);
    let shown = |name: &str| find(name).map_or_else(|| name.to_owned(), |file| file.shown.clone());
    match place {
        Some((file, line, column, message)) => {
            let text = find(&file).and_then(|file| file.text.lines().nth(line.saturating_sub(1)));
            let source_line = format!("  {}", text.unwrap_or_default());
            TemplateError::At { file: shown(&file), line, column, message, source_line }
        }
        None => TemplateError::Other { name: shown(name), message: error.to_string() },
    }
}

/// The place that an error without a span tells in its text: `error: …` and then `--> file:line:column`.
fn told(text: &str) -> Option<(String, usize, usize, String)> {
    let (message, rest) = text.split_once("--> ")?;
    let mut place = rest.lines().next()?.rsplitn(3, ':');
    let (column, line) = (place.next()?.parse().ok()?, place.next()?.parse().ok()?);
    Some((place.next()?.to_owned(), line, column, message.trim().trim_start_matches("error: ").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::templates;

    fn with(name: &str, text: &str) -> Vec<TemplateFile> {
        let mut files = templates::embedded();
        files.retain(|file| file.name != name);
        files.push(TemplateFile { name: name.into(), shown: format!("mine/{name}"), text: text.into() });
        files
    }

    #[test]
    fn all_embedded_templates_are_sound() {
        assert!(templates::embedded().len() >= 4);
        Templates::new(templates::embedded()).unwrap();
    }

    #[test]
    fn a_broken_template_is_named_with_its_line() {
        let error = Templates::new(with("report.md", "# fine\n\n{% if x %}\n")).unwrap_err().to_string();
        assert!(error.starts_with("mine/report.md:"), "{error}");
        let error = Templates::new(with("parts/findings.md", "fine\n{{ a | nofilter }}\n")).unwrap_err().to_string();
        assert!(error.starts_with("mine/parts/findings.md:2:"), "{error}");
    }

    #[test]
    fn empty_lines_are_folded_and_code_is_left_alone() {
        assert_eq!(tidy("\n\na  \n\n\nb\n\n```\nx  \n\n\ny\n```\n\n\n"), "a\n\nb\n\n```\nx  \n\n\ny\n```\n");
    }
}
