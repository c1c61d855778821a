//! How obligations are pointed at, filtered and ordered.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use chidao_domain::ids::{ObligationId, RequirementId, UnitId};
use chidao_domain::obligation as domain;
use chidao_domain::refusal::Refusal;
use chrono::DateTime;

use crate::graphql::completion::Span;
use crate::graphql::completion::filter::{CascadeThrough, DateRange};
use crate::graphql::directive_input::{DirectiveRef, sought_period};
use crate::graphql::directive_words::RequirementKind;
use crate::graphql::id::typed;
use crate::graphql::obligation::ObligationState;
use crate::graphql::org_unit::OrgUnitRef;
use crate::store::obligations::{Anchor, ListKey, ListOrder, Obligation};
use crate::view::obligations as view;

/// How to point at an obligation: exactly one of the ways.
#[derive(Clone, Debug, OneofObject)]
pub enum ObligationRef {
    /// Its global id.
    Id(ID),
    /// What it is of.
    Of(ObligationKey),
}

/// What an obligation is of: there is one for each requirement, unit and period.
#[derive(Clone, Debug, InputObject)]
pub struct ObligationKey {
    /// The requirement.
    requirement: ID,
    /// The unit that it binds.
    unit: OrgUnitRef,
    /// The period, for example `2020-12`; may be left out where the requirement does not recur.
    period: Option<String>,
}

impl ObligationRef {
    /// What it says, with ids read.
    pub(crate) fn read(&self) -> Result<domain::ObligationRef, Refusal> {
        Ok(match self {
            Self::Id(id) => domain::ObligationRef::Id(typed::<ObligationId>(id).map_err(|no| no.within("id"))?),
            Self::Of(key) => domain::ObligationRef::Of {
                requirement: typed::<RequirementId>(&key.requirement).map_err(|no| no.within("requirement").within("of"))?,
                unit: key.unit.read().map_err(|no| no.within("unit").within("of"))?,
                period: sought_period(key.period.as_deref(), "period").map_err(|no| no.within("of"))?,
            },
        })
    }
}

/// Which obligations a list holds; what is left out, or is an empty list, does not narrow it. A unit that you may not read about is
/// refused.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ObligationFilter {
    /// Only those of this unit and of all below it, and those that an issuer among these keeps of units which have left its subtree (S4).
    under: Option<OrgUnitRef>,
    /// Whose obligations are meant, seen from the unit `under`: exactly those that its completion counts, without what an issuer keeps of units
    /// that have left. Left out: all of `under`.
    span: Option<Span>,
    /// Only those of units that stand neither at this unit nor below it; one that has ended stands where it counts now.
    outside: Option<OrgUnitRef>,
    /// Only those of these units. One that you may not read about is not refused where an issuer whose obligations you may read keeps some of
    /// a unit that left (S4): then the list has these of it and no others.
    units: Option<Vec<OrgUnitRef>>,
    /// Only those of these directives.
    directives: Option<Vec<DirectiveRef>>,
    /// Only those of these requirements.
    requirements: Option<Vec<ID>>,
    /// Only those of requirements of these kinds.
    kinds: Option<Vec<RequirementKind>>,
    /// Only those of units that have one of these kinds today, or had it last; what is kept of units that have left (S4) among them.
    unit_kinds: Option<Vec<String>>,
    /// Only those in these states.
    states: Option<Vec<ObligationState>>,
    /// Only those that are overdue, or only the others.
    overdue: Option<bool>,
    /// Only those that were fulfilled late, or only the others.
    late: Option<bool>,
    /// Only those of standing duties (nhiệm vụ thường xuyên), or only the others; left out: both.
    informative: Option<bool>,
    /// Only those whose directive is in force, or only those whose directive has ended; left out: both.
    in_force: Option<bool>,
    /// Only those that are due on one of these days.
    due: Option<DateRange>,
    /// Only those that have a due date, or only those that have none; left out: both.
    dated: Option<bool>,
    /// Only those of this period, for example `2020-12`.
    period: Option<String>,
    /// How far "of these directives" reaches.
    #[graphql(default_with = "Some(CascadeThrough::Scope)")]
    through: Option<CascadeThrough>,
}

impl ObligationFilter {
    /// What it says, with ids read.
    pub(crate) fn read(self) -> Result<view::ObligationFilter, Refusal> {
        Ok(view::ObligationFilter {
            under: self.under.as_ref().map(OrgUnitRef::read).transpose().map_err(|no| no.within("under"))?,
            span: self.span.map(Into::into),
            outside: self.outside.as_ref().map(OrgUnitRef::read).transpose().map_err(|no| no.within("outside"))?,
            units: read_all(self.units, "units", OrgUnitRef::read)?,
            directives: read_all(self.directives, "directives", DirectiveRef::read)?,
            reach: self.through.unwrap_or_default().into(),
            requirements: read_all(self.requirements, "requirements", typed::<RequirementId>)?,
            kinds: self.kinds.unwrap_or_default().into_iter().map(Into::into).collect(),
            unit_kinds: self.unit_kinds.unwrap_or_default(),
            states: self.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            overdue: self.overdue,
            late: self.late,
            informative: self.informative,
            in_force: self.in_force,
            due: self.due.unwrap_or_default().read(),
            dated: self.dated,
            period: sought_period(self.period.as_deref(), "period")?,
        })
    }
}

/// The things behind references; an empty list is none.
fn read_all<G, T>(given: Option<Vec<G>>, field: &'static str, read: impl Fn(&G) -> Result<T, Refusal>) -> Result<Option<Vec<T>>, Refusal> {
    let given = given.filter(|given| !given.is_empty());
    let read_one = |(at, one): (usize, &G)| read(one).map_err(|no| no.at(at).within(field));
    given.map(|given| given.iter().enumerate().map(read_one).collect()).transpose()
}

/// The order of a list of obligations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ListOrder")]
pub enum ObligationOrder {
    /// By due date; those without one last.
    DueOn,
    /// By the unit, as the tree is walked: parents before children.
    Tree,
    /// The last changed first.
    UpdatedAt,
}

impl ObligationOrder {
    /// The key that a cursor of this order says.
    pub(crate) fn key(self, text: &str) -> Option<ListKey> {
        let (at, id) = text.split_once(' ')?;
        let at = match self {
            Self::DueOn if at == "-" => Anchor::DueOn(None),
            Self::DueOn => Anchor::DueOn(Some(at.parse().ok()?)),
            Self::Tree => Anchor::Unit(UnitId(at.parse().ok()?), 0),
            Self::UpdatedAt => Anchor::UpdatedAt(DateTime::from_timestamp_micros(at.parse().ok()?)?),
        };
        Some(ListKey { at, id: ObligationId(id.parse().ok()?) })
    }
}

/// What the cursor of an obligation says in an order.
pub(crate) fn list_key(order: ObligationOrder, record: &Obligation) -> String {
    let at = match order {
        ObligationOrder::DueOn => record.due_on.map_or_else(|| "-".to_owned(), |day| day.to_string()),
        ObligationOrder::Tree => record.unit.to_string(),
        ObligationOrder::UpdatedAt => record.updated_at.timestamp_micros().to_string(),
    };
    format!("{at} {}", record.id)
}
