//! `exemptObligations`: units are excused, with a reason (L1).

use chidao_domain::access::Action as Right;
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{ObligationRef, plan_exempt};
use chidao_domain::reorganization::UnitRef;

use crate::command::obligations_at_hand::{Actor, ObligationsChanged, read_reason, record_decided, take_seen_in_hand};
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::obligations::save_decided;

/// What `exemptObligations` takes.
#[derive(Clone, Debug)]
pub struct ExemptObligations {
    /// Which.
    pub obligations: Vec<ObligationRef>,
    /// Why.
    pub reason: String,
    /// The version of each that the caller decides on, in the order of the obligations; where none is said, any.
    pub expected_versions: Vec<Option<i64>>,
    /// For which unit it is decided (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// Exempts units from obligations, all or none.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn exempt_obligations(office: &Office, caller: &Caller, input: ExemptObligations) -> Answer<ObligationsChanged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    let at_hand =
        take_seen_in_hand(&tx, actor, (&input.obligations, &input.expected_versions), office.limits().bulk_items, Right::Exempt).await?;
    let decided = plan_exempt(&at_hand.cases, &read_reason(&input.reason)?)?;
    save_decided(&tx, &decided).await?;
    record_decided(&mut tx, Done::ObligationExempted, &at_hand, &decided);
    tx.commit(ObligationsChanged::of(&decided)).await
}
