//! `urgeUnits`: a unit above reminds units that are behind on a directive (L9).

use std::collections::BTreeMap;

use chidao_domain::access::{Action, decide_for};
use chidao_domain::ids::{DirectiveId, ObligationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::plan_urge;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::directive_at_hand::take_in_hand;
use crate::command::draft_content::{Refusals, prose};
use crate::command::obligations_at_hand::{Actor, check_size};
use crate::office::{Caller, Office};
use crate::store::obligations::{Chosen, load_cases};
use crate::store::units::Lookup;
use crate::store::urges::{Urge, insert_urge};
use crate::store::{Answer, Fault, Stop, Tx};

/// What `urgeUnits` takes.
#[derive(Clone, Debug)]
pub struct UrgeUnits {
    /// The directive.
    pub directive: DirectiveId,
    /// The units that are behind on it.
    pub units: Vec<UnitRef>,
    /// What is said to them.
    pub words: String,
    /// For which unit it is said (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// What `urgeUnits` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UnitsUrged {
    /// The directive.
    pub directive: Uuid,
    /// How many units were reminded.
    pub units: usize,
    /// Of how many obligations.
    pub obligations: usize,
}

/// Reminds units of what is open and overdue on a directive, all or none; nothing else changes.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn urge_units(office: &Office, caller: &Caller, input: UrgeUnits) -> Answer<UnitsUrged> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    check_size(input.units.len(), office.limits().bulk_items).map_err(|no| no.within("units"))?;
    let directive = take_in_hand(&tx, &grants, input.directive, None, |sight| Action::ReadDirective(sight)).await?.sighted.directive;
    let units = read_units(&tx, actor, &input.units).await?;
    let words = prose(&input.words, "words")?;
    let cases = load_cases(tx.sql(), tx.engine(), Chosen::OfDirective(directive.id)).await?;
    let named: Vec<UnitId> = units.iter().map(|(unit, _)| *unit).collect();
    let about = plan_urge(tx.forest(), &cases, &named, tx.today())?;
    let by = tx.actor().ok_or_else(|| Fault::Other("a reminder that nobody gives".into()))?;
    // One reminder for each unit that urges: where none is named, that is whose grant is the nearest, which may differ.
    let mut groups: BTreeMap<Option<UnitId>, Vec<ObligationId>> = BTreeMap::new();
    for case in cases.iter().filter(|case| about.contains(&case.id)) {
        let from = units.iter().find(|(unit, _)| *unit == case.unit).and_then(|(_, from)| *from);
        groups.entry(from).or_default().push(case.id);
        let entry = Entry::new(Done::UnitsUrged, Subject::Obligation(case.id)).touching([case.unit]).on_behalf_of(from);
        tx.record(entry.because(Some(words.clone())));
    }
    for (from, about) in &groups {
        let urge = Urge { id: tx.new_id(), on_behalf_of: *from, by, words: words.clone(), at: tx.now() };
        insert_urge(&tx, directive.id, &urge, about).await?;
        let reminded = units.iter().filter(|(_, of)| of == from).map(|(unit, _)| *unit);
        let entry = Entry::new(Done::UnitsUrged, Subject::Directive(directive.id)).touching(reminded).on_behalf_of(*from);
        tx.record(entry.because(Some(words.clone())));
    }
    tx.commit(UnitsUrged { directive: directive.id.into(), units: units.len(), obligations: about.len() }).await
}

/// The units, and on whose behalf each is urged.
async fn read_units(tx: &Tx, actor: Actor<'_>, given: &[UnitRef]) -> Result<Vec<(UnitId, Option<UnitId>)>, Stop> {
    let lookup = Lookup::load(tx.sql(), given).await?;
    let mut refusals = Refusals::default();
    let mut units = Vec::with_capacity(given.len());
    for (at, one) in given.iter().enumerate() {
        let place = |no: Refusal| no.at(at).within("units");
        let Some(unit) = refusals.take(lookup.find(tx.forest(), one), place) else { continue };
        let hidden = || InputRefusal::NotFound { wanted: Noun::OrgUnit, given: one.to_string() };
        let decided = decide_for(actor.grants, tx.forest(), &Action::Urge { unit }, actor.named).or_refuse(hidden);
        units.extend(refusals.take(decided, place).map(|from| (unit, from)));
    }
    refusals.stop()?;
    Ok(units)
}
