//! Where a value came from, so that "why does it connect there?" has an answer.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The layer that gave a parameter its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The string that the user gave.
    ConnectionString,
    /// The service name that the user gave beside the string.
    ServiceArgument,
    /// An entry of a service file.
    ServiceFile {
        /// The file.
        path: PathBuf,
        /// The entry's name.
        service: String,
        /// The line, counted from one.
        line: usize,
    },
    /// An environment variable.
    Environment(&'static str),
    /// A line of the password file.
    PasswordFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
    },
    /// A file that is used because it is in its usual place.
    DefaultFile(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnectionString => f.write_str("connection string"),
            Self::ServiceArgument => f.write_str("service argument"),
            Self::ServiceFile { path, service, line } => {
                write!(f, "service file {} [{service}] line {line}", path.display())
            }
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::PasswordFile { path, line } => {
                write!(f, "password file {} line {line}", path.display())
            }
            Self::DefaultFile(path) => write!(f, "default, {} exists", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Raw parameters by libpq's name, each with its origin.
///
/// A value may be a password, therefore there is no `Debug`.
#[derive(Default)]
pub(super) struct Settings(BTreeMap<&'static str, (String, Origin)>);

impl Settings {
    /// Sets a value within one layer; as in libpq, the last word of a layer counts.
    pub(super) fn set(&mut self, name: &'static str, value: String, origin: Origin) {
        self.0.insert(name, (value, origin));
    }

    /// Sets a value from a lower layer, which only counts when nobody above has spoken, be it with an empty text.
    pub(super) fn fill(&mut self, name: &'static str, value: String, origin: Origin) {
        self.0.entry(name).or_insert((value, origin));
    }

    /// A value that says something: libpq takes an empty text for "not given".
    pub(super) fn get(&self, name: &str) -> Option<(&str, &Origin)> {
        self.0.get(name).filter(|(value, _)| !value.is_empty()).map(|(value, origin)| (value.as_str(), origin))
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|(value, _)| value)
    }

    pub(super) fn origin(&self, name: &str) -> Origin {
        self.get(name).map_or(Origin::Default, |(_, origin)| origin.clone())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &str, &Origin)> {
        self.0
            .iter()
            .filter(|(_, (value, _))| !value.is_empty())
            .map(|(name, (value, origin))| (*name, value.as_str(), origin))
    }
}
