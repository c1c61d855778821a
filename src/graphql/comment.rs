//! Comments on drafts and their answers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chidao_domain::ids::CommentId;
use chidao_domain::refusal::Refusal;

use crate::command::{self, AnswerComment, CommentDone, CommentOnDraft};
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::directive::{Directive, unit};
use crate::graphql::directive_words::CommentDecision;
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::{NodeId, typed};
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef};
use crate::graphql::principal::Principal;
use crate::graphql::scalars::DateTime;
use crate::store::Answer;
use crate::store::comments::{Comment as Record, CommentAnswer as Answered};
use crate::view::SharedView;

/// What a unit says on a draft (ý kiến góp ý); kept with it for ever.
pub struct Comment {
    directive: Directive,
    record: Record,
}

impl Comment {
    /// A comment on a directive that the caller may read.
    pub(crate) fn on(directive: &Directive, record: Record) -> Self {
        Self { directive: directive.clone(), record }
    }

    /// The comment with that id, if the caller may read the directive.
    pub(crate) async fn find(view: &SharedView, id: CommentId) -> Outcome<Option<Self>> {
        let Some(record) = view.comment(id).await? else { return Ok(None) };
        Ok(Directive::find(view, record.directive).await?.map(|directive| Self { directive, record }))
    }
}

/// What a unit says on a draft (ý kiến góp ý); kept with it for ever.
#[Object]
impl Comment {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// The draft that it is about.
    async fn directive(&self) -> Directive {
        self.directive.clone()
    }

    /// The unit that comments (đơn vị góp ý).
    async fn unit(&self) -> Outcome<OrgUnit> {
        unit(&self.directive.view, self.record.unit)
    }

    /// Who wrote it down.
    async fn author(&self) -> Outcome<Principal> {
        Principal::written(&self.directive.view, self.record.author).await
    }

    /// What it says.
    async fn body(&self) -> &str {
        &self.record.body
    }

    /// When it was made.
    async fn at(&self) -> DateTime {
        DateTime(self.record.at)
    }

    /// What was answered; nothing as long as nobody has.
    async fn answer(&self) -> Option<CommentAnswer> {
        let Answered { decision, reason, at, .. } = self.record.answer.clone()?;
        Some(CommentAnswer { decision: decision.into(), reason, at: DateTime(at) })
    }
}

/// What became of a comment (trả lời ý kiến góp ý).
#[derive(SimpleObject)]
pub struct CommentAnswer {
    /// What was decided.
    decision: CommentDecision,
    /// Why.
    reason: Option<String>,
    /// When.
    at: DateTime,
}

/// What `commentOnDraft` takes.
#[derive(InputObject)]
pub struct CommentOnDraftInput {
    /// The draft, while its issuer consults.
    directive: ID,
    /// The unit that comments: the issuer or one below it.
    unit: OrgUnitRef,
    /// What it says.
    body: String,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl CommentOnDraftInput {
    fn read(self) -> Result<CommentOnDraft, Refusal> {
        Ok(CommentOnDraft {
            directive: typed(&self.directive).map_err(|no| no.within("directive"))?,
            unit: self.unit.read().map_err(|no| no.within("unit"))?,
            body: self.body,
        })
    }
}

/// What `answerComment` takes.
#[derive(InputObject)]
pub struct AnswerCommentInput {
    /// The comment.
    comment: ID,
    /// What becomes of it.
    decision: CommentDecision,
    /// Why; needed unless it is accepted.
    reason: Option<String>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl AnswerCommentInput {
    fn read(self) -> Result<AnswerComment, Refusal> {
        let comment = typed(&self.comment).map_err(|no| no.within("comment"))?;
        Ok(AnswerComment { comment, decision: self.decision.into(), reason: self.reason })
    }
}

/// What `commentOnDraft` answers.
#[derive(SimpleObject)]
pub struct CommentOnDraftPayload {
    /// The comment; nothing where it was refused.
    comment: Option<Comment>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `answerComment` answers.
#[derive(SimpleObject)]
pub struct AnswerCommentPayload {
    /// The comment with its answer; nothing where it was refused.
    comment: Option<Comment>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

async fn shown(ctx: &Context<'_>, answer: Answer<CommentDone>) -> Outcome<(Option<Comment>, Vec<UserError>)> {
    Ok(match written(ctx, answer).await? {
        Written::Refused(refusals) => (None, user_errors(ctx, &refusals)),
        Written::Done(done, view) => (Comment::find(&view, done.comment.into()).await?, Vec::new()),
    })
}

/// The mutations of comments.
#[derive(Default)]
pub struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Keeps a unit's comment with a draft (góp ý), for ever.
    async fn comment_on_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: CommentOnDraftInput,
    ) -> Outcome<CommentOnDraftPayload> {
        let caller = keyed(ctx, "commentOnDraft", input.client_mutation_id.as_ref(), &input);
        let (comment, user_errors) = match input.read() {
            Ok(input) => shown(ctx, command::comment_on_draft(at(ctx).0, &caller, input).await).await?,
            Err(no) => (None, user_errors(ctx, &[no])),
        };
        Ok(CommentOnDraftPayload { comment, user_errors })
    }

    /// Answers a comment (tiếp thu, giải trình), once; also after the draft was issued.
    async fn answer_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: AnswerCommentInput,
    ) -> Outcome<AnswerCommentPayload> {
        let caller = keyed(ctx, "answerComment", input.client_mutation_id.as_ref(), &input);
        let (comment, user_errors) = match input.read() {
            Ok(input) => shown(ctx, command::answer_comment(at(ctx).0, &caller, input).await).await?,
            Err(no) => (None, user_errors(ctx, &[no])),
        };
        Ok(AnswerCommentPayload { comment, user_errors })
    }
}
