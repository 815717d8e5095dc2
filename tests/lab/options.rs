//! Which servers a lab has.

/// One server of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Postgres,
    Replica,
    PgBouncer,
    Redis,
    RedisReplica,
}

impl Part {
    pub(crate) const ALL: [Self; 5] = [Self::Postgres, Self::Replica, Self::PgBouncer, Self::Redis, Self::RedisReplica];

    /// The name that people and the state file use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Replica => "replica",
            Self::PgBouncer => "pgbouncer",
            Self::Redis => "redis",
            Self::RedisReplica => "redis-replica",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The server that this one cannot be without.
    fn upstream(self) -> Option<Self> {
        match self {
            Self::Postgres | Self::Redis => None,
            Self::Replica | Self::PgBouncer => Some(Self::Postgres),
            Self::RedisReplica => Some(Self::Redis),
        }
    }
}

/// The servers that a test wants: leaving some out makes its start quicker.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    parts: Vec<Part>,
}

impl Options {
    /// Every server there is.
    pub(crate) fn full() -> Self {
        Self::of(&Part::ALL)
    }

    /// A lone `PostgreSQL`.
    pub(crate) fn postgres() -> Self {
        Self::of(&[Part::Postgres])
    }

    /// A lone Redis.
    pub(crate) fn redis() -> Self {
        Self::of(&[Part::Redis])
    }

    /// These servers, and the ones that they need.
    pub(crate) fn of(wanted: &[Part]) -> Self {
        let needed: Vec<Part> = wanted.iter().filter_map(|part| part.upstream()).collect();
        let parts = Part::ALL.into_iter().filter(|part| wanted.contains(part) || needed.contains(part)).collect();
        Self { parts }
    }

    pub(crate) fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}
