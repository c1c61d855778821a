//! Principals: users and services (A1).

use std::collections::HashMap;

use chidao_domain::ids::{PersonId, PrincipalId, SessionId};
use chidao_domain::refusal::{InputRefusal, Refusal};
use chidao_entity::{principal, service_account, session, user_account};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Set,
};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::{Fault, OnUnique as _, Stop};
use crate::store::tx::Tx;

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

/// The principals with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_principals(sql: &impl ConnectionTrait, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Principal>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| Uuid::from(*id)).collect();
    let rows = principal::Entity::find().filter(principal::Column::Id.is_in(ids)).find_also_related(user_account::Entity).all(sql).await?;
    rows.into_iter().map(|(row, user)| principal_of(row, user).map(|known| (known.id, known))).collect()
}

/// The first `limit` principals after one, in the order in which they were made.
///
/// # Errors
/// A fault of the database.
pub async fn load_after(sql: &impl ConnectionTrait, after: Option<PrincipalId>, limit: u64) -> Result<Vec<Principal>, Fault> {
    let later = after.map(|after| principal::Column::Id.gt(Uuid::from(after)));
    let query = principal::Entity::find().filter(Condition::all().add_option(later)).order_by_asc(principal::Column::Id).limit(limit);
    let rows = query.find_also_related(user_account::Entity).all(sql).await?;
    rows.into_iter().map(|(row, user)| principal_of(row, user)).collect()
}

/// How many principals there are, active or not.
///
/// # Errors
/// A fault of the database.
pub async fn count_all(sql: &impl ConnectionTrait) -> Result<u64, Fault> {
    Ok(principal::Entity::find().count(sql).await?)
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

/// What a log-in is checked against.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// Who would be logged in.
    pub principal: Principal,
    /// Argon2id in PHC form; without one nobody logs in by password.
    pub password_hash: Option<String>,
}

/// The user with that name, in lower case, if it is active.
///
/// # Errors
/// A fault of the database.
pub async fn by_user_name(sql: &impl ConnectionTrait, folded: &str) -> Result<Option<LogIn>, Fault> {
    let query = user_account::Entity::find().filter(user_account::Column::FoldedUserName.eq(folded));
    let Some(row) = query.one(sql).await? else { return Ok(None) };
    let id = PrincipalId(row.principal_id);
    let known = load_principals(sql, &[id]).await?.remove(&id).filter(|known| known.active);
    Ok(known.map(|principal| LogIn { principal, password_hash: row.password_hash }))
}

/// A user name as it is compared.
pub fn fold_user_name(name: &str) -> String {
    name.to_lowercase()
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

/// Writes a new user.
///
/// # Errors
/// `ALREADY_EXISTS` where another user has that name, in whatever case; a fault of the database.
pub async fn insert_user(tx: &Tx, user: &Principal, user_name: &str, password_hash: Option<String>) -> Result<(), Stop> {
    insert_principal(tx, user).await?;
    let row = user_account::ActiveModel {
        principal_id: Set(user.id.into()),
        user_name: Set(user_name.into()),
        folded_user_name: Set(fold_user_name(user_name)),
        password_hash: Set(password_hash),
        person_id: Set(user.person.map(Uuid::from)),
    };
    let taken = || Refusal::from(InputRefusal::Taken { value: user_name.into() }).by("A7").within("userName");
    let inserted = user_account::Entity::insert(row).exec_without_returning(tx.sql()).await;
    inserted.on_unique("ux_user_account_name", "user_account.folded_user_name", taken)?;
    Ok(())
}

/// Writes a new service.
///
/// # Errors
/// A fault of the database.
pub async fn insert_service(tx: &Tx, service: &Principal, secret_hash: String) -> Result<(), Fault> {
    insert_principal(tx, service).await?;
    let row = service_account::ActiveModel { principal_id: Set(service.id.into()), secret_hash: Set(secret_hash) };
    service_account::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

async fn insert_principal(tx: &Tx, new: &Principal) -> Result<(), Fault> {
    let row = principal::ActiveModel {
        id: Set(new.id.into()),
        kind: Set(new.kind.code().into()),
        display_name: Set(new.display_name.clone()),
        active: Set(new.active),
        created_at: Set(tx.now()),
    };
    principal::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// Lets a principal in no more.
///
/// # Errors
/// A fault of the database.
pub async fn save_deactivated(tx: &Tx, id: PrincipalId) -> Result<(), Fault> {
    let update = principal::Entity::update_many().col_expr(principal::Column::Active, Expr::value(false));
    update.filter(principal::Column::Id.eq(Uuid::from(id))).exec(tx.sql()).await?;
    Ok(())
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
