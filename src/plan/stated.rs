//! A quantity as a plan states it: what it comes to, how it was written, how exact that is.

use std::{borrow::Cow, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use super::read::{self, Amount};

/// What a statement measures; values stand in the base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// A plain number of things.
    Number,
    /// Per second.
    Rate,
    /// A share of one.
    Share,
    /// Seconds.
    Time,
    /// Bytes.
    Size,
    /// Money per month, in the currency of the plan.
    Money,
}

/// Which texts a place of the plan takes.
pub trait Takes {
    /// What is expected, for the error.
    const EXPECTED: &'static str;
    /// What a bare number means.
    const BARE: Measure;
    /// Reads one amount.
    fn amount(text: &str) -> Option<Amount>;
}

/// A quantity: a number, or two where the plan gives a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated<T> {
    /// The number in the base unit; the middle of a range.
    pub value: f64,
    /// The least that is meant; the value itself where there is no range.
    pub low: f64,
    /// The most that is meant.
    pub high: f64,
    /// Half a unit of the last printed digit, as a share of the value.
    pub tolerance: f64,
    /// What it measures.
    pub measure: Measure,
    /// `below` or `above` where the text begins with a comparison.
    pub sense: Option<&'static str>,
    /// As it was written.
    pub text: String,
    of: PhantomData<T>,
}

impl<T: Takes> Stated<T> {
    /// Reads a text: an amount, or two with a dash between them.
    ///
    /// # Errors
    /// What was expected; the text itself is not repeated.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("this is no quantity for here; expected for example {}", T::EXPECTED);
        let (low, high) = if let Some((low, high)) = read::range(text) {
            let high = T::amount(high).ok_or_else(wrong)?;
            // `20-50 GB`: the first has the unit of the second where it has none of its own.
            let own = low.ends_with(|c: char| !c.is_ascii_digit());
            let low = if own { T::amount(low) } else { T::amount(&format!("{low}{}", high.unit(text))) };
            (low.ok_or_else(wrong)?, high)
        } else {
            let amount = T::amount(text).ok_or_else(wrong)?;
            (amount, amount)
        };
        if low.figure.value > high.figure.value || low.measure != high.measure {
            return Err(format!("a range goes from its least to its most; expected for example {}", T::EXPECTED));
        }
        let value = f64::midpoint(low.figure.value, high.figure.value);
        let tolerance = if value == 0.0 { 0.0 } else { (high.figure.half / value).abs() };
        Ok(Self {
            value,
            low: low.figure.value,
            high: high.figure.value,
            tolerance,
            measure: high.measure,
            sense: None,
            text: text.trim().to_owned(),
            of: PhantomData,
        })
    }

    /// A bare number.
    fn bare(number: f64) -> Result<Self, String> {
        if !number.is_finite() || number < 0.0 {
            return Err(format!("a number of a plan is finite and not negative; expected for example {}", T::EXPECTED));
        }
        // Written without a unit, the number says in the end what its text says.
        let read = Stated::<Number>::read(&number.to_string())?;
        Ok(Self {
            value: number,
            low: number,
            high: number,
            tolerance: read.tolerance,
            measure: T::BARE,
            sense: None,
            text: read.text,
            of: PhantomData,
        })
    }
}

impl<'de, T: Takes> Deserialize<'de> for Stated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<T: Takes> de::Visitor<'_> for Reader<T> {
            type Value = Stated<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "a number or a text such as {}", T::EXPECTED)
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Stated<T>, E> {
                // A plan's whole numbers are far below 2^53.
                number.to_string().parse().map_err(E::custom).and_then(|n| Stated::bare(n).map_err(E::custom))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Stated<T>, E> {
                Stated::bare(number).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Stated<T>, E> {
                let text = text.trim();
                let senses = [("<=", "below"), (">=", "above"), ("<", "below"), (">", "above")];
                let sense = senses.iter().find_map(|(sign, word)| Some((text.strip_prefix(sign)?, *word)));
                let (amount, sense) = sense.map_or((text, None), |(rest, word)| (rest, Some(word)));
                let read = Stated::read(amount).map_err(E::custom)?;
                Ok(Stated { sense, text: text.to_owned(), ..read })
            }
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

/// As the plan's tables want it: the value under the key's own name, the rest under `key_low`, `key_text`, ….
impl<T> Serialize for Stated<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.value)?;
        map.serialize_entry("low", &self.low)?;
        map.serialize_entry("high", &self.high)?;
        map.serialize_entry("tolerance", &self.tolerance)?;
        map.serialize_entry("measure", &self.measure)?;
        map.serialize_entry("sense", &self.sense)?;
        map.serialize_entry("text", &self.text)?;
        map.end()
    }
}

impl<T: Takes> JsonSchema for Stated<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Stated {}", T::EXPECTED).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "description": format!("for example {}", T::EXPECTED) })
    }
}

/// One kind of quantity: its name, examples, what a bare number means, how a text is read.
macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident: $measure:ident, $expected:literal, $read:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name;
        impl Takes for $name {
            const EXPECTED: &'static str = $expected;
            const BARE: Measure = Measure::$measure;
            fn amount(text: &str) -> Option<Amount> {
                $read(text)
            }
        }
    )*};
}

quantities! {
    /// So many.
    Number: Number, "500 or `25K`", read::number;
    /// So many in a time.
    Rate: Rate, "`800/s` or `1M/day`", read::rate;
    /// A share of one.
    Share: Share, "`65%` or 0.65", read::share;
    /// A time span; a bare number means seconds.
    Span: Time, "`300ms`, `30m` or `12 months`", read::span;
    /// Bytes.
    Size: Size, "`4GB`", read::size;
    /// Money, a month where no other time is said.
    Money: Money, "4000, `4000 EUR` or `8000/week`", read::money;
    /// A quantity of any kind.
    Any: Number, "500, `800/s`, `65%`, `300ms` or `4GB`", read::any;
}
