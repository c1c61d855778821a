//! Where a database is, how the file of a new one is made, and what an operator is told of one that does not open. A password is never told.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteError};
use sea_orm::{DbErr, RuntimeErr};

use crate::store::database::Engine;
use crate::store::error::Fault;

/// How long a server that did not let a pool in is asked why.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// Which database `url` means.
pub(super) fn engine_of(url: &str) -> Result<Engine, Fault> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Engine::Postgres)
    } else if url.starts_with("sqlite:") {
        Ok(Engine::Sqlite)
    } else {
        Err(Fault::Unavailable("--database-url must begin with `sqlite://` or `postgres://`".into()))
    }
}

/// The file of a SQLite database; `None` for PostgreSQL and for one in memory.
pub(super) fn file_of(url: &str) -> Option<PathBuf> {
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let options = (url.starts_with("sqlite:") && !in_memory).then(|| SqliteConnectOptions::from_str(url).ok()).flatten();
    options.map(|options| options.get_filename().to_owned())
}

/// Makes the file of a SQLite database where there is none, for its owner's eyes only; SQLite gives its `-wal` and `-shm` the same mode.
pub(super) fn make_file(url: &str) -> Result<(), Fault> {
    let Some(file) = file_of(url).filter(|file| !file.exists()) else { return Ok(()) };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&file) {
        Err(no) if no.kind() != std::io::ErrorKind::AlreadyExists => Err(unopened(&file, &no.to_string())),
        _ => Ok(()),
    }
}

/// Whether a SQLite file did not open because another process holds it. SQLite does not wait by itself here: to turn a new file over to the
/// write-ahead log a connection reads it first and then asks to write, and one that reads already is refused at once, lest two wait for each other.
pub(super) fn is_busy(no: &DbErr) -> bool {
    /// `SQLITE_BUSY`; the extended codes carry it in their low byte.
    const BUSY: i32 = 5;
    let (DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))) = no
    else {
        return false;
    };
    let code = cause.as_database_error().filter(|cause| cause.try_downcast_ref::<SqliteError>().is_some()).and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == BUSY)
}

/// What is told of a database that did not open: where it is, why not, and what to do.
pub(super) async fn explain(url: &str, no: DbErr) -> Fault {
    match file_of(url) {
        Some(file) => unopened(&file, &no.to_string()),
        None if url.starts_with("postgres") => Fault::Unavailable(explain_postgres(url, no).await),
        None => Fault::Unavailable(no.to_string()),
    }
}

fn unopened(file: &Path, why: &str) -> Fault {
    let file = file.display();
    Fault::Unavailable(format!("the SQLite file `{file}` does not open ({why}): check --database-url, and that its folder may be written"))
}

/// A pool says only that its time ran out: one connection of its own says why.
async fn explain_postgres(url: &str, no: DbErr) -> String {
    let Ok(options) = PgConnectOptions::from_str(url) else {
        return "--database-url does not read as `postgres://USER:PASSWORD@HOST/NAME`".into();
    };
    let why = match tokio::time::timeout(PROBE_TIMEOUT, PgConnection::connect_with(&options)).await {
        Ok(Ok(answered)) => {
            drop(answered);
            no.to_string()
        }
        Ok(Err(no)) => no.to_string(),
        Err(_) => format!("no answer within {} seconds", PROBE_TIMEOUT.as_secs()),
    };
    let (host, port) = (options.get_host(), options.get_port());
    let name = options.get_database().unwrap_or_else(|| options.get_username());
    format!("PostgreSQL at `{host}:{port}`, database `{name}` ({why}): start the server, or check --database-url")
}
