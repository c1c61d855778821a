//! Reports: the type, its figures and what was decided on it.

use async_graphql::{ID, Object, SimpleObject};
use chidao_domain::ids::{ObligationId, ReportId};
use chidao_domain::indicator::{Figure, Goal};
use futures_util::future::{try_join, try_join_all};

use crate::graphql::directive::{Directive, unit};
use crate::graphql::error::Outcome;
use crate::graphql::id::NodeId;
use crate::graphql::obligation::Obligation;
use crate::graphql::org_unit::OrgUnit;
use crate::graphql::principal::Principal;
use crate::graphql::requirement::{Indicator, Requirement};
use crate::graphql::scalars::{Date, DateTime, Decimal};
use crate::store::Fault;
use crate::store::reports::{Report as Record, ReportStanding, Serving};
use crate::view::SharedView;
use crate::view::obligations::{Readings, Served};

/// What a unit says about one or more of its obligations, with evidence and figures (báo cáo).
#[derive(Clone)]
pub struct Report {
    view: SharedView,
    record: Record,
}

impl Report {
    pub(crate) fn of(view: &SharedView, record: Record) -> Self {
        Self { view: view.clone(), record }
    }

    /// The report with that id, if the caller may know of it.
    pub(crate) async fn find(view: &SharedView, id: ReportId) -> Outcome<Option<Self>> {
        Ok(view.report(id).await?.map(|record| Self::of(view, record)))
    }

    async fn obligations_served(&self) -> Outcome<Vec<Obligation>> {
        let ids: Vec<ObligationId> = self.served().await?.iter().map(|serving| serving.obligation).collect();
        Obligation::all(&self.view, &ids).await
    }

    /// The requirements that it reports on, each once, in their order.
    async fn requirements_served(&self) -> Outcome<Vec<Requirement>> {
        let mut ids: Vec<_> = self.obligations_served().await?.iter().map(|obligation| obligation.record.requirement).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = try_join_all(ids.into_iter().map(|id| Requirement::find(&self.view, id))).await?;
        let mut found: Vec<Requirement> = found.into_iter().flatten().collect();
        found.sort_by_key(|requirement| (requirement.kept.directive, requirement.kept.ordinal));
        Ok(found)
    }

    /// What somebody decided on it, of an obligation that the viewer may know of.
    async fn decision(&self, serving: Serving) -> Outcome<Option<ReportDecision>> {
        let (Some(by), Some(at)) = (serving.decided_by, serving.decided_at) else { return Ok(None) };
        // Asked together, so that neither waits for the other in a page of reports.
        let (obligation, by) = try_join(Obligation::find(&self.view, serving.obligation), Principal::written(&self.view, by)).await?;
        let (accepted, reason) = (serving.standing == ReportStanding::Accepted, serving.reason);
        Ok(obligation.map(|obligation| ReportDecision { obligation, accepted, reason, by, at: DateTime(at) }))
    }

    async fn served(&self) -> Outcome<Vec<Serving>> {
        Ok(self.view.loaders().obligations.reports.load_one(Served(self.record.id)).await?.unwrap_or_default())
    }
}

/// What a unit says about one or more of its obligations, with evidence and figures (báo cáo).
#[Object]
impl Report {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// Whose it is (đơn vị báo cáo).
    async fn unit(&self) -> Outcome<OrgUnit> {
        unit(&self.view, self.record.unit)
    }

    /// What it serves; each is verified on its own.
    async fn obligations(&self) -> Outcome<Vec<Obligation>> {
        self.obligations_served().await
    }

    /// The day of the event that it tells of (ngày tổ chức).
    async fn held_on(&self) -> Option<Date> {
        self.record.held_on.map(Date)
    }

    /// The day on which it came: that of its submission or, on paper, the day that a supervisor entered (ngày nhận báo cáo).
    async fn received_on(&self) -> Date {
        Date(self.record.received_on)
    }

    /// What it says (nội dung).
    async fn narrative(&self) -> &str {
        &self.record.narrative
    }

    /// Its figures, each under every indicator that asks for it (số liệu).
    async fn readings(&self) -> Outcome<Vec<Reading>> {
        let given = self.view.loaders().obligations.reports.load_one(Readings(self.record.id)).await?.unwrap_or_default();
        if given.is_empty() {
            return Ok(Vec::new());
        }
        let requirements = self.requirements_served().await?;
        let value = |key: &str| given.iter().find(|(given, _)| given == key).map(|(_, value)| *value);
        let mut readings = Vec::new();
        for (requirement, asked) in requirements.iter().flat_map(|one| one.kept.terms.indicators.iter().map(move |asked| (one, asked))) {
            let Some(figure) = value(&asked.key) else { continue };
            let over = asked.ratio_over.as_deref().and_then(value);
            let goal = asked.goal.zip(asked.goal_direction).map(|(goal, direction)| Goal {
                goal,
                direction,
                parts: asked.goals.iter().map(|part| (part.unit, part.goal)).collect(),
            });
            let meets_goal =
                goal.and_then(|goal| goal.is_met_by_reading(self.record.unit, Figure { value: figure, over }, asked.aggregation));
            readings.extend(requirement.indicator(&asked.key).map(|indicator| Reading { indicator, value: Decimal(figure), meets_goal }));
        }
        Ok(readings)
    }

    /// The document that is its evidence (văn bản kèm theo); nothing also where you may not read it.
    async fn directive(&self) -> Outcome<Option<Directive>> {
        match self.record.directive {
            None => Ok(None),
            Some(id) => Directive::find(&self.view, id).await,
        }
    }

    /// Who entered it (người gửi).
    async fn submitted_by(&self) -> Outcome<Principal> {
        Principal::written(&self.view, self.record.submitted_by).await
    }

    /// When it was entered (thời điểm gửi).
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.record.submitted_at)
    }

    /// What people decided on it, obligation by obligation (kết quả xác nhận).
    async fn decisions(&self) -> Outcome<Vec<ReportDecision>> {
        let served = self.served().await?;
        let decisions = try_join_all(served.into_iter().map(|serving| self.decision(serving))).await?;
        Ok(decisions.into_iter().flatten().collect())
    }
}

/// A figure of a report under an indicator that asks for it (số liệu).
#[derive(SimpleObject)]
pub struct Reading {
    /// The indicator (chỉ tiêu).
    indicator: Indicator,
    /// The figure, exact.
    value: Decimal,
    /// Whether it meets what is set for the unit; nothing where nothing is, or where it cannot be told from one report.
    meets_goal: Option<bool>,
}

/// What was decided on a report for one obligation (kết quả xác nhận).
#[derive(SimpleObject)]
pub struct ReportDecision {
    /// The obligation.
    obligation: Obligation,
    /// Whether it was accepted; else it was returned.
    accepted: bool,
    /// Why it was returned.
    reason: Option<String>,
    /// Who decided.
    by: Principal,
    /// When.
    at: DateTime,
}

/// The reports with those ids, which a mutation wrote, in the order given.
pub(crate) async fn reports(view: &SharedView, ids: &[ReportId]) -> Outcome<Vec<Report>> {
    let found = try_join_all(ids.iter().map(|id| Report::find(view, *id))).await?;
    let shown: Vec<Report> = found.into_iter().flatten().collect();
    if shown.len() < ids.len() {
        return Err(Fault::Other("a report was written and is not there".into()).into());
    }
    Ok(shown)
}
