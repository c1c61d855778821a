//! Top-level errors: what only a developer or an operator can mend.

use actix_web::http::StatusCode;
use async_graphql::{ErrorExtensionValues, Response, ServerError};

use crate::config::{Excess, Limit, Limits};
use crate::graphql::document::DocumentError;
use crate::store::Fault;

/// The closed list of `extensions.code` of errors that are not refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    ParseFailed,
    ValidationFailed,
    BadUserInput,
    Unauthenticated,
    Forbidden,
    LimitExceeded,
    Timeout,
    Unavailable,
    Internal,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A request that is not executed, or whose execution came to nothing.
#[derive(Debug)]
pub(super) struct EdgeError {
    pub(super) status: StatusCode,
    /// Where the request was well formed and only its document was not, an old client gets a 200.
    pub(super) concerns_the_document: bool,
    pub(super) error: Box<ServerError>,
}

impl EdgeError {
    pub(super) fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self { status, concerns_the_document: false, error: Box::new(coded(ServerError::new(message, None), code)) }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::BadUserInput, message)
    }

    pub(super) fn unsupported_media_type(message: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadUserInput, message)
    }

    pub(super) fn not_acceptable(message: &str) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, Code::BadUserInput, message)
    }

    pub(super) fn method_not_allowed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadUserInput, message)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::BadUserInput, "there is nothing here: the API is at `/graphql`, a page to try it at `/`")
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, message)
    }

    pub(super) fn subscription() -> Self {
        let message = "subscriptions are not answered here: ask again by a query";
        Self { concerns_the_document: true, ..Self::new(StatusCode::BAD_REQUEST, Code::ValidationFailed, message) }
    }

    pub(super) fn unauthenticated() -> Self {
        let message = "there is no valid credential: log in again, or refresh the session";
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message)
    }

    pub(super) fn too_large(status: StatusCode, excess: Excess) -> Self {
        Self { status, concerns_the_document: false, error: Box::new(exceeded(ServerError::new("", None), excess)) }
    }

    pub(super) fn timeout(limits: &Limits) -> Self {
        let excess = limits.excess(Limit::AnswerSeconds, None);
        Self::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, excess.to_string())
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, MASK)
    }

    pub(super) fn unavailable() -> Self {
        let message = "the server cannot answer now: try again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
    }
}

impl From<DocumentError> for EdgeError {
    fn from(error: DocumentError) -> Self {
        let code = match &error {
            DocumentError::Syntax(_) => Code::ParseFailed,
            DocumentError::TooLarge(excess) => {
                return Self { concerns_the_document: true, ..Self::too_large(StatusCode::BAD_REQUEST, *excess) };
            }
            DocumentError::Variable { .. } => Code::BadUserInput,
            DocumentError::Cycle(_) | DocumentError::Operation(_) => Code::ValidationFailed,
        };
        let mut error = coded(error.into(), code);
        shorten(&mut error.message);
        Self { status: StatusCode::BAD_REQUEST, concerns_the_document: true, error: Box::new(error) }
    }
}

impl From<Fault> for EdgeError {
    fn from(fault: Fault) -> Self {
        if matches!(fault, Fault::Unauthenticated) {
            return Self::unauthenticated();
        }
        tracing::error!(%fault, "the edge met a fault");
        match fault {
            Fault::Unavailable(_) => Self::unavailable(),
            _ => Self::internal(),
        }
    }
}

const MASK: &str = "something went wrong here, not in the request: give the request id to who runs the server";

/// The longest text of an error, in characters.
const TEXT_CHARS: usize = 1_000;
/// The most errors that an answer tells of: who mends those sees the rest.
const ERRORS: usize = 100;

/// Gives each error that has none a code, hides texts that are not meant for clients, and adds the request's id.
pub(super) fn mask(response: &mut Response, limits: &Limits, request_id: &str) {
    response.errors.truncate(ERRORS);
    for error in &mut response.errors {
        shorten(&mut error.message);
        extend(error, "requestId", request_id);
        if error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
            continue;
        }
        let own = std::mem::replace(error, ServerError::new("", None));
        *error = if speaks_of_a_value(&own.message) {
            coded(own, Code::BadUserInput)
        } else if !own.path.is_empty() {
            tracing::error!(path = ?own.path, text = own.message, "an error without a code");
            ServerError { message: MASK.to_owned(), ..coded(own, Code::Internal) }
        } else if own.message == "Query is too complex." {
            exceeded(own, limits.excess(Limit::Cost, None))
        } else {
            coded(own, Code::ValidationFailed)
        };
    }
}

/// Whether the library says that an argument or a variable has a value that is not of its type.
fn speaks_of_a_value(message: &str) -> bool {
    ["Invalid value for argument \"", "Failed to parse \"", "Expected input type \""].iter().any(|start| message.starts_with(start))
}

/// Whether the operation never began: then the answer has no `data`.
pub(super) fn is_request_error(response: &Response) -> bool {
    response.data == async_graphql::Value::Null && !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty())
}

/// Sets one of the error's extensions.
pub(super) fn extend(error: &mut ServerError, name: &str, value: impl Into<async_graphql::Value>) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}

/// Cuts a text that quotes the document, and would send it back whole.
fn shorten(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(TEXT_CHARS) {
        text.truncate(end);
        text.push('…');
    }
}

fn coded(mut error: ServerError, code: Code) -> ServerError {
    extend(&mut error, "code", code.as_str());
    error
}

fn exceeded(error: ServerError, excess: Excess) -> ServerError {
    let mut error = coded(ServerError { message: excess.to_string(), ..error }, Code::LimitExceeded);
    extend(&mut error, "limit", excess.row.name);
    extend(&mut error, "allowed", excess.allowed);
    if let Some(found) = excess.found {
        extend(&mut error, "found", found);
    }
    error
}
