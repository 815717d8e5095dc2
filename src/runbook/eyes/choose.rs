//! Which source an action's target means. Pure.

use super::super::{
    model::TargetRef,
    port::{Identity, Values},
};
use crate::snapshot::{Fault, FaultKind, SourceKind};

/// A source that may be meant: its name and kind.
pub(super) type Candidate<'c> = (&'c str, SourceKind);

/// The sources that a target may mean, before anybody is asked for its role.
pub(super) fn candidates<'c>(
    target: &TargetRef,
    values: &Values,
    sources: &[Candidate<'c>],
) -> Result<Vec<Candidate<'c>>, Fault> {
    match target {
        TargetRef::Param(name) => {
            let value = values.shown(name).ok_or_else(|| {
                refuse(format!("the parameter `{name}` has no value yet"), "give it the name of a source")
            })?;
            let found = sources.iter().find(|(source, _)| *source == value).copied();
            found.map(|source| vec![source]).ok_or_else(|| {
                refuse(format!("`{name}` is {value}, which is no source of this target"), &listed(sources))
            })
        }
        TargetRef::Kind { kind, .. } => {
            let of_kind: Vec<_> = sources.iter().filter(|(_, of)| of == kind).copied().collect();
            if of_kind.is_empty() {
                let message = format!("this target has no {} source", kind.word());
                return Err(refuse(message, &format!("name one: --{} NAME=URL, or in the configuration", kind.word())));
            }
            Ok(of_kind)
        }
    }
}

/// The one that is meant among those that have said who they are.
pub(super) fn one(target: &TargetRef, asked: Vec<(String, Result<Identity, Fault>)>) -> Result<Identity, Fault> {
    let (kind, role) = match target {
        TargetRef::Kind { kind, role } => (kind.word(), role.as_deref()),
        TargetRef::Param(_) => ("source", None),
    };
    if let (1, None) = (asked.len(), role) {
        let only = asked.into_iter().next();
        return only.map_or_else(|| Err(refuse("nobody was asked".into(), "")), |(_, identity)| identity);
    }
    let Some(role) = role else {
        let names: Vec<_> = asked.iter().map(|(name, _)| name.as_str()).collect();
        return Err(several(&format!("{} sources are {kind}", names.len()), &names));
    };
    let fits: Vec<&Identity> =
        asked.iter().filter_map(|(_, said)| said.as_ref().ok()).filter(|who| role_of(who) == Some(role)).collect();
    match fits.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let said: Vec<_> = asked.iter().map(|(name, said)| format!("{name}: {}", role_words(said))).collect();
            let kind_of = asked.iter().find_map(|(_, said)| said.as_ref().err()).map_or(FaultKind::Missing, |f| f.kind);
            Err(Fault::new(kind_of, format!("no {kind} of this target is {role} now ({})", said.join("; ")))
                .remedy("look at the roles first: a failover may be under way"))
        }
        several_fit => {
            let names: Vec<_> = several_fit.iter().map(|who| who.source.as_str()).collect();
            Err(several(&format!("{} sources are {kind} and {role} now", names.len()), &names))
        }
    }
}

/// Whether a source is in the role that a parameter wants, compared with what it said of itself.
///
/// # Errors
/// Which role it is in.
pub fn role_fits(identity: &Identity, role: &str) -> Result<(), Fault> {
    match role_of(identity) {
        Some(is) if is == role => Ok(()),
        is => Err(refuse(
            format!("{} is {}, and {role} is meant", identity.source, is.unwrap_or("in no role that it tells")),
            "choose another source, or look at the roles first: a failover may be under way",
        )),
    }
}

fn role_of(identity: &Identity) -> Option<&str> {
    identity.facts.get("role").map(String::as_str)
}

fn role_words(said: &Result<Identity, Fault>) -> String {
    match said {
        Ok(who) => role_of(who).unwrap_or("says no role").to_owned(),
        Err(fault) => fault.to_string(),
    }
}

fn several(what: &str, names: &[&str]) -> Fault {
    let remedy = "say which is meant: the step's target may be a parameter of type source, which a flag or the finding \
                  then names; or leave only that one in the target";
    refuse(format!("{what}: {}", names.join(", ")), remedy)
}

fn listed(sources: &[Candidate]) -> String {
    let names: Vec<_> = sources.iter().map(|(name, kind)| format!("{name} ({})", kind.word())).collect();
    format!("it has {}", names.join(", "))
}

fn refuse(message: String, remedy: &str) -> Fault {
    let fault = Fault::new(FaultKind::Missing, message);
    if remedy.is_empty() { fault } else { fault.remedy(remedy) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SOURCES: [Candidate; 3] =
        [("a", SourceKind::Postgres), ("b", SourceKind::Postgres), ("cache", SourceKind::Redis)];

    fn who(source: &str, role: &str) -> (String, Result<Identity, Fault>) {
        let facts = BTreeMap::from([("role".to_owned(), role.to_owned())]);
        let identity = Identity {
            source: source.into(),
            kind: SourceKind::Postgres,
            address: "x".into(),
            environment: None,
            facts,
        };
        (source.to_owned(), Ok(identity))
    }

    fn of_role(role: Option<&str>) -> TargetRef {
        TargetRef::Kind { kind: SourceKind::Postgres, role: role.map(str::to_owned) }
    }

    #[test]
    fn a_parameter_names_its_source() {
        let mut values = Values::default();
        let target = TargetRef::Param("server".into());
        let unset = candidates(&target, &values, &SOURCES).unwrap_err();
        assert!(unset.message.contains("no value yet"), "{unset}");
        values.set("server", "b");
        assert_eq!(candidates(&target, &values, &SOURCES).unwrap(), [("b", SourceKind::Postgres)]);
        values.set("server", "c");
        let wrong = candidates(&target, &values, &SOURCES).unwrap_err();
        assert!(wrong.remedy.unwrap().contains("a (postgres), b (postgres), cache (redis)"));
    }

    #[test]
    fn a_role_is_what_a_server_says_now() {
        let primary = one(&of_role(Some("primary")), vec![who("a", "replica"), who("b", "primary")]).unwrap();
        assert_eq!(primary.source, "b");
        let down = ("b".to_owned(), Err(Fault::new(FaultKind::Unreachable, "refused")));
        let none = one(&of_role(Some("primary")), vec![who("a", "replica"), down]).unwrap_err();
        assert!(none.message.contains("a: replica; b: not reachable: refused"), "{none}");
        let both = one(&of_role(Some("primary")), vec![who("a", "primary"), who("b", "primary")]).unwrap_err();
        assert!(both.message.contains("2 sources are postgres and primary now: a, b"), "{both}");
        let any = one(&of_role(None), vec![who("a", "primary"), who("b", "replica")]).unwrap_err();
        assert!(any.message.contains("a, b") && any.remedy.unwrap().contains("parameter of type source"));
        let (_, identity) = who("a", "replica");
        let identity = identity.unwrap();
        assert!(role_fits(&identity, "replica").is_ok());
        assert!(role_fits(&identity, "primary").unwrap_err().message.contains("a is replica, and primary is meant"));
    }
}
