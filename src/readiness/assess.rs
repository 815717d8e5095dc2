//! The readiness of a target: all criteria of all packs, put together by level, domain and pack.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    answers::{Answers, Waiver},
    criterion,
    model::{Assessed, DomainScore, LevelReadiness, PackReadiness, Readiness, StageName, WaiverLine, WaiverState},
    pack::{CriterionKind, LevelDef, PackKind},
    packs::{Pack, Packs},
    rubric,
    score::{Item, Score, Verdict, verdict},
};
use crate::check::{
    evaluate::Bench,
    finding::{Finding, Status},
    params::Overrides,
};

/// What the operator asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The pack whose levels are the stages; the first of that kind where none is named.
    pub pack: Option<String>,
    /// The stage.
    pub stage: Option<String>,
}

/// The section of the plan that names the stage and the number of users.
const PLAN: &str = "plan.summary";

/// The readiness of the target of a snapshot.
///
/// # Errors
/// A sentence for the operator: a pack or stage that is not there, with those that are.
pub(super) fn assess(
    bench: &Bench,
    packs: &Packs,
    overrides: &Overrides,
    findings: &[Finding],
    answers: &Answers,
    wish: &Wish,
) -> Result<Readiness, String> {
    let ladder = ladder(packs, wish)?;
    let (stage, stage_because) = wanted(bench, ladder, wish)?;
    let mut criteria = Vec::new();
    for pack in std::iter::once(ladder).chain(packs.iter().filter(|pack| pack.def.id != ladder.def.id)) {
        let one = |c| criterion::assess(bench, pack, c, overrides, findings, answers);
        criteria.extend(pack.criteria.iter().map(one));
    }
    let of = |pack: &Pack| criteria.iter().filter(|c| c.pack == pack.def.id).collect::<Vec<_>>();
    let stages = levels(ladder, &of(ladder));
    let reached = stages.iter().take_while(|level| level.verdict.is_reached()).last();
    let asked: Vec<_> = of(ladder).into_iter().filter(|c| c.counts_at(stage) && is_demand(c)).collect();
    let domains = domains(&asked);
    let here = &stages[stage];
    let by_id: BTreeMap<&str, &Assessed> = criteria.iter().map(|c| (c.id.as_str(), c)).collect();
    Ok(Readiness {
        pack: ladder.def.id.clone(),
        stage: name(&ladder.def.levels[stage]),
        stage_because,
        verdict: here.verdict,
        because: here.because.clone(),
        stage_reached: reached.map(|level| StageName { id: level.id.clone(), title: level.title.clone() }),
        score: here.score,
        coverage: here.score.coverage,
        weakest_domain: domains.first().map(|d| d.domain.clone()),
        domains,
        triggers: of(ladder)
            .into_iter()
            .filter(|c| c.kind == CriterionKind::Trigger && c.rank <= stage)
            .cloned()
            .collect(),
        packs: packs.iter().filter(|p| p.def.id != ladder.def.id).map(|p| whole(p, &of(p))).collect(),
        rubric: packs.iter().flat_map(|pack| rubric::grade(&pack.def, &by_id)).collect(),
        waivers: register(findings, &criteria, answers),
        stages,
        criteria,
    })
}

fn ladder<'a>(packs: &'a Packs, wish: &Wish) -> Result<&'a Pack, String> {
    let stages = || packs.iter().filter(|pack| pack.def.kind == PackKind::Stages && !pack.def.levels.is_empty());
    let known = || stages().map(|pack| pack.def.id.as_str()).collect::<Vec<_>>().join(", ");
    match &wish.pack {
        Some(id) => stages()
            .find(|pack| pack.def.id == *id)
            .ok_or_else(|| format!("no pack of stages `{id}`; there is {}", known())),
        None => stages().next().ok_or_else(|| "there is no pack with stages; add one to checks/criteria/".to_owned()),
    }
}

/// The stage that is asked for: by flag, by the plan's wish, by its word of where it is, by its users.
///
/// A flag that names no stage is an error. A plan that does is passed over with a word: an audit at night must
/// not fail because somebody gave a stage another name.
fn wanted(bench: &Bench, ladder: &Pack, wish: &Wish) -> Result<(usize, String), String> {
    let levels = &ladder.def.levels;
    let find = |id: &str| levels.iter().position(|l| l.id == id || l.title.eq_ignore_ascii_case(id));
    if let Some(id) = &wish.stage {
        let known = || levels.iter().map(|l| format!("{} ({})", l.id, l.title)).collect::<Vec<_>>().join(", ");
        let found = find(id).ok_or_else(|| format!("no stage `{id}`; {} has {}", ladder.def.id, known()))?;
        return Ok((found, "asked for".into()));
    }
    let plan = bench.relations(PLAN).iter().find(|relation| relation.table.rows() > 0);
    let mut strange = String::new();
    for (column, words) in [("stage_wanted", "the plan wants it"), ("stage", "the plan says that it is there")] {
        let named = plan.map(|plan| plan.get(0, column)).and_then(|v| v.as_str().map(str::to_owned));
        let Some(id) = named.filter(|id| !id.is_empty()) else { continue };
        match find(&id) {
            Some(found) => return Ok((found, format!("{words}{strange}"))),
            None => strange = format!("; the plan's `{id}` is no stage of {}", ladder.def.id),
        }
    }
    let users = plan.and_then(|plan| plan.get(0, "users").as_f64());
    let by_users = users.and_then(|users| {
        let holds = |l: &LevelDef| users >= l.users_from.unwrap_or(0.0) && l.users_to.is_none_or(|to| users < to);
        Some((levels.iter().position(holds)?, format!("{users} users, says the plan{strange}")))
    });
    Ok(by_users.unwrap_or_else(|| (0, format!("the lowest, because nothing names one; --stage does{strange}"))))
}

fn name(level: &LevelDef) -> StageName {
    StageName { id: level.id.clone(), title: level.title.clone() }
}

fn is_demand(criterion: &Assessed) -> bool {
    criterion.kind == CriterionKind::Demand
}

fn item(criterion: &Assessed) -> Item {
    Item {
        weight: criterion.weight,
        gate: criterion.gate,
        status: criterion.status,
        waived_until: criterion.waiver.as_ref().and_then(|w| w.expires),
    }
}

/// What some demands come to.
struct Sum {
    verdict: Verdict,
    because: String,
    score: Score,
    /// When the first waiver of a gate ends.
    waived_until: Option<Date>,
}

impl Sum {
    fn of(demands: &[&Assessed]) -> Self {
        let items: Vec<Item> = demands.iter().map(|c| item(c)).collect();
        let (verdict, score) = (verdict(&items), Score::of(&items));
        let waived = items.iter().filter(|i| i.gate && i.status == Status::Waived);
        let waived_until = waived.filter_map(|i| i.waived_until).min();
        Self { verdict, because: because(verdict, score, demands, waived_until), score, waived_until }
    }
}

/// Every level of a pack, each with all below it.
fn levels(pack: &Pack, criteria: &[&Assessed]) -> Vec<LevelReadiness> {
    let one = |(rank, level): (usize, &LevelDef)| {
        let up_to: Vec<&Assessed> = criteria.iter().copied().filter(|c| c.counts_at(rank) && is_demand(c)).collect();
        let Sum { verdict, because, score, waived_until } = Sum::of(&up_to);
        let gates =
            |status| up_to.iter().filter(|c| c.gate && c.status == status).map(|c| c.id.clone()).collect::<Vec<_>>();
        LevelReadiness {
            id: level.id.clone(),
            title: level.title.clone(),
            about: level.about.trim().to_owned(),
            cost: level.cost.clone(),
            multiple: level.multiple,
            verdict,
            because,
            score,
            gates_failed: gates(Status::Fail),
            gates_unknown: gates(Status::Unknown),
            gates_waived: gates(Status::Waived),
            waived_until,
        }
    };
    pack.def.levels.iter().enumerate().map(one).collect()
}

/// What decides a verdict, in a sentence that names the first few.
fn because(verdict: Verdict, score: Score, criteria: &[&Assessed], waived_until: Option<Date>) -> String {
    let gates_that = |status: Status| {
        let gates: Vec<_> =
            criteria.iter().filter(|c| c.gate && c.status == status).map(|c| c.title.as_str()).collect();
        let more = gates.len().saturating_sub(3);
        let shown = gates.iter().take(3).copied().collect::<Vec<_>>().join("; ");
        (gates.len(), if more > 0 { format!("{shown}; and {more} more") } else { shown })
    };
    let plural = |n: usize| if n == 1 { "1 gate".to_owned() } else { format!("{n} gates") };
    match verdict {
        Verdict::NotReady => {
            let (n, names) = gates_that(Status::Fail);
            format!("{} {}: {names}", plural(n), if n == 1 { "fails" } else { "fail" })
        }
        Verdict::Unproven if score.applicable == 0 => "nothing that applies was found, which proves nothing".into(),
        Verdict::Unproven => match gates_that(Status::Unknown) {
            (0, _) => format!("only {:.0} % of what counts is known; 90 % is due", (100.0 * score.coverage).floor()),
            (n, names) => format!("{} not measured: {names}", plural(n)),
        },
        Verdict::ReadyWithWaivers => {
            let (n, names) = gates_that(Status::Waived);
            let until = waived_until.map(|day| format!(", the first until {day}")).unwrap_or_default();
            format!("{} by an accepted fail{until}: {names}", plural(n))
        }
        Verdict::Ready => "all gates hold".into(),
    }
}

/// A pack as a whole: all its levels.
fn whole(pack: &Pack, criteria: &[&Assessed]) -> PackReadiness {
    let demands: Vec<&Assessed> = criteria.iter().copied().filter(|c| is_demand(c)).collect();
    let Sum { verdict, because, score, .. } = Sum::of(&demands);
    PackReadiness {
        id: pack.def.id.clone(),
        title: pack.def.title.clone(),
        kind: pack.def.kind,
        verdict,
        because,
        score,
        levels: levels(pack, criteria),
    }
}

/// The domains, the weakest first: by `low`, then by `high`.
fn domains(criteria: &[&Assessed]) -> Vec<DomainScore> {
    let mut by_domain: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for criterion in criteria {
        by_domain.entry(&criterion.domain).or_default().push(item(criterion));
    }
    let mut domains: Vec<_> = by_domain
        .into_iter()
        .map(|(domain, items)| DomainScore { domain: domain.to_owned(), score: Score::of(&items) })
        .filter(|domain| domain.score.applicable > 0)
        .collect();
    let key = |d: &DomainScore| (d.score.low, d.score.high);
    domains.sort_by(|a, b| key(a).0.total_cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
    domains
}

/// What became of every waiver.
fn register(findings: &[Finding], criteria: &[Assessed], answers: &Answers) -> Vec<WaiverLine> {
    let accepts = |at: usize| {
        let of_findings = findings.iter().filter(|f| f.status == Status::Waived);
        let of_findings = of_findings.filter_map(|f| answers.waiver(&f.check, &f.subject));
        let of_criteria = criteria.iter().filter(|c| c.status == Status::Waived);
        let of_criteria = of_criteria.filter_map(|c| answers.waiver(&c.id, "*"));
        of_findings.chain(of_criteria).any(|(used, _)| used == at)
    };
    let line = |(at, waiver): (usize, &Waiver)| {
        let (state, why) = match answers.flaw(waiver) {
            Some(flaw) => (WaiverState::Invalid, flaw),
            None if !answers.is_live(waiver) => (WaiverState::Expired, String::new()),
            None if accepts(at) => (WaiverState::Matched, String::new()),
            None => (WaiverState::Unused, "nothing fails that it accepts".to_owned()),
        };
        WaiverLine { waiver: waiver.clone(), state, why }
    };
    answers.waivers.iter().enumerate().map(line).collect()
}
