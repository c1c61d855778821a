//! Logging in, staying in and logging out.
//!
//! None of these takes a `clientMutationId`: their answers are secrets, and keeping an answer for a replay would store them in the clear.
//! Logging in twice does no harm, a refresh token is its own key, and logging out is done once it is done.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::command;
use crate::graphql::context::{Written, at, written_as};
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

/// The mutations of sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Opens a session. An unknown user, a wrong password and a closed account are refused alike.
    async fn log_in(&self, ctx: &Context<'_>, input: LogInInput) -> Outcome<LogInPayload> {
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
}
