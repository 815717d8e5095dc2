//! How a target was looked at last: read before the screens open, kept when they are left.

use std::path::PathBuf;

use super::output;
use crate::{
    config,
    tui::{
        model::{Gravity, Model},
        theme::Palette,
        views::{View, Views},
        work,
    },
};

/// How a target was looked at last, and where that is kept.
pub(super) struct Last {
    path: Option<PathBuf>,
    views: Views,
    view: Option<View>,
}

impl Last {
    /// Reads it, and looks at the target like that again, unless one begins afresh. What is wrong with the file is told
    /// and stops nobody.
    pub(super) fn of(fresh: bool, model: &mut Model, screen_is_asked_for: bool) -> Self {
        let path = config::views_file();
        let views = path.as_deref().map_or_else(|| Ok(Views::default()), work::views::read);
        let views = views.unwrap_or_else(|why| {
            model.say(Gravity::Warning, why);
            Views::default()
        });
        let view = views.targets.get(&model.about.target).filter(|_| !fresh).cloned();
        if let Some(view) = &view {
            view.lay(model, screen_is_asked_for);
        }
        Self { path, views, view }
    }

    /// The colours that were chosen in the program.
    pub(super) fn theme(&self) -> Option<Palette> {
        self.view.as_ref().and_then(|view| view.theme)
    }

    /// Keeps how it is looked at now; `begun` are the colours that it began with. Where that cannot be written, the next
    /// start begins afresh: that is told, and is no failure.
    pub(super) fn remember(mut self, model: &Model, begun: Palette) {
        let Some(path) = &self.path else { return };
        self.views.remember(&model.about.target, View::of(model, begun, self.view.as_ref()));
        if let Err(error) = work::views::write(path, &self.views) {
            let path = path.display();
            output::talk(&format!("the last view could not be kept in {path}: {error}; the next start begins afresh"));
        }
    }
}
