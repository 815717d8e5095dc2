//! kubectl, by the road on which the audit reads, on the context of the resolved target.

use super::{
    RealHands, not_done,
    process::{self, Program},
    sh, surroundings,
};
use crate::{
    runbook::{
        port::{Prepared, Stage},
        reads,
        record::{Ended, Outcome},
    },
    source::{Endpoint, KubernetesPlace},
};

/// Words of kubectl after which it is not known whether the API server did what it was asked.
const UNCLEAR: [&str; 9] = [
    "context deadline exceeded",
    "Client.Timeout",
    "i/o timeout",
    "TLS handshake timeout",
    "unexpected EOF",
    "connection reset",
    "connection lost",
    "broken pipe",
    "request timed out",
];

impl RealHands {
    pub(super) async fn kubectl(&self, args: &[String], prepared: &Prepared, stage: Stage<'_>) -> Outcome {
        let place = match self.source(prepared) {
            Ok(Some(source)) => match &source.endpoint {
                Endpoint::Kubernetes(place) => place,
                _ => return not_done(format!("{} is no Kubernetes", source.name)),
            },
            Ok(None) => return not_done("kubectl needs a target of kind kubernetes"),
            Err(outcome) => return outcome,
        };
        let KubernetesPlace::Kubectl { program, context } = place else {
            return not_done("the target is a folder of saved answers; nothing can be done to a folder");
        };
        let checked = reads::kubectl_stays(args).and(if prepared.reads_only { reads::kubectl(args) } else { Ok(()) });
        if let Err(why) = checked {
            return not_done(why);
        }
        let env = surroundings::for_kubectl(&self.vars);
        let path = match process::find(program, &env) {
            Ok(path) => path,
            Err(why) => return not_done(why),
        };
        let mut all: Vec<String> = context.iter().map(|context| format!("--context={context}")).collect();
        all.push(format!("--request-timeout={}s", prepared.timeout.as_secs().max(1)));
        all.extend(args.iter().cloned());
        let program = Program { path, args: all, env, pty: false };
        let ran = self.run(&program, prepared.timeout, stage).await;
        let mut outcome = sh::ended(&program.path, ran, &[0], prepared.timeout, self.grace);
        let unclear = UNCLEAR.iter().any(|words| outcome.excerpt.contains(words));
        if outcome.ended == Ended::Failed && unclear && reads::kubectl(args).is_err() {
            outcome.ended = Ended::Unknown;
            outcome.says += "; the answer of the API server was lost: whether it was done is not known";
        }
        outcome
    }
}
