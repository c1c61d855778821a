//! What directives ask for: requirements, scopes and indicators.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chidao_domain::directive as domain;
use chidao_domain::ids::{RequirementId, UnitId};
use chidao_domain::indicator::Goal;
use chidao_domain::scope::{Scope as DomainScope, cover};

use crate::graphql::completion::{self, Completion, CompletionFilter, Span, Structure, When};
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::directive::{Directive, unit};
use crate::graphql::directive_words::{Aggregation, GoalDirection, Reach, Recurrence, RequirementKind, Verification};
use crate::graphql::error::Outcome;
use crate::graphql::id::NodeId;
use crate::graphql::obligation::{DueDateChange, Obligation, obligations};
use crate::graphql::obligation_filter::{ObligationFilter, ObligationOrder};
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef, page_cost};
use crate::graphql::org_unit_kind::OrgUnitKind;
use crate::graphql::scalars::{Date, DateTime, Decimal};
use crate::store::forests::TreeOn;
use crate::store::requirements::KeptRequirement;
use crate::view::SharedView;
use crate::view::completion::Subject;
use crate::view::obligations::{Extensions, Whose};
use crate::view::page::Page;
use crate::view::units::UnitOnDay;

/// One thing that a directive asks for (yêu cầu, nhiệm vụ), with a scope and a due date.
#[derive(Clone)]
pub struct Requirement {
    pub(crate) directive: Directive,
    pub(crate) kept: Arc<KeptRequirement>,
}

impl Requirement {
    /// The requirement with that id, if the caller may read its directive.
    pub(crate) async fn find(view: &SharedView, id: RequirementId) -> Outcome<Option<Self>> {
        let Some(kept) = view.loaders().requirements.load_one(id).await? else { return Ok(None) };
        let directive = Directive::find(view, kept.directive).await?;
        Ok(directive.map(|directive| Self { directive, kept: Arc::new(kept) }))
    }

    /// The indicator with that key.
    pub(crate) fn indicator(&self, key: &str) -> Option<Indicator> {
        let kept = self.terms().indicators.iter().find(|kept| *kept.key == *key)?.clone();
        Some(Indicator { view: self.directive.view.clone(), kept })
    }

    fn terms(&self) -> &domain::Requirement {
        &self.kept.terms
    }
}

/// One thing that a directive asks for (yêu cầu, nhiệm vụ), with a scope and a due date.
#[Object]
impl Requirement {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.kept.id).encode()
    }

    /// The directive that asks (văn bản).
    async fn directive(&self) -> Directive {
        self.directive.clone()
    }

    /// Its place in the directive, from 1 (số thứ tự).
    async fn ordinal(&self) -> u32 {
        self.kept.ordinal
    }

    /// Of which sort it is (loại yêu cầu).
    async fn kind(&self) -> RequirementKind {
        self.terms().kind.into()
    }

    /// What is to be done, in one line.
    async fn title(&self) -> &str {
        &self.terms().title
    }

    /// In more words.
    async fn detail(&self) -> Option<&str> {
        self.terms().detail.as_deref()
    }

    /// The last day on which a report is on time (hạn); nothing: no date.
    async fn due_on(&self) -> Option<Date> {
        self.terms().due_on.map(Date)
    }

    /// The wording of the document.
    async fn due_text(&self) -> Option<&str> {
        self.terms().due_text.as_deref()
    }

    /// How often it comes back (định kỳ).
    async fn recurrence(&self) -> Recurrence {
        self.terms().recurrence.into()
    }

    /// Which period it is about, where it does not recur (kỳ): `2020`, `2020-Q4`, `2020-12`.
    async fn period(&self) -> Option<String> {
        self.terms().period.map(|period| period.to_string())
    }

    /// The first period of one that recurs (kỳ đầu tiên); of a draft only where it says one.
    async fn first_period(&self) -> Option<String> {
        let terms = self.terms();
        let effective_on = self.directive.record().effective_on;
        let first = terms.first_period.or_else(|| domain::Period::containing(effective_on?, terms.recurrence));
        first.map(|first| first.to_string())
    }

    /// How many days after the end of its period one that recurs is due.
    async fn due_days_after_period(&self) -> Option<u32> {
        self.terms().due_days_after_period
    }

    /// Whom it binds (đối tượng thực hiện).
    async fn scope(&self) -> Scope {
        Scope { view: self.directive.view.clone(), scope: self.terms().scope.clone() }
    }

    /// Who accepts reports (thẩm quyền xác nhận).
    async fn verification(&self) -> Verification {
        self.terms().verification.into()
    }

    /// The share of the counted obligations of the units below that must be fulfilled first (tỷ lệ cấp dưới phải hoàn thành); null: it does not
    /// matter.
    async fn gate_share(&self) -> Option<Decimal> {
        self.terms().gate_share.map(Decimal)
    }

    /// The requirements of the same directive that must be closed first.
    async fn after(&self) -> Outcome<Vec<Requirement>> {
        if self.terms().after.is_empty() {
            return Ok(Vec::new());
        }
        let loaders = self.directive.view.loaders();
        let all = loaders.requirements_of.load_one(self.kept.directive).await?.unwrap_or_default();
        let earlier = all.into_iter().filter(|kept| self.terms().after.contains(&kept.ordinal));
        Ok(earlier.map(|kept| Self { directive: self.directive.clone(), kept: Arc::new(kept) }).collect())
    }

    /// Whether it is a standing duty, reported on but never done and not counted (nhiệm vụ thường xuyên).
    async fn informative(&self) -> bool {
        self.terms().informative
    }

    /// Whether units that come into the scope later are bound.
    async fn binds_late_units(&self) -> bool {
        self.terms().binds_late_units
    }

    /// How many days such a unit has at least.
    async fn late_grace_days(&self) -> u32 {
        self.terms().late_grace_days
    }

    /// The dates that it had before, the oldest first; its text stays as it was issued (gia hạn).
    async fn extensions(&self) -> Outcome<Vec<DueDateChange>> {
        let found = self.directive.view.loaders().obligations.lists.load_one(Extensions(self.kept.id)).await?;
        Ok(found.unwrap_or_default().into_iter().map(Into::into).collect())
    }

    /// Its obligations, of the units that you may read about (nhiệm vụ đã giao).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which obligations are meant; left out: all.")] filter: Option<ObligationFilter>,
        #[graphql(desc = "In which order; left out: `DUE_ON`.")] order_by: Option<ObligationOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let list = ("requirement.obligations", Whose::Requirement(self.kept.id));
        obligations(ctx, &self.directive.view, list, (filter, order_by), Paging::forward(first, after)).await
    }

    /// How far its obligations have come (tình hình thực hiện); without a unit all of them, wherever their units stand, and then no
    /// `span` is taken: today, or at the end of a past day, `on`, on today's tree or that day's, as it is or was known.
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn completion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit that `span` is seen from; left out: all count, wherever their units stand.")] unit: Option<OrgUnitRef>,
        #[graphql(desc = "Which obligations are counted; left out: all.")] filter: Option<CompletionFilter>,
        #[graphql(
            desc = "Whose obligations are counted, seen from the unit; only together with it.",
            default_with = "Some(Span::Subtree)"
        )]
        span: Option<Span>,
        #[graphql(desc = "The day at whose end it is counted, today at the latest; left out: today.")] on: Option<Date>,
        #[graphql(desc = "On which tree the units stand.", default_with = "Some(Structure::Now)")] structure: Option<Structure>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
    ) -> Outcome<Completion> {
        let seen = completion::seen(ctx, &self.directive.view, self.directive.issuer_id(), unit, span).await?;
        completion::of_subject(seen, Subject::Requirement(self.kept.id, None), filter, When { on, structure, as_known_at }).await
    }

    /// The figures that its reports carry (chỉ tiêu).
    async fn indicators(&self) -> Vec<Indicator> {
        let shown = |kept: &domain::Indicator| Indicator { view: self.directive.view.clone(), kept: kept.clone() };
        self.terms().indicators.iter().map(shown).collect()
    }
}

/// Whom a requirement binds (đối tượng thực hiện): ((reach from the anchor, of these kinds) and `include`) without the exceptions.
pub struct Scope {
    view: SharedView,
    scope: DomainScope,
}

impl Scope {
    fn units(&self, ids: &[UnitId]) -> Outcome<Vec<OrgUnit>> {
        ids.iter().map(|id| unit(&self.view, *id)).collect()
    }
}

/// Whom a requirement binds (đối tượng thực hiện): ((reach from the anchor, of these kinds) and `include`) without the exceptions.
#[Object]
impl Scope {
    /// From where it reaches.
    async fn anchor(&self) -> Outcome<OrgUnit> {
        unit(&self.view, self.scope.anchor)
    }

    /// How far (phạm vi).
    async fn reach(&self) -> Reach {
        self.scope.reach.into()
    }

    /// Only units of these kinds; empty: any.
    async fn kinds(&self) -> Vec<OrgUnitKind> {
        let known = self.scope.kinds.iter().filter_map(|code| self.view.tree().kinds.get(code));
        known.map(|kind| OrgUnitKind { view: self.view.clone(), kind: kind.clone() }).collect()
    }

    /// Units that are bound in any case.
    async fn include(&self) -> Outcome<Vec<OrgUnit>> {
        self.units(&self.scope.include)
    }

    /// Units that are not bound.
    async fn except(&self) -> Outcome<Vec<OrgUnit>> {
        self.units(&self.scope.except)
    }

    /// Units that are not bound, with all below them.
    async fn except_subtrees(&self) -> Outcome<Vec<OrgUnit>> {
        self.units(&self.scope.except_subtrees)
    }

    /// Whether it may cover nobody.
    async fn may_be_empty(&self) -> bool {
        self.scope.may_be_empty
    }

    /// The units that it covers on the tree of a day, by default today's, in tree order. Whom a directive has bound is told by `boundUnits`.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn covered(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day that the tree is of, past or to come; left out: today.")] on: Option<Date>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<OrgUnit>> {
        let list = Listing::of(ctx, "covered", format_args!("{:?}", self.scope));
        let day = on.map_or(self.view.today(), |on| on.0);
        let tree = self.view.tree_on(Some(day)).await?;
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok().map(UnitId))?;
        let window =
            window.try_map(|unit| tree.forest.place(unit).ok_or_else(|| chidao_domain::refusal::InputRefusal::ForeignCursor.into()))?;
        let places: Vec<usize> =
            cover(&tree.forest, &self.scope).into_iter().filter_map(|covered| tree.forest.place(covered.unit)).collect();
        let page = Page::of_sorted(&places, &window, usize::cmp);
        let shown = |place: usize| OrgUnit(UnitOnDay::at(self.view.clone(), tree.clone(), TreeOn::day(day), place));
        Ok(connection(&list, page, |place| tree.forest.units()[*place].id.to_string(), shown))
    }
}

/// A figure that reports carry (chỉ tiêu), with or without a goal.
pub struct Indicator {
    view: SharedView,
    kept: domain::Indicator,
}

/// A figure that reports carry (chỉ tiêu), with or without a goal.
#[Object]
impl Indicator {
    /// By which readings name it; requirements that share it share the figure.
    async fn key(&self) -> &str {
        &self.kept.key
    }

    /// What it is called.
    async fn label(&self) -> &str {
        &self.kept.label
    }

    /// What it counts (đơn vị tính).
    async fn unit_of_measure(&self) -> Option<&str> {
        self.kept.unit_of_measure.as_deref()
    }

    /// How figures go together (cách tổng hợp).
    async fn aggregation(&self) -> Aggregation {
        self.kept.aggregation.into()
    }

    /// For a ratio: the key of the figure below the line.
    async fn ratio_over(&self) -> Option<&str> {
        self.kept.ratio_over.as_deref()
    }

    /// The goal for all units together (mục tiêu).
    async fn goal(&self) -> Option<Decimal> {
        self.kept.goal.map(Decimal)
    }

    /// On which side of the goal a figure should lie.
    async fn goal_direction(&self) -> Option<GoalDirection> {
        self.kept.goal_direction.map(Into::into)
    }

    /// The goal, split down to units, in tree order.
    async fn goals(&self) -> Outcome<Vec<UnitGoal>> {
        let shown = |part: &domain::UnitGoal| Ok(UnitGoal { unit: unit(&self.view, part.unit)?, goal: Decimal(part.goal) });
        let mut goals = self.kept.goals.iter().map(shown).collect::<Outcome<Vec<UnitGoal>>>()?;
        goals.sort_by_key(|part| part.unit.0.place());
        Ok(goals)
    }

    /// The sum of the parts less the whole, where there are both and figures are added up: a difference is shown, not hidden.
    async fn goal_difference(&self) -> Option<Decimal> {
        let (goal, direction) = self.kept.goal.zip(self.kept.goal_direction)?;
        let parts = self.kept.goals.iter().map(|part| (part.unit, part.goal)).collect();
        Goal { goal, direction, parts }.difference(self.kept.aggregation).map(Decimal)
    }

    /// Whether a report must carry it.
    async fn required(&self) -> bool {
        self.kept.required
    }

    /// Whether a reading may lie below 0; what is counted never does.
    async fn may_be_negative(&self) -> bool {
        self.kept.may_be_negative
    }
}

/// One unit's part of a goal.
#[derive(SimpleObject)]
pub struct UnitGoal {
    /// Whose part.
    unit: OrgUnit,
    /// How much.
    goal: Decimal,
}
