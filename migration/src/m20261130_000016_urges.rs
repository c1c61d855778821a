//! Reminders from units above to units that are behind (L9). There were none before.

use sea_orm_migration::prelude::*;

use crate::column::{instant, text, uuid};

/// Reminders from units above to units that are behind (L9).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const URGE: &str = "urge";
const OF_OBLIGATION: &str = "urge_obligation";

fn points(from: &str, column: &str, to: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("fk_{from}_{column}")).from(from.to_owned(), column.to_owned()).to(to.to_owned(), "id").to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let urge = Table::create()
            .table(URGE)
            .col(uuid("id").not_null().primary_key())
            .col(uuid("directive_id").not_null())
            .col(uuid("on_behalf_of_id").null())
            .col(uuid("by_id").not_null())
            .col(text("words").not_null())
            .col(instant("at").not_null())
            .foreign_key(&mut points(URGE, "directive_id", "directive"))
            .foreign_key(&mut points(URGE, "on_behalf_of_id", "org_unit"))
            .foreign_key(&mut points(URGE, "by_id", "principal"))
            .to_owned();
        manager.create_table(urge).await?;
        let of_obligation = Table::create()
            .table(OF_OBLIGATION)
            .col(uuid("urge_id").not_null())
            .col(uuid("obligation_id").not_null())
            .primary_key(Index::create().col("urge_id").col("obligation_id"))
            .foreign_key(&mut points(OF_OBLIGATION, "urge_id", URGE))
            .foreign_key(&mut points(OF_OBLIGATION, "obligation_id", "obligation"))
            .to_owned();
        manager.create_table(of_obligation).await?;
        let index = Index::create().name("ix_urge_obligation").table(OF_OBLIGATION).col("obligation_id").col("urge_id").to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(OF_OBLIGATION).to_owned()).await?;
        manager.drop_table(Table::drop().table(URGE).to_owned()).await
    }
}
