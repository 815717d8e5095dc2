//! What of the criteria is listed, from the packs that are named.

use super::near;
use crate::readiness::{pack::PackKind, packs::Packs};

/// What of the criteria is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The stages up to the one that is asked for.
    pub stage: bool,
    /// Packs beside them, by id.
    pub packs: Vec<String>,
}

impl Listed {
    /// What packs with commas between them list, and the ladder of stages among them, which is what one is judged by.
    /// Without any, and where a stage is asked for, the stage is listed.
    ///
    /// # Errors
    /// A pack that is not there, with those that are.
    pub fn of(packs: &Packs, named: Option<&str>, stage: Option<&str>) -> Result<(Option<String>, Self), String> {
        let (mut ladder, mut others) = (None, Vec::new());
        for id in named.into_iter().flat_map(|named| named.split(',')).map(str::trim) {
            let pack = packs.get(id).ok_or_else(|| lost(packs, id))?;
            if pack.def.kind == PackKind::Stages && ladder.is_none() {
                ladder = Some(id.to_owned());
            } else {
                others.push(id.to_owned());
            }
        }
        let stage = others.is_empty() || ladder.is_some() || stage.is_some();
        Ok((ladder, Self { stage, packs: others }))
    }
}

fn lost(packs: &Packs, id: &str) -> String {
    let known = || packs.iter().map(|pack| pack.def.id.as_str());
    let near = near(id, known());
    let hint = if near.is_empty() {
        format!("there is {}", known().collect::<Vec<_>>().join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    format!("no pack `{id}`; {hint}")
}
