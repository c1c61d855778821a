//! Units and their revisions: the tree of a day, and what a reorganization writes (O2, O5, T4).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::kind::KindRegister;
use chidao_domain::text;
use chidao_domain::unit::OrgUnit;
use chidao_entity::{org_unit, org_unit_external_id, org_unit_revision};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, QuerySelect as _, Set, Statement};
use uuid::Uuid;

use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::journal::{ROWS_PER_INSERT, insert_all};
use crate::store::tx::Tx;

const FOREST_OF_A_DAY: &str = "\
    SELECT u.id, u.code, u.version, r.name, r.short_name, r.kind_code, r.parent_id, r.member_count, e.established_on \
    FROM org_unit_revision r \
    JOIN org_unit u ON u.id = r.unit_id \
    JOIN (SELECT unit_id, MIN(valid_from) AS established_on FROM org_unit_revision WHERE corrected_at IS NULL GROUP BY unit_id) e \
      ON e.unit_id = u.id \
    WHERE r.corrected_at IS NULL AND r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1)";

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
}

/// The tree of `day`, as it is known now (O4).
///
/// # Errors
/// [`Fault::BrokenForest`] where the rows break O3, or a fault of the database.
pub async fn load_forest(sql: &impl ConnectionTrait, engine: Engine, kinds: &KindRegister, day: Day) -> Result<Forest, Fault> {
    let statement = Statement::from_sql_and_values(engine.backend(), FOREST_OF_A_DAY, [day.into()]);
    let rows = UnitRow::find_by_statement(statement).all(sql).await?;
    let units = rows.into_iter().map(|row| unit_of(row, kinds)).collect();
    Ok(Forest::build(units, kinds)?)
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

/// Which of `codes` have ever been given to a unit (O2).
///
/// # Errors
/// A fault of the database.
pub async fn taken_codes(sql: &impl ConnectionTrait, codes: &[Arc<str>]) -> Result<HashSet<Arc<str>>, Fault> {
    let mut taken = HashSet::new();
    for some in codes.chunks(ROWS_PER_INSERT) {
        let query = org_unit::Entity::find().select_only().column(org_unit::Column::Code);
        let rows: Vec<String> = query.filter(org_unit::Column::Code.is_in(some.iter().map(|code| &**code))).into_tuple().all(sql).await?;
        taken.extend(rows.into_iter().map(Arc::from));
    }
    Ok(taken)
}

/// The units behind external identifiers (O9), as `(scheme, value)`.
///
/// # Errors
/// A fault of the database.
pub async fn by_external_ids(
    sql: &impl ConnectionTrait,
    wanted: &[(String, String)],
) -> Result<HashMap<(String, String), UnitId>, Fault> {
    let mut found = HashMap::new();
    for some in wanted.chunks(ROWS_PER_INSERT) {
        let values = some.iter().map(|(_, value)| value.as_str());
        let rows = org_unit_external_id::Entity::find().filter(org_unit_external_id::Column::Value.is_in(values)).all(sql).await?;
        found.extend(rows.into_iter().map(|row| ((row.scheme, row.value), UnitId(row.unit_id))));
    }
    Ok(found)
}

/// The external identifiers of each of `units`, by scheme.
///
/// # Errors
/// A fault of the database.
pub async fn load_external_ids(
    sql: &impl ConnectionTrait,
    units: &[UnitId],
) -> Result<HashMap<UnitId, Vec<(String, String)>>, Fault> {
    let ids = units.iter().map(|unit| Uuid::from(*unit));
    let mut rows = org_unit_external_id::Entity::find().filter(org_unit_external_id::Column::UnitId.is_in(ids)).all(sql).await?;
    rows.sort_by(|a, b| (&a.scheme, &a.value).cmp(&(&b.scheme, &b.value)));
    let mut found: HashMap<UnitId, Vec<(String, String)>> = HashMap::new();
    for row in rows {
        found.entry(UnitId(row.unit_id)).or_default().push((row.scheme, row.value));
    }
    Ok(found)
}


/// Every revision of each of `units`, by the day from which it holds and then by when it became known.
///
/// # Errors
/// A fault of the database.
pub async fn load_revisions(
    sql: &impl ConnectionTrait,
    units: &[UnitId],
) -> Result<HashMap<UnitId, Vec<org_unit_revision::Model>>, Fault> {
    let ids = units.iter().map(|unit| Uuid::from(*unit));
    let mut rows = org_unit_revision::Entity::find().filter(org_unit_revision::Column::UnitId.is_in(ids)).all(sql).await?;
    rows.sort_by_key(|row| (row.valid_from, row.recorded_at));
    let mut found: HashMap<UnitId, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry(UnitId(row.unit_id)).or_default().push(row);
    }
    Ok(found)
}

/// A unit that a search has found, the better the smaller its rank (O7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The unit.
    pub unit: UnitId,
    /// 0: the whole name, short name or code; 1: its beginning; 2: a part of it; 3: all of the words.
    pub rank: u8,
}

/// Words of a search that are looked at; further ones do not narrow it.
const SEARCH_WORDS: usize = 8;

#[derive(FromQueryResult)]
struct HitRow {
    unit_id: Uuid,
    folded_name: String,
    folded_short_name: Option<String>,
    folded_code: String,
}

/// The units whose code or whose name of any time holds every word of `search` (O7).
///
/// # Errors
/// A fault of the database.
pub async fn search(sql: &impl ConnectionTrait, engine: Engine, search: &str) -> Result<HashMap<UnitId, u8>, Fault> {
    let folded = text::fold(search);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).take(SEARCH_WORDS).collect();
    let haystack = "(r.folded_name || ' ' || COALESCE(r.folded_short_name, '') || ' ' || u.folded_code)";
    let conditions: Vec<String> = (1..=words.len()).map(|number| format!("{haystack} LIKE ${number} ESCAPE '\\'")).collect();
    let statement = format!(
        "SELECT r.unit_id, r.folded_name, r.folded_short_name, u.folded_code \
         FROM org_unit_revision r JOIN org_unit u ON u.id = r.unit_id WHERE r.corrected_at IS NULL{}{}",
        if conditions.is_empty() { "" } else { " AND " },
        conditions.join(" AND "),
    );
    let values: Vec<sea_orm::Value> = words.iter().map(|word| like(word).into()).collect();
    let rows = HitRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), statement, values)).all(sql).await?;
    let mut hits: HashMap<UnitId, u8> = HashMap::new();
    for row in rows {
        let texts = [Some(&row.folded_name), row.folded_short_name.as_ref(), Some(&row.folded_code)];
        let rank = texts.into_iter().flatten().map(|text| rank(text, &folded)).min().unwrap_or(u8::MAX);
        hits.entry(UnitId(row.unit_id)).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
    }
    Ok(hits)
}

/// How well a folded text answers a folded search.
fn rank(text: &str, search: &str) -> u8 {
    match text.find(search) {
        Some(0) if text.len() == search.len() => 0,
        Some(0) => 1,
        Some(_) => 2,
        None => 3,
    }
}

/// A LIKE pattern for texts that hold `word`.
pub(crate) fn like(word: &str) -> String {
    let escaped: String = word.chars().flat_map(|letter| matches!(letter, '%' | '_' | '\\').then_some('\\').into_iter().chain([letter])).collect();
    format!("%{escaped}%")
}

/// Writes units that a reorganization establishes.
///
/// # Errors
/// A fault of the database.
pub async fn insert_established(tx: &Tx, units: &[&OrgUnit]) -> Result<(), Fault> {
    let rows = units.iter().map(|unit| org_unit::ActiveModel {
        id: Set(unit.id.into()),
        code: Set(unit.code.to_string()),
        folded_code: Set(text::fold(&unit.code)),
        version: Set(unit.version),
        created_at: Set(tx.now()),
    });
    Ok(insert_all(tx.sql(), rows.collect()).await?)
}

/// Writes revisions that hold from `day` on, without an end.
///
/// # Errors
/// A fault of the database.
pub async fn insert_revisions(tx: &Tx, units: &[&OrgUnit], day: Day, reorganization: ReorganizationId) -> Result<(), Fault> {
    let rows = units.iter().map(|unit| org_unit_revision::ActiveModel {
        id: Set(tx.new_id()),
        unit_id: Set(unit.id.into()),
        valid_from: Set(day),
        valid_to: Set(None),
        recorded_at: Set(tx.now()),
        corrected_at: Set(None),
        name: Set(unit.name.to_string()),
        short_name: Set(unit.short_name.as_ref().map(ToString::to_string)),
        folded_name: Set(text::fold(&unit.name)),
        folded_short_name: Set(unit.short_name.as_ref().map(|name| text::fold(name))),
        kind_code: Set(unit.kind.to_string()),
        parent_id: Set(unit.parent.map(Uuid::from)),
        member_count: Set(unit.member_count.and_then(|count| i32::try_from(count).ok())),
        reorganization_id: Set(reorganization.into()),
    });
    Ok(insert_all(tx.sql(), rows.collect()).await?)
}

/// Ends what is known of `units` from `day` on: the open revision of each is corrected, and one that ends on that day takes its place
/// where it began before (T4: nothing is overwritten).
///
/// # Errors
/// A fault of the database.
pub async fn end_revisions(tx: &Tx, units: &[UnitId], day: Day) -> Result<(), Fault> {
    for some in units.chunks(ROWS_PER_INSERT) {
        let open = org_unit_revision::Column::CorrectedAt.is_null().and(org_unit_revision::Column::ValidTo.is_null());
        let of_units = org_unit_revision::Column::UnitId.is_in(some.iter().map(|unit| Uuid::from(*unit)));
        let rows = org_unit_revision::Entity::find().filter(open.clone()).filter(of_units.clone()).all(tx.sql()).await?;
        org_unit_revision::Entity::update_many()
            .col_expr(org_unit_revision::Column::CorrectedAt, Expr::value(tx.now()))
            .filter(open)
            .filter(of_units)
            .exec(tx.sql())
            .await?;
        let ended = rows.into_iter().filter(|row| row.valid_from < day).map(|row| {
            let mut ended = org_unit_revision::ActiveModel::from(org_unit_revision::Model {
                id: tx.new_id(),
                valid_to: Some(day),
                recorded_at: tx.now(),
                ..row
            });
            ended = ended.reset_all();
            ended
        });
        insert_all(tx.sql(), ended.collect()).await?;
    }
    Ok(())
}

/// Counts a change of each of `units`.
///
/// # Errors
/// A fault of the database.
pub async fn bump_versions(tx: &Tx, units: &[UnitId]) -> Result<(), Fault> {
    for some in units.chunks(ROWS_PER_INSERT) {
        org_unit::Entity::update_many()
            .col_expr(org_unit::Column::Version, Expr::col(org_unit::Column::Version).add(1))
            .filter(org_unit::Column::Id.is_in(some.iter().map(|unit| Uuid::from(*unit))))
            .exec(tx.sql())
            .await?;
    }
    Ok(())
}

/// Gives units external identifiers; those of a scheme that a unit has already are replaced.
///
/// # Errors
/// A fault of the database.
pub async fn save_external_ids(tx: &Tx, ids: &[(UnitId, String, String)]) -> Result<(), Fault> {
    for (unit, scheme, _) in ids {
        org_unit_external_id::Entity::delete_many()
            .filter(org_unit_external_id::Column::UnitId.eq(Uuid::from(*unit)))
            .filter(org_unit_external_id::Column::Scheme.eq(scheme))
            .exec(tx.sql())
            .await?;
    }
    let rows = ids.iter().map(|(unit, scheme, value)| org_unit_external_id::ActiveModel {
        scheme: Set(scheme.clone()),
        value: Set(value.clone()),
        unit_id: Set((*unit).into()),
    });
    Ok(insert_all(tx.sql(), rows.collect()).await?)
}
