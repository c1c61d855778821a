//! The mutations of directives and what they answer.

use async_graphql::{Context, Object, SimpleObject};
use chidao_domain::ids::DirectiveId;
use chidao_domain::refusal::Refusal;

use crate::command::{self, DirectiveDone};
use crate::graphql::binding::{self, Binding};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::directive::Directive;
use crate::graphql::directive_mutation_input::{
    CloseConsultationInput, ConcludeDirectiveInput, DraftDirectiveInput, IssueDirectiveInput, OpenConsultationInput, ResumeDirectiveInput,
    ReviseDraftInput, WithdrawDraftInput,
};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::org_unit::page_cost;
use crate::store::Answer;
use crate::store::bindings::NewObligation;

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
    /// What `reviseDraft` answers.
    ReviseDraftPayload,
    /// What `withdrawDraft` answers.
    WithdrawDraftPayload,
    /// What `openConsultation` answers.
    OpenConsultationPayload,
    /// What `closeConsultation` answers.
    CloseConsultationPayload,
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
pub struct IssueDirectivePayload {
    preview: bool,
    directive: Option<Directive>,
    bound: usize,
    ends: Vec<Directive>,
    released: usize,
    previewed: Option<Vec<NewObligation>>,
    user_errors: Vec<UserError>,
}

/// What `issueDirective` answers.
#[Object]
impl IssueDirectivePayload {
    /// Whether this is only what would be: nothing was written, and what would come into being has an id that means nothing afterwards.
    async fn preview(&self) -> bool {
        self.preview
    }

    /// The directive as it is now, or would be; nothing where it was refused.
    async fn directive(&self) -> Option<Directive> {
        self.directive.clone()
    }

    /// How many units it binds, or would bind.
    async fn bound(&self) -> usize {
        self.bound
    }

    /// The units that it binds, or would bind, and why, in tree order; as far as you may read about them.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn bindings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Binding>> {
        let paging = Paging::forward(first, after);
        match (&self.directive, &self.previewed) {
            (None, _) => binding::previewed(ctx, None, &[], paging),
            (Some(directive), Some(new)) => binding::previewed(ctx, Some(directive), new, paging),
            (Some(directive), None) => binding::bound_units(ctx, directive, None, paging).await,
        }
    }

    /// The directives that it replaces or repeals, as they are now or would be; as far as you may read them.
    async fn ends(&self) -> &[Directive] {
        &self.ends
    }

    /// How many open obligations of those it releases, or would release; what is closed stays as it is.
    async fn released(&self) -> usize {
        self.released
    }

    /// What stands in the way.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}

/// What `concludeDirective` answers.
#[derive(SimpleObject)]
pub struct ConcludeDirectivePayload {
    /// Whether this is only what would be: nothing was written.
    preview: bool,
    /// The directive as it is now, or would be; nothing where it was refused.
    directive: Option<Directive>,
    /// How many obligations lapsed, or would lapse: they stay counted, as not done.
    lapsed: usize,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `resumeDirective` answers.
#[derive(SimpleObject)]
pub struct ResumeDirectivePayload {
    /// The directive as it is now; nothing where it was refused.
    directive: Option<Directive>,
    /// How many obligations returned to the state before they lapsed; what became of the tree meanwhile then acts on them.
    returned: usize,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of directives.
#[derive(Default)]
pub struct DirectiveMutation;

#[Object]
impl DirectiveMutation {
    /// Begins a draft of a unit (soạn thảo). Units and kinds that do not exist are refused now. Whether its scopes stay below the issuer
    /// (B2) and cover somebody (B1) depends on the tree of the day of issue and is asked then: `issueDirective` with `preview` tells it
    /// beforehand.
    async fn draft_directive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: DraftDirectiveInput,
    ) -> Outcome<DraftDirectivePayload> {
        let caller = keyed(ctx, "draftDirective", input.client_mutation_id.as_ref(), &input);
        match input.read() {
            Ok(input) => shown(ctx, command::draft_directive(at(ctx).0, &caller, input).await).await,
            Err(refusals) => Ok(refused(ctx, &refusals)),
        }
    }

    /// Gives a draft another text (sửa dự thảo). What is asked now, and what only when it is issued, is as in `draftDirective`.
    async fn revise_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ReviseDraftInput,
    ) -> Outcome<ReviseDraftPayload> {
        let caller = keyed(ctx, "reviseDraft", input.client_mutation_id.as_ref(), &input);
        match input.read() {
            Ok(input) => shown(ctx, command::revise_draft(at(ctx).0, &caller, input).await).await,
            Err(refusals) => Ok(refused(ctx, &refusals)),
        }
    }

    /// Gives a draft up (rút lại): it stays readable and is never issued.
    async fn withdraw_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: WithdrawDraftInput,
    ) -> Outcome<WithdrawDraftPayload> {
        let caller = keyed(ctx, "withdrawDraft", input.client_mutation_id.as_ref(), &input);
        match input.read() {
            Ok(input) => shown(ctx, command::withdraw_draft(at(ctx).0, &caller, input).await).await,
            Err(no) => Ok(refused(ctx, &[no])),
        }
    }

    /// Asks the units below the issuer to comment on a draft (lấy ý kiến); its text stands still meanwhile.
    async fn open_consultation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: OpenConsultationInput,
    ) -> Outcome<OpenConsultationPayload> {
        let caller = keyed(ctx, "openConsultation", input.client_mutation_id.as_ref(), &input);
        match input.read() {
            Ok(input) => shown(ctx, command::open_consultation(at(ctx).0, &caller, input).await).await,
            Err(no) => Ok(refused(ctx, &[no])),
        }
    }

    /// Ends the asking for comments (kết thúc lấy ý kiến): the draft may change again.
    async fn close_consultation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: CloseConsultationInput,
    ) -> Outcome<CloseConsultationPayload> {
        let caller = keyed(ctx, "closeConsultation", input.client_mutation_id.as_ref(), &input);
        match input.read() {
            Ok(input) => shown(ctx, command::close_consultation(at(ctx).0, &caller, input).await).await,
            Err(no) => Ok(refused(ctx, &[no])),
        }
    }

    /// Sums a directive up (tổng kết): what is open of it lapses. Refused while a report waits. With `preview` nothing is written.
    async fn conclude_directive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ConcludeDirectiveInput,
    ) -> Outcome<ConcludeDirectivePayload> {
        let caller = keyed(ctx, "concludeDirective", input.client_mutation_id.as_ref(), &input);
        let preview = input.preview.unwrap_or_default();
        let nothing = |refusals: &[Refusal]| ConcludeDirectivePayload {
            preview,
            directive: None,
            lapsed: 0,
            user_errors: user_errors(ctx, refusals),
        };
        let input = match input.read() {
            Ok(input) => input,
            Err(no) => return Ok(nothing(&[no])),
        };
        Ok(match written(ctx, command::conclude_directive(at(ctx).0, &caller, input).await).await? {
            Written::Refused(refusals) => nothing(&refusals),
            Written::Done(done, view) => {
                let directive = match done.preview {
                    Some(preview) => Some(Directive::previewed(&view, preview)),
                    None => Directive::find(&view, done.directive.into()).await?,
                };
                ConcludeDirectivePayload { preview, directive, lapsed: done.lapsed, user_errors: Vec::new() }
            }
        })
    }

    /// Takes a concluded directive up again (tiếp tục thực hiện): what had lapsed returns to the state before, with its own date. What has become
    /// of the tree meanwhile follows as of today: heirs take over, who has left is released, and who came is bound.
    async fn resume_directive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ResumeDirectiveInput,
    ) -> Outcome<ResumeDirectivePayload> {
        let caller = keyed(ctx, "resumeDirective", input.client_mutation_id.as_ref(), &input);
        let nothing =
            |refusals: &[Refusal]| ResumeDirectivePayload { directive: None, returned: 0, user_errors: user_errors(ctx, refusals) };
        let input = match input.read() {
            Ok(input) => input,
            Err(no) => return Ok(nothing(&[no])),
        };
        Ok(match written(ctx, command::resume_directive(at(ctx).0, &caller, input).await).await? {
            Written::Refused(refusals) => nothing(&refusals),
            Written::Done(done, view) => {
                let directive = Directive::find(&view, done.directive.into()).await?;
                ResumeDirectivePayload { directive, returned: done.returned, user_errors: Vec::new() }
            }
        })
    }

    /// Issues a draft (ban hành): binds every unit that its scopes cover today, and ends the directives that it replaces or repeals: what is
    /// open of those is released. With `preview` it shows all that and writes nothing.
    async fn issue_directive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: IssueDirectiveInput,
    ) -> Outcome<IssueDirectivePayload> {
        let caller = keyed(ctx, "issueDirective", input.client_mutation_id.as_ref(), &input);
        let preview = input.preview.unwrap_or_default();
        let nothing = |refusals: &[Refusal]| IssueDirectivePayload {
            preview,
            directive: None,
            bound: 0,
            ends: Vec::new(),
            released: 0,
            previewed: None,
            user_errors: user_errors(ctx, refusals),
        };
        let input = match input.read() {
            Ok(input) => input,
            Err(refusals) => return Ok(nothing(&refusals)),
        };
        Ok(match written(ctx, command::issue_directive(at(ctx).0, &caller, input).await).await? {
            Written::Refused(refusals) => nothing(&refusals),
            Written::Done(done, view) => {
                let (directive, previewed, ends) = match done.preview {
                    Some(would) => {
                        let ends = would.ended.into_iter().map(|ended| Directive::previewed(&view, ended)).collect();
                        (Some(Directive::previewed(&view, would.directive)), Some(would.obligations), ends)
                    }
                    None => {
                        let ends = done.ends.into_iter().map(DirectiveId::from).collect();
                        (Directive::find(&view, done.directive.into()).await?, None, Directive::readable(&view, ends).await?)
                    }
                };
                let (bound, released) = (done.bound, done.released);
                IssueDirectivePayload { preview, directive, bound, ends, released, previewed, user_errors: Vec::new() }
            }
        })
    }
}
