//! Typing the filter of a panel: the rows follow each letter.

use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

use super::state::State;
use crate::tui::{command::Motion, key::Key, model::Model, nav::Place, over, screen::Tab};

/// Filters the panel at hand by something else.
pub(super) fn filter(state: &mut State, text: String) {
    let panel = state.panel;
    state.remember(panel);
    state.of_mut(panel).filter = Input::new(text);
    state.list(panel);
}

/// Whether the filter is being typed where one is.
fn is_typing(model: &Model) -> bool {
    model.screens.live.typing && *model.nav.place() == Place::Tab(Tab::Live)
}

/// Pasted text goes into the filter while it is typed.
pub(in crate::tui) fn paste(model: &mut Model, text: &str) {
    if !is_typing(model) {
        return;
    }
    let state = &mut model.screens.live;
    let panel = state.panel;
    for c in text.chars() {
        state.of_mut(panel).filter.handle(InputRequest::InsertChar(c));
    }
    state.list(panel);
}

/// A key of the filter while it is typed; false where none is.
pub(in crate::tui) fn press(model: &mut Model, key: Key) -> bool {
    if !is_typing(model) {
        return false;
    }
    let state = &mut model.screens.live;
    match key.code {
        KeyCode::Enter => state.typing = false,
        KeyCode::Esc => {
            state.typing = false;
            filter(state, String::new());
        }
        KeyCode::Up => super::travel(model, Motion::Up),
        KeyCode::Down => super::travel(model, Motion::Down),
        _ => {
            if let Some(request) = over::request(key) {
                let panel = state.panel;
                state.remember(panel);
                state.of_mut(panel).filter.handle(request);
                state.list(panel);
            }
        }
    }
    true
}
