//! `deactivatePrincipal`: somebody who is let in no more. Nothing of what they did is lost.

use chidao_domain::access::{Action as Right, check_operator_stays};
use chidao_domain::ids::{PrincipalId, UnitId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::reason;
use crate::office::{Caller, Office};
use crate::store::{Answer, Stop, Tx, grants, principals, sessions};

/// What `deactivatePrincipal` takes.
#[derive(Clone, Debug)]
pub struct DeactivatePrincipal {
    /// Who.
    pub principal: PrincipalId,
    /// Why.
    pub reason: Option<String>,
}

/// What `deactivatePrincipal` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PrincipalDeactivated {
    /// Who.
    pub principal: Uuid,
}

impl PrincipalDeactivated {
    /// Who.
    pub fn principal(self) -> PrincipalId {
        PrincipalId(self.principal)
    }
}

/// Ends the sessions of a principal and refuses it from the next request on. Done twice, it stays done.
///
/// # Errors
/// A refusal where the caller does not administer all that the principal holds, or where no operator would stay (A4).
pub async fn deactivate_principal(office: &Office, caller: &Caller, input: DeactivatePrincipal) -> Answer<PrincipalDeactivated> {
    let (mut tx, held) = office.begin(caller).await?;
    held.check(tx.forest(), Right::ReadPrincipals)?;
    let reason = reason(input.reason)?;
    let id = input.principal;
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Principal, given: id.to_string() }).within("principal");
    let known = principals::load_principals(tx.sql(), &[id]).await?.remove(&id).ok_or_else(missing)?;
    let output = PrincipalDeactivated { principal: id.into() };
    if !known.active {
        return tx.preview(output).await;
    }
    let theirs = grants::load_grants(tx.sql(), &[id], tx.today()).await?.remove(&id).unwrap_or_default();
    let units: Vec<Option<UnitId>> =
        theirs.iter().filter(|held| held.grant.has_not_ended(tx.forest())).map(|held| held.grant.unit).collect();
    held.check(tx.forest(), Right::DeactivatePrincipal { grants: &units })?;
    if theirs.iter().any(|held| held.grant.is_operators()) {
        check_operator_without(&tx, id).await?;
    }
    principals::save_deactivated(&tx, id).await?;
    sessions::save_all_ended(&tx, id).await?;
    let entry =
        Entry::new(Action::PrincipalDeactivated, Subject::Principal(id)).change("active", Some("true".into()), Some("false".into()));
    tx.record(entry.because(reason));
    tx.commit(output).await
}

async fn check_operator_without(tx: &Tx, id: PrincipalId) -> Result<(), Stop> {
    let operators = grants::load_operator_grants(tx.sql(), tx.today()).await?;
    let left = operators.iter().filter(|held| held.principal != id).map(|held| &held.grant);
    Ok(check_operator_stays(left).map_err(|no| Refusal::from(no).within("principal"))?)
}
