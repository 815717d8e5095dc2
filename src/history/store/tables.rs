//! The tables, and which program wrote them.

use rusqlite::{Connection, TransactionBehavior};

/// The version of the tables. One that is raised comes with the way from the version before it, and a stored file of
/// that version as a test.
pub(super) const VERSION: i64 = 1;

/// What marks the file as ours: `load`.
const MARK: i64 = 0x6c6f_6164;

/// Times are whole milliseconds since 1970 in UTC. An id is never given twice.
const TABLES: &str = "
create table audit (
  id integer primary key autoincrement,
  target text not null,
  at integer not null,
  origin text not null,
  tool text not null,
  stage text,
  stage_title text,
  verdict text,
  score_low real,
  score_high real,
  coverage real,
  fail integer not null,
  warn integer not null,
  unknown integer not null,
  waived integer not null,
  pass integer not null,
  not_applicable integer not null,
  left_off integer not null,
  unique (target, at)
) strict;
create table finding (
  audit integer not null references audit (id) on delete cascade,
  n integer not null,
  check_id text not null,
  subject text not null,
  source text,
  status text not null,
  message text not null,
  limits text not null,
  primary key (audit, n)
) strict, without rowid;
create index finding_by_name on finding (check_id, subject);
create table number (
  audit integer not null,
  n integer not null,
  place integer not null,
  name text not null,
  value real not null,
  unit text not null,
  primary key (audit, n, place),
  foreign key (audit, n) references finding (audit, n) on delete cascade
) strict, without rowid;
";

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A history of this version.
    Ours,
    /// Nothing yet.
    Empty,
    /// A history of a later version.
    Later(i64),
    /// A database of something else.
    Foreign,
}

/// What a file is.
pub(super) fn found(db: &Connection) -> rusqlite::Result<Found> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (mark, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = db.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    Ok(match (mark, version) {
        (MARK, VERSION) => Found::Ours,
        (MARK, later) if later > VERSION => Found::Later(later),
        (0, 0) if tables == 0 => Found::Empty,
        _ => Found::Foreign,
    })
}

/// Makes the tables where nothing is there yet; says what the file is then.
pub(super) fn make(db: &Connection) -> rusqlite::Result<Found> {
    if found(db)? != Found::Empty {
        return found(db);
    }
    // Two programs may begin the same file: the second one waits, and finds the tables of the first.
    let work = rusqlite::Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    if found(&work)? == Found::Empty {
        work.execute_batch(TABLES)?;
        work.pragma_update(None, "application_id", MARK)?;
        work.pragma_update(None, "user_version", VERSION)?;
    }
    work.commit()?;
    found(db)
}
