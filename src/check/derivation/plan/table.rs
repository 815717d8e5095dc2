//! What all comparisons of a plan share: their columns, and reading its sections.

use crate::{
    check::{
        derivation::{
            Asked, Derivation,
            row::{Row, rows},
        },
        relation::Relation,
    },
    snapshot::{Kind, Unit, Value},
};

/// The columns of a comparison.
pub(super) const COLUMNS: &[(&str, Kind, Unit)] = &[
    // Which comparison it is, in a word; `none` where the plan states nothing to compare.
    ("rule", Kind::Text, Unit::Count),
    // What both statements are about.
    ("what", Kind::Text, Unit::Count),
    ("stated", Kind::Double, Unit::Count),
    ("stated_text", Kind::Text, Unit::Count),
    ("other", Kind::Double, Unit::Count),
    ("other_text", Kind::Text, Unit::Count),
    // `stated` as a multiple of `other`; 1 where there is nothing to divide.
    ("factor", Kind::Double, Unit::Count),
    // How exact each of the two is, as a share of it.
    ("tolerance", Kind::Double, Unit::Ratio),
    ("other_tolerance", Kind::Double, Unit::Ratio),
    // Whether something is missing or two things exclude each other, where no number says it.
    ("bad", Kind::Bool, Unit::Count),
    // The arithmetic.
    ("how", Kind::Text, Unit::Count),
];

/// One comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Compared {
    pub(super) rule: &'static str,
    pub(super) what: String,
    pub(super) stated: f64,
    pub(super) stated_text: String,
    pub(super) other: f64,
    pub(super) other_text: String,
    pub(super) tolerance: f64,
    pub(super) other_tolerance: f64,
    pub(super) bad: bool,
    pub(super) how: String,
}

impl Compared {
    /// Two numbers of one thing.
    pub(super) fn numbers(rule: &'static str, what: impl Into<String>, stated: f64, other: f64, how: String) -> Self {
        Self { rule, what: what.into(), stated, other, how, ..Self::default() }
    }

    /// Something that is there or not, or a pair that goes together or not.
    pub(super) fn fact(rule: &'static str, what: impl Into<String>, bad: bool, how: impl Into<String>) -> Self {
        Self { rule, what: what.into(), bad, how: how.into(), ..Self::default() }
    }

    /// The same with the texts as the plan has them.
    pub(super) fn texts(mut self, stated: impl Into<String>, other: impl Into<String>) -> Self {
        (self.stated_text, self.other_text) = (stated.into(), other.into());
        self
    }

    fn cells(self) -> Vec<Value> {
        let factor = if self.other == 0.0 { 1.0 } else { self.stated / self.other };
        vec![
            Value::text(self.rule),
            Value::text(if self.what.is_empty() { "plan".to_owned() } else { self.what }),
            Value::double(self.stated),
            Value::text(self.stated_text),
            Value::double(self.other),
            Value::text(self.other_text),
            Value::double(factor),
            Value::double(self.tolerance),
            Value::double(self.other_tolerance),
            Value::Bool(self.bad),
            Value::text(self.how),
        ]
    }
}

/// A quantity of the plan.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) tolerance: f64,
    pub(super) measure: String,
    pub(super) text: String,
}

/// The quantity in a column and its neighbours.
pub(super) fn quantity(row: Row, column: &str) -> Option<Quantity> {
    let value = row.number(column)?;
    let beside = |part: &str| row.number(&format!("{column}_{part}"));
    let text = row.text(&format!("{column}_text"));
    Some(Quantity {
        value,
        low: beside("low").unwrap_or(value),
        high: beside("high").unwrap_or(value),
        tolerance: beside("tolerance").unwrap_or_default(),
        measure: row.text(&format!("{column}_measure")),
        text: if text.is_empty() { super::say::figure(value) } else { text },
    })
}

/// A number of instances as a whole one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of instances: not negative, far below 2^53"
)]
pub(super) fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// The words in a column of lists.
pub(super) fn words(row: Row, column: &str) -> Vec<String> {
    let value = row.value(column);
    let items = value.as_list().unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_lowercase)).collect()
}

/// The sections that a derivation reads.
pub(super) struct Sections<'a> {
    from: Vec<&'a Relation<'a>>,
}

impl<'a> Sections<'a> {
    /// The rows of a section.
    pub(super) fn rows(&self, id: &str) -> Vec<Row<'a>> {
        self.from.iter().filter(|relation| relation.id == id).flat_map(|relation| rows(relation)).collect()
    }

    /// The only row of a section.
    pub(super) fn one(&self, id: &str) -> Option<Row<'a>> {
        self.rows(id).into_iter().next()
    }

    /// A quantity of the plan's own keys.
    pub(super) fn summary(&self, column: &str) -> Option<Quantity> {
        quantity(self.one("plan.summary")?, column)
    }
}

/// All comparisons of a derivation, or one row that says that there is nothing to compare.
///
/// A section that was never asked leaves nothing to judge: that is unknown, not empty.
pub(super) fn compare(
    derivation: &'static Derivation,
    asked: &Asked,
    work: impl Fn(&Sections) -> Vec<Compared>,
) -> Vec<Relation<'static>> {
    let from: Option<Vec<&Relation>> = derivation.inputs.iter().map(|id| asked.all(id).first()).collect();
    let Some(from) = from else {
        return Vec::new();
    };
    let sections = Sections { from };
    let mut found = work(&sections);
    if found.is_empty() {
        found.push(Compared { rule: "none", ..Compared::default() });
    }
    vec![derivation.relation(&sections.from, found.into_iter().map(Compared::cells).collect())]
}
