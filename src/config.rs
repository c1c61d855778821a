//! What an operator can set, and every limit in one table.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

/// How a server is started. The command line and the environment fill it; the defaults stand here.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// The zone that days are counted in (T1).
    pub zone: Tz,
    /// The file of the key that tokens are signed with; made on first start.
    pub key_file: PathBuf,
    /// How log lines look.
    pub log_format: LogFormat,
    /// How long tokens live.
    pub lifetimes: TokenLifetimes,
    /// Everything that can grow.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: "sqlite://chidao.db".to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            key_file: PathBuf::from("chidao.key"),
            log_format: LogFormat::default(),
            lifetimes: TokenLifetimes::default(),
            limits: Limits::default(),
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    #[default]
    Text,
    /// One JSON object a line, for a collector.
    Json,
}

/// How long tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetimes {
    /// An access token: what a request carries.
    pub access: Duration,
    /// A refresh token: what a session is continued with.
    pub refresh: Duration,
}

impl Default for TokenLifetimes {
    fn default() -> Self {
        Self { access: Duration::from_secs(15 * 60), refresh: Duration::from_secs(30 * 24 * 60 * 60) }
    }
}

/// One row of the table of limits, as the README and the command line show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitRow {
    /// The name: the field of [`Limits`] and, after `CHIDAO_LIMIT_` in capitals, the variable of the environment.
    pub name: &'static str,
    /// The value where none is set.
    pub default: usize,
    /// What is counted.
    pub unit: &'static str,
    /// What it protects.
    pub protects: &'static str,
}

/// A limit that there is not, or a value that would shut everybody out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetLimitError {
    /// No row of the table has this name.
    #[error("there is no limit `{0}`")]
    Unknown(String),
    /// Nothing would fit.
    #[error("the limit `{0}` must be at least 1")]
    Zero(String),
}

macro_rules! limits {
    ($($name:ident = $default:literal $unit:literal, $protects:literal;)+) => {
        /// The limits in force; [`Limits::TABLE`] says what each is for.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Limits {$(
            #[doc = concat!("At most so many ", $unit, ": ", $protects, ".")]
            pub $name: usize,
        )+}

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limits {
            /// Every limit there is, in the order of a request's way through the server.
            pub const TABLE: &'static [LimitRow] = &[$(
                LimitRow { name: stringify!($name), default: $default, unit: $unit, protects: $protects },
            )+];

            fn slot(&mut self, name: &str) -> Option<&mut usize> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

limits! {
    request_seconds = 10 "seconds for a request to arrive", "connections from senders that trickle";
    body_bytes = 262_144 "bytes of a request's body", "memory";
    tokens = 2_000 "tokens of a document", "the parser";
    depth = 15 "levels of fields", "the stack, and joins upon joins";
    aliases = 30 "aliases in a document", "against the same expensive field many times over";
    directives = 10 "directives in a document", "validation";
    root_fields = 10 "fields at the root of an operation", "against batches in disguise";
    fragment_spreads = 50 "fragment spreads in a document", "validation";
    expanded_fields = 2_000 "selections once fragments are written out", "against fragments that multiply";
    cost = 5_000 "points (object 2, scalar 1, lists times their page)", "the database";
    page = 100 "items a page", "the database and memory";
    answer_seconds = 10 "seconds to answer", "against operations that hold connections";
    bulk_items = 100 "items in a bulk mutation", "the length of a transaction";
    reorganization_changes = 50_000 "changes in a reorganization", "the length of a transaction";
    attachment_bytes = 26_214_400 "bytes of an attachment", "disk and memory";
    socket_operations = 20 "operations at a time on a socket", "memory";
    socket_init_seconds = 3 "seconds to `connection_init`", "against sockets that say nothing";
    stop_seconds = 10 "seconds for requests in flight when the server stops", "restarts";
}

impl Limits {
    /// Sets a limit by its name in the table.
    pub fn set(&mut self, name: &str, value: usize) -> Result<(), SetLimitError> {
        if value == 0 {
            return Err(SetLimitError::Zero(name.to_owned()));
        }
        *self.slot(name).ok_or_else(|| SetLimitError::Unknown(name.to_owned()))? = value;
        Ok(())
    }

    /// How long a request may take to arrive.
    pub fn request_time(&self) -> Duration {
        seconds(self.request_seconds)
    }

    /// How long an operation may take.
    pub fn answer_time(&self) -> Duration {
        seconds(self.answer_seconds)
    }
}

fn seconds(count: usize) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_of_the_table_can_be_set_by_name() {
        let mut limits = Limits::default();
        for row in Limits::TABLE {
            limits.set(row.name, row.default + 1).unwrap();
            assert_eq!(limits.slot(row.name).copied(), Some(row.default + 1), "{}", row.name);
        }
        assert_eq!(limits.set("patience", 1), Err(SetLimitError::Unknown("patience".to_owned())));
        assert_eq!(limits.set("page", 0), Err(SetLimitError::Zero("page".to_owned())));
        assert_eq!(limits.page, 101);
    }
}
