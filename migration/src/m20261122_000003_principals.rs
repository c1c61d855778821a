//! Who may call: users and services, their grants, sessions and refresh tokens (A1).

use sea_orm_migration::prelude::*;

use crate::column::{date, flag, instant, text, uuid};

/// Who may call: users and services, their grants, sessions and refresh tokens (A1).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [principal(), user_account(), service_account(), role_grant(), session(), refresh_token()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["refresh_token", "session", "role_grant", "service_account", "user_account", "principal"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn principal() -> TableCreateStatement {
    Table::create()
        .table("principal")
        .col(uuid("id").not_null())
        .col(text("kind").not_null())
        .col(text("display_name").not_null())
        .col(flag("active").not_null())
        .col(instant("created_at").not_null())
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn user_account() -> TableCreateStatement {
    Table::create()
        .table("user_account")
        .col(uuid("principal_id").not_null())
        .col(text("user_name").not_null())
        .col(text("folded_user_name").not_null())
        .col(text("password_hash").null())
        .col(uuid("person_id").null())
        .primary_key(Index::create().col("principal_id"))
        .foreign_key(ForeignKey::create().name("fk_user_account_principal_id").from("user_account", "principal_id").to("principal", "id"))
        .foreign_key(ForeignKey::create().name("fk_user_account_person_id").from("user_account", "person_id").to("person", "id"))
        .to_owned()
}

fn service_account() -> TableCreateStatement {
    Table::create()
        .table("service_account")
        .col(uuid("principal_id").not_null())
        .col(text("secret_hash").not_null())
        .primary_key(Index::create().col("principal_id"))
        .foreign_key(
            ForeignKey::create().name("fk_service_account_principal_id").from("service_account", "principal_id").to("principal", "id"),
        )
        .to_owned()
}

fn role_grant() -> TableCreateStatement {
    Table::create()
        .table("role_grant")
        .col(uuid("id").not_null())
        .col(uuid("principal_id").not_null())
        .col(text("role").not_null())
        .col(uuid("unit_id").null())
        .col(instant("granted_at").not_null())
        .col(uuid("granted_by_id").null())
        .col(date("expires_on").null())
        .col(instant("revoked_at").null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_role_grant_principal_id").from("role_grant", "principal_id").to("principal", "id"))
        .foreign_key(ForeignKey::create().name("fk_role_grant_unit_id").from("role_grant", "unit_id").to("org_unit", "id"))
        .foreign_key(ForeignKey::create().name("fk_role_grant_granted_by_id").from("role_grant", "granted_by_id").to("principal", "id"))
        .to_owned()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(uuid("id").not_null())
        .col(uuid("principal_id").not_null())
        .col(instant("started_at").not_null())
        .col(instant("expires_at").not_null())
        .col(instant("ended_at").null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().name("fk_session_principal_id").from("session", "principal_id").to("principal", "id"))
        .to_owned()
}

fn refresh_token() -> TableCreateStatement {
    Table::create()
        .table("refresh_token")
        .col(text("token_hash").not_null())
        .col(uuid("session_id").not_null())
        .col(instant("issued_at").not_null())
        .col(instant("used_at").null())
        .primary_key(Index::create().col("token_hash"))
        .foreign_key(ForeignKey::create().name("fk_refresh_token_session_id").from("refresh_token", "session_id").to("session", "id"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        Index::create().name("ux_user_account_name").table("user_account").col("folded_user_name").unique().to_owned(),
        Index::create().name("ux_service_account_secret").table("service_account").col("secret_hash").unique().to_owned(),
        Index::create().name("ix_role_grant_principal").table("role_grant").col("principal_id").to_owned(),
        Index::create().name("ix_role_grant_unit").table("role_grant").col("unit_id").to_owned(),
        Index::create().name("ix_session_principal").table("session").col("principal_id").to_owned(),
        Index::create().name("ix_refresh_token_session").table("refresh_token").col("session_id").to_owned(),
    ]
}
