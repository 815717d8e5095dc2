//! The shop's ordinary work at a steady rate, for those who want to see a system in use and not one at rest.

use super::clients::{Role, Server};
use super::options::Part;
use super::postgres::{READS, WRITES};
use super::program;
use super::servers::Lab;
use super::urls::SHOP;

/// The process's name on record.
const NAME: &str = "traffic";

/// It ends by itself after so many seconds.
const LASTS: u32 = 1800;

impl Lab {
    /// Starts work at so many transactions a second, nine reading for one that writes, through the pooler when there
    /// is one. It takes the place of the traffic before; none at a rate of zero.
    pub(crate) fn traffic(&self, rate: u32) {
        self.crew().end(&self.crew().names(NAME));
        if rate == 0 {
            return;
        }
        let server = if self.has(Part::PgBouncer) { Server::PgBouncer } else { Server::Primary };
        let reads = self.crew().write("work/traffic-reads.sql", READS);
        let writes = self.crew().write("work/traffic-writes.sql", WRITES);
        self.crew().spawn(NAME, "TERM", |command| {
            command.arg(program::find_postgres("pgbench"));
            command.args(["-n", "-c", "3", "-T", &LASTS.to_string(), "-R", &rate.to_string()]);
            command.arg("-f").arg(format!("{}@9", reads.display())).arg("-f").arg(format!("{}@1", writes.display()));
            self.dress(command, server, Role::App, SHOP, "shop");
        });
    }
}
