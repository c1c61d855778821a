//! Units and their revisions: the tree of a day, and what a reorganization writes (O2, O5, T4).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::ids::UnitId;
use chidao_domain::refusal::{EndingRefusal, InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::{Change, Establish, ExternalId, Named, Taken, UnitRef};
use chidao_domain::text;
use chidao_entity::{org_unit, org_unit_external_id, org_unit_revision};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    Statement,
};
use uuid::Uuid;

use crate::store::database::Engine;
use crate::store::error::{Fault, Stop};
use crate::store::journal::{Many, ROWS_PER_INSERT, next_rows};
use crate::store::reorganizations::external_ids_planned;

/// What of the names in a batch is taken: codes by units of all times (O2), external ids by who holds them at the end of a day (O9).
///
/// # Errors
/// A fault of the database.
pub async fn load_taken(sql: &impl ConnectionTrait, named: &Named, on: Day) -> Result<Taken, Fault> {
    let mut taken = Taken::default();
    let mut folded: Many<'_, String> = Box::new(named.codes.iter().map(|code| text::fold(code)));
    while let Some(some) = next_rows(&mut folded) {
        let query = org_unit::Entity::find().select_only().columns([org_unit::Column::FoldedCode, org_unit::Column::Code]);
        let query = query.filter(Expr::exists(life()));
        let rows: Vec<(String, String)> = query.filter(org_unit::Column::FoldedCode.is_in(some)).into_tuple().all(sql).await?;
        taken.codes.extend(rows.into_iter().map(|(folded, code)| (Arc::from(folded), Arc::from(code))));
    }
    let wanted: Vec<ExternalId> = named.external_ids.iter().cloned().collect();
    let holders: Vec<UnitId> = named.holders.iter().copied().collect();
    if wanted.is_empty() && holders.is_empty() {
        return Ok(taken);
    }
    taken.external_ids = by_external_ids(sql, &wanted).await?;
    let today = load_external_ids(sql, &holders).await?;
    taken.external_ids.extend(today.into_iter().flat_map(|(unit, ids)| ids.into_iter().map(move |id| (id, unit))));
    let planned = external_ids_planned(sql, on).await?;
    taken.external_ids.retain(|_, holder| !planned.contains_key(holder));
    for (unit, ids) in planned {
        let ids = ids.into_iter().filter(|id| named.holders.contains(&unit) || named.external_ids.contains(id));
        taken.external_ids.extend(ids.map(|id| (id, unit)));
    }
    Ok(taken)
}

/// The first day of each of the units that bear those codes and have lived, or will.
///
/// # Errors
/// A fault of the database.
pub async fn load_beginnings(sql: &impl ConnectionTrait, codes: Vec<Arc<str>>) -> Result<HashMap<Arc<str>, Day>, Fault> {
    use org_unit_revision::Column as Revision;

    let mut first: HashMap<Arc<str>, Day> = HashMap::new();
    for some in codes.chunks(ROWS_PER_INSERT) {
        let query = org_unit::Entity::find().select_only().columns([org_unit::Column::Id, org_unit::Column::Code]);
        let rows: Vec<(Uuid, String)> =
            query.filter(org_unit::Column::Code.is_in(some.iter().map(|code| &**code))).into_tuple().all(sql).await?;
        let codes: HashMap<Uuid, Arc<str>> = rows.into_iter().map(|(id, code)| (id, code.into())).collect();
        let query = org_unit_revision::Entity::find().select_only().columns([Revision::UnitId, Revision::ValidFrom]);
        let query = query.filter(Revision::CorrectedAt.is_null()).filter(Revision::UnitId.is_in(codes.keys().copied()));
        let days: Vec<(Uuid, Day)> = query.into_tuple().all(sql).await?;
        for (code, day) in days.into_iter().filter_map(|(unit, day)| Some((codes.get(&unit)?, day))) {
            first.entry(code.clone()).and_modify(|first| *first = day.min(*first)).or_insert(day);
        }
    }
    Ok(first)
}

/// A unit that was planned once and never lived is taken up under the id that it has: its code is free again.
///
/// # Errors
/// A fault of the database.
pub async fn take_up_unlived(sql: &impl ConnectionTrait, changes: &mut [Change]) -> Result<(), Fault> {
    let mut folded: Many<'_, String> = Box::new(changes.iter().filter_map(established).map(|change| text::fold(&change.code)));
    let mut unlived: HashMap<String, UnitId> = HashMap::new();
    while let Some(some) = next_rows(&mut folded) {
        let query = org_unit::Entity::find().select_only().columns([org_unit::Column::Id, org_unit::Column::FoldedCode]);
        let query = query.filter(Condition::all().not().add(Expr::exists(life())));
        let rows: Vec<(Uuid, String)> = query.filter(org_unit::Column::FoldedCode.is_in(some)).into_tuple().all(sql).await?;
        unlived.extend(rows.into_iter().map(|(id, folded)| (folded, UnitId(id))));
    }
    drop(folded);
    for change in changes.iter_mut().filter(|_| !unlived.is_empty()) {
        let Change::Establish(change) = change else { continue };
        if let Some(id) = unlived.get(&text::fold(&change.code)) {
            change.id = *id;
        }
    }
    Ok(())
}

fn established(change: &Change) -> Option<&Establish> {
    match change {
        Change::Establish(change) => Some(change),
        _ => None,
    }
}

/// What is known now of a unit that was active on a day, or that lived for none: asked unit by unit, since a batch may name very many.
fn life() -> sea_orm::sea_query::SelectStatement {
    use sea_orm::sea_query::ExprTrait as _;

    let query = org_unit_revision::Entity::find().select_only().column(org_unit_revision::Column::Id);
    let of_unit =
        Expr::col((org_unit_revision::Entity, org_unit_revision::Column::UnitId)).equals((org_unit::Entity, org_unit::Column::Id));
    query.filter(org_unit_revision::Column::CorrectedAt.is_null()).filter(of_unit).into_query()
}

/// The units behind external identifiers (O9).
///
/// # Errors
/// A fault of the database.
pub async fn by_external_ids(sql: &impl ConnectionTrait, wanted: &[ExternalId]) -> Result<HashMap<ExternalId, UnitId>, Fault> {
    let mut found = HashMap::new();
    for some in wanted.chunks(ROWS_PER_INSERT) {
        // By schemes too, so that the key of the table is used.
        let schemes: HashSet<&str> = some.iter().map(|id| &*id.scheme).collect();
        let query = org_unit_external_id::Entity::find().filter(org_unit_external_id::Column::Scheme.is_in(schemes));
        let rows = query.filter(org_unit_external_id::Column::Value.is_in(some.iter().map(|id| &*id.value))).all(sql).await?;
        found.extend(rows.into_iter().map(|row| {
            let unit = UnitId(row.unit_id);
            (external_id(row), unit)
        }));
    }
    let wanted: HashSet<&ExternalId> = wanted.iter().collect();
    found.retain(|id, _| wanted.contains(id));
    Ok(found)
}

fn external_id(row: org_unit_external_id::Model) -> ExternalId {
    ExternalId { scheme: row.scheme.into(), value: row.value.into() }
}

/// The unit of a day's tree that a client points at.
///
/// # Errors
/// `NOT_FOUND` where the tree has none of that id, code or external identifier; a fault of the database.
pub async fn resolve(sql: &impl ConnectionTrait, forest: &Forest, unit: &UnitRef) -> Result<UnitId, Stop> {
    Ok(Lookup::load(sql, [unit]).await?.find(forest, unit)?)
}

/// The unit of a day's tree that a client points at to read of it, be it active or ended.
///
/// # Errors
/// `NOT_FOUND` where the tree knows none of that id, code or external identifier; a fault of the database.
pub async fn resolve_known(sql: &impl ConnectionTrait, forest: &Forest, unit: &UnitRef) -> Result<UnitId, Stop> {
    Ok(Lookup::load(sql, [unit]).await?.find_known(forest, unit)?)
}

/// What references point at: external identifiers are looked up once for all of them.
#[derive(Clone, Debug, Default)]
pub struct Lookup(HashMap<ExternalId, UnitId>);

impl Lookup {
    /// External identifiers that have been looked up.
    pub fn of(known: HashMap<ExternalId, UnitId>) -> Self {
        Self(known)
    }

    /// Looks up what `refs` need.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn load(sql: &impl ConnectionTrait, refs: impl IntoIterator<Item = &UnitRef>) -> Result<Self, Fault> {
        let external = |unit: &UnitRef| match unit {
            UnitRef::External(id) => Some(id.clone()),
            UnitRef::Id(_) | UnitRef::Code(_) => None,
        };
        let wanted: Vec<ExternalId> = refs.into_iter().filter_map(external).collect();
        Ok(Self(by_external_ids(sql, &wanted).await?))
    }

    /// The active unit that a reference points at.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none; for one that has ended, since when.
    pub fn find(&self, forest: &Forest, unit: &UnitRef) -> Result<UnitId, Refusal> {
        let found = self.find_known(forest, unit)?;
        match forest.ended(found) {
            None => Ok(found),
            Some(ended) => Err(EndingRefusal::HasEnded { unit: unit.to_string(), on: ended.ended_on }.into()),
        }
    }

    /// The unit that a reference points at, be it active or ended: what has ended stays readable (O6).
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none.
    pub fn find_known(&self, forest: &Forest, unit: &UnitRef) -> Result<UnitId, Refusal> {
        let by_code = |code: &str| forest.by_code(code).or_else(|| forest.ended_by_code(code).map(|ended| &ended.unit));
        let found = match unit {
            UnitRef::Id(id) => Some(*id),
            UnitRef::Code(code) => by_code(code.trim()).map(|unit| unit.id),
            UnitRef::External(id) => self.0.get(id).copied(),
        };
        let missing = || InputRefusal::NotFound { wanted: Noun::OrgUnit, given: unit.to_string() }.into();
        found.filter(|id| forest.place(*id).is_some() || forest.ended(*id).is_some()).ok_or_else(missing)
    }
}

/// The external identifiers of each of `units` at the end of a day to come, sorted; days that have passed show today's (O9).
///
/// # Errors
/// A fault of the database.
pub async fn load_external_ids_on(
    sql: &impl ConnectionTrait,
    units: &[UnitId],
    on: Day,
) -> Result<HashMap<UnitId, Vec<ExternalId>>, Fault> {
    let mut held = load_external_ids(sql, units).await?;
    let asked: HashSet<&UnitId> = units.iter().collect();
    held.extend(external_ids_planned(sql, on).await?.into_iter().filter(|(unit, _)| asked.contains(unit)));
    Ok(held)
}

/// The external identifiers of each of `units` today, sorted.
///
/// # Errors
/// A fault of the database.
pub async fn load_external_ids(sql: &impl ConnectionTrait, units: &[UnitId]) -> Result<HashMap<UnitId, Vec<ExternalId>>, Fault> {
    let mut found: HashMap<UnitId, Vec<ExternalId>> = HashMap::new();
    for some in units.chunks(ROWS_PER_INSERT) {
        let ids = some.iter().map(|unit| Uuid::from(*unit));
        for row in org_unit_external_id::Entity::find().filter(org_unit_external_id::Column::UnitId.is_in(ids)).all(sql).await? {
            found.entry(UnitId(row.unit_id)).or_default().push(external_id(row));
        }
    }
    found.values_mut().for_each(|ids| ids.sort());
    Ok(found)
}

/// What people call units, also such as no tree knows any more: the code of each, and the name that it began with.
///
/// # Errors
/// A fault of the database.
pub async fn load_callings(sql: &impl ConnectionTrait, units: &[UnitId]) -> Result<HashMap<UnitId, String>, Fault> {
    let ids: Vec<Uuid> = units.iter().map(|unit| Uuid::from(*unit)).collect();
    let codes = org_unit::Entity::find().filter(org_unit::Column::Id.is_in(ids)).all(sql).await?;
    let mut names = load_revisions(sql, units).await?;
    let calling = |row: org_unit::Model| {
        let first = names.remove(&UnitId(row.id)).and_then(|revisions| revisions.into_iter().next());
        (UnitId(row.id), first.map_or_else(|| row.code.clone(), |first| format!("{} ({})", row.code, first.name)))
    };
    Ok(codes.into_iter().map(calling).collect())
}

/// What is true of a unit over a range of days, as it was known over a range of instants (O2, T4).
pub type Revision = org_unit_revision::Model;

/// Every revision of each of `units`, by the day from which it holds and then by when it became known.
///
/// # Errors
/// A fault of the database.
pub async fn load_revisions(sql: &impl ConnectionTrait, units: &[UnitId]) -> Result<HashMap<UnitId, Vec<Revision>>, Fault> {
    let ids = units.iter().map(|unit| Uuid::from(*unit));
    let mut rows = org_unit_revision::Entity::find().filter(org_unit_revision::Column::UnitId.is_in(ids)).all(sql).await?;
    rows.sort_by_key(|row| (row.valid_from, row.recorded_at));
    let mut found: HashMap<UnitId, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry(UnitId(row.unit_id)).or_default().push(row);
    }
    Ok(found)
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

/// The units whose code or whose name of any time holds every word of `search` (O7), the better the smaller the number: 0 the whole name,
/// short name or code; 1 its beginning; 2 a part of it; 3 all of the words.
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
    let escaped: String =
        word.chars().flat_map(|letter| matches!(letter, '%' | '_' | '\\').then_some('\\').into_iter().chain([letter])).collect();
    format!("%{escaped}%")
}
