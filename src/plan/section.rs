//! Sections of a plan as rows of plain cells, for the probes of the source `plan`.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::{
    Plan,
    day::{days_until, weekday, written},
};

/// A row: cells by column.
pub(crate) type Cells = Map<String, Json>;

impl Plan {
    /// The rows of a section; none for a word that names none. `summary` is the plan's own keys in one row.
    ///
    /// A quantity comes as `key`, `key_low`, `key_high`, `key_text`, `key_tolerance`, `key_measure` and
    /// `key_sense`, a day as `key` and `key_days` from `now`, a table within a row as `key_…`.
    pub(crate) fn section(&self, name: &str, now: Timestamp) -> Option<Vec<Cells>> {
        let Ok(Json::Object(whole)) = serde_json::to_value(self) else {
            return None;
        };
        let rows = match (name, whole.get(name)) {
            ("summary", _) => vec![Json::Object(whole.into_iter().filter(|(_, value)| is_summary(value)).collect())],
            ("same", _) => self.statements(),
            (_, Some(Json::Array(items))) => items.iter().map(named).collect(),
            ("recovery" | "cost_total", Some(Json::Null)) => Vec::new(),
            ("recovery" | "cost_total", Some(row @ Json::Object(_))) => vec![row.clone()],
            _ => return None,
        };
        let flat = |row: Json| {
            let mut cells = Cells::new();
            if let Json::Object(row) = row {
                row.into_iter().for_each(|(key, value)| flatten(&mut cells, &key, value, now));
            }
            if name == "dates" {
                date_cells(&mut cells);
            }
            cells
        };
        Some(rows.into_iter().map(flat).collect())
    }

    /// One row for each statement of what is stated several times.
    fn statements(&self) -> Vec<Json> {
        let row = |name: &str, value| serde_json::json!({ "name": name, "value": value });
        self.same.iter().flat_map(|same| same.values.iter().map(move |value| row(&same.name, value))).collect()
    }
}

/// A quantity or a word of the plan itself, no section of it.
fn is_summary(value: &Json) -> bool {
    match value {
        Json::Array(_) => false,
        Json::Object(object) => object.contains_key("text"),
        _ => true,
    }
}

/// A bare word of a list is a row with a name.
fn named(item: &Json) -> Json {
    if item.is_object() { item.clone() } else { serde_json::json!({ "name": item }) }
}

fn flatten(cells: &mut Cells, key: &str, value: Json, now: Timestamp) {
    match value {
        Json::Null => {}
        Json::Object(object) => {
            if let Some(day) = object.get("day").and_then(Json::as_str) {
                cells.insert(format!("{key}_days"), days_until(day, now).into());
                cells.insert(key.to_owned(), day.into());
                return;
            }
            for (part, value) in object {
                let key = if part == "value" { key.to_owned() } else { format!("{key}_{part}") };
                flatten(cells, &key, value, now);
            }
        }
        other => {
            cells.insert(key.to_owned(), other);
        }
    }
}

/// What a written date says and what is so.
fn date_cells(cells: &mut Cells) {
    let Some(read) = cells.get("text").and_then(Json::as_str).and_then(written) else {
        return;
    };
    cells.insert("day".into(), read.day.to_string().into());
    cells.insert("weekday".into(), weekday(read.day).into());
    if let Some(claimed) = read.weekday {
        cells.insert("weekday_stated".into(), claimed.into());
    }
}
