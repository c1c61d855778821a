//! `extendDueDate`: a later date, for units or for a whole requirement, with a reason (L4).

use chidao_domain::access::{Action as Right, Grants, decide_for};
use chidao_domain::day::Day;
use chidao_domain::ids::{RequirementId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::{ObligationRef, plan_extend, plan_extend_requirement};
use chidao_domain::refusal::{InputRefusal, Noun, ObligationRefusal, Refusal};
use chidao_domain::reorganization::UnitRef;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::obligations_at_hand::{Acting, Actor, ObligationsChanged, entry_of_extension, read_reason, take_seen_in_hand};
use crate::office::{Caller, Office};
use crate::store::obligations::{Chosen, load_cases, load_extensible, save_extended, save_requirement_extension};
use crate::store::sights::{Eyes, load_sighted};
use crate::store::{Answer, Stop, Tx};

/// What `extendDueDate` takes.
#[derive(Clone, Debug)]
pub struct ExtendDueDate {
    /// Whose date moves.
    pub what: Extended,
    /// The new last day on which a report is on time.
    pub due_on: Day,
    /// Why.
    pub reason: String,
    /// For which unit it is decided (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// Whose date moves.
#[derive(Clone, Debug)]
pub enum Extended {
    /// That of these obligations.
    Obligations {
        /// Which.
        refs: Vec<ObligationRef>,
        /// The version of each that the caller decides on, in their order; where none is said, any.
        expected_versions: Vec<Option<i64>>,
    },
    /// That of a requirement, with all of its open obligations.
    Requirement(RequirementId),
}

/// What `extendDueDate` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DueDateExtended {
    /// The requirement, where the whole of it was extended.
    pub requirement: Option<Uuid>,
    /// How many obligations have another date now.
    pub moved: usize,
    /// The obligations that the input names.
    #[serde(flatten)]
    pub named: ObligationsChanged,
}

/// Extends due dates; no date gets earlier, and every earlier one is kept.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn extend_due_date(office: &Office, caller: &Caller, input: ExtendDueDate) -> Answer<DueDateExtended> {
    let (tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    let reason = read_reason(&input.reason)?;
    match &input.what {
        Extended::Obligations { refs, expected_versions } => {
            let (seen, limit) = ((&refs[..], &expected_versions[..]), office.limits().bulk_items);
            extend_obligations(tx, actor, seen, limit, (input.due_on, &reason)).await
        }
        Extended::Requirement(id) => extend_requirement(tx, actor, *id, (input.due_on, &reason)).await,
    }
}

async fn extend_obligations(
    mut tx: Tx,
    actor: Actor<'_>,
    seen: (&[ObligationRef], &[Option<i64>]),
    limit: usize,
    (due_on, reason): (Day, &str),
) -> Answer<DueDateExtended> {
    let at_hand = take_seen_in_hand(&tx, actor, seen, limit, Right::Extend).await?;
    let extended = plan_extend(&at_hand.cases, due_on, reason)?;
    save_extended(&tx, &extended, reason).await?;
    for one in &extended {
        if let Some(acting) = at_hand.acting(one.obligation) {
            tx.record(entry_of_extension(acting, one.obligation, one.extension, reason));
        }
    }
    let named = ObligationsChanged { obligations: extended.iter().map(|one| one.obligation.into()).collect() };
    tx.commit(DueDateExtended { requirement: None, moved: extended.len(), named }).await
}

async fn extend_requirement(mut tx: Tx, actor: Actor<'_>, id: RequirementId, (due_on, reason): (Day, &str)) -> Answer<DueDateExtended> {
    let missing = || InputRefusal::NotFound { wanted: Noun::Requirement, given: id.to_string() };
    let at = |no: Refusal| Stop::from(no.within("requirement"));
    let known = load_extensible(tx.sql(), id).await?.ok_or_else(|| at(missing().into()))?;
    let on_behalf_of = may_extend(&tx, actor.grants, actor.named, &known.terms, missing).await?;
    if !known.terms.is_in_force {
        return Err(at(ObligationRefusal::NotInForce.into()));
    }
    let cases = load_cases(tx.sql(), tx.engine(), Chosen::OfRequirement(id)).await?;
    let extended = plan_extend_requirement(&known.terms, known.due_on, &cases, due_on, reason)?;
    save_requirement_extension(&tx, id, extended.extension, reason).await?;
    save_extended(&tx, &extended.obligations, reason).await?;
    let entry = Entry::new(Done::DueDateExtended, Subject::Requirement(id)).touching([known.terms.issuer]).on_behalf_of(on_behalf_of);
    let entry = entry.touching(cases.iter().map(|case| case.unit));
    let (from, to) = (extended.extension.from.to_string(), extended.extension.to.to_string());
    tx.record(entry.change("dueOn", Some(from), Some(to)).because(Some(reason.to_owned())));
    let mut open = cases.iter();
    for one in &extended.obligations {
        if let Some(case) = open.find(|case| case.id == one.obligation) {
            let acting = Acting { unit: case.unit, on_behalf_of };
            tx.record(entry_of_extension(acting, one.obligation, one.extension, reason));
        }
    }
    let (requirement, moved) = (Some(id.into()), extended.obligations.len());
    tx.commit(DueDateExtended { requirement, moved, named: ObligationsChanged::default() }).await
}

async fn may_extend(
    tx: &Tx,
    grants: &Grants,
    named: Option<UnitId>,
    terms: &chidao_domain::obligation::Terms,
    missing: impl FnOnce() -> InputRefusal,
) -> Result<Option<UnitId>, Stop> {
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let sighted = load_sighted(tx.sql(), eyes, &[terms.directive]).await?.remove(&terms.directive);
    let at = |no: Refusal| Stop::from(no.within("requirement"));
    match sighted {
        None => Err(at(missing().into())),
        Some(seen) => {
            let right = Right::ExtendRequirement(seen.sight());
            decide_for(grants, tx.forest(), &right, named).or_refuse(missing).map_err(at)
        }
    }
}
