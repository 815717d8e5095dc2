//! Where one is, how one got there, and the way back.

use super::screen::Tab;

/// A place: a screen, or inward from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A screen of the first row.
    Tab(Tab),
    /// One finding.
    Finding {
        /// Its check.
        check: String,
        /// Its subject.
        subject: String,
    },
    /// One runbook, by its id.
    Runbook(String),
    /// The run that is under way.
    Run,
    /// A run that there was, to be read, by its id.
    PastRun(String),
    /// A past audit, by its number in the history.
    Past(i64),
    /// The numbers of a finding over past audits.
    Trend {
        /// Its check.
        check: String,
        /// Its subject.
        subject: String,
    },
    /// A row of the live screen, opened: its panel and what names the row there.
    LiveRow(String, String),
    /// A criterion of the checklist, by its id.
    Criterion(String),
    /// A demand of the campaign that is no criterion, by its title.
    Demand(String),
    /// A row of the what-if, opened: something that can be changed, a resource or a figure, by its words.
    Figure(String),
}

impl Place {
    /// Its word in the breadcrumb.
    pub fn word(&self) -> String {
        match self {
            Self::Tab(tab) => tab.title().to_owned(),
            Self::Finding { check, subject } => format!("{check}: {subject}"),
            Self::Runbook(id) | Self::Criterion(id) | Self::Demand(id) | Self::Figure(id) | Self::PastRun(id) => {
                id.clone()
            }
            Self::Run => "run".to_owned(),
            Self::Past(id) => format!("audit {id}"),
            Self::Trend { check, subject } => format!("{check}: {subject} over time"),
            Self::LiveRow(_, name) => name.clone(),
        }
    }
}

/// A way through places.
#[derive(Debug, Clone)]
pub struct Nav {
    /// From the screen inward; never empty.
    path: Vec<Place>,
    behind: Vec<Vec<Place>>,
    ahead: Vec<Vec<Place>>,
}

/// How many ways back are remembered.
const REMEMBERED: usize = 50;

impl Nav {
    /// Begins at a screen.
    pub fn new(tab: Tab) -> Self {
        Self { path: vec![Place::Tab(tab)], behind: Vec::new(), ahead: Vec::new() }
    }

    /// From the screen inward.
    pub fn path(&self) -> &[Place] {
        &self.path
    }

    /// Where one is.
    pub fn place(&self) -> &Place {
        self.path.last().unwrap_or(&Place::Tab(Tab::Overview))
    }

    /// The screen.
    pub fn tab(&self) -> Tab {
        match self.path.first() {
            Some(Place::Tab(tab)) => *tab,
            _ => Tab::Overview,
        }
    }

    /// To a screen.
    pub fn go(&mut self, tab: Tab) {
        self.to(vec![Place::Tab(tab)]);
    }

    /// Inward.
    pub fn enter(&mut self, place: Place) {
        if *self.place() != place {
            let path = self.path.iter().cloned().chain([place]).collect();
            self.to(path);
        }
    }

    /// To a place beside this one: the way back stays the same.
    pub fn replace(&mut self, place: Place) {
        if self.path.len() > 1
            && let Some(last) = self.path.last_mut()
        {
            *last = place;
        }
    }

    /// Outward; false where one is outermost.
    pub fn leave(&mut self) -> bool {
        let outer = self.path.len() > 1;
        if outer {
            let path = self.path[..self.path.len() - 1].to_vec();
            self.to(path);
        }
        outer
    }

    /// To where one was before.
    pub fn backward(&mut self) -> bool {
        let Some(path) = self.behind.pop() else { return false };
        self.ahead.push(std::mem::replace(&mut self.path, path));
        true
    }

    /// To where one came back from.
    pub fn forward(&mut self) -> bool {
        let Some(path) = self.ahead.pop() else { return false };
        self.behind.push(std::mem::replace(&mut self.path, path));
        true
    }

    fn to(&mut self, path: Vec<Place>) {
        if path == self.path {
            return;
        }
        self.ahead.clear();
        self.behind.push(std::mem::replace(&mut self.path, path));
        if self.behind.len() > REMEMBERED {
            self.behind.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_the_way_one_went() {
        let mut nav = Nav::new(Tab::Overview);
        nav.go(Tab::Findings);
        nav.enter(Place::Run);
        assert_eq!(nav.path(), [Place::Tab(Tab::Findings), Place::Run]);
        assert!(nav.backward() && nav.backward() && !nav.backward());
        assert_eq!(nav.tab(), Tab::Overview);
        assert!(nav.forward() && nav.forward() && !nav.forward());
        assert_eq!(nav.place(), &Place::Run);
        assert!(nav.leave() && !nav.leave());
        assert_eq!(nav.place(), &Place::Tab(Tab::Findings));
        assert!(!nav.forward(), "going elsewhere forgets what was ahead");
    }
}
