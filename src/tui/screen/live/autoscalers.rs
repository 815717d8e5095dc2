//! Horizontal pod autoscalers: where they stand in their range, and what they say of themselves.

use jiff::Timestamp;

use super::{
    board::Board,
    detail::Detail,
    kept::Kept,
    row::{Cell, Point, Row, Shown},
    words::many,
};
use crate::{
    check::{
        derivation::row::{Row as TableRow, rows},
        relation::Relation,
    },
    snapshot::Observation,
    tui::{theme::Meaning, widget::Column},
};

/// An autoscaler.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Autoscaler {
    at: Timestamp,
    source: String,
    namespace: String,
    name: String,
    target: String,
    replicas: Replicas,
    /// Percent of the request now, and as wished.
    cpu: (Option<i64>, Option<i64>),
    memory: (Option<i64>, Option<i64>),
    metrics: Vec<String>,
    able: Condition,
    active: Condition,
    limited: Condition,
}

/// Numbers of replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Replicas {
    current: Option<i64>,
    desired: Option<i64>,
    least: Option<i64>,
    most: Option<i64>,
}

/// What it says of itself, in a word and in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    status: String,
    reason: String,
    message: String,
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "CLUSTER", least: 8, grows: 0, right: false, rank: 2 },
    Column { title: "AUTOSCALER", least: 18, grows: 2, right: false, rank: 20 },
    Column { title: "STATE", least: 9, grows: 0, right: false, rank: 19 },
    Column { title: "REPLICAS", least: 16, grows: 1, right: false, rank: 18 },
    Column { title: "WANTS", least: 5, grows: 0, right: true, rank: 16 },
    Column { title: "RANGE", least: 7, grows: 0, right: true, rank: 15 },
    Column { title: "CPU", least: 9, grows: 0, right: true, rank: 12 },
    Column { title: "MEMORY", least: 9, grows: 0, right: true, rank: 8 },
    Column { title: "LATELY", least: 8, grows: 2, right: false, rank: 4 },
];

/// Reads all autoscalers; those that can scale no further first.
pub(super) fn read(kept: &Kept) -> Vec<Autoscaler> {
    let mut all = Vec::new();
    for observation in kept.tables("kubernetes.hpas") {
        let relation = Relation::observed(observation);
        all.extend(rows(&relation).map(|row| autoscaler(observation, &row)));
    }
    all.sort_by_key(|autoscaler| (!autoscaler.is_stuck(), Row::name(autoscaler)));
    all
}

fn autoscaler(observation: &Observation, row: &TableRow) -> Autoscaler {
    let condition = |name: &str| Condition {
        status: row.text(name),
        reason: row.text(&format!("{name}_reason")),
        message: row.text(&format!("{name}_message")),
    };
    let metrics = row.value("metric_types");
    Autoscaler {
        at: observation.at,
        source: observation.source.clone(),
        namespace: row.text("namespace"),
        name: row.text("name"),
        target: format!("{}/{}", row.text("target_kind"), row.text("target_name")),
        replicas: Replicas {
            current: row.int("current"),
            desired: row.int("desired"),
            least: row.int("min"),
            most: row.int("max"),
        },
        cpu: (row.int("cpu_current"), row.int("cpu_target")),
        memory: (row.int("memory_current"), row.int("memory_target")),
        metrics: metrics.as_list().unwrap_or_default().iter().filter_map(|m| m.as_str().map(str::to_owned)).collect(),
        able: condition("able"),
        active: condition("active"),
        limited: condition("limited"),
    }
}

impl Autoscaler {
    /// Whether it can add nothing more, whatever the load.
    pub(super) fn is_stuck(&self) -> bool {
        !matches!(self.state().0, "ok" | "at min")
    }

    fn state(&self) -> (&'static str, Meaning) {
        let Replicas { current, desired, least, most } = self.replicas;
        let at = |limit: Option<i64>| limit.is_some() && (current == limit || desired == limit);
        match () {
            () if self.able.status == "False" => ("CANNOT", Meaning::Fail),
            () if self.active.status == "False" => ("NO METRIC", Meaning::Fail),
            // A range of one number is no limit that was run into.
            () if at(most) && least != most => ("AT MAX", Meaning::Warn),
            () if at(least) => ("at min", Meaning::Text),
            () => ("ok", Meaning::Pass),
        }
    }

    fn moves(&self) -> String {
        format!("{} replicas", Row::name(self))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of pods")]
    fn share(&self) -> Option<f64> {
        let (current, most) = (self.replicas.current?, self.replicas.most?);
        (most > 0).then(|| current as f64 / most as f64)
    }
}

fn whole(number: Option<i64>) -> String {
    number.map_or_else(|| "?".into(), |number| number.to_string())
}

/// `96% of 70`: used now of what is wished, both in percent of the request.
fn percent((now, target): (Option<i64>, Option<i64>)) -> String {
    match (now, target) {
        (_, None) => "-".into(),
        (Some(now), Some(target)) => format!("{now}%/{target}%"),
        (None, Some(target)) => format!("?/{target}%"),
    }
}

impl Row for Autoscaler {
    fn name(&self) -> String {
        format!("{} {}/{}", self.source, self.namespace, self.name)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        let (state, _) = self.state();
        format!(
            "cluster:{} namespace:{} name:{} state:{state} {} {} {}",
            self.source, self.namespace, self.name, self.target, self.active.reason, self.limited.reason
        )
    }

    fn cells(&self, _shown: &Shown) -> Vec<Cell> {
        let (state, meaning) = self.state();
        let Replicas { current, desired, least, most } = self.replicas;
        #[expect(clippy::cast_precision_loss, reason = "a number of pods")]
        let top = most.map(|most| most as f64);
        vec![
            Cell::outside(&self.source),
            Cell::outside(&format!("{}/{}", self.namespace, self.name)),
            Cell::text(state).means(meaning),
            Cell::Share(self.share(), format!("{} of {}", whole(current), whole(most)), meaning),
            Cell::text(whole(desired)),
            Cell::text(format!("{}-{}", whole(least), whole(most))),
            Cell::text(percent(self.cpu)),
            Cell::text(percent(self.memory)),
            Cell::Moves(self.moves(), top),
        ]
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of pods")]
    fn number(&self) -> Option<Point> {
        Some((self.moves(), self.at, self.replicas.current.map(|current| current as f64)))
    }

    fn detail(&self, _board: &Board) -> Detail {
        let (state, meaning) = self.state();
        let Replicas { current, desired, least, most } = self.replicas;
        let of = |pair: (Option<i64>, Option<i64>)| match pair {
            (_, None) => String::new(),
            (Some(now), Some(target)) => format!("{now} % of its request; wished are {target} %"),
            (None, Some(target)) => format!("not told; wished are {target} % of its request"),
        };
        let mut detail = Detail::new(format!("Autoscaler {}/{} in {}", self.namespace, self.name, self.source))
            .means("state", state, meaning)
            .fact("scales", &*self.target)
            .fact("replicas now", whole(current))
            .fact("replicas it wants", whole(desired))
            .fact("range", format!("{} to {}", whole(least), whole(most)))
            .fact("CPU", of(self.cpu))
            .fact("memory", of(self.memory))
            .fact("metrics", self.metrics.join(", "))
            .heading("What it says of itself");
        for (name, condition) in
            [("able to scale", &self.able), ("scaling active", &self.active), ("scaling limited", &self.limited)]
        {
            let parts = [&*condition.status, &*condition.reason, &*condition.message];
            let words: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            detail = detail.fact(name, if words.is_empty() { "not said".into() } else { words.join(": ") });
        }
        detail
    }
}

/// How the autoscalers stand, in a line.
pub(super) fn summary(autoscalers: &[Autoscaler]) -> String {
    let count = many(autoscalers.len(), "autoscaler", "autoscalers");
    let stuck = autoscalers.iter().filter(|autoscaler| autoscaler.is_stuck()).count();
    if stuck == 0 { count } else { format!("{count}, {stuck} can scale no further") }
}
