//! Which resource is *the* bottleneck.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    super::bottleneck::{Bottleneck, Grade},
    need::DAYS,
};

/// What a resource is ranked by: its margin, or else its headroom, or the days left by a quarter.
fn key(bottleneck: &Bottleneck) -> Option<f64> {
    bottleneck.margin.or(bottleneck.headroom).or_else(|| bottleneck.days_left.map(|days| days / DAYS))
}

/// Whether it is over its ceiling today: no margin in days or multiples is nearer than that. A static limit is not:
/// what may be asked for at most need not be asked for now.
fn is_over(b: &Bottleneck) -> bool {
    b.grade != Grade::Static && (b.headroom.is_some_and(|h| h < 1.0) || b.days_left.is_some_and(|days| days <= 0.0))
}

/// What is over its ceiling first, then the nearest to it. What a load test carried is a lower bound and breaks after what is known to
/// break; what cannot be told comes last. Ties are broken by name, so that the order never depends on the input's.
pub(super) fn sort(bottlenecks: &mut [Bottleneck]) {
    bottlenecks.sort_by(order);
}

/// Which of two comes first.
pub(in crate::readiness) fn order(a: &Bottleneck, b: &Bottleneck) -> Ordering {
    let class = |b: &Bottleneck| (key(b).is_none(), b.grade == Grade::LoadTest, !is_over(b));
    let by_key = key(a).unwrap_or_default().total_cmp(&key(b).unwrap_or_default());
    let names = |b: &Bottleneck| (b.check.clone(), b.subject.clone(), b.resource.clone());
    class(a).cmp(&class(b)).then(by_key).then_with(|| names(a).cmp(&names(b)))
}

/// The first so many of each check, in order.
pub(super) fn worst(bottlenecks: Vec<Bottleneck>, most: usize) -> Vec<Bottleneck> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let keep = |bottleneck: &Bottleneck| {
        let count = seen.entry(bottleneck.check.clone()).or_default();
        *count += 1;
        *count <= most
    };
    bottlenecks.into_iter().filter(keep).collect()
}
