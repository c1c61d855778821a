//! The demonstration: one story, from a provincial congress down to the reports of cells, and its sequel, in which the bloc ends and two
//! provinces become one; told in an empty database by the commands that a user would send, day by day. Units and persons are plainly made up.

mod cast;
mod documents;
mod plan;
mod reorganizations;
mod sequel;
mod stage;
mod story;
mod work;

pub use cast::{Account, PASSWORD};

use chidao_domain::day::Day;
use chrono::{DateTime, Utc};

use crate::clock::{Clock, SetTodayError};
use crate::config::Config;
use crate::server::{self, StartError};
use crate::store::{Fault, journal, principals};
use stage::{Stage, date};

/// The first day of the story.
pub const FIRST_DAY: Day = date(2020, 8, 3);
/// The last day of the story; its sequel plays in 2025.
pub const LAST_DAY: Day = date(2020, 12, 20);

/// Why there is no demonstration to serve.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Somebody's data are not mixed with made up ones.
    #[error("the database holds data of its own, and --demo fills an empty one only: leave --demo out, or give another --database-url")]
    NotEmpty,
    /// The story broke off.
    #[error("the database holds a demonstration that was not told to its end: delete the database and start again")]
    BrokenOff,
    /// Instants of the journal would go back.
    #[error(
        "the demonstration has been lived until {lived}, and days never go back: give --today {lived} or later, or remove the database and begin anew"
    )]
    Backwards {
        /// The last day that the journal knows.
        lived: Day,
    },
    /// A command of the story was not carried out.
    #[error("the story stops on {day}: {words}")]
    Refused {
        /// The day of the story.
        day: Day,
        /// What was said.
        words: String,
    },
    /// The database cannot be had.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database does not do what it is asked.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The clock does not move.
    #[error(transparent)]
    Clock(#[from] SetTodayError),
}

/// A demonstration that can be served.
#[derive(Debug)]
pub struct Told {
    /// Its accounts, where it was told just now; `None` where the database held it already.
    pub accounts: Option<Vec<Account>>,
    /// The clock to serve it by: without a day that was asked for, the system's.
    pub clock: Clock,
}

/// Fills an empty database with the story and its sequel, up to `today`; one that holds the story already is left as it is.
///
/// # Errors
/// Where the database holds anything else, or less than the whole story.
pub async fn tell(config: &Config, today: Option<Day>) -> Result<Told, DemoError> {
    let by_system = || Clock::system(config.zone);
    match find_last_instant(config).await? {
        None => {
            let (accounts, clock) = fill(config, today.unwrap_or_else(|| by_system().today())).await?;
            let clock = today.map_or_else(by_system, |_| clock);
            Ok(Told { accounts: Some(accounts), clock })
        }
        Some(last) => {
            let clock = today.map_or_else(|| Ok(by_system()), |today| go_on(config, today, last))?;
            Ok(Told { accounts: None, clock })
        }
    }
}

/// Tells the story and its sequel in an empty database, up to `until`. Answers its accounts, and a clock that stands on `until`
/// and gives no instant twice. Before [`FIRST_DAY`] there are the units and the accounts only.
///
/// # Errors
/// Where a command of the story is refused, or the database fails.
pub async fn fill(config: &Config, until: Day) -> Result<(Vec<Account>, Clock), DemoError> {
    let clock = Clock::fixed_at(config.zone, until.min(FIRST_DAY));
    let (office, _) = server::open(config, clock.clone()).await?;
    let mut stage = Stage::new(office.clone(), until);
    story::tell(&mut stage).await?;
    clock.set_today(until)?;
    office.database().clone().close().await?;
    Ok((stage.into_accounts(), clock))
}

/// The instant of the last thing that happened in the demonstration; `None` where the database is empty.
async fn find_last_instant(config: &Config) -> Result<Option<DateTime<Utc>>, DemoError> {
    let (office, _) = server::open(config, Clock::system(config.zone)).await?;
    let snapshot = office.database().snapshot().await?;
    let last = journal::load_last_instant(snapshot.sql()).await?;
    let mut held = Vec::new();
    for (name, called) in [cast::OPERATOR, cast::INSPECTOR] {
        let known = principals::by_user_name(snapshot.sql(), &principals::fold_user_name(name)).await?;
        held.push(known.is_some_and(|known| known.principal.display_name == called));
    }
    drop(snapshot);
    office.database().clone().close().await?;
    // Every write is in the journal; the operator is made first and the inspector last.
    match (last, held.as_slice()) {
        (None, _) => Ok(None),
        (Some(last), [true, true]) => Ok(Some(last)),
        (Some(_), [true, ..]) => Err(DemoError::BrokenOff),
        (Some(_), _) => Err(DemoError::NotEmpty),
    }
}

/// A clock on which it is `today`, after everything that has happened.
fn go_on(config: &Config, today: Day, last: DateTime<Utc>) -> Result<Clock, DemoError> {
    let clock = Clock::fixed_after(config.zone, today, last);
    let lived = clock.day_of(last);
    if today < lived { Err(DemoError::Backwards { lived }) } else { Ok(clock) }
}
