//! The obligations that a command is about: found, loaded, and within the caller's rights; and what the journal says of them.

use std::collections::HashMap;

use chidao_domain::access::{Action as Right, Grants, ObligationSight, decide_for};
use chidao_domain::ids::{ObligationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, LATEST_REPORT, Subject};
use chidao_domain::obligation::{Case, Decided, Extension, ObligationRef};
use chidao_domain::refusal::{InputRefusal, Noun, ObligationRefusal, Refusal};
use chidao_domain::reorganization::UnitRef;
use chidao_domain::text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::code::Coded as _;
use crate::store::obligations::{Chosen, ObligationKey, find_by_keys, load_cases};
use crate::store::tx::stop_if_any;
use crate::store::units::{self, Lookup};
use crate::store::{Fault, Stop, Tx};

/// The most characters of a reason.
const REASON_LIMIT: usize = 2_000;

/// What a mutation of obligations answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObligationsChanged {
    /// The obligations that the input names, in its order.
    pub obligations: Vec<Uuid>,
}

impl ObligationsChanged {
    /// What was decided on.
    pub(super) fn of(decided: &[Decided]) -> Self {
        Self { obligations: decided.iter().map(|one| one.obligation.into()).collect() }
    }

    /// The obligations that the input names, in its order.
    pub fn ids(&self) -> Vec<ObligationId> {
        self.obligations.iter().copied().map(ObligationId).collect()
    }
}

/// Obligations in the order of the input, and on whose behalf each is acted on (L8).
pub(super) struct AtHand {
    pub(super) cases: Vec<Case>,
    acting: HashMap<ObligationId, Acting>,
}

/// For whom somebody acts, and on whose obligation.
#[derive(Clone, Copy)]
pub(super) struct Acting {
    pub(super) unit: UnitId,
    pub(super) on_behalf_of: Option<UnitId>,
}

/// Who acts, and for whom he says he does.
#[derive(Clone, Copy)]
pub(super) struct Actor<'a> {
    pub(super) grants: &'a Grants,
    pub(super) named: Option<UnitId>,
}

impl<'a> Actor<'a> {
    /// For whom he says he acts, where the input says so.
    pub(super) async fn read(tx: &Tx, grants: &'a Grants, on_behalf_of: Option<&UnitRef>) -> Result<Self, Stop> {
        let named = match on_behalf_of {
            None => None,
            Some(unit) => Some(units::resolve(tx.sql(), tx.forest(), unit).await.map_err(|stop| stop.within("onBehalfOf"))?),
        };
        Ok(Self { grants, named })
    }

    /// On whose behalf he may do it (L8); what he may not know of is as if it did not exist (A5).
    pub(super) fn decide(self, tx: &Tx, right: Right<'_>, given: &ObligationRef) -> Result<Option<UnitId>, Refusal> {
        decide_for(self.grants, tx.forest(), &right, self.named).or_refuse(|| missing(given))
    }
}

pub(super) fn missing(given: &ObligationRef) -> InputRefusal {
    InputRefusal::NotFound { wanted: Noun::Obligation, given: given.to_string() }
}

/// What rights over an obligation depend on.
pub(super) fn sight_of(case: &Case) -> ObligationSight {
    ObligationSight { unit: case.unit, issuer: case.terms.issuer, verification: case.terms.verification, kept: case.kept }
}

/// Takes the obligations of a list in hand, if the caller may do `right` with every one.
///
/// # Errors
/// An empty list or one that is too long; for each obligation `NOT_FOUND` or the right that is missing, with its path.
pub(super) async fn take_in_hand(
    tx: &Tx,
    actor: Actor<'_>,
    refs: &[ObligationRef],
    limit: usize,
    right: impl Fn(ObligationSight) -> Right<'static>,
) -> Result<AtHand, Stop> {
    take_seen_in_hand(tx, actor, (refs, &[]), limit, right).await
}

/// The same for obligations that must have the versions that the caller saw, in the order of the references; where none is said, any.
///
/// # Errors
/// As [`take_in_hand`]; more versions than obligations; for each obligation a stale version, with its path.
pub(super) async fn take_seen_in_hand(
    tx: &Tx,
    actor: Actor<'_>,
    (refs, versions): (&[ObligationRef], &[Option<i64>]),
    limit: usize,
    right: impl Fn(ObligationSight) -> Right<'static>,
) -> Result<AtHand, Stop> {
    check_size(refs.len(), limit).map_err(|no| no.within("obligations"))?;
    if versions.len() > refs.len() {
        let more = InputRefusal::TooMany { limit: refs.len(), count: versions.len() };
        return Err(Refusal::from(more).within("expectedVersions").into());
    }
    let versions = versions.iter().copied().chain(std::iter::repeat(None));
    let known = load_named(tx, refs).await?;
    let (mut cases, mut acting, mut refusals) = (Vec::with_capacity(refs.len()), HashMap::new(), Vec::new());
    for (at, ((given, case), expected)) in refs.iter().zip(known).zip(versions).enumerate() {
        match take(tx, actor, given, case, &right) {
            Ok((case, on_behalf_of)) => {
                if let Err(no) = check_version(expected, &case) {
                    refusals.push(no.at(at).within("expectedVersions"));
                }
                acting.insert(case.id, Acting { unit: case.unit, on_behalf_of });
                cases.push(case);
            }
            Err(no) => refusals.push(no.at(at).within("obligations")),
        }
    }
    stop_if_any(refusals)?;
    Ok(AtHand { cases, acting })
}

/// What somebody saw may have changed since, a report have been replaced by another: what is decided now must be about the same.
fn check_version(expected: Option<i64>, case: &Case) -> Result<(), Refusal> {
    match expected.filter(|expected| *expected != case.version) {
        None => Ok(()),
        Some(expected) => Err(InputRefusal::Stale { expected, current: case.version }.into()),
    }
}

/// Takes one obligation in hand; refusals stand at `obligation`, that of a stale version at `expectedVersion`.
pub(super) async fn take_one_in_hand(
    tx: &Tx,
    actor: Actor<'_>,
    (given, expected): (&ObligationRef, Option<i64>),
    right: impl Fn(ObligationSight) -> Right<'static>,
) -> Result<(Case, Acting), Stop> {
    let case = load_named(tx, std::slice::from_ref(given)).await?.pop().flatten();
    let (case, on_behalf_of) = take(tx, actor, given, case, &right).map_err(|no| no.within("obligation"))?;
    check_version(expected, &case).map_err(|no| no.within("expectedVersion"))?;
    let acting = Acting { unit: case.unit, on_behalf_of };
    Ok((case, acting))
}

fn take(
    tx: &Tx,
    actor: Actor<'_>,
    given: &ObligationRef,
    case: Option<Case>,
    right: &impl Fn(ObligationSight) -> Right<'static>,
) -> Result<(Case, Option<UnitId>), Refusal> {
    let case = case.ok_or_else(|| Refusal::from(missing(given)))?;
    let on_behalf_of = actor.decide(tx, right(sight_of(&case)), given)?;
    check_unit(tx, &case)?;
    Ok((case, on_behalf_of))
}

/// What a unit that has ended owed is only read (O6).
pub(super) fn check_unit(tx: &Tx, case: &Case) -> Result<(), ObligationRefusal> {
    match tx.forest().ended(case.unit) {
        None => Ok(()),
        Some(ended) => Err(ObligationRefusal::UnitEnded { unit: ended.unit.code.to_string(), on: ended.ended_on }),
    }
}

pub(super) fn check_size(count: usize, limit: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(InputRefusal::NothingGiven.into()),
        count if count > limit => Err(InputRefusal::TooMany { limit, count }.into()),
        _ => Ok(()),
    }
}

/// The obligations behind references, in their order; `None` where there is none.
pub(super) async fn load_named(tx: &Tx, refs: &[ObligationRef]) -> Result<Vec<Option<Case>>, Fault> {
    let ids = find_named(tx, refs).await?;
    let known: Vec<ObligationId> = ids.iter().flatten().copied().collect();
    let cases = load_cases(tx.sql(), tx.engine(), Chosen::These(&known)).await?;
    let by_id: HashMap<ObligationId, Case> = cases.into_iter().map(|case| (case.id, case)).collect();
    Ok(ids.into_iter().map(|id| by_id.get(&id?).cloned()).collect())
}

/// The ids behind references: units and keys are looked up once for all of them.
async fn find_named(tx: &Tx, refs: &[ObligationRef]) -> Result<Vec<Option<ObligationId>>, Fault> {
    let units = refs.iter().filter_map(|given| match given {
        ObligationRef::Id(_) => None,
        ObligationRef::Of { unit, .. } => Some(unit),
    });
    let lookup = Lookup::load(tx.sql(), units).await?;
    let key = |given: &ObligationRef| match given {
        ObligationRef::Id(_) => None,
        ObligationRef::Of { requirement, unit, period } => {
            let unit = lookup.find_known(tx.forest(), unit).ok()?;
            Some(ObligationKey { requirement: *requirement, unit, period: period.clone() })
        }
    };
    let keys: Vec<Option<ObligationKey>> = refs.iter().map(key).collect();
    let wanted: Vec<ObligationKey> = keys.iter().flatten().cloned().collect();
    let found = find_by_keys(tx.sql(), tx.engine(), &wanted).await?;
    let id = |(given, key): (&ObligationRef, Option<ObligationKey>)| match given {
        ObligationRef::Id(id) => Some(*id),
        ObligationRef::Of { .. } => found.get(&key?).copied(),
    };
    Ok(refs.iter().zip(keys).map(id).collect())
}

/// A reason in its normal form.
///
/// # Errors
/// What is wrong with the text, at `reason`.
pub(super) fn read_reason(reason: &str) -> Result<String, Refusal> {
    text::prose(reason, REASON_LIMIT).map_err(|no| Refusal::from(no).within("reason"))
}

/// One entry for each obligation that was decided on, so that its history tells its story (J1, L8).
pub(super) fn record_decided(tx: &mut Tx, done: Done, at_hand: &AtHand, decided: &[Decided]) {
    for one in decided {
        if let Some(acting) = at_hand.acting.get(&one.obligation) {
            tx.record(entry_of(done, *acting, one));
        }
    }
}

/// What the journal says of a decision.
pub(super) fn entry_of(done: Done, acting: Acting, one: &Decided) -> Entry {
    let entry = entry(done, acting, one.obligation)
        .change("state", Some(one.from.code().into()), Some(one.to.code().into()))
        .because(one.reason.clone());
    with_extension(entry, one.extension)
}

/// What the journal says of an obligation that a report came on.
pub(super) fn entry_of_report(acting: Acting, one: &Decided) -> Entry {
    entry_of(Done::ReportSubmitted, acting, one).change(LATEST_REPORT, None, one.report.map(|id| id.to_string()))
}

/// What the journal says of a due date that moved by itself.
pub(super) fn entry_of_extension(acting: Acting, obligation: ObligationId, extension: Extension, reason: &str) -> Entry {
    with_extension(entry(Done::DueDateExtended, acting, obligation).because(Some(reason.to_owned())), Some(extension))
}

fn entry(done: Done, acting: Acting, obligation: ObligationId) -> Entry {
    Entry::new(done, Subject::Obligation(obligation)).touching([acting.unit]).on_behalf_of(acting.on_behalf_of)
}

fn with_extension(entry: Entry, extension: Option<Extension>) -> Entry {
    match extension {
        None => entry,
        Some(Extension { from, to }) => entry.change("dueOn", Some(from.to_string()), Some(to.to_string())),
    }
}

impl AtHand {
    /// For whom somebody acts on an obligation.
    pub(super) fn acting(&self, obligation: ObligationId) -> Option<Acting> {
        self.acting.get(&obligation).copied()
    }
}
