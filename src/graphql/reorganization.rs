//! Reorganizations: the type and the query.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use chidao_domain::forest::Forest;
use chidao_domain::ids::ReorganizationId;

use crate::command::ReorganizationPreview;
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::directive::Directive;
use crate::graphql::error::Outcome;
use crate::graphql::id::NodeId;
use crate::graphql::org_unit::page_cost;
use crate::graphql::reorganization_effects::ReorganizationEffects;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::structural_change::{Shown, StructuralChange};
use crate::store::Fault;
use crate::store::forests::TreeOn;
use crate::store::reorganizations::{Consequences, Reorganization as Record, Status};
use crate::view::SharedView;

/// Where a reorganization stands (trạng thái).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub enum ReorganizationStatus {
    /// It was only looked at: nothing is written (xem trước).
    Preview,
    /// It takes effect on its day (dự kiến).
    Planned,
    /// It holds (có hiệu lực).
    Enacted,
    /// It was planned, and given up before its day (huỷ).
    Cancelled,
    /// It held, and was taken back as a mistake (thu hồi).
    Annulled,
}

/// One dated, atomic batch of changes to the tree (đợt sắp xếp tổ chức).
pub struct Reorganization {
    view: SharedView,
    record: Record,
    /// In a preview: what would be.
    previewed: Option<(Arc<Forest>, Arc<Consequences>)>,
}

impl Reorganization {
    /// One that is kept.
    pub(crate) fn of(view: &SharedView, record: Record) -> Self {
        Self { view: view.clone(), record, previewed: None }
    }

    /// The same, as it would be.
    pub(crate) fn previewed(self, preview: Option<ReorganizationPreview>) -> Self {
        Self { previewed: preview.map(|preview| (preview.forest, Arc::new(preview.consequences))), ..self }
    }
}

/// One dated, atomic batch of changes to the tree (đợt sắp xếp tổ chức).
#[Object]
impl Reorganization {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id()).encode()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.record.title
    }

    /// The day from which it holds (ngày hiệu lực).
    async fn effective_on(&self) -> Date {
        Date(self.record.effective_on)
    }

    /// The directive that orders it (căn cứ pháp lý); nothing where there is none that you may read.
    async fn legal_basis(&self) -> Option<Outcome<Directive>> {
        match self.record.legal_basis() {
            None => None,
            Some(id) => Directive::find(&self.view, id).await.transpose(),
        }
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.record.recorded_at)
    }

    /// Where it stands.
    async fn status(&self) -> ReorganizationStatus {
        self.record.status.into()
    }

    /// Why it was cancelled or annulled.
    async fn taken_back_because(&self) -> Option<&str> {
        self.record.taken_back_because.as_deref()
    }

    /// The reorganization that it takes back, where it is an annulment.
    async fn annuls(&self) -> Option<Outcome<Reorganization>> {
        let id = self.record.annuls()?;
        Some(Box::pin(find(&self.view, id)).await)
    }

    /// What it changed, or was to change where it is planned or was cancelled, in its order; units as they are on its day.
    async fn changes(&self) -> Outcome<Vec<StructuralChange>> {
        let on = TreeOn::day(self.record.effective_on);
        let mut tree = self.view.tree_known(on).await?;
        if let Some((forest, _)) = &self.previewed {
            tree.forest = forest.clone();
        }
        let shown = Shown { view: &self.view, tree: &tree, on };
        Ok(self.record.changes.iter().filter_map(|change| shown.change(change)).collect())
    }

    /// What it does beyond its changes.
    async fn effects(&self) -> ReorganizationEffects {
        ReorganizationEffects::of(&self.view, self.record.clone(), self.previewed.clone())
    }
}

/// The reorganization with that id, which something that is stored points at.
pub(crate) async fn find(view: &SharedView, id: ReorganizationId) -> Outcome<Reorganization> {
    let record = view.reorganization(id).await?;
    let record = record.ok_or_else(|| Fault::Corrupt { table: "reorganization", wanted: "row", value: id.to_string() })?;
    Ok(Reorganization::of(view, record))
}

/// The queries about reorganizations.
#[derive(Default)]
pub struct ReorganizationQuery;

#[Object]
impl ReorganizationQuery {
    /// All reorganizations, the latest first.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn reorganizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Reorganization>> {
        let view = view(ctx).await?;
        let list = Listing::of(ctx, "reorganizations", "");
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok().map(ReorganizationId))?;
        let page = view.reorganizations(&window).await?;
        Ok(connection(&list, page, |record| record.id.to_string(), |record| Reorganization::of(&view, record)))
    }
}
