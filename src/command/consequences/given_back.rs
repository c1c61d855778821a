//! What an annulment gives back before B6 and B4 follow as after any batch (O5).

use std::collections::HashMap;

use chidao_domain::ids::{DirectiveId, ObligationId, ReorganizationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::State;
use chidao_domain::refusal::Locale;
use chidao_domain::reorganization::{Ending, SuccessionKind};
use chidao_domain::succession::{Annulment, Cause, Shift, plan_annulment};

use super::{Acting, carried, carry_out};
use crate::store::code::Coded as _;
use crate::store::estates::{self, Carried, Closing};
use crate::store::obligations::{Obligation, load_obligations};
use crate::store::reorganizations::{self, Happening, ObligationEffect};
use crate::store::{Fault, Stop, Tx};

/// Takes back what a batch did to obligations, and lets the changes back act as any batch does; the tree is written already.
///
/// # Errors
/// As [`super::act`].
pub(in crate::command) async fn give_back(tx: &mut Tx, mistake: ReorganizationId, acting: Acting<'_>, because: &str) -> Result<(), Stop> {
    let mut list = take_back(tx, (mistake, acting.only), carried(acting), because).await?;
    let superseded = list.iter().filter(|one| one.happening == Happening::Released).count();
    let back = returned(&list);
    let endings = with_the_ended(acting.shift, &back);
    let shift = Shift { endings: &endings, ..acting.shift };
    let (mut effects, then) = carry_out(tx, Acting { besides: &back, shift, ..acting }).await?;
    effects.released += superseded;
    list.extend(then);
    Ok(reorganizations::save_effects(tx, acting.batch, &effects, &list).await?)
}

/// Takes back what a batch did to obligations, of all directives in force or of one only.
///
/// # Errors
/// A fault of the database.
pub(super) async fn take_back(
    tx: &mut Tx,
    (mistake, only): (ReorganizationId, Option<DirectiveId>),
    carried: Carried,
    because: &str,
) -> Result<Vec<ObligationEffect>, Fault> {
    let closed = estates::load_closed(tx.sql(), tx.engine(), (mistake, only)).await?;
    let line = estates::load_line(tx.sql(), tx.engine(), (mistake, only)).await?;
    let annulment = plan_annulment(&closed, &line);
    let list = tell(tx, &annulment, because).await?;
    estates::save_returned(tx, carried, &annulment.returned, because).await?;
    estates::save_parted(tx, carried, mistake, &annulment.parted).await?;
    let closing = Closing { to: State::Released, cause: Cause::Annulled, reason: Some(because.to_owned()) };
    estates::save_closed(tx, carried, &closing, &annulment.superseded).await?;
    Ok(list)
}

/// The units to which something has come back.
pub(super) fn returned(list: &[ObligationEffect]) -> Vec<UnitId> {
    list.iter().filter(|one| one.happening == Happening::Returned).map(|one| UnitId(one.unit)).collect()
}

/// The endings of the annulment, and those of units to which something returns though a later batch has ended them: it passes on to whom they
/// had left, as it would have done.
pub(super) fn with_the_ended(shift: Shift<'_>, back: &[UnitId]) -> Vec<Ending> {
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
