//! Small parameters that are one word of a list.

use super::error::ConnInfoError;
use super::origin::Settings;

/// Which kind of server will do (`target_session_attrs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TargetSession {
    /// Whichever answers first; nothing is asked.
    #[default]
    Any,
    /// One where transactions may write.
    ReadWrite,
    /// One where transactions may not write.
    ReadOnly,
    /// One that is not in recovery.
    Primary,
    /// One that is in recovery.
    Standby,
    /// A standby when there is one, else whichever answers.
    PreferStandby,
}

/// Whether the login must be tied to the TLS session (`channel_binding`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelBinding {
    /// Never.
    Disable,
    /// When both sides can.
    #[default]
    Prefer,
    /// Always, or no connection.
    Require,
}

pub(super) fn target(settings: &Settings) -> Result<TargetSession, ConnInfoError> {
    let table = [
        ("any", TargetSession::Any),
        ("read-write", TargetSession::ReadWrite),
        ("read-only", TargetSession::ReadOnly),
        ("primary", TargetSession::Primary),
        ("standby", TargetSession::Standby),
        ("prefer-standby", TargetSession::PreferStandby),
    ];
    let expected = "any, read-write, read-only, primary, standby or prefer-standby";
    Ok(word(settings, "target_session_attrs", &table, expected)?.unwrap_or_default())
}

pub(super) fn channel_binding(settings: &Settings) -> Result<ChannelBinding, ConnInfoError> {
    let table = [
        ("disable", ChannelBinding::Disable),
        ("prefer", ChannelBinding::Prefer),
        ("require", ChannelBinding::Require),
    ];
    Ok(word(settings, "channel_binding", &table, "disable, prefer or require")?.unwrap_or_default())
}

/// Looks a parameter's value up in its list of words.
pub(super) fn word<T: Copy>(
    settings: &Settings,
    name: &'static str,
    table: &[(&str, T)],
    expected: &'static str,
) -> Result<Option<T>, ConnInfoError> {
    let Some((value, origin)) = settings.get(name) else {
        return Ok(None);
    };
    match table.iter().find(|(word, _)| *word == value) {
        Some((_, found)) => Ok(Some(*found)),
        None => Err(ConnInfoError::Value { name, origin: origin.clone(), expected }),
    }
}
