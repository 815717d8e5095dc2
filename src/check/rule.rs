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

use std::collections::{BTreeMap, BTreeSet};

use cel::{
    Context, ExecutionError, IdedExpr, Program,
    common::{
        ast::{Expr, LiteralValue, SourceInfo, operators},
        types::CelDouble,
    },
};

use crate::{
    quantity,
    snapshot::{Unit, Value},
};

/// The longest expression, in bytes. The longest one that ships has a tenth of it.
const MAX_LENGTH: usize = 2_000;

/// The deepest nesting of an expression.
const MAX_DEPTH: usize = 60;

/// The longest list that a comprehension may walk; longer ones make the finding unknown.
pub(crate) const MAX_LIST: usize = 10_000;

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
        let fail = |message: String, at: usize| Err(RuleError { message, at });
        if source.trim().is_empty() {
            return fail(
                "the expression is empty; a rule is a CEL expression such as `row.used > params.most`".into(),
                0,
            );
        }
        if source.len() > MAX_LENGTH {
            return fail(format!("the expression has {} bytes; {MAX_LENGTH} are allowed", source.len()), MAX_LENGTH);
        }
        if nesting(source) > MAX_DEPTH {
            return fail(format!("the expression nests deeper than {MAX_DEPTH}"), 0);
        }
        let program = Program::compile(source).map_err(|errors| syntax_error(source, &errors))?;
        let mut walk = Walk { known, info: program.source_info(), refs: BTreeSet::new(), bound: Vec::new() };
        let expression = walk.expression(program.expression())?;
        let refs = walk.refs;
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
        let mut context = engine.root.new_inner_scope();
        bind(&mut context, &self.refs, scope)?;
        let result = context.resolve(&self.expression).map_err(|error| Unmeasured::Failed(words(&error)))?;
        from_cel(&result).ok_or_else(|| Unmeasured::Failed(format!("it came to {result:?}, which is no value")))
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

/// The name under which divisions are called; no author can write it.
const DIVIDE: &str = "loadline_divide";

fn divide(a: f64, b: f64) -> Result<f64, ExecutionError> {
    let result = a / b;
    if result.is_finite() { Ok(result) } else { Err(ExecutionError::function_error("/", "division by zero")) }
}

/// Functions that a rule may call, besides operators and macros.
const FUNCTIONS: [&str; 15] = [
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "min",
    "max",
    "abs",
    "floor",
    "ceil",
    "string",
    "double",
    "bytes",
    "duration",
    "percent",
];

/// Operators that a rule may use. The optional ones are left out: NULL is never skipped in silence.
const OPERATORS: [&str; 18] = [
    operators::CONDITIONAL,
    operators::LOGICAL_AND,
    operators::LOGICAL_OR,
    operators::LOGICAL_NOT,
    operators::SUBSTRACT,
    operators::ADD,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::GREATER_EQUALS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::LESS,
    operators::NEGATE,
    operators::INDEX,
    operators::IN,
    operators::NOT_STRICTLY_FALSE,
];

/// Walks a parsed expression: checks names and calls, collects references, makes numbers doubles.
struct Walk<'a> {
    known: &'a BTreeSet<Ref>,
    info: &'a SourceInfo,
    refs: BTreeSet<Ref>,
    /// Variables of the comprehension that is being walked.
    bound: Vec<String>,
}

impl Walk<'_> {
    fn expression(&mut self, node: &IdedExpr) -> Result<IdedExpr, RuleError> {
        let mut node = node.clone();
        match &mut node.expr {
            Expr::Literal(literal) => make_double(literal),
            Expr::Ident(name) => {
                if !self.bound.contains(name) {
                    let message = format!("`{name}` is unknown here; a rule reads row.…, value.… and params.…");
                    return Err(self.error(node.id, message));
                }
            }
            Expr::Select(select) if select.test => {
                let message = "has() is not offered: a NULL makes the finding unknown; say in the probe what it means \
                               (when_null) where it means something";
                return Err(self.error(node.id, message.into()));
            }
            Expr::Select(_) => self.select(&node)?,
            Expr::Call(call) => {
                if let Some(folded) = self.quantity(call, node.id)? {
                    return Ok(IdedExpr { id: node.id, expr: folded });
                }
                self.allowed(&call.func_name, node.id)?;
                if let Some(target) = &mut call.target {
                    **target = self.expression(target)?;
                }
                let indexes = call.func_name == operators::INDEX;
                for (place, argument) in call.args.iter_mut().enumerate() {
                    let index = indexes && place == 1;
                    *argument = if index { argument.clone() } else { self.expression(argument)? };
                }
                match call.func_name.as_str() {
                    operators::DIVIDE => call.func_name = DIVIDE.into(),
                    "size" => return Ok(as_double(node)),
                    _ => {}
                }
            }
            Expr::List(list) => {
                for element in &mut list.elements {
                    *element = self.expression(element)?;
                }
            }
            Expr::Comprehension(inner) => {
                if !self.bound.is_empty() {
                    return Err(
                        self.error(node.id, "a macro inside a macro is not offered: its cost has no bound".into())
                    );
                }
                inner.iter_range = self.expression(&inner.iter_range)?;
                self.bound = vec![inner.iter_var.clone(), inner.accu_var.clone()];
                self.bound.extend(inner.iter_var2.clone());
                for part in [&mut inner.accu_init, &mut inner.loop_cond, &mut inner.loop_step, &mut inner.result] {
                    *part = self.expression(part)?;
                }
                self.bound.clear();
            }
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                return Err(self.error(node.id, "maps and structs are not offered in rules".into()));
            }
        }
        Ok(node)
    }

    /// `row.x`, `row.delta.x`, …: known and noted.
    fn select(&mut self, node: &IdedExpr) -> Result<(), RuleError> {
        let name = reference(node).ok_or_else(|| {
            let message = "a rule reads row.x, row.delta.x, row.rate.x, value.x and params.x, and nothing deeper";
            self.error(node.id, message.into())
        })?;
        if self.known.contains(&name) {
            self.refs.insert(name);
            return Ok(());
        }
        let near: Vec<_> =
            self.known.iter().filter(|k| std::mem::discriminant(*k) == std::mem::discriminant(&name)).collect();
        let known = if near.is_empty() {
            "there is nothing of that kind here".into()
        } else {
            format!("known are {}", near.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        };
        Err(self.error(node.id, format!("`{name}` is unknown; {known}")))
    }

    /// `bytes("10MiB")`, `duration("5m")`, `percent("90%")`: worked out now, so that a typing error shows now.
    fn quantity(&self, call: &cel::common::ast::CallExpr, id: u64) -> Result<Option<Expr>, RuleError> {
        let unit = match call.func_name.as_str() {
            "bytes" => Unit::Bytes,
            "duration" => Unit::Seconds,
            "percent" => Unit::Ratio,
            _ => return Ok(None),
        };
        let [IdedExpr { expr: Expr::Literal(LiteralValue::String(text)), .. }] = call.args.as_slice() else {
            return Err(self.error(id, format!("{}() takes one quoted quantity", call.func_name)));
        };
        let number = quantity::parse(text.inner(), unit).map_err(|message| self.error(id, message))?;
        Ok(Some(Expr::Literal(LiteralValue::Double(CelDouble::from(number)))))
    }

    fn allowed(&self, name: &str, id: u64) -> Result<(), RuleError> {
        if OPERATORS.contains(&name) || FUNCTIONS.contains(&name) {
            return Ok(());
        }
        Err(self.error(id, format!("`{name}` is not offered in rules; functions are {}", FUNCTIONS.join(", "))))
    }

    fn error(&self, id: u64, message: String) -> RuleError {
        let at = self.info.offset_for(id).map_or(0, |(start, _)| start as usize);
        RuleError { message, at }
    }
}

fn reference(node: &IdedExpr) -> Option<Ref> {
    let Expr::Select(outer) = &node.expr else {
        return None;
    };
    let field = outer.field.clone();
    match &outer.operand.expr {
        Expr::Ident(root) => match root.as_str() {
            "row" => Some(Ref::Row(field)),
            "value" => Some(Ref::Value(field)),
            "params" => Some(Ref::Param(field)),
            _ => None,
        },
        Expr::Select(inner) => match (&inner.operand.expr, inner.field.as_str()) {
            (Expr::Ident(root), "delta") if root == "row" => Some(Ref::Delta(field)),
            (Expr::Ident(root), "rate") if root == "row" => Some(Ref::Rate(field)),
            _ => None,
        },
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a literal above 2^53 in a rule would be a mistake anyway")]
fn make_double(literal: &mut LiteralValue) {
    let number = match literal {
        LiteralValue::Int(i) => *i.inner() as f64,
        LiteralValue::UInt(u) => *u.inner() as f64,
        _ => return,
    };
    *literal = LiteralValue::Double(CelDouble::from(number));
}

fn as_double(node: IdedExpr) -> IdedExpr {
    let id = node.id;
    let call = cel::common::ast::CallExpr { func_name: "double".into(), target: None, args: vec![node] };
    IdedExpr { id, expr: Expr::Call(call) }
}

/// How deep brackets nest; strings are not told apart, which only makes it stricter.
fn nesting(source: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in source.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            // Chains of prefix operators nest as brackets do.
            '!' | '-' | '?' => deepest = deepest.max(depth + 1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest.max(source.matches("!!").count().max(source.matches("--").count()))
}

fn syntax_error(source: &str, errors: &cel::ParseErrors) -> RuleError {
    let Some(first) = errors.errors.first() else {
        return RuleError { message: "the expression is no CEL".into(), at: 0 };
    };
    let line = usize::try_from(first.pos.0).unwrap_or(1).max(1);
    let column = usize::try_from(first.pos.1).unwrap_or(1).max(1);
    let before: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    RuleError { message: first.msg.trim().to_owned(), at: (before + column - 1).min(source.len()) }
}

/// Binds what a rule reads as the maps `row`, `value` and `params`.
fn bind(context: &mut Context, refs: &BTreeSet<Ref>, scope: &Scope) -> Result<(), Unmeasured> {
    use std::collections::HashMap;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<Ref> {
        let mut known: BTreeSet<_> = ["used", "max", "name", "list", "idle"].map(|n| Ref::Row(n.into())).into();
        known.insert(Ref::Rate("used".into()));
        known.insert(Ref::Param("most".into()));
        known
    }

    fn scope() -> Scope {
        let mut scope = Scope::default();
        scope.set(Ref::Row("used".into()), Value::Int(80));
        scope.set(Ref::Row("max".into()), Value::Int(100));
        scope.set(Ref::Row("name".into()), Value::text("shop"));
        scope.set(Ref::Row("list".into()), Value::List(vec![Value::Int(1), Value::Int(7)]));
        scope.set(Ref::Param("most".into()), Value::Double(0.75));
        scope
    }

    fn evaluate(source: &str) -> Result<Value, Unmeasured> {
        Rule::compile(source, &known()).unwrap().evaluate(&Engine::default(), &scope())
    }

    #[test]
    fn numbers_mix_freely() {
        let cases = [
            ("row.used / row.max > params.most", Value::Bool(true)),
            ("row.used * 1.5 + 1 - 1", Value::Double(120.0)),
            ("row.used * 100 / row.max", Value::Double(80.0)),
            ("row.used == 80 && row.used == 80.0 && row.used >= 80", Value::Bool(true)),
            ("size(row.list) / 4", Value::Double(0.5)),
            ("row.list.exists(x, x > 5)", Value::Bool(true)),
            ("row.list.filter(x, x > 5).size() == 1", Value::Bool(true)),
            ("row.list[1]", Value::Double(7.0)),
            ("row.name == 'shop' ? max(row.used, 90) : min(1, 2)", Value::Double(90.0)),
            ("row.name in ['shop', 'x'] && -row.used < 0", Value::Bool(true)),
            ("row.name.startsWith('sh') && row.name.matches('^s.*p$')", Value::Bool(true)),
            ("row.max > bytes('1KiB') || row.used > duration('1m')", Value::Bool(true)),
            ("row.used / row.max >= percent('80%')", Value::Bool(true)),
        ];
        for (source, expected) in cases {
            assert_eq!(evaluate(source), Ok(expected), "{source}");
        }
    }

    #[test]
    fn a_null_is_unknown_also_where_the_language_would_swallow_it() {
        for source in
            ["row.idle > 1", "row.idle > 1 || true", "false && row.idle > 1", "row.used > 1 ? true : row.idle > 1"]
        {
            assert_eq!(evaluate(source), Err(Unmeasured::Missing(Ref::Row("idle".into()))), "{source}");
        }
        assert_eq!(evaluate("row.rate.used > 1 || true"), Err(Unmeasured::Missing(Ref::Rate("used".into()))));
    }

    #[test]
    fn dividing_by_zero_is_not_measured_and_may_be_guarded() {
        assert!(
            matches!(evaluate("row.used / (row.max - 100) > 1"), Err(Unmeasured::Failed(m)) if m.contains("division by zero"))
        );
        assert!(matches!(evaluate("(row.used - 80) / (row.max - 100) > 1"), Err(Unmeasured::Failed(_))));
        assert_eq!(evaluate("row.max > 100 && row.used / (row.max - 100) > 1"), Ok(Value::Bool(false)));
    }

    #[test]
    fn wrong_references_are_found_when_the_rule_is_loaded() {
        let cases = [
            ("row.usde > 1", "`row.usde` is unknown; known are row.", 0),
            ("1 < row.rate.max", "`row.rate.max` is unknown; known are row.rate.used", 4),
            ("used > 1", "`used` is unknown here", 0),
            ("has(row.used)", "has() is not offered", 0),
            ("row.used.deep > 1", "and nothing deeper", 0),
            ("now() > 1", "`now` is not offered", 0),
            ("row.list.exists(x, row.list.exists(y, y > x))", "a macro inside a macro", 0),
            ("duration('5 parsecs') > 1", "`5 parsecs` is no duration", 0),
            ("row.?used > 1", "", 0),
            ("row.used >", "", 0),
            ("", "is empty", 0),
        ];
        for (source, says, _) in cases {
            let error = Rule::compile(source, &known()).unwrap_err();
            assert!(error.message.contains(says), "{source}: {}", error.message);
        }
        let error = Rule::compile("row.used > 1 && row.usde > 1", &known()).unwrap_err();
        assert!((16..=19).contains(&error.at), "the place is told: {}", error.at);
    }

    #[test]
    fn the_cost_is_bounded() {
        assert!(Rule::compile(&format!("{}1", "1+".repeat(1500)), &known()).is_err());
        assert!(Rule::compile(&format!("{}1{}", "(".repeat(200), ")".repeat(200)), &known()).is_err());
        let mut scope = scope();
        scope.set(Ref::Row("list".into()), Value::List(vec![Value::Int(1); MAX_LIST + 1]));
        let rule = Rule::compile("row.list.exists(x, x > 5)", &known()).unwrap();
        assert!(matches!(rule.evaluate(&Engine::default(), &scope), Err(Unmeasured::Failed(_))));
    }
}
