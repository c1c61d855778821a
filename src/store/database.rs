//! The database: where it is, how it is opened, and the two sorts of transaction that it is used by.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chidao_migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use crate::store::error::Fault;

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
/// Readers of one SQLite file; more than the cores of a small machine gain nothing.
const SQLITE_READERS: u32 = 8;
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
    /// Opens the database behind `url` (`sqlite://FILE` or `postgres://…`); a SQLite file is made where there is none.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] where it cannot be reached.
    pub async fn connect(url: &str, postgres_connections: u32) -> Result<Self, Fault> {
        let statements = Arc::new(AtomicU64::new(0));
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") { Engine::Postgres } else { Engine::Sqlite };
        let (writer, reader) = match engine {
            Engine::Sqlite => {
                (open(sqlite_options(url, 1), &statements).await?, open(sqlite_options(url, SQLITE_READERS), &statements).await?)
            }
            Engine::Postgres => {
                let pool = open(postgres_options(url, postgres_connections), &statements).await?;
                (pool.clone(), pool)
            }
        };
        Ok(Self { engine, writer, reader, statements })
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
        if url.starts_with("postgres") {
            let one = open(postgres_options(url, 1), &statements).await?;
            one.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
            let outcome = Migrator::up(&one, None).await;
            one.execute_unprepared(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).await?;
            outcome?;
            one.close().await?;
        } else {
            let one = open(sqlite_options(url, 1), &statements).await?;
            // The writer's lock from the first statement on: the server that comes second waits, and finds nothing left to do.
            let immediate = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
            let whole = one.begin_with_options(immediate).await?;
            Migrator::up(&whole, None).await?;
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
        Ok(Migrator::get_pending_migrations(&self.reader).await?.is_empty())
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

fn unavailable(no: sea_orm::DbErr) -> Fault {
    match no {
        sea_orm::DbErr::ConnectionAcquire(no) => Fault::Unavailable(no.to_string()),
        other => Fault::Database(other),
    }
}

async fn open(options: ConnectOptions, statements: &Arc<AtomicU64>) -> Result<DatabaseConnection, Fault> {
    let mut connection = sea_orm::Database::connect(options).await.map_err(|no| Fault::Unavailable(no.to_string()))?;
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
