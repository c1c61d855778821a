//! The seam between the edge and what stands behind it.

use std::future::Future;
use std::sync::Arc;

use async_graphql::{Request, Response};
use chidao_domain::refusal::Locale;

use super::token::TokenKey;
use crate::clock::Clock;
use crate::config::Limits;
use crate::office::Credential;
use crate::store::Fault;

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

    /// Looks the caller up, on each request: one that was shut out is out at once. `None` where there is no such caller any more.
    fn identify(&self, credential: Credential) -> impl Future<Output = Result<Option<Self::Caller>, Fault>> + Send;

    /// Executes one operation, whose document is parsed and measured.
    fn execute(&self, request: Request, asked: Asked<Self::Caller>) -> impl Future<Output = Response> + Send;

    /// Whether requests can be answered now.
    fn readiness(&self) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Whether the caller, who has logged in, is an operator (A2), who may move a fixed day on.
    fn is_operator(&self, caller: &Self::Caller) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Whether the caller, who has logged in, holds `ADMIN` over anything (A2): whoever does not can reorganize nothing, and is not let send
    /// or ask for as much as a reorganization takes.
    fn may_reorganize(&self, caller: &Self::Caller) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// The fixed day was moved on: what the calendar does is due.
    fn today_moved(&self) -> impl Future<Output = Result<(), Fault>> + Send;
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
