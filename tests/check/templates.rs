//! What `check new` writes works as it is, for each kind of source.

use crate::support::{Folder, loadline};

#[test]
fn a_new_check_of_each_kind_has_no_mistake_and_its_cases_hold() {
    for kind in ["postgres", "pgbouncer", "redis", "kubernetes", "loadtest", "plan"] {
        let folder = Folder::new();
        let id = format!("{kind}.my-thing");
        loadline("check new").arg(&id).with("--folder", folder.path()).run().expect(0);
        loadline("check lint").arg(folder.path()).run().expect(0);
        let run = loadline("check test").arg(&id).with("--checks", folder.path()).run().expect(0);
        assert!(run.stdout.contains("2 cases hold, 0 do not"), "{kind}: {run}");
    }
}

#[test]
fn a_kind_that_is_none_is_refused() {
    let run = loadline("check new mysql.my-thing").run().expect(2);
    assert!(run.stderr.contains("`mysql` is no kind of source"), "{run}");
}
