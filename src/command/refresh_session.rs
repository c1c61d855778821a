//! `refreshSession`: a refresh token for the next one, and a new access token.

use chidao_domain::ids::PrincipalId;
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::command::log_in::{Session, lifetime, sign};
use crate::office::{Caller, Office};
use crate::secret;
use crate::store::sessions::RefreshToken;
use crate::store::{Answer, Done, Stop, Tx, principals, sessions};

/// Continues a session. Each refresh token is good for one renewal: one that comes twice was stolen, by who came first or by who came
/// second, so the session ends for both, and that is written although the caller is refused.
///
/// # Errors
/// One and the same refusal for a token that is unknown, used or expired, and for a session or an account that is closed.
pub async fn refresh_session(office: &Office, caller: &Caller, refresh_token: &str) -> Answer<Session> {
    let ended = || Stop::from(Refusal::from(InputRefusal::SessionEnded));
    let used_hash = secret::hash(refresh_token);
    let mut caller = caller_of(office, caller, &used_hash).await?.ok_or_else(ended)?;
    let (mut tx, _) = office.begin(&caller).await?;
    let token = sessions::load_refresh_token(tx.sql(), &used_hash, tx.now()).await?;
    let Some(token) = token.filter(|token| token.session_goes_on) else { return Err(ended()) };
    if !token.is_fresh {
        end(tx, token).await?;
        return Err(ended());
    }
    let next = secret::draw_token();
    let ends_at = tx.now() + lifetime(office.lifetimes().refresh);
    sessions::save_renewed(&tx, token.session, &used_hash, secret::hash(&next), ends_at).await?;
    tx.record(entry(Action::SessionRefreshed, token.principal));
    let (access_token, expires_at) = sign(office, token.principal, token.session, tx.now())?;
    let Done { position, .. } = tx.commit(()).await?;
    caller.session = Some(token.session);
    Ok(Done { output: Session { caller, access_token, refresh_token: next, expires_at }, position })
}

/// Who presents a token, if the account is open; whether the token is still good is asked in the writer's turn.
async fn caller_of(office: &Office, caller: &Caller, token_hash: &str) -> Result<Option<Caller>, Stop> {
    let snapshot = office.database().snapshot().await?;
    let Some(token) = sessions::load_refresh_token(snapshot.sql(), token_hash, office.clock().now()).await? else { return Ok(None) };
    let known = principals::load_principals(snapshot.sql(), &[token.principal]).await?.remove(&token.principal);
    let active = known.filter(|known| known.active);
    Ok(active.map(|known| Caller { principal: Some(known), session: None, idempotency: None, ..caller.clone() }))
}

async fn end(mut tx: Tx, token: RefreshToken) -> Result<(), Stop> {
    sessions::save_ended(&tx, token.session).await?;
    let why = "refresh token used twice".to_owned();
    tx.record(entry(Action::LoggedOut, token.principal).because(Some(why)));
    tx.commit(()).await?;
    Ok(())
}

fn entry(action: Action, principal: PrincipalId) -> Entry {
    Entry::new(action, Subject::Principal(principal))
}
