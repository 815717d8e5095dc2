//! A finding in a line. The number stays whatever the width; names are cut in their middle, where they differ least.

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use super::{Part, Trend, known::Last, number::number};
use crate::{
    check::finding::Finding,
    text::screen,
    tui::{
        model::Model,
        theme::{Look, Meaning},
        widget::{Column, Table, age, column, column_right, middle, status},
    },
};

/// Lines of findings, laid out for a width.
#[derive(Debug)]
pub(in crate::tui::screen) struct Rows<'m> {
    look: Look,
    model: &'m Model,
    table: Table,
    columns: Vec<What>,
}

/// What a column shows: the status stands first, whatever else is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Status,
    Part(Part),
}

/// How many findings a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui::screen) enum Many {
    /// One.
    One,
    /// So many of one check with one status.
    OfCheck(usize),
    /// So many that are not known because one source is silent.
    OfSource(usize),
}

impl What {
    fn column(self) -> Column {
        match self {
            Self::Status => Column { title: "", least: 6, grows: 0, right: false, rank: 10 },
            Self::Part(part) => part.column(),
        }
    }
}

impl<'m> Rows<'m> {
    /// Lines of some width, in cells.
    pub(in crate::tui::screen) fn new(look: Look, model: &'m Model, width: usize) -> Self {
        // A recording is of one time, which stands above; without a judgement before there is no trend.
        let is_known = |part: &Part| match part {
            Part::Trend => model.screens.findings.compares(),
            Part::Age => !model.is_recorded(),
            _ => true,
        };
        let parts = model.layout.parts().iter().copied().filter(is_known).map(What::Part);
        let columns: Vec<What> = [What::Status].into_iter().chain(parts).collect();
        let laid: Vec<Column> = columns.iter().map(|what| what.column()).collect();
        Self { look, model, table: Table::new(&laid, width), columns }
    }

    /// The names of the columns.
    pub(in crate::tui::screen) fn head(&self) -> Line<'static> {
        Line::styled(self.table.head(), self.look.style(Meaning::Muted))
    }

    /// How a finding moved, by its place in the judgement that the list of findings is of: the worst stand at the same
    /// places there and in the overview.
    pub(in crate::tui::screen) fn trend(&self, place: usize) -> Option<Trend> {
        self.model.screens.findings.trend_at(self.model.audit.as_ref()?, place)
    }

    /// A finding, or the worst of several.
    pub(in crate::tui::screen) fn line(&self, finding: &Finding, many: Many, trend: Option<Trend>) -> Line<'static> {
        let last = self.model.screens.findings.last(finding);
        let mut spans = Vec::new();
        for (at, width) in self.table.columns() {
            if !spans.is_empty() {
                spans.push(Span::raw(" "));
            }
            let Some(what) = self.columns.get(at) else { continue };
            spans.push(self.cell(*what, width, finding, many, trend, last));
        }
        Line::from(spans)
    }

    fn cell(
        &self,
        what: What,
        width: usize,
        finding: &Finding,
        many: Many,
        trend: Option<Trend>,
        last: Option<&Last>,
    ) -> Span<'static> {
        let plain = |text: &str| Span::raw(column(text, width));
        let styled = |text: String, meaning| Span::styled(text, self.look.style(meaning));
        match what {
            What::Status => {
                let (word, meaning) = status(finding.status);
                styled(word.to_owned(), meaning)
            }
            What::Part(Part::Severity) => styled(column(finding.severity.word(), width), Meaning::Muted),
            What::Part(Part::Check) => plain(&checks(finding, many, width)),
            What::Part(Part::Subject) => match many {
                Many::One => plain(&middle(&screen(&finding.subject), width)),
                Many::OfCheck(_) => styled(column("several; the worst:", width), Meaning::Muted),
                Many::OfSource(_) => {
                    let source = screen(finding.ground.source.as_deref().unwrap_or_default());
                    styled(middle(&format!("{source}: no answer"), width), Meaning::Unknown)
                }
            },
            What::Part(Part::Number) if matches!(many, Many::OfSource(_)) => plain(""),
            What::Part(Part::Number) => match (number(finding), last.and_then(|last| last.number.clone())) {
                (_, Some(last)) => styled(column_right(&last, width), Meaning::Stale),
                (Some(number), _) => styled(column_right(&screen(&number.shown), width), Meaning::Accent),
                (None, None) => plain(""),
            },
            What::Part(Part::Trend) => {
                let trend = trend.unwrap_or_default();
                styled(column(trend.word(), width), meaning(trend))
            }
            What::Part(Part::Age) => {
                let seconds = finding.ground.observed_at.map(|at| self.model.now.duration_since(at).as_secs().max(0));
                styled(column_right(&seconds.map(age).unwrap_or_default(), width), Meaning::Muted)
            }
            What::Part(Part::Message) => {
                let was = last.map(|last| format!("{}; ", was(last, self.model.now))).unwrap_or_default();
                plain(&format!("{was}{}", screen(&finding.message)))
            }
        }
    }
}

/// The check, or how many of it, or of all checks of a kind of source.
fn checks(finding: &Finding, many: Many, width: usize) -> String {
    let (check, n) = match many {
        Many::One => return middle(&finding.check, width),
        Many::OfCheck(n) => (finding.check.clone(), n),
        Many::OfSource(n) => (format!("{}.*", finding.check.split('.').next().unwrap_or_default()), n),
    };
    let times = format!(" x{n}");
    format!("{}{times}", middle(&check, width.saturating_sub(times.len())))
}

/// What a trend means for colours.
fn meaning(trend: Trend) -> Meaning {
    match trend {
        Trend::Worse => Meaning::Fail,
        Trend::New => Meaning::Warn,
        Trend::Better => Meaning::Pass,
        Trend::Up | Trend::Down | Trend::Same => Meaning::Muted,
    }
}

/// What was known before: `was FAIL (100 %) 2m ago`.
pub(super) fn was(last: &Last, now: Timestamp) -> String {
    let many = if last.subjects > 1 { format!(" x{}", last.subjects) } else { String::new() };
    let number = last.number.as_ref().map(|number| format!(" ({})", screen(number))).unwrap_or_default();
    let ago = last.at.map(|at| format!(" {} ago", age(now.duration_since(at).as_secs().max(0)))).unwrap_or_default();
    format!("was {}{many}{number}{ago}", last.status.word())
}
