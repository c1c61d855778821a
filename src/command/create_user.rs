//! `createUser`: somebody who may log in; what they may do is granted apart.

use chidao_domain::access::Action as Right;
use chidao_domain::ids::{PersonId, PrincipalId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::office::{Caller, Office};
use crate::password;
use crate::store::principals::{self, Principal, PrincipalKind};
use crate::store::{Answer, Fault, Tx, people};

/// Characters of a password at least: long ones resist guessing better than odd ones.
const PASSWORD_LEAST: usize = 12;
/// Characters of a password at the most; it costs nothing to allow whole sentences.
const PASSWORD_MOST: usize = 256;

/// What `createUser` takes.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// Not taken by another user, in whatever case.
    pub user_name: String,
    /// As people see it.
    pub display_name: String,
    /// At least 12 characters; without one nobody logs in by password.
    pub password: Option<String>,
    /// The person behind it.
    pub person: Option<PersonId>,
}

/// What `createUser` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UserCreated {
    /// The new user.
    pub principal: Uuid,
}

impl UserCreated {
    /// The new user.
    pub fn principal(self) -> PrincipalId {
        PrincipalId(self.principal)
    }
}

/// Makes a user without any right.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn create_user(office: &Office, caller: &Caller, input: CreateUser) -> Answer<UserCreated> {
    // Hashing is dear: not for callers who are nobody.
    caller.id().ok_or(Fault::Unauthenticated)?;
    let user_name = text::code(&input.user_name).map_err(|no| Refusal::from(no).within("userName"))?;
    let display_name = text::name(&input.display_name).map_err(|no| Refusal::from(no).within("displayName"))?;
    let password_hash = match input.password {
        None => None,
        Some(password) => {
            check_password(&password)?;
            Some(hash_password(password).await?)
        }
    };
    let (mut tx, grants) = office.begin(caller).await?;
    grants.check(tx.forest(), Right::CreatePrincipal)?;
    let person = person_name(&tx, input.person).await?;
    let user = Principal {
        id: tx.new_id(),
        kind: PrincipalKind::User,
        display_name: display_name.clone(),
        active: true,
        user_name: Some(user_name.clone()),
        person: input.person,
    };
    principals::insert_user(&tx, &user, &user_name, password_hash).await?;
    tx.record(
        Entry::new(Action::UserCreated, Subject::Principal(user.id))
            .change("userName", None, Some(user_name))
            .change("displayName", None, Some(display_name))
            .change("person", None, person),
    );
    tx.commit(UserCreated { principal: user.id.into() }).await
}

async fn person_name(tx: &Tx, person: Option<PersonId>) -> Result<Option<String>, crate::store::Stop> {
    let Some(id) = person else { return Ok(None) };
    let known = people::load_people(tx.sql(), &[id]).await?.remove(&id);
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Person, given: id.to_string() }).within("person");
    Ok(Some(known.ok_or_else(missing)?.name))
}

/// Whether a password is long enough.
pub(super) fn check_password(password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    let refused = if length < PASSWORD_LEAST {
        InputRefusal::WeakPassword { least: PASSWORD_LEAST }
    } else if length > PASSWORD_MOST {
        InputRefusal::TooLong { limit: PASSWORD_MOST, length }
    } else {
        return Ok(());
    };
    Err(Refusal::from(refused).within("password"))
}

/// The hash of a password that is long enough; asked for before the writer's turn.
pub(super) async fn hash_password(password: String) -> Result<String, Fault> {
    password::hash(password).await.map_err(|no| Fault::Other(no.to_string()))
}
