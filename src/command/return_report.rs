//! `returnReport`: a report that waits goes back, with a reason (L1, L2), and perhaps with a new date (L4).

use chidao_domain::access::Action as Right;
use chidao_domain::day::Day;
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{ObligationRef, plan_return};
use chidao_domain::reorganization::UnitRef;

use crate::command::obligations_at_hand::{Actor, ObligationsChanged, entry_of, read_reason, sight_of, take_one_in_hand};
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::obligations::save_decided;

/// What `returnReport` takes.
#[derive(Clone, Debug)]
pub struct ReturnReport {
    /// The obligation whose report waits.
    pub obligation: ObligationRef,
    /// Why.
    pub reason: String,
    /// A later date, from who may extend.
    pub new_due_on: Option<Day>,
    /// The version that the caller decides on; where none is said, any.
    pub expected_version: Option<i64>,
    /// For which unit it is decided (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// Returns the report that waits.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn return_report(office: &Office, caller: &Caller, input: ReturnReport) -> Answer<ObligationsChanged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    let (case, acting) = take_one_in_hand(&tx, actor, (&input.obligation, input.expected_version), Right::Return).await?;
    if input.new_due_on.is_some() {
        let extend = Actor { named: None, ..actor };
        extend.decide(&tx, Right::Extend(sight_of(&case)), &input.obligation).map_err(|no| no.within("newDueOn"))?;
    }
    let decided = [plan_return(&case, &read_reason(&input.reason)?, input.new_due_on)?];
    save_decided(&tx, &decided).await?;
    tx.record(entry_of(Done::ReportReturned, acting, &decided[0]));
    tx.commit(ObligationsChanged::of(&decided)).await
}
