//! `/graphql`, by the GraphQL-over-HTTP specification.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError, Value};
use chidao_domain::refusal::Locale;
use futures_util::StreamExt;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tracing::Instrument;

use super::ask;
use super::error::{self, EdgeError, said};
use super::house::{Asked, Edge, House};
use super::negotiation::Media;
use super::parameters;
use crate::config::{Limit, Limits};
use crate::graphql::document;

/// What `/graphql` needs at each request.
pub(super) struct Served<H> {
    pub(super) edge: Edge<H>,
    /// Where operations run: not on the threads that read requests and watch the time.
    pub(super) runtime: Handle,
}

/// Answers `/graphql`, whatever the method.
pub(super) async fn graphql<H: House>(request: HttpRequest, body: web::Payload, served: web::Data<Served<H>>) -> HttpResponse {
    let Some(media) = Media::for_accept(accept(&request).as_deref()) else {
        return ask::refuse(&request, Media::Json, EdgeError::not_acceptable());
    };
    let read = match *request.method() {
        Method::GET | Method::HEAD => parameters::from_url(request.query_string()),
        Method::POST => from_post(&request, body, &served.edge.limits).await,
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

async fn from_post(request: &HttpRequest, body: web::Payload, limits: &Limits) -> Result<Request, EdgeError> {
    ask::require_json(request.headers())?;
    parameters::from_body(&read(body, request, limits).await?)
}

/// Reads a body within the limits of size and time.
pub(super) async fn read(mut body: web::Payload, request: &HttpRequest, limits: &Limits) -> Result<Vec<u8>, EdgeError> {
    let too_large = |found| EdgeError::too_large(StatusCode::PAYLOAD_TOO_LARGE, limits.excess(Limit::BodyBytes, found));
    let announced = ask::text(request.headers(), "content-length").and_then(|length| length.parse().ok());
    if announced.is_some_and(|length: usize| length > limits.body_bytes) {
        return Err(too_large(announced));
    }
    let collect = async {
        let mut bytes = Vec::with_capacity(announced.unwrap_or_default());
        while let Some(chunk) = body.next().await {
            bytes.extend_from_slice(&chunk.map_err(|error| broken_off(&error))?);
            if bytes.len() > limits.body_bytes {
                return Err(too_large(None));
            }
        }
        Ok(bytes)
    };
    timeout(body_time(limits), collect)
        .await
        .unwrap_or_else(|_| Err(EdgeError::too_large(StatusCode::REQUEST_TIMEOUT, limits.excess(Limit::RequestSeconds, None))))
}

fn broken_off(error: &impl std::fmt::Display) -> EdgeError {
    EdgeError::bad_request(said(
        format!("nội dung yêu cầu bị đứt quãng, hãy gửi lại: {error}"),
        format!("the body broke off, send it again: {error}"),
    ))
}

/// The head of a request may take half of its time, and the body the other half.
pub(super) fn body_time(limits: &Limits) -> Duration {
    limits.request_time() / 2
}

async fn respond<H: House>(request: &HttpRequest, mut read: Request, served: &Served<H>) -> Result<Response, EdgeError> {
    let Served { edge, runtime } = served;
    let headers = request.headers();
    match document::prepare(&mut read, &edge.limits)? {
        OperationType::Query => {}
        OperationType::Mutation if request.method() == Method::POST => {}
        OperationType::Mutation => return Err(EdgeError::mutation_by_get()),
        OperationType::Subscription => return Err(EdgeError::subscription()),
    }
    let credential = ask::credential(headers, edge)?;
    let at_least_position = ask::at_least_position(headers)?;
    let locale = ask::locale(request);
    let request_id = ask::request_id(request);

    let for_errors = request_id.clone();
    let house = edge.house.clone();
    let work = async move {
        let caller = house.identify(credential).await?.ok_or_else(EdgeError::unauthenticated)?;
        Ok(house.execute(read, Asked { caller, locale, at_least_position, request_id }).await)
    };
    let limit = edge.limits.answer_time();
    // Timed inside too: when the client has gone, nobody waits outside.
    let task = runtime.spawn(timeout(limit, work).in_current_span());
    let stop = task.abort_handle();
    match timeout(limit, task).await {
        Ok(Ok(Ok(answered))) => answered.map(|mut response| {
            error::mask(&mut response, &edge.limits, &for_errors, locale);
            response
        }),
        Ok(Err(failure)) => {
            tracing::error!(%failure, "an operation broke down");
            Err(EdgeError::internal())
        }
        Ok(Ok(Err(_))) | Err(_) => {
            stop.abort();
            tracing::warn!("an operation took too long");
            Err(EdgeError::timeout(&edge.limits))
        }
    }
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
