//! The outlook for a person, on one screen.

use std::fmt::Write as _;

use textwrap::{Options, WordSplitter, core::display_width, fill};

use crate::{
    outlook::{Figure, Group, Input, Line, Origin, Outlook, Sensitivity},
    text::screen,
};

/// Columns of a name and of a figure with its word.
const NAME: usize = 34;
const FIGURE: usize = 20;

/// Figures group by group with their ground; what is missing, and where each input comes from, once at the end.
pub(super) fn human(outlook: &Outlook, width: usize) -> String {
    let title = outlook.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    let head = format!("{}{title}: what its plan comes to, from {}", outlook.target, outlook.from);
    let mut out = filled(&head, width, "", "");
    if !outlook.flags.is_empty() {
        let flags: Vec<_> = outlook.flags.iter().map(|flag| format!("{} {}", flag.from, flag.text)).collect();
        out += &filled(&format!("plan | what if {}", flags.join(", ")), width, &" ".repeat(NAME), &" ".repeat(NAME));
    }
    let (mut group, mut origins): (Option<Group>, Vec<&Input>) = (None, Vec::new());
    for line in outlook.lines.iter().filter(|line| line.is_known()) {
        if group != Some(line.group) {
            group = Some(line.group);
            let _ = write!(out, "\n{}\n", line.group.title());
        }
        out += &row(line, &mut origins, width);
    }
    out += &missing(outlook, width);
    out += &sensitivity(&outlook.sensitivity, width);
    if !origins.is_empty() {
        out += "\nInputs\n";
    }
    for (at, input) in origins.iter().enumerate() {
        let by = if input.origin == Origin::Flag { String::new() } else { format!("{}: ", input.origin.word()) };
        let words = format!("[{}] {} {}, {by}{}", at + 1, input.name, input.text, input.from);
        out += &filled(&words, width, "  ", "      ");
    }
    out + "\n" + &filled(&outlook.legend(), width, "", "")
}

fn filled(text: &str, width: usize, first: &str, rest: &str) -> String {
    let options = Options::new(width).initial_indent(first).subsequent_indent(rest);
    fill(&screen(text), options.word_splitter(WordSplitter::NoHyphenation)) + "\n"
}

fn row<'a>(line: &'a Line, origins: &mut Vec<&'a Input>, width: usize) -> String {
    let (name, shown) = (screen(&line.title()).into_owned(), line.what_if.as_ref().unwrap_or(&line.plan));
    let mut head = format!("  {}", padded(&name, NAME - 2));
    head += &padded(&figure(&line.plan), FIGURE);
    if let Some(other) = &line.what_if {
        let same = other.value == line.plan.value;
        head += &padded(&format!("| {}", if same { "the same".to_owned() } else { figure(other) }), FIGURE + 2);
    }
    let ground = ground(line, shown, origins);
    if display_width(&head) + display_width(&ground) <= width {
        return format!("{head}{ground}\n");
    }
    format!("{}\n{}", head.trim_end(), filled(&ground, width, "      ", "      "))
}

/// The formula, its inputs with a number that says below where they come from, and what must be known beside it.
fn ground<'a>(line: &'a Line, figure: &'a Figure, origins: &mut Vec<&'a Input>) -> String {
    let mut inputs = Vec::new();
    for input in &figure.inputs {
        let at = origins.iter().position(|known| *known == input).unwrap_or_else(|| {
            origins.push(input);
            origins.len() - 1
        });
        inputs.push(format!("{} [{}]", input.text, at + 1));
    }
    let inputs = if inputs.is_empty() { String::new() } else { format!(": {}", inputs.join(", ")) };
    let note = figure.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
    screen(&format!("{}{inputs}{note}", line.formula)).into_owned()
}

fn figure(figure: &Figure) -> String {
    match figure.word {
        Some(word) => format!("{} {word}", screen(&figure.text)),
        None => "-".to_owned(),
    }
}

fn padded(text: &str, columns: usize) -> String {
    // A long name keeps a space before its figure.
    format!("{text}{}", " ".repeat(columns.saturating_sub(display_width(text)).max(1)))
}

fn missing(outlook: &Outlook, width: usize) -> String {
    let one = |(need, waiting): (&str, Vec<String>)| {
        filled(&format!("needs {need}: {}", waiting.join("; ")), width, "  ", "      ")
    };
    let out: String = outlook.needs().into_iter().map(one).collect();
    if out.is_empty() { out } else { format!("\nNot known yet\n{out}") }
}

fn sensitivity(all: &[Sensitivity], width: usize) -> String {
    let mut out = String::new();
    for one in all {
        let _ = writeln!(out, "  {}{}", padded(&screen(&one.result), NAME - 2), screen(&one.text));
        for moved in &one.inputs {
            let lead = if one.dominant.contains(&moved.input) { "  moves it most" } else { "" };
            let words = format!("{}{}{lead}", padded(&moved.input, NAME - 4), moved.text);
            out += &filled(&words, width, "    ", "      ");
        }
    }
    if out.is_empty() { out } else { format!("\nIf a guess is 20 % less, or 20 % more\n{out}") }
}
