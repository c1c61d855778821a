//! The journal, its head (the turn that writers take) and the idempotency records (J1-J4).

use sea_orm_migration::prelude::*;

use crate::column::{instant, integer, long, text, uuid};

/// The journal, its head (the turn that writers take) and the idempotency records (J1-J4).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [journal_head(), journal_entry(), journal_entry_unit(), idempotency_record()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        let mut head = Query::insert().into_table("journal_head").columns(["id", "position", "structure_version"]).to_owned();
        head.values([1.into(), 0_i64.into(), 0_i64.into()]).map_err(|no| DbErr::Migration(format!("seed row: {no}")))?;
        manager.exec_stmt(head).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["idempotency_record", "journal_entry_unit", "journal_entry", "journal_head"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn journal_head() -> TableCreateStatement {
    Table::create()
        .table("journal_head")
        .col(integer("id").not_null())
        .col(long("position").not_null())
        .col(long("structure_version").not_null())
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn journal_entry() -> TableCreateStatement {
    Table::create()
        .table("journal_entry")
        .col(long("position").not_null())
        .col(instant("at").not_null())
        .col(uuid("actor_id").null())
        .col(uuid("on_behalf_of_id").null())
        .col(text("action").not_null())
        .col(text("subject_type").not_null())
        .col(uuid("subject_id").not_null())
        .col(text("changes").not_null())
        .col(text("reason").null())
        .primary_key(Index::create().col("position"))
        .foreign_key(ForeignKey::create().name("fk_journal_entry_actor_id").from("journal_entry", "actor_id").to("principal", "id"))
        .foreign_key(
            ForeignKey::create().name("fk_journal_entry_on_behalf_of_id").from("journal_entry", "on_behalf_of_id").to("org_unit", "id"),
        )
        .to_owned()
}

fn journal_entry_unit() -> TableCreateStatement {
    Table::create()
        .table("journal_entry_unit")
        .col(uuid("unit_id").not_null())
        .col(long("position").not_null())
        .primary_key(Index::create().col("unit_id").col("position"))
        .foreign_key(ForeignKey::create().name("fk_journal_entry_unit_unit_id").from("journal_entry_unit", "unit_id").to("org_unit", "id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_journal_entry_unit_position")
                .from("journal_entry_unit", "position")
                .to("journal_entry", "position"),
        )
        .to_owned()
}

fn idempotency_record() -> TableCreateStatement {
    Table::create()
        .table("idempotency_record")
        .col(uuid("principal_id").not_null())
        .col(text("client_mutation_id").not_null())
        .col(text("mutation").not_null())
        .col(text("input_hash").not_null())
        .col(text("answer").not_null())
        .col(long("position").not_null())
        .col(instant("at").not_null())
        .primary_key(Index::create().col("principal_id").col("client_mutation_id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_idempotency_record_principal_id")
                .from("idempotency_record", "principal_id")
                .to("principal", "id"),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("ix_journal_entry_subject").table("journal_entry").col("subject_id").col("position").to_owned(),
        Index::create().name("ix_journal_entry_actor").table("journal_entry").col("actor_id").col("at").to_owned(),
        Index::create().name("ix_journal_entry_unit_position").table("journal_entry_unit").col("position").to_owned(),
    ]
}
