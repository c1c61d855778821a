//! Directives: the type and its lists.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chidao_domain::access::{DirectiveMatter, viewer_can_with_directive};
use chidao_domain::directive as domain;
use chidao_domain::ids::{CommentId, DirectiveId, UnitId};
use chidao_domain::symbol::Symbol;

use crate::graphql::binding::{self, Binding};
use crate::graphql::comment::Comment;
use crate::graphql::completion::{self, CascadeNode, CascadeThrough, Completion, CompletionFilter, Span, Structure, When};
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::coverage::Coverage;
use crate::graphql::directive_kind::DirectiveKind;
use crate::graphql::directive_list::{DirectiveFilter, List, directives};
use crate::graphql::directive_relation::DirectiveRelation;
use crate::graphql::directive_words::{DirectiveAction, DirectiveStatus, IssuingBody, RelationKind};
use crate::graphql::error::Outcome;
use crate::graphql::id::NodeId;
use crate::graphql::journal::{self, JournalEntry};
use crate::graphql::obligation::Obligation;
use crate::graphql::org_unit::{ExternalId, OrgUnit, OrgUnitRef, page_cost};
use crate::graphql::org_unit_filter::OrgUnitFilter;
use crate::graphql::person::Appointment;
use crate::graphql::requirement::Requirement;
use crate::graphql::scalars::{Date, DateTime};
use crate::store::Fault;
use crate::store::directives::Directive as Record;
use crate::store::relations::Relation;
use crate::store::sights::Sighted;
use crate::view::SharedView;
use crate::view::completion::Subject;
use crate::view::directives::ListOf;
use crate::view::units::UnitOnDay;

/// A document that one unit issues (văn bản chỉ đạo): resolution, action programme, plan, orientation.
#[derive(Clone)]
pub struct Directive {
    pub(crate) view: SharedView,
    pub(crate) sighted: Arc<Sighted>,
}

impl Directive {
    /// The directive with that id, if the caller may read it.
    pub(crate) async fn find(view: &SharedView, id: DirectiveId) -> Outcome<Option<Self>> {
        Ok(view.directive(id).await?.map(|sighted| Self { view: view.clone(), sighted }))
    }

    /// A directive as a preview shows it.
    pub(crate) fn previewed(view: &SharedView, record: Record) -> Self {
        Self { view: view.clone(), sighted: Arc::new(Sighted::to_issuer(record)) }
    }

    /// Those of the directives that the caller may read, in the order given.
    pub(crate) async fn readable(view: &SharedView, ids: Vec<DirectiveId>) -> Outcome<Vec<Self>> {
        let mut found = view.loaders().directives.load_many(ids.iter().copied()).await?;
        let shown = |sighted| Self { view: view.clone(), sighted };
        Ok(ids.iter().filter_map(|id| found.remove(id)).map(shown).collect())
    }

    /// The unit that issues it.
    pub(crate) fn issuer_id(&self) -> UnitId {
        self.record().issuer
    }

    pub(crate) fn record(&self) -> &Record {
        &self.sighted.directive
    }
}

/// A document that one unit issues (văn bản chỉ đạo): resolution, action programme, plan, orientation.
#[Object]
impl Directive {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record().id).encode()
    }

    /// Its number and signs, as they were written (số và ký hiệu); drafts have none.
    async fn symbol(&self) -> Option<&str> {
        self.record().symbol.as_ref().map(Symbol::written)
    }

    /// Its kind (loại văn bản).
    async fn kind(&self) -> Outcome<DirectiveKind> {
        let kinds = self.view.directive_kinds().await?;
        let code = &self.record().kind;
        let found = kinds.iter().find(|kind| kind.code == *code).cloned();
        let unknown = || Fault::Corrupt { table: "directive.kind_code", wanted: "kind", value: code.clone() };
        Ok(DirectiveKind(found.ok_or_else(unknown)?))
    }

    /// In one line (trích yếu).
    async fn title(&self) -> &str {
        &self.record().title
    }

    /// In a few sentences (tóm tắt).
    async fn summary(&self) -> Option<&str> {
        self.record().summary.as_deref()
    }

    /// The text (nội dung).
    async fn body(&self) -> Option<&str> {
        self.record().body.as_deref()
    }

    /// How other systems name it (mã định danh ngoài).
    async fn external_ids(&self) -> Outcome<Vec<ExternalId>> {
        let found = self.view.loaders().directive_external_ids.load_one(self.record().id).await?.unwrap_or_default();
        Ok(found.into_iter().map(|id| ExternalId { scheme: id.scheme.to_string(), value: id.value.to_string() }).collect())
    }

    /// Counts the changes, from 1.
    async fn version(&self) -> i32 {
        self.record().version
    }

    /// Where it stands in its life (trạng thái).
    async fn status(&self) -> DirectiveStatus {
        self.record().status.into()
    }

    /// The unit that issues it (nơi ban hành).
    async fn issuer(&self) -> Outcome<OrgUnit> {
        unit(&self.view, self.record().issuer)
    }

    /// Which body of the unit issues it (cơ quan ban hành).
    async fn issuing_body(&self) -> IssuingBody {
        self.record().issuing_body.into()
    }

    /// The term of the issuer (nhiệm kỳ).
    async fn term(&self) -> Option<&str> {
        self.record().term.as_deref()
    }

    /// The date that the document bears (ngày ban hành).
    async fn issued_on(&self) -> Option<Date> {
        self.record().issued_on.map(Date)
    }

    /// From when it applies (ngày có hiệu lực).
    async fn effective_on(&self) -> Option<Date> {
        self.record().effective_on.map(Date)
    }

    /// The day on which its issue was recorded and its scopes were resolved.
    async fn bound_on(&self) -> Option<Date> {
        self.record().bound_on.map(Date)
    }

    /// The day on which its end was recorded (ngày kết thúc).
    async fn ended_on(&self) -> Option<Date> {
        self.record().ended_on.map(Date)
    }

    /// What was said when it was concluded (kết luận tổng kết).
    async fn conclusion(&self) -> Option<&str> {
        self.record().conclusion.as_deref()
    }

    /// The directives that it carries out (văn bản được cụ thể hóa), as far as you may read them.
    async fn implements(&self) -> Outcome<Vec<Directive>> {
        let relations = self.view.loaders().relations.load_one(self.record().id).await?.unwrap_or_default();
        let implements = relations.iter().filter(|relation| relation.kind == domain::RelationKind::Implements);
        Self::readable(&self.view, implements.map(|relation| relation.to).collect()).await
    }

    /// The directives that carry it out directly (văn bản cụ thể hóa), as far as you may read them.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn implemented_by(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which directives are meant; left out: all.")] filter: Option<DirectiveFilter>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Directive>> {
        let list = List { name: "implementedBy", filter, order_by: None, paging: Paging::forward(first, after) };
        directives(ctx, &self.view, list, ListOf::Implementing(self.record().id)).await
    }

    /// Every directive above it in the lineage, each once, furthest first, as far as you may read them.
    async fn lineage(&self) -> Outcome<Vec<Directive>> {
        Self::readable(&self.view, self.view.lineage(self.record().id).await?).await
    }

    /// What it says of other directives, as far as you may read them.
    async fn relations(
        &self,
        #[graphql(desc = "Only relations of these kinds; left out or empty: of all.")] kinds: Option<Vec<RelationKind>>,
    ) -> Outcome<Vec<DirectiveRelation>> {
        let relations = self.view.loaders().relations.load_one(self.record().id).await?.unwrap_or_default();
        let others = Self::readable(&self.view, relations.iter().map(|relation| relation.to).collect()).await?;
        let shown = |relation: Relation| {
            let to = others.iter().find(|other| other.record().id == relation.to)?.clone();
            Some(DirectiveRelation { kind: relation.kind.into(), from: self.clone(), to, note: relation.note })
        };
        Ok(of_kinds(relations, kinds.as_deref()).filter_map(shown).collect())
    }

    /// What other directives say that changes it: that they amend, supplement, replace or repeal it, or will do so when they are issued (văn
    /// bản sửa đổi, bổ sung, thay thế, bãi bỏ); as far as you may read them. Those that carry it out are `implementedBy`.
    async fn changed_by(
        &self,
        #[graphql(desc = "Only relations of these kinds; left out or empty: of all.")] kinds: Option<Vec<RelationKind>>,
    ) -> Outcome<Vec<DirectiveRelation>> {
        let relations = self.view.loaders().changes.load_one(self.record().id).await?.unwrap_or_default();
        let others = Self::readable(&self.view, relations.iter().map(|relation| relation.from).collect()).await?;
        let shown = |relation: Relation| {
            let from = others.iter().find(|other| other.record().id == relation.from)?.clone();
            Some(DirectiveRelation { kind: relation.kind.into(), from, to: self.clone(), note: relation.note })
        };
        Ok(of_kinds(relations, kinds.as_deref()).filter_map(shown).collect())
    }

    /// What it asks for, in order (yêu cầu, nhiệm vụ).
    async fn requirements(&self) -> Outcome<Vec<Requirement>> {
        let found = self.view.loaders().requirements_of.load_one(self.record().id).await?.unwrap_or_default();
        Ok(found.into_iter().map(|kept| Requirement { directive: self.clone(), kept: Arc::new(kept) }).collect())
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
        #[graphql(desc = "How far \"of a directive\" reaches: here, of this one.", default_with = "Some(CascadeThrough::Scope)")]
        through: Option<CascadeThrough>,
        #[graphql(desc = "The day at whose end it is counted, today at the latest; left out: today.")] on: Option<Date>,
        #[graphql(desc = "On which tree the units stand.", default_with = "Some(Structure::Now)")] structure: Option<Structure>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
    ) -> Outcome<Completion> {
        let seen = completion::seen(ctx, &self.view, self.record().issuer, unit, span).await?;
        let subject = Subject::Directives(BTreeSet::from([self.record().id]), through.unwrap_or_default().into());
        completion::of_subject(seen, subject, filter, When { on, structure, as_known_at }).await
    }

    /// How it reaches lower levels, from a unit (by default the issuer) so many levels down (triển khai theo tầng nấc).
    async fn cascade(
        &self,
        #[graphql(desc = "The unit at the top; left out: the issuer.")] unit: Option<OrgUnitRef>,
        #[graphql(desc = "How many levels below it, from 0 to 10.", default_with = "Some(1)")] depth: Option<i32>,
    ) -> Outcome<CascadeNode> {
        CascadeNode::top(&self.view, self.record(), unit, depth.unwrap_or(1)).await
    }

    /// Who below a unit has issued a document of its own to carry this one out, directly or not, and who has not (tình hình cụ thể hóa). Of the
    /// units below that this directive, or one that implements it, binds; where none of them is bound, of those that have units below them.
    async fn coverage(
        &self,
        #[graphql(desc = "The unit at the top; left out: the issuer.")] unit: Option<OrgUnitRef>,
        #[graphql(desc = "Only units of these kinds, and all of them, bound or not; left out or empty: who is bound.")] unit_kinds: Option<
            Vec<String>,
        >,
    ) -> Outcome<Coverage> {
        Coverage::of(&self.view, self, unit, unit_kinds).await
    }

    /// What was done to it, in its order (nhật ký), as far as you may read it: of a draft only the issuer's line.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<JournalEntry>> {
        journal::history(ctx, &self.view, self.record().id.into(), Paging::forward(first, after)).await
    }

    /// The obligations that its issue reported on, as far as you may read them.
    async fn discharges(&self) -> Outcome<Vec<Obligation>> {
        let found = self.view.loaders().discharges.load_one(self.record().id).await?.unwrap_or_default();
        Obligation::all(&self.view, &found).await
    }

    /// The units that it binds and why (đối tượng thực hiện), in tree order, as far as you may read about them.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn bound_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which units are meant; left out: all that are active on the day.")] filter: Option<OrgUnitFilter>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Binding>> {
        binding::bound_units(ctx, self, filter, Paging::forward(first, after)).await
    }

    /// What units said on it while it was a draft (ý kiến góp ý), oldest first; kept for ever.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Comment>> {
        let list = Listing::of(ctx, "comments", self.record().id);
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok().map(CommentId))?;
        let page = self.view.comments(self.record().id, &window).await?;
        Ok(connection(&list, page, |comment| comment.id.to_string(), |comment| Comment::on(self, comment)))
    }

    /// Who signed, and as what (người ký).
    async fn signed_by(&self) -> Option<Outcome<Appointment>> {
        match self.record().signed_by {
            None => None,
            Some(id) => Appointment::today(&self.view, id).await.transpose(),
        }
    }

    /// What you may do with it now.
    async fn viewer_can(&self) -> Outcome<Vec<DirectiveAction>> {
        let id = self.record().id;
        let requirements = self.view.loaders().requirements_of.load_one(id).await?.unwrap_or_default();
        let has_date = requirements.iter().any(|kept| kept.terms.due_on.is_some());
        let matter = DirectiveMatter { awaits_answer: self.view.awaits_answer(id).await?, has_date };
        let may = viewer_can_with_directive(self.view.grants(), self.view.forest(), self.sighted.sight(), matter);
        Ok(may.into_iter().map(Into::into).collect())
    }
}

/// The relations of these kinds; of all, where none is named.
fn of_kinds(relations: Vec<Relation>, kinds: Option<&[RelationKind]>) -> impl Iterator<Item = Relation> {
    let wanted = move |kind: RelationKind| kinds.is_none_or(|kinds| kinds.is_empty() || kinds.contains(&kind));
    relations.into_iter().filter(move |relation| wanted(relation.kind.into()))
}

/// A unit of today's tree.
pub(crate) fn unit(view: &SharedView, id: UnitId) -> Outcome<OrgUnit> {
    let gone = || Fault::Corrupt { table: "org_unit", wanted: "active unit", value: id.to_string() };
    Ok(UnitOnDay::today(view, id).map(OrgUnit).ok_or_else(gone)?)
}
