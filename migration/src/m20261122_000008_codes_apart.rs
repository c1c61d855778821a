//! Codes of units differ in more than letter case and diacritics (O2).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

/// The index that holds it.
const INDEX: &str = "ux_org_unit_folded_code";

/// Codes of units differ in more than letter case and diacritics (O2).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alike = codes_alike(manager).await?;
        if !alike.is_empty() {
            let alike = alike.join(", ");
            return Err(DbErr::Custom(format!(
                "these codes of units differ from others by letter case or diacritics only, which the new schema does not take: {alike}"
            )));
        }
        manager.create_index(Index::create().name(INDEX).table("org_unit").col("folded_code").unique().to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("org_unit").to_owned()).await
    }
}

/// The codes that an index alone would refuse without a name.
async fn codes_alike(manager: &SchemaManager<'_>) -> Result<Vec<String>, DbErr> {
    let sql = manager.get_connection();
    let text = "SELECT code FROM org_unit WHERE folded_code IN \
                (SELECT folded_code FROM org_unit GROUP BY folded_code HAVING COUNT(*) > 1) ORDER BY code";
    let rows = sql.query_all_raw(Statement::from_string(sql.get_database_backend(), text)).await?;
    rows.iter().map(|row| row.try_get("", "code")).collect()
}
