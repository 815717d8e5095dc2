//! What a pack says that a calculator answers, the calculator answers, in those words.

use std::fs;

use crate::support::loadline;

#[test]
fn every_calculator_that_a_pack_names_gives_what_it_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/checks/criteria");
    let mut tried = 0;
    for file in fs::read_dir(folder).expect("packs are there") {
        let path = file.expect("a file").path();
        let pack: toml::Table = toml::from_str(&fs::read_to_string(&path).expect("a pack")).expect("a pack is TOML");
        let homes = pack.get("homes").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        for home in homes {
            let text = |key: &str| home.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            let Some(words) = text("calculator") else { continue };
            let run = loadline(&format!("capacity {words}")).run();
            let gives = text("gives").unwrap_or_default();
            assert!([0, 30].contains(&run.code) && run.stdout.contains(&gives), "{}: {words}\n{run}", path.display());
            tried += 1;
        }
    }
    assert!(tried > 0, "no pack names a calculator");
}
