//! Whether a figure may lie below 0, which a count never does (C9).

use sea_orm_migration::prelude::*;

use crate::column::{add_columns, drop_columns, flag};

/// Whether a figure may lie below 0 (C9).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What was asked for before took any figure, and an issued text does not change (D2).
fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![("indicator", flag("may_be_negative").not_null().default(true).take())]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, columns()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, columns()).await
    }
}
