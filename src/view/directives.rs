//! Directives as they are read, by whom they may be read (A3).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::directive::{DirectiveRef, Implements};
use chidao_domain::ids::{CommentId, DirectiveId};

use crate::store::comments::{self, Comment};
use crate::store::registers::DirectiveKind;
use crate::store::sights::{self, Eyes, Sighted};
use crate::store::{Fault, Stop, directives};
use crate::view::View;
use crate::view::page::{Count, Page, Window};

impl View {
    /// Who reads, on today's tree.
    pub(crate) fn eyes(&self) -> Eyes<'_> {
        Eyes { engine: self.engine(), forest: self.forest(), grants: self.grants() }
    }

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
        let edges = directives::load_edges_above(self.sql(), self.engine(), id).await?;
        Ok(furthest_first(&edges, id))
    }

    /// The directive that a reference points at, if there is one that the caller may read.
    ///
    /// # Errors
    /// A refusal where the reference is not well formed or fits several, or a fault of the database.
    pub async fn find_directive(&self, by: &DirectiveRef) -> Result<Arc<Sighted>, Stop> {
        sights::find_readable(self.sql(), self.eyes(), by).await.map(Arc::new)
    }

    /// The comment with that id; who may read its directive may read it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn comment(&self, id: CommentId) -> Result<Option<Comment>, Fault> {
        comments::load_comment(self.sql(), id).await
    }

    /// A page of the comments on a directive that the caller may read, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn comments(&self, directive: DirectiveId, window: &Window<CommentId>) -> Result<Page<Comment>, Fault> {
        let limit = u64::try_from(window.limit.saturating_add(1)).unwrap_or(u64::MAX);
        let rows = comments::list_comments(self.sql(), directive, window.after, limit).await?;
        let total = match window.count {
            Count::Wanted => usize::try_from(comments::count_comments(self.sql(), directive).await?).unwrap_or(usize::MAX),
            Count::Unwanted => 0,
        };
        Ok(Page::of_rows(rows, window, total))
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
