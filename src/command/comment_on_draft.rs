//! `commentOnDraft`: a unit says what it thinks of a draft (D5).

use chidao_domain::access::Action;
use chidao_domain::directive::{check_consulted, check_open_to_comments};
use chidao_domain::ids::DirectiveId;
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::Refusal;
use chidao_domain::reorganization::UnitRef;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::directive_at_hand::take_in_hand;
use crate::command::draft_content::prose;
use crate::office::{Caller, Office};
use crate::store::comments::{self, Comment};
use crate::store::sights::{self, Eyes};
use crate::store::units::resolve;
use crate::store::{Answer, Fault, Stop};

/// What `commentOnDraft` takes.
#[derive(Clone, Debug)]
pub struct CommentOnDraft {
    /// The draft.
    pub directive: DirectiveId,
    /// The unit that comments.
    pub unit: UnitRef,
    /// What it says.
    pub body: String,
}

/// What a command on one comment answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CommentDone {
    /// The comment.
    pub comment: Uuid,
}

/// Keeps a unit's comment with a draft, for ever.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn comment_on_draft(office: &Office, caller: &Caller, input: CommentOnDraft) -> Answer<CommentDone> {
    let (mut tx, grants) = office.begin(caller).await?;
    let unit = match resolve(tx.sql(), tx.forest(), &input.unit).await {
        Err(Stop::Refused(no)) => return Err(Stop::Refused(no.into_iter().map(|no| no.within("unit")).collect())),
        found => found?,
    };
    let draft = take_in_hand(&tx, &grants, input.directive, None, |directive| Action::ReadDirective(directive)).await?.sighted;
    check_open_to_comments(draft.directive.status).map_err(|no| Refusal::from(no).within("directive"))?;
    check_consulted(tx.forest(), draft.directive.issuer, unit).map_err(|no| Refusal::from(no).within("unit"))?;
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants: &grants };
    let decision = draft.decide(eyes, |directive| Action::CommentOnDraft { directive, unit });
    decision.or_refuse(|| sights::missing(&input.directive)).map_err(|no| no.within("unit"))?;
    let body = prose(&input.body, "body")?;
    let author = tx.actor().ok_or_else(|| Fault::Other("a comment that nobody makes".into()))?;
    let comment = Comment { id: tx.new_id(), directive: input.directive, unit, author, body, at: tx.now(), answer: None };
    comments::insert_comment(&tx, &comment).await?;
    let touched = [unit, draft.directive.issuer];
    let entry = |subject| Entry::new(Done::DraftCommented, subject).touching(touched).on_behalf_of(Some(unit));
    tx.record(entry(Subject::Directive(input.directive)));
    tx.record(entry(Subject::Comment(comment.id)).change("body", None, Some(comment.body.clone())));
    tx.commit(CommentDone { comment: comment.id.into() }).await
}
