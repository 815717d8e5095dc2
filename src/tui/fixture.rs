//! For tests of screens: the judged demo, keys as people write them, frames as text.

use std::sync::{Arc, OnceLock};

use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::{
    event::{Effect, Event, Opened},
    key::Key,
    model::{About, Mode, Model, SourceFault, SourceState},
    screen::live::Sample,
    update::update,
    view,
    work::{Events, Ground, demo_ground, show_recorded},
};
use crate::{check::finding::Status, report::Audit};

/// What the demo says, told once for all tests: judging takes a while.
struct Told {
    ground: Arc<Ground>,
    sources: Vec<SourceState>,
    samples: Vec<Arc<Sample>>,
    audit: Arc<Audit>,
}

fn told() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| {
        let ground = Arc::new(demo_ground());
        let (events, mut heard): (Events, _) = tokio::sync::mpsc::unbounded_channel();
        show_recorded(&ground, &events);
        drop(events);
        let (mut sources, mut samples, mut audit) = (Vec::new(), Vec::new(), None);
        while let Ok(event) = heard.try_recv() {
            match event {
                Event::Sources(of) => sources = of,
                Event::Sampled(sample) => samples.push(sample),
                Event::Judged(of) => audit = Some(of),
                _ => {}
            }
        }
        Told { ground, sources, samples, audit: audit.unwrap() }
    })
}

/// What work over the demo stands on.
pub(crate) fn ground() -> Arc<Ground> {
    Arc::clone(&told().ground)
}

/// The judged demo.
pub(crate) fn audit() -> Arc<Audit> {
    Arc::clone(&told().audit)
}

/// The checklist of the demo, with all packs.
pub(crate) fn checklist() -> Arc<crate::readiness::checklist::Checklist> {
    static LIST: OnceLock<Arc<crate::readiness::checklist::Checklist>> = OnceLock::new();
    let told = told();
    Arc::clone(LIST.get_or_init(|| Arc::new(super::work::list_for_tests(&told.ground, &told.audit))))
}

/// A campaign over the demo, by the text of its file.
pub(crate) fn planned(text: &str) -> Result<super::screen::checklist::Planned, String> {
    let told = told();
    let file = crate::readiness::campaign::CampaignFile::parse("sale.toml", text)?;
    super::work::planned_for_tests(&told.ground, &told.audit, &file)
}

/// A model over a live target that has heard nothing yet.
pub(crate) fn empty(environment: Option<&str>) -> Model {
    let about = About {
        target: "shop".into(),
        targets: Vec::new(),
        environment: environment.map(str::to_owned),
        mode: Mode::Observe { locked: false },
        persona: None,
    };
    Model::new(about, "2026-01-02T03:04:05Z".parse().unwrap())
}

/// A model over the judged demo.
pub(crate) fn demo() -> Model {
    let mut model = empty(None);
    model.about.target = "demo".into();
    model.about.mode = Mode::Replay("the demo".into());
    tell(&mut model);
    model
}

/// Tells a model what the demo says, as if it were live.
pub(crate) fn tell(model: &mut Model) {
    let told = told();
    let books = Arc::clone(&told.ground.books);
    update(model, Event::Opened(Opened { books, person: Some("ada".into()), folders: None }));
    update(model, Event::Sources(told.sources.clone()));
    for sample in &told.samples {
        update(model, Event::Sampled(Arc::clone(sample)));
    }
    update(model, Event::Judged(Arc::clone(&told.audit)));
}

/// A live target one of whose sources has fallen silent since the last judgement: what it said is no longer known.
pub(crate) fn failing() -> Model {
    const SILENT: &str = "cache";
    let mut model = empty(Some("production"));
    tell(&mut model);
    let answered = audit().snapshot.finished_at;
    update(&mut model, Event::Tick(answered + std::time::Duration::from_secs(134)));
    let mut sources = told().sources.clone();
    for source in &mut sources {
        source.answered_at = Some(if source.name == SILENT { answered } else { model.now });
        source.every = Some(std::time::Duration::from_secs(2));
        source.fault = (source.name == SILENT).then(|| SourceFault {
            words: "connect to 10.4.0.17:6379: connection refused".into(),
            remedy: Some("see whether the server runs".into()),
            since: answered,
            next: Some(model.now + std::time::Duration::from_secs(8)),
        });
    }
    update(&mut model, Event::Sources(sources));
    let mut later = (*audit()).clone();
    for finding in &mut later.findings {
        if finding.ground.source.as_deref() == Some(SILENT) && finding.status != Status::NotApplicable {
            finding.status = Status::Unknown;
            finding.message = "no answer: connection refused".into();
            finding.evidence.clear();
            finding.threshold.clear();
        } else {
            finding.ground.observed_at = Some(model.now);
        }
    }
    later.bottlenecks.retain(|b| b.subject != SILENT);
    later.findings.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    later.summary = crate::report::Summary::of(&later.findings);
    update(&mut model, Event::Judged(Arc::new(later)));
    model
}

/// A model whose every text was written by somebody who means harm.
pub(crate) fn hostile() -> Model {
    let mut model = demo();
    let mut hostile = (*audit()).clone();
    for finding in &mut hostile.findings {
        finding.message = "a \u{1b}]0;title\u{7}\u{1b}[2J tab\t and \u{202e}turned\u{200b} 日本語 words ".repeat(3);
        finding.subject = format!("{}\u{1b}[31m\r\n日本", finding.subject);
        finding.evidence.iter_mut().for_each(|e| e.name.push('\u{1b}'));
    }
    for bottleneck in &mut hostile.bottlenecks {
        bottleneck.subject.push_str("\u{1b}[2J\u{202e}日本語");
    }
    update(&mut model, Event::Judged(Arc::new(hostile)));
    model
}

/// Presses keys, as people write them, with a space between two.
pub(crate) fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    keys.split_whitespace().flat_map(|key| update(model, Event::Key(Key::read(key).unwrap()))).collect()
}

/// Types a text, letter by letter.
pub(crate) fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        update(model, Event::Key(Key { code: crossterm::event::KeyCode::Char(c), ctrl: false }));
    }
}

/// A frame of some size.
pub(crate) fn buffer(model: &mut Model, width: u16, height: u16) -> Buffer {
    update(model, Event::Resize(width, height));
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    model.hits = view::draw(&mut buffer, model);
    buffer
}

/// A frame as text, held against what is true of every frame: who is looked at stands in it, and a dialog shows both its
/// keys.
pub(crate) fn frame(model: &mut Model, width: u16, height: u16) -> String {
    let buffer = buffer(model, width, height);
    let text = text(&buffer);
    if width >= view::LEAST.0 && height >= view::LEAST.1 {
        let first = text.lines().next().unwrap_or_default();
        let target: String = crate::text::screen(&model.about.target).chars().take(8).collect();
        assert!(first.contains(&target) && first.contains(model.about.mode.word()), "identity line: {first}");
        if let Some(super::over::Over::Form(form)) = model.overs.last() {
            let keys = form.keys();
            assert!(text.contains(keys.trim()), "the keys of the dialog ({keys}) are on the screen:\n{text}");
        }
    }
    text
}

fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(super::widget::cells(symbol)).unwrap_or(1).max(1);
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// The looks of a frame: under each line with a style the marks of what is bold (b), reversed (r), dim (d), underlined
/// (u) or coloured (c).
pub(crate) fn styled(model: &mut Model, width: u16, height: u16) -> String {
    let buffer = buffer(model, width, height);
    let mark = |x: u16, y: u16| {
        let cell = &buffer[(x, y)];
        let style = cell.style();
        let has = |modifier| style.add_modifier.contains(modifier);
        match () {
            () if has(Modifier::REVERSED) => 'r',
            () if has(Modifier::BOLD) => 'b',
            () if has(Modifier::UNDERLINED) => 'u',
            () if has(Modifier::DIM) => 'd',
            () if style.fg.is_some_and(|colour| colour != ratatui::style::Color::Reset) => 'c',
            () => ' ',
        }
    };
    let lines = text(&buffer);
    let mut out = String::new();
    for (y, line) in lines.lines().enumerate() {
        let y = u16::try_from(y).unwrap();
        let marks: String = (0..width).map(|x| mark(x, y)).collect();
        out.push_str(line);
        out.push('\n');
        if !marks.trim().is_empty() {
            out.push_str(marks.trim_end());
            out.push('\n');
        }
    }
    out
}
