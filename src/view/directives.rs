//! Directives as they are read, by whom they may be read (A3).

mod loaders;

pub(crate) use loaders::{AnswerAwaited, CommentsAsked};
pub use loaders::{
    BindingsOf, BoundUnits, CommentsOf, DirectiveLists, DirectiveLoaders, DirectiveTerms, DirectivesAsked, LineagesOf, ListOf,
};

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::day::DayRange;
use chidao_domain::directive::{DirectiveRef, DirectiveStatus, Implements};
use chidao_domain::ids::{CommentId, DirectiveId, UnitId};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;

use crate::store::comments::Comment;
use crate::store::directive_lists::{Backwards, DirectiveOrder, DirectivePart, DirectiveSelection};
use crate::store::registers::DirectiveKind;
use crate::store::sights::Sighted;
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{End, Page, Window};

/// Which directives a list holds, as a client says it; what is left out does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct DirectiveFilter {
    /// Words of the title, or a symbol.
    pub search: Option<String>,
    /// Only in these states; empty: any.
    pub statuses: Vec<DirectiveStatus>,
    /// Only of these kinds; empty: any.
    pub kinds: Vec<String>,
    /// Only of this issuer.
    pub issuer: Option<UnitRef>,
    /// Only of this unit and those below it.
    pub under: Option<UnitRef>,
    /// Only issued in the range.
    pub issued: DayRange,
    /// Only those that implement this one.
    pub implements: Option<DirectiveRef>,
}

impl View {
    /// The directive with that id, if there is one that the caller may read.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn directive(&self, id: DirectiveId) -> Result<Option<Arc<Sighted>>, Arc<Fault>> {
        self.loaders().directives.load_one(id).await
    }

    /// The register of kinds of directive, read once for a view.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn directive_kinds(&self) -> Result<Arc<[DirectiveKind]>, Arc<Fault>> {
        let kinds = self.loaders().directive_kinds.load_one(()).await?;
        Ok(kinds.unwrap_or_else(|| Arc::new([])))
    }

    /// Every directive above one in the lineage, each once, furthest first (D4).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn lineage(&self, id: DirectiveId) -> Result<Vec<DirectiveId>, Fault> {
        Ok(self.loaders().of_directives.lineages.load_one(id).await.map_err(Fault::shared)?.unwrap_or_default())
    }

    /// The directive that a reference points at, if there is one that the caller may read.
    ///
    /// # Errors
    /// A refusal where the reference is not well formed or fits several, or a fault of the database.
    pub async fn find_directive(&self, by: &DirectiveRef) -> Result<Arc<Sighted>, Stop> {
        let found = self.loaders().named_directives.load_one(by.clone()).await.map_err(Fault::shared)?;
        Ok(found.ok_or_else(|| Fault::Other("a name of a directive was not looked up".into()))??)
    }

    /// Which directives a client asks for.
    ///
    /// # Errors
    /// A refusal, below `filter`, where it points at nothing, or a fault of the database.
    pub async fn select_directives(&self, filter: &DirectiveFilter) -> Result<DirectiveSelection, Stop> {
        let at = |field: &'static str| move |stop: Stop| stop.within(field).within("filter");
        let known = self.directive_kinds().await.map_err(Fault::shared)?;
        let unknown = filter.kinds.iter().enumerate().find(|(_, code)| !known.iter().any(|kind| kind.code == **code));
        if let Some((place, code)) = unknown {
            let unknown = InputRefusal::NotFound { wanted: Noun::DirectiveKind, given: code.clone() };
            return Err(Refusal::from(unknown).at(place).within("kinds").within("filter").into());
        }
        let mut issuers: Option<Vec<UnitId>> = None;
        if let Some(issuer) = &filter.issuer {
            issuers = Some(vec![self.resolve_unit(self.tree(), issuer).await.map_err(at("issuer"))?]);
        }
        if let Some(under) = &filter.under {
            let top = self.resolve_unit(self.tree(), under).await.map_err(at("under"))?;
            let below = self.forest().known_under(top);
            let wanted = |unit: &UnitId| issuers.as_ref().is_none_or(|issuers| issuers.contains(unit));
            issuers = Some(self.forest().ids_at(&below).filter(wanted).collect());
        }
        let mut selection = DirectiveSelection {
            search: filter.search.clone(),
            statuses: filter.statuses.clone(),
            kinds: filter.kinds.clone(),
            issuers,
            issued: filter.issued,
            ..DirectiveSelection::default()
        };
        if let Some(target) = &filter.implements {
            selection.narrow_to_implementing(self.find_directive(target).await.map_err(at("implements"))?.directive.id);
        }
        Ok(selection)
    }

    /// A page of a list of directives, as far as the caller may read them; with an owner, of its own.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn directives(
        &self,
        whose: ListOf,
        selection: DirectiveSelection,
        order: DirectiveOrder,
        window: &Window<DirectiveId>,
    ) -> Result<Page<Arc<Sighted>>, Arc<Fault>> {
        let backwards = if window.from == End::Finish { Backwards::Yes } else { Backwards::No };
        let limit = window.limit.saturating_add(1);
        let part = DirectivePart { order, backwards, after: window.after, before: window.before, limit };
        let of = Arc::new(DirectiveTerms { selection, part, count: window.count });
        let listed = self.loaders().of_directives.lists.load_one(DirectivesAsked { whose, of }).await?.unwrap_or_default();
        let page = Page::of_rows(listed.rows, window, listed.total);
        let mut known = self.loaders().directives.load_many(page.items.iter().copied()).await?;
        let Page { items, has_previous, has_next, total } = page;
        let items = items.into_iter().filter_map(|id| known.remove(&id)).collect();
        Ok(Page { items, has_previous, has_next, total })
    }

    /// The comment with that id; who may read its directive may read it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn comment(&self, id: CommentId) -> Result<Option<Comment>, Fault> {
        self.loaders().of_directives.comments.load_one(id).await.map_err(Fault::shared)
    }

    /// Whether a comment on a directive waits for its answer (D5).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn awaits_answer(&self, directive: DirectiveId) -> Result<bool, Fault> {
        let found = self.loaders().of_directives.comments.load_one(AnswerAwaited(directive)).await.map_err(Fault::shared)?;
        Ok(found.is_some())
    }

    /// A page of the comments on a directive that the caller may read, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn comments(&self, directive: DirectiveId, window: &Window<CommentId>) -> Result<Page<Comment>, Fault> {
        let asked = CommentsAsked { on: directive, after: window.after, limit: window.rows(), count: window.count };
        let listed = self.loaders().of_directives.comments.load_one(asked).await.map_err(Fault::shared)?.unwrap_or_default();
        Ok(Page::of_rows(listed.rows, window, listed.total))
    }
}

/// The directives above `from`: one stands before another where its longest way down to `from` is longer.
fn furthest_first(edges: &[Implements], from: DirectiveId) -> Vec<DirectiveId> {
    let mut steps: HashMap<DirectiveId, usize> = HashMap::from([(from, 0)]);
    // A lineage has no cycles (D4), so no way is longer than the edges are many.
    for _ in 0..edges.len() {
        let mut grown = false;
        for edge in edges {
            let Some(below) = steps.get(&edge.from).copied() else { continue };
            let known = steps.entry(edge.to).or_default();
            grown |= *known < below + 1;
            *known = (*known).max(below + 1);
        }
        if !grown {
            break;
        }
    }
    let mut above: Vec<(usize, DirectiveId)> = steps.into_iter().filter(|(id, _)| *id != from).map(|(id, steps)| (steps, id)).collect();
    above.sort_unstable_by_key(|(steps, id)| (Reverse(*steps), *id));
    above.into_iter().map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn d4_the_lineage_of_a_diamond_holds_its_top_once_and_first() {
        let id = |number: u128| DirectiveId(Uuid::from_u128(number));
        let edge = |from, to| Implements { from: id(from), to: id(to) };
        let edges = [edge(1, 2), edge(1, 3), edge(2, 4), edge(3, 4), edge(1, 4)];
        assert_eq!(furthest_first(&edges, id(1)), vec![id(4), id(2), id(3)]);
        assert_eq!(furthest_first(&edges, id(4)), vec![]);
    }
}
