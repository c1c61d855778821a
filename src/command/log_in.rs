//! `logIn`: a password for a session.

use std::time::Duration;

use chidao_domain::ids::{PrincipalId, SessionId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Refusal};
use chidao_domain::text;
use chrono::{DateTime, TimeDelta, Utc};

use crate::office::{Caller, Office};
use crate::store::principals::{self, LogIn as Known};
use crate::store::{Answer, Done, Fault, Stop, sessions};
use crate::{password, secret};

/// What `logIn` takes.
#[derive(Clone)]
pub struct LogIn {
    /// In whatever case.
    pub user_name: String,
    /// The password.
    pub password: String,
}

/// What `logIn` and `refreshSession` answer. It holds secrets, so it is neither serialized nor shown in a log.
pub struct Session {
    /// Who is logged in now, for the rest of the answer.
    pub caller: Caller,
    /// Proves it to the edge, for some minutes.
    pub access_token: String,
    /// Continues the session, once.
    pub refresh_token: String,
    /// When the access token is good no more.
    pub expires_at: DateTime<Utc>,
}

/// Opens a session. The password is checked before the writer's turn, and what it was checked against is read again inside it.
///
/// # Errors
/// One and the same refusal for an unknown user, a wrong password and an account that is closed.
pub async fn log_in(office: &Office, caller: &Caller, input: LogIn) -> Answer<Session> {
    let bad = || Stop::from(Refusal::from(InputRefusal::BadCredentials));
    let folded = text::code(&input.user_name).map(|name| principals::fold_user_name(&name)).ok();
    let known = match &folded {
        None => None,
        Some(folded) => principals::by_user_name(office.database().snapshot().await?.sql(), folded).await?,
    };
    let (user, hash) = known.map(|Known { principal, password_hash }| (principal, password_hash)).unzip();
    let fits = password::fits(input.password, hash.clone().flatten()).await.map_err(|no| Fault::Other(no.to_string()))?;
    let (Some(user), Some(folded), true) = (user, folded, fits) else { return Err(bad()) };

    let mut caller = Caller { principal: Some(user.clone()), session: None, idempotency: None, ..caller.clone() };
    let (mut tx, _) = office.begin(&caller).await?;
    // The account may have been closed, or its password changed, while the hash was computed.
    let now_known = principals::by_user_name(tx.sql(), &folded).await?;
    if !now_known.is_some_and(|known| known.principal.id == user.id && Some(known.password_hash) == hash) {
        return Err(bad());
    }
    let session: SessionId = tx.new_id();
    let refresh_token = secret::draw_token();
    let ends_at = tx.now() + lifetime(office.lifetimes().refresh);
    sessions::insert_session(&tx, session, user.id, secret::hash(&refresh_token), ends_at).await?;
    tx.record(Entry::new(Action::LoggedIn, Subject::Principal(user.id)));
    let (access_token, expires_at) = sign(office, user.id, session, tx.now())?;
    let Done { position, .. } = tx.commit(()).await?;
    caller.session = Some(session);
    Ok(Done { output: Session { caller, access_token, refresh_token, expires_at }, position })
}

/// An access token from `now` on, and when it is good no more.
pub(super) fn sign(
    office: &Office,
    principal: PrincipalId,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>), Fault> {
    let expires_at = now + lifetime(office.lifetimes().access);
    let token = office.signer().sign(principal, session, now, expires_at).map_err(Fault::Other)?;
    Ok((token, expires_at))
}

/// A configured lifetime as the difference of instants.
pub(super) fn lifetime(configured: Duration) -> TimeDelta {
    TimeDelta::from_std(configured).unwrap_or(TimeDelta::days(365))
}
