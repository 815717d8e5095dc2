//! Conditions on versions: `>=14`, `<1.8`, `=7`.

use std::cmp::Ordering;

/// A condition on a dotted version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Which orderings satisfy it.
    accepts: &'static [Ordering],
    /// What is compared with.
    version: Vec<u64>,
}

impl Requirement {
    /// Reads a condition.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        use Ordering::{Equal, Greater, Less};
        const FORMS: [(&str, &[Ordering]); 5] =
            [(">=", &[Greater, Equal]), ("<=", &[Less, Equal]), (">", &[Greater]), ("<", &[Less]), ("=", &[Equal])];
        let text = text.trim();
        FORMS
            .iter()
            .find_map(|(form, accepts)| {
                let rest = text.strip_prefix(form)?.trim();
                let plain = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.');
                plain.then(|| Self { accepts, version: numbers(rest) })
            })
            .ok_or_else(|| format!("`{text}` is no condition on a version; expected for example \">=14\" or \"<1.8\""))
    }

    /// Whether a version satisfies it. Only as many places count as the condition names: 15.4 is `=15`.
    pub fn holds(&self, version: &str) -> bool {
        let mut found = numbers(version);
        if found.is_empty() {
            return false;
        }
        found.resize(self.version.len(), 0);
        self.accepts.contains(&found.cmp(&self.version))
    }
}

/// The leading dotted numbers: `15.8 (Debian …)` is 15 and 8; `16beta1` is 16.
fn numbers(text: &str) -> Vec<u64> {
    let mut out = Vec::new();
    for part in text.trim().split('.') {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse() {
            Ok(number) => out.push(number),
            Err(_) => break,
        }
        if digits.len() < part.len() {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_far_as_the_condition_says() {
        let cases = [
            (">=14", "15.8 (Debian 15.8-0)", true),
            (">=14", "13.23", false),
            (">=1.8", "1.10", true),
            ("<1.8", "1.10", false),
            ("=15", "15.4", true),
            (">15", "15.4", false),
            (">=16", "16beta1", true),
            (">=7", "", false),
            (">=7", "unknown", false),
        ];
        for (requirement, version, expected) in cases {
            assert_eq!(Requirement::parse(requirement).unwrap().holds(version), expected, "{version} {requirement}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["14", ">=", ">= fourteen", "~14"] {
            assert!(Requirement::parse(text).unwrap_err().contains("expected for example"), "{text}");
        }
    }
}
