//! What a reorganization decides about obligations (S4).

use async_graphql::{Enum, ID, InputObject};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::command::{ActionGiven, DecisionGiven};
use crate::graphql::directive_input::DirectiveRef;
use crate::graphql::id::typed;
use crate::graphql::org_unit::OrgUnitRef;

/// What becomes of the obligations that a decision is about (xử lý nhiệm vụ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SuccessionAction {
    /// They pass to one successor only (chuyển giao).
    Transfer,
    /// They bind no more (chấm dứt).
    Release,
    /// They last though their unit leaves the issuer's subtree (giữ nguyên).
    Keep,
}

/// What is decided about obligations otherwise than the rules do (quyết định xử lý nhiệm vụ); of several, the first that fits wins. With neither
/// directives nor requirements it is about all.
#[derive(InputObject)]
pub struct SuccessionDecisionInput {
    /// The directives that it is about.
    directives: Option<Vec<DirectiveRef>>,
    /// The requirements that it is about.
    requirements: Option<Vec<ID>>,
    /// A unit that ends, is split or leaves the issuer's subtree; or one above, for all such units below it.
    from: OrgUnitRef,
    /// What happens.
    action: SuccessionAction,
    /// Which successor takes over; for `TRANSFER` only.
    to: Option<OrgUnitRef>,
    /// Why.
    reason: String,
}

impl SuccessionDecisionInput {
    pub(crate) fn read(self) -> Result<DecisionGiven, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut directives = Vec::new();
        for (at, given) in self.directives.unwrap_or_default().into_iter().enumerate() {
            match given.read() {
                Ok(directive) => directives.push(directive),
                Err(no) => refusals.push(no.at(at).within("directives")),
            }
        }
        let mut requirements = Vec::new();
        for (at, given) in self.requirements.unwrap_or_default().iter().enumerate() {
            match typed(given) {
                Ok(requirement) => requirements.push(requirement),
                Err(no) => refusals.push(no.at(at).within("requirements")),
            }
        }
        let from = self.from.read().map_err(|no| refusals.push(no.within("from"))).ok();
        let to = self.to.map(|to| to.read()).transpose().map_err(|no| refusals.push(no.within("to"))).ok().flatten();
        let action = match (self.action, to) {
            (SuccessionAction::Transfer, Some(to)) => Some(ActionGiven::Transfer { to }),
            (SuccessionAction::Transfer, None) => None,
            (SuccessionAction::Release, None) => Some(ActionGiven::Release),
            (SuccessionAction::Keep, None) => Some(ActionGiven::Keep),
            (SuccessionAction::Release | SuccessionAction::Keep, Some(_)) => {
                refusals.push(Refusal::from(InputRefusal::NotTogether { fields: "action, to" }).by("S4").within("to"));
                None
            }
        };
        if action.is_none() && refusals.is_empty() {
            refusals.push(Refusal::from(InputRefusal::Needs { field: "to" }).by("S4").within("to"));
        }
        match (from, action) {
            (Some(from), Some(action)) if refusals.is_empty() => {
                Ok(DecisionGiven { directives, requirements, from, action, reason: self.reason })
            }
            _ => Err(refusals),
        }
    }
}
