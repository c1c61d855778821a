//! What a batch decides for obligations otherwise than the rules do (S4).

use std::collections::HashSet;

use super::scene::Scene;
use super::{Bond, Held};
use crate::ids::{DirectiveId, RequirementId, UnitId};
use crate::refusal::{InputRefusal, Refusal, SuccessionRefusal};

/// What becomes of the obligations that a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// They pass to one successor only.
    Transfer {
        /// Which.
        to: UnitId,
    },
    /// They bind no more.
    Release,
    /// They last though their unit leaves the issuer's subtree.
    Keep,
}

/// One decision; the first that fits an obligation wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The directives that it is about.
    pub directives: Vec<DirectiveId>,
    /// The requirements that it is about; with no directives either: all.
    pub requirements: Vec<RequirementId>,
    /// A unit that ends, is split or leaves, or one above such units.
    pub from: UnitId,
    /// What happens.
    pub action: Action,
    /// Why.
    pub reason: String,
}

impl Decision {
    /// Whether it is about a requirement, whoever is bound.
    pub(super) fn names(&self, bond: &Bond) -> bool {
        let names_all = self.directives.is_empty() && self.requirements.is_empty();
        names_all || self.directives.contains(&bond.directive) || self.requirements.contains(&bond.requirement)
    }
}

/// An open obligation whose unit ends, is split or leaves, and the first decision that is about it.
#[derive(Clone, Copy)]
struct Concerned<'a> {
    held: &'a Held<'a>,
    decided: Option<usize>,
}

/// Everything that stands in the way of following the decisions.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Refusal> {
    if scene.decisions.is_empty() {
        return Vec::new();
    }
    let open = scene.estate.held.iter().filter(|held| held.state.is_open());
    let held = open.filter(|held| scene.line.is_source(held.unit) || scene.leaves(held));
    let concerned: Vec<Concerned<'_>> = held.map(|held| Concerned { held, decided: scene.decided(held).map(|(at, _)| at) }).collect();
    let mut refusals = Vec::new();
    for (at, decision) in scene.decisions.iter().enumerate() {
        let own = judge_one(scene, at, decision, &concerned);
        refusals.extend(own.into_iter().map(|refusal| refusal.at(at).within("decisions")));
    }
    refusals
}

fn judge_one(scene: &Scene<'_>, at: usize, decision: &Decision, concerned: &[Concerned<'_>]) -> Vec<Refusal> {
    let shift = scene.estate.shift;
    let mut refusals = Vec::new();
    if decision.reason.trim().is_empty() {
        refusals.push(Refusal::from(InputRefusal::Empty).within("reason"));
    }
    let sources: Vec<UnitId> = shift.sources().into_iter().filter(|unit| shift.without.covers(decision.from, *unit)).collect();
    let concerned: Vec<Concerned<'_>> =
        concerned.iter().copied().filter(|one| shift.without.covers(decision.from, one.held.unit)).collect();
    let unit = || shift.with.code_of(decision.from);
    if sources.is_empty() && concerned.is_empty() {
        if decision.action != Action::Keep {
            refusals.push(Refusal::from(SuccessionRefusal::NothingToDecide { unit: unit() }).within("from"));
        }
        return refusals;
    }
    let directives: HashSet<DirectiveId> = concerned.iter().map(|one| one.held.bond.directive).collect();
    for (item, _) in decision.directives.iter().enumerate().filter(|(_, named)| !directives.contains(named)) {
        refusals.push(Refusal::from(SuccessionRefusal::DirectiveNotConcerned { unit: unit() }).at(item).within("directives"));
    }
    let requirements: HashSet<RequirementId> = concerned.iter().map(|one| one.held.bond.requirement).collect();
    for (item, _) in decision.requirements.iter().enumerate().filter(|(_, named)| !requirements.contains(named)) {
        refusals.push(Refusal::from(SuccessionRefusal::RequirementNotConcerned { unit: unit() }).at(item).within("requirements"));
    }
    if let Action::Transfer { to } = decision.action {
        refusals.extend(judge_transfer(scene, at, to, &sources, &concerned).map(|refusal| refusal.within("to")));
    }
    refusals
}

/// The first reason why `to` cannot take over all that the decision at `at` gives to it.
fn judge_transfer(scene: &Scene<'_>, at: usize, to: UnitId, sources: &[UnitId], concerned: &[Concerned<'_>]) -> Option<Refusal> {
    let shift = scene.estate.shift;
    let code = |unit| shift.with.code_of(unit);
    let not_a_successor = |unit: UnitId| {
        let successors = scene.heirs(unit).iter().map(|heir| code(*heir)).collect();
        Refusal::from(SuccessionRefusal::NotASuccessor { to: code(to), unit: code(unit), successors })
    };
    for held in concerned.iter().filter(|one| one.decided == Some(at)).map(|one| one.held) {
        if !scene.heirs(held.unit).contains(&to) {
            return Some(not_a_successor(held.unit));
        }
        if !scene.may_pass(held, to) {
            let issuer = shift.with.standing(held.bond.issuer).unwrap_or(held.bond.issuer);
            let outside = SuccessionRefusal::SuccessorOutside { to: code(to), unit: code(held.unit), issuer: code(issuer) };
            return Some(outside.into());
        }
    }
    let succeeds = sources.iter().any(|unit| scene.heirs(*unit).contains(&to));
    let first = sources.first().copied().or_else(|| concerned.first().map(|one| one.held.unit));
    first.filter(|_| !succeeds).map(not_a_successor)
}
