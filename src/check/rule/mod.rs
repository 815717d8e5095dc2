//! CEL rules, with what loadline promises beyond the language.
//!
//! - Every number is a double inside a rule, data and literals alike, so that arithmetic mixes freely
//!   (CEL itself refuses `int * double`). Exact up to 2^53.
//! - Every reference is checked when the file is loaded: `row.x`, `row.delta.x`, `row.rate.x`,
//!   `value.x`, `params.x` and the variables of macros; nothing else exists.
//! - What a rule refers to is known before it runs, so that a NULL anywhere in it makes the finding
//!   unknown, also where `||` would have swallowed the error.
//! - Dividing by zero is an error, not infinity: a ratio of nothing is not measured.
//! - Its cost is bounded by construction (length, nesting, list sizes; one comprehension deep) and not
//!   by a clock, because judging a snapshot again must give the same answer on a slower machine.

mod compile;
mod engine;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use cel::IdedExpr;

use crate::snapshot::Value;
pub use engine::Engine;

/// The longest list that a comprehension may walk; longer ones make the finding unknown.
const MAX_LIST: usize = 10_000;

/// Something that a rule reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ref {
    /// `row.x`
    Row(String),
    /// `row.delta.x`
    Delta(String),
    /// `row.rate.x`
    Rate(String),
    /// `value.x`
    Value(String),
    /// `params.x`
    Param(String),
}

impl std::fmt::Display for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Row(name) => write!(f, "row.{name}"),
            Self::Delta(name) => write!(f, "row.delta.{name}"),
            Self::Rate(name) => write!(f, "row.rate.{name}"),
            Self::Value(name) => write!(f, "value.{name}"),
            Self::Param(name) => write!(f, "params.{name}"),
        }
    }
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {
    source: String,
    expression: IdedExpr,
    refs: BTreeSet<Ref>,
}

/// Why an expression is no rule. `at` is where, in bytes of the expression.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{message}")]
pub struct RuleError {
    /// What is wrong, and what was expected.
    pub message: String,
    /// Where.
    pub at: usize,
}

/// What a row offers to rules: everything they may refer to, already looked up.
#[derive(Debug, Default)]
pub struct Scope {
    values: BTreeMap<Ref, Value>,
}

impl Scope {
    /// Offers a value.
    pub fn set(&mut self, name: Ref, value: Value) {
        self.values.insert(name, value);
    }

    /// What is offered under a name; NULL where nothing is.
    pub fn get(&self, name: &Ref) -> &Value {
        self.values.get(name).unwrap_or(&Value::Null)
    }
}

impl Rule {
    /// Compiles an expression and checks every reference in it.
    ///
    /// # Errors
    /// What is wrong and where; unknown names come with what is known.
    pub fn compile(source: &str, known: &BTreeSet<Ref>) -> Result<Self, RuleError> {
        let (expression, refs) = compile::compile(source, known)?;
        Ok(Self { source: source.to_owned(), expression, refs })
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Everything it reads.
    pub fn refs(&self) -> &BTreeSet<Ref> {
        &self.refs
    }

    /// What it comes to for one row.
    ///
    /// # Errors
    /// [`Unmeasured`] where anything it reads is NULL, or where it cannot be worked out.
    pub fn evaluate(&self, engine: &Engine, scope: &Scope) -> Result<Value, Unmeasured> {
        if let Some(missing) = self.refs.iter().find(|name| scope.get(name).is_null()) {
            return Err(Unmeasured::Missing(missing.clone()));
        }
        engine.run(&self.expression, &self.refs, scope)
    }
}

/// Why a rule came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmeasured {
    /// Something it reads is NULL.
    Missing(Ref),
    /// It could not be worked out.
    Failed(String),
}
