//! The JSON report, as a program reads it.

use serde_json::Value;

pub(crate) struct Report(pub(crate) Value);

impl Report {
    pub(crate) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let report: Value = serde_json::from_str(text)?;
        let findings = report.get("findings").and_then(Value::as_array);
        findings.ok_or_else(|| serde::de::Error::custom("it has no findings"))?;
        Ok(Self(report))
    }

    pub(crate) fn findings(&self) -> &[Value] {
        self.0["findings"].as_array().expect("a report has findings")
    }

    /// The findings of a check.
    pub(crate) fn of(&self, check: &str) -> Vec<&Value> {
        self.findings().iter().filter(|finding| finding["check"] == check).collect()
    }

    /// The one finding of a check.
    pub(crate) fn one(&self, check: &str) -> &Value {
        let all = self.of(check);
        assert_eq!(all.len(), 1, "one finding of {check} is due: {}", self.lines());
        all[0]
    }

    /// Status and message of all findings of a check, for checks that rest on what one may see.
    pub(crate) fn statuses(&self, check: &str) -> Vec<&str> {
        self.of(check).iter().map(|finding| word(finding, "status")).collect()
    }

    pub(crate) fn source(&self, name: &str) -> &Value {
        let sources = self.0["snapshot"]["sources"].as_array().expect("a report has sources");
        sources.iter().find(|source| source["name"] == name).unwrap_or_else(|| panic!("no source {name}: {sources:?}"))
    }

    /// What was concluded of a kind of source, without what differs from run to run.
    pub(crate) fn conclusions(&self, kind: &str) -> Vec<String> {
        let of_kind = self.findings().iter().filter(|f| word(f, "check").split('.').next() == Some(kind));
        // How many sessions a pass has looked at depends on who else is there.
        let told = |f: &Value| {
            if f["status"] == "pass" {
                line(f).rsplit_once(" | ").map(|(told, _)| told.to_owned())
            } else {
                Some(line(f))
            }
        };
        let mut lines: Vec<String> = of_kind.filter_map(told).collect();
        lines.sort();
        lines
    }

    /// Sources and findings, a line each, for the message of a failure.
    pub(crate) fn lines(&self) -> String {
        let sources = self.0["snapshot"]["sources"].as_array().into_iter().flatten();
        let sources = sources.map(|source| format!("{}: fault {}", source["name"], source["fault"]));
        sources.chain(self.findings().iter().map(line)).collect::<Vec<_>>().join("\n")
    }
}

/// A member that is text.
pub(crate) fn word<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_else(|| panic!("`{member}` is no text in {value}"))
}

fn line(finding: &Value) -> String {
    ["check", "status", "subject", "message"].map(|member| word(finding, member)).join(" | ")
}
