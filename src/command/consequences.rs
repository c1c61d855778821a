//! What a batch does to obligations and grants, foreseen and done by the same code (section 6, B4, B6, A1).

mod given_back;
mod missed;
mod told;

pub(super) use given_back::give_back;
pub(super) use missed::catch_up;

use std::collections::BTreeMap;

use chidao_domain::ids::{DirectiveId, GrantId, ObligationId, ReorganizationId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::reorganization::Judgement;
use chidao_domain::succession::{self, Consequence, Decision, Estate, Shift, plan_succession};

use crate::store::bindings::{self, NewObligation};
use crate::store::estates::{self, Books, Carried, Closing};
use crate::store::grants::{self, HeldGrant};
use crate::store::reorganizations::{self, Consequences, Effects};
use crate::store::{Fault, Stop, Tx};

/// A batch as it acts on obligations, on the day of its shift: every row that it writes bears that day (S6).
#[derive(Clone, Copy, Debug)]
pub(super) struct Acting<'a> {
    /// The batch.
    pub(super) batch: ReorganizationId,
    /// What it makes of the tree of the day on which it acts.
    pub(super) shift: Shift<'a>,
    /// What people decided (S4).
    pub(super) decisions: &'a [Decision],
    /// Whether decisions that cannot be followed are refused: not where it was planned before. That nobody stands for a directive always is.
    pub(super) judgement: Judgement,
    /// Units that stay where they are, and to which something has just come back: it is judged with what moves (O5).
    pub(super) besides: &'a [UnitId],
    /// Only on the obligations of this directive, which is resumed (D6); `None`: of all.
    pub(super) only: Option<DirectiveId>,
}

/// What a batch would do.
#[derive(Clone, Debug)]
pub(super) struct Foreseen {
    books: Books,
    planned: Vec<Consequence>,
    grants: Vec<HeldGrant>,
}

impl Foreseen {
    /// In numbers, and one by one, with nothing that does not exist yet.
    pub(super) fn told(&self, acting: Acting<'_>) -> (Effects, Consequences) {
        told::effects(self, acting, &[])
    }
}

/// What the batch would do to obligations and grants as they stand; writes nothing.
///
/// # Errors
/// Decisions that cannot be followed (S4), at `decisions`; a root that ends while directives of it are in force (C5), at `changes`; a fault
/// of the database.
pub(super) async fn foresee(tx: &Tx, acting: Acting<'_>) -> Result<Foreseen, Stop> {
    let Acting { shift, decisions, judgement, besides, only, .. } = acting;
    let books = estates::load_books(tx.sql(), tx.engine(), shift, (besides, only)).await?;
    shift.check_issuers(&books.issuers())?;
    let held = books.held();
    let estate = Estate { shift, bonds: &books.bonds, held: &held, predecessors: &books.predecessors };
    let planned = plan_succession(estate, decisions, judgement)?;
    let ended: Vec<UnitId> = shift.without.units().iter().map(|unit| unit.id).filter(|unit| shift.with.unit(*unit).is_none()).collect();
    let grants = grants::load_grants_over(tx.sql(), &ended, shift.day).await?;
    Ok(Foreseen { books, planned, grants })
}

/// Does to obligations and grants what the batch does to them, keeps that beside the batch, whose row and units are written already, and puts
/// it down in the journal: one entry for each obligation and each grant.
///
/// # Errors
/// As [`foresee`].
pub(super) async fn act(tx: &mut Tx, acting: Acting<'_>) -> Result<Effects, Stop> {
    let (effects, list) = carry_out(tx, acting).await?;
    reorganizations::save_effects(tx, acting.batch, &effects, &list).await?;
    Ok(effects)
}

/// The same, without keeping it beside the batch.
pub(super) async fn carry_out(tx: &mut Tx, acting: Acting<'_>) -> Result<(Effects, Consequences), Stop> {
    let foreseen = foresee(tx, acting).await?;
    Ok(write(tx, acting, &foreseen).await?)
}

/// Writes what was foreseen.
async fn write(tx: &mut Tx, acting: Acting<'_>, foreseen: &Foreseen) -> Result<(Effects, Consequences), Fault> {
    let new: Vec<NewObligation> = new_obligations(tx, acting, foreseen);
    save_closings(tx, acting, foreseen).await?;
    save_others(tx, acting, foreseen).await?;
    bindings::insert_obligations(tx, &new).await?;
    let grants: Vec<GrantId> = foreseen.grants.iter().map(|held| held.grant.id).collect();
    grants::save_ended(tx, &grants).await?;
    let ids: Vec<ObligationId> = new.iter().map(|new| new.id).collect();
    tx.record_all(told::entries(foreseen, acting, &ids)).await?;
    Ok(told::effects(foreseen, acting, &ids))
}

fn carried(acting: Acting<'_>) -> Carried {
    Carried { by: acting.batch, on: acting.shift.day }
}

/// As it is written, under an id of its own or under the one that it had.
fn written(acting: Acting<'_>, id: ObligationId, new: &succession::NewObligation) -> NewObligation {
    NewObligation {
        id,
        requirement: new.requirement,
        directive: new.directive,
        unit: new.unit,
        period: new.period.clone(),
        due_on: new.due_on,
        reasons: new.reasons.clone(),
        state: new.state,
        bound_on: acting.shift.day,
        kept: new.kept,
        by: Some(acting.batch),
    }
}

fn new_obligations(tx: &Tx, acting: Acting<'_>, foreseen: &Foreseen) -> Vec<NewObligation> {
    let created = foreseen.planned.iter().filter_map(|consequence| match consequence {
        Consequence::Create(new) => Some(new),
        _ => None,
    });
    created.map(|new| written(acting, tx.new_id(), new)).collect()
}

async fn save_closings(tx: &Tx, acting: Acting<'_>, foreseen: &Foreseen) -> Result<(), Fault> {
    let mut groups: BTreeMap<Closing, Vec<ObligationId>> = BTreeMap::new();
    let mut close = |to: State, cause, decision: Option<usize>, obligation| {
        let reason = decision.and_then(|at| acting.decisions.get(at)).map(|decision| decision.reason.clone());
        groups.entry(Closing { to, cause, reason }).or_default().push(obligation);
    };
    for consequence in &foreseen.planned {
        match consequence {
            Consequence::Transfer { obligation, cause, decision, .. } => close(State::Transferred, *cause, *decision, *obligation),
            Consequence::Release { obligation, cause, decision } => close(State::Released, *cause, *decision, *obligation),
            Consequence::Keep { .. }
            | Consequence::Create(_)
            | Consequence::Revive { .. }
            | Consequence::Link { .. }
            | Consequence::BindAgain { .. } => {}
        }
    }
    for (closing, ids) in groups {
        estates::save_closed(tx, carried(acting), &closing, &ids).await?;
    }
    Ok(())
}

async fn save_others(tx: &Tx, acting: Acting<'_>, foreseen: &Foreseen) -> Result<(), Fault> {
    let mut kept = BTreeMap::<usize, Vec<ObligationId>>::new();
    let (mut links, mut again, mut revived) = (Vec::new(), Vec::new(), Vec::new());
    for consequence in &foreseen.planned {
        match consequence {
            Consequence::Keep { obligation, decision } => kept.entry(*decision).or_default().push(*obligation),
            Consequence::Link { obligation, predecessors, due_on } => links.push((*obligation, predecessors.clone(), *due_on)),
            Consequence::BindAgain { obligation, due_on } => again.push((*obligation, *due_on)),
            Consequence::Revive { obligation, new } => revived.push(written(acting, *obligation, new)),
            Consequence::Transfer { .. } | Consequence::Release { .. } | Consequence::Create(_) => {}
        }
    }
    for (at, ids) in kept {
        let reason = acting.decisions.get(at).map_or("", |decision| decision.reason.as_str());
        estates::save_kept(tx, carried(acting), reason, &ids).await?;
    }
    let is_inside = |issuer: UnitId, unit: UnitId| {
        let with = acting.shift.with;
        with.standing(issuer).is_some_and(|place| with.covers(place, unit))
    };
    let back = foreseen.books.held().into_iter().filter(|held| held.kept && is_inside(held.bond.issuer, held.unit));
    estates::save_no_longer_kept(tx, &back.map(|held| held.id).collect::<Vec<_>>()).await?;
    estates::save_linked(tx, carried(acting), &links).await?;
    estates::save_bound_again(tx, carried(acting), &again).await?;
    estates::save_revived(tx, carried(acting), &revived).await
}
