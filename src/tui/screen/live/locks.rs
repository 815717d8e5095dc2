//! Who waits for whom: those that hold others up first, and under each those that wait behind it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    board::Board,
    detail::Detail,
    row::{Cell, Row, Shown},
    sessions::Session,
    words::{many, span, whole},
};
use crate::tui::{theme::Meaning, widget::Column};

/// A line of the tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Waiter {
    source: Arc<str>,
    /// 0 is a prepared transaction.
    pub(super) pid: i64,
    /// How many stand between it and its root; 0 is a root.
    pub(super) depth: usize,
    /// How many wait behind it, directly or not.
    pub(super) behind: usize,
    /// How long it has waited; of a root, the longest wait behind it.
    waited_s: f64,
    /// Its place among the sessions; none where it was not seen there.
    pub(super) session: Option<usize>,
    /// Whether it waits, in the end, for itself: the server has not broken the deadlock yet.
    pub(super) circle: bool,
    /// Others that it waits for besides the one above it.
    also: Vec<i64>,
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "SESSION", least: 18, grows: 1, right: false, rank: 20 },
    Column { title: "SERVER", least: 10, grows: 1, right: false, rank: 3 },
    Column { title: "BEHIND IT", least: 9, grows: 0, right: true, rank: 18 },
    Column { title: "WAITED", least: 6, grows: 0, right: true, rank: 16 },
    Column { title: "STATE", least: 7, grows: 0, right: false, rank: 14 },
    Column { title: "USER", least: 9, grows: 0, right: false, rank: 8 },
    Column { title: "STATEMENT", least: 18, grows: 6, right: false, rank: 12 },
];

/// The trees of all servers.
pub(super) fn read(sessions: &[Session]) -> Vec<Waiter> {
    let mut servers: BTreeMap<&Arc<str>, Server> = BTreeMap::new();
    for (at, session) in sessions.iter().enumerate() {
        servers.entry(&session.source).or_default().add(at, session);
    }
    let mut all = Vec::new();
    for (source, mut server) in servers {
        server.sort();
        all.extend(server.trees(source));
    }
    all
}

/// Who waits for whom on one server.
#[derive(Default)]
struct Server<'a> {
    sessions: BTreeMap<i64, (usize, &'a Session)>,
    waiters: BTreeMap<i64, Vec<i64>>,
    waiting: BTreeSet<i64>,
}

impl<'a> Server<'a> {
    fn add(&mut self, at: usize, session: &'a Session) {
        self.sessions.insert(session.pid, (at, session));
        let blockers: BTreeSet<i64> = session.blocked_by.iter().copied().collect();
        // A parallel query may be said to wait for its own leader.
        for blocker in blockers.into_iter().filter(|blocker| *blocker != session.pid) {
            self.waiters.entry(blocker).or_default().push(session.pid);
            self.waiting.insert(session.pid);
        }
    }

    fn waited(&self, pid: i64) -> f64 {
        self.sessions.get(&pid).map_or(0.0, |(_, session)| session.waited_s)
    }

    /// Who waits longest comes first.
    fn sort(&mut self) {
        let waited: BTreeMap<i64, f64> = self.waiting.iter().map(|pid| (*pid, self.waited(*pid))).collect();
        for waiters in self.waiters.values_mut() {
            waiters.sort_by(|a, b| waited[b].total_cmp(&waited[a]).then(a.cmp(b)));
        }
    }

    /// All who wait behind a session, itself left out.
    fn behind(&self, pid: i64) -> BTreeSet<i64> {
        let mut seen = BTreeSet::from([pid]);
        let mut open = vec![pid];
        while let Some(next) = open.pop() {
            let more: Vec<i64> = self.waiters.get(&next).into_iter().flatten().copied().collect();
            open.extend(more.into_iter().filter(|waiter| seen.insert(*waiter)));
        }
        seen.remove(&pid);
        seen
    }

    fn trees(&self, source: &Arc<str>) -> Vec<Waiter> {
        let mut roots: Vec<(i64, BTreeSet<i64>)> = self
            .waiters
            .keys()
            .filter(|pid| !self.waiting.contains(pid))
            .map(|pid| (*pid, self.behind(*pid)))
            .collect();
        roots.sort_by(|(a, behind_a), (b, behind_b)| behind_b.len().cmp(&behind_a.len()).then(a.cmp(b)));
        let mut placed = BTreeSet::new();
        let mut lines = Vec::new();
        for (root, behind) in roots {
            self.tree(source, (root, &behind, false), &mut placed, &mut lines);
        }
        // Who is left waits in a circle, or behind one.
        while let Some(left) = self.waiting.iter().copied().find(|pid| !placed.contains(pid)) {
            let root = self.in_circle(left);
            self.tree(source, (root, &self.behind(root), true), &mut placed, &mut lines);
        }
        lines
    }

    /// The one of a circle that has waited longest, found by going from a session to whom it waits for.
    fn in_circle(&self, from: i64) -> i64 {
        let mut way = vec![from];
        let mut seen = BTreeSet::from([from]);
        let mut now = from;
        while let Some(next) =
            self.blockers(now).iter().copied().find(|next| *next != now && self.waiting.contains(next))
        {
            if !seen.insert(next) {
                let begins = way.iter().position(|pid| *pid == next).unwrap_or(0);
                let circle = way[begins..].iter().copied();
                return circle
                    .max_by(|a, b| self.waited(*a).total_cmp(&self.waited(*b)).then(b.cmp(a)))
                    .unwrap_or(next);
            }
            way.push(next);
            now = next;
        }
        from
    }

    fn blockers(&self, pid: i64) -> &[i64] {
        self.sessions.get(&pid).map_or(&[], |(_, session)| &session.blocked_by)
    }

    /// One tree, depth first and without recursion: a chain may be as long as there are sessions.
    fn tree(
        &self,
        source: &Arc<str>,
        (root, behind, circle): (i64, &BTreeSet<i64>, bool),
        placed: &mut BTreeSet<i64>,
        lines: &mut Vec<Waiter>,
    ) {
        let longest = behind.iter().map(|pid| self.waited(*pid)).fold(self.waited(root), f64::max);
        let from = lines.len();
        let mut open = vec![(root, None, 0)];
        while let Some((pid, above, depth)) = open.pop() {
            if !placed.insert(pid) {
                continue;
            }
            let others = self.blockers(pid).iter().copied().filter(|other| Some(*other) != above && *other != pid);
            lines.push(Waiter {
                source: Arc::clone(source),
                pid,
                depth,
                behind: 0,
                waited_s: if depth == 0 { longest } else { self.waited(pid) },
                session: self.sessions.get(&pid).map(|(at, _)| *at),
                circle: circle && depth == 0,
                also: if circle && depth == 0 { Vec::new() } else { others.collect() },
            });
            let next = self.waiters.get(&pid).into_iter().flatten().rev();
            open.extend(next.filter(|waiter| !placed.contains(waiter)).map(|waiter| (*waiter, Some(pid), depth + 1)));
        }
        count_behind(&mut lines[from..]);
        lines[from].behind = behind.len();
    }
}

/// How many lines stand under each, from the last to the first.
fn count_behind(lines: &mut [Waiter]) {
    let mut under: Vec<usize> = Vec::new();
    for at in (0..lines.len()).rev() {
        let depth = lines[at].depth;
        under.resize(under.len().max(depth + 2), 0);
        lines[at].behind = std::mem::take(&mut under[depth + 1]);
        under[depth] += lines[at].behind + 1;
    }
}

impl Waiter {
    /// Its session.
    pub(super) fn of<'b>(&self, board: &'b Board) -> Option<&'b Session> {
        board.sessions.get(self.session?)
    }

    fn title(&self) -> String {
        match (self.pid, self.session) {
            (0, _) => "prepared tx".into(),
            (pid, Some(_)) => pid.to_string(),
            (pid, None) => format!("{pid} (not seen)"),
        }
    }

    fn note(&self) -> String {
        match (self.circle, self.also.as_slice()) {
            (true, _) => " in a circle".into(),
            (false, []) => String::new(),
            (false, also) => format!(" +{}", also.len()),
        }
    }
}

/// The steps of a tree that are drawn; deeper ones say their number.
const STEPS: usize = 5;

impl Row for Waiter {
    fn name(&self) -> String {
        format!("{}/{}", self.source, self.pid)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        format!("pid:{} server:{}", self.pid, self.source)
    }

    fn cells(&self, shown: &Shown) -> Vec<Cell> {
        let branch = match self.depth {
            0 => String::new(),
            depth @ 1..=STEPS => format!("{}{} ", "  ".repeat(depth - 1), shown.look.mark("└", "`")),
            depth => format!("{}{} {depth}: ", "  ".repeat(STEPS - 1), shown.look.mark("└", "`")),
        };
        let session = self.of(shown.board);
        let root = if self.depth == 0 { Meaning::Warn } else { Meaning::Text };
        let number = if self.behind > 0 { whole(self.behind) } else { "-".into() };
        let outside = |read: fn(&Session) -> &str| Cell::outside(session.map(read).unwrap_or_default());
        vec![
            Cell::text(format!("{branch}{}{}", self.title(), self.note())).means(root),
            Cell::outside(&self.source),
            Cell::text(number).means(root),
            Cell::text(span(self.waited_s)),
            Cell::text(session.map_or("-", Session::state_word))
                .means(session.map_or(Meaning::Muted, Session::meaning)),
            outside(|session| &session.user),
            outside(|session| &session.query),
        ]
    }

    fn detail(&self, board: &Board) -> Detail {
        let behind = format!("{} wait behind it, the longest for {}", whole(self.behind), span(self.waited_s));
        match self.of(board) {
            Some(session) => {
                let detail = session.detail(board);
                if self.behind > 0 { detail.text(&behind, Meaning::Warn) } else { detail }
            }
            None if self.pid == 0 => Detail::new(format!("A prepared transaction on {}", self.source))
                .text(&behind, Meaning::Warn)
                .text(
                    "It has no session that could be cancelled. It ends with COMMIT PREPARED or ROLLBACK PREPARED: the \
                     runbook `prepared-transaction` finds out which.",
                    Meaning::Text,
                ),
            None => Detail::new(format!("Session {} on {}", self.pid, self.source)).text(&behind, Meaning::Warn).text(
                "It was not among the sessions that were listed: it came or went in between, or its kind is not listed.",
                Meaning::Muted,
            ),
        }
    }
}

/// How many wait, in a line.
pub(super) fn summary(lines: &[Waiter]) -> String {
    let roots = lines.iter().filter(|line| line.depth == 0).count();
    if roots == 0 {
        return "nobody waits for a lock".into();
    }
    let prepared = lines.iter().filter(|line| line.depth == 0 && line.pid == 0).count();
    let waiting = lines.len() - lines.iter().filter(|line| line.depth == 0 && !line.circle).count();
    let longest = lines.iter().map(|line| line.waited_s).fold(0.0, f64::max);
    let mut words = format!(
        "{} held up by {}, the longest for {}",
        many(waiting, "session is", "sessions are"),
        many(roots, "other", "others"),
        span(longest)
    );
    if prepared > 0 {
        words += ", a prepared transaction among them";
    }
    words
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::tui::screen::live::{fixture, sessions};

    /// The tree of sessions by process id and whom they wait for, a line each: `depth pid behind`.
    fn tree(waits: &[(i64, &[i64])]) -> Vec<String> {
        let rows: Vec<_> = waits
            .iter()
            .map(|(pid, behind)| {
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let age = *pid as f64;
                fixture::session(*pid, "active", (age, age), behind, "select 1")
            })
            .collect();
        let answer = fixture::answer("postgres.activity", "p", Timestamp::UNIX_EPOCH, &rows);
        let lines = read(&sessions::read(&answer));
        lines.iter().map(|l| format!("{} {} {}{}", l.depth, l.title(), l.behind, l.note())).collect()
    }

    #[test]
    fn those_who_hold_up_most_come_first_and_the_longest_wait_before_others() {
        let waits: &[(i64, &[i64])] = &[(1, &[]), (2, &[1]), (3, &[2]), (4, &[2]), (5, &[9]), (9, &[]), (7, &[])];
        assert_eq!(tree(waits), ["0 1 3", "1 2 2", "2 4 0", "2 3 0", "0 9 1", "1 5 0"]);
    }

    #[test]
    fn a_prepared_transaction_and_a_session_that_is_not_listed_are_roots_too() {
        assert_eq!(tree(&[(1, &[0]), (2, &[77])]), ["0 prepared tx 1", "1 1 0", "0 77 (not seen) 1", "1 2 0"]);
    }

    #[test]
    fn a_circle_ends_and_says_so() {
        assert_eq!(
            tree(&[(1, &[2]), (2, &[3]), (3, &[1]), (4, &[1])]),
            ["0 3 3 in a circle", "1 2 2", "2 1 1", "3 4 0"]
        );
        assert_eq!(tree(&[(1, &[1])]), Vec::<String>::new(), "nobody waits for himself");
    }

    #[test]
    fn who_waits_for_two_stands_once_and_says_so() {
        assert_eq!(tree(&[(1, &[]), (2, &[]), (3, &[1, 2])]), ["0 1 1", "1 3 0 +1", "0 2 1"]);
    }
}
