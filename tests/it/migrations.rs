//! Migrations go up, down and up again on both databases; servers that start at once do not get in each other's way.

use chidao::clock::Clock;
use chidao::config::Config;
use chidao::office::Office;
use chidao::store::{Database, Engine};
use chidao_migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};

use crate::harness::{Home, On, both};

/// Runs a test on a database without tables, on both engines.
macro_rules! both_empty {
    ($(async fn $name:ident($home:ident: &Home) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($home: &Home) $body

            #[test]
            fn sqlite() {
                run_empty(On::Sqlite, |home| Box::pin(body(home)));
            }

            #[test]
            fn postgres() {
                run_empty(On::Postgres, |home| Box::pin(body(home)));
            }
        }
    )+};
}

fn run_empty(on: On, test: impl for<'a> FnOnce(&'a Home) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let Some(home) = Home::make(on).await else { return };
        if on == On::Postgres {
            // Homes are copies of a migrated database.
            let sql = sea_orm::Database::connect(&home.url).await.unwrap();
            sql.execute_unprepared("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
            sql.close().await.unwrap();
        }
        test(&home).await;
        home.remove().await;
    });
}

/// A connection that makes the file where there is none.
async fn connect(home: &Home) -> DatabaseConnection {
    let url = if home.url.starts_with("sqlite") { format!("{}?mode=rwc", home.url) } else { home.url.clone() };
    sea_orm::Database::connect(url).await.unwrap()
}

/// Every table, column and index, as text.
async fn shape(sql: &DatabaseConnection) -> Vec<String> {
    let backend = sql.get_database_backend();
    let text = match backend {
        DbBackend::Sqlite => "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master",
        _ => {
            "SELECT concat_ws(' ', 'column', table_name, ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type, is_nullable) AS line \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        }
    };
    let rows = sql.query_all_raw(Statement::from_string(backend, text)).await.unwrap();
    let mut lines: Vec<String> = rows.iter().map(|row| row.try_get("", "line").unwrap()).collect();
    lines.retain(|line| !line.contains("seaql_migrations") && !line.contains("sqlite_sequence"));
    lines.sort();
    lines
}

/// Every row of the registers that migrations fill.
async fn seeds(sql: &DatabaseConnection) -> i64 {
    let text = "SELECT (SELECT COUNT(*) FROM org_unit_kind) + 100 * (SELECT COUNT(*) FROM directive_kind) \
                + 10000 * (SELECT COUNT(*) FROM placement_rule) + 1000000 * (SELECT COUNT(*) FROM journal_head) AS seeds";
    sql.query_one_raw(Statement::from_string(sql.get_database_backend(), text)).await.unwrap().unwrap().try_get("", "seeds").unwrap()
}

both_empty! {
    async fn every_migration_goes_up_down_and_up_again(home: &Home) {
        let sql = connect(home).await;
        Migrator::install(&sql).await.unwrap();
        let mut before = shape(&sql).await;
        for migration in Migrator::migrations() {
            let name = migration.name().to_owned();
            Migrator::up(&sql, Some(1)).await.unwrap();
            let after = shape(&sql).await;
            assert_ne!(after, before, "{name} does nothing");
            Migrator::down(&sql, Some(1)).await.unwrap();
            assert_eq!(shape(&sql).await, before, "{name} leaves something behind when it goes down");
            Migrator::up(&sql, Some(1)).await.unwrap();
            assert_eq!(shape(&sql).await, after, "{name} goes up otherwise the second time");
            before = after;
        }
        let seeded = seeds(&sql).await;
        assert!(seeded > 1_000_000, "{seeded}");
        Migrator::down(&sql, None).await.unwrap();
        assert_eq!(shape(&sql).await, Vec::<String>::new(), "down to nothing");
        Migrator::up(&sql, None).await.unwrap();
        assert_eq!(shape(&sql).await, before);
        Database::migrate(&home.url).await.unwrap();
        assert_eq!(shape(&sql).await, before, "what is up to date stays as it is");
        assert_eq!(seeds(&sql).await, seeded, "the registers are filled once");
        sql.close().await.unwrap();
    }

    async fn o2_codes_that_are_alike_are_named_before_the_index_refuses_them(home: &Home) {
        let sql = connect(home).await;
        Migrator::up(&sql, Some(7)).await.unwrap();
        let at: chrono::DateTime<chrono::Utc> = "2020-12-01T00:00:00Z".parse().unwrap();
        let insert = async |number: u128, code: &str| {
            let text = "INSERT INTO org_unit (id, code, folded_code, version, created_at) VALUES ($1, $2, $3, 1, $4)";
            let values = [uuid::Uuid::from_u128(number).into(), code.into(), code.to_lowercase().into(), at.into()];
            sql.execute_raw(Statement::from_sql_and_values(sql.get_database_backend(), text, values)).await
        };
        insert(1, "KHOI").await.unwrap();
        insert(2, "khoi").await.unwrap();
        insert(3, "TINH").await.unwrap();
        let refused = Database::migrate(&home.url).await.unwrap_err().to_string();
        assert!(refused.contains("KHOI, khoi") || refused.contains("khoi, KHOI"), "{refused}");
        assert!(!refused.contains("TINH"), "{refused}");
        sql.execute_unprepared("DELETE FROM org_unit WHERE code = 'khoi'").await.unwrap();
        Database::migrate(&home.url).await.unwrap();
        assert!(insert(4, "Khoi").await.is_err(), "from now on the index keeps them apart");
        sql.close().await.unwrap();
    }

    async fn servers_that_start_at_once_on_an_empty_database_all_come_up(home: &Home) {
        let keys = tempfile::tempdir().unwrap();
        let starting: Vec<_> = (0..4)
            .map(|number| {
                let key_file = keys.path().join(format!("{number}.key"));
                let config = Config { database_url: home.url.clone(), key_file, ..Config::default() };
                tokio::spawn(async move {
                    let opened = chidao::server::open(&config, Clock::system(config.zone)).await;
                    opened.unwrap_or_else(|no| panic!("server {number}: {no}")).0
                })
            })
            .collect();
        let mut offices = Vec::new();
        for started in starting {
            offices.push(started.await.unwrap());
        }
        for office in offices {
            assert!(office.database().is_migrated().await.unwrap());
            assert!(office.begin_unattended().await.is_ok(), "it can write");
            office.database().clone().close().await.unwrap();
        }
        let sql = connect(home).await;
        assert_eq!(seeds(&sql).await / 1_000_000, 1, "one head of the journal, however many servers started");
        sql.close().await.unwrap();
    }
}

async fn a_server_that_meets_another_writing_to_the_new_file_waits(home: &Home) {
    // As SQLite makes it: without the write-ahead log yet. To turn it over nobody may be writing.
    let other = connect(home).await;
    let immediate = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let writing = other.begin_with_options(immediate).await.unwrap();
    let url = home.url.clone();
    let opening = tokio::spawn(async move { Database::connect(&url, 1).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!opening.is_finished(), "{:?}", opening.await);
    writing.commit().await.unwrap();
    opening.await.unwrap().unwrap().close().await.unwrap();
    other.close().await.unwrap();
}

#[test]
fn a_server_that_meets_another_writing_to_the_new_file_waits_on_sqlite() {
    run_empty(On::Sqlite, |home| Box::pin(a_server_that_meets_another_writing_to_the_new_file_waits(home)));
}

async fn pragma(sql: &impl ConnectionTrait, name: &str) -> String {
    let row = sql.query_one_raw(Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"))).await.unwrap().unwrap();
    row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string())).unwrap()
}

async fn settings(sql: &impl ConnectionTrait) -> [String; 3] {
    [pragma(sql, "journal_mode").await, pragma(sql, "synchronous").await, pragma(sql, "foreign_keys").await]
}

async fn expect_settings(office: &Office) {
    let wanted = ["wal", "2", "1"];
    let snapshot = office.database().snapshot().await.unwrap();
    assert_eq!(settings(snapshot.sql()).await, wanted, "what reads");
    drop(snapshot);
    let tx = office.begin_unattended().await.unwrap();
    assert_eq!(settings(tx.sql()).await, wanted, "what writes");
}

both! {
    async fn what_is_acknowledged_on_sqlite_is_on_the_disk(world: &World) {
        if world.office.database().engine() == Engine::Sqlite {
            expect_settings(&world.office).await;
        }
    }
}
