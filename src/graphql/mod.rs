//! The GraphQL face: thin. A resolver is a sentence; rules live in `domain`, SQL in `store`, access in `domain::access`.

mod account;
mod binding;
mod comment;
mod completion;
mod connection;
mod context;
mod coverage;
mod directive;
mod directive_input;
mod directive_kind;
mod directive_list;
mod directive_mutation;
mod directive_mutation_input;
mod directive_query;
mod directive_relation;
mod directive_words;
pub mod document;
mod error;
mod gate;
mod grant;
mod id;
mod integrity;
mod journal;
mod journal_action;
mod node;
mod obligation;
mod obligation_filter;
mod obligation_input;
mod obligation_mutation;
mod org_unit;
mod org_unit_filter;
mod org_unit_kind;
mod org_unit_query;
mod org_unit_record;
mod person;
mod principal;
mod register;
mod reorganization;
mod reorganization_effects;
mod reorganization_input;
mod reorganization_mutation;
mod report;
mod requirement;
mod scalars;
mod session;
mod structural_change;
mod succession;
mod succession_decision;
mod types;
mod urge;
mod values;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, Request, Response, Schema, SchemaBuilder};

use crate::config::Limits;
use crate::graphql::context::Asked;
use crate::graphql::types::Types;
use crate::office::{Caller, SharedOffice};

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    org_unit_query::OrgUnitQuery,
    reorganization::ReorganizationQuery,
    directive_query::DirectiveQuery,
    binding::BindingQuery,
    principal::PrincipalQuery,
    person::PersonQuery,
    completion::CompletionQuery,
    journal::JournalQuery,
    node::NodeQuery,
    obligation::ObligationQuery,
    integrity::IntegrityQuery,
);

/// Everything that can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    reorganization_mutation::ReorganizationMutation,
    directive_mutation::DirectiveMutation,
    obligation_mutation::ObligationMutation,
    urge::UrgeMutation,
    session::SessionMutation,
    account::AccountMutation,
    grant::GrantMutation,
    person::PersonMutation,
    comment::CommentMutation,
    register::RegisterMutation,
);

/// The schema.
pub type ChidaoSchema = Schema<Query, Mutation, EmptySubscription>;

type ChidaoBuilder = SchemaBuilder<Query, Mutation, EmptySubscription>;

fn builder() -> ChidaoBuilder {
    let describe_lists: [fn(ChidaoBuilder) -> ChidaoBuilder; 14] = [
        connection::describe::<binding::Binding>,
        connection::describe::<comment::Comment>,
        connection::describe::<completion::CompletionPart>,
        connection::describe::<directive::Directive>,
        connection::describe::<integrity::IntegrityFinding>,
        connection::describe::<journal::JournalEntry>,
        connection::describe::<obligation::Obligation>,
        connection::describe::<reorganization_effects::ObligationEffect>,
        connection::describe::<org_unit::OrgUnit>,
        connection::describe::<person::Person>,
        connection::describe::<principal::Principal>,
        connection::describe::<reorganization::Reorganization>,
        connection::describe::<report::Report>,
        connection::describe::<urge::Urge>,
    ];
    let bare = Schema::build(Query::default(), Mutation::default(), EmptySubscription);
    describe_lists.iter().fold(bare, |builder, describe| describe(builder))
}

/// The schema that requests are executed by. A document that would cost more than the limit is refused before any work.
pub fn schema(limits: &Limits) -> ChidaoSchema {
    let types = Types::read(&builder().finish().sdl()).unwrap_or_else(|failure| {
        tracing::error!(%failure, "the schema's own text cannot be read: values are checked while they are used");
        Types::default()
    });
    builder().limit_complexity(limits.cost).data(types).finish()
}

/// The schema as text, sorted: what `schema.graphql` holds.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

/// Carries a request out as `caller`, and gives every error its words and the answer its position (J4).
pub async fn execute(schema: &ChidaoSchema, office: &SharedOffice, caller: Caller, mut request: Request) -> Response {
    let locale = caller.locale;
    let wrong = schema.data::<Types>().map(|types| values::check(types, &mut request)).unwrap_or_default();
    if !wrong.is_empty() {
        return Response::from_errors(wrong.iter().map(|wrong| wrong.error(locale)).collect());
    }
    let asked = Arc::new(Asked::new(office.clone(), caller));
    let mut response = schema.execute(request.data(asked.clone())).await;
    error::finish(&mut response, locale);
    if response.data != async_graphql::Value::Null
        && let Some(position) = asked.position().await
    {
        response.extensions.insert("position".into(), position.to_string().into());
    }
    response
}
