//! What to try for a bottleneck: the decision matrix of the packs, said with the figures and versions found.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use wildmatch::WildMatch;

use super::{
    super::{
        bottleneck::{Advice, Bottleneck, Need},
        pack::AdviceDef,
        packs::Packs,
    },
    Headrooms,
};
use crate::check::{evaluate::Bench, library::Library};

/// The multiple of today's load that configuration values are worked out for where no plan names one: twice, our
/// judgement, because less is not worth a change.
const MULTIPLE: f64 = 2.0;

/// The parts of an advice, as sentences are named.
const PARTS: [&str; 3] = ["first", "then", "finally"];

/// Whether an advice is about a bottleneck.
fn is_about(def: &AdviceDef, b: &Bottleneck) -> bool {
    def.belongs_to.iter().any(|pattern| match pattern.strip_prefix("domain:") {
        Some(domain) => b.domain == domain,
        None => WildMatch::new(pattern).matches(&b.check),
    })
}

fn sentence(pack: &str, id: &str, part: &str) -> String {
    format!("advice {pack}.{id}:{part}")
}

/// Parses the templates of an advice and says each once over made-up figures, so that a mistake shows at load.
pub(in crate::readiness) fn parse(pack: &str, def: &AdviceDef, library: &mut Library) -> Vec<(String, String)> {
    let made_up = context(&Figures { subject: "subject", resource: "resource", ..Figures::default() });
    let templates = PARTS.iter().zip([&def.first, &def.then, &def.finally]);
    let wrong = templates.filter_map(|(part, template)| {
        let error = library.add_sentence(&sentence(pack, &def.id, part), template, &made_up).err()?;
        Some((template.clone(), error))
    });
    wrong.collect()
}

impl Headrooms {
    /// Gives every bottleneck the first advice that is about it.
    pub(in crate::readiness) fn advise(&mut self, bench: &Bench, packs: &Packs, need: Option<&Need>) {
        let all: Vec<(&str, &AdviceDef)> =
            packs.iter().flat_map(|pack| pack.def.advice.iter().map(|def| (pack.def.id.as_str(), def))).collect();
        for b in &mut self.known {
            let Some((pack, def)) = all.iter().find(|(_, def)| is_about(def, b)) else { continue };
            let source = self.sources.get(&(b.check.clone(), b.subject.clone()));
            let context = context(&Figures::of(b, version(bench, source), need));
            // A sentence that cannot be said about these figures is left as the file has it: still advice.
            let say = |part: &str, plain: &str| {
                bench
                    .library()
                    .say(&sentence(pack, &def.id, part), &context)
                    .unwrap_or_else(|_| plain.trim().to_owned())
            };
            b.advice = Some(Advice {
                symptom: def.symptom.trim().to_owned(),
                first: say("first", &def.first),
                then: say("then", &def.then),
                finally: say("finally", &def.finally),
            });
        }
    }
}

/// What an advice may speak of.
struct Figures<'a> {
    subject: &'a str,
    resource: &'a str,
    used: f64,
    ceiling: f64,
    idle: f64,
    headroom: f64,
    unit: Json,
    multiple: f64,
    version: String,
}

impl Default for Figures<'_> {
    fn default() -> Self {
        Self {
            subject: "",
            resource: "",
            used: 80.0,
            ceiling: 85.0,
            idle: 0.0,
            headroom: 1.06,
            unit: json!("count"),
            multiple: MULTIPLE,
            version: "1.0".into(),
        }
    }
}

impl<'a> Figures<'a> {
    fn of(b: &'a Bottleneck, version: String, need: Option<&Need>) -> Self {
        Self {
            subject: &b.subject,
            resource: &b.resource,
            used: b.used,
            ceiling: b.ceiling,
            idle: b.idle,
            headroom: b.headroom.unwrap_or_default(),
            unit: serde_json::to_value(b.unit).unwrap_or_default(),
            multiple: need.and_then(|need| need.multiple).unwrap_or(MULTIPLE),
            version,
        }
    }
}

/// `wanted` is the ceiling that the wished load needs: idle + multiple x (used - idle). `major` and `minor` are 0
/// where the server did not say its version.
fn context(f: &Figures) -> BTreeMap<String, Json> {
    let mut numbers = f.version.split(['.', ' ']).map(|part| part.parse::<u32>().unwrap_or_default());
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let all = json!({
        "subject": f.subject, "resource": f.resource, "used": f.used, "ceiling": f.ceiling, "idle": f.idle,
        "headroom": f.headroom, "unit": f.unit, "multiple": f.multiple,
        "wanted": (f.idle + f.multiple * (f.used - f.idle)).ceil(),
        "version": f.version, "major": major, "minor": minor,
    });
    let Json::Object(all) = all else { return BTreeMap::new() };
    Map::into_iter(all).collect()
}

/// The version that a source said of itself; an empty text where it did not.
fn version(bench: &Bench, source: Option<&String>) -> String {
    let record = source.and_then(|name| bench.snapshot().source(name));
    let server = record.and_then(|record| record.facts.get("server")).and_then(crate::snapshot::Value::as_str);
    server.unwrap_or_default().to_owned()
}
