//! Readiness for a campaign: the checklist, load tests and headroom against one day and one load. Pure.

mod entry;
mod file;
mod headroom;
mod load;
mod model;
#[cfg(test)]
mod tests;

pub use file::CampaignFile;
pub use model::{Campaign, Entry, Stands, VERSION};

use super::{bottleneck::Bottleneck, checklist::Checklist, checklist::days, score::Verdict};
use crate::check::evaluate::Bench;

impl Campaign {
    /// A campaign over a checklist of its stage and packs.
    ///
    /// # Errors
    /// A campaign that is over, in a sentence.
    pub fn new(
        file: &CampaignFile,
        checklist: &Checklist,
        bench: &Bench,
        bottlenecks: &[Bottleneck],
    ) -> Result<Self, String> {
        let day = checklist.day;
        let days_left = days(day, file.date);
        if days_left < 0 {
            return Err(format!(
                "`{}` was on {}, {} days before {day}, the day of what is judged: write the date of the next one",
                file.name, file.date, -days_left
            ));
        }
        let (multiple, multiple_from) = load::multiple(file, bench);
        let mut entries: Vec<Entry> = checklist.items.iter().filter_map(|item| entry::of_item(file, item)).collect();
        entries.push(load::entry(file, bench, multiple));
        entries.extend(headroom::entries(file, bottlenecks, multiple, days_left));
        for entry in &mut entries {
            entry.overdue = entry.stands < Stands::Accepted && entry.due < day;
        }
        // What is open first, by the day on which it is due; then what is ready.
        entries.sort_by_key(|e| (e.stands >= Stands::Accepted, e.due, !e.gate, e.stands));
        Ok(Self {
            version: VERSION,
            name: file.name.clone(),
            target: checklist.target.clone(),
            date: file.date,
            day,
            days_left,
            owner: file.owner.clone(),
            load: file.load,
            multiple,
            multiple_from,
            verdict: verdict(checklist, &entries),
            parts: checklist.parts.clone(),
            entries,
            waivers: checklist.waivers.clone(),
            strays: checklist.strays.clone(),
        })
    }

    /// How many entries stand so.
    pub fn count(&self, stands: Stands) -> usize {
        self.entries.iter().filter(|entry| entry.stands == stands).count()
    }
}

/// The worst of what blocks: of the stage and packs today, of every gate on the day.
fn verdict(checklist: &Checklist, entries: &[Entry]) -> Verdict {
    let of_entry = |entry: &Entry| match entry.stands {
        Stands::NotReady => Verdict::NotReady,
        Stands::Unproven => Verdict::Unproven,
        Stands::Accepted => Verdict::ReadyWithWaivers,
        Stands::Ready => Verdict::Ready,
    };
    let gates = entries.iter().filter(|entry| entry.gate).map(of_entry);
    checklist.parts.iter().map(|part| part.verdict).chain(gates).min().unwrap_or(Verdict::Unproven)
}
