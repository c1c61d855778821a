//! The directive that a command is about: found, known to the caller, and of the version that the caller saw.

use chidao_domain::access::{Action, DirectiveSight, Grants};
use chidao_domain::directive::{DirectiveStep, take_step};
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::command::DirectiveDone;
use crate::command::draft_content::optional_prose;
use crate::office::{Caller, Office};
use crate::store::code::Coded as _;
use crate::store::directives::{self, Directive};
use crate::store::sights::{self, Eyes, Sighted};
use crate::store::{Answer, Fault, Stop, Tx};

/// A directive, and on whose behalf it is acted on (L8).
pub(super) struct AtHand {
    pub(super) sighted: Sighted,
    pub(super) on_behalf_of: Option<UnitId>,
}

/// The directive with that id, if the caller may do `action` with it now.
///
/// # Errors
/// `NOT_FOUND` where there is none or it is hidden (A5), a refusal where the right is missing, both at `directive`; a stale version.
pub(super) async fn take_in_hand(
    tx: &Tx,
    grants: &Grants,
    id: DirectiveId,
    expected_version: Option<i32>,
    action: impl for<'s> FnOnce(DirectiveSight<'s>) -> Action<'s>,
) -> Result<AtHand, Stop> {
    let missing = || sights::missing(&id);
    let sighted = find(tx, grants, id).await?.ok_or_else(|| Refusal::from(missing()).within("directive"))?;
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let on_behalf_of = sighted.decide(eyes, action).or_refuse(missing).map_err(|no| no.within("directive"))?;
    check_version(expected_version, sighted.directive.version)?;
    Ok(AtHand { sighted, on_behalf_of })
}

/// The directive with that id, whoever may know of it.
pub(super) async fn find(tx: &Tx, grants: &Grants, id: DirectiveId) -> Result<Option<Sighted>, Fault> {
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    Ok(sights::load_sighted(tx.sql(), eyes, &[id]).await?.remove(&id))
}

/// Somebody else may have changed it since the caller read it.
fn check_version(expected: Option<i32>, current: i32) -> Result<(), Refusal> {
    match expected {
        Some(expected) if expected != current => {
            let stale = InputRefusal::Stale { expected: expected.into(), current: current.into() };
            Err(Refusal::from(stale).within("expectedVersion"))
        }
        _ => Ok(()),
    }
}

/// What a command takes that only moves a directive on in its life (D1).
#[derive(Clone, Debug)]
pub struct StepGiven {
    /// The directive.
    pub directive: DirectiveId,
    /// Why.
    pub reason: Option<String>,
    /// The version that the caller saw.
    pub expected_version: Option<i32>,
}

/// A step, and how the journal calls it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) step: DirectiveStep,
    pub(super) done: Done,
}

/// Moves a directive on in its life, without anything else that follows from it.
///
/// # Errors
/// As [`take_in_hand`]; a step that D1 does not list, at `directive`.
pub(super) async fn take_step_of(
    office: &Office,
    caller: &Caller,
    input: StepGiven,
    turn: Turn,
    action: impl for<'s> FnOnce(DirectiveSight<'s>) -> Action<'s>,
) -> Answer<DirectiveDone> {
    let (mut tx, grants) = office.begin(caller).await?;
    let at_hand = take_in_hand(&tx, &grants, input.directive, input.expected_version, action).await?;
    let before = &at_hand.sighted.directive;
    let status = take_step(before.status, turn.step).map_err(|no| Refusal::from(no).within("directive"))?;
    let reason = optional_prose(input.reason.as_deref(), "reason")?;
    let after = Directive { status, version: before.version + 1, updated_at: tx.now(), ..before.clone() };
    directives::update_directive(&tx, &after).await?;
    let entry = Entry::new(turn.done, Subject::Directive(after.id)).touching([after.issuer]).on_behalf_of(at_hand.on_behalf_of);
    tx.record(entry.change("status", Some(before.status.code().into()), Some(after.status.code().into())).because(reason));
    tx.commit(DirectiveDone { directive: after.id.into() }).await
}
