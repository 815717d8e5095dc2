//! The sentences of checks: Tera templates over one row, with filters that show numbers as people read them.

use std::collections::BTreeMap;

use tera::{Context, Kwargs, State, Tera};

use crate::{
    quantity,
    snapshot::{Unit, Value},
};

/// All sentences of all checks, parsed once; a set for each check, because a set is gone through whole
/// whenever a sentence is added to it.
#[derive(Clone)]
pub struct Words {
    empty: Tera,
    sets: BTreeMap<String, Tera>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words")
    }
}

/// What a sentence may speak of.
#[derive(Debug, Default)]
pub struct Spoken<'a> {
    /// The name of the source.
    pub source: &'a str,
    /// The database, or an empty text.
    pub database: &'a str,
    /// Seconds between the samples; 0 without a second one.
    pub window: f64,
    /// The row.
    pub row: BTreeMap<&'a str, Value>,
    /// What its counters did between the samples, where known.
    pub delta: BTreeMap<&'a str, Value>,
    /// The same per second.
    pub rate: BTreeMap<&'a str, Value>,
    /// Computed values.
    pub value: BTreeMap<&'a str, Value>,
    /// The parameters applied.
    pub params: BTreeMap<&'a str, f64>,
}

impl Default for Words {
    fn default() -> Self {
        let mut tera = Tera::default();
        // A sentence is plain text here; each output escapes it for itself.
        tera.autoescape_on(Vec::<&str>::new());
        let units = [
            ("number", Unit::Count),
            ("bytes", Unit::Bytes),
            ("seconds", Unit::Seconds),
            ("milliseconds", Unit::Milliseconds),
            ("percent", Unit::Ratio),
            ("millicores", Unit::Millicores),
        ];
        for (name, unit) in units {
            tera.register_filter(name, move |number: f64, _: Kwargs, _: &State| quantity::show(number, unit));
        }
        tera.register_filter("ident", |name: &str, _: Kwargs, _: &State| quote_ident(name));
        Self { empty: tera, sets: BTreeMap::new() }
    }
}

/// The set that a sentence belongs to: what stands before the colon of its name.
fn set(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

/// How many loops a template has.
fn loops(template: &str) -> usize {
    template.split("{%").skip(1).filter(|tag| tag.trim_start_matches(['-', ' ', '\n', '\t']).starts_with("for")).count()
}

/// An SQL identifier, always quoted: a hostile name stays one name.
fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Words {
    /// Adds a sentence.
    ///
    /// # Errors
    /// The template's error, with its place.
    pub fn add(&mut self, name: &str, template: &str) -> Result<(), String> {
        // One loop over a row's list is enough; loops in loops could keep a run busy for ever.
        if loops(template) > 1 {
            return Err("a sentence may have one loop".into());
        }
        let set = self.sets.entry(set(name).to_owned()).or_insert_with(|| self.empty.clone());
        set.add_raw_template(name, template.trim_end()).map_err(|error| error.to_string())
    }

    /// Says a sentence about names of its own.
    ///
    /// # Errors
    /// What it speaks of is not there, or a filter does not fit.
    pub fn say_of(&self, name: &str, about: &BTreeMap<String, serde_json::Value>) -> Result<String, String> {
        let context = Context::from_serialize(about).map_err(|error| error.to_string())?;
        self.render(name, &context)
    }

    fn render(&self, name: &str, context: &Context) -> Result<String, String> {
        let set = self.sets.get(set(name)).ok_or_else(|| format!("there is no sentence `{name}`"))?;
        set.render(name, context).map_err(|error| error.to_string())
    }

    /// Says a sentence.
    ///
    /// # Errors
    /// What it speaks of is not there, or a filter does not fit.
    pub fn say(&self, name: &str, spoken: &Spoken) -> Result<String, String> {
        let mut context = Context::new();
        let mut row: BTreeMap<&str, serde_json::Value> = spoken.row.iter().map(|(k, v)| (*k, json(v))).collect();
        row.insert("delta", json_map(&spoken.delta));
        row.insert("rate", json_map(&spoken.rate));
        context.insert("source", spoken.source);
        context.insert("database", spoken.database);
        context.insert("window", &spoken.window);
        context.insert("row", &row);
        context.insert("value", &json_map(&spoken.value));
        let params: BTreeMap<&str, serde_json::Value> =
            spoken.params.iter().map(|(name, number)| (*name, plain(*number))).collect();
        context.insert("params", &params);
        self.render(name, &context)
    }
}

fn json(value: &Value) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}

fn json_map(values: &BTreeMap<&str, Value>) -> serde_json::Value {
    values.iter().map(|(name, value)| ((*name).to_owned(), json(value))).collect::<serde_json::Map<_, _>>().into()
}

/// A number as a person writes it: two pods, not 2.0.
fn plain(number: f64) -> serde_json::Value {
    // Whole numbers up to here are exact in a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        return serde_json::Value::from(number as i64);
    }
    serde_json::Value::from(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(template: &str) -> Result<String, String> {
        let mut words = Words::default();
        words.add("t", template)?;
        let mut spoken = Spoken { source: "primary", window: 10.0, ..Spoken::default() };
        spoken.row.insert("used", Value::Int(1234));
        spoken.row.insert("name", Value::text("a\"; drop table x; --"));
        spoken.rate.insert("used", Value::Double(0.5));
        spoken.value.insert("share", Value::Double(0.914));
        words.say("t", &spoken)
    }

    #[test]
    fn numbers_are_said_in_their_unit() {
        let said = say("{{ row.used | number }} on {{ source }}: {{ value.share | percent }}, {{ row.used | bytes }}")
            .unwrap();
        assert_eq!(said, "1,234 on primary: 91.4 %, 1.21 KiB");
        assert_eq!(say("{{ row.rate.used }} in {{ window | seconds }}").unwrap(), "0.5 in 10 s");
        assert_eq!(say("{{ row.used * 2 }}").unwrap(), "2468");
    }

    #[test]
    fn a_hostile_name_stays_one_identifier() {
        assert_eq!(say("drop index {{ row.name | ident }}").unwrap(), "drop index \"a\"\"; drop table x; --\"");
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        assert!(say("{{ row.usde }}").is_err());
        assert!(say("{{ row.used | furlongs }}").is_err());
        assert!(say("{{ row.used ").is_err());
    }
}
