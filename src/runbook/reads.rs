//! Which commands only read, and which of Redis' are never sent. Pure lists, shared by lint and by hands.
//!
//! A step that says `observe` is held to these before anything starts. They are lists of what is allowed: a command that
//! nobody thought of is refused.

/// Flags of kubectl that stand before or after its verb and take the next word as their value.
const KUBECTL_VALUED: [&str; 29] = [
    "-n",
    "--namespace",
    "-s",
    "--server",
    "-v",
    "--v",
    "--vmodule",
    "--as",
    "--as-group",
    "--as-uid",
    "--as-user-extra",
    "--cache-dir",
    "--certificate-authority",
    "--client-certificate",
    "--client-key",
    "--cluster",
    "--context",
    "--kubeconfig",
    "--kuberc",
    "--log-flush-frequency",
    "--password",
    "--profile",
    "--profile-output",
    "--request-timeout",
    "--tls-server-name",
    "--token",
    "--user",
    "--username",
    "--warnings-as-errors-file",
];

/// Flags that would lead kubectl somewhere else than to the resolved target, or make it somebody else.
const KUBECTL_ELSEWHERE: [&str; 15] = [
    "-s",
    "--server",
    "--cluster",
    "--context",
    "--kubeconfig",
    "--kuberc",
    "--user",
    "--token",
    "--username",
    "--password",
    "--as",
    "--as-group",
    "--as-uid",
    "--as-user-extra",
    "--tls-server-name",
];

/// Verbs of kubectl that only read; with their second word where only some of it reads.
const KUBECTL_READS: [(&str, &[&str]); 14] = [
    ("get", &[]),
    ("describe", &[]),
    ("logs", &[]),
    ("top", &[]),
    ("events", &[]),
    ("explain", &[]),
    ("version", &[]),
    ("wait", &[]),
    ("api-resources", &[]),
    ("api-versions", &[]),
    ("cluster-info", &[]),
    ("rollout", &["status", "history"]),
    ("auth", &["can-i", "whoami"]),
    ("config", &["current-context", "get-contexts", "get-clusters", "get-users", "view"]),
];

/// Whether a kubectl command only reads; its arguments without the program.
///
/// # Errors
/// Why it is not known to, and what is.
pub fn kubectl(args: &[String]) -> Result<(), String> {
    let words = kubectl_words(args);
    let Some(verb) = words.first().copied() else {
        return Err("the command has no verb; one that only reads begins with get, describe, logs, top, …".into());
    };
    let Some((_, seconds)) = KUBECTL_READS.iter().find(|(name, _)| *name == verb) else {
        let known: Vec<_> = KUBECTL_READS.iter().map(|(name, _)| *name).collect();
        return Err(format!("kubectl {verb} is not known to only read; these are: {}", known.join(", ")));
    };
    if !seconds.is_empty() && !words.get(1).is_some_and(|second| seconds.contains(second)) {
        return Err(format!("kubectl {verb} only reads as {verb} {}", seconds.join(" or ")));
    }
    if verb == "cluster-info" && words.len() > 1 {
        return Err(
            "kubectl cluster-info dump reads every log and may write files; take `kubectl logs` of one pod".into()
        );
    }
    if verb == "config" && args.iter().any(|arg| arg.split('=').next() == Some("--raw")) {
        return Err("kubectl config view --raw prints credentials; leave --raw out".into());
    }
    Ok(())
}

/// Refuses flags that would lead a kubectl command away from the target that was resolved for it.
///
/// # Errors
/// Which flag, and what stands in its place.
pub fn kubectl_stays(args: &[String]) -> Result<(), String> {
    let strays = |arg: &&String| {
        let name = arg.split('=').next().unwrap_or_default();
        let short = arg.starts_with("-s") && !arg.starts_with("--");
        short || KUBECTL_ELSEWHERE.contains(&name)
    };
    match args.iter().take_while(|arg| *arg != "--").find(strays) {
        Some(arg) => Err(format!(
            "{} would lead kubectl away from the target; leave it out: the context is that of the step's target",
            arg.split('=').next().unwrap_or_default()
        )),
        None => Ok(()),
    }
}

/// The words of a kubectl command that are no flags and no values of flags that we know.
fn kubectl_words(args: &[String]) -> Vec<&str> {
    let mut words = Vec::new();
    let mut args = args.iter().take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        if KUBECTL_VALUED.contains(&arg.as_str()) {
            args.next();
        } else if !arg.starts_with('-') {
            words.push(arg.as_str());
        }
    }
    words
}

/// Commands of Redis that only read and cost little; with subcommands where only some of them do. What probes may
/// send (`source::redis`) is allowed, too; these also look at single keys and clients.
const REDIS_READS: [(&str, &[&str]); 50] = [
    ("ACL", &["WHOAMI", "DRYRUN"]),
    ("CLIENT", &["INFO", "LIST", "ID", "GETNAME"]),
    ("CLUSTER", &["INFO", "SHARDS", "NODES", "SLOTS", "MYID", "KEYSLOT", "COUNTKEYSINSLOT"]),
    ("COMMAND", &["COUNT", "INFO", "DOCS"]),
    ("ECHO", &[]),
    ("EXISTS", &[]),
    ("EXPIRETIME", &[]),
    ("GET", &[]),
    ("GETRANGE", &[]),
    ("HEXISTS", &[]),
    ("HGET", &[]),
    ("HLEN", &[]),
    ("HMGET", &[]),
    ("HSCAN", &[]),
    ("HSTRLEN", &[]),
    ("LATENCY", &["LATEST", "HISTOGRAM", "HISTORY", "DOCTOR"]),
    ("LINDEX", &[]),
    ("LLEN", &[]),
    ("LRANGE", &[]),
    ("MEMORY", &["STATS", "DOCTOR", "USAGE"]),
    ("MGET", &[]),
    ("OBJECT", &["ENCODING", "FREQ", "IDLETIME", "REFCOUNT"]),
    ("PEXPIRETIME", &[]),
    ("PTTL", &[]),
    ("PUBSUB", &["CHANNELS", "NUMSUB", "NUMPAT", "SHARDCHANNELS", "SHARDNUMSUB"]),
    ("RANDOMKEY", &[]),
    ("SCAN", &[]),
    ("SCARD", &[]),
    (
        "SENTINEL",
        &["CKQUORUM", "GET-MASTER-ADDR-BY-NAME", "MASTER", "MASTERS", "MYID", "REPLICAS", "SENTINELS", "SLAVES"],
    ),
    ("SISMEMBER", &[]),
    ("SMISMEMBER", &[]),
    ("SRANDMEMBER", &[]),
    ("SSCAN", &[]),
    ("STRLEN", &[]),
    ("TTL", &[]),
    ("TYPE", &[]),
    ("XINFO", &[]),
    ("XLEN", &[]),
    ("XPENDING", &[]),
    ("XRANGE", &[]),
    ("XREVRANGE", &[]),
    ("ZCARD", &[]),
    ("ZCOUNT", &[]),
    ("ZLEXCOUNT", &[]),
    ("ZMSCORE", &[]),
    ("ZRANGE", &[]),
    ("ZRANK", &[]),
    ("ZREVRANK", &[]),
    ("ZSCAN", &[]),
    ("ZSCORE", &[]),
];

/// Whether a command of Redis only reads, in words.
///
/// # Errors
/// Why it is not known to.
pub fn redis(words: &[String]) -> Result<(), String> {
    if let Some(never) = redis_never(words) {
        return Err(never);
    }
    if crate::source::redis_probe_may_send(words) {
        return Ok(());
    }
    let name = words.first().map(String::as_str).unwrap_or_default();
    let known = REDIS_READS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known {
        Some((_, [])) => Ok(()),
        Some((known, subs)) => {
            let fits = words.get(1).is_some_and(|word| subs.iter().any(|sub| sub.eq_ignore_ascii_case(word)));
            if fits { Ok(()) } else { Err(format!("{known} only reads as {known} {}", subs.join(" or "))) }
        }
        None if name.eq_ignore_ascii_case("CONFIG") => {
            Err("CONFIG only reads as CONFIG GET with plain names of settings that are no secrets".into())
        }
        None => Err(format!("{name} is not known to only read; a step that uses it is `danger=change` or more")),
    }
}

/// Commands of Redis that no step may send, at any danger: name, why, and the better way.
pub const REDIS_NEVER: [(&str, &str, &str); 27] = [
    ("FLUSHALL", "deletes every key of every database", "delete what is meant: SCAN with MATCH, then UNLINK"),
    ("FLUSHDB", "deletes every key of the database", "delete what is meant: SCAN with MATCH, then UNLINK"),
    ("KEYS", "walks all keys while every other client waits", "SCAN with MATCH and COUNT"),
    ("MONITOR", "slows the server down and prints what clients send, passwords too", "SLOWLOG GET, CLIENT LIST"),
    ("DEBUG", "can stop or crash the server", "INFO, MEMORY DOCTOR, LATENCY DOCTOR"),
    ("SHUTDOWN", "stops the server", "let what runs the server stop it: systemctl, kubectl"),
    ("SAVE", "blocks every client until the disk has it all", "BGSAVE"),
    ("EVAL", "runs a program that nobody reviewed and that blocks every client", "write the commands as a step"),
    ("EVAL_RO", "runs a program that blocks every client", "write the commands as a step"),
    ("EVALSHA", "runs a program that nobody sees here", "write the commands as a step"),
    ("EVALSHA_RO", "runs a program that nobody sees here", "write the commands as a step"),
    ("SCRIPT", "loads, flushes or kills programs of others", "stop a runaway script by hand, knowing what it wrote"),
    ("FUNCTION", "loads, deletes or kills programs of others", "deploy functions with the application"),
    ("FCALL", "runs a program that nobody sees here", "write the commands as a step"),
    ("FCALL_RO", "runs a program that nobody sees here", "write the commands as a step"),
    ("MODULE", "loads code into the server", "load modules by its configuration"),
    ("SWAPDB", "gives every client another database at once", "move what is meant, key by key"),
    ("MIGRATE", "moves keys away while both servers wait", "redis-cli --cluster reshard"),
    ("RESTORE", "writes bytes that nobody reads", "let the application write the key"),
    ("SUBSCRIBE", "turns the connection into a listener that never ends", "PUBSUB CHANNELS, PUBSUB NUMSUB"),
    ("PSUBSCRIBE", "turns the connection into a listener that never ends", "PUBSUB CHANNELS, PUBSUB NUMPAT"),
    ("SSUBSCRIBE", "turns the connection into a listener that never ends", "PUBSUB SHARDCHANNELS"),
    ("SYNC", "turns the connection into a replica", "a replica of its own: REPLICAOF on that server"),
    ("PSYNC", "turns the connection into a replica", "a replica of its own: REPLICAOF on that server"),
    ("REPLCONF", "speaks as a replica", "INFO replication"),
    ("SORT", "reads and sorts a whole collection while every other client waits", "sort where it is read"),
    ("AUTH", "would put a password into the runbook's text", "the credentials of the source in the configuration"),
];

/// Why a command of Redis is never sent, and what to do in its place; none where it may be.
pub fn redis_never(words: &[String]) -> Option<String> {
    let Some(name) = words.first().filter(|name| !name.trim().is_empty()) else {
        return Some("the command is empty".into());
    };
    let (name, why, better) = REDIS_NEVER.iter().find(|(never, ..)| never.eq_ignore_ascii_case(name))?;
    Some(format!("{name} is never sent by a step: it {why}; the better way: {better}"))
}

/// Whether a command of PgBouncer's console only reads: SHOW does.
///
/// # Errors
/// Why it does not.
pub fn pgbouncer(words: &[String]) -> Result<(), String> {
    match words.first() {
        Some(first) if first.eq_ignore_ascii_case("show") => Ok(()),
        Some(first) => Err(format!("{first} does not only read; on PgBouncer's console SHOW does")),
        None => Err("the command is empty".into()),
    }
}

/// Whether a request only reads by its method: GET and HEAD do.
///
/// # Errors
/// Why it does not.
pub fn http(method: &str) -> Result<(), String> {
    if matches!(method, "GET" | "HEAD") { Ok(()) } else { Err(format!("{method} does not only read; GET and HEAD do")) }
}

/// Variables on which shells, loaders and programs rely.
const RESERVED: [&str; 27] = [
    "BASH_ENV",
    "CDPATH",
    "ENV",
    "HOME",
    "IFS",
    "KUBECONFIG",
    "LANG",
    "LC_ALL",
    "OPTIND",
    "PATH",
    "PGAPPNAME",
    "PGDATABASE",
    "PGHOST",
    "PGHOSTADDR",
    "PGOPTIONS",
    "PGPASSFILE",
    "PGPASSWORD",
    "PGPORT",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGUSER",
    "PS4",
    "PWD",
    "SHELLOPTS",
    "TERM",
    "TMPDIR",
    "TZ",
];

/// Whether an environment variable is one on which programs rely: no parameter may be given to a script under its name.
pub fn is_reserved(name: &str) -> bool {
    let prefixes = ["LD_", "DYLD_", "LOADLINE_", "PGSSL"];
    RESERVED.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn kubectl_commands_that_only_read_are_known_wherever_their_flags_stand() {
        for good in [
            "get pods",
            "-n shop get hpa web -o json",
            "--namespace shop rollout status deploy/web",
            "describe hpa",
            "logs deploy/web --tail=20",
            "top pods",
            "auth can-i get pods",
            "config current-context",
            "get -n delete pods",
        ] {
            assert_eq!(kubectl(&words(good)), Ok(()), "{good}");
        }
        for bad in [
            "",
            "delete pod x",
            "-n get delete pod x",
            "--namespace get scale deploy/web",
            "rollout restart deploy/web",
            "rollout",
            "exec web -- get pods",
            "neat get pods",
            "config view --raw",
            "config use-context x",
            "cluster-info dump",
            "-- get",
            "apply --dry-run=client -f x",
        ] {
            assert!(kubectl(&words(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn kubectl_cannot_be_led_to_another_cluster() {
        for bad in ["get pods --context other", "get --context=other pods", "-shttps://x get pods", "get --as=root x"] {
            assert!(kubectl_stays(&words(bad)).is_err(), "{bad}");
        }
        for good in ["get pods -n other", "exec web -- app --context x", "scale --replicas=3 deploy/web"] {
            assert_eq!(kubectl_stays(&words(good)), Ok(()), "{good}");
        }
    }

    #[test]
    fn redis_commands_that_only_read_are_known_and_the_dangerous_ones_never_sent() {
        for good in ["info all", "GET k", "memory usage k", "client list", "CONFIG GET maxmemory", "SCAN 0 COUNT 10"] {
            assert_eq!(redis(&words(good)), Ok(()), "{good}");
        }
        for bad in
            ["SET a b", "CONFIG SET a b", "CONFIG GET *", "CLIENT KILL ID 3", "KEYS *", "keys *", "memory purge", ""]
        {
            assert!(redis(&words(bad)).is_err(), "{bad}");
        }
        let never = redis_never(&words("flushall async")).expect("it is on the list");
        assert!(never.contains("SCAN") && never.contains("deletes every key"), "{never}");
        assert_eq!(redis_never(&words("SET a b")), None);
    }

    #[test]
    fn consoles_and_requests_read_by_their_first_word() {
        assert!(pgbouncer(&words("show pools")).is_ok() && pgbouncer(&words("PAUSE shop")).is_err());
        assert!(http("GET").is_ok() && http("POST").is_err() && http("get").is_err());
    }
}
