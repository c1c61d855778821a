//! Units as identities (O2), persons and their appointments.

use sea_orm_migration::prelude::*;

use crate::column::{date, instant, integer, text, uuid};

/// Units as identities (O2), persons and their appointments.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [org_unit(), org_unit_external_id(), person(), appointment()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["appointment", "person", "org_unit_external_id", "org_unit"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn org_unit() -> TableCreateStatement {
    Table::create()
        .table("org_unit")
        .col(uuid("id").not_null())
        .col(text("code").not_null())
        .col(text("folded_code").not_null())
        .col(integer("version").not_null())
        .col(instant("created_at").not_null())
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn org_unit_external_id() -> TableCreateStatement {
    Table::create()
        .table("org_unit_external_id")
        .col(text("scheme").not_null())
        .col(text("value").not_null())
        .col(uuid("unit_id").not_null())
        .primary_key(Index::create().col("scheme").col("value"))
        .foreign_key(
            ForeignKey::create().name("fk_org_unit_external_id_unit_id").from("org_unit_external_id", "unit_id").to("org_unit", "id"),
        )
        .to_owned()
}

fn person() -> TableCreateStatement {
    Table::create()
        .table("person")
        .col(uuid("id").not_null())
        .col(text("name").not_null())
        .col(text("folded_name").not_null())
        .col(instant("created_at").not_null())
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn appointment() -> TableCreateStatement {
    Table::create()
        .table("appointment")
        .col(uuid("id").not_null())
        .col(uuid("person_id").not_null())
        .col(uuid("unit_id").not_null())
        .col(text("position").not_null())
        .col(date("from_on").not_null())
        .col(date("to_on").null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_appointment_person_id").from("appointment", "person_id").to("person", "id"))
        .foreign_key(ForeignKey::create().name("fk_appointment_unit_id").from("appointment", "unit_id").to("org_unit", "id"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("ux_org_unit_code").table("org_unit").col("code").unique().to_owned(),
        Index::create().name("ix_org_unit_external_id_unit").table("org_unit_external_id").col("unit_id").to_owned(),
        Index::create().name("ix_appointment_person").table("appointment").col("person_id").to_owned(),
        Index::create().name("ix_appointment_unit").table("appointment").col("unit_id").to_owned(),
    ]
}
