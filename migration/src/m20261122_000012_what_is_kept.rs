//! Finds what is kept of units that have left (S4) without looking at every obligation: there is little of it.

use sea_orm_migration::prelude::*;

/// Finds what is kept of units that have left (S4).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "ix_obligation_kept";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of some rows only, which both databases spell alike.
        let text = format!("CREATE INDEX {INDEX} ON obligation (unit_id, directive_id) WHERE kept");
        manager.get_connection().execute_unprepared(&text).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("obligation").to_owned()).await
    }
}
