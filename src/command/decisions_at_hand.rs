//! What a batch decides about obligations (S4), as it is given, and what it points at.

use chidao_domain::access::Grants;
use chidao_domain::directive::DirectiveRef;
use chidao_domain::forest::Forest;
use chidao_domain::ids::RequirementId;
use chidao_domain::refusal::{InputRefusal, Refusal};
use chidao_domain::reorganization::UnitRef;
use chidao_domain::succession::{Action, Decision};

use crate::command::obligations_at_hand::read_reason;
use crate::store::sights::{Eyes, find_readable};
use crate::store::tx::stop_if_any;
use crate::store::units::Lookup;
use crate::store::{Stop, Tx};

/// One decision as it is given.
#[derive(Clone, Debug)]
pub struct DecisionGiven {
    /// The directives that it is about.
    pub directives: Vec<DirectiveRef>,
    /// The requirements that it is about; with no directives either: all.
    pub requirements: Vec<RequirementId>,
    /// A unit that ends, is split or leaves, or one above such units.
    pub from: UnitRef,
    /// What happens.
    pub action: ActionGiven,
    /// Why.
    pub reason: String,
}

/// What happens to the obligations that a decision is about.
#[derive(Clone, Debug)]
pub enum ActionGiven {
    /// They pass to one successor only.
    Transfer {
        /// Which.
        to: UnitRef,
    },
    /// They bind no more.
    Release,
    /// They last.
    Keep,
}

/// The trees that references point into.
#[derive(Clone, Copy)]
pub(super) struct Between<'a> {
    /// Where the units stand that decisions are about.
    pub(super) without: &'a Forest,
    /// Where those stand that take over.
    pub(super) with: &'a Forest,
}

/// The decisions, pointing by ids.
///
/// # Errors
/// Too many, or what each of them gets wrong, at `decisions`; a fault of the database.
pub(super) async fn read_decisions(
    tx: &Tx,
    grants: &Grants,
    between: Between<'_>,
    (given, limit): (&[DecisionGiven], usize),
) -> Result<Vec<Decision>, Stop> {
    let count = given.len() + given.iter().map(|one| one.directives.len() + one.requirements.len()).sum::<usize>();
    if count > limit {
        return Err(Refusal::from(InputRefusal::TooMany { limit, count }).within("decisions").into());
    }
    let mut refs: Vec<&UnitRef> = Vec::new();
    for one in given {
        refs.push(&one.from);
        if let ActionGiven::Transfer { to } = &one.action {
            refs.push(to);
        }
    }
    let lookup = Lookup::load(tx.sql(), refs).await?;
    let (mut decisions, mut refusals) = (Vec::with_capacity(given.len()), Vec::new());
    for (at, one) in given.iter().enumerate() {
        match read_one(tx, grants, between, (&lookup, one)).await {
            Ok(decision) => decisions.push(decision),
            Err(Stop::Refused(no)) => refusals.extend(no.into_iter().map(|no| no.at(at).within("decisions"))),
            Err(other) => return Err(other),
        }
    }
    stop_if_any(refusals)?;
    Ok(decisions)
}

async fn read_one(tx: &Tx, grants: &Grants, between: Between<'_>, (lookup, given): (&Lookup, &DecisionGiven)) -> Result<Decision, Stop> {
    let mut refusals = Vec::new();
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let mut directives = Vec::with_capacity(given.directives.len());
    for (at, directive) in given.directives.iter().enumerate() {
        match find_readable(tx.sql(), eyes, directive).await {
            Ok(found) => directives.push(found.directive.id),
            Err(Stop::Refused(no)) => refusals.extend(no.into_iter().map(|no| no.at(at).within("directives"))),
            Err(other) => return Err(other),
        }
    }
    let mut take = |read: Result<_, Refusal>, field| read.map_err(|no| refusals.push(no.within(field))).ok();
    let from = take(lookup.find(between.without, &given.from), "from");
    let action = match &given.action {
        ActionGiven::Transfer { to } => take(lookup.find(between.with, to), "to").map(|to| Action::Transfer { to }),
        ActionGiven::Release => Some(Action::Release),
        ActionGiven::Keep => Some(Action::Keep),
    };
    let reason = read_reason(&given.reason).map_err(|no| refusals.push(no)).ok();
    stop_if_any(refusals)?;
    let requirements = given.requirements.clone();
    match (from, action, reason) {
        (Some(from), Some(action), Some(reason)) => Ok(Decision { directives, requirements, from, action, reason }),
        _ => Err(Refusal::from(InputRefusal::NothingGiven).into()),
    }
}
