//! No password and no literal of a query leaves the program, by whatever door it came in and whatever went wrong.

use std::time::Duration;

use crate::lab::{Lab, Options, Part, Role, Server};
use crate::standin::broken::closed_port;
use crate::support::{Folder, Loadline, Session, loadline};

const PLANTED: &str = "hunter2-Zx9";

/// Runs with every file that can be written, each with everything shown, and searches all of it.
fn assert_silent(what: &str, secrets: &[&str], code: i32, dress: impl Fn(Loadline) -> Loadline) {
    let out = Folder::new();
    let mut run = loadline("audit --all --window 0 --format human");
    for file in ["report.md", "report.json", "report.txt"] {
        run = run.with("-o", out.file(file));
    }
    let run = dress(run.with("--save-snapshot", out.file("snapshot.json"))).run();
    assert_eq!(run.code, code, "{what}\n{run}");
    let files = out.all_text();
    assert_eq!(files.is_empty(), code == 2, "{what}: four files are there to be searched");
    for secret in secrets {
        let all = [&run.stdout, &run.stderr, &files];
        assert!(all.iter().all(|text| !text.contains(secret)), "{what}: {secret} came out\n{run}");
    }
}

/// The lab, each of its passwords under another roof, with a session whose statement holds a literal.
struct Scene {
    lab: Lab,
    postgres: String,
    redis: String,
}

impl Scene {
    fn set() -> Self {
        let lab = Lab::start(Options::of(&[Part::Postgres, Part::Redis]));
        let (postgres, redis) = (lab.credentials(Role::Monitor).1.to_owned(), lab.state().passwords.monitor.clone());
        Self { lab, postgres, redis }
    }

    fn bare_url(&self) -> String {
        self.lab.primary_url(Role::Monitor).replace(&format!(":{}", self.postgres), "")
    }

    fn port(&self) -> String {
        self.lab.state().port(Part::Postgres).to_string()
    }
}

#[test]
fn passwords_stay_inside_wherever_they_come_from() {
    let scene = Scene::set();
    let (url, redis) = (scene.lab.primary_url(Role::Monitor), scene.lab.redis_url());
    let secrets = [scene.postgres.as_str(), scene.redis.as_str()];
    let only = "postgres.connection-saturation,redis.clients-near-limit";
    assert_silent("flags", &secrets, 0, |run| {
        run.with("--postgres", &url).with("--redis", &redis).with("--only", only)
    });
    assert_silent("the environment", &secrets, 0, |run| {
        run.env("DATABASE_URL", &url).env("REDIS_URL", &redis).with("--only", only)
    });
    assert_silent("PGPASSWORD", &secrets, 0, |run| {
        run.env("PGPASSWORD", &scene.postgres).with("--postgres", scene.bare_url()).with("--only", only)
    });
    assert_silent("a password file", &secrets, 0, |run| {
        run.home().write(".pgpass", &format!("127.0.0.1:{}:shop:loadline:{}\n", scene.port(), scene.postgres));
        run.with("--postgres", scene.bare_url()).with("--only", only)
    });
    let config = Folder::new();
    let bare_redis = redis.replace(&format!(":{}", scene.redis), "");
    let text = format!(
        "[targets.shop.sources.main]\nkind = \"postgres\"\nurl = \"{}\"\npassword_env = \"SHOP_PASSWORD\"\n\
         [targets.shop.sources.cache]\nkind = \"redis\"\nurl = \"{bare_redis}\"\npassword_env = \"CACHE_PASSWORD\"\n",
        scene.bare_url()
    );
    let config = config.write("loadline.toml", &text);
    assert_silent("a configuration", &secrets, 0, |run| {
        let run = run.with("--config", &config).env("CACHE_PASSWORD", &scene.redis);
        run.env("SHOP_PASSWORD", &scene.postgres).with("--only", only)
    });
}

#[test]
fn passwords_stay_inside_when_something_is_wrong_with_them() {
    let scene = Scene::set();
    let wrong = |url: String, right: &str| url.replace(right, PLANTED);
    let url = wrong(scene.lab.primary_url(Role::Monitor), &scene.postgres);
    let redis = wrong(scene.lab.redis_url(), &scene.redis);
    let both = [PLANTED];
    assert_silent("wrong passwords", &both, 20, |run| run.with("--postgres", &url).with("--redis", &redis));
    let nobody = format!("loadline:{PLANTED}@127.0.0.1:{}", closed_port());
    assert_silent("nobody there", &both, 20, |run| {
        run.with("--postgres", format!("postgres://{nobody}/shop")).with("--redis", format!("redis://{nobody}/0"))
    });
    let strange = [
        ("--postgres", format!("postgres://u:{PLANTED}@h:port/db")),
        ("--postgres", format!("postgres://u:{PLANTED}@[::1/db")),
        ("--postgres", format!("postgres://u:{PLANTED}@h/db?sslmode=perhaps")),
        ("--postgres", format!("postgres://u:%zz{PLANTED}@h/db")),
        ("--postgres", format!("host=h password='{PLANTED}")),
        ("--postgres", format!("host=h pass word={PLANTED}")),
        ("--pgbouncer", format!("postgres://u:{PLANTED}@h:99999/pgbouncer")),
        ("--redis", format!("redis://u:{PLANTED}@h:port/0")),
        ("--redis", format!("redis://u:{PLANTED}@h/zero")),
        ("--redis", format!("rediss://u:{PLANTED}@h:6379/#nonsense")),
        ("--redis", format!("reddit://u:{PLANTED}@h")),
        ("--redis", format!("u:{PLANTED}@h")),
    ];
    for (flag, url) in &strange {
        assert_silent(url, &both, 2, |run| run.with(flag, url));
        let variable = ["--postgres", "--pgbouncer", "--redis"].iter().position(|known| known == flag).unwrap();
        let variable = ["DATABASE_URL", "PGBOUNCER_URL", "REDIS_URL"][variable];
        assert_silent(url, &both, 2, |run| run.env(variable, url));
    }
}

#[test]
fn literals_of_statements_stay_inside() {
    let lab = Lab::start(Options::postgres());
    let statement = format!(
        "begin; select '{PLANTED}', $tag${PLANTED}$tag$, E'\\'{PLANTED}' /* {PLANTED} */ -- {PLANTED}\n; \
         create role x password '{PLANTED}'; select pg_sleep(60), '{PLANTED}' as \"name\""
    );
    let mut psql = lab.crew().command("psql");
    lab.dress(&mut psql, Server::Primary, Role::Superuser, "shop", "clumsy");
    psql.args(["-c", &statement]);
    let _session = Session::start(psql, "");
    let asleep = "select count(*) from pg_stat_activity where application_name = 'clumsy' and wait_event = 'PgSleep'";
    lab.wait_until("the session sleeps", Duration::from_secs(10), || lab.sql(Server::Primary, asleep) == "1");
    let set = "postgres.long-transactions.fail=0s";
    let run =
        loadline("audit --window 0 --format json --set").arg(set).with("--postgres", lab.primary_url(Role::Monitor));
    let report = run.run().expect(30).report();
    let shown = report.of("postgres.long-transactions").iter().map(ToString::to_string).collect::<String>();
    assert!(shown.contains("pg_sleep"), "the statement itself is evidence: {shown}");
    assert_silent("a statement", &[PLANTED], 30, |run| {
        run.with("--set", set).with("--postgres", lab.primary_url(Role::Monitor))
    });
    // Who asks for literals gets them; that shows that the search above can find them.
    let run = loadline("audit --window 0 --format json --keep-literals --set").arg(set);
    let kept = run.with("--postgres", lab.primary_url(Role::Monitor)).run().expect(30);
    assert!(kept.stdout.contains(PLANTED), "{kept}");
}
