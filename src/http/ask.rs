//! What the headers of a request say, and how every answer is written.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;

use super::error::EdgeError;
use super::house::Edge;
use super::negotiation::Media;
use crate::office::Credential;
use crate::secret;

/// The header by which a request is named.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const AT_LEAST_POSITION: &str = "x-at-least-position";

/// The name of a request, as it stands in the log, in the answer's header and in each of its errors.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    /// The client's own where it is well formed, else a new one.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let is_well_formed = |id: &&str| {
            (1..=128).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
        };
        let own = text(headers, REQUEST_ID.as_str()).filter(is_well_formed);
        Self(own.map_or_else(|| format!("{:032x}", rand::random::<u128>()), str::to_owned))
    }
}

/// The name that was given to `request` when it came in.
pub(super) fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// A header's value, where it is there once and is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// By what the caller wants to be known.
pub(super) fn credential<H>(headers: &HeaderMap, edge: &Edge<H>) -> Result<Credential, EdgeError> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let (Some(value), None) = (all.next(), all.next()) else {
        return if headers.contains_key(header::AUTHORIZATION) { Err(EdgeError::unauthenticated()) } else { Ok(Credential::None) };
    };
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(EdgeError::unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(EdgeError::unauthenticated());
    }
    let token = token.trim();
    if secret::is_secret(token) {
        return Ok(Credential::SecretHash(secret::hash(token)));
    }
    let (principal, session) = edge.key.check(token, edge.clock.now()).map_err(|error| {
        tracing::debug!(%error, "a token was refused");
        EdgeError::unauthenticated()
    })?;
    Ok(Credential::Session { principal, session })
}

/// The position that the answer must reflect at least (J4).
pub(super) fn at_least_position(headers: &HeaderMap) -> Result<Option<i64>, EdgeError> {
    let Some(value) = headers.get(AT_LEAST_POSITION) else { return Ok(None) };
    let position = value.to_str().ok().and_then(|value| value.trim().parse().ok()).filter(|position| *position >= 0_i64);
    position.map(Some).ok_or_else(|| EdgeError::bad_request("`X-At-Least-Position` must be a position: a whole number from 0"))
}

/// The media type of a body, without parameters, if its characters can be read.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), EdgeError> {
    let unsupported = |message: &str| EdgeError::unsupported_media_type(message);
    let value = text(headers, "content-type").ok_or_else(|| unsupported("`Content-Type` is missing: send `application/json`"))?;
    let mut parts = value.split(';').map(str::trim);
    if !parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
        return Err(unsupported("the body must be `application/json`"));
    }
    let charsets = parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    for (_, charset) in charsets {
        if !["utf-8", "utf8"].iter().any(|known| charset.trim().trim_matches('"').eq_ignore_ascii_case(known)) {
            return Err(unsupported("the body must be in UTF-8"));
        }
    }
    match text(headers, "content-encoding") {
        Some(encoding) if !encoding.eq_ignore_ascii_case("identity") => Err(unsupported("the body must not be compressed")),
        _ => Ok(()),
    }
}

/// Writes an answer that nobody may keep.
pub(super) fn answer(status: StatusCode, media: Media, body: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(body) {
        Ok(body) => HttpResponse::build(status)
            .insert_header((header::CONTENT_TYPE, media.content_type()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(body),
        Err(failure) => {
            tracing::error!(%failure, "an answer cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Writes an error as a GraphQL response without `data`.
pub(super) fn refuse(request: &HttpRequest, media: Media, refused: EdgeError) -> HttpResponse {
    let EdgeError { status, concerns_the_document, mut error } = refused;
    super::error::extend(&mut error, "requestId", request_id(request));
    let status = if concerns_the_document && media == Media::Json { StatusCode::OK } else { status };
    let mut response = answer(status, media, &json!({ "errors": [error] }));
    let extra = match status {
        StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
        StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "1")),
        _ => None,
    };
    if let Some((name, value)) = extra {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Answers a method that the path does not know.
pub(super) fn refuse_method(request: &HttpRequest, media: Media, allow: &'static str) -> HttpResponse {
    let message = format!("the method `{}` is not allowed here, only {allow}", request.method());
    let mut response = refuse(request, media, EdgeError::method_not_allowed(message));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}
