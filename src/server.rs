//! Puts the parts together: database, clock, key and schema behind one listener.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use chidao_domain::day::Day;

use crate::clock::Clock;
use crate::command::DaysOwed;
use crate::config::Config;
use crate::graphql;
use crate::http::token::{KeyError, TokenKey};
use crate::http::{Edge, Premises, Serving, serve};
use crate::office::{Office, SharedOffice};
use crate::store::{Database, Fault};

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database is not there or not as it should be.
    #[error(transparent)]
    Database(#[from] Fault),
    /// There is no key to sign tokens with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The listener does not serve.
    #[error("the address cannot be served: {0}")]
    Listen(#[from] std::io::Error),
}

/// A server that runs, and the office behind it.
pub struct Started {
    /// What commands and views work with.
    pub office: SharedOffice,
    /// The server.
    pub serving: Serving,
    /// What follows the days while it runs.
    pub days: Days,
}

/// The longest time in which the day is not looked at: the machine may have slept, or its clock been put right.
const GLANCE: Duration = Duration::from_secs(60);

/// Does what the calendar owes when a new day begins, until it is dropped.
#[derive(Debug)]
pub struct Days(JoinHandle<()>);

impl Drop for Days {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens the office: brings the schema up to date, and reads or makes the key.
///
/// # Errors
/// Where the database or the key file cannot be had.
pub async fn open(config: &Config, clock: Clock) -> Result<(SharedOffice, Arc<TokenKey>), StartError> {
    Database::migrate(&config.database_url).await?;
    let database = Database::connect(&config.database_url, config.postgres_connections).await?;
    let key = Arc::new(TokenKey::load_or_create(&config.key_file)?);
    let office = Office::new(database, clock, key.clone(), Arc::new(DaysOwed), config.limits.clone(), config.lifetimes);
    Ok((Arc::new(office), key))
}

/// Serves an open office, after what the calendar owes has been done. Where that fails the office can be read all the same: it is tried again
/// with each write, and every minute.
///
/// # Errors
/// Where the listener does not serve.
pub async fn start(office: SharedOffice, key: Arc<TokenKey>, listener: TcpListener) -> Result<Started, StartError> {
    let begun = carry(&office).await;
    let premises = Premises { office: office.clone(), schema: graphql::schema(office.limits()) };
    let edge = Edge { house: Arc::new(premises), clock: office.clock().clone(), key, limits: office.limits().clone() };
    let serving = serve(edge, listener).await?;
    let days = Days(tokio::spawn(follow(office.clone(), begun)));
    Ok(Started { office, serving, days })
}

/// Waits for each new day and does what it owes; `done` is the last day that is done.
async fn follow(office: SharedOffice, mut done: Option<Day>) {
    loop {
        tokio::time::sleep(office.clock().until_tomorrow().min(GLANCE)).await;
        if done.is_none_or(|done| done < office.clock().today()) {
            done = carry(&office).await.or(done);
        }
    }
}

/// The day up to which the calendar is done now; none where it could not be.
async fn carry(office: &SharedOffice) -> Option<Day> {
    let today = office.clock().today();
    match office.carry_calendar().await {
        Ok(()) => Some(today),
        Err(fault) => {
            tracing::error!(%fault, "what the calendar owes could not be done: nothing can be written until it is");
            None
        }
    }
}
