//! Redis as a cache, and its replica.

use std::path::PathBuf;
use std::time::Duration;

use super::options::Part;
use super::program;
use super::servers::Lab;

/// What the monitor may ask: nothing that changes anything.
const MONITOR: &str = "+ping +info +role +time +dbsize +config|get +slowlog|get +slowlog|len +client|list +client|id \
                       +client|info +client|setname +memory|stats +memory|usage +memory|doctor +latency|latest \
                       +latency|histogram +acl|whoami +cluster|info +command +module|list +select +hello +type +ttl +scan";

/// Starts the primary, or the replica of the one that runs.
pub(crate) fn start(lab: &mut Lab, part: Part) {
    lab.crew().make_folder(part.name());
    lab.start_on_port(part, |lab, port| spawn(lab, part, port), |lab| is_ours(lab, part));
    if part == Part::Redis {
        warm(lab);
    } else {
        let up = || lab.redis_info_at(Part::RedisReplica, "master_link_status") == "up";
        lab.wait_until("the Redis replica's link is up", Duration::from_secs(20), up);
    }
}

/// The folder that a server would write its snapshot to.
pub(crate) fn data(lab: &Lab, part: Part) -> PathBuf {
    lab.crew().path(part.name())
}

pub(crate) fn spawn(lab: &Lab, part: Part, port: u16) {
    let crew = lab.crew();
    let upstream = (part == Part::RedisReplica).then(|| lab.state().port(Part::Redis));
    let follow = upstream.map(|port| format!("replicaof 127.0.0.1 {port}\n")).unwrap_or_default();
    let settings = format!(
        "bind 127.0.0.1\nport {port}\ndaemonize no\ndir {}\nsave \"\"\nappendonly no\n\
         maxmemory 64mb\nmaxmemory-policy allkeys-lru\nlatency-monitor-threshold 100\n\
         repl-diskless-sync yes\nrepl-diskless-sync-delay 0\nrepl-ping-replica-period 1\n\
         user default on nopass ~* &* +@all\nuser monitor on >{} ~* &* -@all {MONITOR}\n{follow}",
        data(lab, part).display(),
        lab.state().passwords.monitor,
    );
    let settings = crew.write(&format!("{}.conf", part.name()), &settings);
    crew.spawn(part.name(), "TERM", |command| {
        command.arg(program::find("redis-server")).arg(settings);
    });
}

/// Whether it is our process that answers, and not somebody else's on a port that we lost.
pub(crate) fn is_ours(lab: &Lab, part: Part) -> bool {
    let mut client = lab.redis_client(part);
    let answer = super::crew::Crew::run(client.args(["INFO", "server"])).unwrap_or_default();
    let pid = answer.lines().find_map(|line| line.trim_end().strip_prefix("process_id:"));
    pid.and_then(|pid| pid.parse().ok()) == lab.pid(part)
}

/// A cache in good use: keys that expire, and reads that find them.
pub(crate) fn warm(lab: &Lab) {
    let writes = (0..500).flat_map(|n| {
        [format!("SET session:{n} customer-{n} EX 86400\n"), format!("SET product:{n} price-{n} EX 86400\n")]
    });
    let reads = (0..4000).map(|n| format!("GET session:{}\n", n % 500));
    lab.redis_lines(&writes.chain(reads).collect::<String>());
}
