//! Where passwords come from.

use super::{env, password, resolve};
use crate::secret::Secret;
use crate::source::postgres::conninfo::Env;

#[test]
fn passwords_come_from_the_first_layer_that_has_one() {
    let files = [("/home/me/.pgpass", 0o600, "db:*:*:*:file\nlocalhost:*:*:*:local\n/run/pg:*:*:*:sock\n")];
    let bare = env(&[], &files);
    let set = env(&[("PGPASSWORD", "var")], &files);
    let cases: &[(&str, &Env, Option<&str>, &str)] = &[
        ("host=db", &bare, Some("file"), "password file /home/me/.pgpass line 1"),
        ("host=db", &set, Some("var"), "environment PGPASSWORD"),
        ("host=db password=typed", &set, Some("typed"), "connection string"),
        ("host=db password=''", &set, Some("file"), "password file /home/me/.pgpass line 1"),
        ("host=other", &bare, None, "default"),
        ("", &bare, Some("local"), "password file /home/me/.pgpass line 2"),
        ("host=/tmp", &bare, Some("local"), "password file /home/me/.pgpass line 2"),
        ("host=/run/pg", &bare, Some("sock"), "password file /home/me/.pgpass line 3"),
        ("host=db hostaddr=10.0.0.1", &bare, Some("file"), "password file /home/me/.pgpass line 1"),
        ("host=db passfile=/none", &bare, None, "connection string"),
    ];
    for (text, env, want, origin) in cases {
        let info = resolve(text, env);
        assert_eq!(password(&info), *want, "{text}");
        let name = if text.contains("passfile") { "passfile" } else { "password" };
        assert_eq!(info.origin(name).to_string(), *origin, "{text}");
    }
}

#[test]
fn each_host_gets_its_own_password_and_the_redactor_all() {
    let files = [("/home/me/.pgpass", 0o600, "a:1:*:*:pa\nb:*:*:*:pb\n")];
    let info = resolve("host=a,b,c,a port=1,2,3,1", &env(&[], &files));
    let passwords: Vec<_> = info.hosts().iter().map(|host| host.password.as_ref().map(Secret::expose)).collect();
    assert_eq!(passwords, [Some("pa"), Some("pb"), None, Some("pa")]);
    assert_eq!(info.secrets(), ["pa", "pb"]);
}

#[test]
fn a_password_file_that_others_can_read_is_ignored_and_said_so() {
    for mode in [0o644, 0o640, 0o604] {
        let info = resolve("host=db", &env(&[], &[("/home/me/.pgpass", mode, "*:*:*:*:pw")]));
        assert_eq!(password(&info), None);
        assert!(info.notes()[0].contains("/home/me/.pgpass is ignored"), "{:?}", info.notes());
    }
    assert!(resolve("host=db", &env(&[], &[("/home/me/.pgpass", 0o400, "*:*:*:*:pw")])).notes().is_empty());
}
