//! One cell of an observation, its kind and its unit.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One cell. Whatever a source says ends as one of these; there is no "other".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// Nothing was there: SQL NULL, a field that the server does not have. Never zero, never "fine".
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number. Infinities and NaN become [`Value::Null`] where they enter.
    Double(f64),
    /// Redacted and size-capped text; control characters are still in it and are neutralised when shown.
    Text(Arc<str>),
    /// A short list of scalars, such as the process ids that block a session.
    List(Vec<Value>),
}

impl Value {
    /// Text, for the common case.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number, or NULL where it is not finite.
    pub fn double(number: f64) -> Self {
        if number.is_finite() { Self::Double(number) } else { Self::Null }
    }

    /// Whether nothing was measured here.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The number in it, whole or not.
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53: nine petabytes, or 285 years in microseconds")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(i) => Some(*i as f64),
            Self::Double(d) => Some(*d),
            _ => None,
        }
    }

    /// The whole number in it.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            _ => None,
        }
    }

    /// The truth value in it.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The text in it.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }

    /// The list in it.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Numbers.
    Double,
    /// Truth values.
    Bool,
    /// Text.
    Text,
    /// Short lists of scalars.
    List,
}

/// What a number counts. Thresholds are stored in these base units, whatever a file writes ("5m", "10MiB").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A plain number of things.
    #[default]
    Count,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// A share of one: 0.91 is shown as 91 %.
    Ratio,
    /// CPU in thousandths of a core.
    Millicores,
}
