//! What follows from dates and is never stored: overdue, late, days left, and the day on which a report comes (L3).

use super::life::State;
use crate::day::Day;
use crate::refusal::{InputRefusal, Refusal};

/// What the dates of one obligation say together with its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Where it stands.
    pub state: State,
    /// The last day on which a report is on time; `None` is later than any date (T2).
    pub due_on: Option<Day>,
    /// The day on which the waiting or the accepted report came.
    pub reported_on: Option<Day>,
    /// Whether the requirement is a standing duty: never overdue, not counted (B8).
    pub informative: bool,
}

impl Timing {
    /// Open, past its date, and not waiting with a report that was in time; or lapsed (L3). A standing duty never is (B8).
    pub fn is_overdue(&self, today: Day) -> bool {
        !self.informative && (self.state == State::Lapsed || self.state.is_open() && today > self.last_day() && !self.waits_in_time())
    }

    /// Fulfilled, by a report that came after the date (L3).
    pub fn is_late(&self) -> bool {
        self.state == State::Fulfilled && self.came_after_the_date()
    }

    /// Days from today to the due date, negative after it; `None` where it is closed or has no date.
    pub fn days_left(&self, today: Day) -> Option<i32> {
        let due_on = self.due_on.filter(|_| self.state.is_open())?;
        i32::try_from((due_on - today).num_days()).ok()
    }

    fn last_day(&self) -> Day {
        self.due_on.unwrap_or(Day::MAX)
    }

    fn came_after_the_date(&self) -> bool {
        self.reported_on.is_some_and(|reported_on| reported_on > self.last_day())
    }

    /// A report waits that came in time (L3).
    pub fn waits_in_time(&self) -> bool {
        self.state == State::Reported && self.reported_on.is_some() && !self.came_after_the_date()
    }
}

/// The day on which a report comes: today, or the day that a supervisor enters for a paper report (L3). `issued_on` is the day
/// of the directive that is reported on.
///
/// # Errors
/// A day later than today or earlier than `issued_on`, at `receivedOn`.
pub fn received_on(entered: Option<Day>, issued_on: Day, today: Day) -> Result<Day, Refusal> {
    let refused = |reason: InputRefusal| Err(Refusal::from(reason).by("L3").within("receivedOn"));
    match entered {
        None => Ok(today),
        Some(day) if day > today => refused(InputRefusal::LaterThan { latest: today.to_string() }),
        Some(day) if day < issued_on => refused(InputRefusal::EarlierThan { earliest: issued_on.to_string() }),
        Some(day) => Ok(day),
    }
}
