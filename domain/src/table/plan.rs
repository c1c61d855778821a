//! From a table to the batch that makes the tree equal to it (O11).
//!
//! Units are put in their places from the top of the new tree down. When a unit moves, all above its new parent stands as it will in the
//! end, so that no move leads below itself on the way, in whatever order the rows come.

mod changes;
mod kinds;
mod shape;

use std::collections::HashMap;
use std::sync::Arc;

use super::{BadCell, Column, Faults, Row, Table};
use crate::day::Day;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::{KindRegister, UnitKind};
use crate::refusal::{EndingRefusal, KindName, Refusal, Step, TableRefusal, TreeRefusal};
use crate::reorganization::{Change, ExternalId, Named, Taken, misplacement};
use crate::text;
use crate::unit::OrgUnit;
use kinds::KindFinder;
use shape::Shape;

/// What becomes of active units that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They stay as they are.
    Stay,
    /// They are dissolved without an heir, children first.
    Dissolve,
}

/// What becomes of units that have ended and that the table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// They have ended: their rows are refused.
    Refused,
    /// They are reopened, parents first.
    Reopened,
}

/// What a table is held against.
#[derive(Clone, Copy, Debug)]
pub struct TableGround<'a> {
    /// The day of the batch.
    pub day: Day,
    /// The tree of that day, as it is without the batch.
    pub forest: &'a Forest,
    /// The kinds and where they may be placed.
    pub kinds: &'a KindRegister,
    /// What of [`Table::names`] is taken.
    pub taken: &'a Taken,
    /// The first day of units that begin after this one, by their codes.
    pub later: &'a HashMap<Arc<str>, Day>,
    /// What becomes of units that the table does not have.
    pub missing: Missing,
    /// What becomes of units that have ended.
    pub gone: Gone,
}

/// The changes that a table asks for, and from which rows they come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TablePlan {
    /// In the order in which they act; none: the tree is equal to the table.
    pub changes: Vec<Change>,
    /// For each change the row that asks for it; none: a unit that the table does not have.
    pub rows: Vec<Option<u32>>,
}

impl TablePlan {
    /// A refusal of the batch (`changes.3.establish.parent`) as one of a row.
    pub fn locate(&self, refusal: &Refusal) -> BadCell {
        let (index, field) = match refusal.path() {
            [Step::Field("changes"), Step::Index(index), Step::Field(_), rest @ ..] => (Some(*index), rest.first()),
            _ => (None, None),
        };
        let change = index.and_then(|index| self.changes.get(index));
        let column = match field {
            Some(Step::Field(field)) => column_of(field),
            _ => None,
        };
        let value = change.zip(column).map(|(change, column)| value_of(change, column)).unwrap_or_default();
        let row = index.and_then(|index| self.rows.get(index).copied().flatten());
        BadCell { row, column: column.filter(|_| row.is_some()), value, why: refusal.clone() }
    }
}

fn column_of(field: &str) -> Option<Column> {
    Some(match field {
        "code" | "unit" => Column::Code,
        "kind" => Column::Kind,
        "name" => Column::Name,
        "shortName" => Column::ShortName,
        "parent" => Column::Parent,
        "memberCount" => Column::MemberCount,
        "externalIds" => Column::ExternalIds,
        _ => return None,
    })
}

fn value_of(change: &Change, column: Column) -> String {
    let parent = |parent: Option<&crate::reorganization::UnitRef>| parent.map(ToString::to_string).unwrap_or_default();
    match (change, column) {
        (Change::Establish(change), Column::Code) => change.code.clone(),
        (Change::Establish(change), Column::Kind) => change.kind.clone(),
        (Change::Establish(change), Column::Parent) => parent(change.parent.as_ref()),
        (Change::ChangeKind(change), Column::Kind) => change.kind.clone(),
        (Change::ChangeKind(change), Column::Parent) => parent(change.parent.as_ref()),
        (Change::Move(change), Column::Parent) => parent(change.parent.as_ref()),
        (Change::Reopen(change), Column::Parent) => parent(change.parent.as_ref()),
        _ => change.refs().first().map(ToString::to_string).unwrap_or_default(),
    }
}

impl Table {
    /// What the table names: the caller looks it up for [`TableGround::taken`].
    pub fn names(&self, forest: &Forest) -> Named {
        let mut named = Named::default();
        for row in &self.rows {
            let Some(code) = &row.code else { continue };
            let active = forest.by_code(code);
            let known = active.or_else(|| forest.ended_by_code(code).map(|ended| &ended.unit));
            if row.external_ids.is_some() {
                named.holders.extend(known.map(|unit| unit.id));
            }
            if active.is_none() {
                named.codes.insert(code.clone());
            }
            named.external_ids.extend(row.external_ids.iter().flatten().cloned());
        }
        named
    }
}

/// Plans the batch after which the tree of the day is equal to the table (O11); `new_id` gives the ids of new units.
///
/// # Errors
/// The cells that stand in the way, those that could not be read among them.
pub fn plan_table(ground: TableGround<'_>, table: &Table, new_id: impl FnMut() -> UnitId) -> Result<TablePlan, Faults> {
    let mut judged = Judged::of(ground, table);
    judged.judge_rows();
    let of_rows = std::mem::take(&mut judged.bad);
    let shape = Shape::of(&judged);
    judged.judge_placements();
    let bad = table.bad.clone().and(of_rows).and(shape.circles(&judged)).and(std::mem::take(&mut judged.bad));
    if bad.is_empty() { Ok(changes::plan(&judged, &shape, new_id)) } else { Err(bad) }
}

/// A table beside the tree that it is held against.
struct Judged<'a> {
    ground: TableGround<'a>,
    rows: &'a [Row],
    /// The unit of the tree that each row is about; none: a new one.
    units: Vec<Option<&'a OrgUnit>>,
    /// The unit that has ended and that each row brings back.
    back: Vec<Option<&'a OrgUnit>>,
    kinds: Vec<Option<&'a UnitKind>>,
    by_code: HashMap<&'a str, usize>,
    /// The external ids that units of the tree have, sorted.
    held: HashMap<UnitId, Vec<ExternalId>>,
    bad: Faults,
}

/// Where a unit stands in the new tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above<'a> {
    /// Under the unit of a row.
    Row(usize),
    /// Under a unit of the tree that the table does not have.
    Unit(&'a OrgUnit),
    /// It is a root.
    Nothing,
    /// The table does not say, or wrongly.
    Unknown,
}

impl<'a> Judged<'a> {
    fn of(ground: TableGround<'a>, table: &'a Table) -> Self {
        let rows = &table.rows[..];
        let units: Vec<_> = rows.iter().map(|row| row.code.as_deref().and_then(|code| ground.forest.by_code(code))).collect();
        let gone = |row: &'a Row| match (ground.gone, row.code.as_deref()) {
            (Gone::Reopened, Some(code)) => ground.forest.ended_by_code(code).map(|ended| &ended.unit),
            _ => None,
        };
        let back = rows.iter().zip(&units).map(|(row, active)| if active.is_some() { None } else { gone(row) }).collect();
        let finder = KindFinder::of(ground.kinds);
        let kinds = rows.iter().map(|row| row.kind.as_deref().and_then(|kind| finder.find(kind))).collect();
        let mut by_code = HashMap::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            if let Some(code) = row.code.as_deref() {
                by_code.entry(code).or_insert(at);
            }
        }
        let mut held: HashMap<UnitId, Vec<ExternalId>> = HashMap::new();
        for (id, unit) in &ground.taken.external_ids {
            held.entry(*unit).or_default().push(id.clone());
        }
        held.values_mut().for_each(|ids| ids.sort());
        Self { ground, rows, units, back, kinds, by_code, held, bad: Faults::default() }
    }

    fn refuse(&mut self, row: usize, column: Column, value: impl Into<String>, why: impl Into<Refusal>) {
        self.bad.add(BadCell { row: Some(self.rows[row].number), column: Some(column), value: value.into(), why: why.into() });
    }

    fn judge_rows(&mut self) {
        let mut folded: HashMap<String, u32> = HashMap::with_capacity(self.rows.len());
        let mut external_ids: HashMap<&ExternalId, u32> = HashMap::new();
        let rows = self.rows;
        let mut first_unknown = None;
        for (at, row) in rows.iter().enumerate() {
            if let Some(code) = &row.code {
                let plain = text::fold(code);
                if let Some(earlier) = folded.get(&plain) {
                    self.refuse(at, Column::Code, &**code, TableRefusal::CodeTwice { earlier: *earlier });
                } else {
                    self.judge_code(at, code, &plain);
                    folded.insert(plain, row.number);
                }
            }
            if let (Some(kind), None) = (&row.kind, self.kinds[at]) {
                self.refuse_kind(at, kind, first_unknown);
                first_unknown = first_unknown.or(Some(row.number));
            }
            if let Some(Some(parent)) = &row.parent {
                self.judge_parent(at, parent);
            }
            for id in row.external_ids.iter().flatten() {
                let shown = || format!("{}:{}", id.scheme, id.value);
                if let Some(earlier) = external_ids.insert(id, row.number) {
                    self.refuse(at, Column::ExternalIds, shown(), TableRefusal::ExternalIdTwice { earlier });
                } else if self.is_kept_elsewhere(at, id) {
                    let (scheme, value) = (id.scheme.to_string(), id.value.to_string());
                    self.refuse(at, Column::ExternalIds, shown(), TreeRefusal::ExternalIdTaken { scheme, value });
                }
            }
            if let Some(day) = row.effective_on.filter(|day| *day != self.ground.day) {
                self.refuse(at, Column::EffectiveOn, day.to_string(), TableRefusal::OtherDay { on: self.ground.day });
            }
        }
    }

    /// The kinds that there are may be many: the first row that needs them lists them.
    fn refuse_kind(&mut self, row: usize, kind: &str, first: Option<u32>) {
        let why = match first {
            Some(row) => TableRefusal::UnknownKindToo { row },
            None => TableRefusal::UnknownKind { known: self.ground.kinds.all().iter().map(KindName::from).collect() },
        };
        self.refuse(row, Column::Kind, kind, why);
    }

    /// The unit that a row is about, active or brought back by it.
    fn own(&self, row: usize) -> Option<&'a OrgUnit> {
        self.units[row].or(self.back[row])
    }

    /// A code that no unit of the day has is a new unit's, and so was never used (O2).
    fn judge_code(&mut self, row: usize, code: &Arc<str>, folded: &str) {
        if self.own(row).is_some() {
            return;
        }
        if let Some(ended) = self.ground.forest.ended_by_code(code) {
            self.refuse(row, Column::Code, &**code, TableRefusal::CodeOfEnded { on: ended.ended_on });
        } else if let Some(since) = self.ground.later.get(code) {
            self.refuse(row, Column::Code, &**code, TableRefusal::CodeOfLater { since: *since });
        } else if let Some(holder) = self.ground.taken.codes.get(folded) {
            let (code, holder) = (code.to_string(), holder.to_string());
            self.refuse(row, Column::Code, code.clone(), TreeRefusal::CodeTaken { code, holder });
        }
    }

    fn judge_parent(&mut self, row: usize, parent: &Arc<str>) {
        let (day, forest) = (self.ground.day, self.ground.forest);
        if self.by_code.contains_key(&**parent) {
            return;
        }
        let why: Refusal = match (forest.by_code(parent), self.ground.missing) {
            (Some(_), Missing::Stay) => return,
            (Some(_), Missing::Dissolve) => TableRefusal::ParentLeftOut.into(),
            (None, _) => match forest.ended_by_code(parent) {
                Some(ended) => EndingRefusal::HasEnded { unit: parent.to_string(), on: ended.ended_on }.into(),
                None => TableRefusal::UnknownParent { on: day }.into(),
            },
        };
        self.refuse(row, Column::Parent, &**parent, why);
    }

    /// Whether another unit has the external id, and the table does not take it from that one.
    fn is_kept_elsewhere(&self, row: usize, id: &ExternalId) -> bool {
        let Some(holder) = self.ground.taken.external_ids.get(id) else { return false };
        if self.own(row).is_some_and(|unit| unit.id == *holder) {
            return false;
        }
        let forest = self.ground.forest;
        let known = forest.unit(*holder).or_else(|| forest.ended(*holder).map(|ended| &ended.unit));
        // A row that is refused because of its own unit is not refused once more for what that unit holds.
        let is_its_own = self.rows[row].code.as_ref().is_some_and(|code| match known {
            Some(unit) => unit.code == *code,
            None => self.ground.later.contains_key(code),
        });
        if is_its_own {
            return false;
        }
        let its_row = known.and_then(|unit| self.by_code.get(&*unit.code)).filter(|row| self.own(**row).is_some());
        let given_up = its_row.and_then(|row| self.rows[*row].external_ids.as_ref()).is_some_and(|kept| !kept.contains(id));
        !given_up
    }

    /// Where the unit of a row will stand.
    fn above(&self, row: usize) -> Above<'a> {
        let given = match &self.rows[row].parent {
            Some(given) => given.as_deref(),
            None => return Above::Unknown,
        };
        match given {
            None => Above::Nothing,
            Some(code) => self.unit_of_code(code).unwrap_or(Above::Unknown),
        }
    }

    /// Whether a row brings a unit back as a root that was none when it ended.
    fn becomes_root(&self, row: usize) -> bool {
        self.back[row].is_some_and(|unit| unit.parent.is_some()) && self.above(row) == Above::Nothing
    }

    fn unit_of_code(&self, code: &str) -> Option<Above<'a>> {
        let row = self.by_code.get(code).map(|row| Above::Row(*row));
        row.or_else(|| self.ground.forest.by_code(code).map(Above::Unit))
    }

    /// Where a unit that the table does not have stands: it stays there.
    fn above_unit(&self, unit: &OrgUnit) -> Above<'a> {
        let parent = unit.parent.and_then(|parent| self.ground.forest.unit(parent));
        parent.map_or(Above::Nothing, |parent| self.unit_of_code(&parent.code).unwrap_or(Above::Nothing))
    }

    /// O1, O3: whether each placement that begins is permitted. Without a kind there is nothing to judge.
    fn judge_placements(&mut self) {
        for row in 0..self.rows.len() {
            let (above, Some(kind)) = (self.above(row), self.kinds[row]) else { continue };
            let kind_above = match above {
                Above::Row(above) => self.kinds[above].map(Some),
                Above::Unit(above) => self.ground.kinds.get(&above.kind).map(Some),
                Above::Nothing => Some(None),
                Above::Unknown => None,
            };
            let Some(kind_above) = kind_above else { continue };
            if self.stood_so(row, above, kind, kind_above) {
                continue;
            }
            if let Err(placement) = misplacement(self.ground.kinds, kind, kind_above, self.ground.day) {
                let given = self.rows[row].parent.clone().flatten();
                self.refuse(row, Column::Parent, given.as_deref().unwrap_or_default(), TreeRefusal::PlacementNotPermitted(placement));
            }
        }
    }

    fn stood_so(&self, row: usize, above: Above<'_>, kind: &UnitKind, kind_above: Option<&UnitKind>) -> bool {
        let Some(before) = self.units[row] else { return false };
        let parent = match above {
            Above::Row(above) => self.units[above].map(|unit| unit.id),
            Above::Unit(unit) => Some(unit.id),
            Above::Nothing | Above::Unknown => None,
        };
        let is_new = matches!(above, Above::Row(above) if self.units[above].is_none());
        let kind_before = before.parent.and_then(|parent| self.ground.forest.unit(parent)).map(|unit| &*unit.kind);
        !is_new && before.parent == parent && *before.kind == *kind.code && kind_before == kind_above.map(|kind| &*kind.code)
    }
}
