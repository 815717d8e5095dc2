//! What if load were another, and ceilings too: which limited resources would be over, and which one breaks first.
//!
//! Pure and quick: it is worked out anew at every key of the what-if screen. It rests on the same headroom as the
//! verdict: nothing is measured again, and what nobody could measure stays unknown.
//!
//! Sources: the utilisation law behind [`super::headroom`]; time to a multiple by compound growth.

use std::collections::BTreeMap;

use super::{
    bottleneck::{Bottleneck, Grade, Grows, Need},
    headroom,
};
use crate::capacity::growth::months_to;

/// A resource by check, subject and its words: what names it in every judgement.
pub type Name = (String, String, String);

/// The name of a resource.
pub fn name(bottleneck: &Bottleneck) -> Name {
    (bottleneck.check.clone(), bottleneck.subject.clone(), bottleneck.resource.clone())
}

/// The share of its ceiling from which a resource is said to be near it: our judgement.
pub const NEAR: f64 = 0.8;

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The multiple of the load that was measured.
    pub multiple: f64,
    /// Growth a month, as a share of one.
    pub growth: Option<f64>,
    /// Ceilings as multiples of what they are; those that are not named stay.
    pub ceilings: BTreeMap<Name, f64>,
}

/// How a resource fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Over its ceiling; of what fills with time, full.
    Over,
    /// From [`NEAR`] of its ceiling on; of what fills with time, full before the horizon ends.
    Near,
    /// Below that.
    Holds,
    /// It cannot be told.
    Untold,
}

impl State {
    /// Its word, in a column of five.
    pub fn word(self) -> &'static str {
        match self {
            Self::Over => "OVER",
            Self::Near => "NEAR",
            Self::Holds => "holds",
            Self::Untold => "?",
        }
    }
}

/// A resource at the load that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// As it was judged.
    pub of: Bottleneck,
    /// The safe ceiling that is reckoned with.
    pub ceiling: f64,
    /// The share of its ceiling that was used when it was measured.
    pub now: f64,
    /// The share of the ceiling that would be used.
    pub then: Option<f64>,
    /// The multiple of the load that was measured at which it reaches the ceiling.
    pub breaks_at: Option<f64>,
    /// Days until what fills with time is full.
    pub days: Option<f64>,
    /// Months until growth is where it breaks.
    pub months: Option<f64>,
    /// How it fares.
    pub state: State,
}

/// All resources at a load, what breaks first at the front.
pub fn at(bottlenecks: &[Bottleneck], load: &Load, need: Option<&Need>) -> Vec<Fate> {
    let horizon = need.map_or(headroom::DAYS, |need| need.days);
    let mut fates: Vec<(Bottleneck, Fate)> = bottlenecks
        .iter()
        .map(|of| {
            let fate = fate(of, load, horizon);
            (ranked(of, &fate, load, horizon), fate)
        })
        .collect();
    // The order of the verdict, so that the first one here is the first one there.
    fates.sort_by(|(a, _), (b, _)| headroom::order(a, b));
    fates.into_iter().map(|(_, fate)| fate).collect()
}

/// The resource as the ranking sees it at the other load.
fn ranked(of: &Bottleneck, fate: &Fate, load: &Load, horizon: f64) -> Bottleneck {
    let left = match of.grade {
        Grade::Static => fate.breaks_at,
        _ => fate.breaks_at.map(|at| at / load.multiple),
    };
    let margin = if of.grows == Grows::Time { fate.days.map(|days| days / horizon) } else { left };
    let days_left = fate.days.filter(|_| of.grows == Grows::Time);
    Bottleneck { headroom: left, margin, days_left, ..of.clone() }
}

fn fate(of: &Bottleneck, load: &Load, horizon: f64) -> Fate {
    let ceiling = of.ceiling * load.ceilings.get(&name(of)).copied().unwrap_or(1.0);
    let now = share(of.used, of.ceiling);
    let bare = Fate {
        of: of.clone(),
        ceiling,
        now,
        then: None,
        breaks_at: None,
        days: None,
        months: None,
        state: State::Untold,
    };
    match of.grows {
        Grows::Traffic => by_load(bare, load),
        Grows::Time => by_time(bare, load, horizon),
    }
}

/// What grows with load: idle + (used - idle) x load against its ceiling. What several load levels were fitted to
/// keeps the point where it breaks.
fn by_load(bare: Fate, load: &Load) -> Fate {
    let of = &bare.of;
    // Another ceiling moves the point by as much as it is farther from idle.
    let moved = share(bare.ceiling - of.idle, of.ceiling - of.idle);
    let Some(breaks_at) = of.headroom.map(|headroom| (headroom * moved).max(0.0)) else {
        return bare;
    };
    let idle = share(of.idle, bare.ceiling);
    let multiple = if of.grade == Grade::Static { 1.0 } else { load.multiple };
    // Through idle without load, and through the ceiling where it breaks.
    let then = if breaks_at > 0.0 { idle + (1.0 - idle) * multiple / breaks_at } else { f64::INFINITY };
    let months = load.growth.filter(|_| of.grade != Grade::Static);
    let months = months.and_then(|growth| months_to(breaks_at.max(1.0), growth).ok());
    let state = match multiple / breaks_at {
        // A load test carried that much; beyond it nobody has looked.
        part if part > 1.0 && of.grade == Grade::LoadTest => State::Untold,
        part if !part.is_finite() || part > 1.0 => State::Over,
        _ if then >= NEAR => State::Near,
        _ => State::Holds,
    };
    let then = Some(then).filter(|then| then.is_finite());
    Fate { then, breaks_at: Some(breaks_at), months, state, ..bare }
}

/// What fills with time: taken to fill so many times as fast as load is a multiple.
fn by_time(bare: Fate, load: &Load, horizon: f64) -> Fate {
    let of = &bare.of;
    if of.used >= bare.ceiling {
        return Fate { then: Some(share(of.used, bare.ceiling)), days: Some(0.0), state: State::Over, ..bare };
    }
    // A full one that got room has no pace that could be read off its days.
    let pace = of.days_left.filter(|days| *days > 0.0).map(|days| (of.ceiling - of.used) / days);
    let days = pace.map(|pace| (bare.ceiling - of.used) / (pace * load.multiple));
    let state = match days {
        Some(days) if days < horizon => State::Near,
        Some(_) => State::Holds,
        None => State::Untold,
    };
    Fate { then: Some(share(of.used, bare.ceiling)), days, state, ..bare }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::snapshot::Unit;

    fn slots(subject: &str, used: f64, headroom: Option<f64>) -> Bottleneck {
        Bottleneck {
            check: "postgres.connection-saturation".into(),
            subject: subject.into(),
            resource: "connection slots".into(),
            domain: "connections".into(),
            grows: Grows::Traffic,
            used,
            ceiling: 80.0,
            idle: 0.0,
            unit: Unit::Count,
            headroom,
            headroom_interval: None,
            days_left: None,
            margin: None,
            grade: Grade::OnePoint,
            ground: String::new(),
            fix: String::new(),
            advice: None,
        }
    }

    fn load(multiple: f64) -> Load {
        Load { multiple, growth: Some(0.1), ceilings: BTreeMap::new() }
    }

    fn states(fates: &[Fate]) -> Vec<(&str, State)> {
        fates.iter().map(|fate| (fate.of.subject.as_str(), fate.state)).collect()
    }

    #[test]
    fn what_breaks_first_moves_with_load_and_ceilings() {
        let all = [slots("a", 40.0, Some(2.0)), slots("b", 20.0, Some(4.0)), slots("c", 0.0, None)];
        let now = at(&all, &load(1.0), None);
        assert_eq!(states(&now), [("a", State::Holds), ("b", State::Holds), ("c", State::Untold)]);
        assert_eq!((now[0].now, now[0].then, now[0].breaks_at), (0.5, Some(0.5), Some(2.0)));
        assert!((now[0].months.unwrap() - 2.0_f64.ln() / 1.1_f64.ln()).abs() < 1e-9);
        let then = at(&all, &load(3.5), None);
        assert_eq!(states(&then), [("a", State::Over), ("b", State::Near), ("c", State::Untold)]);
        assert_eq!(then[0].then, Some(1.75));
        // With four times the slots the other one breaks first.
        let mut more = load(3.5);
        more.ceilings.insert(name(&all[0]), 4.0);
        let more = at(&all, &more, None);
        assert_eq!(states(&more), [("b", State::Near), ("a", State::Holds), ("c", State::Untold)]);
        assert_eq!((more[1].ceiling, more[1].breaks_at), (320.0, Some(8.0)));
    }

    #[test]
    fn what_fills_with_time_fills_faster_under_more_load() {
        let disk = Bottleneck { grows: Grows::Time, headroom: None, days_left: Some(120.0), ..slots("d", 40.0, None) };
        let fates = at(std::slice::from_ref(&disk), &load(2.0), None);
        assert_eq!((fates[0].days, fates[0].state), (Some(60.0), State::Near));
        let mut more = load(2.0);
        more.ceilings.insert(name(&disk), 2.0);
        assert_eq!(at(std::slice::from_ref(&disk), &more, None)[0].days, Some(180.0));
        let full = Bottleneck { used: 80.0, days_left: Some(0.0), ..disk.clone() };
        assert_eq!(at(std::slice::from_ref(&full), &load(1.0), None)[0].state, State::Over);
        // A full one that gets room: nobody knows how fast it fills.
        let mut room = load(1.0);
        room.ceilings.insert(name(&full), 2.0);
        assert_eq!(at(&[full], &room, None)[0].state, State::Untold);
    }

    #[test]
    fn limits_set_against_each_other_do_not_move_with_load() {
        let fixed = Bottleneck { grade: Grade::Static, ..slots("s", 40.0, Some(2.0)) };
        assert_eq!(at(std::slice::from_ref(&fixed), &load(100.0), None)[0].state, State::Holds);
    }

    #[test]
    fn beyond_what_a_load_test_carried_nothing_is_known() {
        let carried = Bottleneck { grade: Grade::LoadTest, ..slots("t", 40.0, Some(2.0)) };
        let state = |times| at(std::slice::from_ref(&carried), &load(times), None)[0].state;
        assert_eq!((state(1.5), state(2.5)), (State::Holds, State::Untold));
    }

    proptest! {
        #[test]
        fn more_load_never_helps_and_more_room_never_harms(
            used in 1.0..200.0_f64, times in 1.0..50.0_f64, more in 1.0..4.0_f64
        ) {
            let one = slots("a", used, Some(80.0 / used));
            let state = |load: &Load| at(std::slice::from_ref(&one), load, None)[0].state;
            prop_assert!(state(&load(times * more)) <= state(&load(times)));
            let mut room = load(times);
            room.ceilings.insert(name(&one), more);
            prop_assert!(state(&room) >= state(&load(times)));
        }
    }
}
