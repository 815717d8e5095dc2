//! `loadline.toml` as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::screens::ScreensFile;
use crate::{
    check::{definition::ParamValue, params::Override},
    plan::Plan,
    snapshot::SourceKind,
};

/// Parameters by check and name.
type Params = BTreeMap<String, BTreeMap<String, ParamValue>>;

/// The whole file. Everything is optional: without a file, flags and the environment name one target.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The target that is meant where none is named.
    #[serde(default)]
    pub default: Option<String>,
    /// Folders of own checks, laid over the embedded ones; relative to this file.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Folders of own runbooks, laid over the embedded ones; relative to this file.
    #[serde(default)]
    pub runbooks: Vec<String>,
    /// The folder of people's answers, relative to this file; `attestations` where left out.
    #[serde(default)]
    pub attestations: Option<String>,
    /// The folder of accepted fails, relative to this file; `waivers` where left out.
    #[serde(default)]
    pub waivers: Option<String>,
    /// The folder of runs of runbooks, relative to this file; `loadline/runs` in the XDG state folder where left out.
    #[serde(default)]
    pub runs: Option<String>,
    /// The file of past audits, relative to this file; `loadline/history.sqlite` in the XDG state folder where left out;
    /// `off` keeps none.
    #[serde(default)]
    pub history: Option<String>,
    /// Thresholds for all targets: `[params."postgres.replication-lag"]`, `warn = "10s"`.
    #[serde(default)]
    pub params: Params,
    /// Thresholds for single subjects.
    #[serde(default)]
    pub subjects: Vec<SubjectParams>,
    /// Thresholds for targets in a stage of growth.
    #[serde(default)]
    pub stages: BTreeMap<String, StageFile>,
    /// How the screens look, and their keys.
    #[serde(default)]
    pub screens: ScreensFile,
    /// The systems.
    #[serde(default)]
    pub targets: BTreeMap<String, TargetFile>,
}

/// What a stage of growth changes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageFile {
    /// Thresholds.
    #[serde(default)]
    pub params: Params,
}

/// A system.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// `production`, `staging`, …
    #[serde(default)]
    pub environment: Option<String>,
    /// The stage of growth that it is in; a key of `[stages]`.
    #[serde(default)]
    pub stage: Option<String>,
    /// Whether a second person must agree to dangerous steps of runbooks here.
    #[serde(default)]
    pub second_person: bool,
    /// Whom to ask, by name.
    #[serde(default)]
    pub sources: BTreeMap<String, SourceFile>,
    /// Thresholds for this target.
    #[serde(default)]
    pub params: Params,
    /// Thresholds for single subjects of this target.
    #[serde(default)]
    pub subjects: Vec<SubjectParams>,
    /// The folder of people's answers about this target, instead of the one for all.
    #[serde(default)]
    pub attestations: Option<String>,
    /// The folder of accepted fails of this target, instead of the one for all.
    #[serde(default)]
    pub waivers: Option<String>,
    /// The file of the campaign that it is made ready for, relative to this file; the screens' checklist shows it.
    #[serde(default)]
    pub campaign: Option<String>,
    /// Its own plan for growth, asked like a source.
    #[serde(default)]
    pub plan: Option<Plan>,
}

/// Thresholds for subjects whose name fits a pattern.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectParams {
    /// The check.
    pub check: String,
    /// The subject; `*` and `?` stand for any characters.
    pub subject: String,
    /// The thresholds.
    pub params: BTreeMap<String, ParamValue>,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// What it is.
    pub kind: SourceKind,
    /// Its URL. Better without a password: `password_env`, `.pgpass` or a service file keep it out of here.
    #[serde(default)]
    pub url: Option<String>,
    /// The environment variable that holds its URL.
    #[serde(default)]
    pub url_env: Option<String>,
    /// The environment variable that holds its password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// postgres, pgbouncer: a section of the connection service file.
    #[serde(default)]
    pub service: Option<String>,
    /// postgres: databases to look into; `["*"]` for all.
    #[serde(default)]
    pub databases: Vec<String>,
    /// kubernetes: a folder of saved answers. loadtest: the folder of record and result files.
    #[serde(default)]
    pub folder: Option<String>,
    /// kubernetes: a context of the kubeconfig.
    #[serde(default)]
    pub context: Option<String>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something that is not understood.
    #[error("read {path}: {message}")]
    Shape {
        /// The file.
        path: String,
        /// What, with line, column and caret.
        message: String,
    },
    /// It is understood and does not fit.
    #[error("{0}")]
    Meaning(String),
}

/// A mistake with its place and line, and none of the line's values: one of them may be a password.
pub(super) fn without_values(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    let start = (0..=start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = &text[..start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    let key = text.lines().nth(line - 1).unwrap_or_default().split('=').next().unwrap_or_default().trim_end();
    let gutter = line.to_string().len();
    // A message may quote the value that is wrong, between quotes; names stand between backticks.
    let mut message = String::new();
    for (at, part) in error.message().split('"').enumerate() {
        message.push_str(if at % 2 == 0 { part } else { "[redacted]" });
    }
    format!(
        "line {line}, column {column}: {message}\n{:gutter$} |\n{line} | {key} …\n{:gutter$} | {:>column$}",
        "", "", "^"
    )
}

impl ConfigFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Unknown keys and wrong types, with line, column and caret.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text)
            .map_err(|error| ConfigError::Shape { path: path.to_owned(), message: without_values(text, &error) })
    }

    /// All threshold changes for a target, the weakest first: for all, for its stage, for itself, for subjects.
    pub fn overrides(&self, path: &str, target: Option<&str>) -> Vec<Override> {
        let mut all = Vec::new();
        let mut add = |params: &Params, subject: Option<&str>, section: &str| {
            for (check, params) in params {
                all.extend(params.iter().map(|(param, value)| Override {
                    check: check.clone(),
                    subject: subject.map(str::to_owned),
                    param: param.clone(),
                    value: value.clone(),
                    origin: format!("{path}, {section}"),
                }));
            }
        };
        add(&self.params, None, "params");
        let own = target.and_then(|name| Some((name, self.targets.get(name)?)));
        if let Some((stage, file)) =
            own.and_then(|(_, t)| t.stage.as_ref()).and_then(|s| Some((s, self.stages.get(s)?)))
        {
            add(&file.params, None, &format!("stages.{stage}.params"));
        }
        if let Some((name, file)) = own {
            add(&file.params, None, &format!("targets.{name}.params"));
        }
        let subjects = self.subjects.iter().map(|s| (s, "subjects".to_owned()));
        let of_target = own
            .into_iter()
            .flat_map(|(name, file)| file.subjects.iter().map(move |s| (s, format!("targets.{name}.subjects"))));
        for (subject, section) in subjects.chain(of_target) {
            let params = BTreeMap::from([(subject.check.clone(), subject.params.clone())]);
            add(&params, Some(&subject.subject), &section);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [params."a.b"]
        warn = "5s"
        [stages.growth.params."a.b"]
        warn = "4s"
        [targets.shop]
        stage = "growth"
        [targets.shop.params."a.b"]
        fail = 9
        [[targets.shop.subjects]]
        check = "a.b"
        subject = "replica-*"
        params = { warn = "1m" }
    "#;

    #[test]
    fn the_nearer_threshold_comes_later_and_says_where_it_stands() {
        let file = ConfigFile::parse("loadline.toml", TEXT).unwrap();
        let origins: Vec<_> = file.overrides("loadline.toml", Some("shop")).into_iter().map(|o| o.origin).collect();
        assert_eq!(
            origins,
            [
                "loadline.toml, params",
                "loadline.toml, stages.growth.params",
                "loadline.toml, targets.shop.params",
                "loadline.toml, targets.shop.subjects"
            ]
        );
        assert_eq!(file.overrides("loadline.toml", Some("other")).len(), 1);
    }

    #[test]
    fn a_mistake_shows_its_place_and_no_value() {
        let wrong = [
            "url = \"redis://u:hunter2@h\" x = 1",
            "url = \"redis://u:hunter2@h",
            "url = [\"hunter2\"]",
            "password = \"hunter2\"",
            "kind = \"hunter2\"",
        ];
        for line in wrong {
            let text = format!("[targets.a.sources.p]\nkind = \"redis\"\n{line}\n");
            let error = ConfigFile::parse("loadline.toml", &text).unwrap_err().to_string();
            assert!(!error.contains("hunter2") && error.contains("line ") && error.contains('^'), "{line}: {error}");
        }
    }

    #[test]
    fn a_quantity_of_a_plan_that_cannot_be_read_shows_its_place_and_what_was_expected() {
        let text = "[targets.shop.plan]\ngrowth = \"30%\"\n[[targets.shop.plan.instances]]\nname = \"web\"\n\
                    capacity = \"hunter2\"\n";
        let error = ConfigFile::parse("loadline.toml", text).unwrap_err().to_string();
        assert!(error.contains("line 5, column 12") && error.contains("`800/s`"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = ConfigFile::parse("loadline.toml", "[targets.shop]\nstagee = \"x\"\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("stagee") && error.contains('^'), "{error}");
    }
}
