//! `logOut`: ends the session that asks, or all of the caller's.

use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Refusal};
use serde::{Deserialize, Serialize};

use crate::office::{Caller, Office};
use crate::store::{Answer, Fault, sessions};

/// Which sessions `logOut` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogOut {
    /// The one that asks.
    Here,
    /// All of the caller's.
    Everywhere,
}

/// What `logOut` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct LoggedOut {}

/// Ends sessions: their tokens are refused from the next request on.
///
/// # Errors
/// A refusal to a service, which has no session.
pub async fn log_out(office: &Office, caller: &Caller, which: LogOut) -> Answer<LoggedOut> {
    let (mut tx, _) = office.begin(caller).await?;
    let principal = caller.id().ok_or(Fault::Unauthenticated)?;
    let session = caller.session.ok_or_else(|| Refusal::from(InputRefusal::SessionEnded))?;
    let ended = match which {
        LogOut::Here => {
            sessions::save_ended(&tx, session).await?;
            None
        }
        LogOut::Everywhere => {
            sessions::save_all_ended(&tx, principal).await?;
            Some("all".to_owned())
        }
    };
    let entry = Entry::new(Action::LoggedOut, Subject::Principal(principal));
    tx.record(if ended.is_some() { entry.change("sessions", ended, None) } else { entry });
    tx.commit(LoggedOut {}).await
}
