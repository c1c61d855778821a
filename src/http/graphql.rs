//! `/graphql`, by the GraphQL-over-HTTP specification.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError, Value};
use chidao_domain::refusal::Locale;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tracing::Instrument;

use super::ask;
use super::body::{self, Arrived, Pace};
use super::error::{self, EdgeError};
use super::house::{Asked, Edge, House};
use super::negotiation::Media;
use super::parameters;
use crate::config::{Limit, Limits};
use crate::graphql::document;
use crate::office::Credential;

/// What `/graphql` needs at each request.
pub(super) struct Served<H> {
    pub(super) edge: Edge<H>,
    /// Where operations run: not on the threads that read requests and watch the time.
    pub(super) runtime: Handle,
    /// The places for bodies that are larger than others may be.
    pub(super) large_bodies: Arc<Semaphore>,
}

/// Answers `/graphql`, whatever the method.
pub(super) async fn graphql<H: House>(request: HttpRequest, body: web::Payload, served: web::Data<Served<H>>) -> HttpResponse {
    let Some(media) = Media::for_accept(accept(&request).as_deref()) else {
        return ask::refuse(&request, Media::Json, EdgeError::not_acceptable());
    };
    let read = match *request.method() {
        Method::GET | Method::HEAD => {
            parameters::from_url(request.query_string()).map(|request| Received { request, large: None, bytes: 0 })
        }
        Method::POST => from_post(&request, body, &served).await,
        _ => return ask::refuse_method(&request, media, "GET, POST"),
    };
    let answered = match read {
        Ok(read) => respond(&request, read, &served).await,
        Err(refused) => Err(refused),
    };
    match answered {
        Ok(response) => write(media, ask::locale(&request), &response),
        Err(refused) if refused.status == StatusCode::METHOD_NOT_ALLOWED => ask::refuse_otherwise(&request, media, refused, "POST"),
        Err(refused) => ask::refuse(&request, media, refused),
    }
}

/// Several headers are as good as one with a list.
fn accept(request: &HttpRequest) -> Option<String> {
    let all: Vec<&str> = request.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    if all.is_empty() { None } else { Some(all.join(",")) }
}

/// What is asked for, and how large it came.
struct Received {
    request: Request,
    /// The place of a large body, taken up until the answer.
    large: Option<OwnedSemaphorePermit>,
    /// How long the body was.
    bytes: usize,
}

async fn from_post<H: House>(request: &HttpRequest, body: web::Payload, served: &Served<H>) -> Result<Received, EdgeError> {
    ask::require_json(request.headers())?;
    let Arrived { bytes, large } = body::read(body, request, served).await?;
    let length = bytes.len();
    if large.is_none() {
        return Ok(Received { request: parameters::from_body(&bytes)?, large, bytes: length });
    }
    // Others wait on this thread.
    let reading = served.runtime.spawn_blocking(move || parameters::from_body(&bytes));
    let request = reading.await.unwrap_or_else(|failure| {
        tracing::error!(%failure, "reading a large body broke down");
        Err(EdgeError::internal())
    })?;
    Ok(Received { request, large, bytes: length })
}

/// What only a reorganization is let be: large, and slow.
const REORGANIZES: &[&str] = &["reorganize", "annulReorganization", "cancelReorganization"];

/// A body that is larger than others may be is a `reorganize` and nothing else, whose document is no larger than others.
fn check_large(bytes: usize, read: &mut Request, limits: &Limits) -> Result<(), EdgeError> {
    if read.query.len() <= limits.body_bytes && document::asks_only(read, &REORGANIZES[..1]) {
        return Ok(());
    }
    Err(EdgeError::too_large(StatusCode::PAYLOAD_TOO_LARGE, limits.excess(Limit::BodyBytes, Some(bytes))))
}

async fn respond<H: House>(request: &HttpRequest, received: Received, served: &Served<H>) -> Result<Response, EdgeError> {
    let Served { edge, runtime, .. } = served;
    let headers = request.headers();
    let Received { request: mut read, large, bytes } = received;
    let asked = document::prepare(&mut read, &edge.limits)?;
    if large.is_some() {
        check_large(bytes, &mut read, &edge.limits)?;
    }
    match asked {
        OperationType::Query => {}
        OperationType::Mutation if request.method() == Method::POST => {}
        OperationType::Mutation => return Err(EdgeError::mutation_by_get()),
        OperationType::Subscription => return Err(EdgeError::subscription()),
    }
    let pace = if document::asks_only(&mut read, REORGANIZES) { Pace::Reorganization } else { Pace::Common };
    let credential = ask::credential(headers, edge)?;
    let at_least_position = ask::at_least_position(headers)?;
    let locale = ask::locale(request);
    let request_id = ask::request_id(request);

    let for_errors = request_id.clone();
    let (house, limits) = (edge.house.clone(), edge.limits.clone());
    let work = async move {
        let who = identify(&*house, credential, pace);
        let (caller, pace) = timeout(Pace::Common.of(&limits), who).await.map_err(|_| Pace::Common.exceeded(&limits))??;
        let execution = house.execute(read, Asked { caller, locale, at_least_position, request_id });
        let answered = timeout(pace.of(&limits), execution).await.map_err(|_| pace.exceeded(&limits));
        // Its place is free only now.
        drop(large);
        answered
    };
    // Timed inside too: when the client has gone, nobody waits outside.
    let task = runtime.spawn(work.in_current_span());
    let stop = task.abort_handle();
    match timeout(pace.of(&edge.limits), task).await {
        Ok(Ok(answered)) => answered.map(|mut response| {
            error::mask(&mut response, &edge.limits, &for_errors, locale);
            response
        }),
        Ok(Err(failure)) => {
            tracing::error!(%failure, "an operation broke down");
            Err(EdgeError::internal())
        }
        Err(_) => {
            stop.abort();
            Err(pace.exceeded(&edge.limits))
        }
    }
}

/// Who asks, and how long he may be answered: only who may reorganize takes the time of a reorganization.
async fn identify<H: House>(house: &H, credential: Credential, wanted: Pace) -> Result<(H::Caller, Pace), EdgeError> {
    let caller = house.identify(credential).await?.ok_or_else(EdgeError::unauthenticated)?;
    let pace = match wanted {
        Pace::Reorganization if house.may_reorganize(&caller).await? => Pace::Reorganization,
        Pace::Reorganization | Pace::Common => Pace::Common,
    };
    Ok((caller, pace))
}

/// A response as it is written: errors first, so that they are seen, and the fields of `data` in the order that was asked for.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

fn write(media: Media, locale: Locale, response: &Response) -> HttpResponse {
    let is_request_error = error::is_request_error(response);
    let status = if is_request_error && media == Media::GraphqlResponse { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let data = (!is_request_error).then_some(&response.data);
    let mut written = ask::answer(status, media, &Body { errors: &response.errors, data, extensions: &response.extensions });
    written.headers_mut().insert(header::CONTENT_LANGUAGE, ask::language(locale));
    written
}
