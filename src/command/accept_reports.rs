//! `acceptReports`: reports that wait are accepted (L1, L2, L5).

use chidao_domain::access::{Action as Right, Role};
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{ObligationRef, plan_accept};
use chidao_domain::refusal::{AccessRefusal, Refusal};
use chidao_domain::reorganization::UnitRef;

use crate::command::obligations_at_hand::{Actor, ObligationsChanged, record_decided, take_seen_in_hand};
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::obligations::save_decided;

/// What `acceptReports` takes.
#[derive(Clone, Debug)]
pub struct AcceptReports {
    /// The obligations whose reports wait, in the order in which they are decided on.
    pub obligations: Vec<ObligationRef>,
    /// The version of each that the caller decides on, in the order of the obligations; where none is said, any.
    pub expected_versions: Vec<Option<i64>>,
    /// For which unit it is decided (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// Accepts the reports that wait, all or none, in the order given, so that one may open the gate of the next (L5).
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn accept_reports(office: &Office, caller: &Caller, input: AcceptReports) -> Answer<ObligationsChanged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    let at_hand =
        take_seen_in_hand(&tx, actor, (&input.obligations, &input.expected_versions), office.limits().bulk_items, Right::Accept).await?;
    let nobody = || Refusal::from(AccessRefusal::RoleNeededSomewhere { role: Role::Supervisor });
    let decided = plan_accept(tx.forest(), &at_hand.cases, tx.actor().ok_or_else(nobody)?)?;
    save_decided(&tx, &decided).await?;
    record_decided(&mut tx, Done::ReportAccepted, &at_hand, &decided);
    tx.commit(ObligationsChanged::of(&decided)).await
}
