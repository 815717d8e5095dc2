//! The audit for programs.

use super::model::Audit;

/// One object, indented so that two audits can be compared line by line.
///
/// # Errors
/// None in practice: every number in an audit is finite.
pub fn json(audit: &Audit) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(audit)? + "\n")
}
