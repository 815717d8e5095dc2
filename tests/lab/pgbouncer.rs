//! The pooler before the primary.

use super::clients::{Role, Server};
use super::options::Part;
use super::program;
use super::servers::Lab;
use super::urls::SHOP;

/// Server connections for each database and role.
pub(crate) const POOL_SIZE: u32 = 5;

/// Starts the pooler in transaction mode.
pub(crate) fn start(lab: &mut Lab) {
    lab.start_on_port(Part::PgBouncer, spawn, answers);
    // A pool is only on show once somebody has used it.
    lab.sql(Server::PgBouncer, "select count(*) from customers where id < 100");
}

pub(crate) fn answers(lab: &Lab) -> bool {
    lab.try_sql(Server::Console, Role::BouncerAdmin, "pgbouncer", "show version").is_ok()
}

pub(crate) fn spawn(lab: &Lab, port: u16) {
    let crew = lab.crew();
    let users = [Role::App, Role::Monitor, Role::BouncerAdmin].map(|role| {
        let (user, password) = lab.credentials(role);
        format!("\"{user}\" \"{password}\"\n")
    });
    let users = crew.write("pgbouncer-users.txt", &users.concat());
    let primary = lab.state().port(Part::Postgres);
    let settings = format!(
        "[databases]\n\
         {SHOP} = host=127.0.0.1 port={primary} dbname={SHOP}\n\
         billing = host=127.0.0.1 port={primary} dbname=billing\n\
         [pgbouncer]\n\
         listen_addr = 127.0.0.1\n\
         listen_port = {port}\n\
         unix_socket_dir =\n\
         auth_type = scram-sha-256\n\
         auth_file = {}\n\
         admin_users = {}\n\
         stats_users = {}\n\
         pool_mode = transaction\n\
         default_pool_size = {POOL_SIZE}\n\
         query_wait_timeout = 30\n\
         max_client_conn = 200\n\
         ignore_startup_parameters = extra_float_digits,options\n",
        users.display(),
        lab.credentials(Role::BouncerAdmin).0,
        lab.credentials(Role::Monitor).0,
    );
    let settings = crew.write("pgbouncer.ini", &settings);
    crew.spawn(Part::PgBouncer.name(), "TERM", |command| {
        command.arg(program::find("pgbouncer")).arg(settings);
    });
}
