//! A fence that is an action.

use std::time::Duration;

use super::{
    attributes::Attributes, condition, gather::Gather, http, info::Mark, outline::Fence, params, quantities, shell,
    sql, target, words,
};
use crate::{
    runbook::model::{Action, ActionKind, Danger, Param, ParamKind, TargetRef, Verify},
    snapshot::SourceKind,
};

/// How long an action may take where nothing is said.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a live check is looked at where nothing is said.
const EVERY: Duration = Duration::from_secs(5);

pub(super) const LANGUAGES: [&str; 10] =
    ["sh", "sql", "redis", "pgbouncer", "http", "kubectl", "wait", "ask", "confirm", "check"];

/// Reads a fence marked `step` or `undo`.
pub(super) fn read(fence: &Fence, mut of: Attributes, params: &[Param], gather: &mut Gather<'_>) -> Option<Action> {
    let language = of.language.clone();
    if !LANGUAGES.contains(&language.as_str()) {
        let known = LANGUAGES.join(", ");
        gather.grave(of.offset, format!("`{language}` is no kind of action; there are {known}"));
        return None;
    }
    let acts = !matches!(language.as_str(), "wait" | "ask" | "confirm" | "check");
    if !acts && of.mark == Mark::Undo {
        gather.grave(of.offset, format!("`{language}` takes nothing back; an undo acts"));
        return None;
    }
    let mut reader = Reader { fence, params, gather, reads: Vec::new() };
    let kind = reader.kind(&mut of);
    let mut reads = reader.reads;
    let target = of.take("target").filter(|_| acts).and_then(|value| match target::read(&value.is) {
        Ok(target) => Some((target, value.offset)),
        Err(message) => {
            gather.grave(value.offset, format!("`target`: {message}"));
            None
        }
    });
    check_target(&language, target.as_ref(), of.offset, params, gather);
    if let Some((TargetRef::Param(name), _)) = &target {
        push(&mut reads, name);
    }
    let action = Action {
        kind: kind?,
        danger: acts.then(|| of.read("danger", gather, danger)).flatten().unwrap_or_default(),
        target: target.map(|(target, _)| target),
        timeout: acts.then(|| of.read("timeout", gather, positive)).flatten().unwrap_or(TIMEOUT),
        idempotent: acts && of.truth("idempotent", false, gather),
        sets: (acts && of.mark == Mark::Step).then(|| set(&mut of, params, gather)).flatten(),
        temporary: (acts && of.mark == Mark::Step).then(|| of.read("temporary", gather, positive)).flatten(),
        second_person: acts && of.truth("second", false, gather),
        reads,
        body: fence.body.clone(),
        place: gather.place(fence.range.start),
    };
    of.finish(gather);
    Some(action)
}

/// How patient a check is: `within`, `every`, `hold`.
pub(super) fn verify(fence: &Fence, of: &mut Attributes, gather: &mut Gather<'_>) -> Option<Verify> {
    let condition = condition(fence, gather);
    let at = of.offset;
    let within = of.read("within", gather, quantities::duration).unwrap_or_default();
    let every = of.read("every", gather, positive).unwrap_or(EVERY);
    let hold = of.read("hold", gather, quantities::duration).unwrap_or_default();
    if hold > within {
        gather.grave(at, "`hold` is longer than `within`: it could never be seen to hold for so long");
    }
    if within > Duration::ZERO && every > within {
        gather.lesser(at, "`every` is longer than `within`: it is looked at only once");
    }
    Some(Verify { condition: condition?, within, every, hold })
}

/// The condition in a fence.
pub(super) fn condition(fence: &Fence, gather: &mut Gather<'_>) -> Option<crate::runbook::model::Condition> {
    match condition::read(&fence.body, gather.place(fence.inside)) {
        Ok(condition) => Some(condition),
        Err((at, message)) => {
            gather.grave(fence.inside + at, message);
            None
        }
    }
}

fn danger(text: &str) -> Result<Danger, String> {
    Danger::read(text).ok_or_else(|| format!("`{text}` is no danger; expected observe, change or dangerous"))
}

fn positive(text: &str) -> Result<Duration, String> {
    let duration = quantities::duration(text)?;
    if duration.is_zero() { Err(format!("`{text}` is no time at all")) } else { Ok(duration) }
}

/// The parameter that takes what is printed.
fn set(of: &mut Attributes, params: &[Param], gather: &mut Gather<'_>) -> Option<String> {
    of.read("sets", gather, |name| {
        params.iter().any(|param| param.name == name).then(|| name.to_owned()).ok_or_else(|| no_param(name, params))
    })
}

/// What to say of a parameter that is not declared.
pub(super) fn no_param(name: &str, params: &[Param]) -> String {
    let known: Vec<_> = params.iter().map(|param| param.name.as_str()).collect();
    let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
    format!("the front matter declares no parameter `{name}`; {known}")
}

fn push(reads: &mut Vec<String>, name: &str) {
    if !reads.iter().any(|known| known == name) {
        reads.push(name.to_owned());
    }
}

/// Whether the target is there where it is needed, is declared, and is of the kind that the action speaks to.
fn check_target(
    language: &str,
    target: Option<&(TargetRef, usize)>,
    offset: usize,
    params: &[Param],
    gather: &mut Gather<'_>,
) {
    let needed = match language {
        "sql" => Some(SourceKind::Postgres),
        "redis" => Some(SourceKind::Redis),
        "pgbouncer" => Some(SourceKind::PgBouncer),
        "kubectl" => Some(SourceKind::Kubernetes),
        _ => None,
    };
    let Some((target, at)) = target else {
        if let Some(kind) = needed {
            let kind = kind.word();
            let message = format!(
                "`{language}` needs a target: `target=$param` with a parameter of type source, or `target={kind}`"
            );
            gather.grave(offset, message);
        }
        return;
    };
    let kind = match target {
        TargetRef::Kind { kind, .. } => *kind,
        TargetRef::Param(name) => match params.iter().find(|param| param.name == *name).map(|param| &param.kind) {
            Some(ParamKind::Source { kind, .. }) => *kind,
            Some(_) => return gather.grave(*at, format!("`target`: the parameter `{name}` is no source")),
            None => return gather.grave(*at, format!("`target`: {}", no_param(name, params))),
        },
    };
    if let Some(needed) = needed.filter(|needed| *needed != kind) {
        gather.grave(*at, format!("`target`: `{language}` acts on {}, and this is {}", needed.word(), kind.word()));
    }
}

struct Reader<'a, 't> {
    fence: &'a Fence,
    params: &'a [Param],
    gather: &'a mut Gather<'t>,
    reads: Vec<String>,
}

impl Reader<'_, '_> {
    fn wrong(&mut self, at: usize, message: impl Into<String>) {
        // Inside a fence whose lines are shifted the place is that of its beginning.
        self.gather.grave(self.fence.inside + at.min(self.fence.body.len()), message);
    }

    /// What was found in the body: the mistakes, and parameters that must be declared.
    fn found(&mut self, mistakes: Vec<(usize, String)>, reads: &[String]) {
        for (at, message) in mistakes {
            self.wrong(at, message);
        }
        for name in reads {
            self.needs(name);
        }
    }

    fn needs(&mut self, name: &str) {
        if self.params.iter().any(|param| param.name == name) {
            push(&mut self.reads, name);
        } else {
            let at = self.fence.body.find(&format!("${name}")).or_else(|| self.fence.body.find(&format!(":{name}")));
            self.wrong(at.unwrap_or(0), no_param(name, self.params));
        }
    }

    fn kind(&mut self, of: &mut Attributes) -> Option<ActionKind> {
        let body = self.fence.body.as_str();
        Some(match of.language.as_str() {
            "sh" => self.sh(of),
            "sql" => self.sql(of),
            "redis" | "pgbouncer" => self.commands(of.language == "pgbouncer"),
            "kubectl" => {
                let mut read = words::kubectl(body);
                self.found(std::mem::take(&mut read.mistakes), &read.reads);
                ActionKind::Kubectl { args: read.lines.into_iter().next().unwrap_or_default() }
            }
            "http" => {
                let read = http::read(body);
                self.found(read.mistakes, &read.reads);
                let codes = |text: &str| quantities::numbers::<u16>(text, 100, 599, "status code");
                let expect = of.read("expect", self.gather, codes).unwrap_or_default();
                ActionKind::Http { method: read.method, url: read.url, headers: read.headers, body: read.body, expect }
            }
            "wait" => match positive(body.trim()) {
                Ok(duration) => ActionKind::Wait(duration),
                Err(message) => {
                    self.wrong(0, message);
                    return None;
                }
            },
            "ask" => self.ask()?,
            "confirm" => {
                if body.trim().is_empty() {
                    self.wrong(0, "there is no question");
                }
                ActionKind::Confirm(body.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            _ => {
                let verify = verify(self.fence, of, self.gather)?;
                if let Some(name) = verify.condition.subject.as_deref().and_then(words::reference) {
                    self.needs(name);
                }
                ActionKind::Check(verify)
            }
        })
    }

    fn sh(&mut self, of: &mut Attributes) -> ActionKind {
        let body = self.fence.body.clone();
        if body.trim().is_empty() {
            self.wrong(0, "there is no script");
        }
        for used in shell::uses(&body) {
            let lower = used.name.to_lowercase();
            let declared = self.params.iter().any(|param| param.name == lower);
            if declared && used.name == lower.to_uppercase() {
                push(&mut self.reads, &lower);
            } else if declared && !shell::sets(&body).contains(&used.name) {
                let message =
                    format!("`${}`: a script reads parameters in upper case: \"${}\"", used.name, lower.to_uppercase());
                self.wrong(used.offset, message);
            }
        }
        let pty = of.truth("pty", false, self.gather);
        let codes = |text: &str| quantities::numbers::<i32>(text, 0, 255, "exit code");
        let expect = of.read("expect", self.gather, codes).unwrap_or_else(|| vec![0]);
        ActionKind::Sh { pty, expect }
    }

    fn sql(&mut self, of: &mut Attributes) -> ActionKind {
        let read = sql::read(&self.fence.body);
        self.found(read.mistakes, &read.binds);
        for (at, name) in read.bare {
            let typed = |param: &&Param| {
                param.name == name
                    && matches!(param.kind, ParamKind::Integer { .. } | ParamKind::Duration | ParamKind::Size)
            };
            if self.params.iter().any(|param| typed(&param)) {
                let at = self.fence.inside + at.min(self.fence.body.len());
                self.gather.lesser(at, format!("`:{name}` is bound as text: cast it, as in `:{name}::int`"));
            }
        }
        let transaction = of.truth("tx", true, self.gather);
        let params = self.params;
        let database = of.read("database", self.gather, |name| {
            let plain = name.strip_prefix('$').unwrap_or(name);
            params
                .iter()
                .any(|param| param.name == plain)
                .then(|| plain.to_owned())
                .ok_or_else(|| no_param(plain, params))
        });
        if let Some(name) = &database {
            push(&mut self.reads, name);
        }
        ActionKind::Sql { statement: read.text, binds: read.binds, transaction, generates: read.generates, database }
    }

    fn commands(&mut self, pgbouncer: bool) -> ActionKind {
        let mut read = words::lines(&self.fence.body);
        self.found(std::mem::take(&mut read.mistakes), &read.reads);
        if pgbouncer {
            // The console is used through psql, where habit ends a command with a semicolon.
            for last in read.lines.iter_mut().filter_map(|line| line.last_mut()) {
                if let Some(word) = last.strip_suffix(';').map(str::to_owned) {
                    *last = word;
                }
            }
            read.lines.iter_mut().for_each(|line| line.retain(|word| !word.is_empty()));
        }
        ActionKind::Words { lines: read.lines }
    }

    fn ask(&mut self) -> Option<ActionKind> {
        let mut lines = self.fence.body.trim().lines();
        let name = lines.next().unwrap_or_default().trim().to_owned();
        if !params::is_name(&name) || lines.next().is_none_or(|line| line.trim().is_empty()) {
            self.wrong(0, "expected the name of a parameter on the first line, and the question on the second");
            return None;
        }
        if self.params.iter().all(|param| param.name != name) {
            self.wrong(0, no_param(&name, self.params));
        }
        Some(ActionKind::Ask(name))
    }
}
