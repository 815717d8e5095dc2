//! The pictures that there are: what is opened, how large, and which keys lead there.

#![allow(dead_code, reason = "the tests look at names and words alone")]

/// What a picture is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// The demo.
    Demo,
    /// Servers that are at work, as `shop.rs` starts them.
    Shop,
}

/// A picture to be made.
pub(crate) struct Picture {
    /// What it is of.
    pub(crate) ground: Ground,
    /// Its file's name, without the ending.
    pub(crate) name: &'static str,
    /// What it shows, for those who cannot see it.
    pub(crate) title: &'static str,
    /// Width and height in cells.
    pub(crate) size: (u16, u16),
    /// The words after `loadline demo screens`, or after `loadline screens`.
    pub(crate) words: &'static str,
    /// The keys, with a space between two.
    pub(crate) keys: &'static str,
    /// What stands on the screen then.
    pub(crate) shows: &'static str,
}

const fn picture(name: &'static str, title: &'static str, keys: &'static str, shows: &'static str) -> Picture {
    Picture { ground: Ground::Demo, name, title, size: (110, 32), words: "", keys, shows }
}

/// All of them, in the order of the screens.
pub(crate) const ALL: &[Picture] = &[
    picture("overview", "The overview: verdict, what breaks first, the worst findings", "1", "Breaks first"),
    picture("findings", "All findings, the worst first", "2 down down down", "worst first"),
    picture("finding", "One finding with its evidence, threshold and remedy", "2 down down down enter", "back"),
    Picture {
        ground: Ground::Shop,
        size: (160, 46),
        ..picture("live", "What happens now: activity, locks, replication, pools, numbers, statements", "3", "Activity")
    },
    picture("locks", "Who holds up whom: the tree of locks", "3 L", "BEHIND IT"),
    picture("runbooks", "Runbooks and runs", "4", "4 Runbooks"),
    picture("run-begin", "What is asked before a run is begun", "w", "B Begin"),
    Picture {
        ground: Ground::Shop,
        words: "--guarded",
        size: (130, 36),
        ..picture(
            "run",
            "A run: where it stands, what was seen, what comes next",
            "2 / l o c k - c h a i n s enter w enter B enter enter",
            "step 3 of",
        )
    },
    picture("checklist", "What people must answer for", "5", "not answered"),
    picture("criterion", "One demand: why it is made, how it is known, what to do", "5 down enter", "What to do"),
    Picture {
        words: "--campaign sale.toml",
        ..picture("campaign", "A campaign: who owes what by when, and what is overdue", "5", "for Spring sale")
    },
    Picture {
        words: "--campaign sale.toml",
        ..picture(
            "campaign-ends",
            "A campaign: an answer that ends before the day does not count on it",
            "5 / i s : e n d s enter enter",
            "on the day",
        )
    },
    picture("capacity", "What if: growth, peaks, instances, and what breaks first then", "6", "6 Capacity"),
    Picture {
        ground: Ground::Shop,
        ..picture("history", "Past audits, and what moved between them", "7", "past audits")
    },
    Picture {
        ground: Ground::Shop,
        ..picture("changes", "One audit, held against the one before", "7 down enter", "Since the audit")
    },
    picture("report", "The report, rendered", "8", "Readiness of"),
    picture("palette", "Every command, filtered by what is typed", ": c o p", "copy"),
    picture("keys", "The keys, wherever one is", "?", "On every screen"),
    Picture { size: (80, 24), ..picture("overview-80x24", "The overview at 80 by 24", "1", "Breaks first") },
    Picture {
        words: "--theme light",
        ..picture("overview-light", "The overview on a light ground", "1", "Breaks first")
    },
];
