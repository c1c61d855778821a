//! `create-admin` of the command line: an operator for a database that has none, or none who can be reached.

use chidao_domain::access::{Grant, Role};
use chidao_domain::ids::PrincipalId;
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::Refusal;
use chidao_domain::text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::create_user::{check_password, hash_password};
use crate::office::Office;
use crate::store::principals::{self, Principal, PrincipalKind};
use crate::store::{Answer, grants};

/// What `create-admin` takes.
#[derive(Clone, Debug)]
pub struct CreateAdmin {
    /// Not taken by another user.
    pub user_name: String,
    /// As people see it.
    pub display_name: String,
    /// At least 12 characters.
    pub password: String,
}

/// What `create-admin` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AdminCreated {
    /// The new user.
    pub principal: Uuid,
}

impl AdminCreated {
    /// The new user.
    pub fn principal(self) -> PrincipalId {
        PrincipalId(self.principal)
    }
}

/// Makes a user with `ADMIN` over the whole forest. Whoever can run it holds the database anyway, so no right is asked for.
///
/// # Errors
/// A refusal where the user name is taken or the password too short; nothing is written then.
pub async fn create_admin(office: &Office, input: CreateAdmin) -> Answer<AdminCreated> {
    let user_name = text::code(&input.user_name).map_err(|no| Refusal::from(no).within("userName"))?;
    let display_name = text::name(&input.display_name).map_err(|no| Refusal::from(no).within("displayName"))?;
    check_password(&input.password)?;
    let password_hash = hash_password(input.password).await?;
    let mut tx = office.begin_unattended().await?;
    let id: PrincipalId = tx.new_id();
    let user = Principal {
        id,
        kind: PrincipalKind::User,
        display_name: display_name.clone(),
        active: true,
        user_name: Some(user_name.clone()),
        person: None,
    };
    principals::insert_user(&tx, &user, &user_name, Some(password_hash)).await?;
    let grant = Grant { id: tx.new_id(), role: Role::Admin, unit: None, expires_on: None };
    grants::insert_grant(&tx, id, &grant).await?;
    tx.record(Entry::new(Action::UserCreated, Subject::Principal(id)).change("userName", None, Some(user_name)).change(
        "displayName",
        None,
        Some(display_name.clone()),
    ));
    tx.record(Entry::new(Action::RoleGranted, Subject::Grant(grant.id)).change("principal", None, Some(display_name)).change(
        "role",
        None,
        Some("ADMIN".into()),
    ));
    tx.commit(AdminCreated { principal: id.into() }).await
}
