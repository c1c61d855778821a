//! The directive that a command is about: found, known to the caller, and of the version that the caller saw.

use chidao_domain::access::{Action, DirectiveSight, Grants};
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::store::sights::{self, Eyes, Sighted};
use crate::store::{Stop, Tx};

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
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let found = sights::load_sighted(tx.sql(), eyes, &[id]).await?.remove(&id);
    let sighted = found.ok_or_else(|| Refusal::from(sights::missing(&id)).within("directive"))?;
    let decision = sighted.decide(eyes, action);
    let on_behalf_of = decision.or_refuse(|| sights::missing(&id)).map_err(|no| no.within("directive"))?;
    check_version(expected_version, sighted.directive.version)?;
    Ok(AtHand { sighted, on_behalf_of })
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
