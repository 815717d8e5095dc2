//! A folder of saved answers: `kubectl get KIND -A -o json > FILE`, or manifests.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use crate::snapshot::{Fault, FaultKind};

/// The largest file that is read.
const CAP_BYTES: u64 = 256 * 1024 * 1024;

/// All objects of a folder, by kind.
#[derive(Debug, Default)]
pub(super) struct Objects {
    by_kind: BTreeMap<String, Vec<Json>>,
    folder: PathBuf,
}

impl Objects {
    /// The objects of a kind. None of it at all is not an empty list: nobody saved it.
    pub(super) fn of_kind(&self, kind: &str, path: &str) -> Result<Vec<Json>, Fault> {
        self.by_kind.get(kind).cloned().ok_or_else(|| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let file = self.folder.join(format!("{name}.json"));
            Fault::new(FaultKind::Missing, format!("no {kind} and no list of them in the folder"))
                .remedy(format!("kubectl get {name} --all-namespaces -o json > {}", file.display()))
        })
    }

    fn take(&mut self, document: Json) {
        let kind = document.get("kind").and_then(Json::as_str).unwrap_or_default().to_owned();
        if let Some(of) = kind.strip_suffix("List") {
            // A list of one kind says so even when it is empty; a mixed `List` does not.
            if !of.is_empty() {
                self.by_kind.entry(of.to_owned()).or_default();
            }
            let items = document.get("items").and_then(Json::as_array).cloned().unwrap_or_default();
            for mut item in items {
                if let (Some(object), false) = (item.as_object_mut(), of.is_empty()) {
                    object.entry("kind").or_insert_with(|| of.into());
                }
                self.take(item);
            }
        } else if !kind.is_empty() {
            self.by_kind.entry(kind).or_default().push(document);
        }
    }
}

/// Reads every JSON and YAML file of the folder, sorted by name.
#[expect(clippy::disallowed_methods, reason = "the folder is this source's server")]
pub(super) fn read(folder: &Path) -> Result<Objects, Fault> {
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        Fault::new(FaultKind::Unreachable, format!("{}: {error}", path.display()))
            .remedy("name a folder of JSON or YAML files")
    };
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    let mut objects = Objects { folder: folder.to_owned(), ..Objects::default() };
    for file in files {
        let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_owned();
        if !matches!(ending.as_str(), "json" | "yaml" | "yml") {
            continue;
        }
        let size = std::fs::metadata(&file).map_err(|error| unreadable(&file, &error))?.len();
        if size > CAP_BYTES {
            return Err(unreadable(&file, &format!("larger than {CAP_BYTES} bytes")));
        }
        let text = std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?;
        let documents = if ending == "json" { json(&text) } else { yaml(&text) };
        let documents = documents.map_err(|error| {
            Fault::new(FaultKind::Rubbish, format!("{}: {error}", file.display()))
                .remedy("save it again, or take it out of the folder")
        })?;
        for document in documents {
            objects.take(document);
        }
    }
    Ok(objects)
}

fn json(text: &str) -> Result<Vec<Json>, String> {
    serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().map_err(|error| error.to_string())
}

fn yaml(text: &str) -> Result<Vec<Json>, String> {
    serde_saphyr::from_multiple(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_single_objects_are_found_by_kind() {
        let mut objects = Objects::default();
        let list = r#"{"kind":"List","items":[{"kind":"Pod","a":1}]} {"kind":"JobList","items":[]}"#;
        json(list).unwrap().into_iter().for_each(|d| objects.take(d));
        yaml("kind: Pod\na: 2\n---\nkind: DeploymentList\nitems:\n- a: 3\n")
            .unwrap()
            .into_iter()
            .for_each(|d| objects.take(d));
        assert_eq!(objects.of_kind("Pod", "").unwrap().len(), 2);
        assert_eq!(objects.of_kind("Deployment", "").unwrap().len(), 1);
        assert_eq!(objects.of_kind("Job", "").unwrap().len(), 0, "an empty list was asked for and is an answer");
        let fault = objects.of_kind("Node", "/api/v1/nodes").unwrap_err();
        assert!(
            fault.remedy.unwrap().starts_with("kubectl get nodes --all-namespaces"),
            "a kind that nobody saved is a fault"
        );
    }
}
