//! `reopenObligation`: what was fulfilled or excused is open again, with a reason (L1).

use chidao_domain::access::Action as Right;
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{ObligationRef, plan_reopen};
use chidao_domain::reorganization::UnitRef;

use crate::command::obligations_at_hand::{Actor, ObligationsChanged, entry_of, read_reason, take_one_in_hand};
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::obligations::save_decided;

/// What `reopenObligation` takes.
#[derive(Clone, Debug)]
pub struct ReopenObligation {
    /// Which.
    pub obligation: ObligationRef,
    /// Why.
    pub reason: String,
    /// The version that the caller decides on; where none is said, any.
    pub expected_version: Option<i64>,
    /// For which unit it is decided (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// Reopens an obligation.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn reopen_obligation(office: &Office, caller: &Caller, input: ReopenObligation) -> Answer<ObligationsChanged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    let (case, acting) = take_one_in_hand(&tx, actor, (&input.obligation, input.expected_version), Right::Reopen).await?;
    let decided = [plan_reopen(tx.forest(), &case, &read_reason(&input.reason)?)?];
    save_decided(&tx, &decided).await?;
    tx.record(entry_of(Done::ObligationReopened, acting, &decided[0]));
    tx.commit(ObligationsChanged::of(&decided)).await
}
