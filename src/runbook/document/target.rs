//! On what an action acts, as attributes and prose write it.

use super::front::source_kind;
use crate::{runbook::model::TargetRef, snapshot::SourceKind};

/// Reads `$param`, `postgres`, `postgres/primary`.
///
/// # Errors
/// What was expected.
pub(super) fn read(text: &str) -> Result<TargetRef, String> {
    if let Some(name) = text.strip_prefix('$') {
        return super::params::is_name(name)
            .then(|| TargetRef::Param(name.to_owned()))
            .ok_or_else(|| format!("`{text}` is no parameter"));
    }
    let (word, role) = text.split_once('/').map_or((text, None), |(word, role)| (word, Some(role)));
    let kind = source_kind(word).ok_or_else(|| {
        format!("`{text}` is no target; expected $param, or postgres, pgbouncer, redis or kubernetes, such as postgres/primary")
    })?;
    if let Some(role) = role.filter(|role| !has_role(kind, role)) {
        return Err(format!(
            "`{role}` is no role of {}; expected primary or replica, of postgres or redis",
            kind.word()
        ));
    }
    Ok(TargetRef::Kind { kind, role: role.map(str::to_owned) })
}

/// Whether servers of a kind have such a role.
pub(super) fn has_role(kind: SourceKind, role: &str) -> bool {
    matches!(kind, SourceKind::Postgres | SourceKind::Redis) && matches!(role, "primary" | "replica")
}

/// How files write it.
pub(in crate::runbook) fn written(target: &TargetRef) -> String {
    match target {
        TargetRef::Param(name) => format!("${name}"),
        TargetRef::Kind { kind, role: Some(role) } => format!("{}/{role}", kind.word()),
        TargetRef::Kind { kind, role: None } => kind.word().to_owned(),
    }
}

/// Whether prose means it: `$server`, `server`, `postgres/primary`, `the primary`, `primary postgres`.
pub(in crate::runbook) fn is_said(target: &TargetRef, said: &str) -> bool {
    let said = said.to_lowercase();
    let words: Vec<&str> = said
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .filter(|word| !word.is_empty() && *word != "the")
        .collect();
    match target {
        TargetRef::Param(name) => words == [name.as_str()],
        TargetRef::Kind { kind, role: None } => words == [kind.word()],
        TargetRef::Kind { kind, role: Some(role) } => {
            words == [role.as_str()] || words == [kind.word(), role] || words == [role, kind.word()]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_written_and_recognised_in_prose() {
        for text in ["$server", "postgres", "redis/replica", "kubernetes"] {
            assert_eq!(written(&read(text).unwrap()), text);
        }
        for wrong in ["server", "$Server", "kubernetes/primary", "postgres/leader", "plan", ""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let primary = read("postgres/primary").unwrap();
        for said in ["primary", "the primary", "PostgreSQL/primary", "postgres/primary", "primary postgres"] {
            assert_eq!(is_said(&primary, said), !said.contains("SQL"), "{said}");
        }
        assert!(is_said(&read("$server").unwrap(), "$server") && !is_said(&primary, "replica"));
    }
}
