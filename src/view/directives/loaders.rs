//! What directives, their comments and their bindings are read by: what many of them ask for at the same time is one statement.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::ids::{CommentId, DirectiveId, UnitId};
use uuid::Uuid;

use super::furthest_first;
use crate::office::Glance;
use crate::store::bindings::{Binding, load_bindings, load_bound_units};
use crate::store::comments::{Comment, count_comments, list_comments, load_awaiting_answer, load_comments};
use crate::store::directive_lists::{DirectiveOwner, DirectivePart, DirectiveSelection, count_directives, list_directives};
use crate::store::sights::Eyes;
use crate::store::{Fault, relations};
use crate::view::batched::{Batched, Floor};
use crate::view::page::{Count, Listed};

/// The loaders of lists of directives, and of what is listed below a directive.
pub struct DirectiveLoaders {
    /// Lists that units or directives ask for, each its own.
    pub lists: Batched<DirectiveLists>,
    /// The directives above others.
    pub lineages: Batched<LineagesOf>,
    /// Comments, and lists of them.
    pub comments: Batched<CommentsOf>,
    /// Whom directives bind.
    pub bindings: Batched<BindingsOf>,
}

impl DirectiveLoaders {
    pub(crate) fn new(glance: &Arc<Glance>, floor: &Floor) -> Self {
        Self {
            lists: Batched::new(DirectiveLists(glance.clone()), floor),
            lineages: Batched::new(LineagesOf(glance.clone()), floor),
            comments: Batched::new(CommentsOf(glance.clone()), floor),
            bindings: Batched::new(BindingsOf(glance.clone()), floor),
        }
    }
}

/// Whose list of directives it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListOf {
    /// Nobody's: the one list that there is.
    Nobody,
    /// What a unit issued or drafts.
    Issuer(UnitId),
    /// What implements a directive directly.
    Implementing(DirectiveId),
    /// What binds a unit.
    Binding(UnitId),
}

/// One list of directives that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DirectivesAsked {
    /// Whose.
    pub whose: ListOf,
    /// What it is besides.
    pub of: Arc<DirectiveTerms>,
}

/// What a list of directives holds, which part of it is wanted, and whether anybody asks how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DirectiveTerms {
    /// What it holds.
    pub selection: DirectiveSelection,
    /// Which part, in which order.
    pub part: DirectivePart,
    /// Whether they are counted.
    pub count: Count,
}

/// Loads lists of directives that the caller may read: those that differ in their owner only are one statement.
pub struct DirectiveLists(Arc<Glance>);

impl Loader<DirectivesAsked> for DirectiveLists {
    type Value = Listed<DirectiveId>;
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[DirectivesAsked]) -> Result<HashMap<DirectivesAsked, Self::Value>, Arc<Fault>> {
        let mut groups: HashMap<&Arc<DirectiveTerms>, Vec<ListOf>> = HashMap::new();
        for one in asked {
            groups.entry(&one.of).or_default().push(one.whose);
        }
        let mut found = HashMap::new();
        for (of, owners) in groups {
            let pick = |pick: fn(&ListOf) -> Option<UnitId>| owners.iter().filter_map(pick).collect::<Vec<_>>();
            let issuers = pick(|whose| if let ListOf::Issuer(unit) = whose { Some(*unit) } else { None });
            let bound = pick(|whose| if let ListOf::Binding(unit) = whose { Some(*unit) } else { None });
            let target = |whose: &ListOf| if let ListOf::Implementing(target) = whose { Some(*target) } else { None };
            let targets: Vec<DirectiveId> = owners.iter().filter_map(target).collect();
            if owners.contains(&ListOf::Nobody) {
                self.of_owner(of, DirectiveOwner::Nobody, |_| ListOf::Nobody, &mut found).await?;
            }
            if !issuers.is_empty() {
                self.of_owner(of, DirectiveOwner::Issuers(&issuers), |id| ListOf::Issuer(UnitId(id)), &mut found).await?;
            }
            if !bound.is_empty() {
                self.of_owner(of, DirectiveOwner::Bound(&bound), |id| ListOf::Binding(UnitId(id)), &mut found).await?;
            }
            if !targets.is_empty() {
                let whose = |id| ListOf::Implementing(DirectiveId(id));
                self.of_owner(of, DirectiveOwner::Implemented(&targets), whose, &mut found).await?;
            }
        }
        Ok(found)
    }
}

impl DirectiveLists {
    async fn of_owner(
        &self,
        of: &Arc<DirectiveTerms>,
        owner: DirectiveOwner<'_>,
        whose: impl Fn(Uuid) -> ListOf,
        found: &mut HashMap<DirectivesAsked, Listed<DirectiveId>>,
    ) -> Result<(), Fault> {
        let Glance { snapshot, tree, grants, .. } = &*self.0;
        let eyes = Eyes { engine: snapshot.engine(), forest: &tree.forest, grants };
        let asked = |id: Option<Uuid>| DirectivesAsked { whose: id.map_or(ListOf::Nobody, &whose), of: of.clone() };
        for (id, directive) in list_directives(snapshot.sql(), eyes, (owner, &of.selection), of.part).await? {
            found.entry(asked(id)).or_default().rows.push(directive);
        }
        if of.count == Count::Wanted {
            for (id, total) in count_directives(snapshot.sql(), eyes, owner, &of.selection).await? {
                found.entry(asked(id)).or_default().total = total;
            }
        }
        Ok(())
    }
}

/// Loads the directives above others, furthest first (D4).
pub struct LineagesOf(Arc<Glance>);

impl Loader<DirectiveId> for LineagesOf {
    type Value = Vec<DirectiveId>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Arc<Fault>> {
        let edges = relations::load_edges_above(self.0.snapshot.sql(), self.0.snapshot.engine(), ids).await?;
        Ok(ids.iter().map(|id| (*id, furthest_first(&edges, *id))).collect())
    }
}

/// A part of the comments on a directive, from the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommentsAsked {
    /// The directive.
    pub on: DirectiveId,
    /// Only later ones.
    pub after: Option<CommentId>,
    /// How many at most.
    pub limit: u64,
    /// Whether they are counted.
    pub count: Count,
}

/// Whether a comment on that directive waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnswerAwaited(pub DirectiveId);

/// Loads comments, whoever may read them: look at their directives first.
pub struct CommentsOf(Arc<Glance>);

impl Loader<CommentId> for CommentsOf {
    type Value = Comment;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[CommentId]) -> Result<HashMap<CommentId, Comment>, Arc<Fault>> {
        load_comments(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

impl Loader<CommentsAsked> for CommentsOf {
    type Value = Listed<Comment>;
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[CommentsAsked]) -> Result<HashMap<CommentsAsked, Self::Value>, Arc<Fault>> {
        let (sql, engine) = (self.0.snapshot.sql(), self.0.snapshot.engine());
        let mut groups: HashMap<(Option<CommentId>, u64, Count), Vec<DirectiveId>> = HashMap::new();
        for one in asked {
            groups.entry((one.after, one.limit, one.count)).or_default().push(one.on);
        }
        let mut found: HashMap<CommentsAsked, Self::Value> = HashMap::new();
        for ((after, limit, count), directives) in groups {
            let asked = |on| CommentsAsked { on, after, limit, count };
            for (on, rows) in list_comments(sql, engine, &directives, after, limit).await? {
                found.entry(asked(on)).or_default().rows = rows;
            }
            if count == Count::Wanted {
                for (on, total) in count_comments(sql, &directives).await? {
                    found.entry(asked(on)).or_default().total = total;
                }
            }
        }
        Ok(found)
    }
}

impl Loader<AnswerAwaited> for CommentsOf {
    type Value = ();
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[AnswerAwaited]) -> Result<HashMap<AnswerAwaited, ()>, Arc<Fault>> {
        let directives: Vec<DirectiveId> = asked.iter().map(|one| one.0).collect();
        let found = load_awaiting_answer(self.0.snapshot.sql(), &directives).await?;
        Ok(found.into_iter().map(|directive| (AnswerAwaited(directive), ())).collect())
    }
}

/// Loads whom directives bind, and what binds whom, whoever may read it: look at the directives and the units first.
pub struct BindingsOf(Arc<Glance>);

/// Units that one directive binds.
pub type BoundUnits = Arc<HashSet<UnitId>>;

impl Loader<DirectiveId> for BindingsOf {
    type Value = BoundUnits;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, BoundUnits>, Arc<Fault>> {
        let found = load_bound_units(self.0.snapshot.sql(), self.0.snapshot.engine(), ids).await?;
        Ok(found.into_iter().map(|(id, units)| (id, Arc::new(units))).collect())
    }
}

impl Loader<(DirectiveId, UnitId)> for BindingsOf {
    type Value = Binding;
    type Error = Arc<Fault>;

    async fn load(&self, wanted: &[(DirectiveId, UnitId)]) -> Result<HashMap<(DirectiveId, UnitId), Binding>, Arc<Fault>> {
        load_bindings(self.0.snapshot.sql(), self.0.snapshot.engine(), wanted).await.map_err(Arc::new)
    }
}
