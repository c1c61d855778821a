//! Batches that can be planned, taken back and run again, units that end, and who takes over from them (O5, O6).

use sea_orm_migration::prelude::*;

use crate::column::{add_columns, drop_columns, integer, long, text, uuid};

/// Batches that can be planned, taken back and run again, units that end, and who takes over from them (O5, O6).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What a batch is known by besides its day: its place in the order of record, what was asked for (none for batches that an earlier
/// version recorded), what it does to obligations, and why it was taken back.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("reorganization", long("ordinal").not_null().default(0).take()),
        ("reorganization", text("asked").null().take()),
        ("reorganization", text("decisions").null().take()),
        ("reorganization", text("effects").null().take()),
        ("reorganization", uuid("annuls_id").null().take()),
        ("reorganization", text("taken_back_because").null().take()),
        ("org_unit_revision", uuid("ended_by_id").null().take()),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, columns()).await?;
        // Batches that are there were recorded in the order of their instants; an id of one instant is as good as another.
        let order = "UPDATE reorganization SET ordinal = (SELECT COUNT(*) FROM reorganization other \
                     WHERE other.recorded_at < reorganization.recorded_at \
                        OR (other.recorded_at = reorganization.recorded_at AND other.id < reorganization.id))";
        manager.get_connection().execute_unprepared(order).await?;
        manager.create_table(succession()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_reorganization_course").table("reorganization").to_owned()).await?;
        manager.drop_table(Table::drop().table("succession").to_owned()).await?;
        drop_columns(manager, columns()).await
    }
}

fn succession() -> TableCreateStatement {
    Table::create()
        .table("succession")
        .col(uuid("reorganization_id").not_null())
        .col(integer("ordinal").not_null())
        .col(uuid("from_id").not_null())
        .col(uuid("to_id").not_null())
        .col(text("kind").not_null())
        .primary_key(Index::create().col("reorganization_id").col("ordinal"))
        .foreign_key(
            ForeignKey::create().name("fk_succession_reorganization_id").from("succession", "reorganization_id").to("reorganization", "id"),
        )
        .foreign_key(ForeignKey::create().name("fk_succession_from_id").from("succession", "from_id").to("org_unit", "id"))
        .foreign_key(ForeignKey::create().name("fk_succession_to_id").from("succession", "to_id").to("org_unit", "id"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("ix_succession_from").table("succession").col("from_id").to_owned(),
        Index::create().name("ix_succession_to").table("succession").col("to_id").to_owned(),
        Index::create().name("ix_reorganization_course").table("reorganization").col("effective_on").col("ordinal").to_owned(),
    ]
}
