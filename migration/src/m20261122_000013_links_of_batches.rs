//! By which reorganization one obligation follows another, and since which annulment it does so no more (S5, O5).

use sea_orm_migration::prelude::*;

use crate::column::{add_columns, drop_columns, uuid};

/// By which reorganization one obligation follows another, and since which annulment it does so no more (S5, O5).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "ix_obligation_reason_reorganization";

/// The batch that made a link took a step on the obligation that follows, mostly with one on the obligation that is followed.
const MADE_BY: &str = "UPDATE obligation_reason SET reorganization_id = \
    (SELECT s.reorganization_id FROM obligation_step s LEFT JOIN obligation_step t \
       ON t.obligation_id = obligation_reason.predecessor_id AND t.step = 'TRANSFER' AND t.reorganization_id = s.reorganization_id \
     WHERE s.obligation_id = obligation_reason.obligation_id AND s.step IN ('BIND', 'LINK') AND s.reorganization_id IS NOT NULL \
     ORDER BY CASE WHEN t.obligation_id IS NULL THEN 1 ELSE 0 END, s.version LIMIT 1) \
    WHERE rule = 'SUCCESSION'";

/// What an annulment gave back is followed no more.
const ENDED_BY: &str = "UPDATE obligation_reason SET ended_by_id = \
    (SELECT a.id FROM obligation_step s JOIN reorganization a ON a.id = s.reorganization_id \
     WHERE s.obligation_id = obligation_reason.predecessor_id AND s.step = 'ANNUL' \
       AND a.annuls_id = obligation_reason.reorganization_id ORDER BY s.version LIMIT 1) \
    WHERE rule = 'SUCCESSION'";

fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![("obligation_reason", uuid("reorganization_id").null().take()), ("obligation_reason", uuid("ended_by_id").null().take())]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, columns()).await?;
        manager.create_index(Index::create().name(INDEX).table("obligation_reason").col("reorganization_id").to_owned()).await?;
        for text in [MADE_BY, ENDED_BY] {
            manager.get_connection().execute_unprepared(text).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("obligation_reason").to_owned()).await?;
        drop_columns(manager, columns()).await
    }
}
