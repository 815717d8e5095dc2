//! Where the servers' programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Packages to install for a program that is missing.
const PACKAGES: [(&str, &str); 6] = [
    ("pgbouncer", "pgbouncer"),
    ("redis-server", "redis-server"),
    ("redis-cli", "redis-tools"),
    ("setpriv", "util-linux"),
    ("psql", "postgresql-client"),
    ("", "postgresql"),
];

/// A program's path, or a panic that says what to install.
pub(crate) fn find(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.extend(["/usr/bin", "/bin", "/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    search(&folders, name)
}

/// A program of `PostgreSQL`, next to its server: the `psql` that Debian has in the PATH is a wrapper that
/// takes longer than the query.
pub(crate) fn find_postgres(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).filter(|folder| folder.join("initdb").exists()).collect();
    folders.extend(debian_folders());
    folders.push(PathBuf::from("/usr/local/bin"));
    search(&folders, name)
}

/// Debian's folders, the newest version first.
fn debian_folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path()).collect();
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0);
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    versions.into_iter().map(|version| version.join("bin")).collect()
}

fn search(folders: &[PathBuf], name: &str) -> PathBuf {
    let found = folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        let package = PACKAGES.iter().find(|(program, _)| *program == name || program.is_empty()).unwrap().1;
        panic!("the lab needs `{name}`, which is not installed: apt-get install {package}")
    })
}
