//! Illnesses that the lab's servers can have: real ones, brought on and healed by what brings them on and heals them
//! in life.
//!
//! An ailment is one file with one constant, and one line in [`ALL`]. Its load is bounded in count and time, it stays
//! on loopback, and it ends with the lab.

use std::time::Duration;

use super::options::Part;
use super::servers::Lab;

mod background;
mod cache_misses;
mod connections_exhausted;
mod duplicate_index;
mod idle_in_transaction;
mod lock_chain;
mod long_transaction;
mod pool_saturated;
mod redis_evictions;
mod redis_fill;
mod redis_memory;
mod redis_misses;
mod redis_persistence;
mod redis_policy;
mod redis_replica_down;
mod redis_slow_commands;
mod replica_lag;
mod slot_retaining;
mod slow_statements;
mod unused_index;
mod wraparound;

/// How long an ailment lasts at most when nobody heals it.
const LASTS: Duration = Duration::from_secs(600);

/// How long a load runs at most.
const LOADS: Duration = Duration::from_secs(120);

/// An ailment: what brings it on, what heals it, and how a server shows it.
pub(crate) struct Ailment {
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// The servers that it needs.
    pub needs: &'static [Part],
    ail: fn(&Lab),
    heal: fn(&Lab),
    sight: fn(&Lab) -> Sight,
}

/// What a look at the servers shows.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// Whether the ailment shows.
    pub visible: bool,
    /// The figures that say so.
    pub figures: String,
}

/// All ailments, sorted by name.
pub(crate) const ALL: &[&Ailment] = &[
    &cache_misses::AILMENT,
    &connections_exhausted::AILMENT,
    &duplicate_index::AILMENT,
    &idle_in_transaction::AILMENT,
    &lock_chain::AILMENT,
    &long_transaction::AILMENT,
    &pool_saturated::AILMENT,
    &redis_evictions::AILMENT,
    &redis_memory::AILMENT,
    &redis_misses::AILMENT,
    &redis_persistence::AILMENT,
    &redis_policy::AILMENT,
    &redis_replica_down::AILMENT,
    &redis_slow_commands::AILMENT,
    &replica_lag::AILMENT,
    &slot_retaining::AILMENT,
    &slow_statements::AILMENT,
    &unused_index::AILMENT,
    &wraparound::AILMENT,
];

impl Ailment {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|ailment| ailment.name == name)
    }

    /// The servers that it needs and this lab has not.
    pub(crate) fn lacks(&self, lab: &Lab) -> Vec<&'static str> {
        self.needs.iter().filter(|part| !lab.has(**part)).map(|part| part.name()).collect()
    }
}

impl Lab {
    /// Makes the servers ill, and comes back when it shows. Gives the figures.
    pub(crate) fn ail(&self, name: &str) -> String {
        let ailment = get(name);
        let lacks = ailment.lacks(self);
        assert!(lacks.is_empty(), "{name} needs servers that this lab lacks: {}", lacks.join(", "));
        assert!(!self.sight(name).visible, "{name} is on already");
        (ailment.ail)(self);
        self.wait_for_sight(ailment, true)
    }

    /// Heals, and comes back when nothing shows any more. Healing the healthy does nothing bad.
    pub(crate) fn heal(&self, name: &str) -> String {
        let ailment = get(name);
        (ailment.heal)(self);
        self.wait_for_sight(ailment, false)
    }

    /// Looks whether an ailment shows now.
    pub(crate) fn sight(&self, name: &str) -> Sight {
        (get(name).sight)(self)
    }

    fn wait_for_sight(&self, ailment: &Ailment, visible: bool) -> String {
        let mut last = String::new();
        let what = format!("{} {}", ailment.name, if visible { "shows" } else { "is healed" });
        self.wait_until(&what, Duration::from_secs(45), || {
            let sight = (ailment.sight)(self);
            last = sight.figures;
            sight.visible == visible
        });
        last
    }
}

fn get(name: &str) -> &'static Ailment {
    Ailment::named(name).unwrap_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|ailment| ailment.name).collect();
        panic!("there is no ailment `{name}`; there are {}", names.join(", "))
    })
}
