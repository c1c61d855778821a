//! Units that leave the issuer's subtree are released from what is open (B6), unless it is decided otherwise (S4).

use super::decision::Action;
use super::scene::Scene;
use super::{Cause, Consequence, Held};

pub(super) fn plan(scene: &Scene<'_>, done: &mut Vec<Consequence>) {
    let with = scene.estate.shift.with;
    let outside = |held: &&Held<'_>| with.unit(held.unit).is_some() && !scene.after.hold(held.bond.issuer, held.unit);
    let open = scene.estate.held.iter().filter(|held| held.state.is_open()).filter(outside);
    for held in open.filter(|held| !scene.is_kept(held)) {
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
