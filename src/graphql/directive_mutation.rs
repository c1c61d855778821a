//! The mutations of directives and what they take and answer.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chidao_domain::refusal::Refusal;

use crate::command::{self, DirectiveDone, DraftDirective, IssueDirective, Mode};
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::directive::Directive;
use crate::graphql::directive_input::{RelationInput, RequirementInput, external_ids, relations, requirements};
use crate::graphql::directive_words::IssuingBody;
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::typed;
use crate::graphql::org_unit::{ExternalIdInput, OrgUnitRef};
use crate::graphql::scalars::Date;
use crate::store::Answer;

/// What `draftDirective` takes.
#[derive(InputObject)]
pub struct DraftDirectiveInput {
    /// The unit that will issue it.
    issuer: OrgUnitRef,
    /// The code of its kind, for example `PLAN`; never guessed from the symbol.
    kind: String,
    /// Which body of the issuer.
    #[graphql(default_with = "IssuingBody::Committee")]
    issuing_body: IssuingBody,
    /// In one line (trích yếu).
    title: String,
    /// In a few sentences.
    summary: Option<String>,
    /// The text.
    body: Option<String>,
    /// The term of the issuer, for example `XV`; numbers start again with each.
    term: Option<String>,
    /// What it says of other directives.
    relations: Option<Vec<RelationInput>>,
    /// What it asks for, in order.
    requirements: Option<Vec<RequirementInput>>,
    /// How other systems name it.
    external_ids: Option<Vec<ExternalIdInput>>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl DraftDirectiveInput {
    fn read(self) -> Result<DraftDirective, Vec<Refusal>> {
        Ok(DraftDirective {
            issuer: self.issuer.read().map_err(|no| vec![no.within("issuer")])?,
            kind: self.kind,
            issuing_body: self.issuing_body.into(),
            title: self.title,
            summary: self.summary,
            body: self.body,
            term: self.term,
            relations: relations(self.relations)?,
            requirements: requirements(self.requirements)?,
            external_ids: external_ids(self.external_ids),
        })
    }
}

/// What `issueDirective` takes.
#[derive(InputObject)]
pub struct IssueDirectiveInput {
    /// The draft.
    directive: ID,
    /// Its number and signs (số và ký hiệu); only a congress may issue without.
    symbol: Option<String>,
    /// The date that the document bears; not later than today.
    issued_on: Date,
    /// From when it applies; left out: from that date.
    effective_on: Option<Date>,
    /// The appointment of who signed, in the issuer.
    signed_by: Option<ID>,
    /// Answer the same, and write nothing.
    #[graphql(default)]
    preview: bool,
    /// The version that you read; another one is a `CONFLICT`.
    expected_version: Option<i32>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl IssueDirectiveInput {
    fn read(self) -> Result<IssueDirective, Refusal> {
        Ok(IssueDirective {
            directive: typed(&self.directive).map_err(|no| no.within("directive"))?,
            symbol: self.symbol,
            issued_on: self.issued_on.0,
            effective_on: self.effective_on.map(|day| day.0),
            discharges: Vec::new(),
            signed_by: self.signed_by.as_ref().map(typed).transpose().map_err(|no| no.within("signedBy"))?,
            mode: if self.preview { Mode::Preview } else { Mode::Real },
            expected_version: self.expected_version,
        })
    }
}

macro_rules! directive_payloads {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The directive as it is now; nothing where it was refused.
            directive: Option<Directive>,
            /// What stands in the way.
            user_errors: Vec<UserError>,
        }

        impl From<(Option<Directive>, Vec<UserError>)> for $name {
            fn from((directive, user_errors): (Option<Directive>, Vec<UserError>)) -> Self {
                Self { directive, user_errors }
            }
        }
    )+};
}

directive_payloads! {
    /// What `draftDirective` answers.
    DraftDirectivePayload,
}

/// What a command on one directive answers, as a payload.
async fn shown<P: From<(Option<Directive>, Vec<UserError>)>>(ctx: &Context<'_>, answer: Answer<DirectiveDone>) -> Outcome<P> {
    Ok(match written(ctx, answer).await? {
        Written::Refused(refusals) => (None, user_errors(ctx, &refusals)).into(),
        Written::Done(done, view) => (Directive::find(&view, done.directive.into()).await?, Vec::new()).into(),
    })
}

fn refused<P: From<(Option<Directive>, Vec<UserError>)>>(ctx: &Context<'_>, refusals: &[Refusal]) -> P {
    (None, user_errors(ctx, refusals)).into()
}

/// What `issueDirective` answers.
#[derive(SimpleObject)]
pub struct IssueDirectivePayload {
    /// The directive as it is now, or would be; nothing where it was refused.
    directive: Option<Directive>,
    /// How many units it binds, or would bind.
    bound: usize,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of directives.
#[derive(Default)]
pub struct DirectiveMutation;

#[Object]
impl DirectiveMutation {
    /// Begins a draft of a unit (soạn thảo).
    async fn draft_directive(&self, ctx: &Context<'_>, input: DraftDirectiveInput) -> Outcome<DraftDirectivePayload> {
        let caller = keyed(ctx, "draftDirective", input.client_mutation_id.as_ref(), &input);
        match input.read() {
            Ok(input) => shown(ctx, command::draft_directive(at(ctx).0, &caller, input).await).await,
            Err(refusals) => Ok(refused(ctx, &refusals)),
        }
    }

    /// Issues a draft (ban hành): binds every unit that its scopes cover today. With `preview` it shows whom it would bind and writes nothing.
    async fn issue_directive(&self, ctx: &Context<'_>, input: IssueDirectiveInput) -> Outcome<IssueDirectivePayload> {
        let caller = keyed(ctx, "issueDirective", input.client_mutation_id.as_ref(), &input);
        let nothing = |refusals: &[Refusal]| IssueDirectivePayload { directive: None, bound: 0, user_errors: user_errors(ctx, refusals) };
        let input = match input.read() {
            Ok(input) => input,
            Err(no) => return Ok(nothing(&[no])),
        };
        Ok(match written(ctx, command::issue_directive(at(ctx).0, &caller, input).await).await? {
            Written::Refused(refusals) => nothing(&refusals),
            Written::Done(done, view) => {
                let directive = match done.preview {
                    Some(preview) => Some(Directive::previewed(&view, preview.directive)),
                    None => Directive::find(&view, done.directive.into()).await?,
                };
                IssueDirectivePayload { directive, bound: done.bound, user_errors: Vec::new() }
            }
        })
    }
}
