//! `withdrawDraft`: gives a draft up (D1).

use chidao_domain::access::Action;
use chidao_domain::directive::DirectiveStep;
use chidao_domain::journal::Action as Done;

use crate::command::directive_at_hand::{Turn, take_step_of};
use crate::command::{DirectiveDone, StepGiven};
use crate::office::{Caller, Office};
use crate::store::Answer;

/// Gives a draft up, with its comments: it stays readable and is never issued.
///
/// # Errors
/// Everything that stands in the way; nothing is written then.
pub async fn withdraw_draft(office: &Office, caller: &Caller, input: StepGiven) -> Answer<DirectiveDone> {
    let turn = Turn { step: DirectiveStep::Withdraw, done: Done::DraftWithdrawn };
    take_step_of(office, caller, input, turn, |sight| Action::WithdrawDraft(sight)).await
}
