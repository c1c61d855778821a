//! Relay connections: what `first`, `last`, `after` and `before` ask for, and what they get.

use std::fmt::Display;

use async_graphql::connection::{Connection as RelayConnection, CursorType, Edge, EmptyFields};
use async_graphql::{Context, OutputType, SimpleObject, Value};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chidao_domain::refusal::{InputRefusal, Refusal};
use sha2::{Digest as _, Sha256};

use crate::graphql::error::Outcome;
use crate::view::page::{Count, End, Page, Window};

/// Items on a page where nobody says how many.
pub(crate) const DEFAULT_PAGE: i32 = 25;
/// Items on a page at the most.
pub(crate) const LARGEST_PAGE: i32 = 100;

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

/// Which list it is: its name, whose it is, and what narrows it. Each of its cursors bears it, so that one of another list is refused (F3)
/// instead of answering a page that silently lacks items.
pub(crate) struct Listing([u8; 8]);

impl Listing {
    /// The list that the field in hand asks for. `name` tells its order, too, where there are several; `owner` whose list it is, nothing where
    /// it is nobody's. The field's other arguments are taken in as they were given.
    pub(crate) fn of(ctx: &Context<'_>, name: impl Display, owner: impl Display) -> Self {
        /// The arguments of paging; the order is told by the name, since a default and the same order in words are one.
        const OF_PAGES: [&str; 5] = ["first", "after", "last", "before", "orderBy"];
        let mut narrowing: Vec<(String, String)> = ctx
            .field()
            .arguments()
            .unwrap_or_default()
            .into_iter()
            .filter(|(name, value)| !OF_PAGES.contains(&name.as_str()) && *value != Value::Null)
            .map(|(name, value)| (name.to_string(), sorted(value).to_string()))
            .collect();
        narrowing.sort_unstable();
        let whole = Sha256::digest(format!("{name}\n{owner}\n{narrowing:?}").as_bytes());
        let mut mark = [0; 8];
        mark.copy_from_slice(&whole[..8]);
        Self(mark)
    }

    fn encode(&self, key: &str) -> String {
        URL_SAFE_NO_PAD.encode([&self.0, key.as_bytes()].concat())
    }

    fn decode(&self, cursor: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        String::from_utf8(bytes.strip_prefix(&self.0)?.to_vec()).ok()
    }
}

/// The value with the fields of its objects in order and without nulls: however a client's language writes an object, it is the same one.
fn sorted(value: Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.into_iter().map(sorted).collect()),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().filter(|(_, value)| *value != Value::Null).collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(fields.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        plain => plain,
    }
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

    /// The window of that list; a cursor of another one is refused (F3).
    pub(crate) fn window<K>(self, ctx: &Context<'_>, list: &Listing, read: impl Fn(&str) -> Option<K>) -> Outcome<Window<K>> {
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
                list.decode(&cursor).and_then(|key| read(&key)).ok_or_else(|| Refusal::from(InputRefusal::ForeignCursor).within(field))
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

/// The connection of a page; `key` is what the item's cursor says.
pub(crate) fn connection<T: OutputType, U>(
    list: &Listing,
    page: Page<U>,
    key: impl Fn(&U) -> String,
    mut node: impl FnMut(U) -> T,
) -> Connection<T> {
    let mut connection = RelayConnection::with_additional_fields(page.has_previous, page.has_next, TotalCount { total_count: page.total });
    connection.edges = page.items.into_iter().map(|item| Edge::new(Cursor(list.encode(&key(&item))), node(item))).collect();
    connection
}
