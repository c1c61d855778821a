//! What an annulment gives back before B6 and B4 follow as after any batch (O5).

use std::collections::HashMap;

use chidao_domain::ids::{ObligationId, ReorganizationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::State;
use chidao_domain::refusal::Locale;
use chidao_domain::reorganization::{Ending, SuccessionKind};
use chidao_domain::succession::{Annulment, Cause, Shift, plan_annulment};

use super::{Acting, carried, carry_out};
use crate::store::code::Coded as _;
use crate::store::estates::{self, Closing};
use crate::store::obligations::{Obligation, load_obligations};
use crate::store::reorganizations::{self, Happening, ObligationEffect};
use crate::store::{Fault, Stop, Tx};

/// Takes back what a batch did to obligations, and lets the changes back act as any batch does; the tree is written already.
///
/// # Errors
/// As [`super::act`].
pub(in crate::command) async fn give_back(tx: &mut Tx, mistake: ReorganizationId, acting: Acting<'_>, because: &str) -> Result<(), Stop> {
    let closed = estates::load_closed(tx.sql(), tx.engine(), mistake).await?;
    let line = estates::load_line(tx.sql(), tx.engine(), mistake).await?;
    let annulment = plan_annulment(&closed, &line);
    let mut list = tell(tx, &annulment, because).await?;
    estates::save_returned(tx, carried(acting), &annulment.returned, because).await?;
    estates::save_parted(tx, carried(acting), mistake, &annulment.parted).await?;
    let closing = Closing { to: State::Released, cause: Cause::Annulled, reason: Some(because.to_owned()) };
    estates::save_closed(tx, carried(acting), &closing, &annulment.superseded).await?;
    let back: Vec<UnitId> = list.iter().filter(|one| one.happening == Happening::Returned).map(|one| UnitId(one.unit)).collect();
    let endings = with_the_ended(acting.shift, &back);
    let shift = Shift { endings: &endings, ..acting.shift };
    let (mut effects, then) = carry_out(tx, Acting { besides: &back, shift, ..acting }).await?;
    effects.released += annulment.superseded.len();
    list.extend(then);
    Ok(reorganizations::save_effects(tx, acting.batch, &effects, &list).await?)
}

/// The endings of the annulment, and those of units to which something returns though a later batch has ended them: it passes on to whom they
/// had left, as it would have done.
fn with_the_ended(shift: Shift<'_>, back: &[UnitId]) -> Vec<Ending> {
    let mut endings = shift.endings.to_vec();
    for &unit in back.iter().filter(|unit| shift.with.unit(**unit).is_none()) {
        if endings.iter().all(|ending| ending.unit != unit) {
            let heirs = shift.with.ended(unit).map(|ended| ended.heirs.clone()).unwrap_or_default();
            endings.push(Ending { unit, kind: SuccessionKind::Heir, heirs, stays: false });
        }
    }
    endings
}

/// The journal's entries, and what the record of the annulment shows.
async fn tell(tx: &mut Tx, annulment: &Annulment, because: &str) -> Result<Vec<ObligationEffect>, Fault> {
    let returned = annulment.returned.iter().map(|one| (one.obligation, one.to, Done::ObligationReturned, Happening::Returned));
    let superseded = annulment.superseded.iter().map(|id| (*id, State::Released, Done::ObligationReleased, Happening::Released));
    let all: Vec<_> = returned.chain(superseded).collect();
    let ids: Vec<ObligationId> = all.iter().map(|(id, ..)| *id).collect();
    let known = load_obligations(tx.sql(), tx.engine(), &ids).await?;
    let back: HashMap<ObligationId, State> = annulment.returned.iter().map(|one| (one.obligation, one.to)).collect();
    let mut list = Vec::new();
    for (id, to, done, happening) in all {
        let Some(obligation) = known.get(&id) else { continue };
        let entry = Entry::new(done, Subject::Obligation(id)).touching([obligation.unit]);
        let from = back.get(&id).copied().filter(|_| happening == Happening::Released).unwrap_or(obligation.state);
        let entry = entry.change("state", Some(from.code().into()), Some(to.code().into()));
        let why = if happening == Happening::Returned { because } else { Cause::Annulled.words(Locale::Vi) };
        tx.record(entry.because(Some(why.to_owned())));
        list.push(effect(obligation, to, happening, because));
    }
    Ok(list)
}

fn effect(obligation: &Obligation, to: State, happening: Happening, because: &str) -> ObligationEffect {
    ObligationEffect {
        happening,
        obligation: Some(obligation.id.into()),
        requirement: obligation.requirement.into(),
        unit: obligation.unit.into(),
        period: obligation.period.clone().unwrap_or_default(),
        cause: (happening == Happening::Released).then(|| Cause::Annulled.code().to_owned()),
        reason: Some(because.to_owned()),
        rules: Vec::new(),
        state: to.code().into(),
        due_on: obligation.due_on,
        predecessors: Vec::new(),
        successors: Vec::new(),
    }
}
