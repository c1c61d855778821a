//! Every write. A command begins (and so takes the writer's turn), loads, lets the domain decide, saves, records and commits.

mod create_admin;
mod create_user;
mod grant_role;
mod log_in;
mod reorganize;

pub use create_admin::{AdminCreated, CreateAdmin, create_admin};
pub use create_user::{CreateUser, UserCreated, create_user};
pub use grant_role::{GrantRole, RoleGranted, grant_role};
pub use log_in::{LogIn, Session, log_in};
pub use reorganize::{Reorganize, Reorganized, reorganize};

/// Whether a command is carried out or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is written.
    Real,
    /// The same is decided and nothing is written.
    Preview,
}
