//! From text to a checked expression: names, calls, cost, and every number a double.

use std::collections::BTreeSet;

use cel::{
    IdedExpr, Program,
    common::{
        ast::{CallExpr, Expr, LiteralValue, SourceInfo, operators},
        types::CelDouble,
    },
};

use super::{Ref, RuleError, engine::DIVIDE};
use crate::{quantity, snapshot::Unit};

/// The longest expression, in bytes. The longest one that ships has a tenth of it.
const MAX_LENGTH: usize = 2_000;

/// The deepest nesting of an expression.
const MAX_DEPTH: usize = 60;

/// Parses and checks an expression: what to run, and everything it reads.
pub(super) fn compile(source: &str, known: &BTreeSet<Ref>) -> Result<(IdedExpr, BTreeSet<Ref>), RuleError> {
    let fail = |message: String, at: usize| Err(RuleError { message, at });
    if source.trim().is_empty() {
        return fail("the expression is empty; a rule is a CEL expression such as `row.used > params.most`".into(), 0);
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
    Ok((expression, walk.refs))
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
    fn quantity(&self, call: &CallExpr, id: u64) -> Result<Option<Expr>, RuleError> {
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
    let call = CallExpr { func_name: "double".into(), target: None, args: vec![node] };
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
