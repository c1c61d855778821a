//! Relay connections: what `first`, `last`, `after` and `before` ask for, and what they get.

use async_graphql::connection::{Connection as RelayConnection, CursorType, Edge, EmptyFields};
use async_graphql::{Context, OutputType, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::graphql::error::Outcome;
use crate::view::page::{Count, End, Page, Window};

/// Items on a page where nobody says how many.
const DEFAULT_PAGE: i32 = 25;
/// Items on a page at the most.
const LARGEST_PAGE: i32 = 100;

/// How many items the whole list has.
#[derive(SimpleObject)]
pub struct TotalCount {
    /// How many items there are in all, on every page.
    total_count: usize,
}

/// A cursor as clients see it: opaque, and good for one list only.
pub struct Cursor(String);

impl CursorType for Cursor {
    type Error = String;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        Ok(Self(text.into()))
    }

    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

/// A list with cursors, the items themselves, and how many there are in all.
pub type Connection<T> = RelayConnection<Cursor, T, TotalCount, EmptyFields>;

/// Describes the pages of `T` and their items: the library makes these types, and gives them no description.
pub(crate) fn describe<T: OutputType>(builder: super::ChidaoBuilder) -> super::ChidaoBuilder {
    builder
        .override_output_type_description::<Connection<T>>("A page of a list (trang), and how many items the whole list has.")
        .override_output_type_description::<Edge<Cursor, T, EmptyFields>>("An item of a list, and the cursor that continues after it.")
}

/// What a list takes as arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paging {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl Paging {
    pub(crate) fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self { first, after, ..Self::default() }
    }

    /// The window; `list` names the list and its order, so that a cursor of another one is refused.
    pub(crate) fn window<K>(self, ctx: &Context<'_>, list: &str, read: impl Fn(&str) -> Option<K>) -> Outcome<Window<K>> {
        let (size, field, from) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(Refusal::from(InputRefusal::NotTogether { fields: "first, last" }).by("F3").within("last").into());
            }
            (None, Some(last)) => (last, "last", End::Finish),
            (first, None) => (first.unwrap_or(DEFAULT_PAGE), "first", End::Start),
        };
        if !(1..=LARGEST_PAGE).contains(&size) {
            let range = InputRefusal::OutOfRange { least: "1".into(), most: LARGEST_PAGE.to_string() };
            return Err(Refusal::from(range).by("F3").within(field).into());
        }
        let key = |cursor: Option<String>, field: &'static str| {
            let read = |cursor: String| {
                decode(list, &cursor).and_then(|key| read(&key)).ok_or_else(|| Refusal::from(InputRefusal::ForeignCursor).within(field))
            };
            cursor.map(read).transpose()
        };
        Ok(Window {
            limit: size.unsigned_abs() as usize,
            from,
            after: key(self.after, "after")?,
            before: key(self.before, "before")?,
            count: if ctx.look_ahead().field("totalCount").exists() { Count::Wanted } else { Count::Unwanted },
        })
    }
}

fn decode(list: &str, cursor: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix(list)?.strip_prefix('\n').map(Into::into)
}

/// The connection of a page; `key` is what the item's cursor says.
pub(crate) fn connection<T: OutputType, U>(
    list: &str,
    page: Page<U>,
    key: impl Fn(&U) -> String,
    mut node: impl FnMut(U) -> T,
) -> Connection<T> {
    let mut connection = RelayConnection::with_additional_fields(page.has_previous, page.has_next, TotalCount { total_count: page.total });
    connection.edges = page
        .items
        .into_iter()
        .map(|item| Edge::new(Cursor(URL_SAFE_NO_PAD.encode(format!("{list}\n{}", key(&item)))), node(item)))
        .collect();
    connection
}
