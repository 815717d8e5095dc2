//! A snapshot judged again gives what the live audit gave, byte for byte.

use crate::lab::{Lab, Options, Part, Role};
use crate::support::{Folder, loadline};

#[test]
fn a_live_audit_and_its_snapshot_say_the_same() {
    let lab = Lab::start(Options::of(&[Part::Postgres, Part::Redis]));
    lab.ail("idle-in-transaction");
    let folder = Folder::new();
    let snapshot = folder.file("snapshot.json");
    let live = loadline("audit --format json --window 1s --set postgres.idle-in-transaction.fail=1s")
        .with("--postgres", lab.primary_url(Role::Monitor))
        .with("--redis", lab.redis_url())
        .with("--save-snapshot", &snapshot)
        .run()
        .expect(30);
    assert!(live.report().statuses("postgres.idle-in-transaction").contains(&"fail"), "{live}");
    drop(lab);

    let replay = || {
        let run = loadline("audit --format json --set postgres.idle-in-transaction.fail=1s");
        run.with("--snapshot", &snapshot).run().expect(30).stdout
    };
    assert_eq!(replay(), live.stdout, "the servers are gone, and still the same words");
    assert_eq!(replay(), replay());
}

#[test]
fn what_collect_wrote_is_judged_the_same_every_time() {
    let lab = Lab::start(Options::postgres());
    let folder = Folder::new();
    let snapshot = folder.file("snapshot.json");
    loadline("collect --window 0 -o")
        .arg(&snapshot)
        .env("DATABASE_URL", lab.primary_url(Role::Monitor))
        .run()
        .expect(0);
    let judge = |format: &str| loadline("audit --all --format").arg(format).with("--snapshot", &snapshot).run();
    for format in ["json", "human", "markdown"] {
        let (once, again) = (judge(format), judge(format));
        assert_eq!((once.code, &once.stdout), (again.code, &again.stdout));
    }
    // Judging the same answers by another threshold needs no server either.
    let strict = loadline("audit --format json --set postgres.connection-saturation.fail=0%");
    let strict = strict.with("--snapshot", &snapshot).run().expect(30);
    assert_eq!(strict.report().statuses("postgres.connection-saturation"), ["fail"]);
}
