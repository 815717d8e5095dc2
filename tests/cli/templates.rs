//! Templates of reports: which there are, how the user's lie over them, and what is said of broken ones.

use crate::support::{Folder, loadline};

#[test]
fn a_file_of_the_user_replaces_the_embedded_one_and_no_other() {
    let folder = Folder::new();
    folder.write("parts/head.md", "# Ours: {{ audit.target.name }}\n\n");
    folder.write("other.html", "{% of another program %}");
    let run = loadline("demo report").with("--templates", folder.path()).run().expect(0);
    assert!(run.stdout.starts_with("# Ours: demo-shop\n\n## What breaks first\n"), "{run}");
    assert!(run.stdout.contains("## 12. Runbook for manual scaling"), "{run}");
    assert!(loadline("demo report").run().expect(0).stdout.starts_with("# Readiness of demo-shop"));
}

#[test]
fn a_template_of_ones_own_is_found_in_every_folder_and_the_nearest_wins() {
    let run = loadline("demo report --template mine");
    run.home().write(".config/loadline/templates/mine.md", "of the home: {{ top.verdict }}\n");
    let near = Folder::new();
    near.write("mine.md", "given: {{ summary }}\n");
    let stdout = run.run().expect(0).stdout;
    assert!(stdout.starts_with("of the home: "), "{stdout}");
    let run = loadline("demo report --template mine");
    run.home().write(".config/loadline/templates/mine.md", "of the home\n");
    run.home().write("loadline.toml", "[targets.shop]\n");
    run.home().write("templates/mine.md", "beside the configuration\n");
    assert_eq!(run.run().expect(0).stdout, "beside the configuration\n");
    let given = loadline("demo report --template mine").with("--templates", near.path()).run().expect(0);
    assert!(given.stdout.starts_with("given: ") && given.stdout.contains(" fail, "), "{given}");
}

#[test]
fn a_broken_template_is_named_by_file_and_line() {
    let folder = Folder::new();
    let cases = [
        ("# fine\n{{ audit.target.name }}\n{% if %}\n", ":3:"),
        ("{{ audit.target.name | nofilter }}\n", ":1:"),
        ("# fine\n{{ audit.nothing.at.all }}\n", ":2:"),
    ];
    for (text, place) in cases {
        let file = folder.write("report.md", text);
        let run = loadline("demo report").with("--templates", folder.path()).run().expect(2);
        assert!(run.stderr.contains(&format!("{}{place}", file.display())), "{text}: {run}");
        assert!(run.stdout.is_empty(), "{run}");
    }
}

#[test]
fn a_template_that_is_not_there_is_answered_with_those_that_are() {
    let run = loadline("demo report --template weekly").run().expect(2);
    assert!(run.stderr.contains("no template `weekly`; there is audit, brief, executive, report"), "{run}");
    let run = loadline("demo report --templates nowhere").run().expect(2);
    assert!(run.stderr.contains("nowhere: no such folder"), "{run}");
}

#[test]
fn the_ending_of_the_file_tells_the_format() {
    let folder = Folder::new();
    for (name, head) in [("r.md", "# Readiness of demo-shop"), ("r.html", "<!DOCTYPE html>")] {
        loadline("demo report -o").arg(folder.file(name)).run().expect(0);
        assert!(folder.read(name).starts_with(head), "{name}");
        loadline("demo audit -o").arg(folder.file(name)).run().expect(30);
        assert!(folder.read(name).starts_with(head), "{name} of an audit");
    }
    let run = loadline("demo report -o").arg(folder.file("r.pdf")).run().expect(2);
    assert!(run.stderr.contains("expected .md or .html"), "{run}");
}

#[test]
fn a_stage_decides_the_exit_code_of_a_report() {
    assert!([10, 20, 30].contains(&loadline("demo report --stage 4").run().code));
    loadline("demo report --stage nine").run().expect(2);
}
