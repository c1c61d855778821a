//! `revokeGrant`: takes a role back, from the next request on (A4).

use chidao_domain::access::{Action as Right, check_operator_stays};
use chidao_domain::ids::{GrantId, PrincipalId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::reason;
use crate::office::{Caller, Office};
use crate::store::code::Coded as _;
use crate::store::{Answer, grants, principals};

/// What `revokeGrant` takes.
#[derive(Clone, Debug)]
pub struct RevokeGrant {
    /// Which.
    pub grant: GrantId,
    /// Why.
    pub reason: Option<String>,
}

/// What `revokeGrant` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct GrantRevoked {
    /// The grant, which holds no more.
    pub grant: Uuid,
    /// Who held it.
    pub principal: Uuid,
}

impl GrantRevoked {
    /// The grant, which holds no more.
    pub fn grant(self) -> GrantId {
        GrantId(self.grant)
    }

    /// Who held it.
    pub fn principal(self) -> PrincipalId {
        PrincipalId(self.principal)
    }
}

/// Takes a grant back. One that the caller may not read about is missing (A5).
///
/// # Errors
/// A refusal where there is no such grant today, the caller does not administer its unit, or no operator would stay (A4).
pub async fn revoke_grant(office: &Office, caller: &Caller, input: RevokeGrant) -> Answer<GrantRevoked> {
    let (mut tx, grants_held) = office.begin(caller).await?;
    let reason = reason(input.reason)?;
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Grant, given: input.grant.to_string() }).within("grant");
    let reads = grants_held.check(tx.forest(), Right::ReadPrincipals).is_ok();
    let held = grants::load_grant(tx.sql(), input.grant, tx.today()).await?;
    let held = held.filter(|held| reads || Some(held.principal) == caller.id()).ok_or_else(missing)?;
    let (role, unit) = (held.grant.role, held.grant.unit);
    grants_held.check(tx.forest(), Right::RevokeGrant { role, unit })?;
    if held.grant.is_operators() {
        let operators = grants::load_operator_grants(tx.sql(), tx.today()).await?;
        let left = operators.iter().map(|other| &other.grant).filter(|other| other.id != input.grant);
        check_operator_stays(left).map_err(|no| Refusal::from(no).within("grant"))?;
    }
    grants::save_revoked(&tx, input.grant).await?;
    let name = principals::load_principals(tx.sql(), &[held.principal]).await?.remove(&held.principal).map(|known| known.display_name);
    let entry = Entry::new(Action::GrantRevoked, Subject::Grant(input.grant))
        .touching(unit)
        .change("principal", name, None)
        .change("role", Some(role.code().into()), None)
        .change("unit", unit.map(|unit| tx.forest().code_of(unit)), None);
    tx.record(entry.because(reason));
    tx.commit(GrantRevoked { grant: input.grant.into(), principal: held.principal.into() }).await
}
