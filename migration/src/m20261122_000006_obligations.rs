//! Obligations, every state that they were in, and the reports on them (section 5).

use sea_orm_migration::prelude::*;

use crate::column::{date, flag, instant, integer, text, uuid};

/// Obligations, every state that they were in, and the reports on them (section 5).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [obligation(), obligation_reason(), obligation_step(), discharge(), report(), report_obligation(), reading()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["reading", "report_obligation", "report", "discharge", "obligation_step", "obligation_reason", "obligation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn obligation() -> TableCreateStatement {
    Table::create()
        .table("obligation")
        .col(uuid("id").not_null())
        .col(uuid("requirement_id").not_null())
        .col(uuid("directive_id").not_null())
        .col(uuid("unit_id").not_null())
        .col(text("period").not_null())
        .col(text("state").not_null())
        .col(date("due_on").null())
        .col(date("bound_on").not_null())
        .col(instant("acknowledged_at").null())
        .col(date("reported_on").null())
        .col(date("fulfilled_on").null())
        .col(date("closed_on").null())
        .col(text("closing_reason").null())
        .col(integer("version").not_null())
        .col(instant("updated_at").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_obligation_requirement_id").from("obligation", "requirement_id").to("requirement", "id"))
        .foreign_key(ForeignKey::create().name("fk_obligation_directive_id").from("obligation", "directive_id").to("directive", "id"))
        .foreign_key(ForeignKey::create().name("fk_obligation_unit_id").from("obligation", "unit_id").to("org_unit", "id"))
        .to_owned()
}

fn obligation_reason() -> TableCreateStatement {
    Table::create()
        .table("obligation_reason")
        .col(uuid("obligation_id").not_null())
        .col(integer("ordinal").not_null())
        .col(text("rule").not_null())
        .col(uuid("anchor_id").null())
        .col(text("reach").null())
        .col(uuid("predecessor_id").null())
        .primary_key(Index::create().col("obligation_id").col("ordinal"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_obligation_reason_obligation_id")
                .from("obligation_reason", "obligation_id")
                .to("obligation", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("fk_obligation_reason_anchor_id").from("obligation_reason", "anchor_id").to("org_unit", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_obligation_reason_predecessor_id")
                .from("obligation_reason", "predecessor_id")
                .to("obligation", "id"),
        )
        .to_owned()
}

fn obligation_step() -> TableCreateStatement {
    Table::create()
        .table("obligation_step")
        .col(uuid("obligation_id").not_null())
        .col(integer("version").not_null())
        .col(text("step").not_null())
        .col(date("recorded_on").not_null())
        .col(instant("at").not_null())
        .col(text("state").not_null())
        .col(date("due_on").null())
        .col(date("reported_on").null())
        .col(text("reason").null())
        .primary_key(Index::create().col("obligation_id").col("version"))
        .foreign_key(
            ForeignKey::create().name("fk_obligation_step_obligation_id").from("obligation_step", "obligation_id").to("obligation", "id"),
        )
        .to_owned()
}

fn discharge() -> TableCreateStatement {
    Table::create()
        .table("discharge")
        .col(uuid("directive_id").not_null())
        .col(uuid("obligation_id").not_null())
        .primary_key(Index::create().col("directive_id").col("obligation_id"))
        .foreign_key(ForeignKey::create().name("fk_discharge_directive_id").from("discharge", "directive_id").to("directive", "id"))
        .foreign_key(ForeignKey::create().name("fk_discharge_obligation_id").from("discharge", "obligation_id").to("obligation", "id"))
        .to_owned()
}

fn report() -> TableCreateStatement {
    Table::create()
        .table("report")
        .col(uuid("id").not_null())
        .col(uuid("unit_id").not_null())
        .col(date("held_on").null())
        .col(date("received_on").not_null())
        .col(flag("paper").not_null())
        .col(text("narrative").not_null())
        .col(uuid("directive_id").null())
        .col(uuid("submitted_by_id").not_null())
        .col(instant("submitted_at").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_report_unit_id").from("report", "unit_id").to("org_unit", "id"))
        .foreign_key(ForeignKey::create().name("fk_report_directive_id").from("report", "directive_id").to("directive", "id"))
        .foreign_key(ForeignKey::create().name("fk_report_submitted_by_id").from("report", "submitted_by_id").to("principal", "id"))
        .to_owned()
}

fn report_obligation() -> TableCreateStatement {
    Table::create()
        .table("report_obligation")
        .col(uuid("report_id").not_null())
        .col(uuid("obligation_id").not_null())
        .col(integer("version").not_null())
        .col(text("standing").not_null())
        .col(text("reason").null())
        .col(uuid("decided_by_id").null())
        .col(instant("decided_at").null())
        .primary_key(Index::create().col("report_id").col("obligation_id"))
        .foreign_key(ForeignKey::create().name("fk_report_obligation_report_id").from("report_obligation", "report_id").to("report", "id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_report_obligation_obligation_id")
                .from("report_obligation", "obligation_id")
                .to("obligation", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_report_obligation_decided_by_id")
                .from("report_obligation", "decided_by_id")
                .to("principal", "id"),
        )
        .to_owned()
}

fn reading() -> TableCreateStatement {
    Table::create()
        .table("reading")
        .col(uuid("report_id").not_null())
        .col(text("indicator_key").not_null())
        .col(text("value").not_null())
        .primary_key(Index::create().col("report_id").col("indicator_key"))
        .foreign_key(ForeignKey::create().name("fk_reading_report_id").from("reading", "report_id").to("report", "id"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create()
            .name("ux_obligation_key")
            .table("obligation")
            .col("requirement_id")
            .col("unit_id")
            .col("period")
            .unique()
            .to_owned(),
        Index::create().name("ix_obligation_unit").table("obligation").col("unit_id").col("state").col("due_on").to_owned(),
        Index::create().name("ix_obligation_directive").table("obligation").col("directive_id").col("unit_id").to_owned(),
        Index::create().name("ix_obligation_due").table("obligation").col("due_on").col("id").to_owned(),
        Index::create().name("ix_discharge_obligation").table("discharge").col("obligation_id").to_owned(),
        Index::create().name("ix_report_unit").table("report").col("unit_id").to_owned(),
        Index::create().name("ix_report_obligation_obligation").table("report_obligation").col("obligation_id").to_owned(),
    ]
}
