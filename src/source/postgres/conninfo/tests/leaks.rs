//! Passwords stay inside.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{env, password, resolve};
use crate::source::postgres::conninfo::ConnInfo;

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _infallible = write!(out, "%{byte:02X}");
        out
    })
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

proptest! {
    /// However the password gets in, well written or not, no text that comes out has it.
    #[test]
    fn no_output_ever_has_the_password(
        tail in r"[a-zA-Z0-9 /@:?&=%'\\,#\[\]+-]{4,24}",
        head in r"[/@:?&=%'\\, ]{0,2}",
        port in "[0-9x]{1,6}",
    ) {
        let secret = format!("{head}Zq{tail}");
        let passfile = format!("*:*:*:*:{}\n", secret.replace('\\', r"\\").replace(':', r"\:"));
        let service = format!("[s]\nhost=h\npassword={secret}\nport={port}\n[broken]\npassword {secret}\n{secret}\n");
        let env = env(
            &[("PGPASSWORD", &secret)],
            &[("/home/me/.pgpass", 0o600, &passfile), ("/home/me/.pg_service.conf", 0o644, &service)],
        );
        let texts = [
            format!("postgres://joe:{secret}@db:{port}/app"),
            format!("postgres://joe:{}@db:{port}/app", percent(&secret)),
            format!("postgres://db/app?password={secret}"),
            format!("postgres://db/app?password={secret}&prot={port}"),
            format!("host=db password={secret} port={port}"),
            format!("host=db password={} port={port}", quote(&secret)),
            format!("password={} hots=db", quote(&secret)),
            "host=db".to_owned(),
            "host=db password=''".to_owned(),
            "service=s".to_owned(),
            "service=broken".to_owned(),
            secret.clone(),
        ];
        let shown = format!("{env:?}");
        prop_assert!(!shown.contains(&secret));
        for text in texts {
            let output = match ConnInfo::resolve(Some(&text), None, &env) {
                Ok(info) => {
                    let origins: Vec<String> =
                        info.origins().map(|(name, origin)| format!("{name} {origin} {origin:?}")).collect();
                    format!("{info:?} {} {origins:?} {:?}", info.describe(), info.notes())
                }
                Err(error) => format!("{error} {error:?}"),
            };
            prop_assert!(!output.contains(&secret), "{text} gave {output}");
        }
    }

    /// A password that is written properly arrives unchanged.
    #[test]
    fn passwords_survive_both_forms(secret in r"[\PC&&[^\x00]]{1,16}") {
        let env = env(&[], &[]);
        for text in [format!("postgres://joe:{}@db/app", percent(&secret)), format!("password={}", quote(&secret))] {
            let info = resolve(&text, &env);
            prop_assert_eq!(password(&info), Some(secret.as_str()));
        }
    }

    /// Nothing that can be typed makes the parser fall over.
    #[test]
    fn any_text_is_answered(text in r"(postgres://)?[a-z0-9 /@:?&=%'\\,\[\]ż]{0,40}") {
        let _answer = ConnInfo::resolve(Some(&text), None, &env(&[], &[]));
    }
}
