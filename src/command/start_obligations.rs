//! `startObligations`: units begin (L1).

use chidao_domain::access::Action as Right;
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{ObligationRef, plan_start};

use crate::command::obligations_at_hand::{Actor, ObligationsChanged, record_decided, take_in_hand};
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::obligations::save_decided;

/// What `startObligations` takes.
#[derive(Clone, Debug)]
pub struct StartObligations {
    /// Which.
    pub obligations: Vec<ObligationRef>,
}

/// Starts obligations, all or none.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn start_obligations(office: &Office, caller: &Caller, input: StartObligations) -> Answer<ObligationsChanged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor { grants: &grants, named: None };
    let at_hand = take_in_hand(&tx, actor, &input.obligations, office.limits().bulk_items, Right::Start).await?;
    let decided = plan_start(&at_hand.cases)?;
    save_decided(&tx, &decided).await?;
    record_decided(&mut tx, Done::ObligationStarted, &at_hand, &decided);
    tx.commit(ObligationsChanged::of(&decided)).await
}
