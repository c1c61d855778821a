//! Directives, what they require, whom they bind, and the comments on drafts (sections 3 and 4).

use sea_orm_migration::prelude::*;

use crate::column::{date, flag, instant, integer, long, text, uuid};

/// Directives, what they require, whom they bind, and the comments on drafts (sections 3 and 4).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            directive(),
            directive_external_id(),
            directive_relation(),
            requirement(),
            requirement_unit_kind(),
            requirement_unit(),
            requirement_after(),
            requirement_extension(),
            indicator(),
            indicator_goal(),
            draft_comment(),
        ] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "draft_comment",
            "indicator_goal",
            "indicator",
            "requirement_extension",
            "requirement_after",
            "requirement_unit",
            "requirement_unit_kind",
            "requirement",
            "directive_relation",
            "directive_external_id",
            "directive",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn directive() -> TableCreateStatement {
    Table::create()
        .table("directive")
        .col(uuid("id").not_null())
        .col(uuid("issuer_id").not_null())
        .col(text("kind_code").not_null())
        .col(text("issuing_body").not_null())
        .col(text("term").not_null())
        .col(text("symbol").null())
        .col(text("symbol_key").null())
        .col(long("symbol_number").null())
        .col(text("title").not_null())
        .col(text("folded_title").not_null())
        .col(text("summary").null())
        .col(text("body").null())
        .col(text("status").not_null())
        .col(date("issued_on").null())
        .col(date("effective_on").null())
        .col(date("bound_on").null())
        .col(date("ended_on").null())
        .col(text("conclusion").null())
        .col(uuid("signed_by_id").null())
        .col(integer("version").not_null())
        .col(instant("created_at").not_null())
        .col(instant("updated_at").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_directive_issuer_id").from("directive", "issuer_id").to("org_unit", "id"))
        .foreign_key(ForeignKey::create().name("fk_directive_kind_code").from("directive", "kind_code").to("directive_kind", "code"))
        .foreign_key(ForeignKey::create().name("fk_directive_signed_by_id").from("directive", "signed_by_id").to("appointment", "id"))
        .to_owned()
}

fn directive_external_id() -> TableCreateStatement {
    Table::create()
        .table("directive_external_id")
        .col(text("scheme").not_null())
        .col(text("value").not_null())
        .col(uuid("directive_id").not_null())
        .primary_key(Index::create().col("scheme").col("value"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_directive_external_id_directive_id")
                .from("directive_external_id", "directive_id")
                .to("directive", "id"),
        )
        .to_owned()
}

fn directive_relation() -> TableCreateStatement {
    Table::create()
        .table("directive_relation")
        .col(uuid("from_id").not_null())
        .col(text("kind").not_null())
        .col(uuid("to_id").not_null())
        .col(text("note").null())
        .primary_key(Index::create().col("from_id").col("kind").col("to_id"))
        .foreign_key(ForeignKey::create().name("fk_directive_relation_from_id").from("directive_relation", "from_id").to("directive", "id"))
        .foreign_key(ForeignKey::create().name("fk_directive_relation_to_id").from("directive_relation", "to_id").to("directive", "id"))
        .to_owned()
}

fn requirement() -> TableCreateStatement {
    Table::create()
        .table("requirement")
        .col(uuid("id").not_null())
        .col(uuid("directive_id").not_null())
        .col(integer("ordinal").not_null())
        .col(text("kind").not_null())
        .col(text("title").not_null())
        .col(text("detail").null())
        .col(date("due_on").null())
        .col(text("due_text").null())
        .col(text("recurrence").not_null())
        .col(text("period").null())
        .col(text("first_period").null())
        .col(integer("due_days_after_period").null())
        .col(text("verification").not_null())
        .col(text("gate_share").null())
        .col(flag("informative").not_null())
        .col(flag("binds_late_units").not_null())
        .col(integer("late_grace_days").not_null())
        .col(uuid("anchor_id").not_null())
        .col(text("reach").not_null())
        .col(flag("may_be_empty").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_requirement_directive_id").from("requirement", "directive_id").to("directive", "id"))
        .foreign_key(ForeignKey::create().name("fk_requirement_anchor_id").from("requirement", "anchor_id").to("org_unit", "id"))
        .to_owned()
}

fn requirement_unit_kind() -> TableCreateStatement {
    Table::create()
        .table("requirement_unit_kind")
        .col(uuid("requirement_id").not_null())
        .col(text("kind_code").not_null())
        .primary_key(Index::create().col("requirement_id").col("kind_code"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_requirement_unit_kind_requirement_id")
                .from("requirement_unit_kind", "requirement_id")
                .to("requirement", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_requirement_unit_kind_kind_code")
                .from("requirement_unit_kind", "kind_code")
                .to("org_unit_kind", "code"),
        )
        .to_owned()
}

fn requirement_unit() -> TableCreateStatement {
    Table::create()
        .table("requirement_unit")
        .col(uuid("requirement_id").not_null())
        .col(text("role").not_null())
        .col(uuid("unit_id").not_null())
        .col(integer("ordinal").not_null())
        .primary_key(Index::create().col("requirement_id").col("role").col("unit_id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_requirement_unit_requirement_id")
                .from("requirement_unit", "requirement_id")
                .to("requirement", "id"),
        )
        .foreign_key(ForeignKey::create().name("fk_requirement_unit_unit_id").from("requirement_unit", "unit_id").to("org_unit", "id"))
        .to_owned()
}

fn requirement_after() -> TableCreateStatement {
    Table::create()
        .table("requirement_after")
        .col(uuid("requirement_id").not_null())
        .col(uuid("after_id").not_null())
        .primary_key(Index::create().col("requirement_id").col("after_id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_requirement_after_requirement_id")
                .from("requirement_after", "requirement_id")
                .to("requirement", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("fk_requirement_after_after_id").from("requirement_after", "after_id").to("requirement", "id"),
        )
        .to_owned()
}

fn requirement_extension() -> TableCreateStatement {
    Table::create()
        .table("requirement_extension")
        .col(uuid("id").not_null())
        .col(uuid("requirement_id").not_null())
        .col(date("earlier_due_on").not_null())
        .col(date("due_on").not_null())
        .col(instant("at").not_null())
        .col(text("reason").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_requirement_extension_requirement_id")
                .from("requirement_extension", "requirement_id")
                .to("requirement", "id"),
        )
        .to_owned()
}

fn indicator() -> TableCreateStatement {
    Table::create()
        .table("indicator")
        .col(uuid("id").not_null())
        .col(uuid("requirement_id").not_null())
        .col(integer("ordinal").not_null())
        .col(text("key").not_null())
        .col(text("label").not_null())
        .col(text("unit_of_measure").null())
        .col(text("aggregation").not_null())
        .col(text("ratio_over").null())
        .col(text("goal").null())
        .col(text("goal_direction").null())
        .col(flag("required").not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_indicator_requirement_id").from("indicator", "requirement_id").to("requirement", "id"))
        .to_owned()
}

fn indicator_goal() -> TableCreateStatement {
    Table::create()
        .table("indicator_goal")
        .col(uuid("indicator_id").not_null())
        .col(uuid("unit_id").not_null())
        .col(text("goal").not_null())
        .primary_key(Index::create().col("indicator_id").col("unit_id"))
        .foreign_key(
            ForeignKey::create().name("fk_indicator_goal_indicator_id").from("indicator_goal", "indicator_id").to("indicator", "id"),
        )
        .foreign_key(ForeignKey::create().name("fk_indicator_goal_unit_id").from("indicator_goal", "unit_id").to("org_unit", "id"))
        .to_owned()
}

fn draft_comment() -> TableCreateStatement {
    Table::create()
        .table("draft_comment")
        .col(uuid("id").not_null())
        .col(uuid("directive_id").not_null())
        .col(uuid("unit_id").not_null())
        .col(uuid("author_id").not_null())
        .col(text("body").not_null())
        .col(instant("at").not_null())
        .col(text("decision").null())
        .col(text("answer_reason").null())
        .col(instant("answered_at").null())
        .col(uuid("answered_by_id").null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_draft_comment_directive_id").from("draft_comment", "directive_id").to("directive", "id"))
        .foreign_key(ForeignKey::create().name("fk_draft_comment_unit_id").from("draft_comment", "unit_id").to("org_unit", "id"))
        .foreign_key(ForeignKey::create().name("fk_draft_comment_author_id").from("draft_comment", "author_id").to("principal", "id"))
        .foreign_key(
            ForeignKey::create().name("fk_draft_comment_answered_by_id").from("draft_comment", "answered_by_id").to("principal", "id"),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create()
            .name("ux_directive_symbol")
            .table("directive")
            .col("issuer_id")
            .col("issuing_body")
            .col("kind_code")
            .col("term")
            .col("symbol_key")
            .unique()
            .to_owned(),
        Index::create().name("ix_directive_issuer").table("directive").col("issuer_id").col("issued_on").to_owned(),
        Index::create().name("ix_directive_status").table("directive").col("status").to_owned(),
        Index::create().name("ix_directive_external_id_directive").table("directive_external_id").col("directive_id").to_owned(),
        Index::create().name("ix_directive_relation_to").table("directive_relation").col("to_id").col("kind").to_owned(),
        Index::create().name("ux_requirement_ordinal").table("requirement").col("directive_id").col("ordinal").unique().to_owned(),
        Index::create().name("ix_requirement_extension_requirement").table("requirement_extension").col("requirement_id").to_owned(),
        Index::create().name("ux_indicator_key").table("indicator").col("requirement_id").col("key").unique().to_owned(),
        Index::create().name("ix_indicator_key").table("indicator").col("key").to_owned(),
        Index::create().name("ix_draft_comment_directive").table("draft_comment").col("directive_id").to_owned(),
    ]
}
