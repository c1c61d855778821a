//! Top-level errors: what only a developer or an operator can mend.

use actix_web::http::StatusCode;
use async_graphql::{ErrorExtensionValues, Response, ServerError};
use chidao_domain::refusal::Locale;

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

/// What is said to a person, in both languages.
#[derive(Clone, Debug)]
pub(super) struct Said {
    vi: String,
    en: String,
}

/// The same in Vietnamese and in English.
pub(super) fn said(vi: impl Into<String>, en: impl Into<String>) -> Said {
    Said { vi: vi.into(), en: en.into() }
}

impl From<Excess> for Said {
    fn from(excess: Excess) -> Self {
        said(excess.words(Locale::Vi), excess.words(Locale::En))
    }
}

/// A request that is not executed, or whose execution came to nothing.
#[derive(Debug)]
pub(super) struct EdgeError {
    pub(super) status: StatusCode,
    /// Where the request was well formed and only its document was not, an old client gets a 200.
    pub(super) concerns_the_document: bool,
    /// How the client is asked for a credential (RFC 6750): what is wrong with the one that was sent, if one was.
    pub(super) challenge: Option<&'static str>,
    said: Box<Said>,
    error: Box<ServerError>,
}

impl EdgeError {
    pub(super) fn new(status: StatusCode, code: Code, said: impl Into<Said>) -> Self {
        let error = Box::new(coded(ServerError::new("", None), code));
        Self { status, concerns_the_document: false, challenge: None, said: Box::new(said.into()), error }
    }

    /// The error as the client gets it, in its language.
    pub(super) fn into_error(self, locale: Locale) -> ServerError {
        let Said { vi, en } = *self.said;
        let mut error = ServerError { message: locale.pick(vi, en), ..*self.error };
        shorten(&mut error.message);
        error
    }

    pub(super) fn bad_request(said: Said) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::BadUserInput, said)
    }

    pub(super) fn unsupported_media_type(said: Said) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadUserInput, said)
    }

    pub(super) fn not_acceptable() -> Self {
        let said = said(
            "không có dạng trả lời phù hợp: `Accept` phải nhận `application/graphql-response+json` hoặc `application/json`",
            "nothing acceptable: `Accept` must allow `application/graphql-response+json` or `application/json`",
        );
        Self::new(StatusCode::NOT_ACCEPTABLE, Code::BadUserInput, said)
    }

    pub(super) fn method_not_allowed(method: &str, allow: &str) -> Self {
        let said = said(
            format!("phương thức `{method}` không dùng được ở đây: hãy dùng `{allow}`"),
            format!("the method `{method}` is not allowed here: use `{allow}`"),
        );
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadUserInput, said)
    }

    pub(super) fn mutation_by_get() -> Self {
        let said = said(
            "không ghi được bằng GET, vì đường dẫn có thể bị gửi lại hay lưu lại: hãy gửi thao tác `mutation` bằng POST",
            "nothing is written by GET, since an address may be sent again or kept: send the `mutation` by POST",
        );
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadUserInput, said)
    }

    pub(super) fn not_found() -> Self {
        let said = said(
            "không có gì ở đây: API ở `/graphql`, trang dùng thử ở `/`",
            "there is nothing here: the API is at `/graphql`, a page to try it at `/`",
        );
        Self::new(StatusCode::NOT_FOUND, Code::BadUserInput, said)
    }

    pub(super) fn forbidden(said: Said) -> Self {
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, said)
    }

    pub(super) fn subscription() -> Self {
        let said = said(
            "ở đây không trả lời `subscription`: hãy hỏi lại bằng `query`",
            "subscriptions are not answered here: ask again by a query",
        );
        Self { concerns_the_document: true, ..Self::new(StatusCode::BAD_REQUEST, Code::ValidationFailed, said) }
    }

    /// A credential was sent, and is not good (any more).
    pub(super) fn unauthenticated() -> Self {
        let said = said(
            "thông tin đăng nhập không còn hiệu lực: hãy đăng nhập lại, hoặc làm mới phiên",
            "the credential is not valid (any more): log in again, or refresh the session",
        );
        let challenge = Some("Bearer error=\"invalid_token\"");
        Self { challenge, ..Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, said) }
    }

    /// None was sent where one is needed.
    pub(super) fn nobody() -> Self {
        let said = said(
            "hãy đăng nhập trước: gửi mã truy cập ở `Authorization: Bearer …`",
            "log in first: send the access token as `Authorization: Bearer …`",
        );
        Self { challenge: Some("Bearer"), ..Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, said) }
    }

    pub(super) fn too_large(status: StatusCode, excess: Excess) -> Self {
        let mut refused = Self::new(status, Code::LimitExceeded, excess);
        measured(&mut refused.error, excess);
        refused
    }

    pub(super) fn timeout(excess: Excess) -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, excess)
    }

    /// What this server has room for is taken by others: it will be free again.
    pub(super) fn crowded(excess: Excess) -> Self {
        let mut refused = Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, excess);
        measured(&mut refused.error, excess);
        refused
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, said(MASK.0, MASK.1))
    }

    pub(super) fn unavailable() -> Self {
        let said = said("máy chủ chưa trả lời được: hãy thử lại sau", "the server cannot answer now: try again later");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, said)
    }
}

impl From<DocumentError> for EdgeError {
    fn from(error: DocumentError) -> Self {
        let code = match &error {
            DocumentError::Syntax(_) | DocumentError::Unclosed => Code::ParseFailed,
            DocumentError::TooLarge(excess) => {
                return Self { concerns_the_document: true, ..Self::too_large(StatusCode::BAD_REQUEST, *excess) };
            }
            DocumentError::Variable { .. } => Code::BadUserInput,
            DocumentError::Cycle(_) | DocumentError::Operation(_) => Code::ValidationFailed,
        };
        let mut refused = Self::new(StatusCode::BAD_REQUEST, code, said(error.words(Locale::Vi), error.words(Locale::En)));
        refused.error.locations = error.locations();
        if let DocumentError::Variable { name, .. } = &error {
            extend(&mut refused.error, "rule", "F5");
            extend(&mut refused.error, "variable", format!("${name}"));
        }
        Self { concerns_the_document: true, ..refused }
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

const MASK: (&str, &str) = (
    "có sự cố ở máy chủ, không phải ở yêu cầu: hãy báo mã yêu cầu cho người vận hành",
    "something went wrong here, not in the request: give the request id to who runs the server",
);

/// The longest text of an error, in characters.
const TEXT_CHARS: usize = 1_000;
/// The most errors that an answer tells of: who mends those sees the rest.
const ERRORS: usize = 100;

/// Gives each error that has none a code, hides texts that are not meant for clients, and adds the request's id.
pub(super) fn mask(response: &mut Response, limits: &Limits, request_id: &str, locale: Locale) {
    response.errors.truncate(ERRORS);
    for error in &mut response.errors {
        shorten(&mut error.message);
        extend(error, "requestId", request_id);
        if error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
            continue;
        }
        let own = std::mem::replace(error, ServerError::new("", None));
        *error = if speaks_of_a_value(&own.message) {
            framed(
                coded(own, Code::BadUserInput),
                locale,
                ("có giá trị không đúng kiểu, hãy sửa lại", "a value is not of its type, mend it"),
            )
        } else if !own.path.is_empty() {
            tracing::error!(path = ?own.path, text = own.message, "an error without a code");
            ServerError { message: locale.pick(MASK.0, MASK.1).to_owned(), ..coded(own, Code::Internal) }
        } else if own.message == "Query is too complex." {
            let excess = limits.excess(Limit::Cost, None);
            let mut error = coded(ServerError { message: excess.words(locale), ..own }, Code::LimitExceeded);
            measured(&mut error, excess);
            error
        } else {
            let frame = ("truy vấn không khớp với lược đồ, hãy sửa theo `schema.graphql`", "the document does not fit the schema, mend it");
            framed(coded(own, Code::ValidationFailed), locale, frame)
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

/// Puts what the library says, in English, into a sentence of the client's language.
fn framed(error: ServerError, locale: Locale, (vi, en): (&str, &str)) -> ServerError {
    ServerError { message: format!("{}: {}", locale.pick(vi, en), error.message), ..error }
}

/// Says which limit, for programs.
fn measured(error: &mut ServerError, excess: Excess) {
    extend(error, "limit", excess.row.name);
    extend(error, "allowed", excess.allowed);
    if let Some(found) = excess.found {
        extend(error, "found", found);
    }
}
