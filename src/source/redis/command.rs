//! Which commands a probe may send. An allow-list, so that a check file can never reach one that
//! changes data, blocks the server or walks all keys.

use crate::snapshot::{Fault, FaultKind};

/// Commands and subcommands that read a bounded amount and change nothing. KEYS and MONITOR are left
/// out for their cost, key reads because they would falsify the hit rate that is being measured.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("INFO", &[]),
    ("PING", &[]),
    ("ROLE", &[]),
    ("DBSIZE", &[]),
    ("LASTSAVE", &[]),
    ("TIME", &[]),
    ("CONFIG", &["GET"]),
    ("SLOWLOG", &["LEN", "GET"]),
    ("LATENCY", &["LATEST", "HISTOGRAM"]),
    ("MEMORY", &["STATS", "DOCTOR"]),
    ("CLUSTER", &["INFO", "SHARDS"]),
    ("ACL", &["WHOAMI"]),
    ("CLIENT", &["INFO"]),
];

/// Settings whose value is a secret, never asked for by name; patterns could match them.
const SECRET_SETTINGS: [&str; 4] = ["requirepass", "masterauth", "tls-key-file-pass", "tls-client-key-file-pass"];

/// Refuses whatever is not on the list.
pub(in crate::source) fn allowed(words: &[String]) -> Result<(), Fault> {
    let refuse = |message: String| {
        Err(Fault::new(FaultKind::Denied, message).remedy("probes may only send read-only commands of bounded cost"))
    };
    let Some((name, rest)) = words.split_first() else {
        return refuse("the command is empty".into());
    };
    let Some((_, subcommands)) = ALLOWED.iter().find(|(allowed, _)| allowed.eq_ignore_ascii_case(name)) else {
        return refuse(format!("{name} is not on the list of commands that a probe may send"));
    };
    let fits = |word: &String| subcommands.iter().any(|allowed| allowed.eq_ignore_ascii_case(word));
    if !subcommands.is_empty() && !rest.first().is_some_and(fits) {
        return refuse(format!("{name} is allowed only as {name} {}", subcommands.join(" or ")));
    }
    let config = name.eq_ignore_ascii_case("CONFIG");
    if config
        && rest
            .iter()
            .skip(1)
            .any(|s| s.contains(['*', '?', '[']) || SECRET_SETTINGS.iter().any(|x| x.eq_ignore_ascii_case(s)))
    {
        return refuse("CONFIG GET takes plain names of settings that are no secrets".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cheap_reads_pass() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for good in ["INFO everything", "info", "CONFIG GET maxmemory save", "slowlog len"] {
            assert!(allowed(&words(good)).is_ok(), "{good}");
        }
        for bad in [
            "KEYS *",
            "MONITOR",
            "FLUSHALL",
            "GET k",
            "CONFIG SET save x",
            "CONFIG GET *",
            "CONFIG GET requirepass",
            "CONFIG",
            "SLOWLOG RESET",
            "",
        ] {
            assert!(allowed(&words(bad)).is_err(), "{bad}");
        }
    }
}
