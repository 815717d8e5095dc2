//! The files and commands of docs/checklist.md are read and understood.

use crate::support::{Folder, loadline};

const GUIDE: &str = include_str!("../../docs/checklist.md");

/// The TOML blocks of the guide, in their order: an answer, a waiver, a configuration, a campaign.
fn blocks() -> Vec<&'static str> {
    let blocks = GUIDE.split("```toml\n").skip(1);
    blocks.map(|rest| rest.split("```").next().expect("a block ends")).collect()
}

#[test]
fn the_files_of_the_guide_are_understood() {
    let [answer, waiver, config, campaign] = blocks()[..] else { panic!("the guide shows four files") };
    let home = Folder::new();
    home.write("evidence/restore.txt", "abc");
    home.write("attestations/launch.restore-tested.toml", answer);
    home.write("waivers/memory.toml", waiver);
    let config = home.write("loadline.toml", config);
    let campaign = home.write("spring.toml", &campaign.replace("2027", "2999"));
    let list = |words: &str| {
        let run = loadline(words).with("--attestations", home.file("attestations"));
        run.with("--waivers", home.file("waivers")).with("--config", &config)
    };
    let listed = list("demo checklist --pack launch --format json").run().expect(0).stdout;
    assert!(listed.contains("platform team") && !listed.contains("cannot be read"), "{listed}");
    assert!(!listed.contains("\"invalid\""), "{listed}");
    let list_of: serde_json::Value = serde_json::from_str(&listed).expect("it is JSON");
    let items = list_of["items"].as_array().expect("it has items");
    let item = items.iter().find(|item| item["id"] == "launch.restore-tested").expect("the guide's criterion is there");
    assert!(answer.contains(item["question"]["mark"].as_str().expect("a mark")), "the guide answers today's wording");
    let run = list("demo checklist").with("--campaign", campaign).run();
    assert!([20, 30].contains(&run.code) && run.stdout.starts_with("Spring sale on 2999-03-20"), "{run}");
}

#[test]
fn the_commands_of_the_guide_are_there() {
    let commands = GUIDE.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("a block ends"));
    for line in commands.flat_map(str::lines) {
        let words: Vec<_> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        let verbs = ["answer", "approve", "renew", "waive", "export"];
        let verb = words.iter().find(|word| verbs.contains(word)).copied().unwrap_or_default();
        let help = loadline("checklist")
            .with(if verb.is_empty() { "--help" } else { verb }, if verb.is_empty() { "--all" } else { "--help" });
        let help = help.run().expect(0).stdout;
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(flag), "{line}: {flag} is not in the help of `{verb}`");
        }
    }
}
