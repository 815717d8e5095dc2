//! A calculation for a person, and for a program.

use std::fmt::Write as _;

use serde_json::{Map, json};

use super::sheet::{Input, Line, Origin, Sheet};
use crate::text::{markdown as markdown_text, screen};

/// The version of the JSON output.
const VERSION: u32 = 1;

/// Everything on a line of its own, names in a column.
pub(super) fn human(sheet: &Sheet, width: usize) -> String {
    let names = sheet.inputs.iter().map(|input| &input.name).chain(sheet.results.iter().map(|line| &line.name));
    let column = names.map(|name| name.chars().count()).chain(["formula".len()]).max().unwrap_or(0) + 2;
    let row = |name: &str, text: &str| {
        let first = format!("  {name:column$}");
        let rest = " ".repeat(column + 2);
        let options = textwrap::Options::new(width).initial_indent(&first).subsequent_indent(&rest);
        textwrap::fill(&screen(text), options) + "\n"
    };
    let mut out = format!("{}\n\n", sheet.title);
    for input in &sheet.inputs {
        let origin = if input.origin == Origin::Default { "  (default)" } else { "" };
        out += &row(&input.name, &format!("{}{origin}", input.text));
    }
    out += "\n";
    out += &row("formula", &sheet.formula);
    out += &row("source", sheet.source);
    out += "\n";
    for line in &sheet.results {
        out += &row(&line.name, &line.text);
    }
    for note in &sheet.notes {
        out += "\n";
        out += &textwrap::fill(
            &screen(note),
            textwrap::Options::new(width).initial_indent("  ! ").subsequent_indent("    "),
        );
        out += "\n";
    }
    out
}

/// A table of what went in and one of what came out.
pub(super) fn markdown(sheet: &Sheet) -> String {
    let mut out = format!("# {}\n\n", markdown_text(sheet.title));
    let row = |name: &str, text: &str| format!("| {} | {} |\n", markdown_text(name), markdown_text(text));
    out += "| input | value |\n| --- | --- |\n";
    for input in &sheet.inputs {
        let origin = if input.origin == Origin::Default { " (default)" } else { "" };
        out += &row(&input.name, &format!("{}{origin}", input.text));
    }
    out += "\n| result | value |\n| --- | --- |\n";
    for line in &sheet.results {
        out += &row(&line.name, &line.text);
    }
    let _ = write!(out, "\nFormula: {}. Source: {}.\n", markdown_text(&sheet.formula), markdown_text(sheet.source));
    for note in &sheet.notes {
        let _ = write!(out, "\n{}\n", markdown_text(note));
    }
    out
}

/// Full values in base units. Results are found by their names in small letters, with underscores.
pub(super) fn json(sheet: &Sheet) -> String {
    let input = |input: &Input| {
        let origin = if input.origin == Origin::Given { "given" } else { "default" };
        json!({"name": input.name, "value": input.value, "unit": input.unit, "text": input.text, "origin": origin})
    };
    let result = |line: &Line| (key(&line.name), json!({"value": line.value, "unit": line.unit, "text": line.text}));
    let all = json!({
        "version": VERSION,
        "question": sheet.title,
        "inputs": sheet.inputs.iter().map(input).collect::<Vec<_>>(),
        "formula": sheet.formula,
        "source": sheet.source,
        "results": sheet.results.iter().map(result).collect::<Map<_, _>>(),
        "notes": sheet.notes,
        "fits": sheet.fits,
    });
    format!("{all:#}\n")
}

/// A name as a key: "average at 1,000" is `average_at_1000`.
fn key(name: &str) -> String {
    let name = name.replace(',', "").to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::capacity::sheet::Measure;

    #[test]
    fn a_person_gets_two_digits_and_a_program_all_of_them() {
        let mut sheet = Sheet::new("Cost", "a line", "here");
        sheet.given("volume", 25_000.0, "", "25K");
        sheet.or_default("overhead", None, "", (0.5, "0.5"));
        sheet.result("cost at 25K", 2437.5, &Measure::In("EUR".into()));
        sheet.none("break-even", &Measure::In("units".into()), "never");
        sheet.note("text with \u{1b}[31m colour");
        let shown = human(&sheet, 80);
        assert!(shown.contains("cost at 25K  2,400 EUR") && shown.contains("0.5  (default)"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
        let json: serde_json::Value = serde_json::from_str(&json(&sheet)).unwrap();
        assert_eq!(json["results"]["cost_at_25k"]["value"], 2437.5);
        assert_eq!(json["results"]["break_even"]["value"], serde_json::Value::Null);
        assert_eq!(json["inputs"][1]["origin"], "default");
        assert_eq!(key("sigma (contention)"), "sigma_contention");
        assert_eq!(key("average at 1,000.5"), "average_at_1000.5");
    }
}
