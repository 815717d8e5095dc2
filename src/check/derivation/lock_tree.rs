//! Who holds up whom: one row for each session that others wait for and that waits for nobody.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Asked, Derivation,
    row::{Row, count, cut, rows},
};
use crate::{
    check::relation::Relation,
    quantity,
    snapshot::{Kind, Unit, Value},
};

pub(super) static LOCK_TREE: Derivation = Derivation {
    id: "postgres.lock-tree",
    about: "A session that others wait for and that waits for nobody, with all who wait behind it",
    inputs: &["postgres.activity"],
    columns: &[
        ("pid", Kind::Int, Unit::Id),
        ("who", Kind::Text, Unit::Count),
        ("database", Kind::Text, Unit::Count),
        ("client", Kind::Text, Unit::Count),
        ("backend_start", Kind::Text, Unit::Count),
        ("state", Kind::Text, Unit::Count),
        ("state_age_s", Kind::Double, Unit::Seconds),
        ("xact_age_s", Kind::Double, Unit::Seconds),
        ("query", Kind::Text, Unit::Count),
        ("blocked", Kind::Int, Unit::Count),
        ("blocked_directly", Kind::Int, Unit::Count),
        ("depth", Kind::Int, Unit::Count),
        ("longest_wait_s", Kind::Double, Unit::Seconds),
        ("cycle", Kind::Bool, Unit::Count),
        ("tree", Kind::Text, Unit::Count),
    ],
    derive,
};

/// For how many waiting sessions the probe `postgres.activity` asks who blocks them.
const ASKED: i64 = 500;

/// The most lines of a drawn tree.
const LINES: usize = 40;

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("postgres.activity")
        .iter()
        .map(|activity| {
            let sessions = Sessions::read(activity);
            let rows = sessions.trees().iter().map(Tree::row).collect();
            let mut relation = LOCK_TREE.relation(&[activity], rows);
            relation.not_visible = relation.not_visible.or_else(|| not_asked(activity)).or_else(|| cut(activity));
            relation
        })
        .collect()
}

/// Who waits beyond the number that the probe asks whom for: their trees may be missing.
fn not_asked(activity: &Relation) -> Option<String> {
    let waiting = rows(activity).find_map(|row| row.int("lock_waiters"))?;
    (waiting > ASKED).then(|| format!("only {ASKED} of {waiting} sessions that wait for a lock were asked whom for"))
}

/// The sessions of one server by process id, and who waits for each.
struct Sessions<'a> {
    by_pid: BTreeMap<i64, Row<'a>>,
    waiters: BTreeMap<i64, Vec<i64>>,
    waiting: BTreeSet<i64>,
}

/// All who wait, directly or not, for one session.
struct Tree<'a> {
    root: i64,
    session: Option<Row<'a>>,
    directly: usize,
    blocked: usize,
    depth: usize,
    longest_wait: f64,
    cycle: bool,
    lines: Vec<String>,
}

impl<'a> Sessions<'a> {
    fn read(activity: &'a Relation<'a>) -> Self {
        let mut sessions = Self { by_pid: BTreeMap::new(), waiters: BTreeMap::new(), waiting: BTreeSet::new() };
        for row in rows(activity) {
            let Some(pid) = row.int("pid") else { continue };
            sessions.by_pid.insert(pid, row);
            let blockers: BTreeSet<i64> = row
                .value("blocked_by")
                .as_list()
                .unwrap_or_default()
                .iter()
                .filter_map(Value::as_i64)
                // A parallel query may be said to wait for its own leader.
                .filter(|blocker| *blocker != pid)
                .collect();
            for blocker in blockers {
                sessions.waiters.entry(blocker).or_default().push(pid);
                sessions.waiting.insert(pid);
            }
        }
        let longest_first: BTreeMap<i64, f64> =
            sessions.waiting.iter().map(|pid| (*pid, sessions.wait(*pid))).collect();
        for waiters in sessions.waiters.values_mut() {
            waiters.sort_by(|a, b| longest_first[b].total_cmp(&longest_first[a]).then(a.cmp(b)));
        }
        sessions
    }

    fn wait(&self, pid: i64) -> f64 {
        self.by_pid.get(&pid).and_then(|row| row.number("wait_s")).unwrap_or_default()
    }

    /// One tree for each root. Where all wait for each other (a deadlock that the server has not
    /// broken yet), the one that has waited longest stands for a root.
    fn trees(&self) -> Vec<Tree<'a>> {
        let mut trees = Vec::new();
        let mut placed = BTreeSet::new();
        for root in self.waiters.keys().filter(|pid| !self.waiting.contains(pid)) {
            trees.push(self.tree(*root, false, &mut placed));
        }
        while let Some(root) = self
            .waiting
            .difference(&placed)
            .copied()
            .max_by(|a, b| self.wait(*a).total_cmp(&self.wait(*b)).then(b.cmp(a)))
        {
            trees.push(self.tree(root, true, &mut placed));
        }
        trees
    }

    fn tree(&self, root: i64, cycle: bool, placed: &mut BTreeSet<i64>) -> Tree<'a> {
        let direct = self.waiters.get(&root).map_or(&[][..], Vec::as_slice);
        let mut tree = Tree {
            root,
            session: self.by_pid.get(&root).copied(),
            directly: direct.iter().filter(|pid| **pid != root).count(),
            blocked: 0,
            depth: 0,
            longest_wait: if cycle { self.wait(root) } else { 0.0 },
            cycle,
            lines: vec![self.line(root, 0)],
        };
        let mut seen = BTreeSet::from([root]);
        let mut next: Vec<(i64, usize)> = direct.iter().rev().map(|pid| (*pid, 1)).collect();
        // A session may wait for several: it is drawn once, under the one whose branch comes first.
        while let Some((pid, depth)) = next.pop() {
            if !seen.insert(pid) {
                continue;
            }
            tree.blocked += 1;
            tree.depth = tree.depth.max(depth);
            tree.longest_wait = tree.longest_wait.max(self.wait(pid));
            if tree.lines.len() < LINES {
                tree.lines.push(self.line(pid, depth));
            }
            let behind = self.waiters.get(&pid).map_or(&[][..], Vec::as_slice);
            next.extend(behind.iter().rev().map(|pid| (*pid, depth + 1)));
        }
        if tree.blocked + 1 > tree.lines.len() {
            let more = tree.blocked + 1 - tree.lines.len();
            tree.lines.push(format!("… and {more} more"));
        }
        placed.extend(seen);
        tree
    }

    /// `  <- 4711 app web, waits 12 s: update stock set …`
    fn line(&self, pid: i64, depth: usize) -> String {
        let indent = "  ".repeat(depth.min(20));
        let arrow = if depth == 0 { "" } else { "<- " };
        let Some(row) = self.by_pid.get(&pid) else {
            return format!("{indent}{arrow}{}", stranger(pid));
        };
        let doing = if depth == 0 {
            let age = quantity::show(row.number("state_age_s").unwrap_or_default(), Unit::Seconds);
            format!("{} for {age}", row.text("state"))
        } else {
            format!("waits {}", quantity::show(self.wait(pid), Unit::Seconds))
        };
        let query: Vec<_> = row.text("query").split_whitespace().map(str::to_owned).collect();
        let query: String = query.join(" ").chars().take(80).collect();
        format!("{indent}{arrow}{pid} {}, {doing}: {query}", who(row))
    }
}

impl Tree<'_> {
    fn row(&self) -> Vec<Value> {
        let text = |column: &str| self.session.map_or(Value::text(""), |row| Value::text(row.text(column)));
        let number = |column: &str| {
            let number = self.session.and_then(|row| row.number(column));
            Value::double(number.unwrap_or_default())
        };
        vec![
            Value::Int(self.root),
            Value::text(self.session.as_ref().map_or_else(|| stranger(self.root), who)),
            text("database"),
            text("client"),
            text("backend_start"),
            text("state"),
            number("state_age_s"),
            number("xact_age_s"),
            text("query"),
            count(self.blocked),
            count(self.directly),
            count(self.depth),
            Value::double(self.longest_wait),
            Value::Bool(self.cycle),
            Value::text(self.lines.join("\n")),
        ]
    }
}

fn who(row: &Row) -> String {
    let (user, application) = (row.text("user_name"), row.text("application"));
    match (user.as_str(), application.as_str()) {
        ("", _) => row.text("backend_type"),
        (_, "") => user,
        _ => format!("{user} {application}"),
    }
}

fn stranger(pid: i64) -> String {
    if pid == 0 { "a prepared transaction".to_owned() } else { format!("{pid} (a session that was not listed)") }
}
