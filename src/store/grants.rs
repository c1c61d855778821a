//! Grants: one role over one unit and all below it, or over the whole forest (A1, A2).

use std::collections::HashMap;

use chidao_domain::access::{Grant, Role};
use chidao_domain::day::Day;
use chidao_domain::ids::{GrantId, PrincipalId, UnitId};
use chidao_entity::{principal, role_grant};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;
use crate::store::journal::ROWS_PER_INSERT;
use crate::store::tx::Tx;

codes!("role", Role {
    Viewer => "VIEWER",
    Reporter => "REPORTER",
    Supervisor => "SUPERVISOR",
    Drafter => "DRAFTER",
    Admin => "ADMIN",
});

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

/// Writes a new grant, given by whoever acts.
///
/// # Errors
/// A fault of the database.
pub async fn insert_grant(tx: &Tx, principal: PrincipalId, grant: &Grant) -> Result<(), Fault> {
    let row = role_grant::ActiveModel {
        id: Set(grant.id.into()),
        principal_id: Set(principal.into()),
        role: Set(grant.role.code().into()),
        unit_id: Set(grant.unit.map(Uuid::from)),
        granted_at: Set(tx.now()),
        granted_by_id: Set(tx.actor().map(Uuid::from)),
        expires_on: Set(grant.expires_on),
        revoked_at: Set(None),
    };
    role_grant::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// How many grants in force on a day are over each unit that has some.
///
/// # Errors
/// A fault of the database.
pub async fn count_by_unit(sql: &impl ConnectionTrait, today: Day) -> Result<HashMap<UnitId, usize>, Fault> {
    let holds = Condition::any().add(role_grant::Column::ExpiresOn.is_null()).add(role_grant::Column::ExpiresOn.gt(today));
    let query =
        role_grant::Entity::find().select_only().column(role_grant::Column::UnitId).column_as(role_grant::Column::Id.count(), "held");
    let query = query.filter(role_grant::Column::RevokedAt.is_null()).filter(role_grant::Column::UnitId.is_not_null()).filter(holds);
    let rows: Vec<(Uuid, i64)> = query.group_by(role_grant::Column::UnitId).into_tuple().all(sql).await?;
    Ok(rows.into_iter().map(|(unit, count)| (UnitId(unit), usize::try_from(count).unwrap_or_default())).collect())
}

/// Takes a grant back.
///
/// # Errors
/// A fault of the database.
pub async fn save_revoked(tx: &Tx, id: GrantId) -> Result<(), Fault> {
    let update = role_grant::Entity::update_many().col_expr(role_grant::Column::RevokedAt, Expr::value(tx.now()));
    update.filter(role_grant::Column::Id.eq(Uuid::from(id))).exec(tx.sql()).await?;
    Ok(())
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

/// The grants with those ids that hold on `today`.
///
/// # Errors
/// A fault of the database.
pub async fn load_grants_by_id(sql: &impl ConnectionTrait, ids: &[GrantId], today: Day) -> Result<HashMap<GrantId, HeldGrant>, Fault> {
    let which = role_grant::Column::Id.is_in(ids.iter().map(|id| Uuid::from(*id)));
    Ok(select_grants(sql, which, today).await?.into_iter().map(|held| (held.grant.id, held)).collect())
}

/// The grants over the whole forest that let active principals administer it: the operators' (A4).
///
/// # Errors
/// A fault of the database.
pub async fn load_operator_grants(sql: &impl ConnectionTrait, today: Day) -> Result<Vec<HeldGrant>, Fault> {
    let over_all = role_grant::Column::Role.eq(Role::Admin.code()).and(role_grant::Column::UnitId.is_null());
    select_grants(sql, over_all, today).await
}

/// The grants over any of the units that hold on `day`, whoever holds them, in the order in which they were given.
///
/// # Errors
/// A fault of the database.
pub async fn load_grants_over(sql: &impl ConnectionTrait, units: &[UnitId], day: Day) -> Result<Vec<HeldGrant>, Fault> {
    let mut found = Vec::new();
    for some in units.chunks(ROWS_PER_INSERT) {
        let over = role_grant::Column::UnitId.is_in(some.iter().map(|unit| Uuid::from(*unit)));
        found.extend(select_grants(sql, over, day).await?);
    }
    found.sort_by_key(|held| held.grant.id);
    Ok(found)
}

/// Ends the grants over units that ended (A1): they do not come back with them.
///
/// # Errors
/// A fault of the database.
pub async fn save_ended(tx: &Tx, ids: &[GrantId]) -> Result<(), Fault> {
    for some in ids.chunks(ROWS_PER_INSERT) {
        let update = role_grant::Entity::update_many().col_expr(role_grant::Column::RevokedAt, Expr::value(tx.now()));
        update.filter(role_grant::Column::Id.is_in(some.iter().map(|id| Uuid::from(*id)))).exec(tx.sql()).await?;
    }
    Ok(())
}

/// The grants with those ids, also where they hold no more.
///
/// # Errors
/// A fault of the database.
pub async fn load_grants_ever(sql: &impl ConnectionTrait, ids: &[GrantId]) -> Result<HashMap<GrantId, HeldGrant>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let rows = role_grant::Entity::find().filter(role_grant::Column::Id.is_in(ids)).all(sql).await?;
    rows.into_iter().map(|row| held(row).map(|held| (held.grant.id, held))).collect()
}

/// Grants that hold: not revoked, not expired, of an active principal.
async fn select_grants(sql: &impl ConnectionTrait, which: sea_orm::sea_query::SimpleExpr, today: Day) -> Result<Vec<HeldGrant>, Fault> {
    let active = Query::select().column(principal::Column::Id).from(principal::Entity).and_where(principal::Column::Active.eq(true)).take();
    let valid = Condition::any().add(role_grant::Column::ExpiresOn.is_null()).add(role_grant::Column::ExpiresOn.gt(today));
    let query = role_grant::Entity::find()
        .filter(which)
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(valid)
        .filter(role_grant::Column::PrincipalId.in_subquery(active));
    let rows = query.order_by_asc(role_grant::Column::Id).all(sql).await?;
    rows.into_iter().map(held).collect()
}

fn held(row: role_grant::Model) -> Result<HeldGrant, Fault> {
    let role = Role::decode(&row.role)?;
    let grant = Grant { id: GrantId(row.id), role, unit: row.unit_id.map(UnitId), expires_on: row.expires_on };
    Ok(HeldGrant { principal: PrincipalId(row.principal_id), granted_at: row.granted_at, grant })
}
