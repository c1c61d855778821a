//! Who takes over from whom (O6).

use async_graphql::{Enum, Object};
use chidao_domain::reorganization::SuccessionKind as Kind;

use crate::graphql::error::Outcome;
use crate::graphql::org_unit::OrgUnit;
use crate::graphql::reorganization::{self, Reorganization};
use crate::graphql::scalars::Date;
use crate::store::Fault;
use crate::store::successions::Succession as Record;
use crate::view::units::UnitOnDay;

/// How one unit takes over from another (hình thức kế tục).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum SuccessionKind {
    /// Units became one (sáp nhập, hợp nhất).
    Merge,
    /// A unit became several (chia, tách).
    Split,
    /// A unit ended, and left what it owed to an heir (kế thừa).
    Heir,
}

/// One unit that took over from another (kế tục).
pub struct Succession {
    of: UnitOnDay,
    record: Record,
}

/// One unit that took over from another (kế tục).
#[Object]
impl Succession {
    /// The unit that ended or was split.
    async fn from(&self) -> Outcome<OrgUnit> {
        self.unit(self.record.from)
    }

    /// The unit that took over.
    async fn to(&self) -> Outcome<OrgUnit> {
        self.unit(self.record.to)
    }

    /// How.
    async fn kind(&self) -> SuccessionKind {
        self.record.kind.into()
    }

    /// The day from which it holds.
    async fn effective_on(&self) -> Date {
        Date(self.record.effective_on)
    }

    /// The batch that it comes from.
    async fn reorganization(&self) -> Outcome<Reorganization> {
        reorganization::find(self.of.view(), self.record.reorganization).await
    }
}

impl Succession {
    fn unit(&self, id: chidao_domain::ids::UnitId) -> Outcome<OrgUnit> {
        let of = &self.of;
        let found = UnitOnDay::find(of.view(), of.tree(), of.on(), id).or_else(|| UnitOnDay::today(of.view(), id));
        let gone = || Fault::Corrupt { table: "succession", wanted: "unit", value: id.to_string() };
        Ok(OrgUnit(found.ok_or_else(gone)?))
    }
}

/// Whom a unit took over from, up to its day.
pub(crate) async fn predecessors(unit: &UnitOnDay) -> Outcome<Vec<Succession>> {
    let found = unit.view().loaders().predecessors.load_one(unit.id()).await?.unwrap_or_default();
    Ok(up_to(unit, found))
}

/// Who took over from a unit, up to its day.
pub(crate) async fn successors(unit: &UnitOnDay) -> Outcome<Vec<Succession>> {
    let found = unit.view().loaders().successors.load_one(unit.id()).await?.unwrap_or_default();
    Ok(up_to(unit, found))
}

fn up_to(unit: &UnitOnDay, found: Vec<Record>) -> Vec<Succession> {
    let told = found.into_iter().filter(|record| record.effective_on <= unit.day());
    told.map(|record| Succession { of: unit.clone(), record }).collect()
}
