//! `resumeDirective`: the issuer takes a concluded directive up again (D6).

use chidao_domain::access::Action;
use chidao_domain::directive::{DirectiveStep, take_step};
use chidao_domain::ids::DirectiveId;
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::plan_resume;
use chidao_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::consequences::catch_up;
use crate::command::directive_at_hand::take_in_hand;
use crate::command::directive_life::{LifeStep, save_life_step};
use crate::command::obligations_at_hand::read_reason;
use crate::command::open_periods::open_begun;
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::directives::Directive;
use crate::store::obligations::{Chosen, load_cases, load_states_before_the_end};
use crate::store::reorganizations::EndedAt;

/// What `resumeDirective` takes.
#[derive(Clone, Debug)]
pub struct ResumeDirective {
    /// The directive.
    pub directive: DirectiveId,
    /// Why.
    pub reason: String,
    /// The version that the caller saw.
    pub expected_version: Option<i32>,
}

/// What `resumeDirective` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Resumed {
    /// The directive.
    pub directive: Uuid,
    /// How many obligations returned to the state before they lapsed.
    pub returned: usize,
}

/// Resumes a directive: what lapsed returns to the state before, then what has become of the tree meanwhile acts on it, and the periods open
/// that have begun.
///
/// # Errors
/// Everything that stands in the way; nothing is written then.
pub async fn resume_directive(office: &Office, caller: &Caller, input: ResumeDirective) -> Answer<Resumed> {
    let (mut tx, grants) = office.begin(caller).await?;
    let at_hand = take_in_hand(&tx, &grants, input.directive, input.expected_version, |sight| Action::Resume(sight)).await?;
    let before = &at_hand.sighted.directive;
    let status = take_step(before.status, DirectiveStep::Resume).map_err(|no| Refusal::from(no).within("directive"))?;
    let reason = read_reason(&input.reason)?;
    let cases = load_cases(tx.sql(), tx.engine(), Chosen::OfDirective(before.id)).await?;
    let states = load_states_before_the_end(tx.sql(), tx.engine(), before.id).await?;
    let decided = plan_resume(&cases, &states, &reason);
    let returned = decided.len();
    let version = before.version + 1;
    let after = Directive { status, ended_on: None, conclusion: None, version, updated_at: tx.now(), ..before.clone() };
    let taken = LifeStep { before: before.clone(), after, done: Done::DirectiveResumed, reason: Some(reason), cases, decided };
    save_life_step(&mut tx, &taken, at_hand.on_behalf_of).await?;
    // Nothing is written on a directive between its conclusion and this.
    let concluded = EndedAt { on: before.ended_on.unwrap_or(tx.today()), at: before.updated_at };
    catch_up(office, &mut tx, before.id, concluded).await.map_err(|stop| stop.moved_to("directive"))?;
    // Who came meanwhile is bound by the periods that open now, and late only to one that had opened before (B7).
    open_begun(&mut tx, &taken.after, at_hand.on_behalf_of).await?;
    tx.commit(Resumed { directive: before.id.into(), returned }).await
}
