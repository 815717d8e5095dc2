//! The audit for a terminal, in the manner of a compiler: what is wrong, where, on what ground, what to do.

use std::collections::BTreeSet;

use anstyle::{AnsiColor, Style};

use super::{
    breaks,
    lines::Lines,
    model::{Audit, Filter, SourceLine},
    words::{ground, is_block, one_line, same_reason, shown, window},
};
use crate::{
    check::finding::{Evidence, Finding, Status},
    quantity,
    readiness::score::Verdict,
    snapshot::Value,
    text,
};

/// How many findings the closing list names; with what else stands there they fit on a screen of 24 lines.
const WORST: usize = 12;

/// How wide and how colourful.
#[derive(Debug, Clone, Copy)]
pub struct Human {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours repeat what words already say.
    pub colour: bool,
    /// What is shown.
    pub filter: Filter,
}

/// Renders an audit.
pub fn human(audit: &Audit, how: Human) -> String {
    let mut page = Page { lines: Lines::new(how.width, how.colour), how, explained: BTreeSet::new() };
    page.head(audit);
    let shown: Vec<_> = audit.findings.iter().filter(|finding| how.filter.shows(finding)).collect();
    let (unmeasured, judged): (Vec<&Finding>, Vec<&Finding>) = shown.iter().partition(|f| f.status == Status::Unknown);
    let (bad, quiet): (Vec<&Finding>, Vec<&Finding>) =
        judged.into_iter().partition(|f| !matches!(f.status, Status::Pass | Status::NotApplicable));
    for finding in bad {
        page.finding(finding);
    }
    for group in same_reason(&unmeasured) {
        page.unmeasured(&group);
    }
    for finding in quiet {
        page.finding(finding);
    }
    page.foot(audit, shown.len());
    page.lines.into_text()
}

struct Page {
    lines: Lines,
    how: Human,
    /// What was explained already: ten indexes need one explanation.
    explained: BTreeSet<String>,
}

impl Page {
    fn head(&mut self, audit: &Audit) {
        let environment =
            audit.target.environment.as_ref().map(|e| format!(" [{}]", e.to_uppercase())).unwrap_or_default();
        let at = audit.snapshot.started_at.strftime("%Y-%m-%d %H:%M:%S UTC");
        let title = format!("{}{environment}", audit.target.name);
        self.lines.line(&format!("{}  {at}, {}", self.lines.paint(&text::screen(&title), bold()), window(audit)));
        let width = audit.snapshot.sources.iter().map(|s| s.name.chars().count()).max().unwrap_or(0);
        for source in &audit.snapshot.sources {
            let line = format!("  {:width$}  {}", text::screen(&source.name), source_words(source));
            self.lines.line(&text::shorten(&line, self.how.width));
            if let Some(fault) = &source.fault {
                let words = format!("{}: {}", fault.kind.words(), text::screen(&fault.message));
                let label = self.lines.paint("NOT ASKED", style(Status::Unknown));
                self.lines.wrapped(&format!("  {:width$}  {label} ", ""), &" ".repeat(width + 4), &words);
            }
            for note in &source.notes {
                let label = self.lines.paint("note:", dim());
                self.lines.wrapped(&format!("  {:width$}  {label} ", ""), &" ".repeat(width + 4), &text::screen(note));
            }
        }
        self.lines.line("");
    }

    fn finding(&mut self, finding: &Finding) {
        let label = format!("{}[{}]", finding.status.word(), finding.check);
        let label = self.lines.paint(&label, style(finding.status));
        let subject = text::screen(&finding.subject);
        self.lines.wrapped(
            &format!("{label} "),
            "  ",
            &self.lines.paint(&format!("{subject}: {}", text::screen(&finding.message)), bold()),
        );
        if matches!(finding.status, Status::Pass | Status::NotApplicable) {
            return;
        }
        self.lines.line(&self.lines.paint(
            &format!("  --> {}", text::screen(&ground(finding, |at| at.strftime("%H:%M:%S").to_string()))),
            dim(),
        ));
        if !finding.evidence.is_empty() {
            let evidence: Vec<_> = finding.evidence.iter().filter(|e| !is_block(e)).map(evidence).collect();
            self.lines.wrapped("   |  ", "   |  ", &evidence.join(" · "));
            for block in finding.evidence.iter().filter(|e| is_block(e)) {
                self.block(block);
            }
        }
        for threshold in &finding.threshold {
            let words = format!(
                "{} {}, {}",
                threshold.param,
                quantity::show(threshold.value, threshold.unit),
                text::screen(&threshold.origin)
            );
            self.note("limit", &words);
        }
        if let Some(hidden) = &finding.ground.not_visible {
            self.note("not visible", &text::screen(hidden));
        }
        if finding.status != Status::Unknown {
            self.explain("why", &finding.check, &finding.why);
            self.explain("fix", &finding.check, &finding.fix);
            if let Some(opens) = &finding.opens {
                let label = self.lines.paint("runbook", dim());
                let others = finding.runbooks.get(1..).unwrap_or_default();
                // Not wrapped: a command is there to be copied.
                self.lines.line(&format!("   = {label}: {}", text::screen(opens)));
                if !others.is_empty() {
                    self.note("or", &others.join(", "));
                }
            }
            if let Some(command) = &finding.command {
                let label = format!("   = {}: ", self.lines.paint("run", dim()));
                for (at, line) in command.lines().enumerate() {
                    let indent = if at == 0 { label.as_str() } else { "          " };
                    // Not wrapped: a command is there to be copied.
                    self.lines.line(&format!("{indent}{}", text::screen(line)));
                }
            }
        }
        self.lines.line("");
    }

    /// Checks that could not be measured for one reason are one fact to the reader: a server that is down.
    fn unmeasured(&mut self, group: &[&Finding]) {
        let [first, rest @ ..] = group else { return };
        if rest.is_empty() {
            return self.finding(first);
        }
        let label = self.lines.paint(Status::Unknown.word(), style(Status::Unknown));
        let words = format!("{}: {}", text::screen(&first.subject), text::screen(&first.message));
        self.lines.wrapped(&format!("{label} "), "  ", &self.lines.paint(&words, bold()));
        let checks: Vec<_> = group.iter().map(|f| f.check.as_str()).collect();
        self.note(&format!("{} checks", group.len()), &checks.join(", "));
        self.lines.line("");
    }

    /// Evidence of several lines, such as a lock tree, keeps its lines.
    fn block(&mut self, evidence: &Evidence) {
        self.lines.line(&format!("   |  {}:", evidence.name));
        for line in evidence.value.as_str().unwrap_or_default().lines() {
            let line = format!("   |    {}", text::screen(line));
            self.lines.line(&text::shorten(&line, self.how.width));
        }
    }

    /// Says it once for all findings of a check that share it.
    fn explain(&mut self, word: &str, check: &str, words: &str) {
        let words = one_line(&text::screen(words));
        if !words.is_empty() && self.explained.insert(format!("{check} {words}")) {
            self.note(word, &words);
        }
    }

    fn note(&mut self, word: &str, words: &str) {
        let first = format!("   = {}: ", self.lines.paint(word, dim()));
        self.lines.wrapped(&first, "     ", words);
    }

    fn foot(&mut self, audit: &Audit, shown: usize) {
        let all = &audit.summary;
        let total = all.fail + all.warn + all.unknown + all.waived;
        let status = match (all.fail, all.warn + all.unknown) {
            (0, 0) => Status::Pass,
            (0, _) => Status::Warn,
            _ => Status::Fail,
        };
        self.readiness(audit);
        self.breaks_first(audit);
        self.lines.line(&self.lines.paint(&all.line(), style(status)));
        self.worst(audit);
        if !self.how.filter.all && shown < total {
            self.lines.line(&format!("{} more for other readers; leave out --persona to see them", total - shown));
        }
    }

    fn readiness(&mut self, audit: &Audit) {
        let Some(readiness) = &audit.readiness else { return };
        let label = self.lines.paint(readiness.verdict.words(), verdict_style(readiness.verdict));
        self.lines.wrapped(&format!("{label} "), "  ", &text::screen(&breaks::verdict(readiness)));
        self.lines.line("");
    }

    fn breaks_first(&mut self, audit: &Audit) {
        let told: Vec<_> = audit.bottlenecks.iter().filter(|b| breaks::is_told(b)).collect();
        if told.is_empty() {
            return;
        }
        self.lines.line(&self.lines.paint("What breaks first", bold()));
        for (at, bottleneck) in told.iter().take(breaks::SHOWN).enumerate() {
            let words = text::screen(&breaks::line(bottleneck)).into_owned();
            self.lines.wrapped(&format!("  {}. ", at + 1), "     ", &words);
        }
        if let Some(need) = &audit.need {
            self.lines.wrapped("  ", "  ", &self.lines.paint(&text::screen(&breaks::need(need)), dim()));
        }
        self.lines.line("");
    }

    /// The end of a long output is what a terminal shows: there the worst stand once more, a line each.
    fn worst(&mut self, audit: &Audit) {
        let bad = |f: &&Finding| matches!(f.status, Status::Fail | Status::Warn) && self.how.filter.shows(f);
        let bad: Vec<_> = audit.findings.iter().filter(bad).collect();
        if bad.len() < 2 {
            return;
        }
        for finding in bad.iter().take(WORST) {
            let label = self.lines.paint(finding.status.word(), style(finding.status));
            let words = format!("  {label} {}  {}", finding.check, text::screen(&finding.subject));
            self.lines.line(&text::shorten(&words, self.how.width));
        }
        if bad.len() > WORST {
            self.lines.line(&format!("  and {} more", bad.len() - WORST));
        }
    }
}

fn source_words(source: &SourceLine) -> String {
    let fact = |name: &str| source.facts.get(name).and_then(Value::as_str).map(|v| format!(" {v}")).unwrap_or_default();
    let version = fact("server");
    let version = version.split(" (").next().unwrap_or_default();
    let line = format!("{}{version}{}  {}", source.kind.word(), fact("role"), source.address);
    text::screen(&line).into_owned()
}

fn evidence(evidence: &Evidence) -> String {
    format!("{} {}", evidence.name, text::screen(&shown(&evidence.value, evidence.unit)))
}

fn bold() -> Style {
    Style::new().bold()
}

fn dim() -> Style {
    Style::new().dimmed()
}

fn verdict_style(verdict: Verdict) -> Style {
    style(match verdict {
        Verdict::NotReady => Status::Fail,
        Verdict::Unproven => Status::Unknown,
        Verdict::ReadyWithWaivers => Status::Waived,
        Verdict::Ready => Status::Pass,
    })
}

fn style(status: Status) -> Style {
    let colour = match status {
        Status::Fail => AnsiColor::Red,
        Status::Warn => AnsiColor::Yellow,
        Status::Unknown => AnsiColor::Magenta,
        Status::Waived => AnsiColor::Cyan,
        Status::Pass => AnsiColor::Green,
        Status::NotApplicable => AnsiColor::White,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}
