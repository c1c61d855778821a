//! Principals, their grants and their sessions (A1).

use std::collections::HashMap;

use chidao_domain::access::{Grant, Role};
use chidao_domain::day::Day;
use chidao_domain::ids::{GrantId, PersonId, PrincipalId, SessionId, UnitId};
use chidao_entity::{principal, role_grant, service_account, session, user_account};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;

codes!("role", Role {
    Viewer => "VIEWER",
    Reporter => "REPORTER",
    Supervisor => "SUPERVISOR",
    Drafter => "DRAFTER",
    Admin => "ADMIN",
});

/// Whether a principal is a person at a keyboard or a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// Logs in with a password.
    User,
    /// Presents a secret.
    Service,
}

codes!("kind of principal", PrincipalKind {
    User => "USER",
    Service => "SERVICE",
});

/// A principal as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// For ever.
    pub id: PrincipalId,
    /// User or service.
    pub kind: PrincipalKind,
    /// As people see it.
    pub display_name: String,
    /// One that is not active is refused at once.
    pub active: bool,
    /// The name that a user logs in with.
    pub user_name: Option<String>,
    /// The person behind a user.
    pub person: Option<PersonId>,
}

/// A grant as it stands, with who holds it since when.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldGrant {
    /// Who holds it.
    pub principal: PrincipalId,
    /// Since when.
    pub granted_at: DateTime<Utc>,
    /// What it gives.
    pub grant: Grant,
}

/// The principals with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_principals(sql: &impl ConnectionTrait, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Principal>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| Uuid::from(*id)).collect();
    let rows = principal::Entity::find().filter(principal::Column::Id.is_in(ids)).find_also_related(user_account::Entity).all(sql).await?;
    rows.into_iter().map(|(row, user)| principal_of(row, user).map(|known| (known.id, known))).collect()
}

/// Every principal, in the order in which they were made.
///
/// # Errors
/// A fault of the database.
pub async fn load_all_principals(sql: &impl ConnectionTrait) -> Result<Vec<Principal>, Fault> {
    let query = principal::Entity::find().find_also_related(user_account::Entity).order_by_asc(principal::Column::Id);
    query.all(sql).await?.into_iter().map(|(row, user)| principal_of(row, user)).collect()
}

fn principal_of(row: principal::Model, user: Option<user_account::Model>) -> Result<Principal, Fault> {
    let (user_name, person) = user.map(|user| (user.user_name, user.person_id.map(PersonId))).unzip();
    Ok(Principal {
        id: PrincipalId(row.id),
        kind: PrincipalKind::decode(&row.kind)?,
        display_name: row.display_name,
        active: row.active,
        user_name,
        person: person.flatten(),
    })
}

/// The active principal behind a session that has neither ended nor expired.
///
/// # Errors
/// A fault of the database.
pub async fn by_session(
    sql: &impl ConnectionTrait,
    id: SessionId,
    principal: PrincipalId,
    now: DateTime<Utc>,
) -> Result<Option<Principal>, Fault> {
    let live = session::Entity::find_by_id(Uuid::from(id))
        .filter(session::Column::PrincipalId.eq(Uuid::from(principal)))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    if live.one(sql).await?.is_none() {
        return Ok(None);
    }
    Ok(load_principals(sql, &[principal]).await?.remove(&principal).filter(|known| known.active))
}

/// The active service that the hash of a secret belongs to.
///
/// # Errors
/// A fault of the database.
pub async fn by_secret_hash(sql: &impl ConnectionTrait, secret_hash: &str) -> Result<Option<Principal>, Fault> {
    let query = service_account::Entity::find().filter(service_account::Column::SecretHash.eq(secret_hash));
    let Some(row) = query.one(sql).await? else { return Ok(None) };
    let id = PrincipalId(row.principal_id);
    Ok(load_principals(sql, &[id]).await?.remove(&id).filter(|known| known.active))
}

/// The grants of each of `principals` that hold on `today`.
///
/// # Errors
/// A fault of the database.
pub async fn load_grants(
    sql: &impl ConnectionTrait,
    principals: &[PrincipalId],
    today: Day,
) -> Result<HashMap<PrincipalId, Vec<HeldGrant>>, Fault> {
    let ids: Vec<Uuid> = principals.iter().map(|id| Uuid::from(*id)).collect();
    let mut found: HashMap<PrincipalId, Vec<HeldGrant>> = HashMap::new();
    for held in select_grants(sql, role_grant::Column::PrincipalId.is_in(ids), today).await? {
        found.entry(held.principal).or_default().push(held);
    }
    Ok(found)
}

/// The grant with that id, if it holds on `today`.
///
/// # Errors
/// A fault of the database.
pub async fn load_grant(sql: &impl ConnectionTrait, id: GrantId, today: Day) -> Result<Option<HeldGrant>, Fault> {
    Ok(select_grants(sql, role_grant::Column::Id.eq(Uuid::from(id)), today).await?.pop())
}

/// The grants over the whole forest that let active principals administer it: the operators' (A4).
///
/// # Errors
/// A fault of the database.
pub async fn load_operator_grants(sql: &impl ConnectionTrait, today: Day) -> Result<Vec<HeldGrant>, Fault> {
    let over_all = role_grant::Column::Role.eq(Role::Admin.code()).and(role_grant::Column::UnitId.is_null());
    select_grants(sql, over_all, today).await
}

/// Grants that hold: not revoked, not expired, of an active principal.
async fn select_grants(sql: &impl ConnectionTrait, which: sea_orm::sea_query::SimpleExpr, today: Day) -> Result<Vec<HeldGrant>, Fault> {
    let active = Query::select().column(principal::Column::Id).from(principal::Entity).and_where(principal::Column::Active.eq(true)).take();
    let valid = Condition::any().add(role_grant::Column::ExpiresOn.is_null()).add(role_grant::Column::ExpiresOn.gte(today));
    let query = role_grant::Entity::find()
        .filter(which)
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(valid)
        .filter(role_grant::Column::PrincipalId.in_subquery(active));
    let rows = query.order_by_asc(role_grant::Column::Id).all(sql).await?;
    rows.into_iter()
        .map(|row| {
            let role = Role::decode(&row.role)?;
            let grant = Grant { id: GrantId(row.id), role, unit: row.unit_id.map(UnitId), expires_on: row.expires_on };
            Ok(HeldGrant { principal: PrincipalId(row.principal_id), granted_at: row.granted_at, grant })
        })
        .collect()
}
