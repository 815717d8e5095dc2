//! What the lab promises, checked by asking the servers and the machine.

mod ailments;
mod life;
mod wellness;
