//! Things by their global ids.

use async_graphql::{Context, ID, Interface, Object};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::graphql::comment::Comment;
use crate::graphql::context::view;
use crate::graphql::directive::Directive;
use crate::graphql::error::Outcome;
use crate::graphql::grant::Grant;
use crate::graphql::id::{NodeId, node_id};
use crate::graphql::journal::JournalEntry;
use crate::graphql::obligation::Obligation;
use crate::graphql::org_unit::OrgUnit;
use crate::graphql::person::{Appointment, Person};
use crate::graphql::principal::{Principal, Service, User};
use crate::graphql::reorganization::Reorganization;
use crate::graphql::report::Report;
use crate::graphql::requirement::Requirement;
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque and global."))]
pub enum Node {
    /// A unit, as it is today.
    OrgUnit(OrgUnit),
    /// A reorganization.
    Reorganization(Reorganization),
    /// A directive.
    Directive(Directive),
    /// A requirement.
    Requirement(Requirement),
    /// An obligation.
    Obligation(Obligation),
    /// A report.
    Report(Report),
    /// A comment on a draft.
    Comment(Comment),
    /// A person.
    Person(Person),
    /// An appointment.
    Appointment(Appointment),
    /// A user.
    User(User),
    /// A service.
    Service(Service),
    /// A grant.
    Grant(Grant),
    /// An entry of the journal.
    JournalEntry(JournalEntry),
}

impl From<Principal> for Node {
    fn from(principal: Principal) -> Self {
        match principal {
            Principal::User(user) => Self::User(user),
            Principal::Service(service) => Self::Service(service),
        }
    }
}

/// The thing behind an id; `None` where there is none that the viewer may know of (A5).
pub(crate) async fn find(view: &SharedView, id: NodeId) -> Outcome<Option<Node>> {
    Ok(match id {
        NodeId::OrgUnit(id) => UnitOnDay::today(view, id).map(|unit| OrgUnit(unit).into()),
        NodeId::Reorganization(id) => view.reorganization(id).await?.map(|record| Reorganization::of(view, record).into()),
        NodeId::Person(id) => Person::today(view, id).await?.map(Into::into),
        NodeId::Appointment(id) => Appointment::today(view, id).await?.map(Into::into),
        NodeId::Principal(id) => view.principal(id).await?.map(|record| Principal::of(view, record).into()),
        NodeId::Grant(id) => view.grant(id).await?.map(|held| Grant { view: view.clone(), held }.into()),
        NodeId::JournalEntry(position) => view.journal_entry(position).await?.map(|recorded| JournalEntry::of(view, recorded).into()),
        NodeId::Directive(id) => Directive::find(view, id).await?.map(Into::into),
        NodeId::Requirement(id) => Requirement::find(view, id).await?.map(Into::into),
        NodeId::Obligation(id) => Obligation::find(view, id).await?.map(Into::into),
        NodeId::Report(id) => Report::find(view, id).await?.map(Into::into),
        NodeId::Comment(id) => Comment::find(view, id).await?.map(Into::into),
    })
}

/// Ids in one call at the most.
const IDS: usize = 100;

/// The queries by global id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with that id; nothing where there is none, or none that the viewer may know of.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its global id.")] id: ID) -> Option<Outcome<Node>> {
        one(ctx, &id).await.map_err(|no| no.within("id")).transpose()
    }

    /// The things with those ids, at most 100, each in its place.
    #[graphql(complexity = "1 + ids.len() * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global ids, at most 100.")] ids: Vec<ID>,
    ) -> Outcome<Vec<Option<Node>>> {
        if ids.len() > IDS {
            return Err(Refusal::from(InputRefusal::TooMany { limit: IDS, count: ids.len() }).within("ids").into());
        }
        // Asked together, so that loaders read things of one sort in one statement.
        let each = ids.iter().enumerate().map(async |(at, id)| one(ctx, id).await.map_err(|no| no.at(at).within("ids")));
        futures_util::future::try_join_all(each).await
    }
}

async fn one(ctx: &Context<'_>, id: &ID) -> Outcome<Option<Node>> {
    let view = view(ctx).await?;
    find(&view, node_id(id)?).await
}
