//! The checklist from the command line: answers are written, approved, renewed and counted.

use serde_json::Value;

use super::attestations::PACK;
use crate::support::{Folder, Loadline, Run, loadline, word};

fn home(pack: &str) -> Folder {
    let home = Folder::new();
    home.write("checks/criteria/own.toml", pack);
    home
}

/// A command over the folders of a home.
fn run(home: &Folder, words: &str) -> Loadline {
    let run = loadline(words).with("--checks", home.file("checks"));
    let run = run.with("--attestations", home.file("attestations"));
    if words.starts_with("checklist") || home.file("waivers").is_dir() {
        return run.with("--waivers", home.file("waivers"));
    }
    run
}

fn answer(home: &Folder) -> Loadline {
    let answer = run(home, "checklist answer own.restored --answer yes --evidence restored");
    answer.with("--by", "platform team")
}

fn list(home: &Folder) -> Run {
    std::fs::create_dir_all(home.file("attestations")).expect("a folder can be made");
    run(home, "demo checklist --pack own --format json").run().expect(0)
}

fn state(home: &Folder, id: &str) -> String {
    let list: Value = serde_json::from_str(&list(home).stdout).expect("a checklist is JSON");
    let items = list["items"].as_array().expect("a checklist has items");
    word(items.iter().find(|item| item["id"] == id).expect("the criterion is listed"), "state").to_owned()
}

#[test]
fn an_answer_is_written_and_counts() {
    let home = home(PACK);
    assert_eq!(state(&home, "own.restored"), "unanswered");
    let written = answer(&home).run().expect(0);
    assert!(written.stderr.contains("Was a restore tested?"), "it shows the question: {written}");
    assert_eq!(written.stdout.trim(), home.file("attestations/own.restored.toml").display().to_string());
    assert_eq!(state(&home, "own.restored"), "holds");
    let audit = run(&home, "demo audit --pack own --stage 1 --format json").run().expect(30).report().0;
    let all = audit["readiness"]["criteria"].as_array().expect("criteria").clone();
    assert_eq!(all.iter().find(|c| c["id"] == "own.restored").expect("it is there")["status"], "pass");

    home.write("checks/criteria/own.toml", &PACK.replace("Was a restore tested?", "Was a restore planned?"));
    assert_eq!(state(&home, "own.restored"), "stale");
    let approve = run(&home, "checklist approve own.restored --by sre").run().expect(2);
    assert!(approve.stderr.contains("another wording of the question (it was: Was a restore tested?)"), "{approve}");
    answer(&home).run().expect(0);
    assert_eq!(state(&home, "own.restored"), "holds");
}

#[test]
fn a_second_person_is_another_person() {
    let home = home(&PACK.replace("max_age =", "two_person = true\nmax_age ="));
    answer(&home).run().expect(0);
    assert_eq!(state(&home, "own.restored"), "waits");
    let same = run(&home, "checklist approve own.restored").with("--by", "Platform Team ").run().expect(2);
    assert!(same.stderr.contains("it takes a second person"), "{same}");
    run(&home, "checklist approve own.restored --by sre").run().expect(0);
    assert_eq!(state(&home, "own.restored"), "holds");
    let renew = || run(&home, "checklist renew own.restored --by sre");
    assert!(renew().run().expect(2).stderr.contains("--evidence-holds"));
    renew().arg("--evidence-holds").run().expect(0);
    assert_eq!(state(&home, "own.restored"), "waits", "a renewed answer is approved anew");
}

#[test]
fn what_cannot_be_signed_is_refused_with_a_hint() {
    let home = home(&PACK.replace("36500d", "30d"));
    let refused = |words: &str, says: &str| {
        let run = run(&home, words).run().expect(2);
        assert!(run.stderr.contains(says), "{says}: {run}");
    };
    refused("checklist answer own.restord --answer yes --by a", "did you mean own.restored?");
    refused("checklist answer own.memory --answer yes --by a", "it is measured by redis.memory-near-limit");
    refused("checklist answer own.restored --answer yes --by a", "--evidence is missing");
    refused("checklist answer own.restored --answer n-a --by a", "--note is missing");
    refused("checklist answer own.restored --answer yes --by a --evidence b --expires 31d", "at most 30d");
    refused("checklist answer own.restored --answer yes --by a --evidence b --expires 2001-01-01", "has passed");
    refused("checklist approve own.restored --by a", "nobody has answered");
    refused("checklist waive redis.memory --reason a --owner b --expires 9d", "did you mean redis.memory-near-limit");
    refused("checklist waive redis.memory-near-limit --reason a --owner b --expires 9999d", "more than a year");
    refused("checklist waive redis.memory-near-limit --owner b --expires 9d", "--reason is missing");
    assert!(!home.file("attestations").exists() && !home.file("waivers").exists(), "nothing was written");
    let pack = loadline("demo checklist --pack launh").run().expect(2);
    assert!(pack.stderr.contains("did you mean launch?"), "{pack}");
}

#[test]
fn a_waiver_is_written_and_leads_to_ready_with_waivers() {
    let home = home(PACK);
    answer(&home).run().expect(0);
    let list = || run(&home, "demo checklist --pack own --stage 1");
    list().run().expect(30);
    let waive = || run(&home, "checklist waive redis.memory-near-limit --reason small --owner sre --expires 10d");
    waive().run().expect(0);
    let listed = list().run().expect(10).stdout;
    assert!(listed.contains("READY WITH WAIVERS") && listed.contains("matched: redis.memory-near-limit"), "{listed}");
    assert!(listed.contains("Ends within 14 days (1)"), "{listed}");
    assert!(waive().run().expect(2).stderr.contains("there already"));
    run(&home, "checklist waive redis.hit-rate --reason small --owner sre --expires 10d").run().expect(0);
    assert!(list().run().expect(10).stdout.contains("unused: redis.hit-rate"));
}

#[test]
fn comments_of_a_file_stay() {
    let home = home(PACK);
    answer(&home).run().expect(0);
    let file = "attestations/own.restored.toml";
    home.write(
        file,
        &home.read(file).replace("by = \"platform team\"", "# Asked by audit.\nby = \"platform team\" # on call"),
    );
    run(&home, "checklist renew own.restored --by sre --evidence-holds --expires 30d").run().expect(0);
    let text = home.read(file);
    assert!(text.contains("# Asked by audit.\nby = \"sre\" # on call\n"), "{text}");
}

#[test]
fn hostile_text_is_harmless_in_every_format() {
    let home = home(PACK);
    let hostile = "\u{1b}[2J=1 | <script> \u{202e} [x](http://h)";
    let answer =
        run(&home, "checklist answer own.restored --answer yes").with("--by", hostile).with("--evidence", hostile);
    answer.run().expect(0);
    home.write("attestations/own.\u{1b}[2J.toml", "\u{1b}[2J = 1\n");
    for (format, raw) in [
        ("human", &["\u{1b}", "\u{202e}"][..]),
        ("csv", &["\u{1b}", "\u{202e}"]),
        ("markdown", &["\u{1b}", "\u{202e}", "<script>", "[x]("]),
    ] {
        let text = run(&home, "demo checklist --pack own --all").with("--format", format).run().expect(0).stdout;
        assert!(text.contains("u{1b}"), "{format}: {text}");
        for raw in raw {
            assert!(!text.contains(raw), "{format} holds {raw:?}: {text}");
        }
    }
}

#[test]
fn the_export_has_lines_to_sign() {
    let home = home(PACK);
    answer(&home).run().expect(0);
    let export = |name: &str| {
        run(&home, "demo checklist export --pack own").with("-o", home.file(name)).run().expect(0);
        home.read(name)
    };
    assert_eq!(export("list.md").matches("Signed by:").count(), 2);
    let csv = export("list.csv");
    assert_eq!(csv.lines().count(), 3, "a head and two criteria: {csv}");
    assert!(csv.lines().skip(1).all(|line| line.ends_with(",\"\",\"\"")), "{csv}");
    let json: Value = serde_json::from_str(&export("list.json")).expect("it is JSON");
    assert_eq!(json["items"][0]["signature"]["by"], "");
    let refused = run(&home, "demo checklist export --pack own").with("-o", home.file("list.doc")).run().expect(2);
    assert!(refused.stderr.contains(".md, .json or .csv"), "{refused}");
}

const CAMPAIGN: &str = "name = \"Spring sale\"\ndate = 2999-01-31\nmultiple = 6\nowner = \"platform team\"\nstage = \"1\"\n\
                        packs = [\"own\"]\n[owners]\nrecovery = \"database team\"\n[due]\nrecovery = 3650\n";

#[test]
fn a_campaign_says_who_owes_what_by_when() {
    let home = home(PACK);
    let campaign = |text: &str, format: &str| {
        let file = home.write("spring.toml", text);
        let run = loadline("demo checklist --format").arg(format).with("--checks", home.file("checks"));
        run.with("--campaign", file).run()
    };
    let text = campaign(CAMPAIGN, "human").expect(30).stdout;
    assert!(text.starts_with("Spring sale on 2999-01-31: NOT READY"), "{text}");
    assert!(text.contains("2989-02-02, database team: UNPROVEN, gate own.restored"), "{text}");
    assert!(text.contains("2999-01-17, platform team: UNPROVEN, gate load-test"), "{text}");
    let markdown = campaign(CAMPAIGN, "markdown").expect(30).stdout;
    assert!(markdown.contains("| 2989-02-02 | database team | UNPROVEN |"), "{markdown}");
    let past = campaign(&CAMPAIGN.replace("2999", "2020"), "human").expect(2).stderr;
    assert!(past.contains("was on 2020-01-31") && past.contains("write the date of the next one"), "{past}");
    let typo = campaign(&CAMPAIGN.replace("recovery =", "recvery ="), "human").expect(2).stderr;
    assert!(typo.contains("owners: `recvery` is no domain"), "{typo}");
    campaign(CAMPAIGN, "csv").expect(2);
}
