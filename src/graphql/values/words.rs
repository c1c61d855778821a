//! What is said of a value that is not of its type (F5).

use async_graphql::{Pos, ServerError};
use chidao_domain::refusal::Locale;

/// Characters of a wrong value that are shown: enough to find it again.
const SHOWN: usize = 40;

/// A value that is not of its type, before anything is executed (F5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Where it stands.
    pub(super) place: Place,
    /// Where that is in the document.
    pub(super) pos: Pos,
    /// What is given there.
    pub(super) given: Given,
    /// What is wanted.
    pub(super) wanted: Wanted,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a variable: `$input.requirements.0.dueOn`.
    Variable(String),
    /// In an argument, written out: `input.requirements.0.dueOn` of `draftDirective`.
    Argument {
        /// The field or the directive.
        of: String,
        /// The argument, and the way in it.
        path: String,
    },
}

/// What stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Nothing.
    Nothing,
    /// A value, as it is written.
    Value(String),
    /// A field that the type does not have.
    Stranger,
}

/// What should stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Date,
    DateTime,
    Decimal,
    Int,
    Float,
    Boolean,
    Text,
    Id,
    /// One of the values of an enum.
    OneOf(Vec<String>),
    /// An object of this type.
    Object(String),
    /// An object with exactly one of these fields.
    ExactlyOne(Vec<String>),
    /// A field of the object, one of these.
    Known(Vec<String>),
    /// A value of this type, not null.
    Something(String),
}

impl Wrong {
    /// The error that the client gets, in its language.
    pub(crate) fn error(&self, locale: Locale) -> ServerError {
        let mut error = ServerError::new(self.words(locale), Some(self.pos));
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", "BAD_USER_INPUT");
        extensions.set("rule", "F5");
        match &self.place {
            Place::Variable(path) => extensions.set("variable", path.as_str()),
            Place::Argument { path, .. } => extensions.set("argument", path.as_str()),
        }
        error
    }

    /// What is wrong and what to do.
    pub(super) fn words(&self, locale: Locale) -> String {
        let place = match (&self.place, locale) {
            (Place::Variable(path), _) => format!("`{path}`"),
            (Place::Argument { of, path }, Locale::Vi) => format!("`{path}` của `{of}`"),
            (Place::Argument { of, path }, Locale::En) => format!("`{path}` of `{of}`"),
        };
        let given = match (&self.given, locale) {
            (Given::Nothing, Locale::Vi) => "chưa được nêu".to_owned(),
            (Given::Nothing, Locale::En) => "is missing".to_owned(),
            (Given::Value(value), Locale::Vi) => format!("là `{}`", shown(value)),
            (Given::Value(value), Locale::En) => format!("is `{}`", shown(value)),
            (Given::Stranger, Locale::Vi) => "là trường không có".to_owned(),
            (Given::Stranger, Locale::En) => "is no known field".to_owned(),
        };
        format!("{place} {given}: {}", locale.pick(self.wanted.vi(), self.wanted.en()))
    }
}

impl Wanted {
    fn vi(&self) -> String {
        match self {
            Self::Date => "hãy nêu một ngày có thật, viết theo mẫu `YYYY-MM-DD`, ví dụ `2020-12-31`".into(),
            Self::DateTime => "hãy nêu một thời điểm theo RFC 3339, ví dụ `2020-12-04T01:30:00Z`".into(),
            Self::Decimal => "hãy nêu một số thập phân dưới dạng chuỗi, tối đa `28` chữ số, ví dụ `\"12.5\"`".into(),
            Self::Int => format!("hãy nêu một số nguyên từ `{}` đến `{}`", i32::MIN, i32::MAX),
            Self::Float => "hãy nêu một số".into(),
            Self::Boolean => "hãy nêu `true` hoặc `false`".into(),
            Self::Text => "hãy nêu một chuỗi ký tự".into(),
            Self::Id => "hãy nêu một mã định danh dưới dạng chuỗi".into(),
            Self::OneOf(values) => format!("hãy chọn một trong {}", listed(values)),
            Self::Object(name) => format!("hãy nêu một đối tượng `{name}`"),
            Self::ExactlyOne(fields) => format!("hãy nêu đúng một trong các trường {}", listed(fields)),
            Self::Known(fields) => format!("hãy bỏ đi, hoặc dùng một trong {}", listed(fields)),
            Self::Something(name) => format!("hãy nêu một giá trị kiểu `{name}`"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Date => "give an existing day, written `YYYY-MM-DD`, for example `2020-12-31`".into(),
            Self::DateTime => "give an instant by RFC 3339, for example `2020-12-04T01:30:00Z`".into(),
            Self::Decimal => "give a decimal as a string, of at most `28` digits, for example `\"12.5\"`".into(),
            Self::Int => format!("give a whole number from `{}` to `{}`", i32::MIN, i32::MAX),
            Self::Float => "give a number".into(),
            Self::Boolean => "give `true` or `false`".into(),
            Self::Text => "give a string".into(),
            Self::Id => "give an id as a string".into(),
            Self::OneOf(values) => format!("give one of {}", listed(values)),
            Self::Object(name) => format!("give an object of the type `{name}`"),
            Self::ExactlyOne(fields) => format!("give exactly one of the fields {}", listed(fields)),
            Self::Known(fields) => format!("leave it out, or use one of {}", listed(fields)),
            Self::Something(name) => format!("give a value of the type `{name}`"),
        }
    }
}

fn shown(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
