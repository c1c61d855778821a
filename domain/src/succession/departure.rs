//! Units that leave the issuer's subtree are released from what is open (B6), unless it is decided otherwise (S4).

use super::decision::Action;
use super::scene::Scene;
use super::{Cause, Consequence, Held};
use crate::reorganization::Judgement;

pub(super) fn plan(scene: &Scene<'_>, judgement: Judgement, done: &mut Vec<Consequence>) {
    let open = scene.estate.held.iter().filter(|held| held.state.is_open());
    // Of a plan that builds on others, what is open today may stand outside without having come back there.
    let is_back_outside = |held: &&Held<'_>| judgement == Judgement::TakenBack && has_come_back_outside(scene, held);
    for held in open.filter(|held| scene.leaves(held) || is_back_outside(held)) {
        let obligation = held.id;
        let decided = scene.decided(held).filter(|_| scene.leaves(held));
        done.push(match decided.map(|(at, decision)| (at, decision.action)) {
            Some((decision, Action::Keep)) => Consequence::Keep { obligation, decision },
            Some((at, Action::Release)) => Consequence::Release { obligation, cause: Cause::Decided, decision: Some(at) },
            // Nobody succeeds a unit that goes on; the parts of one that is split have theirs already (S2).
            Some((_, Action::Transfer { .. })) | None => Consequence::Release { obligation, cause: Cause::Left, decision: None },
        });
    }
}

/// An annulment has brought it back where the issuer is no more: its unit is active again elsewhere, or has left by another batch meanwhile.
/// What was kept there before is kept.
fn has_come_back_outside(scene: &Scene<'_>, held: &Held<'_>) -> bool {
    let (issuer, unit) = (held.bond.issuer, held.unit);
    let is_active = scene.estate.shift.with.unit(unit).is_some();
    is_active && !scene.before.hold(issuer, unit) && !scene.after.hold(issuer, unit) && !held.kept
}
