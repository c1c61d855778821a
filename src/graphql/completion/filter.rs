//! Which obligations a completion counts, as clients say it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Enum, ID, InputObject};
use chidao_domain::day::DayRange;
use chidao_domain::ids::{DirectiveId, RequirementId};
use chidao_domain::kind::KindCode;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};

use crate::graphql::directive_input::{DirectiveRef, sought_period};
use crate::graphql::directive_words::RequirementKind;
use crate::graphql::error::Outcome;
use crate::graphql::id::typed;
use crate::graphql::scalars::Date;
use crate::store::Fault;
use crate::view::SharedView;
use crate::view::completion::{ObligationsCounted, Reach, Subject};

/// How far "of a directive" reaches (đường triển khai).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "Reach")]
pub enum CascadeThrough {
    /// The directive itself.
    #[default]
    Scope,
    /// The directive and everything issued that implements, amends or supplements it, directly or not; each once.
    Lineage,
}

/// A range of days; both ends belong to it, and one that is left out is open.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct DateRange {
    /// Its first day.
    from: Option<Date>,
    /// Its last day.
    to: Option<Date>,
}

impl DateRange {
    /// What it says.
    pub(crate) fn read(self) -> DayRange {
        DayRange { from: self.from.map(|day| day.0), to: self.to.map(|day| day.0) }
    }
}

/// Which obligations are counted; what is left out, or is an empty list, does not narrow it.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompletionFilter {
    /// Whether their directive must be in force, or must have ended.
    in_force: Option<bool>,
    /// Only those of these directives.
    directives: Option<Vec<DirectiveRef>>,
    /// Only those of these requirements.
    requirements: Option<Vec<ID>>,
    /// Only those of requirements of these kinds.
    kinds: Option<Vec<RequirementKind>>,
    /// Only those of units that have one of these kinds on the day of the tree, or had it last.
    unit_kinds: Option<Vec<String>>,
    /// Only those that are due on one of these days.
    due: Option<DateRange>,
    /// Only those that have a due date, or only those that have none; left out: both.
    dated: Option<bool>,
    /// Only those of this period, for example `2020-12`.
    period: Option<String>,
}

/// A filter that has been read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// What the store can tell.
    pub(crate) counted: ObligationsCounted,
    /// What the tree tells.
    pub(crate) unit_kinds: Option<BTreeSet<KindCode>>,
}

impl CompletionFilter {
    /// The filter, and whose obligations it names: of its directives as far as `through` reaches, or of all.
    pub(crate) async fn read(filter: Option<Self>, view: &SharedView, through: CascadeThrough) -> Outcome<(Subject, Filter)> {
        let (directives, filter) = Self::parts(filter, view).await?;
        let subject = directives.map_or(Subject::Everything, |directives| Subject::Directives(directives, through.into()));
        Ok((subject, filter))
    }

    /// The filter for a subject that is given: directives that it names narrow it to their own obligations.
    pub(crate) async fn read_within(filter: Option<Self>, view: &SharedView) -> Outcome<Filter> {
        let (directives, filter) = Self::parts(filter, view).await?;
        Ok(Filter { counted: ObligationsCounted { directives, ..filter.counted }, ..filter })
    }

    async fn parts(filter: Option<Self>, view: &SharedView) -> Outcome<(Option<BTreeSet<DirectiveId>>, Filter)> {
        let mut filter = filter.unwrap_or_default();
        let mut directives = None;
        for (at, given) in filter.directives.take().unwrap_or_default().iter().enumerate() {
            let place = |no: Refusal| no.at(at).within("directives").within("filter");
            let named = given.read().map_err(place)?;
            let found = view.loaders().named_directives.load_one(named).await?;
            let found = found.ok_or_else(|| Fault::Other("a name of a directive was not looked up".into()))?.map_err(place)?;
            directives.get_or_insert_with(BTreeSet::new).insert(found.directive.id);
        }
        Ok((directives, filter.narrowing(view).map_err(|no| no.within("filter"))?))
    }

    /// The filter without the directives that it names.
    fn narrowing(self, view: &SharedView) -> Result<Filter, Refusal> {
        let due = self.due.unwrap_or_default();
        let requirements = self.requirements.filter(|ids| !ids.is_empty()).map(|ids| requirements(&ids)).transpose()?;
        let unit_kinds = self.unit_kinds.filter(|kinds| !kinds.is_empty()).map(|kinds| unit_kinds(&kinds, view)).transpose()?;
        let kinds = self.kinds.filter(|kinds| !kinds.is_empty());
        let counted = ObligationsCounted {
            in_force: self.in_force,
            directives: None,
            requirements,
            kinds: kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            due_from: due.from.map(|day| day.0),
            due_to: due.to.map(|day| day.0),
            dated: self.dated,
            period: sought_period(self.period.as_deref(), "period")?.map(Arc::from),
        };
        Ok(Filter { counted, unit_kinds })
    }
}

fn requirements(ids: &[ID]) -> Result<BTreeSet<RequirementId>, Refusal> {
    ids.iter().enumerate().map(|(at, id)| typed(id).map_err(|no| no.at(at).within("requirements"))).collect()
}

/// Kinds that the register knows, at `unitKinds`.
pub(crate) fn unit_kinds(codes: &[String], view: &SharedView) -> Result<BTreeSet<KindCode>, Refusal> {
    let known = |(at, code): (usize, &String)| {
        let kind = view.tree().kinds.get(code).map(|kind| kind.code.clone());
        let unknown = || InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: code.clone() };
        kind.ok_or_else(|| Refusal::from(unknown()).at(at).within("unitKinds"))
    };
    codes.iter().enumerate().map(known).collect()
}
