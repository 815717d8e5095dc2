//! What rules promise beyond the language.

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
