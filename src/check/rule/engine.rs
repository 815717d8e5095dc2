//! What runs a checked expression: CEL with our functions, and values going in and out.

use std::collections::{BTreeSet, HashMap};

use cel::{Context, ExecutionError, IdedExpr};

use super::{MAX_LIST, Ref, Scope, Unmeasured};
use crate::snapshot::Value;

/// What every evaluation shares: CEL's standard functions and ours. Costly to build, cheap to use.
pub struct Engine {
    root: Context<'static, 'static>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl Default for Engine {
    fn default() -> Self {
        let mut root = Context::default();
        // These names are ours and new to the context, so adding them cannot fail.
        let _ = root.add_function(DIVIDE, divide);
        let _ = root.add_function("min", |a: f64, b: f64| a.min(b));
        let _ = root.add_function("max", |a: f64, b: f64| a.max(b));
        let _ = root.add_function("abs", |a: f64| a.abs());
        let _ = root.add_function("floor", |a: f64| a.floor());
        let _ = root.add_function("ceil", |a: f64| a.ceil());
        Self { root }
    }
}

impl Engine {
    /// Runs an expression over what it reads.
    pub(super) fn run(&self, expression: &IdedExpr, refs: &BTreeSet<Ref>, scope: &Scope) -> Result<Value, Unmeasured> {
        let mut context = self.root.new_inner_scope();
        bind(&mut context, refs, scope)?;
        let result = context.resolve(expression).map_err(|error| Unmeasured::Failed(words(&error)))?;
        from_cel(&result).ok_or_else(|| Unmeasured::Failed(format!("it came to {result:?}, which is no value")))
    }
}

/// The name under which divisions are called; no author can write it.
pub(super) const DIVIDE: &str = "loadline_divide";

fn divide(a: f64, b: f64) -> Result<f64, ExecutionError> {
    let result = a / b;
    if result.is_finite() { Ok(result) } else { Err(ExecutionError::function_error("/", "division by zero")) }
}

/// Binds what a rule reads as the maps `row`, `value` and `params`.
fn bind(context: &mut Context, refs: &BTreeSet<Ref>, scope: &Scope) -> Result<(), Unmeasured> {
    type Map = HashMap<String, cel::Value>;
    let (mut row, mut delta, mut rate, mut value, mut params) =
        (Map::new(), Map::new(), Map::new(), Map::new(), Map::new());
    for name in refs {
        let cell = to_cel(scope.get(name))
            .ok_or_else(|| Unmeasured::Failed(format!("{name} is a list of more than {MAX_LIST} items")))?;
        match name {
            Ref::Row(n) => row.insert(n.clone(), cell),
            Ref::Delta(n) => delta.insert(n.clone(), cell),
            Ref::Rate(n) => rate.insert(n.clone(), cell),
            Ref::Value(n) => value.insert(n.clone(), cell),
            Ref::Param(n) => params.insert(n.clone(), cell),
        };
    }
    if !delta.is_empty() {
        row.insert("delta".into(), delta.into());
    }
    if !rate.is_empty() {
        row.insert("rate".into(), rate.into());
    }
    for (name, map) in [("row", row), ("value", value), ("params", params)] {
        context.add_variable_from_value(name, map);
    }
    Ok(())
}

fn to_cel(value: &Value) -> Option<cel::Value> {
    Some(match value {
        Value::Null => cel::Value::Null,
        Value::Bool(b) => cel::Value::Bool(*b),
        Value::Int(_) | Value::Double(_) => cel::Value::Float(value.as_f64()?),
        Value::Text(t) => cel::Value::String(std::sync::Arc::new(t.to_string())),
        Value::List(items) if items.len() <= MAX_LIST => {
            let items: Option<Vec<_>> = items.iter().map(to_cel).collect();
            cel::Value::List(std::sync::Arc::new(items?))
        }
        Value::List(_) => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "sizes of lists and texts")]
fn from_cel(value: &cel::Value) -> Option<Value> {
    match value {
        cel::Value::Bool(b) => Some(Value::Bool(*b)),
        cel::Value::Float(f) if f.is_finite() => Some(Value::Double(*f)),
        cel::Value::Int(i) => Some(Value::Double(*i as f64)),
        cel::Value::UInt(u) => Some(Value::Double(*u as f64)),
        cel::Value::String(s) => Some(Value::text(s.as_str())),
        _ => None,
    }
}

/// An error of the language in words for the author of a check.
fn words(error: &ExecutionError) -> String {
    error.to_string().replace(DIVIDE, "/")
}
