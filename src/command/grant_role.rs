//! `grantRole`: lets a principal do something over a unit and all below it, or over the whole forest (A4).

use chidao_domain::access::{Action as Right, Grant, Role, check_grant, check_grant_ends};
use chidao_domain::day::Day;
use chidao_domain::ids::{GrantId, PrincipalId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::office::{Caller, Office};
use crate::store::code::Coded as _;
use crate::store::{Answer, Stop, Tx, grants, principals, units};

/// What `grantRole` takes.
#[derive(Clone, Debug)]
pub struct GrantRole {
    /// Who gets it.
    pub principal: PrincipalId,
    /// What it allows.
    pub role: Role,
    /// Over which unit; `None`: over the whole forest.
    pub unit: Option<UnitRef>,
    /// The first day on which it no longer holds.
    pub expires_on: Option<Day>,
}

/// What `grantRole` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RoleGranted {
    /// The new grant.
    pub grant: Uuid,
}

impl RoleGranted {
    /// The new grant.
    pub fn grant(self) -> GrantId {
        GrantId(self.grant)
    }
}

/// Gives a role, from now on.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn grant_role(office: &Office, caller: &Caller, input: GrantRole) -> Answer<RoleGranted> {
    let (mut tx, held) = office.begin(caller).await?;
    let unit = match &input.unit {
        None => None,
        Some(unit) => Some(units::resolve(tx.sql(), tx.forest(), unit).await.map_err(|stop| stop.within("unit"))?),
    };
    check_grant(input.role, unit).map_err(|no| Refusal::from(no).within("unit"))?;
    held.check(tx.forest(), Right::GrantRole { role: input.role, unit })?;
    if let Some(day) = input.expires_on.filter(|day| *day <= tx.today()) {
        let earliest = tx.today().succ_opt().unwrap_or(day).to_string();
        return Err(Refusal::from(InputRefusal::EarlierThan { earliest }).by("A1").within("expiresOn").into());
    }
    check_grant_ends(&held, tx.forest(), unit, input.expires_on).map_err(|no| Refusal::from(no).by("A4").within("expiresOn"))?;
    let name = active_name(&tx, input.principal).await?;
    let grant = Grant { id: tx.new_id(), role: input.role, unit, expires_on: input.expires_on };
    grants::insert_grant(&tx, input.principal, &grant).await?;
    let entry = Entry::new(Action::RoleGranted, Subject::Grant(grant.id))
        .touching(unit)
        .change("principal", None, Some(name))
        .change("role", None, Some(input.role.code().into()))
        .change("unit", None, unit.map(|unit| tx.forest().code_of(unit)))
        .change("expiresOn", None, input.expires_on.map(|day| day.to_string()));
    tx.record(entry);
    tx.commit(RoleGranted { grant: grant.id.into() }).await
}

/// What an active principal is called; one that is deactivated gets nothing any more.
async fn active_name(tx: &Tx, id: PrincipalId) -> Result<String, Stop> {
    let known = principals::load_principals(tx.sql(), &[id]).await?.remove(&id).filter(|known| known.active);
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Principal, given: id.to_string() }).within("principal");
    Ok(known.ok_or_else(missing)?.display_name)
}
