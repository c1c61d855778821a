//! What a draft is given as.

use async_graphql::{ID, InputObject, OneofObject};
use chidao_domain::directive as domain;
use chidao_domain::ids::DirectiveId;
use chidao_domain::refusal::Refusal;
use chidao_domain::reorganization::{ExternalId, UnitRef};
use chidao_domain::text;

use crate::command::{IndicatorGiven, RelationGiven, RequirementGiven, ScopeGiven};
use crate::graphql::directive_words::{
    Aggregation, GoalDirection, IssuingBody, Reach, Recurrence, RelationKind, RequirementKind, Verification,
};
use crate::graphql::id::typed;
use crate::graphql::org_unit::{ExternalIdInput, OrgUnitRef};
use crate::graphql::scalars::{Date, Decimal};

/// How to point at a directive: exactly one of the ways.
#[derive(Clone, Debug, OneofObject)]
pub enum DirectiveRef {
    /// Its global id.
    Id(ID),
    /// Its number and signs, in either notation.
    Symbol(SymbolRef),
    /// Another system's name for it.
    ExternalId(ExternalIdInput),
}

/// A symbol (số và ký hiệu) and as much beside it as it takes to be the only one.
#[derive(Clone, Debug, InputObject)]
pub struct SymbolRef {
    /// The unit that issued it.
    issuer: OrgUnitRef,
    /// In either notation: `81-KH/ĐUK`, `130/KH-UBND`.
    symbol: String,
    /// The code of the kind; left out: any.
    kind: Option<String>,
    /// The term; left out: any.
    term: Option<String>,
    /// The body of the issuer; left out: any.
    issuing_body: Option<IssuingBody>,
}

impl DirectiveRef {
    /// What it says, with ids read.
    pub(crate) fn read(&self) -> Result<domain::DirectiveRef, Refusal> {
        Ok(match self {
            Self::Id(id) => domain::DirectiveRef::Id(typed::<DirectiveId>(id).map_err(|no| no.within("id"))?),
            Self::ExternalId(id) => domain::DirectiveRef::External(id.sought()?),
            Self::Symbol(of) => domain::DirectiveRef::Symbol(domain::SymbolRef {
                issuer: of.issuer.read().map_err(|no| no.within("issuer").within("symbol"))?,
                symbol: of.symbol.clone(),
                kind: sought(of.kind.as_deref(), "kind").map_err(|no| no.within("symbol"))?,
                term: sought(of.term.as_deref(), "term").map_err(|no| no.within("symbol"))?,
                issuing_body: of.issuing_body.map(Into::into),
            }),
        })
    }
}

/// A text that is only looked up, at its field.
pub(crate) fn sought(given: Option<&str>, field: &'static str) -> Result<Option<String>, Refusal> {
    given.map(text::sought).transpose().map_err(|no| Refusal::from(no).within(field))
}

/// A period that is only looked up, at its field: one that does not exist is refused (B7).
pub(crate) fn sought_period(given: Option<&str>, field: &'static str) -> Result<Option<String>, Refusal> {
    let read = |given: String| given.parse::<domain::Period>().map(|period| period.to_string());
    sought(given, field)?.map(read).transpose().map_err(|no| Refusal::from(no).within(field))
}

/// What a directive says of another.
#[derive(Clone, Debug, InputObject)]
pub struct RelationInput {
    /// How it relates.
    kind: RelationKind,
    /// To which.
    to: DirectiveRef,
    /// What exactly.
    note: Option<String>,
}

/// One thing that a directive asks for (yêu cầu, nhiệm vụ).
#[derive(Clone, Debug, InputObject)]
pub struct RequirementInput {
    /// Of which sort it is.
    kind: RequirementKind,
    /// What is to be done, in one line.
    title: String,
    /// In more words.
    detail: Option<String>,
    /// The last day on which a report is on time; left out: no date.
    due_on: Option<Date>,
    /// The wording of the document, for example `xong trước ngày 31/12/2020`.
    due_text: Option<String>,
    /// How often it comes back.
    #[graphql(default_with = "Some(Recurrence::None)")]
    recurrence: Option<Recurrence>,
    /// Which period it is about, where it does not recur: `2020`, `2020-Q4`, `2020-12`.
    period: Option<String>,
    /// The first period of one that recurs; left out: the one that contains `effectiveOn`.
    first_period: Option<String>,
    /// How many days after the end of its period one that recurs is due (0 to 3650); it takes no `dueOn`.
    due_days_after_period: Option<i32>,
    /// Whom it binds.
    scope: ScopeInput,
    /// Who accepts reports.
    #[graphql(default_with = "Some(Verification::Superior)")]
    verification: Option<Verification>,
    /// The share of the counted obligations of the units below, above 0 and at most 1, that must be fulfilled first (tỷ lệ cấp dưới phải hoàn thành).
    gate_share: Option<Decimal>,
    /// Ordinals, from 1, of earlier requirements that must be closed first.
    after: Option<Vec<i32>>,
    /// A standing duty that is reported on but never done and not counted (nhiệm vụ thường xuyên).
    #[graphql(default_with = "Some(false)")]
    informative: Option<bool>,
    /// Whether units that come into the scope later are bound.
    #[graphql(default_with = "Some(true)")]
    binds_late_units: Option<bool>,
    /// How many days such a unit has at least.
    #[graphql(default_with = "Some(30)")]
    late_grace_days: Option<i32>,
    /// The figures that its reports carry.
    indicators: Option<Vec<IndicatorInput>>,
}

/// Whom a requirement binds (đối tượng thực hiện): ((reach from the anchor, of these kinds) and `include`) without the exceptions.
#[derive(Clone, Debug, InputObject)]
pub struct ScopeInput {
    /// From where it reaches; left out: the issuer.
    anchor: Option<OrgUnitRef>,
    /// How far.
    reach: Reach,
    /// Only units of these kinds; left out: any.
    kinds: Option<Vec<String>>,
    /// Units that are bound in any case.
    include: Option<Vec<OrgUnitRef>>,
    /// Units that are not bound.
    except: Option<Vec<OrgUnitRef>>,
    /// Units that are not bound, with all below them.
    except_subtrees: Option<Vec<OrgUnitRef>>,
    /// Whether it may cover nobody.
    #[graphql(default_with = "Some(false)")]
    may_be_empty: Option<bool>,
}

/// A figure that reports carry (chỉ tiêu).
#[derive(Clone, Debug, InputObject)]
pub struct IndicatorInput {
    /// By which readings name it; requirements that share it share the figure.
    key: String,
    /// What it is called.
    label: String,
    /// What it counts, for example `người`.
    unit_of_measure: Option<String>,
    /// How figures go together.
    aggregation: Aggregation,
    /// For a ratio: the key of the figure below the line.
    ratio_over: Option<String>,
    /// The goal for all units together.
    goal: Option<Decimal>,
    /// On which side of the goal a figure should lie.
    goal_direction: Option<GoalDirection>,
    /// The goal, split down to units.
    goals: Option<Vec<UnitGoalInput>>,
    /// Whether a report must carry it.
    #[graphql(default_with = "Some(false)")]
    required: Option<bool>,
    /// Whether a reading may lie below 0, as a growth may; what is counted never does.
    #[graphql(default_with = "Some(false)")]
    may_be_negative: Option<bool>,
}

/// One unit's part of a goal.
#[derive(Clone, Debug, InputObject)]
pub struct UnitGoalInput {
    /// Whose part.
    unit: OrgUnitRef,
    /// How much.
    goal: Decimal,
}

/// Reads each item of a list and gathers what is wrong, with its place.
pub(crate) fn each<I, T>(
    list: Option<Vec<I>>,
    field: &'static str,
    read: impl Fn(I) -> Result<T, Vec<Refusal>>,
) -> Result<Vec<T>, Vec<Refusal>> {
    let (mut items, mut refusals) = (Vec::new(), Vec::new());
    for (at, item) in list.unwrap_or_default().into_iter().enumerate() {
        match read(item) {
            Ok(item) => items.push(item),
            Err(no) => refusals.extend(no.into_iter().map(|no| no.at(at).within(field))),
        }
    }
    if refusals.is_empty() { Ok(items) } else { Err(refusals) }
}

pub(crate) fn relations(list: Option<Vec<RelationInput>>) -> Result<Vec<RelationGiven>, Vec<Refusal>> {
    each(list, "relations", |input| {
        let to = input.to.read().map_err(|no| vec![no.within("to")])?;
        Ok(RelationGiven { kind: input.kind.into(), to, note: input.note })
    })
}

pub(crate) fn requirements(list: Option<Vec<RequirementInput>>) -> Result<Vec<RequirementGiven>, Vec<Refusal>> {
    each(list, "requirements", RequirementInput::read)
}

pub(crate) fn external_ids(list: Option<Vec<ExternalIdInput>>) -> Vec<ExternalId> {
    list.unwrap_or_default().iter().map(ExternalIdInput::read).collect()
}

fn units(list: Option<Vec<OrgUnitRef>>, field: &'static str) -> Result<Vec<UnitRef>, Vec<Refusal>> {
    each(list, field, |unit| unit.read().map_err(|no| vec![no]))
}

impl RequirementInput {
    fn read(self) -> Result<RequirementGiven, Vec<Refusal>> {
        let scope = self.scope.read().map_err(|no| no.into_iter().map(|no| no.within("scope")).collect::<Vec<_>>())?;
        Ok(RequirementGiven {
            kind: self.kind.into(),
            title: self.title,
            detail: self.detail,
            due_on: self.due_on.map(|day| day.0),
            due_text: self.due_text,
            recurrence: self.recurrence.unwrap_or_default().into(),
            period: self.period,
            first_period: self.first_period,
            due_days_after_period: self.due_days_after_period,
            scope,
            verification: self.verification.unwrap_or_default().into(),
            gate_share: self.gate_share.map(|share| share.0),
            after: self.after.unwrap_or_default(),
            informative: self.informative.unwrap_or(false),
            binds_late_units: self.binds_late_units.unwrap_or(true),
            late_grace_days: self.late_grace_days.unwrap_or(30),
            indicators: each(self.indicators, "indicators", IndicatorInput::read)?,
        })
    }
}

impl ScopeInput {
    fn read(self) -> Result<ScopeGiven, Vec<Refusal>> {
        Ok(ScopeGiven {
            anchor: self.anchor.map(|anchor| anchor.read()).transpose().map_err(|no| vec![no.within("anchor")])?,
            reach: self.reach.into(),
            kinds: self.kinds.unwrap_or_default(),
            include: units(self.include, "include")?,
            except: units(self.except, "except")?,
            except_subtrees: units(self.except_subtrees, "exceptSubtrees")?,
            may_be_empty: self.may_be_empty.unwrap_or(false),
        })
    }
}

impl IndicatorInput {
    fn read(self) -> Result<IndicatorGiven, Vec<Refusal>> {
        Ok(IndicatorGiven {
            key: self.key,
            label: self.label,
            unit_of_measure: self.unit_of_measure,
            aggregation: self.aggregation.into(),
            ratio_over: self.ratio_over,
            goal: self.goal.map(|goal| goal.0),
            goal_direction: self.goal_direction.map(Into::into),
            goals: each(self.goals, "goals", |part: UnitGoalInput| {
                let unit = part.unit.read().map_err(|no| vec![no.within("unit")])?;
                Ok((unit, part.goal.0))
            })?,
            required: self.required.unwrap_or(false),
            may_be_negative: self.may_be_negative.unwrap_or(false),
        })
    }
}
