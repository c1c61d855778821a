//! What obligations are judged by when the tree changes, loaded whole, and what happens to them then (section 6, B4, B6). Statements grow
//! with thousands of obligations, never with each.

mod annulment;
mod bonds;
mod held;
mod save;

pub use annulment::{load_closed, load_line, save_parted, save_returned};
pub use bonds::load_bonds;
pub use save::{Carried, Closing, save_bound_again, save_closed, save_kept, save_linked, save_no_longer_kept, save_revived};

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::succession::{self, Bond, Cause, Held, Shift};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::database::Engine;
use crate::store::error::Fault;
use held::Which;

/// Ids in one parameter; more go into the next statement.
const IDS_PER_STATEMENT: usize = 10_000;

/// What [`succession::plan_succession`] goes by, besides the change itself.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// The requirements of directives in force.
    pub bonds: Vec<Bond>,
    /// The obligations that the change may concern.
    pub rows: Vec<HeldRow>,
    /// The direct predecessors of units, by every batch that took effect and was not annulled.
    pub predecessors: HashMap<UnitId, Vec<UnitId>>,
}

/// An obligation as it is held, and the place of its requirement among the bonds.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// It.
    pub id: ObligationId,
    /// Which of the bonds.
    pub bond: usize,
    /// The unit that it binds.
    pub unit: UnitId,
    /// The period, or empty.
    pub period: String,
    /// Where it stands.
    pub state: State,
    /// The last day on which a report is on time.
    pub due_on: Option<Day>,
    /// The day on which its latest report came.
    pub reported_on: Option<Day>,
    /// Whether it lasts outside the issuer's subtree (S4).
    pub kept: bool,
    /// What closed it, where a succession did.
    pub cause: Option<Cause>,
    /// Whether nothing that had bound its unit stands any more, and it was released (O5).
    pub is_void: bool,
}

impl Books {
    /// The obligations, each with its requirement.
    pub fn held(&self) -> Vec<Held<'_>> {
        let held = self.rows.iter().filter_map(|row| {
            Some(Held {
                id: row.id,
                bond: self.bonds.get(row.bond)?,
                unit: row.unit,
                period: row.period.clone(),
                state: row.state,
                due_on: row.due_on,
                reported_on: row.reported_on,
                kept: row.kept,
                cause: row.cause,
                is_void: row.is_void,
            })
        });
        held.collect()
    }

    /// Who issued the directives in force.
    pub fn issuers(&self) -> Vec<UnitId> {
        let mut issuers: Vec<UnitId> = self.bonds.iter().map(|bond| bond.issuer).collect();
        issuers.sort_unstable();
        issuers.dedup();
        issuers
    }
}

/// Everything that a change of the tree may concern, and what units `besides` owe, in an order that depends on nothing but what is stored;
/// of all directives in force, or of one only.
///
/// # Errors
/// A fault of the database.
pub async fn load_books(
    sql: &impl ConnectionTrait,
    engine: Engine,
    shift: Shift<'_>,
    (besides, only): (&[UnitId], Option<DirectiveId>),
) -> Result<Books, Fault> {
    let mut books = Books { bonds: load_bonds(sql, engine, shift.day).await?, ..Books::default() };
    books.bonds.retain(|bond| only.is_none_or(|only| bond.directive == only));
    if books.bonds.is_empty() {
        return Ok(books);
    }
    let newcomers = succession::newcomers(shift, &books.bonds);
    let mut units: Vec<UnitId> = newcomers.iter().map(|newcomer| newcomer.unit).collect();
    units.sort_unstable();
    units.dedup();
    books.predecessors = load_predecessors(sql, engine, &units, shift).await?;
    let mut found = held::Found::new(sql, engine, &books.bonds);
    found.load(Which::OpenOf, &shift.sources()).await?;
    found.load(Which::AllOf, &shift.successors()).await?;
    found.load(Which::OpenOrLeftOf, &shift.moved()).await?;
    found.load(Which::OpenOrLeftOf, besides).await?;
    found.load(Which::OpenOrLeftOfIssuers, &shift.replaced(&books.issuers())).await?;
    let mut keys: HashSet<(RequirementId, UnitId)> = HashSet::new();
    let line = Line::of(shift, &books.predecessors);
    let mut known: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for newcomer in &newcomers {
        let requirement = books.bonds[newcomer.bond].requirement;
        let units = known.entry(newcomer.unit).or_insert_with(|| line.of_unit(newcomer.unit));
        keys.extend(units.iter().map(|unit| (requirement, *unit)));
    }
    found.load_keys(keys.into_iter().collect()).await?;
    books.rows = found.into_rows(shift.without);
    Ok(books)
}

/// A unit and all its predecessors, by the change and by earlier batches.
struct Line<'a> {
    now: HashMap<UnitId, Vec<UnitId>>,
    earlier: &'a HashMap<UnitId, Vec<UnitId>>,
}

impl<'a> Line<'a> {
    fn of(shift: Shift<'_>, earlier: &'a HashMap<UnitId, Vec<UnitId>>) -> Self {
        let mut now: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
        for (ending, heir) in shift.endings.iter().flat_map(|ending| ending.heirs.iter().map(move |heir| (ending, heir))) {
            now.entry(*heir).or_default().push(ending.unit);
        }
        Self { now, earlier }
    }

    fn of_unit(&self, unit: UnitId) -> Vec<UnitId> {
        let (mut seen, mut found, mut waiting) = (HashSet::from([unit]), vec![unit], vec![unit]);
        while let Some(at) = waiting.pop() {
            let direct = [self.now.get(&at), self.earlier.get(&at)].into_iter().flatten().flatten();
            for &predecessor in direct.filter(|predecessor| seen.insert(**predecessor)) {
                found.push(predecessor);
                waiting.push(predecessor);
            }
        }
        found
    }
}

#[derive(FromQueryResult)]
struct PredecessorRow {
    from_id: Uuid,
    to_id: Uuid,
}

/// Everybody from whom the units took over, directly or not, by batches that hold; and so of the predecessors by the change itself.
async fn load_predecessors(
    sql: &impl ConnectionTrait,
    engine: Engine,
    units: &[UnitId],
    shift: Shift<'_>,
) -> Result<HashMap<UnitId, Vec<UnitId>>, Fault> {
    let mut found: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    if units.is_empty() {
        return Ok(found);
    }
    let among = Among::new(engine, units.iter().copied().chain(shift.sources()));
    let text = format!(
        "WITH RECURSIVE line(from_id, to_id) AS (\
           SELECT s.from_id, s.to_id FROM succession s JOIN reorganization r ON r.id = s.reorganization_id \
           WHERE r.status = 'ENACTED' AND {} \
           UNION SELECT s.from_id, s.to_id FROM line JOIN succession s ON s.to_id = line.from_id \
           JOIN reorganization r ON r.id = s.reorganization_id WHERE r.status = 'ENACTED') \
         SELECT from_id, to_id FROM line",
        among.holds("s.to_id", 1)
    );
    let statement = Statement::from_sql_and_values(engine.backend(), text, [among.value()]);
    for row in PredecessorRow::find_by_statement(statement).all(sql).await? {
        found.entry(UnitId(row.to_id)).or_default().push(UnitId(row.from_id));
    }
    Ok(found)
}
