//! Addresses to hand to the program under test.

use super::clients::Role;
use super::options::Part;
use super::servers::Lab;

/// The database with the shop in it.
pub(crate) const SHOP: &str = "shop";

impl Lab {
    /// The shop on the primary.
    pub(crate) fn primary_url(&self, role: Role) -> String {
        self.postgres_url(Part::Postgres, role, SHOP)
    }

    /// The shop on the replica.
    pub(crate) fn replica_url(&self, role: Role) -> String {
        self.postgres_url(Part::Replica, role, SHOP)
    }

    /// The shop through the pooler.
    pub(crate) fn pgbouncer_url(&self, role: Role) -> String {
        self.postgres_url(Part::PgBouncer, role, SHOP)
    }

    /// The pooler's own console.
    pub(crate) fn console_url(&self, role: Role) -> String {
        self.postgres_url(Part::PgBouncer, role, "pgbouncer")
    }

    /// Any database of any server that talks as `PostgreSQL` does.
    pub(crate) fn postgres_url(&self, part: Part, role: Role, database: &str) -> String {
        let (user, password) = self.credentials(role);
        format!("postgresql://{user}:{password}@127.0.0.1:{}/{database}", self.state().port(part))
    }

    /// The Redis primary, as the monitor.
    pub(crate) fn redis_url(&self) -> String {
        self.redis_url_of(Part::Redis)
    }

    /// The Redis replica, as the monitor.
    pub(crate) fn redis_replica_url(&self) -> String {
        self.redis_url_of(Part::RedisReplica)
    }

    fn redis_url_of(&self, part: Part) -> String {
        let password = &self.state().passwords.monitor;
        format!("redis://monitor:{password}@127.0.0.1:{}/0", self.state().port(part))
    }

    /// A role's name and password.
    pub(crate) fn credentials(&self, role: Role) -> (&'static str, &str) {
        let passwords = &self.state().passwords;
        match role {
            Role::Superuser => ("postgres", &passwords.superuser),
            Role::App => ("shop_app", &passwords.app),
            Role::Monitor => ("loadline", &passwords.monitor),
            Role::BouncerAdmin => ("pgbouncer", &passwords.bouncer_admin),
        }
    }
}
