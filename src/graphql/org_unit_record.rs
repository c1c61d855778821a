//! What is on record about a unit beside its place in the tree: revisions, and what the viewer may do.

use async_graphql::{Enum, Object};
use chidao_domain::access::{UnitAction, viewer_can_with_unit};
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::kind::UnitKind;

use crate::graphql::error::Outcome;
use crate::graphql::org_unit::OrgUnit;
use crate::graphql::org_unit_kind::OrgUnitKind;
use crate::graphql::reorganization::{self, Reorganization};
use crate::graphql::scalars::{Date, DateTime};
use crate::store::Fault;
use crate::store::units::Revision;
use crate::view::units::UnitOnDay;

/// What can be done with a unit (việc làm được).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "UnitAction")]
pub enum OrgUnitAction {
    /// Read its obligations, reports and completion, and those of all below it.
    ReadCompletion,
    /// Establish a unit under it.
    Establish,
    /// Change its name, short name, member count, external ids.
    Revise,
    /// Move it; the new parent takes the same right.
    Move,
    /// Give it another kind.
    ChangeKind,
    /// End it by merging it into another, which takes the same right.
    Merge,
    /// Divide it and let it stay as one of the parts, each of which takes the same right; to end it by that takes what merging takes.
    Split,
    /// End it, with or without an heir.
    Dissolve,
    /// Bring it back, where it has ended; its parent takes the same right.
    Reopen,
    /// Appoint officers and end appointments.
    Appoint,
    /// Give and revoke grants over it.
    GrantRole,
    /// Draft a directive of it.
    Draft,
}

/// What the viewer may do with a unit today (A6).
pub(crate) fn viewer_can(unit: &UnitOnDay) -> Vec<OrgUnitAction> {
    let view = unit.view();
    viewer_can_with_unit(view.grants(), view.forest(), unit.id()).into_iter().map(Into::into).collect()
}

/// Everything that was ever recorded of a unit, by the day from which it holds and then by when it became known.
pub(crate) async fn revisions(unit: &UnitOnDay) -> Outcome<Vec<OrgUnitRevision>> {
    let found = unit.view().loaders().revisions.load_one(unit.id()).await?.unwrap_or_default();
    Ok(found.into_iter().map(|record| OrgUnitRevision { unit: unit.clone(), record }).collect())
}

/// What is true of a unit over a range of days, as it was known over a range of instants (lịch sử tên gọi, trực thuộc).
pub struct OrgUnitRevision {
    unit: UnitOnDay,
    record: Revision,
}

/// What is true of a unit over a range of days, as it was known over a range of instants (lịch sử tên gọi, trực thuộc).
#[Object]
impl OrgUnitRevision {
    /// The first day.
    async fn valid_from(&self) -> Date {
        Date(self.record.valid_from)
    }

    /// The first day on which it is no longer true; nothing: it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.record.valid_to.map(Date)
    }

    /// When it became known.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.record.recorded_at)
    }

    /// When it was known better; nothing: it is what is known now.
    async fn corrected_at(&self) -> Option<DateTime> {
        self.record.corrected_at.map(DateTime)
    }

    /// The name (tên).
    async fn name(&self) -> &str {
        &self.record.name
    }

    /// The short name (tên viết tắt).
    async fn short_name(&self) -> Option<&str> {
        self.record.short_name.as_deref()
    }

    /// The kind (loại).
    async fn kind(&self) -> Outcome<OrgUnitKind> {
        let code = &self.record.kind_code;
        let kind: Option<UnitKind> = self.unit.tree().kinds.get(code).cloned();
        let kind = kind.ok_or_else(|| Fault::Corrupt { table: "org_unit_revision", wanted: "kind of unit", value: code.clone() })?;
        Ok(OrgUnitKind { view: self.unit.view().clone(), kind })
    }

    /// The unit that it stood under, as that is on the day of the answer.
    async fn parent(&self) -> Option<OrgUnit> {
        let parent = UnitId(self.record.parent_id?);
        let view = self.unit.view();
        let found = UnitOnDay::find(view, self.unit.tree(), self.unit.on(), parent).or_else(|| UnitOnDay::today(view, parent));
        found.map(OrgUnit)
    }

    /// Party members (số đảng viên).
    async fn member_count(&self) -> Option<i32> {
        self.record.member_count
    }

    /// The batch that it comes from.
    async fn reorganization(&self) -> Outcome<Reorganization> {
        reorganization::find(self.unit.view(), ReorganizationId(self.record.reorganization_id)).await
    }
}
