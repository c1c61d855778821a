//! What is true of units over ranges of days, as a course of batches leaves it: revisions with both clocks (T4).
//!
//! Nothing is overwritten. What is known better from a day on is corrected, and what holds instead is added beside it, so that the tree as
//! it was known earlier still has an answer.

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::reorganization::Stage;
use chidao_domain::text;
use chidao_domain::unit::OrgUnit;
use chidao_entity::org_unit_revision::{self, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, Condition, EntityTrait, IntoActiveModel as _, QueryFilter as _};
use uuid::Uuid;

use super::Removed;
use crate::store::error::Fault;
use crate::store::journal::{ROWS_PER_INSERT, insert_all};
use crate::store::tx::Tx;

/// What one unit becomes on a day, by which batch; `None`: it ends.
#[derive(Clone, Copy)]
struct Turn<'a> {
    unit: UnitId,
    day: Day,
    by: ReorganizationId,
    before: Option<&'a OrgUnit>,
    after: Option<&'a OrgUnit>,
}

/// A unit whose revisions are written anew from a day on, and its turns by their days.
struct Renewed<'t, 'a> {
    unit: UnitId,
    since: Day,
    turns: &'t [Turn<'a>],
}

/// Makes the revisions of every unit that the stages touch what they leave, from the day of its first turn on; what `removed` did, which is
/// no longer among them, is gone from its day on. A batch may touch the country: some units at a time are read, compared and written.
///
/// # Errors
/// A fault of the database.
pub(super) async fn rewrite(tx: &Tx, stages: &[Stage], removed: Option<&Removed>) -> Result<(), Fault> {
    let turns = turns_of(stages);
    let renewed = renewed(&turns, removed);
    let Some(first) = renewed.iter().map(|renewed| renewed.since).min() else { return Ok(()) };
    for some in renewed.chunks(ROWS_PER_INSERT) {
        let mut known = load_from(tx, some, first).await?;
        let (mut corrected, mut added) = (Vec::new(), Vec::new());
        for renewed in some {
            let (old, new) = replace(tx, known.remove(&renewed.unit).unwrap_or_default(), renewed);
            corrected.extend(old);
            added.extend(new);
        }
        for some in corrected.chunks(ROWS_PER_INSERT) {
            org_unit_revision::Entity::update_many()
                .col_expr(org_unit_revision::Column::CorrectedAt, Expr::value(tx.now()))
                .filter(org_unit_revision::Column::Id.is_in(some.iter().copied()))
                .exec(tx.sql())
                .await?;
        }
        insert_all(tx.sql(), added.into_iter().map(|row| row.into_active_model().reset_all())).await?;
    }
    Ok(())
}

/// The turns by unit and day: of several on one day the last counts, with what the ones before it have left.
fn turns_of(stages: &[Stage]) -> Vec<Turn<'_>> {
    let mut turns: Vec<Turn<'_>> = Vec::new();
    for Stage { id, plan } in stages {
        let touched = plan.touched.iter().filter(|touched| touched.before != touched.after);
        turns.extend(touched.map(|touched| Turn {
            unit: touched.unit,
            day: plan.day,
            by: *id,
            before: touched.before.as_deref(),
            after: touched.after.as_deref(),
        }));
    }
    turns.sort_by_key(|turn| (turn.unit, turn.day));
    turns.dedup_by(|later, turn| {
        let same_day = (later.unit, later.day) == (turn.unit, turn.day);
        if same_day {
            *turn = *later;
        }
        same_day
    });
    turns
}

/// The units of the turns and of what was removed, in an order that depends on nothing but them.
fn renewed<'t, 'a>(turns: &'t [Turn<'a>], removed: Option<&Removed>) -> Vec<Renewed<'t, 'a>> {
    let of_turns = turns.chunk_by(|one, other| one.unit == other.unit).filter_map(|turns| {
        let first = turns.first()?;
        Some(Renewed { unit: first.unit, since: first.day, turns })
    });
    let of_removed =
        removed.into_iter().flat_map(|removed| removed.units.iter().map(|unit| Renewed { unit: *unit, since: removed.day, turns: &[] }));
    let mut renewed: Vec<Renewed<'t, 'a>> = of_turns.chain(of_removed).collect();
    renewed.sort_by_key(|renewed| renewed.unit);
    renewed.dedup_by(|later, renewed| {
        let same = later.unit == renewed.unit;
        if same {
            renewed.since = renewed.since.min(later.since);
        }
        same
    });
    renewed
}

/// What is known now of the units from a day on, in the order of the days.
async fn load_from(tx: &Tx, units: &[Renewed<'_, '_>], from: Day) -> Result<HashMap<UnitId, Vec<Model>>, Fault> {
    let lasts = Condition::any().add(org_unit_revision::Column::ValidTo.is_null()).add(org_unit_revision::Column::ValidTo.gte(from));
    let query = org_unit_revision::Entity::find()
        .filter(org_unit_revision::Column::CorrectedAt.is_null())
        .filter(org_unit_revision::Column::UnitId.is_in(units.iter().map(|renewed| Uuid::from(renewed.unit))))
        .filter(lasts);
    let mut found: HashMap<UnitId, Vec<Model>> = HashMap::new();
    for row in query.all(tx.sql()).await? {
        found.entry(UnitId(row.unit_id)).or_default().push(row);
    }
    found.values_mut().for_each(|rows| rows.sort_by_key(|row| (row.valid_from, row.valid_to.is_none(), row.valid_to)));
    Ok(found)
}

/// Which of a unit's known revisions are corrected, and what is added: before the day since when everything stays.
fn replace(tx: &Tx, known: Vec<Model>, Renewed { since, turns, .. }: &Renewed<'_, '_>) -> (Vec<Uuid>, Vec<Model>) {
    let mut wanted = Vec::new();
    let spanning = known.iter().rfind(|row| row.valid_from < *since && row.valid_to.is_none_or(|to| to >= *since));
    let mut open = spanning.map(|row| Model { valid_to: None, ended_by_id: None, ..row.clone() });
    for &Turn { day, by, before, after, .. } in *turns {
        let last = open.take();
        match (after, before) {
            (Some(unit), _) => {
                wanted.extend(last.map(|row| Model { valid_to: Some(day), ..row }));
                open = Some(revision(tx, unit, day, by));
            }
            (None, before) => wanted.extend(closing(tx, last, before, day, by)),
        }
    }
    wanted.extend(open);
    let replaced: Vec<&Model> = known.iter().filter(|row| row.valid_to.is_none_or(|to| to >= *since)).collect();
    let is_kept = |row: &Model| wanted.iter().any(|new| says_the_same(row, new));
    let corrected = replaced.iter().filter(|row| !is_kept(row)).map(|row| row.id).collect();
    let added = wanted.iter().filter(|new| !replaced.iter().any(|row| says_the_same(row, new)));
    let added = added.map(|new| Model { id: tx.new_id(), recorded_at: tx.now(), corrected_at: None, ..new.clone() }).collect();
    (corrected, added)
}

/// The revision of a unit that ends, closed. What an earlier batch of the same day made of it is remembered by a revision of no day.
fn closing(tx: &Tx, last: Option<Model>, before: Option<&OrgUnit>, day: Day, by: ReorganizationId) -> Vec<Model> {
    let closed = |row: Model, ended_by_id| Model { valid_to: Some(day), ended_by_id, ..row };
    match (last, before) {
        (Some(row), Some(unit)) if !tells_of(&row, unit) => {
            vec![closed(row, None), closed(revision(tx, unit, day, by), Some(by.into()))]
        }
        (Some(row), _) => vec![closed(row, Some(by.into()))],
        (None, Some(unit)) => vec![closed(revision(tx, unit, day, by), Some(by.into()))],
        (None, None) => Vec::new(),
    }
}

/// Whether a revision says what the unit is.
fn tells_of(row: &Model, unit: &OrgUnit) -> bool {
    row.name == *unit.name
        && row.short_name.as_deref() == unit.short_name.as_deref()
        && row.kind_code == *unit.kind
        && row.parent_id == unit.parent.map(Uuid::from)
        && row.member_count.and_then(|count| u32::try_from(count).ok()) == unit.member_count
}

/// Whether two revisions tell the same of the same days, by the same batches.
fn says_the_same(one: &Model, other: &Model) -> bool {
    let Model { id, recorded_at, corrected_at, .. } = one.clone();
    *one == Model { id, recorded_at, corrected_at, ..other.clone() }
}

fn revision(tx: &Tx, unit: &OrgUnit, from: Day, by: ReorganizationId) -> Model {
    Model {
        id: Uuid::nil(),
        unit_id: unit.id.into(),
        valid_from: from,
        valid_to: None,
        recorded_at: tx.now(),
        corrected_at: None,
        name: unit.name.to_string(),
        short_name: unit.short_name.as_ref().map(ToString::to_string),
        folded_name: text::fold(&unit.name),
        folded_short_name: unit.short_name.as_ref().map(|name| text::fold(name)),
        kind_code: unit.kind.to_string(),
        parent_id: unit.parent.map(Uuid::from),
        member_count: unit.member_count.and_then(|count| i32::try_from(count).ok()),
        reorganization_id: by.into(),
        ended_by_id: None,
    }
}
