//! Logging in, staying in and logging out.
//!
//! `logIn` and `refreshSession` take no `clientMutationId`: their answers are secrets, and keeping an answer for a replay would store them
//! in the clear. Logging in twice does no harm, and a refresh token is a key of its own. `logOut` takes none since the session that would
//! send it again is no more.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::command;
use crate::graphql::context::{Written, at, written, written_as};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::principal::Viewer;
use crate::graphql::scalars::DateTime;

/// What `logIn` takes.
#[derive(InputObject)]
pub struct LogInInput {
    /// In whatever case.
    user_name: String,
    /// The password.
    #[graphql(secret)]
    password: String,
}

/// What `logIn` answers.
#[derive(Default, SimpleObject)]
pub struct LogInPayload {
    /// What requests carry as `Authorization: Bearer …`, for some minutes.
    access_token: Option<String>,
    /// What the session is continued with, once.
    refresh_token: Option<String>,
    /// When the access token is good no more.
    expires_at: Option<DateTime>,
    /// Who is logged in now.
    viewer: Option<Viewer>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `refreshSession` takes.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The last one that was answered; each is good for one renewal, and one that comes twice ends the session.
    #[graphql(secret)]
    refresh_token: String,
}

/// What `refreshSession` answers.
#[derive(Default, SimpleObject)]
pub struct RefreshSessionPayload {
    /// What requests carry as `Authorization: Bearer …`, for some minutes.
    access_token: Option<String>,
    /// What the session is continued with next, once.
    refresh_token: Option<String>,
    /// When the access token is good no more.
    expires_at: Option<DateTime>,
    /// Who is logged in.
    viewer: Option<Viewer>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `logOut` takes.
#[derive(InputObject)]
pub struct LogOutInput {
    /// End all sessions of the user, not only the one that asks.
    #[graphql(default_with = "Some(false)")]
    everywhere: Option<bool>,
}

/// What `logOut` answers.
#[derive(SimpleObject)]
pub struct LogOutPayload {
    /// Whether the session has ended.
    logged_out: bool,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Opens a session. An unknown user, a wrong password and a closed account are refused alike.
    async fn log_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: LogInInput,
    ) -> Outcome<LogInPayload> {
        let (office, caller) = at(ctx);
        let input = command::LogIn { user_name: input.user_name, password: input.password };
        Ok(match written_as(ctx, command::log_in(office, caller, input).await, |session| session.caller.clone()).await? {
            Written::Refused(refusals) => LogInPayload { user_errors: user_errors(ctx, &refusals), ..LogInPayload::default() },
            Written::Done(session, view) => LogInPayload {
                access_token: Some(session.access_token),
                refresh_token: Some(session.refresh_token),
                expires_at: Some(DateTime(session.expires_at)),
                viewer: Some(Viewer(view)),
                user_errors: Vec::new(),
            },
        })
    }

    /// Continues a session: the refresh token is used up and answered by the next one.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: RefreshSessionInput,
    ) -> Outcome<RefreshSessionPayload> {
        let (office, caller) = at(ctx);
        let answer = command::refresh_session(office, caller, &input.refresh_token).await;
        Ok(match written_as(ctx, answer, |session| session.caller.clone()).await? {
            Written::Refused(refusals) => {
                RefreshSessionPayload { user_errors: user_errors(ctx, &refusals), ..RefreshSessionPayload::default() }
            }
            Written::Done(session, view) => RefreshSessionPayload {
                access_token: Some(session.access_token),
                refresh_token: Some(session.refresh_token),
                expires_at: Some(DateTime(session.expires_at)),
                viewer: Some(Viewer(view)),
                user_errors: Vec::new(),
            },
        })
    }

    /// Ends the session that asks, or all of the user's: their tokens are refused from the next request on.
    async fn log_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: LogOutInput,
    ) -> Outcome<LogOutPayload> {
        let (office, caller) = at(ctx);
        let which = if input.everywhere == Some(true) { command::LogOut::Everywhere } else { command::LogOut::Here };
        Ok(match written(ctx, command::log_out(office, caller, which).await).await? {
            Written::Refused(refusals) => LogOutPayload { logged_out: false, user_errors: user_errors(ctx, &refusals) },
            Written::Done(..) => LogOutPayload { logged_out: true, user_errors: Vec::new() },
        })
    }
}
