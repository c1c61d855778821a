//! Worlds in which the demonstration has been told: once a run and database, and copied for each test.

use std::sync::atomic::{AtomicU32, Ordering};

use chidao::demo::{self, LAST_DAY, Told};
use sea_orm::ConnectionTrait as _;
use tokio::sync::{Mutex, OnceCell};

use super::{Actor, Body, Home, On, World, postgres};

/// Runs each test on both databases, in a world in which the demonstration stands at its last day.
macro_rules! told {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a test that needs nothing of its file does without")]
            use super::*;

            async fn body($world: &$crate::harness::World) $body

            #[test]
            fn sqlite() {
                $crate::harness::demo::run($crate::harness::On::Sqlite, |world| Box::pin(body(world)));
            }

            #[test]
            fn postgres() {
                $crate::harness::demo::run($crate::harness::On::Postgres, |world| Box::pin(body(world)));
            }
        }
    )+};
}
pub(crate) use told;

/// Makes a world with the demonstration, runs the test in it, and takes it down.
pub(crate) fn run(on: On, test: impl for<'a> FnOnce(&'a World) -> Body<'a>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let Some(home) = copy(on).await else { return };
        let Told { accounts, clock } = Box::pin(demo::tell(&home.config(), Some(LAST_DAY))).await.unwrap();
        assert!(accounts.is_none(), "the copy holds the demonstration");
        let world = World::begin_by(home.config(), clock).await;
        test(&world).await;
        world.end().await;
        home.remove().await;
    });
}

async fn copy(on: On) -> Option<Home> {
    match on {
        On::Sqlite => {
            static STORY: OnceCell<Vec<u8>> = OnceCell::const_new();
            let story = STORY
                .get_or_init(|| async {
                    let home = Home::make(On::Sqlite).await.unwrap();
                    Box::pin(demo::fill(&home.config(), LAST_DAY)).await.unwrap();
                    std::fs::read(home.folder.path().join("chidao.db")).unwrap()
                })
                .await;
            let home = Home::make(On::Sqlite).await?;
            std::fs::write(home.folder.path().join("chidao.db"), story).unwrap();
            Some(home)
        }
        On::Postgres => copy_on_postgres().await,
    }
}

async fn copy_on_postgres() -> Option<Home> {
    static STORY: OnceCell<String> = OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // A template must not be in use while it is copied, so one is copied at a time.
    static COPY: Mutex<()> = Mutex::const_new(());
    let server = postgres::server()?;
    let url = |name: &str| format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let home = |name: &str| Home { url: url(name), dropping: Some((server.into(), name.into())), folder: tempfile::tempdir().unwrap() };
    let connection = sea_orm::Database::connect(server).await.unwrap();
    let unique = format!("chidao_{}_story", std::process::id());
    let story = STORY
        .get_or_init(|| async {
            connection.execute_unprepared(&format!("CREATE DATABASE {unique}")).await.unwrap();
            Box::pin(demo::fill(&home(&unique).config(), LAST_DAY)).await.unwrap();
            unique.clone()
        })
        .await;
    let name = format!("{unique}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let turn = COPY.lock().await;
    connection.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {story}")).await.unwrap();
    drop(turn);
    connection.close().await.unwrap();
    Some(home(&name))
}

impl World {
    /// A user of the demonstration, logged in.
    pub(crate) async fn person(&self, user_name: &str) -> Actor<'_> {
        self.log_in_with(user_name, demo::PASSWORD).await
    }
}
