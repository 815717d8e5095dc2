//! Typing the filter of a panel: the rows follow each letter.

use crossterm::event::KeyCode;
use tui_input::Input;

use super::state::State;
use crate::tui::{command::Motion, key::Key, model::Model, over, pasted::insert};

/// Filters the panel at hand by something else.
pub(super) fn filter(state: &mut State, text: String) {
    let panel = state.panel;
    state.remember(panel);
    state.of_mut(panel).filter = Input::new(text);
    state.list(panel);
}

/// Pasted text goes into the filter while it is typed.
pub(in crate::tui) fn paste(model: &mut Model, text: &str) {
    if !model.screens.live.typing {
        return;
    }
    let state = &mut model.screens.live;
    let panel = state.panel;
    state.remember(panel);
    insert(&mut state.of_mut(panel).filter, text);
    state.list(panel);
}

/// A key of the filter while it is typed; false where none is.
pub(in crate::tui) fn press(model: &mut Model, key: Key) -> bool {
    if !model.screens.live.typing {
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
