//! The column types that migrations are written in: the same on both databases.

use sea_orm_migration::prelude::{Alias, ColumnDef, DbErr, IntoIden, SchemaManager, Table};

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

/// Adds columns to tables, one statement each: SQLite takes no more.
pub(crate) async fn add_columns(manager: &SchemaManager<'_>, columns: Vec<(&'static str, ColumnDef)>) -> Result<(), DbErr> {
    for (table, column) in columns {
        manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
    }
    Ok(())
}

/// Drops the columns that [`add_columns`] added.
pub(crate) async fn drop_columns(manager: &SchemaManager<'_>, columns: Vec<(&'static str, ColumnDef)>) -> Result<(), DbErr> {
    for (table, column) in columns {
        let name = Alias::new(column.get_column_name());
        manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
    }
    Ok(())
}
