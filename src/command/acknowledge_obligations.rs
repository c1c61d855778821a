//! `acknowledgeObligations`: units have read what binds them (L1).

use chidao_domain::access::Action as Right;
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{ObligationRef, plan_acknowledge};

use crate::command::obligations_at_hand::{Actor, ObligationsChanged, record_decided, take_in_hand};
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::obligations::save_decided;

/// What `acknowledgeObligations` takes.
#[derive(Clone, Debug)]
pub struct AcknowledgeObligations {
    /// Which.
    pub obligations: Vec<ObligationRef>,
}

/// Acknowledges obligations, all or none.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn acknowledge_obligations(office: &Office, caller: &Caller, input: AcknowledgeObligations) -> Answer<ObligationsChanged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor { grants: &grants, named: None };
    let at_hand = take_in_hand(&tx, actor, &input.obligations, office.limits().bulk_items, Right::Acknowledge).await?;
    let decided = plan_acknowledge(&at_hand.cases)?;
    save_decided(&tx, &decided).await?;
    record_decided(&mut tx, Done::ObligationAcknowledged, &at_hand, &decided);
    tx.commit(ObligationsChanged::of(&decided)).await
}
