//! The seam between the edge and what stands behind it.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use async_graphql::{Request, Response};
use chidao_domain::ids::{PrincipalId, SessionId};
use chidao_domain::refusal::Locale;

use super::token::TokenKey;
use crate::clock::Clock;
use crate::config::Limits;

/// By what a caller wants to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// By nothing.
    None,
    /// By an access token, which has been checked.
    Session {
        /// The user that the token was given to.
        principal: PrincipalId,
        /// The log-in that it came from.
        session: SessionId,
    },
    /// By a service's secret, which has not been looked up.
    ServiceSecret(String),
}

/// Why a caller is not let in.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// There is no such principal or session any more, or the secret is wrong.
    #[error("the credential is not valid")]
    Unknown,
    /// Nobody can be looked up now.
    #[error("callers cannot be looked up")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

/// What a request says beside its document.
#[derive(Clone, Debug)]
pub struct Asked<C> {
    /// Who asks.
    pub caller: C,
    /// The language of texts for a person, by `Accept-Language`.
    pub locale: Locale,
    /// The position that the answer must reflect at least, by `X-At-Least-Position` (J4).
    pub at_least_position: Option<i64>,
    /// By which the log is searched for this request.
    pub request_id: String,
}

/// What the edge serves. Operations run on the runtime that `serve` was called on; one that takes too long is dropped at an `await`.
pub trait House: Send + Sync + 'static {
    /// A principal with its rights, or nobody.
    type Caller: Send + Sync + 'static;

    /// Looks the caller up, on each request: a right that was revoked is gone at once.
    fn identify(&self, credential: Credential) -> impl Future<Output = Result<Self::Caller, IdentifyError>> + Send;

    /// Executes one operation, whose document is parsed and measured.
    fn execute(&self, request: Request, asked: Asked<Self::Caller>) -> impl Future<Output = Response> + Send;

    /// Whether requests can be answered now; the error goes to the log.
    fn readiness(&self) -> impl Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send;

    /// Whether the caller is an operator (A2), who may move a fixed day on.
    fn is_operator(&self, caller: &Self::Caller) -> impl Future<Output = bool> + Send;

    /// The fixed day was moved on: what the calendar does is due.
    fn today_moved(&self) -> impl Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send;
}

/// A house and what its edge is set to.
pub struct Edge<H> {
    /// What is served.
    pub house: Arc<H>,
    /// The clock that tokens are checked against.
    pub clock: Clock,
    /// The key that they are checked with.
    pub key: Arc<TokenKey>,
    /// The limits in force.
    pub limits: Limits,
}

// Derived, it would ask for a house that can be cloned.
impl<H> Clone for Edge<H> {
    fn clone(&self) -> Self {
        Self { house: self.house.clone(), clock: self.clock.clone(), key: self.key.clone(), limits: self.limits.clone() }
    }
}
