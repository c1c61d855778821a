//! The tree of a day, as it is or was known: the active units, and what had ended before (O4, T4, C5).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::forest::{Ended, Forest};
use chidao_domain::ids::UnitId;
use chidao_domain::kind::KindRegister;
use chidao_domain::text;
use chidao_domain::unit::OrgUnit;
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, StreamTrait};
use uuid::Uuid;

use crate::store::database::Engine;
use crate::store::error::Fault;

/// Which tree is meant: of a day, as it was known at an instant, or as it is known now (T4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TreeOn {
    /// The day.
    pub day: Day,
    /// The instant; `None`: now.
    pub known_at: Option<DateTime<Utc>>,
}

impl TreeOn {
    /// The tree of a day as it is known now.
    pub fn day(day: Day) -> Self {
        Self { day, known_at: None }
    }

    /// Which revisions were known, as a condition; the instant is the last parameter where there is one.
    fn known(self, table: &str, parameter: usize) -> String {
        match self.known_at {
            None => format!("{table}.corrected_at IS NULL"),
            Some(_) => {
                format!("{table}.recorded_at <= ${parameter} AND ({table}.corrected_at IS NULL OR {table}.corrected_at > ${parameter})")
            }
        }
    }

    fn values(self) -> Vec<sea_orm::Value> {
        std::iter::once(self.day.into()).chain(self.known_at.map(Into::into)).collect()
    }
}

#[derive(FromQueryResult)]
struct UnitRow {
    id: Uuid,
    code: String,
    version: i32,
    name: String,
    short_name: Option<String>,
    kind_code: String,
    parent_id: Option<Uuid>,
    member_count: Option<i32>,
    established_on: Day,
    valid_to: Option<Day>,
    ended_by_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct HeirRow {
    reorganization_id: Uuid,
    from_id: Uuid,
    to_id: Uuid,
}

/// The tree of a day.
///
/// # Errors
/// [`Fault::BrokenForest`] where the rows break O3, or a fault of the database.
pub async fn load_forest(
    sql: &(impl ConnectionTrait + StreamTrait),
    engine: Engine,
    kinds: &KindRegister,
    on: TreeOn,
) -> Result<Forest, Fault> {
    let active = "r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1)";
    let mut units = Vec::new();
    each_unit(sql, engine, on, active, |row| units.push(unit_of(row, kinds))).await?;
    let ended = load_ended(sql, engine, kinds, on).await?;
    Ok(Forest::build(units, kinds)?.after(ended))
}

/// Hands out the rows one by one: the country's are not held as rows. A unit's life may have begun before what is asked for, in a revision
/// that something has closed; few are, so they alone are grouped.
async fn each_unit(
    sql: &(impl ConnectionTrait + StreamTrait),
    engine: Engine,
    on: TreeOn,
    condition: &str,
    mut take: impl FnMut(UnitRow),
) -> Result<(), Fault> {
    let text = format!(
        "SELECT u.id, u.code, u.version, r.name, r.short_name, r.kind_code, r.parent_id, r.member_count, \
                CASE WHEN e.first_from < r.valid_from THEN e.first_from ELSE r.valid_from END AS established_on, r.valid_to, r.ended_by_id \
         FROM org_unit_revision r \
         JOIN org_unit u ON u.id = r.unit_id \
         LEFT JOIN (SELECT k.unit_id, MIN(k.valid_from) AS first_from FROM org_unit_revision k \
                    WHERE {} AND k.valid_to IS NOT NULL GROUP BY k.unit_id) e ON e.unit_id = u.id \
         WHERE {} AND {condition}",
        on.known("k", 2),
        on.known("r", 2),
    );
    let statement = Statement::from_sql_and_values(engine.backend(), text, on.values());
    let mut rows = UnitRow::find_by_statement(statement).stream(sql).await?;
    while let Some(row) = rows.try_next().await? {
        take(row);
    }
    Ok(())
}

/// What had ended up to that day, each as it last was; some of it may be active again.
async fn load_ended(
    sql: &(impl ConnectionTrait + StreamTrait),
    engine: Engine,
    kinds: &KindRegister,
    on: TreeOn,
) -> Result<Vec<Ended>, Fault> {
    let mut last: HashMap<Uuid, (Day, UnitRow)> = HashMap::new();
    let ended = "r.ended_by_id IS NOT NULL AND r.valid_to <= $1";
    each_unit(sql, engine, on, ended, |row| {
        let Some(ended_on) = row.valid_to else { return };
        if last.get(&row.id).is_none_or(|(earlier, _)| *earlier < ended_on) {
            last.insert(row.id, (ended_on, row));
        }
    })
    .await?;
    if last.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT s.reorganization_id, s.from_id, s.to_id FROM succession s \
         WHERE EXISTS (SELECT 1 FROM org_unit_revision r \
                       WHERE r.unit_id = s.from_id AND r.ended_by_id = s.reorganization_id AND r.valid_to <= $1 AND {}) \
         ORDER BY s.reorganization_id, s.ordinal",
        on.known("r", 2),
    );
    let rows = HeirRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, on.values())).all(sql).await?;
    let mut heirs: HashMap<(Uuid, Uuid), Vec<UnitId>> = HashMap::new();
    for row in rows {
        heirs.entry((row.from_id, row.reorganization_id)).or_default().push(UnitId(row.to_id));
    }
    let ended = last.into_values().map(|(ended_on, row)| {
        let heirs = row.ended_by_id.and_then(|by| heirs.remove(&(row.id, by))).unwrap_or_default();
        Ended { unit: unit_of(row, kinds), ended_on, heirs }
    });
    Ok(ended.collect())
}

#[derive(FromQueryResult)]
struct ChangeRow {
    changed_on: Day,
}

/// The days after `from`, up to `to`, on which the tree is another than the day before, in their order; as it is or was known (T4). There may be
/// days among them on which only a name changed.
///
/// # Errors
/// A fault of the database.
pub async fn load_days_of_change(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (from, to): (Day, Day),
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Day>, Fault> {
    let known = TreeOn { day: to, known_at }.known("r", 3);
    let on = |column: &str| {
        format!("SELECT r.{column} AS changed_on FROM org_unit_revision r WHERE {known} AND r.{column} > $1 AND r.{column} <= $2")
    };
    // A union keeps each day once.
    let text = format!("{} UNION {} ORDER BY changed_on", on("valid_from"), on("valid_to"));
    let values = [from.into(), to.into()].into_iter().chain(known_at.map(sea_orm::Value::from));
    let rows = ChangeRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    Ok(rows.into_iter().map(|row| row.changed_on).collect())
}

fn unit_of(row: UnitRow, kinds: &KindRegister) -> OrgUnit {
    OrgUnit {
        id: UnitId(row.id),
        code: row.code.into(),
        version: row.version,
        kind: kinds.get(&row.kind_code).map_or_else(|| row.kind_code.as_str().into(), |kind| kind.code.clone()),
        sort_key: text::sort_key(&row.name),
        name: row.name.into(),
        short_name: row.short_name.map(Into::into),
        parent: row.parent_id.map(UnitId),
        member_count: row.member_count.and_then(|count| u32::try_from(count).ok()),
        established_on: row.established_on,
    }
}
