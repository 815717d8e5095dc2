//! Every screen as text to be read: nothing known yet, full, something failing, texts that mean harm; at two sizes.

use crate::tui::{
    fixture::frame,
    model::Model,
    screen::{Tab, capacity, checklist, findings, history, live, overview, report, run, runbooks},
};

/// The screens before which a person sits in an emergency: the least terminal that is useful, and a wide one.
const SIZES: [(u16, u16); 2] = [(80, 24), (160, 48)];

/// The four states of a screen.
pub(in crate::tui) struct States {
    /// Nothing has been heard yet.
    pub(in crate::tui) empty: Model,
    /// All that it can show.
    pub(in crate::tui) full: Model,
    /// A source or a file fails.
    pub(in crate::tui) failing: Model,
    /// Every text was written by somebody who means harm.
    pub(in crate::tui) hostile: Model,
}

impl States {
    fn shoot(self, screen: &str, (width, height): (u16, u16)) {
        let shoot = |state: &str, mut model: Model| {
            let text = frame(&mut model, width, height);
            assert!(!text.contains(harmful), "{screen}, {state}: {text:?}");
            insta::assert_snapshot!(format!("{screen}_{state}_{width}x{height}"), text);
        };
        shoot("empty", self.empty);
        shoot("full", self.full);
        shoot("failing", self.failing);
        shoot("hostile", self.hostile);
    }
}

/// What would move the cursor, turn a text around, or hide in it.
fn harmful(c: char) -> bool {
    (c.is_control() && c != '\n') || ['\u{202e}', '\u{200b}'].contains(&c)
}

/// The states of a screen, for a terminal of some width. A new screen is one more arm.
fn of(tab: Tab, width: u16) -> States {
    match tab {
        Tab::Overview => overview::tests::states(),
        Tab::Findings => findings::tests::states(),
        Tab::Live => live::tests::states(),
        Tab::Runbooks => runbooks::tests::states(),
        Tab::Checklist => checklist::tests::states(),
        Tab::Capacity => capacity::tests::states(),
        Tab::History => history::tests::states(),
        Tab::Report => report::tests::states(width),
    }
}

#[test]
fn every_screen_in_every_state() {
    for size in SIZES {
        for tab in Tab::ALL {
            of(tab, size.0).shoot(&tab.title().to_lowercase(), size);
        }
        checklist::campaign_tests::states().shoot("campaign", size);
        run::tests::states().shoot("run", size);
    }
}
