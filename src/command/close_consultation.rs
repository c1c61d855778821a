//! `closeConsultation`: the asking for comments ends (D1).

use chidao_domain::access::Action;
use chidao_domain::directive::DirectiveStep;
use chidao_domain::journal::Action as Done;

use crate::command::directive_at_hand::{Turn, take_step_of};
use crate::command::{DirectiveDone, StepGiven};
use crate::office::{Caller, Office};
use crate::store::Answer;

/// Ends the asking for comments: the draft may change again.
///
/// # Errors
/// Everything that stands in the way; nothing is written then.
pub async fn close_consultation(office: &Office, caller: &Caller, input: StepGiven) -> Answer<DirectiveDone> {
    let turn = Turn { step: DirectiveStep::CloseConsultation, done: Done::ConsultationClosed };
    take_step_of(office, caller, input, turn, |sight| Action::CloseConsultation(sight)).await
}
