//! How much of a body is read, and from whom: everybody's within `body_bytes`, and more only from who may reorganize.
//!
//! What a body asks for is known only when it has been read. So the credential decides, which is in the head: nobody makes this server
//! hold a large body who could not reorganize anything, and few do at a time.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tracing::Instrument;

use super::ask;
use super::error::{EdgeError, said};
use super::graphql::Served;
use super::house::House;
use crate::config::{Limit, Limits};
use crate::office::Credential;

/// A body, and the place that a large one takes up until its request has been answered.
pub(super) struct Arrived {
    pub(super) bytes: Vec<u8>,
    pub(super) large: Option<OwnedSemaphorePermit>,
}

/// The head of a request may take half of its time, and the body the other half.
pub(super) fn common_time(limits: &Limits) -> Duration {
    limits.request_time() / 2
}

/// What everybody may send, and what who may reorganize may.
const COMMON: Limit = Limit::BodyBytes;
const LARGE: Limit = Limit::ReorganizationBytes;

/// How long an operation may be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// As long as any.
    Common,
    /// As long as a reorganization.
    Reorganization,
}

impl Pace {
    pub(super) fn of(self, limits: &Limits) -> Duration {
        match self {
            Self::Common => limits.answer_time(),
            Self::Reorganization => limits.reorganization_time(),
        }
    }

    /// Says that it took longer.
    pub(super) fn exceeded(self, limits: &Limits) -> EdgeError {
        tracing::warn!("an operation took too long");
        let limit = match self {
            Self::Common => Limit::AnswerSeconds,
            Self::Reorganization => Limit::ReorganizationSeconds,
        };
        EdgeError::timeout(limits.excess(limit, None))
    }
}

/// Reads a body that has no reason to be large.
pub(super) async fn read_common(mut body: web::Payload, request: &HttpRequest, limits: &Limits) -> Result<Vec<u8>, EdgeError> {
    let mut coming = Coming::of(request);
    if coming.fits(limits, COMMON) && coming.collect(&mut body, limits, COMMON).await? {
        return Ok(coming.bytes);
    }
    Err(coming.too_large(limits, COMMON))
}

/// Reads a body that may be a large reorganization.
pub(super) async fn read<H: House>(mut body: web::Payload, request: &HttpRequest, served: &Served<H>) -> Result<Arrived, EdgeError> {
    let limits = &served.edge.limits;
    let mut coming = Coming::of(request);
    if coming.fits(limits, COMMON) && coming.collect(&mut body, limits, COMMON).await? {
        return Ok(Arrived { bytes: coming.bytes, large: None });
    }
    let large = Some(admit(request, served, || coming.too_large(limits, COMMON)).await?);
    if coming.fits(limits, LARGE) && coming.collect(&mut body, limits, LARGE).await? {
        return Ok(Arrived { bytes: coming.bytes, large });
    }
    Err(coming.too_large(limits, LARGE))
}

/// Lets who may reorganize send more than others, while there is room.
async fn admit<H: House>(
    request: &HttpRequest,
    served: &Served<H>,
    too_large: impl FnOnce() -> EdgeError,
) -> Result<OwnedSemaphorePermit, EdgeError> {
    let edge = &served.edge;
    let credential = ask::credential(request.headers(), edge)?;
    if credential == Credential::None {
        return Err(too_large());
    }
    let house = edge.house.clone();
    let asking = async move {
        let caller = house.identify(credential).await?.ok_or_else(EdgeError::unauthenticated)?;
        Ok::<bool, EdgeError>(house.may_reorganize(&caller).await?)
    };
    // On the runtime that the house's connections live on.
    let asking = served.runtime.spawn(timeout(edge.limits.answer_time(), asking).in_current_span());
    let may_reorganize = match asking.await {
        Ok(Ok(answered)) => answered?,
        Ok(Err(_)) => return Err(Pace::Common.exceeded(&edge.limits)),
        Err(failure) => {
            tracing::error!(%failure, "asking who sends a large body broke down");
            return Err(EdgeError::internal());
        }
    };
    if !may_reorganize {
        return Err(too_large());
    }
    served.large_bodies.clone().try_acquire_owned().map_err(|_| EdgeError::crowded(edge.limits.excess(Limit::LargeBodies, None)))
}

/// A body that comes in.
struct Coming {
    bytes: Vec<u8>,
    /// Its length, where the sender says it.
    announced: Option<usize>,
}

impl Coming {
    fn of(request: &HttpRequest) -> Self {
        let announced = ask::text(request.headers(), "content-length").and_then(|length| length.parse().ok());
        Self { bytes: Vec::new(), announced }
    }

    /// Whether a limit would hold what is announced.
    fn fits(&self, limits: &Limits, most: Limit) -> bool {
        self.announced.is_none_or(|length| length <= limits.get(most))
    }

    fn too_large(&self, limits: &Limits, most: Limit) -> EdgeError {
        EdgeError::too_large(StatusCode::PAYLOAD_TOO_LARGE, limits.excess(most, self.announced))
    }

    /// Reads on to the end of the body; false: there is more than the limit holds.
    async fn collect(&mut self, body: &mut web::Payload, limits: &Limits, most: Limit) -> Result<bool, EdgeError> {
        let (limit, time) = match most {
            LARGE => (Limit::ReorganizationSeconds, limits.reorganization_time()),
            _ => (Limit::RequestSeconds, common_time(limits)),
        };
        let collected = timeout(time, self.collect_up_to(body, limits.get(most))).await;
        collected.unwrap_or_else(|_| Err(EdgeError::too_large(StatusCode::REQUEST_TIMEOUT, limits.excess(limit, None))))
    }

    async fn collect_up_to(&mut self, body: &mut web::Payload, most: usize) -> Result<bool, EdgeError> {
        if self.bytes.len() > most {
            return Ok(false);
        }
        self.bytes.reserve(self.announced.unwrap_or_default().saturating_sub(self.bytes.len()));
        while let Some(chunk) = body.next().await {
            self.bytes.extend_from_slice(&chunk.map_err(|error| broken_off(&error))?);
            if self.bytes.len() > most {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn broken_off(error: &impl std::fmt::Display) -> EdgeError {
    EdgeError::bad_request(said(
        format!("nội dung yêu cầu bị đứt quãng, hãy gửi lại: {error}"),
        format!("the body broke off, send it again: {error}"),
    ))
}
