//! What one change of a reorganization did.

use async_graphql::{SimpleObject, Union};
use chidao_domain::ids::UnitId;
use chidao_domain::kind::UnitKind;
use uuid::Uuid;

use crate::graphql::org_unit::OrgUnit;
use crate::graphql::org_unit_kind::OrgUnitKind;
use crate::live::Tree;
use crate::store::forests::TreeOn;
use crate::store::reorganizations::{self as kept, Change};
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// A unit came into being (thành lập).
#[derive(SimpleObject)]
pub struct Established {
    /// The new unit.
    unit: OrgUnit,
}

/// A unit got new values (đổi tên, cập nhật).
#[derive(SimpleObject)]
pub struct Revised {
    /// The unit.
    unit: OrgUnit,
    /// What changed.
    fields: Vec<FieldChange>,
}

/// A unit got another parent (chuyển đơn vị trực thuộc).
#[derive(SimpleObject)]
pub struct Moved {
    /// The unit.
    unit: OrgUnit,
    /// The parent before; nothing where it was a root.
    from: Option<OrgUnit>,
    /// The parent now; nothing where it is a root.
    to: Option<OrgUnit>,
}

/// A unit became one of another kind (chuyển đổi loại hình).
#[derive(SimpleObject)]
pub struct KindChanged {
    /// The unit.
    unit: OrgUnit,
    /// Its kind before.
    from: OrgUnitKind,
    /// Its kind now.
    to: OrgUnitKind,
    /// Where it moved, if it did.
    moved: Option<Moved>,
}

/// Units became one (sáp nhập, hợp nhất).
#[derive(SimpleObject)]
pub struct Merged {
    /// Those that ended.
    units: Vec<OrgUnit>,
    /// What they became.
    into: OrgUnit,
    /// Their children, which stand under it now.
    children: Vec<Moved>,
}

/// A unit became several (chia, tách).
#[derive(SimpleObject)]
pub struct Split {
    /// The unit; it stays where it is one of the parts.
    unit: OrgUnit,
    /// What it became.
    into: Vec<OrgUnit>,
    /// Its children, which stand under other parts now.
    children: Vec<Moved>,
}

/// A unit ended (giải thể, kết thúc hoạt động).
#[derive(SimpleObject)]
pub struct Dissolved {
    /// The unit.
    unit: OrgUnit,
    /// Who took over what it owed (đơn vị kế tục).
    heir: Option<OrgUnit>,
    /// Its children, which stand elsewhere now.
    children: Vec<Moved>,
}

/// A unit that had ended is active again (khôi phục hoạt động).
#[derive(SimpleObject)]
pub struct Reopened {
    /// The unit.
    unit: OrgUnit,
    /// The unit that it stands under; nothing where it is a root.
    parent: Option<OrgUnit>,
}

/// One field, before and after, as texts.
#[derive(Clone, Debug, SimpleObject)]
pub struct FieldChange {
    /// The field's name.
    pub(crate) field: String,
    /// What it was; nothing where it was empty or did not exist.
    pub(crate) before: Option<String>,
    /// What it is.
    pub(crate) after: Option<String>,
}

/// One change of a reorganization.
#[derive(Union)]
#[allow(clippy::large_enum_variant, reason = "a union of the schema: each is made once, to be shown")]
pub enum StructuralChange {
    /// A unit came into being.
    Established(Established),
    /// A unit got new values.
    Revised(Revised),
    /// A unit got another parent.
    Moved(Moved),
    /// A unit became one of another kind.
    KindChanged(KindChanged),
    /// Units became one.
    Merged(Merged),
    /// A unit became several.
    Split(Split),
    /// A unit ended.
    Dissolved(Dissolved),
    /// A unit that had ended is active again.
    Reopened(Reopened),
}

/// Shows kept changes with the units of one tree.
pub(crate) struct Shown<'a> {
    pub(crate) view: &'a SharedView,
    pub(crate) tree: &'a Tree,
    pub(crate) on: TreeOn,
}

impl Shown<'_> {
    fn unit(&self, id: Uuid) -> Option<OrgUnit> {
        UnitOnDay::find(self.view, self.tree, self.on, UnitId(id)).map(OrgUnit)
    }

    fn units(&self, ids: &[Uuid]) -> Vec<OrgUnit> {
        ids.iter().filter_map(|id| self.unit(*id)).collect()
    }

    fn kind(&self, code: &str) -> OrgUnitKind {
        let kind = self.tree.kinds.get(code).cloned().unwrap_or_else(|| UnitKind::unknown(code));
        OrgUnitKind { view: self.view.clone(), kind }
    }

    fn moved(&self, moved: &kept::Moved) -> Option<Moved> {
        let place = |place: Option<Uuid>| place.and_then(|place| self.unit(place));
        Some(Moved { unit: self.unit(moved.unit)?, from: place(moved.from), to: place(moved.to) })
    }

    fn all_moved(&self, moved: &[kept::Moved]) -> Vec<Moved> {
        moved.iter().filter_map(|moved| self.moved(moved)).collect()
    }

    /// The change, or nothing where its unit never came into being: a cancelled plan made it.
    pub(crate) fn change(&self, change: &Change) -> Option<StructuralChange> {
        Some(match change {
            Change::Established { unit } => StructuralChange::Established(Established { unit: self.unit(*unit)? }),
            Change::Revised { unit, fields } => {
                let fields = fields.iter().cloned().map(|(field, before, after)| FieldChange { field, before, after });
                StructuralChange::Revised(Revised { unit: self.unit(*unit)?, fields: fields.collect() })
            }
            Change::Moved(moved) => StructuralChange::Moved(self.moved(moved)?),
            Change::KindChanged { unit, from, to, moved } => StructuralChange::KindChanged(KindChanged {
                unit: self.unit(*unit)?,
                from: self.kind(from),
                to: self.kind(to),
                moved: moved.as_ref().and_then(|moved| self.moved(moved)),
            }),
            Change::Merged { units, into, children } => {
                StructuralChange::Merged(Merged { units: self.units(units), into: self.unit(*into)?, children: self.all_moved(children) })
            }
            Change::Split { unit, into, children } => {
                StructuralChange::Split(Split { unit: self.unit(*unit)?, into: self.units(into), children: self.all_moved(children) })
            }
            Change::Dissolved { unit, heir, children } => StructuralChange::Dissolved(Dissolved {
                unit: self.unit(*unit)?,
                heir: heir.and_then(|heir| self.unit(heir)),
                children: self.all_moved(children),
            }),
            Change::Reopened { unit, parent } => {
                StructuralChange::Reopened(Reopened { unit: self.unit(*unit)?, parent: parent.and_then(|parent| self.unit(parent)) })
            }
        })
    }
}
