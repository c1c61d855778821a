//! The database: where it is, how it is opened, and the two sorts of transaction that it is used by.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chidao_migration::{IntoSchemaManagerConnection, Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use crate::store::error::Fault;
use crate::store::opening;

/// Which database it is: the two differ in a few statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default: one writer, several readers.
    Sqlite,
    /// Real deployments.
    Postgres,
}

/// How long a connection may be waited for before the answer is [`Fault::Unavailable`].
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one waits before a busy SQLite file is opened again.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// Readers of one SQLite file; more than the cores of a small machine gain nothing.
const SQLITE_READERS: u32 = 8;
/// What the writer of a SQLite file keeps of it in memory, in KiB, so that a batch over the country does not write the same pages of the
/// indexes again and again; a small one never needs as much.
const SQLITE_WRITER_CACHE_KIB: u32 = 64 * 1024;
/// Rows that SQLite reads ahead of who takes them: each hand-over wakes a thread.
const SQLITE_ROWS_AHEAD: usize = 1_000;
/// The key of the advisory lock under which two starting servers migrate one after the other.
const MIGRATION_LOCK: i64 = 0x4348_4944_414F;

/// An open database. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Database {
    engine: Engine,
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

/// A read transaction: everything read through it is of one moment.
#[derive(Debug)]
pub struct Snapshot {
    sql: DatabaseTransaction,
    engine: Engine,
}

impl Snapshot {
    /// The connection to read through.
    pub fn sql(&self) -> &DatabaseTransaction {
        &self.sql
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }
}

impl Database {
    /// Opens the database behind `url` (`sqlite://FILE` or `postgres://…`); a SQLite file is made where there is none, for its owner only.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] where it cannot be reached: it says where it was sought and why not.
    pub async fn connect(url: &str, postgres_connections: u32) -> Result<Self, Fault> {
        let statements = Arc::new(AtomicU64::new(0));
        let engine = opening::engine_of(url)?;
        let (writer, reader) = match engine {
            Engine::Sqlite => {
                opening::make_file(url)?;
                let mut writing = sqlite_options(url, 1);
                writing.map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("cache_size", format!("-{SQLITE_WRITER_CACHE_KIB}")));
                (open(writing, &statements).await?, open(sqlite_options(url, SQLITE_READERS), &statements).await?)
            }
            Engine::Postgres => {
                let pool = open(postgres_options(url, postgres_connections), &statements).await?;
                (pool.clone(), pool)
            }
        };
        Ok(Self { engine, writer, reader, statements })
    }

    /// The file behind `url`; `None` for PostgreSQL and for a database in memory.
    pub fn file_of(url: &str) -> Option<PathBuf> {
        opening::file_of(url)
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// How many statements have been sent since it was opened, by all who share it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Brings the schema up to date; several servers may start at once.
    ///
    /// # Errors
    /// A fault where a migration fails: on both databases it is undone as a whole.
    pub async fn migrate(url: &str) -> Result<(), Fault> {
        let statements = Arc::new(AtomicU64::new(0));
        if opening::engine_of(url)? == Engine::Postgres {
            let one = open(postgres_options(url, 1), &statements).await?;
            one.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
            let outcome = apply(&one).await;
            one.execute_unprepared(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).await?;
            outcome?;
            one.close().await?;
        } else {
            opening::make_file(url)?;
            let one = open(sqlite_options(url, 1), &statements).await?;
            // The writer's lock from the first statement on: the server that comes second waits, and finds nothing left to do.
            let immediate = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
            let whole = one.begin_with_options(immediate).await?;
            apply(&whole).await?;
            whole.commit().await?;
            one.close().await?;
        }
        Ok(())
    }

    /// Whether every migration has been applied.
    ///
    /// # Errors
    /// A fault where the database does not answer.
    pub async fn is_migrated(&self) -> Result<bool, Fault> {
        Ok(Migrator::get_pending_migrations_read_only(&self.reader).await?.is_empty())
    }

    /// Begins a read transaction: one moment, and no right to write.
    ///
    /// # Errors
    /// A fault where no connection can be had.
    pub async fn snapshot(&self) -> Result<Snapshot, Fault> {
        let options = match self.engine {
            Engine::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred), ..Default::default() },
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
        };
        let sql = self.reader.begin_with_options(options).await.map_err(unavailable)?;
        Ok(Snapshot { sql, engine: self.engine })
    }

    /// Begins a write transaction; the caller takes the writer's turn with its first statement.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        let options = match self.engine {
            Engine::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() },
            Engine::Postgres => TransactionOptions { isolation_level: Some(IsolationLevel::ReadCommitted), ..Default::default() },
        };
        self.writer.begin_with_options(options).await.map_err(unavailable)
    }

    /// Closes the connections; on SQLite this also folds the write-ahead log into the file.
    ///
    /// # Errors
    /// A fault where that fails.
    pub async fn close(self) -> Result<(), Fault> {
        if self.engine == Engine::Sqlite {
            self.reader.close().await?;
        }
        Ok(self.writer.close().await?)
    }
}

/// Applies what is pending, and tells it in one line.
async fn apply<'c, C>(sql: &'c C) -> Result<(), Fault>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    let pending = Migrator::get_pending_migrations(sql).await?;
    Migrator::up(sql, None).await?;
    if let Some(last) = pending.last() {
        tracing::info!(migrations = pending.len(), "the database was migrated to {}", last.name());
    }
    Ok(())
}

fn unavailable(no: sea_orm::DbErr) -> Fault {
    match no {
        sea_orm::DbErr::ConnectionAcquire(no) => Fault::Unavailable(no.to_string()),
        other => Fault::Database(other),
    }
}

async fn open(options: ConnectOptions, statements: &Arc<AtomicU64>) -> Result<DatabaseConnection, Fault> {
    let url = options.get_url().to_owned();
    let mut pauses = BUSY_TIMEOUT.as_millis() / BUSY_PAUSE.as_millis();
    let mut connection = loop {
        match sea_orm::Database::connect(options.clone()).await {
            Ok(connection) => break connection,
            Err(no) if opening::is_busy(&no) && pauses > 0 => {
                pauses -= 1;
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            Err(no) => return Err(opening::explain(&url, no).await),
        }
    };
    let statements = statements.clone();
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    Ok(connection)
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .row_buffer_size(SQLITE_ROWS_AHEAD)
    });
    options
}

fn postgres_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false);
    options.test_before_acquire_if_idle_for(Duration::from_secs(30));
    options
}

impl Engine {
    /// The same, as sea-orm calls it.
    pub fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
}
