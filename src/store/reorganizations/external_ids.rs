//! External identifiers have no days of their own (O5, O9): a unit holds those that the last batch to take effect gave it. On a day to come
//! it holds what those give that are planned up to then, and without one of the batches what the others gave.

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::reorganization::{Change, Establish, ExternalId, Revise, UnitRef};
use chidao_entity::reorganization::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::{Status, asked, leaving_out};
use crate::store::code::Coded as _;
use crate::store::error::Fault;

/// What each unit to which `mistake` gave external identifiers holds without it; `day_of` is the civil date of an instant (T1).
/// Where an earlier version recorded batches that do not say what they gave, a unit of which no other batch tells is left out.
///
/// # Errors
/// A fault of the database.
pub async fn external_ids_without(
    sql: &impl ConnectionTrait,
    mistake: ReorganizationId,
    day_of: impl Fn(DateTime<Utc>) -> Day,
) -> Result<HashMap<UnitId, Vec<ExternalId>>, Fault> {
    let own = Entity::find_by_id(mistake).one(sql).await?;
    let own = gifts(own.and_then(|row| row.asked).as_deref())?;
    let mut held: HashMap<UnitId, Option<Vec<ExternalId>>> = HashMap::new();
    for gift in own {
        let known = held.entry(gift.unit).or_default();
        *known = known.take().or_else(|| gift.begins.then(Vec::new));
    }
    if held.is_empty() {
        return Ok(HashMap::new());
    }
    let others = load_others(sql, mistake, day_of).await?;
    let all_tell = others.iter().all(|row| row.asked.is_some());
    for row in &others {
        for gift in gifts(row.asked.as_deref())? {
            held.entry(gift.unit).and_modify(|held| *held = Some(gift.external_ids));
        }
    }
    let known = |(unit, held): (UnitId, Option<Vec<ExternalId>>)| Some((unit, held.or_else(|| all_tell.then(Vec::new))?));
    Ok(held.into_iter().filter_map(known).collect())
}

/// What each unit to which a planned batch gives external identifiers holds at the end of a day, once those up to it have taken effect.
///
/// # Errors
/// A fault of the database.
pub async fn external_ids_planned(sql: &impl ConnectionTrait, on: Day) -> Result<HashMap<UnitId, Vec<ExternalId>>, Fault> {
    let query = Entity::find().select_only().column(Column::Asked).filter(Column::Status.eq(Status::Planned.code()));
    let query = query.filter(Column::EffectiveOn.lte(on)).filter(Column::Asked.contains(asked::EXTERNAL_IDS));
    let batches: Vec<String> = query.order_by_asc(Column::EffectiveOn).order_by_asc(Column::Ordinal).into_tuple().all(sql).await?;
    let mut held = HashMap::new();
    for asked in batches {
        held.extend(gifts(Some(&asked))?.into_iter().map(|gift| (gift.unit, gift.external_ids)));
    }
    Ok(held)
}

/// What a batch gave to one unit.
struct Gift {
    unit: UnitId,
    external_ids: Vec<ExternalId>,
    /// Whether the unit began by it.
    begins: bool,
}

fn gifts(asked: Option<&str>) -> Result<Vec<Gift>, Fault> {
    let changes = asked.map_or(Ok(Vec::new()), asked::from_json)?;
    let gift = |change| match change {
        Change::Establish(Establish { id, external_ids, .. }) if !external_ids.is_empty() => {
            Some(Gift { unit: id, external_ids, begins: true })
        }
        Change::Revise(Revise { unit: UnitRef::Id(unit), external_ids: Some(external_ids), .. }) => {
            Some(Gift { unit, external_ids, begins: false })
        }
        _ => None,
    };
    Ok(changes.into_iter().filter_map(gift).collect())
}

/// The other batches that give units external identifiers and have not been taken back, in the order in which they took effect.
async fn load_others(
    sql: &impl ConnectionTrait,
    mistake: ReorganizationId,
    day_of: impl Fn(DateTime<Utc>) -> Day,
) -> Result<Vec<Model>, Fault> {
    let done = Column::Status.is_in([Status::Enacted.code(), Status::Annulled.code()]);
    let told =
        Condition::any().add(Column::AnnulsId.is_not_null()).add(Column::Asked.is_null()).add(Column::Asked.contains(asked::EXTERNAL_IDS));
    let mut rows =
        leaving_out(Entity::find(), &[Column::Consequences]).filter(done).filter(told).filter(Column::Id.ne(mistake.0)).all(sql).await?;
    let gone = taken_back(&rows);
    rows.retain(|row| row.annuls_id.is_none() && !gone.contains(&row.id.into()));
    // A correction acts when it is recorded, a plan on its day.
    rows.sort_by_key(|row| (day_of(row.recorded_at).max(row.effective_on), row.ordinal));
    Ok(rows)
}

/// What annulments take back.
fn taken_back(rows: &[Model]) -> HashSet<ReorganizationId> {
    rows.iter().filter_map(|row| row.annuls_id.map(ReorganizationId)).collect()
}
