//! Which periods of requirements that recur have opened (B7). None has before: no requirement recurred.

use sea_orm_migration::prelude::*;

use crate::column::{date, instant, text, uuid};

/// Which periods of requirements that recur have opened (B7).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "requirement_period";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(uuid("requirement_id").not_null())
            .col(text("period").not_null())
            .col(date("opened_on").not_null())
            .col(instant("at").not_null())
            .primary_key(Index::create().col("requirement_id").col("period"))
            .foreign_key(
                ForeignKey::create().name("fk_requirement_period_requirement_id").from(TABLE, "requirement_id").to("requirement", "id"),
            )
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TABLE).to_owned()).await
    }
}
