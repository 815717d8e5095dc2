mod actions;
mod order;
mod properties;
mod resuming;
mod undoing;

use super::{Asks, Choice, Consent, Decision, Situation, fixture::Walk};

/// What is asked at the step at hand.
fn asks(walk: &Walk) -> Asks {
    match walk.situation() {
        Situation::Step { asks, .. } | Situation::RollingBack { asks, .. } => asks,
        other => panic!("{other:?}"),
    }
}

fn trouble(walk: &Walk) -> String {
    match asks(walk) {
        Asks::Trouble(says) | Asks::Settle(says) => says,
        other => panic!("{other:?}"),
    }
}

fn at(walk: &Walk) -> &str {
    walk.state.current.as_deref().unwrap_or("-")
}

fn why(text: &str) -> String {
    text.to_owned()
}

fn refused(walk: &Walk, decision: &Decision) -> String {
    walk.orders(decision).unwrap_err().0
}

fn go() -> Decision {
    Decision::Go(Consent::default())
}

fn may(walk: &Walk, choice: Choice) -> bool {
    walk.choices().contains(&choice)
}
