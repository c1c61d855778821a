//! The changes of the tree and the two clocks of what follows from them (T4, O5).

use sea_orm_migration::prelude::*;

use crate::column::{date, instant, integer, text, uuid};

/// The changes of the tree and the two clocks of what follows from them (T4, O5).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [reorganization(), org_unit_revision()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["org_unit_revision", "reorganization"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn reorganization() -> TableCreateStatement {
    Table::create()
        .table("reorganization")
        .col(uuid("id").not_null())
        .col(text("title").not_null())
        .col(date("effective_on").not_null())
        .col(uuid("legal_basis_id").null())
        .col(text("status").not_null())
        .col(integer("units_touched").not_null())
        .col(text("changes").not_null())
        .col(instant("recorded_at").not_null())
        .col(uuid("recorded_by_id").null())
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create().name("fk_reorganization_legal_basis_id").from("reorganization", "legal_basis_id").to("directive", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("fk_reorganization_recorded_by_id").from("reorganization", "recorded_by_id").to("principal", "id"),
        )
        .to_owned()
}

fn org_unit_revision() -> TableCreateStatement {
    Table::create()
        .table("org_unit_revision")
        .col(uuid("id").not_null())
        .col(uuid("unit_id").not_null())
        .col(date("valid_from").not_null())
        .col(date("valid_to").null())
        .col(instant("recorded_at").not_null())
        .col(instant("corrected_at").null())
        .col(text("name").not_null())
        .col(text("short_name").null())
        .col(text("folded_name").not_null())
        .col(text("folded_short_name").null())
        .col(text("kind_code").not_null())
        .col(uuid("parent_id").null())
        .col(integer("member_count").null())
        .col(uuid("reorganization_id").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_org_unit_revision_unit_id").from("org_unit_revision", "unit_id").to("org_unit", "id"))
        .foreign_key(
            ForeignKey::create().name("fk_org_unit_revision_kind_code").from("org_unit_revision", "kind_code").to("org_unit_kind", "code"),
        )
        .foreign_key(
            ForeignKey::create().name("fk_org_unit_revision_parent_id").from("org_unit_revision", "parent_id").to("org_unit", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_org_unit_revision_reorganization_id")
                .from("org_unit_revision", "reorganization_id")
                .to("reorganization", "id"),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("ix_reorganization_effective").table("reorganization").col("effective_on").to_owned(),
        Index::create().name("ix_org_unit_revision_unit").table("org_unit_revision").col("unit_id").to_owned(),
        Index::create().name("ix_org_unit_revision_valid").table("org_unit_revision").col("valid_from").col("valid_to").to_owned(),
    ]
}
