//! Obligations: the type, its lists, and the queries that find them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chidao_domain::access::{ObligationAction as Right, viewer_can_with_obligation};
use chidao_domain::ids::{ObligationId, UnitId};
use chidao_domain::obligation::{Case, ObligationRef as DomainRef, State};
use chidao_domain::succession::Cause;

use crate::graphql::binding::{BindingReason, reasons};
use crate::graphql::completion::{self, Completion};
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::directive::{Directive, unit};
use crate::graphql::error::Outcome;
use crate::graphql::gate::Gate;
use crate::graphql::id::NodeId;
use crate::graphql::journal::{self, JournalEntry};
use crate::graphql::obligation_filter::{ObligationFilter, ObligationOrder, ObligationRef, list_key};
use crate::graphql::org_unit::{OrgUnit, page_cost};
use crate::graphql::report::Report;
use crate::graphql::requirement::Requirement;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::urge::Urge;
use crate::store::Fault;
use crate::store::obligations::{EarlierDueDate, Obligation as Record, ObligationSelection};
use crate::view::SharedView;
use crate::view::obligations::{AsCase, Dischargers, DueDates, Followers, Reasons, Servings, Whose, allows};
use crate::view::page::Page;

/// Where an obligation stands (trạng thái): the first five are open, the others closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub enum ObligationState {
    /// Bound, and nothing has been done (chờ tiếp nhận).
    Pending,
    /// The unit has read it (đã tiếp nhận).
    Acknowledged,
    /// The unit works on it, or it is a standing duty that was reported on (đang thực hiện).
    InProgress,
    /// A report waits to be accepted (đã báo cáo).
    Reported,
    /// The report came back, or what was fulfilled is open again (trả lại).
    Returned,
    /// Done (hoàn thành).
    Fulfilled,
    /// Excused by decision (được miễn).
    Exempt,
    /// No longer binds the unit (không còn ràng buộc).
    Released,
    /// Passed on to a successor (đã chuyển giao).
    Transferred,
    /// Open when its directive was concluded (hết hiệu lực khi chưa xong).
    Lapsed,
}

/// What can be done with an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Right")]
pub enum ObligationAction {
    /// Acknowledge it (tiếp nhận).
    Acknowledge,
    /// Start it (bắt đầu thực hiện).
    Start,
    /// Report on it (báo cáo).
    Report,
    /// Accept the report that waits (xác nhận).
    Accept,
    /// Return the report that waits (trả lại).
    Return,
    /// Exempt the unit from it (miễn).
    Exempt,
    /// Reopen it (mở lại).
    Reopen,
    /// Give it a later date (gia hạn).
    Extend,
    /// Remind the unit of it (đôn đốc).
    Urge,
}

/// A due date that no longer holds (hạn trước đây).
#[derive(SimpleObject)]
pub struct DueDateChange {
    /// The date that held.
    due_on: Date,
    /// Until when it held.
    until: DateTime,
    /// Why it was moved.
    reason: String,
}

impl From<EarlierDueDate> for DueDateChange {
    fn from(earlier: EarlierDueDate) -> Self {
        Self { due_on: Date(earlier.due_on), until: DateTime(earlier.until), reason: earlier.reason }
    }
}

/// One requirement as it binds one unit in one period (nhiệm vụ được giao).
#[derive(Clone)]
pub struct Obligation {
    pub(crate) view: SharedView,
    pub(crate) record: Record,
}

impl Obligation {
    pub(crate) fn of(view: &SharedView, record: Record) -> Self {
        Self { view: view.clone(), record }
    }

    /// The obligation with that id, if the caller may know of it.
    pub(crate) async fn find(view: &SharedView, id: ObligationId) -> Outcome<Option<Self>> {
        Ok(view.obligation(id).await?.map(|record| Self::of(view, record)))
    }

    /// Those of the obligations that the caller may know of, in the order given.
    pub(crate) async fn all(view: &SharedView, ids: &[ObligationId]) -> Outcome<Vec<Self>> {
        let found = futures_util::future::try_join_all(ids.iter().map(|id| Self::find(view, *id))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Its id, and whose it is.
    pub(crate) fn owner(&self) -> (ObligationId, UnitId) {
        (self.record.id, self.record.unit)
    }

    async fn case(&self) -> Outcome<Option<Arc<Case>>> {
        Ok(self.view.loaders().obligations.by_id.load_one(AsCase(self.record.id)).await?)
    }
}

/// One requirement as it binds one unit in one period (nhiệm vụ được giao).
#[Object]
impl Obligation {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// What is required (yêu cầu).
    async fn requirement(&self) -> Outcome<Requirement> {
        let found = Requirement::find(&self.view, self.record.requirement).await?;
        found.ok_or_else(|| lost("requirement", self.record.requirement).into())
    }

    /// By which directive (văn bản chỉ đạo).
    async fn directive(&self) -> Outcome<Directive> {
        let found = Directive::find(&self.view, self.record.directive).await?;
        found.ok_or_else(|| lost("directive", self.record.directive).into())
    }

    /// Whom it binds (đơn vị thực hiện).
    async fn unit(&self) -> Outcome<OrgUnit> {
        unit(&self.view, self.record.unit)
    }

    /// The period that it is of, where its requirement recurs or names one (kỳ).
    async fn period(&self) -> Option<&str> {
        self.record.period.as_deref()
    }

    /// Counts the changes, from 1.
    async fn version(&self) -> i32 {
        self.record.version
    }

    /// Where it stands (trạng thái).
    async fn state(&self) -> ObligationState {
        self.record.state.into()
    }

    /// The last day on which a report is on time (hạn); nothing: no date, which is later than any.
    async fn due_on(&self) -> Option<Date> {
        self.record.due_on.map(Date)
    }

    /// The dates that it had before, the oldest first (các hạn trước đây).
    async fn earlier_due_dates(&self) -> Outcome<Vec<DueDateChange>> {
        let found = self.view.loaders().obligations.by_id.load_one(DueDates(self.record.id)).await?;
        Ok(found.unwrap_or_default().into_iter().map(Into::into).collect())
    }

    /// Whether it is open past its date and no report waits that was in time, or it lapsed (quá hạn).
    async fn overdue(&self) -> bool {
        self.record.timing().is_overdue(self.view.today())
    }

    /// Whether it was fulfilled by a report that came after the date (hoàn thành trễ hạn).
    async fn late(&self) -> bool {
        self.record.timing().is_late()
    }

    /// Days from today to its date, negative after it; nothing where it is closed or has no date (số ngày còn lại).
    async fn days_left(&self) -> Option<i32> {
        self.record.timing().days_left(self.view.today())
    }

    /// Since when it binds the unit (ngày giao).
    async fn bound_on(&self) -> Date {
        Date(self.record.bound_on)
    }

    /// Why it binds the unit (căn cứ); without what reorganizations had given it that were annulled since.
    async fn reasons(&self) -> Outcome<Vec<BindingReason>> {
        let found = self.view.loaders().obligations.by_id.load_one(Reasons(self.record.id)).await?;
        Ok(reasons(&self.view, &found.unwrap_or_default()))
    }

    /// When the unit took note of it (thời điểm tiếp nhận).
    async fn acknowledged_at(&self) -> Option<DateTime> {
        self.record.acknowledged_at.map(DateTime)
    }

    /// The day on which its latest report came (ngày báo cáo).
    async fn reported_on(&self) -> Option<Date> {
        self.record.reported_on.map(Date)
    }

    /// The day on which its fulfilment was recorded (ngày hoàn thành).
    async fn fulfilled_on(&self) -> Option<Date> {
        self.record.fulfilled_on.map(Date)
    }

    /// The day on which it was closed (ngày kết thúc).
    async fn closed_on(&self) -> Option<Date> {
        self.record.closed_on.map(Date)
    }

    /// Why it was closed, where a reason was given, or a reorganization or another directive closed it (lý do kết thúc); in the language
    /// of `Accept-Language`.
    async fn closing_reason(&self) -> Option<String> {
        let reason = self.record.closing_reason.as_deref();
        let told = |cause: Cause| cause.told(reason, self.view.locale());
        self.record.closing_cause.map(told).or_else(|| reason.map(str::to_owned))
    }

    /// The obligations that it follows since units ended or were split, as far as you may read them (nhiệm vụ trước).
    async fn predecessors(&self) -> Outcome<Vec<Obligation>> {
        let found = self.view.loaders().obligations.by_id.load_one(Reasons(self.record.id)).await?.unwrap_or_default();
        let ids: Vec<ObligationId> = found.into_iter().filter_map(|reason| reason.predecessor()).collect();
        Obligation::all(&self.view, &ids).await
    }

    /// The obligations that follow it since its unit ended or was split, as far as you may read them (nhiệm vụ kế tục).
    async fn successors(&self) -> Outcome<Vec<Obligation>> {
        let found = self.view.loaders().obligations.by_id.load_one(Followers(self.record.id)).await?.unwrap_or_default();
        Obligation::all(&self.view, &found).await
    }

    /// Its latest report (báo cáo gần nhất).
    async fn latest_report(&self) -> Outcome<Option<Report>> {
        let servings = self.view.loaders().obligations.by_id.load_one(Servings(self.record.id)).await?.unwrap_or_default();
        match servings.first() {
            None => Ok(None),
            Some(latest) => Report::find(&self.view, latest.report).await,
        }
    }

    /// All reports on it, the latest first (các báo cáo).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Report>> {
        let list = Listing::of(ctx, "obligation.reports", self.record.id);
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok())?;
        let page = self.view.reports_on(self.record.id, &window).await?;
        Ok(connection(&list, page, |(version, _)| version.to_string(), |(_, report)| Report::of(&self.view, report)))
    }

    /// What must be closed before it can be fulfilled; nothing where nothing must (điều kiện hoàn thành).
    async fn gate(&self) -> Outcome<Option<Gate>> {
        Ok(self.case().await?.and_then(|case| Gate::of(&self.view, &case)))
    }

    /// The reminders to its unit that it is overdue, the latest first (đôn đốc).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn urges(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Urge>> {
        let list = Listing::of(ctx, "obligation.urges", self.record.id);
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok())?;
        let page = self.view.urges(self.record.id, &window).await?;
        Ok(connection(&list, page, |urge| urge.id.to_string(), |record| Urge { view: self.view.clone(), record }))
    }

    /// The directives that were issued or named to do what it asks (văn bản thực hiện).
    async fn discharged_by(&self) -> Outcome<Vec<Directive>> {
        let ids = self.view.loaders().obligations.by_id.load_one(Dischargers(self.record.id)).await?.unwrap_or_default();
        Directive::readable(&self.view, ids).await
    }

    /// What was done to it, in its order (nhật ký).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<JournalEntry>> {
        journal::history(ctx, &self.view, self.record.id.into(), Paging::forward(first, after)).await
    }

    /// How far the same requirement and period have come, strictly below this unit (tình hình của cấp dưới).
    async fn below(&self) -> Outcome<Completion> {
        completion::below(&self.view, &self.record).await
    }

    /// What you may do with it now.
    async fn viewer_can(&self) -> Outcome<Vec<ObligationAction>> {
        let Some(case) = self.case().await? else { return Ok(Vec::new()) };
        let (grants, forest, viewer) = (self.view.grants(), self.view.forest(), self.view.caller().id());
        let allowed = |wanted| allows((forest, self.view.today()), &case, wanted, viewer);
        let may = viewer_can_with_obligation(grants, forest, self.record.sight(), allowed);
        Ok(may.into_iter().map(Into::into).collect())
    }
}

fn lost(table: &'static str, id: impl ToString) -> Fault {
    Fault::Corrupt { table, wanted: "row behind an obligation", value: id.to_string() }
}

/// A page of the obligations that a filter selects; with an owner, of its own.
pub(crate) async fn obligations(
    ctx: &Context<'_>,
    view: &SharedView,
    (name, whose): (&str, Whose),
    (filter, order_by): (Option<ObligationFilter>, Option<ObligationOrder>),
    paging: Paging,
) -> Outcome<Connection<Obligation>> {
    let order = order_by.unwrap_or(ObligationOrder::DueOn);
    let list = Listing::of(ctx, format_args!("{name}.{order:?}"), format_args!("{whose:?}"));
    let filter = filter.unwrap_or_default().read().map_err(|no| no.within("filter"))?;
    let selection = view.select_obligations(&filter).await.map_err(|stop| stop.within("filter"))?;
    selected(ctx, view, (list, whose), (selection, order), paging).await
}

/// A page of a selection; lists of other slices open what stands behind their numbers with it.
pub(crate) async fn selected(
    ctx: &Context<'_>,
    view: &SharedView,
    (list, whose): (Listing, Whose),
    (selection, order): (ObligationSelection, ObligationOrder),
    paging: Paging,
) -> Outcome<Connection<Obligation>> {
    let window = paging.window(ctx, &list, |key| order.key(key))?;
    let page = view.list_obligations(whose, selection, order.into(), &window).await?;
    Ok(shown(view, &list, order, page))
}

/// The connection of a page in an order.
pub(crate) fn shown(view: &SharedView, list: &Listing, order: ObligationOrder, page: Page<Record>) -> Connection<Obligation> {
    connection(list, page, |record| list_key(order, record), |record| Obligation::of(view, record))
}

/// The queries about obligations.
#[derive(Default)]
pub struct ObligationQuery;

#[Object]
impl ObligationQuery {
    /// The obligation; nothing where there is none that you may read.
    async fn obligation(&self, ctx: &Context<'_>, #[graphql(desc = "Which obligation.")] by: ObligationRef) -> Option<Outcome<Obligation>> {
        find(ctx, by).await.transpose()
    }

    /// The obligations of the units that you may read about, filtered and ordered.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which obligations are meant; where it is empty: all.")] filter: ObligationFilter,
        #[graphql(desc = "In which order; left out: `DUE_ON`.")] order_by: Option<ObligationOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
        #[graphql(desc = "How many items at most, from the end (1 to 100); not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor, of the same list with the same filter and order.")] before: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let list = ("obligations", Whose::Nobodys);
        obligations(ctx, &view(ctx).await?, list, (Some(filter), order_by), Paging { first, after, last, before }).await
    }
}

async fn find(ctx: &Context<'_>, by: ObligationRef) -> Outcome<Option<Obligation>> {
    let view = view(ctx).await?;
    let by: DomainRef = by.read().map_err(|no| no.within("by"))?;
    Ok(view.find_obligation(&by).await?.map(|record| Obligation::of(&view, record)))
}
