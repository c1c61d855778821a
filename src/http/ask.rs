//! What the headers of a request say, and how every answer is written.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use chidao_domain::refusal::Locale;
use serde::Serialize;
use serde_json::json;

use super::error::{EdgeError, said};
use super::house::Edge;
use super::negotiation::{self, Media};
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
    position.map(Some).ok_or_else(|| {
        EdgeError::bad_request(said(
            "`X-At-Least-Position` phải là một vị trí: hãy nêu một số nguyên từ `0`, như `extensions.position` đã cho",
            "`X-At-Least-Position` must be a position: give a whole number from `0`, as `extensions.position` has told",
        ))
    })
}

/// The language of texts for a person, by `Accept-Language`.
pub(super) fn locale(request: &HttpRequest) -> Locale {
    negotiation::locale(text(request.headers(), "accept-language"))
}

/// What `Content-Language` says.
pub(super) fn language(locale: Locale) -> HeaderValue {
    HeaderValue::from_static(locale.pick("vi", "en"))
}

/// The media type of a body, without parameters, if its characters can be read.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), EdgeError> {
    let unsupported = |vi: &str, en: &str| EdgeError::unsupported_media_type(said(vi, en));
    let value = text(headers, "content-type").ok_or_else(|| {
        unsupported("thiếu `Content-Type`: hãy gửi `application/json`", "`Content-Type` is missing: send `application/json`")
    })?;
    let mut parts = value.split(';').map(str::trim);
    if !parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
        return Err(unsupported(
            "nội dung không phải JSON: hãy gửi `Content-Type: application/json`",
            "the body is not said to be JSON: send it as `Content-Type: application/json`",
        ));
    }
    let charsets = parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    for (_, charset) in charsets {
        if !["utf-8", "utf8"].iter().any(|known| charset.trim().trim_matches('"').eq_ignore_ascii_case(known)) {
            return Err(unsupported("nội dung không ở bảng mã UTF-8: hãy gửi bằng UTF-8", "the body is not in UTF-8: send it in UTF-8"));
        }
    }
    match text(headers, "content-encoding") {
        Some(encoding) if !encoding.eq_ignore_ascii_case("identity") => {
            Err(unsupported("nội dung bị nén: hãy gửi không nén", "the body is compressed: send it as it is"))
        }
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
    let (locale, challenge) = (locale(request), refused.challenge);
    let status = if refused.concerns_the_document && media == Media::Json { StatusCode::OK } else { refused.status };
    let mut error = refused.into_error(locale);
    super::error::extend(&mut error, "requestId", request_id(request));
    let mut response = answer(status, media, &json!({ "errors": [error] }));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, language(locale));
    if let Some(challenge) = challenge {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// Answers a method that the path does not know.
pub(super) fn refuse_method(request: &HttpRequest, media: Media, allow: &'static str) -> HttpResponse {
    refuse_otherwise(request, media, EdgeError::method_not_allowed(request.method().as_str(), allow), allow)
}

/// Answers a method that the path does not take for this, and says which it takes.
pub(super) fn refuse_otherwise(request: &HttpRequest, media: Media, refused: EdgeError, allow: &'static str) -> HttpResponse {
    let mut response = refuse(request, media, refused);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}
