//! The judge: checks as data, rules over relations, findings with their ground. No I/O in here.

pub mod case;
pub mod definition;
pub mod derivation;
pub mod evaluate;
pub mod finding;
pub mod library;
pub mod params;
pub mod probe;
pub mod relation;
pub mod rule;
pub mod version;
pub mod words;
