//! A campaign as its file says it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};
use wildmatch::WildMatch;

use crate::{
    capacity::rate::Rate,
    readiness::{Wish, checklist::Item, pack::PackKind, packs::Packs},
};

/// Days before a campaign by which answers are due, where its file names none.
const ANSWERS_DAYS: u32 = 7;

/// The same for load tests: a week to mend what one finds, and to run it again.
const LOAD_TESTS_DAYS: u32 = 14;

/// The words in `due` that are no domain and no criterion.
const KINDS: [&str; 2] = ["attestations", "load-tests"];

/// A day on which more load than usual is wanted, and who does what until then.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignFile {
    /// Its name.
    pub name: String,
    /// The day on which it begins.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub date: Date,
    /// The load that it must carry, in requests: `"4800/s"`.
    #[serde(default, deserialize_with = "rate")]
    #[schemars(with = "Option<String>")]
    pub load: Option<f64>,
    /// The same as a multiple of today's peak.
    #[serde(default)]
    pub multiple: Option<f64>,
    /// Who owes what nobody else does.
    pub owner: String,
    /// The stage of growth that it demands; the plan's where left out.
    #[serde(default)]
    pub stage: Option<String>,
    /// Packs that it demands besides.
    #[serde(default)]
    pub packs: Vec<String>,
    /// Who owes what: by domain (`database`) or criterion (`launch.load-*`).
    #[serde(default)]
    pub owners: BTreeMap<String, String>,
    /// Days before the campaign by which something is due: by `attestations`, `load-tests`, domain or criterion.
    #[serde(default)]
    pub due: BTreeMap<String, u32>,
}

impl CampaignFile {
    /// Reads the text of a file; `path` is for the message.
    ///
    /// # Errors
    /// Unknown keys and wrong values with line, column and caret; a load that is none.
    pub fn parse(path: &str, text: &str) -> Result<Self, String> {
        let file: Self = toml::from_str(text).map_err(|error| format!("{path}: {error}"))?;
        match (file.load, file.multiple) {
            (None, None) => Err(format!("{path}: say which load it must carry: load = \"4800/s\" or multiple = 6")),
            (Some(_), Some(_)) => Err(format!("{path}: give load or multiple, not both: they may name two loads")),
            (_, Some(multiple)) if !multiple.is_finite() || multiple <= 0.0 => {
                Err(format!("{path}: multiple: expected a number above 0"))
            }
            _ => Ok(file),
        }
    }

    /// Refuses names that mean nothing: an owner of a mistyped domain would owe nothing.
    ///
    /// # Errors
    /// A stage that is none; the first key that fits no domain and no criterion.
    pub fn check(&self, packs: &Packs) -> Result<(), String> {
        let criteria = || packs.iter().flat_map(|pack| &pack.criteria);
        let known = |key: &str| criteria().any(|c| c.def.domain == key || WildMatch::new(key).matches(&c.id));
        let lost = |table: &str, key: &str| format!("{table}: `{key}` is no domain and fits no criterion");
        if let Some(key) = self.owners.keys().find(|key| !known(key)) {
            return Err(lost("owners", key));
        }
        let levels = || packs.iter().filter(|pack| pack.def.kind == PackKind::Stages).flat_map(|pack| &pack.def.levels);
        if let Some(stage) = self.stage.as_ref().filter(|stage| !levels().any(|level| level.id == **stage)) {
            let known: Vec<_> = levels().map(|level| level.id.as_str()).collect();
            return Err(format!("stage: there is no `{stage}`; expected one of {}", known.join(", ")));
        }
        match self.due.keys().find(|key| !KINDS.contains(&key.as_str()) && !known(key)) {
            Some(key) => Err(lost("due", key)),
            None => Ok(()),
        }
    }

    /// What it is judged by, where something else was asked for, too: that stage comes before its own, and its packs come
    /// beside those.
    #[must_use]
    pub fn wish(&self, asked: &Wish) -> Wish {
        let packs: Vec<&str> = asked.pack.iter().chain(&self.packs).map(String::as_str).collect();
        Wish {
            pack: (!packs.is_empty()).then(|| packs.join(",")),
            stage: asked.stage.clone().or_else(|| self.stage.clone()),
        }
    }

    /// Who owes something of a domain; `id` is its criterion.
    pub fn owner_of(&self, id: &str, domain: &str) -> &str {
        nearest(&self.owners, id, domain).map_or(&self.owner, String::as_str)
    }

    /// The day by which something is due.
    pub fn due_for(&self, id: &str, domain: &str, load_test: bool) -> Date {
        let (kind, usual) = if load_test { (KINDS[1], LOAD_TESTS_DAYS) } else { (KINDS[0], ANSWERS_DAYS) };
        let days = nearest(&self.due, id, domain).or_else(|| self.due.get(kind)).copied().unwrap_or(usual);
        self.date.saturating_sub(jiff::Span::new().days(i64::from(days.min(3_650))))
    }

    /// The day by which an item is due.
    pub(super) fn due_of(&self, item: &Item) -> Date {
        let load_test = item.sources.contains(&crate::snapshot::SourceKind::LoadTest);
        self.due_for(&item.id, &item.domain, load_test)
    }
}

/// What the nearest key says: the longest that fits the criterion, else its domain.
fn nearest<'m, T>(map: &'m BTreeMap<String, T>, id: &str, domain: &str) -> Option<&'m T> {
    let fits = map.iter().filter(|(key, _)| WildMatch::new(key).matches(id));
    fits.max_by_key(|(key, _)| key.len()).map(|(_, value)| value).or_else(|| map.get(domain))
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Day(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Day(day) => day.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map_err(|_| D::Error::custom("this is no day; expected for example 2027-01-31"))
}

fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let rate = Rate::read(&text).map_err(|error| D::Error::custom(error.to_string()))?;
    if rate.per_second > 0.0 { Ok(Some(rate.per_second)) } else { Err(D::Error::custom("expected a rate above 0")) }
}
