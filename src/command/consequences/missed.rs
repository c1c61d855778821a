//! What a directive missed while it was concluded, made up for when it is resumed (D6): what the batches since did to the tree follows for its
//! obligations as it would have followed then, but as of today.

use std::collections::HashMap;

use chidao_domain::ids::{DirectiveId, ObligationId, ReorganizationId, UnitId};
use chidao_domain::reorganization::{Ending, Judgement};
use chidao_domain::succession::{Shift, attribute};

use super::given_back::{returned, take_back, with_the_ended};
use super::{Acting, Foreseen, foresee, write};
use crate::office::Office;
use crate::store::estates::Carried;
use crate::store::forests::TreeOn;
use crate::store::reorganizations::{self, EndedAt, Reorganization, load_acted_since, load_reorganizations};
use crate::store::{Fault, Stop, Tx};

/// Lets the batches since a directive was concluded act on what is open of it again. Each thing bears the batch that it follows from, so that
/// an annulment finds it (O5).
///
/// # Errors
/// As [`super::foresee`].
pub(in crate::command) async fn catch_up(office: &Office, tx: &mut Tx, directive: DirectiveId, concluded: EndedAt) -> Result<(), Stop> {
    let day_of = |at| office.clock().day_of(at);
    let batches = load_acted_since(tx.sql(), concluded, tx.today(), day_of).await?;
    let Some(last) = batches.last().map(Reorganization::id) else { return Ok(()) };
    let back = make_up_for_annulments(tx, directive, concluded, &batches).await?;
    let without = office.tree_on(tx, TreeOn { day: concluded.on, known_at: Some(concluded.at) }).await?;
    let with = tx.forest().clone();
    let told = endings(&batches, |unit| with.unit(unit).is_some());
    let alone: Vec<Ending> = told.iter().map(|(_, ending)| ending.clone()).collect();
    let shift = Shift { day: tx.today(), without: &without.forest, with: &with, endings: &alone };
    let endings = with_the_ended(shift, &back);
    let shift = Shift { endings: &endings, ..shift };
    let acting = Acting { batch: last, shift, decisions: &[], judgement: Judgement::TakenBack, besides: &back, only: Some(directive) };
    // Grants over units that have ended did so with them (A1).
    let mut foreseen = Foreseen { grants: Vec::new(), ..foresee(tx, acting).await? };
    let of_batch: HashMap<ReorganizationId, usize> = batches.iter().map(Reorganization::id).zip(0..).collect();
    let first_ended = told.iter().rev().map(|(batch, ending)| (ending.unit, of_batch[batch])).collect();
    let units: HashMap<ObligationId, UnitId> = foreseen.books.rows.iter().map(|row| (row.id, row.unit)).collect();
    let planned = std::mem::take(&mut foreseen.planned);
    for (batch, planned) in attribute(planned, &units, &first_ended, batches.len() - 1) {
        foreseen.planned = planned;
        write(tx, Acting { batch: batches[batch].id(), ..acting }, &foreseen).await?;
    }
    Ok(())
}

/// Batches that had acted before the conclusion, and were annulled since: what they had closed returns. Answers the units to which.
async fn make_up_for_annulments(
    tx: &mut Tx,
    directive: DirectiveId,
    concluded: EndedAt,
    batches: &[Reorganization],
) -> Result<Vec<UnitId>, Fault> {
    let mut back = Vec::new();
    for annulment in batches {
        let Some(mistake) = annulment.annuls() else { continue };
        let known = load_reorganizations(tx.sql(), &[mistake]).await?.remove(&mistake);
        let Some(known) = known.filter(|known| concluded.is_after(known)) else { continue };
        let carried = Carried { by: annulment.id(), on: tx.today() };
        let because = known.taken_back_because.unwrap_or_default();
        back.extend(returned(&take_back(tx, (mistake, Some(directive)), carried, &because).await?));
    }
    Ok(back)
}

/// Who ended or was split, by which batch, in the order of the batches. One that ended without an heir and is active again is as if nothing had
/// happened. What an annulment ends again counts with its heirs, and leaves them nothing (O5).
fn endings(batches: &[Reorganization], is_active: impl Fn(UnitId) -> bool) -> Vec<(ReorganizationId, Ending)> {
    let of_batch = |batch: &Reorganization| {
        let leaves_nothing = batch.annuls.is_some();
        let endings = batch.changes.iter().flat_map(reorganizations::Change::endings);
        let left = endings.map(|ending| if leaves_nothing { Ending { heirs: Vec::new(), ..ending } } else { ending });
        left.map(|ending| (batch.id(), ending)).collect::<Vec<_>>()
    };
    let all = batches.iter().flat_map(of_batch);
    all.filter(|(_, ending)| !ending.heirs.is_empty() || !is_active(ending.unit)).collect()
}
