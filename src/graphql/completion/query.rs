//! From when and from where completions are asked for, and the query for one.

use async_graphql::{Context, Enum, Object, Value};
use chidao_domain::access::{Readable, readable};
use chidao_domain::completion as domain;
use chidao_domain::ids::UnitId;
use chidao_domain::refusal::{InputRefusal, Refusal};

use super::{CascadeThrough, Completion, CompletionFilter, filter};
use crate::graphql::context::view;
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::OrgUnitRef;
use crate::graphql::scalars::{Date, DateTime};
use crate::store::obligations::Obligation as Record;
use crate::view::SharedView;
use crate::view::completion::{self as view_completion, ObligationSet, ObligationsCounted, Standpoint, Subject};

/// Whose obligations are meant, seen from one unit (phạm vi).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Span")]
pub enum Span {
    /// The unit's own.
    Own,
    /// Those of all units below it.
    Below,
    /// Both.
    #[default]
    Subtree,
}

/// On which tree the units of a completion stand (cơ cấu tổ chức).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "view_completion::Structure")]
pub enum Structure {
    /// On today's.
    #[default]
    Now,
    /// On that of the day that is asked for.
    Then,
}

/// From when and on which tree a completion is asked for.
pub(crate) struct When {
    pub(crate) on: Option<Date>,
    pub(crate) structure: Option<Structure>,
    pub(crate) as_known_at: Option<DateTime>,
}

impl When {
    pub(crate) async fn read(self, view: &SharedView) -> Outcome<Standpoint> {
        let structure = self.structure.unwrap_or_default().into();
        Ok(view.standpoint(self.on.map(|day| day.0), structure, self.as_known_at.map(|at| at.0)).await?)
    }
}

/// The completion of a unit's span, for who may read about the unit (A3).
pub(crate) async fn of_unit(
    view: &SharedView,
    (unit, span): (UnitId, Span),
    (subject, filter): (Subject, filter::Filter),
    standpoint: Standpoint,
) -> Outcome<Completion> {
    let readable = readable(view.grants(), view.forest(), unit)?;
    let set = ObligationSet::of_unit(view, readable, span.into(), subject, filter.counted).seen_from(standpoint);
    Completion::of(set.of_kinds(filter.unit_kinds)).await
}

/// From where a directive's obligations are seen: a unit's span, or the whole (C3).
pub(crate) struct Seen {
    view: SharedView,
    readable: Readable,
    span: Option<Span>,
}

/// Reads from where a directive's obligations are seen. Without a unit the viewer must be one who may read about the issuer, and a span
/// is refused (C10).
pub(crate) async fn seen(
    ctx: &Context<'_>,
    view: &SharedView,
    issuer: UnitId,
    unit: Option<OrgUnitRef>,
    span: Option<Span>,
) -> Outcome<Seen> {
    let Some(unit) = unit else {
        let named = ctx
            .field()
            .arguments()
            .is_ok_and(|arguments| arguments.iter().any(|(name, value)| name.as_str() == "span" && *value != Value::Null));
        if named {
            return Err(Refusal::from(InputRefusal::Needs { field: "unit" }).by("C10").within("span").into());
        }
        return Ok(Seen { view: view.clone(), readable: readable(view.grants(), view.forest(), issuer)?, span: None });
    };
    let at = |no: Refusal| no.within("unit");
    let unit = view.resolve_unit(view.tree(), &unit.read().map_err(at)?).await.map_err(|stop| stop.within("unit"))?;
    let readable = readable(view.grants(), view.forest(), unit).map_err(|no| no.within("unit"))?;
    Ok(Seen { view: view.clone(), readable, span: Some(span.unwrap_or_default()) })
}

/// The completion of what is of a subject, from where it is seen.
pub(crate) async fn of_subject(seen: Seen, subject: Subject, filter: Option<CompletionFilter>, when: When) -> Outcome<Completion> {
    let Seen { view, readable, span } = seen;
    let standpoint = when.read(&view).await?;
    let filter = CompletionFilter::read_within(filter, &view).await?;
    let set = match span {
        None => ObligationSet::whole(&view, readable, subject, filter.counted),
        Some(span) => ObligationSet::of_unit(&view, readable, span.into(), subject, filter.counted),
    };
    Completion::of(set.seen_from(standpoint).of_kinds(filter.unit_kinds)).await
}

/// The completion of an obligation's requirement and period, strictly below its unit.
pub(crate) async fn below(view: &SharedView, obligation: &Record) -> Outcome<Completion> {
    let readable = readable(view.grants(), view.forest(), obligation.unit)?;
    let period = obligation.period.as_deref().unwrap_or_default();
    let subject = Subject::Requirement(obligation.requirement, Some(period.into()));
    Completion::of(ObligationSet::of_unit(view, readable, domain::Span::Below, subject, ObligationsCounted::default())).await
}

/// The query about completion.
#[derive(Default)]
pub struct CompletionQuery;

#[Object]
impl CompletionQuery {
    /// How far the obligations of a unit, or of all units below it, have come (tình hình thực hiện): today, or at the end of a past day, `on`,
    /// on today's tree or that day's, as it is or was known.
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn completion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit that `span` is seen from.")] unit: OrgUnitRef,
        #[graphql(desc = "Which obligations are counted; left out: all.")] filter: Option<CompletionFilter>,
        #[graphql(desc = "Whose obligations are counted, seen from the unit.", default_with = "Some(Span::Subtree)")] span: Option<Span>,
        #[graphql(
            desc = "How far \"of a directive\" reaches, where the filter names directives.",
            default_with = "Some(CascadeThrough::Scope)"
        )]
        through: Option<CascadeThrough>,
        #[graphql(desc = "The day at whose end it is counted, today at the latest; left out: today.")] on: Option<Date>,
        #[graphql(desc = "On which tree the units stand.", default_with = "Some(Structure::Now)")] structure: Option<Structure>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
    ) -> Outcome<Completion> {
        let view = view(ctx).await?;
        let standpoint = When { on, structure, as_known_at }.read(&view).await?;
        let at = |no: Refusal| no.within("unit");
        let unit = view.resolve_unit(view.tree(), &unit.read().map_err(at)?).await.map_err(|stop| stop.within("unit"))?;
        let what = CompletionFilter::read(filter, &view, through.unwrap_or_default()).await?;
        of_unit(&view, (unit, span.unwrap_or_default()), what, standpoint).await.map_err(|no| no.within("unit"))
    }
}
