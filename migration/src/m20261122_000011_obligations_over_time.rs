//! What a reorganization does to obligations, and the day up to which the calendar has been done (section 6, S6).

use sea_orm_migration::prelude::*;

use crate::column::{add_columns, date, drop_columns, flag, text, uuid};

/// What a reorganization does to obligations, and the day up to which the calendar has been done (section 6, S6).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("obligation", flag("kept").not_null().default(false).take()),
        ("obligation", text("closing_cause").null().take()),
        ("reorganization", text("consequences").null().take()),
        ("obligation_step", uuid("reorganization_id").null().take()),
        ("journal_head", date("calendar_on").null().take()),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, columns()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in
            [("ix_obligation_reason_predecessor", "obligation_reason"), ("ix_obligation_step_reorganization", "obligation_step")]
        {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        drop_columns(manager, columns()).await
    }
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("ix_obligation_reason_predecessor").table("obligation_reason").col("predecessor_id").to_owned(),
        Index::create().name("ix_obligation_step_reorganization").table("obligation_step").col("reorganization_id").to_owned(),
    ]
}
