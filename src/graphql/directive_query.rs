//! The queries that find directives.

use async_graphql::{Context, Object};
use chidao_domain::refusal::Code;

use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::view;
use crate::graphql::directive::Directive;
use crate::graphql::directive_input::DirectiveRef;
use crate::graphql::directive_kind::DirectiveKind;
use crate::graphql::directive_list::{DirectiveFilter, DirectiveOrder, List, directives};
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::page_cost;
use crate::store::Stop;
use crate::view::directives::ListOf;

/// The queries about directives.
#[derive(Default)]
pub struct DirectiveQuery;

#[Object]
impl DirectiveQuery {
    /// The directive; nothing where there is none that you may read.
    async fn directive(&self, ctx: &Context<'_>, #[graphql(desc = "Which directive.")] by: DirectiveRef) -> Option<Outcome<Directive>> {
        find(ctx, by).await.transpose()
    }

    /// All directives that you may read, filtered and ordered; the latest first.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn directives(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which directives are meant; left out: all.")] filter: Option<DirectiveFilter>,
        #[graphql(desc = "In which order; left out: `ISSUED_ON`.")] order_by: Option<DirectiveOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
        #[graphql(desc = "How many items at most, from the end (1 to 100); not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor, of the same list with the same filter and order.")] before: Option<String>,
    ) -> Outcome<Connection<Directive>> {
        let view = view(ctx).await?;
        let list = List { name: "directives", filter, order_by, paging: Paging { first, after, last, before } };
        directives(ctx, &view, list, ListOf::Nobody).await
    }

    /// The register of kinds of directive.
    async fn directive_kinds(&self, ctx: &Context<'_>) -> Outcome<Vec<DirectiveKind>> {
        Ok(view(ctx).await?.directive_kinds().await?.iter().cloned().map(DirectiveKind).collect())
    }
}

async fn find(ctx: &Context<'_>, by: DirectiveRef) -> Outcome<Option<Directive>> {
    let view = view(ctx).await?;
    match view.find_directive(&by.read().map_err(|no| no.within("by"))?).await {
        Ok(sighted) => Ok(Some(Directive { view: view.clone(), sighted })),
        Err(Stop::Refused(no)) if no.iter().all(|no| no.code() == Code::NotFound) => Ok(None),
        Err(stop) => Err(stop.within("by").into()),
    }
}
