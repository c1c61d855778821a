//! The column types that migrations are written in: the same on both databases.

use sea_orm_migration::prelude::{ColumnDef, IntoIden};

/// A UUID: native on PostgreSQL, 16 bytes on SQLite.
pub(crate) fn uuid(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).uuid().take()
}

/// A text of any length; enums are their text code, exact decimals and JSON are text too.
pub(crate) fn text(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).text().take()
}

/// A 32-bit number.
pub(crate) fn integer(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).integer().take()
}

/// A 64-bit number.
pub(crate) fn long(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).big_integer().take()
}

/// Yes or no.
pub(crate) fn flag(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).boolean().take()
}

/// A civil date (T1).
pub(crate) fn date(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).date().take()
}

/// An instant in UTC, to the microsecond.
pub(crate) fn instant(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().take()
}
