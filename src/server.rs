//! Puts the parts together: database, clock, key and schema behind one listener.

use std::net::TcpListener;
use std::sync::Arc;

use crate::clock::Clock;
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
}

/// Opens the office: brings the schema up to date, and reads or makes the key.
///
/// # Errors
/// Where the database or the key file cannot be had.
pub async fn open(config: &Config, clock: Clock) -> Result<(SharedOffice, Arc<TokenKey>), StartError> {
    Database::migrate(&config.database_url).await?;
    let database = Database::connect(&config.database_url, config.postgres_connections).await?;
    let key = Arc::new(TokenKey::load_or_create(&config.key_file)?);
    let office = Office::new(database, clock, key.clone(), config.limits.clone(), config.lifetimes);
    Ok((Arc::new(office), key))
}

/// Serves an open office.
///
/// # Errors
/// Where the listener does not serve.
pub async fn start(office: SharedOffice, key: Arc<TokenKey>, listener: TcpListener) -> Result<Started, StartError> {
    let premises = Premises { office: office.clone(), schema: graphql::schema(office.limits()) };
    let edge = Edge { house: Arc::new(premises), clock: office.clock().clone(), key, limits: office.limits().clone() };
    let serving = serve(edge, listener).await?;
    Ok(Started { office, serving })
}
