//! `answerComment`: the issuer says what becomes of a comment (D5).

use chidao_domain::access::{Action, Decision};
use chidao_domain::directive::{CommentDecision, check_answer};
use chidao_domain::ids::CommentId;
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};

use crate::command::CommentDone;
use crate::command::directive_at_hand::find;
use crate::command::draft_content::optional_prose;
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::code::Coded as _;
use crate::store::comments::{self, CommentAnswer};
use crate::store::sights::Eyes;

/// What `answerComment` takes.
#[derive(Clone, Debug)]
pub struct AnswerComment {
    /// The comment.
    pub comment: CommentId,
    /// What becomes of it.
    pub decision: CommentDecision,
    /// Why; a refusal, in part or in whole, says it.
    pub reason: Option<String>,
}

/// Answers a comment, once.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn answer_comment(office: &Office, caller: &Caller, input: AnswerComment) -> Answer<CommentDone> {
    let (mut tx, grants) = office.begin(caller).await?;
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Comment, given: input.comment.to_string() }).within("comment");
    let comment = comments::load_comment(tx.sql(), input.comment).await?.ok_or_else(missing)?;
    // Whoever may not know of the draft may not know of the comment (A5).
    let draft = find(&tx, &grants, comment.directive).await?.ok_or_else(missing)?;
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants: &grants };
    let on_behalf_of = match draft.decide(eyes, Action::AnswerComment) {
        Decision::Hidden => return Err(missing().into()),
        Decision::Forbidden(no) => return Err(Refusal::from(no).within("comment").into()),
        Decision::Allowed { on_behalf_of } => on_behalf_of,
    };
    let before = comment.answer.as_ref().map(|answer| answer.decision);
    check_answer(before, input.decision, input.reason.as_deref())?;
    let reason = optional_prose(input.reason.as_deref(), "reason")?;
    let answer = CommentAnswer { decision: input.decision, reason: reason.clone(), at: tx.now(), by: tx.actor() };
    comments::save_answer(&tx, comment.id, &answer).await?;
    for subject in [Subject::Directive(comment.directive), Subject::Comment(comment.id)] {
        let entry = Entry::new(Done::CommentAnswered, subject).touching([comment.unit, draft.directive.issuer]);
        let entry = entry.on_behalf_of(on_behalf_of).because(reason.clone());
        tx.record(entry.change("answer", None, Some(input.decision.code().into())));
    }
    tx.commit(CommentDone { comment: comment.id.into() }).await
}
