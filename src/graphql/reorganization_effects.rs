//! What a reorganization does beyond its changes: obligations and grants.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use chidao_domain::forest::Forest;
use chidao_domain::ids::{ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::scope::BindingRule as Rule;
use chidao_domain::succession::Cause;
use uuid::Uuid;

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::directive_words::BindingRule;
use crate::graphql::error::Outcome;
use crate::graphql::grant::Grant;
use crate::graphql::obligation::{Obligation, ObligationState};
use crate::graphql::org_unit::{Locale, OrgUnit, page_cost};
use crate::graphql::requirement::Requirement;
use crate::graphql::scalars::Date;
use crate::store::code::Coded as _;
use crate::store::forests::TreeOn;
use crate::store::reorganizations::{Consequences, Effects, Happening, ObligationEffect as Kept, Reorganization as Record, Status};
use crate::view::SharedView;
use crate::view::page::Page;
use crate::view::units::UnitOnDay;

/// What happens to an obligation when the tree changes (tác động tới nhiệm vụ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Happening")]
pub enum ObligationHappening {
    /// It passes to successors (chuyển giao).
    Transferred,
    /// It binds its unit no more (chấm dứt ràng buộc).
    Released,
    /// It lasts though its unit leaves the issuer's subtree (giữ nguyên).
    Kept,
    /// It comes into being (giao mới).
    Created,
    /// It takes over another one beside what it is (tiếp nhận thêm).
    Linked,
    /// Its unit is back, or gets anew what only an annulled reorganization had given it, and takes it up again (giao lại).
    BoundAgain,
    /// It returns to the state before, since what closed it was a mistake (khôi phục).
    Returned,
}

/// What a reorganization does beyond its changes (tác động). Of a planned one: what it would have done when it was planned. Of one that was
/// cancelled: nothing, since it never took effect.
pub struct ReorganizationEffects {
    view: SharedView,
    record: Record,
    previewed: Option<(Arc<Forest>, Arc<Consequences>)>,
}

impl ReorganizationEffects {
    /// The effects of a batch. What a planned one would have done is kept when it is cancelled, and shown no more: nothing came of it.
    pub(crate) fn of(view: &SharedView, mut record: Record, previewed: Option<(Arc<Forest>, Arc<Consequences>)>) -> Self {
        if record.status == Status::Cancelled {
            (record.units_touched, record.effects) = (0, Effects::default());
        }
        Self { view: view.clone(), record, previewed }
    }

    async fn consequences(&self) -> Outcome<Arc<Consequences>> {
        match &self.previewed {
            Some((_, list)) => Ok(list.clone()),
            None if self.record.status == Status::Cancelled => Ok(Arc::default()),
            None => Ok(self.view.consequences(self.record.id()).await?),
        }
    }

    /// The tree of the batch's day, with the batch.
    async fn forest(&self) -> Outcome<Trees> {
        let on = TreeOn::day(self.record.effective_on);
        let mut tree = self.view.tree_known(on).await?;
        if let Some((forest, _)) = &self.previewed {
            tree.forest = forest.clone();
        }
        Ok(Trees { view: self.view.clone(), tree, on })
    }
}

/// Where the units of an effect are looked up.
#[derive(Clone)]
struct Trees {
    view: SharedView,
    tree: crate::live::Tree,
    on: TreeOn,
}

impl Trees {
    /// The unit on the batch's day; one that began later as it is today.
    fn unit(&self, id: Uuid) -> Option<OrgUnit> {
        let found = UnitOnDay::find(&self.view, &self.tree, self.on, UnitId(id));
        found.or_else(|| UnitOnDay::today(&self.view, UnitId(id))).map(OrgUnit)
    }
}

/// What a reorganization does beyond its changes (tác động). Of a planned one: what it would have done when it was planned. Of one that was
/// cancelled: nothing, since it never took effect.
#[Object]
impl ReorganizationEffects {
    /// How many units are not as they were.
    async fn units_touched(&self) -> usize {
        self.record.units_touched
    }

    /// How many obligations pass to successors, whoever may read them.
    async fn obligations_transferred(&self) -> usize {
        self.record.effects.transferred
    }

    /// How many obligations bind their units no more, whoever may read them.
    async fn obligations_released(&self) -> usize {
        self.record.effects.released
    }

    /// How many obligations come into being, whoever may read them.
    async fn obligations_created(&self) -> usize {
        self.record.effects.created
    }

    /// The grants over units that end: they end with them, and pass to nobody. To administrators, and your own.
    async fn grants_ending(&self) -> Outcome<Vec<Grant>> {
        let held = self.view.grants_that_ended(&self.record.effects.grants_ending).await?;
        Ok(held.into_iter().map(|held| Grant { view: self.view.clone(), held }).collect())
    }

    /// What happens to each obligation, in the order in which the reorganization acts; of units that you may read about.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<ObligationEffect>> {
        // A preview bears another id each time that it is asked for.
        let of = if self.previewed.is_some() { "a preview".to_owned() } else { self.record.id().to_string() };
        let list = Listing::of(ctx, "obligationEffects", of);
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse::<usize>().ok())?;
        let (kept, trees) = (self.consequences().await?, self.forest().await?);
        let seen = self.view.readable_effects(&kept, &trees.tree.forest);
        let page = Page::of_sorted(&seen, &window, |at, key| at.cmp(key));
        let shown = |at: usize| ObligationEffect { trees: trees.clone(), kept: kept[at].clone() };
        Ok(connection(&list, page, ToString::to_string, shown))
    }
}

/// What a reorganization does to one obligation (tác động tới nhiệm vụ), and why.
pub struct ObligationEffect {
    trees: Trees,
    kept: Kept,
}

/// What a reorganization does to one obligation (tác động tới nhiệm vụ), and why.
#[Object]
impl ObligationEffect {
    /// What happens.
    async fn happening(&self) -> ObligationHappening {
        self.kept.happening.into()
    }

    /// The obligation; nothing where it does not exist yet.
    async fn obligation(&self) -> Outcome<Option<Obligation>> {
        match self.kept.obligation {
            None => Ok(None),
            Some(id) => Obligation::find(&self.trees.view, ObligationId(id)).await,
        }
    }

    /// What is required (yêu cầu); nothing where you may not read it.
    async fn requirement(&self) -> Outcome<Option<Requirement>> {
        Requirement::find(&self.trees.view, RequirementId(self.kept.requirement)).await
    }

    /// The unit that it binds, or bound (đơn vị thực hiện).
    async fn unit(&self) -> Option<OrgUnit> {
        self.trees.unit(self.kept.unit)
    }

    /// The period, where its requirement recurs or names one (kỳ).
    async fn period(&self) -> Option<&str> {
        Some(self.kept.period.as_str()).filter(|period| !period.is_empty())
    }

    /// Where it stands afterwards (trạng thái).
    async fn state(&self) -> Outcome<ObligationState> {
        Ok(State::decode(&self.kept.state)?.into())
    }

    /// Its last day afterwards (hạn).
    async fn due_on(&self) -> Option<Date> {
        self.kept.due_on.map(Date)
    }

    /// The rules by which the unit is bound from now on; empty where it is bound no more.
    async fn rules(&self) -> Outcome<Vec<BindingRule>> {
        self.kept.rules.iter().map(|rule| Ok(Rule::decode(rule)?.into())).collect()
    }

    /// Why, in words: those of who decided it, else those of the rule (lý do).
    async fn reason(
        &self,
        #[graphql(desc = "In which language.", default_with = "Some(Locale::Vi)")] locale: Option<Locale>,
    ) -> Outcome<String> {
        if let Some(given) = &self.kept.reason {
            return Ok(given.clone());
        }
        let locale = locale.unwrap_or_default().into();
        let cause = self.kept.cause.as_deref().map(Cause::decode).transpose()?.map(|cause| cause.words(locale).to_owned());
        let rules: Vec<Rule> = self.kept.rules.iter().map(|rule| Rule::decode(rule)).collect::<Result<_, _>>()?;
        let mut words: Vec<&str> = rules.into_iter().map(|rule| rule.words(locale)).collect();
        words.dedup();
        Ok(cause.unwrap_or_else(|| words.join("; ")))
    }

    /// The obligations that it follows by this reorganization, as far as you may read them (nhiệm vụ trước).
    async fn predecessors(&self) -> Outcome<Vec<Obligation>> {
        let ids: Vec<ObligationId> = self.kept.predecessors.iter().copied().map(ObligationId).collect();
        Obligation::all(&self.trees.view, &ids).await
    }

    /// The units that it passes to (đơn vị kế tục).
    async fn successors(&self) -> Vec<OrgUnit> {
        self.kept.successors.iter().filter_map(|unit| self.trees.unit(*unit)).collect()
    }
}
