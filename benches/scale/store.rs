//! Where databases are: files, and a PostgreSQL that is started for the run, with the settings that it comes with.

use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Failed;
use crate::postgres;

/// A sort of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

/// An empty database, and the folder of what goes with it; gone when it is dropped, but for what PostgreSQL keeps until the run ends.
pub(crate) struct Home {
    pub(crate) url: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Store {
    /// Those that can be had: without PostgreSQL, SQLite alone.
    pub(crate) fn all() -> Result<Vec<Self>, Failed> {
        let mut all = vec![Self::Sqlite];
        if server().is_some() {
            all.push(Self::Postgres);
        } else {
            eprintln!("no PostgreSQL was found: only SQLite is measured");
        }
        Ok(all)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    pub(crate) fn home(self) -> Result<Home, Failed> {
        let folder = tempfile::tempdir()?;
        let url = match self {
            Self::Sqlite => format!("sqlite://{}", folder.path().join("chidao.db").display()),
            Self::Postgres => new_database()?,
        };
        Ok(Home { url, folder })
    }
}

/// The throwaway server; every commit waits for the disk, as everywhere.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    SERVER.get_or_init(|| postgres::throwaway("")).as_deref()
}

fn new_database() -> Result<String, Failed> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (server, folder) = server().zip(postgres::binaries()).ok_or("PostgreSQL is gone")?;
    let name = format!("scale_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(folder.join("createdb")).arg(format!("--maintenance-db={server}")).arg(&name).status()?;
    if !made.success() {
        return Err(format!("`createdb {name}` did not succeed").into());
    }
    let (base, _) = server.rsplit_once('/').ok_or("the address of PostgreSQL names no database")?;
    Ok(format!("{base}/{name}"))
}
