//! A calculation for a person, and for a program.

use serde_json::{Map, Value, json};

use super::sheet::{Origin, Sheet};
use crate::text::screen;

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

/// Full values in base units; names are those of the human output, with underscores.
pub(super) fn json(sheet: &Sheet) -> String {
    let key = |name: &str| name.replace([' ', '-'], "_");
    let inputs: Map<String, Value> = sheet
        .inputs
        .iter()
        .map(|input| {
            let origin = if input.origin == Origin::Given { "given" } else { "default" };
            let value = json!({"value": input.value, "unit": input.unit, "text": input.text, "origin": origin});
            (key(&input.name), value)
        })
        .collect();
    let results: Map<String, Value> = sheet
        .results
        .iter()
        .map(|line| (key(&line.name), json!({"value": line.value, "unit": line.unit, "text": line.text})))
        .collect();
    let all = json!({
        "version": VERSION,
        "question": sheet.title,
        "inputs": inputs,
        "formula": sheet.formula,
        "source": sheet.source,
        "results": results,
        "notes": sheet.notes,
        "fits": sheet.fits,
    });
    format!("{all:#}\n")
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
        let json: Value = serde_json::from_str(&json(&sheet)).unwrap();
        assert_eq!(json["results"]["cost_at_25K"]["value"], 2437.5);
        assert_eq!(json["results"]["break_even"]["value"], Value::Null);
        assert_eq!(json["inputs"]["overhead"]["origin"], "default");
    }
}
