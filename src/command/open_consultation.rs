//! `openConsultation`: units are asked to comment on a draft (D1).

use chidao_domain::access::Action;
use chidao_domain::directive::DirectiveStep;
use chidao_domain::journal::Action as Done;

use crate::command::directive_at_hand::{Turn, take_step_of};
use crate::command::{DirectiveDone, StepGiven};
use crate::office::{Caller, Office};
use crate::store::Answer;

/// Asks the units below the issuer to comment on a draft; its text stands still meanwhile (D2).
///
/// # Errors
/// Everything that stands in the way; nothing is written then.
pub async fn open_consultation(office: &Office, caller: &Caller, input: StepGiven) -> Answer<DirectiveDone> {
    let turn = Turn { step: DirectiveStep::OpenConsultation, done: Done::ConsultationOpened };
    take_step_of(office, caller, input, turn, |sight| Action::OpenConsultation(sight)).await
}
