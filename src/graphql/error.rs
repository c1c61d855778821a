//! The only place where refusals and faults become GraphQL errors.

use std::sync::Arc;

use async_graphql::{Context, Enum, ErrorExtensionValues, Response, ServerError, SimpleObject};
use chidao_domain::refusal::{Code, InputRefusal, Locale, Refusal, RefusalKind};

use crate::graphql::context::caller;
use crate::graphql::id::as_shown;
use crate::store::{Fault, Stop};

/// What kind of refusal it is; clients branch on it (loại lỗi).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Code")]
pub enum UserErrorCode {
    /// The input is not well formed or breaks a rule without a code of its own.
    Invalid,
    /// There is no such thing, or none that you may know of.
    NotFound,
    /// You may know of it but not do this to it.
    Forbidden,
    /// Somebody changed it since you read it.
    Conflict,
    /// The code, symbol or name is taken.
    AlreadyExists,
    /// Its life has no such step from here.
    StepNotAllowed,
    /// What must be done before is not done yet.
    GateClosed,
    /// The scope reaches outside the issuer and what stands below it.
    OutsideIssuer,
    /// A unit of that kind may not stand there on that day.
    PlacementNotPermitted,
    /// It would make a cycle.
    Cycle,
    /// A later fact stands in the way.
    LaterFact,
    /// The same `clientMutationId` came before with another input.
    IdempotencyMismatch,
    /// More than a limit allows.
    LimitExceeded,
}

/// What is wrong with the input of a mutation, and what to do next (lỗi nghiệp vụ). Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// What kind of refusal it is.
    code: UserErrorCode,
    /// What is wrong and what to do next, in the language of `Accept-Language`.
    message: String,
    /// Where in the input: names of fields and places in lists.
    path: Vec<String>,
    /// The number of the rule in docs/domain.md, for example `B2`.
    rule: Option<String>,
}

impl UserError {
    /// Says a refusal in a language.
    pub(crate) fn of(refusal: &Refusal, locale: Locale) -> Self {
        Self {
            code: refusal.code().into(),
            message: words(refusal, locale),
            path: refusal.path().iter().map(ToString::to_string).collect(),
            rule: Some(refusal.rule().into()),
        }
    }
}

fn words(refusal: &Refusal, locale: Locale) -> String {
    match refusal.kind() {
        RefusalKind::Input(InputRefusal::NotFound { wanted, .. } | InputRefusal::Twice { of: Some(wanted), .. }) => {
            as_shown(&refusal.words(locale), *wanted)
        }
        _ => refusal.words(locale),
    }
}

/// What a query stopped for. It becomes an error whose source is the refusal or the fault; [`finish`] gives it its words.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    Refused(Refusal),
    Fault(Arc<Fault>),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(Arc::new(fault))
    }
}

impl From<Arc<Fault>> for Failure {
    fn from(fault: Arc<Fault>) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusals) => match refusals.into_iter().next() {
                Some(first) => Self::Refused(first),
                None => Fault::Other("refused without a reason".into()).into(),
            },
            Stop::Fault(fault) => fault.into(),
            Stop::Replay(_) => Fault::Other("a replay outside a mutation".into()).into(),
        }
    }
}

impl From<Failure> for async_graphql::Error {
    fn from(failure: Failure) -> Self {
        Self { message: "stopped".into(), source: Some(Arc::new(failure)), extensions: None }
    }
}

impl Failure {
    /// The same, seen from the argument or input object whose field `name` holds the value; a fault has no place.
    pub(crate) fn within(self, name: &'static str) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(refusal.within(name)),
            Self::Fault(_) => self,
        }
    }

    /// The same, seen from the list whose item `index` holds the value.
    pub(crate) fn at(self, index: usize) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(refusal.at(index)),
            Self::Fault(_) => self,
        }
    }
}

/// What a resolver answers.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// The errors of a mutation's payload, or the fault that stopped it.
pub(crate) fn user_errors(ctx: &Context<'_>, refusals: &[Refusal]) -> Vec<UserError> {
    let locale = caller(ctx).locale;
    refusals.iter().map(|refusal| UserError::of(refusal, locale)).collect()
}

/// Gives every error of an answer its words and its code; what only an operator may know goes to the log.
pub(crate) fn finish(response: &mut Response, locale: Locale) {
    for error in &mut response.errors {
        let Some(failure) = error.source.take() else { continue };
        match failure.downcast_ref::<Failure>() {
            Some(Failure::Refused(refusal)) => refused(error, refusal, locale),
            Some(Failure::Fault(fault)) => masked(error, fault, locale),
            None => {}
        }
    }
}

fn refused(error: &mut ServerError, refusal: &Refusal, locale: Locale) {
    error.message = words(refusal, locale);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code_name(refusal.code()));
    extensions.set("rule", refusal.rule());
    if !refusal.path().is_empty() {
        let steps: Vec<String> = refusal.path().iter().map(ToString::to_string).collect();
        extensions.set("argument", steps.join("."));
    }
    error.extensions = Some(extensions);
}

fn masked(error: &mut ServerError, fault: &Fault, locale: Locale) {
    let (code, message) = match fault {
        Fault::Shared(fault) => return masked(error, fault, locale),
        Fault::Unauthenticated => (
            "UNAUTHENTICATED",
            locale
                .pick(
                    "hãy đăng nhập trước: gửi mã truy cập ở `Authorization: Bearer …`",
                    "log in first: send the access token as `Authorization: Bearer …`",
                )
                .to_owned(),
        ),
        Fault::NotReached { wanted, reached } => (
            "UNAVAILABLE",
            match locale {
                Locale::Vi => format!(
                    "cần đến vị trí `{wanted}` mà nay mới đến `{reached}`: hãy thử lại sau giây lát, với vị trí mà một câu trả lời đã cho"
                ),
                Locale::En => format!("{fault}: try again in a moment, with a position that an answer has given you"),
            },
        ),
        Fault::Unavailable(_) => (
            "UNAVAILABLE",
            locale.pick("dịch vụ chưa sẵn sàng: hãy thử lại sau giây lát", "the service is not ready: try again in a moment").to_owned(),
        ),
        Fault::Database(_) | Fault::Corrupt { .. } | Fault::BrokenForest(_) | Fault::SilentWrite | Fault::Json(_) | Fault::Other(_) => {
            let (vi, en) = (
                "máy chủ gặp sự cố: hãy báo mã yêu cầu cho người vận hành",
                "something went wrong on the server: tell an operator the request id",
            );
            ("INTERNAL", locale.pick(vi, en).to_owned())
        }
    };
    if matches!(fault, Fault::Unauthenticated | Fault::NotReached { .. }) {
        tracing::debug!(%fault, path = ?error.path, "the caller can mend it");
    } else {
        tracing::error!(fault = %fault, path = ?error.path, code, "a resolver failed");
    }
    error.message = message;
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    error.extensions = Some(extensions);
}

/// The code as clients see it.
pub(crate) fn code_name(code: Code) -> &'static str {
    match code {
        Code::Invalid => "INVALID",
        Code::NotFound => "NOT_FOUND",
        Code::Forbidden => "FORBIDDEN",
        Code::Conflict => "CONFLICT",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::StepNotAllowed => "STEP_NOT_ALLOWED",
        Code::GateClosed => "GATE_CLOSED",
        Code::OutsideIssuer => "OUTSIDE_ISSUER",
        Code::PlacementNotPermitted => "PLACEMENT_NOT_PERMITTED",
        Code::Cycle => "CYCLE",
        Code::LaterFact => "LATER_FACT",
        Code::IdempotencyMismatch => "IDEMPOTENCY_MISMATCH",
        Code::LimitExceeded => "LIMIT_EXCEEDED",
    }
}
