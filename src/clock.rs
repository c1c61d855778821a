//! The only reader of the system's clock (T3): everything else is handed a [`Clock`] and asks it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chidao_domain::day::Day;
use chrono::{DateTime, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;

/// Tells the time and the day in the configured zone (T1). Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: Tz,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<Mutex<FixedDay>>),
}

/// A day that stands still while the instants in it go on.
#[derive(Debug)]
struct FixedDay {
    day: Day,
    begun: Instant,
    last: DateTime<Utc>,
}

/// A fixed clock does not go back: instants of journal entries would, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetTodayError {
    /// The clock follows the system.
    #[error("the day follows the system's clock: only a server started with a fixed day can move it")]
    NotFixed,
    /// The day asked for lies before the clock's.
    #[error("today is `{0}`: the day moves on, never back")]
    Backwards(Day),
}

impl Clock {
    /// The system's clock, with days counted in `zone`.
    pub fn system(zone: Tz) -> Self {
        Self { zone, source: Source::System }
    }

    /// A clock on which it is `day`, from 08:00 on, until [`Clock::set_today`].
    pub fn fixed_at(zone: Tz, day: Day) -> Self {
        Self::fixed_after(zone, day, at_hour(zone, day, 8) - TimeDelta::microseconds(1))
    }

    /// The same for a day that has been lived before: every instant lies after `last`.
    pub fn fixed_after(zone: Tz, day: Day, last: DateTime<Utc>) -> Self {
        let fixed = FixedDay { day, begun: Instant::now(), last };
        Self { zone, source: Source::Fixed(Arc::new(Mutex::new(fixed))) }
    }

    /// The instant, in whole microseconds, as both databases keep it. A fixed clock never gives one twice.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.source {
            Source::System => system_now().trunc_subsecs(6),
            Source::Fixed(fixed) => lock(fixed).advance(self.zone),
        }
    }

    /// The day in the configured zone (T1).
    pub fn today(&self) -> Day {
        match &self.source {
            Source::System => self.day_of(system_now()),
            Source::Fixed(fixed) => lock(fixed).day,
        }
    }

    /// The day in the configured zone on which `instant` falls (T1).
    pub fn day_of(&self, instant: DateTime<Utc>) -> Day {
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The zone that days are counted in.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// How long it is until the next day begins in the configured zone; a fixed day lasts.
    pub fn until_tomorrow(&self) -> Duration {
        match &self.source {
            Source::System => until_midnight(self.zone, system_now()),
            Source::Fixed(_) => Duration::MAX,
        }
    }

    /// Whether the day stands still until it is set.
    pub fn is_fixed(&self) -> bool {
        matches!(self.source, Source::Fixed(_))
    }

    /// Moves a fixed clock on to 08:00 of `day`; the same day changes nothing.
    pub fn set_today(&self, day: Day) -> Result<(), SetTodayError> {
        let Source::Fixed(fixed) = &self.source else { return Err(SetTodayError::NotFixed) };
        let mut fixed = lock(fixed);
        if day < fixed.day {
            return Err(SetTodayError::Backwards(fixed.day));
        }
        if day > fixed.day {
            fixed.day = day;
            fixed.begun = Instant::now();
        }
        Ok(())
    }
}

impl FixedDay {
    /// Real time passes from 08:00 to 23:00; from then on each reading is a microsecond later, so that the day never ends by itself.
    fn advance(&mut self, zone: Tz) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.begun.elapsed()).unwrap_or(TimeDelta::MAX).min(TimeDelta::hours(15));
        let real = (at_hour(zone, self.day, 8) + elapsed).trunc_subsecs(6);
        self.last = real.max(self.last + TimeDelta::microseconds(1));
        self.last
    }
}

/// The full hour `hour` of `day`; where the zone skips it, that hour in UTC, which is as good for a clock that is made up.
fn at_hour(zone: Tz, day: Day, hour: u32) -> DateTime<Utc> {
    let local = NaiveDateTime::new(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
    local.and_local_timezone(zone).earliest().map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// From an instant to the first one of the next day; where the zone skips midnight, to where it would be in UTC, or nothing.
fn until_midnight(zone: Tz, from: DateTime<Utc>) -> Duration {
    let today = from.with_timezone(&zone).date_naive();
    let tomorrow = at_hour(zone, today.succ_opt().unwrap_or(today), 0);
    (tomorrow - from).to_std().unwrap_or_default()
}

fn lock(fixed: &Mutex<FixedDay>) -> MutexGuard<'_, FixedDay> {
    fixed.lock().unwrap_or_else(PoisonError::into_inner)
}

#[allow(clippy::disallowed_methods, reason = "the one place that reads the system's clock (T3)")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Timelike;
    use chrono_tz::Asia::Ho_Chi_Minh;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn t1_half_past_midnight_in_vietnam_is_the_day_before_in_utc() {
        let instant: DateTime<Utc> = "2020-12-30T17:30:00Z".parse().unwrap();
        assert_eq!(instant.date_naive(), day("2020-12-30"));
        assert_eq!(Clock::system(Ho_Chi_Minh).day_of(instant), day("2020-12-31"));
        assert_eq!(Clock::system(Tz::UTC).day_of(instant), day("2020-12-30"));
    }

    #[test]
    fn t1_the_next_day_begins_at_midnight_of_the_zone() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(until_midnight(Ho_Chi_Minh, at("2020-12-30T16:59:00Z")), Duration::from_secs(60));
        assert_eq!(until_midnight(Ho_Chi_Minh, at("2020-12-30T17:00:00Z")), Duration::from_secs(86_400));
        assert_eq!(until_midnight(Tz::UTC, at("2020-12-30T17:00:00Z")), Duration::from_secs(7 * 3_600));
        assert_eq!(until_midnight(Tz::Europe__Berlin, at("2020-10-24T22:00:00Z")), Duration::from_secs(25 * 3_600), "a long day");
        assert_eq!(Clock::fixed_at(Ho_Chi_Minh, day("2020-12-20")).until_tomorrow(), Duration::MAX);
    }

    #[test]
    fn t3_a_fixed_day_stands_still_and_its_instants_go_on() {
        let clock = Clock::fixed_at(Ho_Chi_Minh, day("2020-12-20"));
        let first = clock.now();
        assert_eq!(first.to_rfc3339().get(..16), Some("2020-12-20T01:00"), "08:00 in Vietnam");
        let mut last = first;
        for _ in 0..1_000 {
            let next = clock.now();
            assert!(next > last);
            assert_eq!(next.nanosecond() % 1_000, 0);
            assert_eq!(clock.day_of(next), clock.today());
            last = next;
        }
    }

    #[test]
    fn t3_instants_go_on_within_the_day_when_its_hours_are_used_up() {
        let mut fixed = FixedDay { day: day("2020-12-20"), begun: Instant::now(), last: at_hour(Ho_Chi_Minh, day("2020-12-20"), 23) };
        let (first, second) = (fixed.advance(Ho_Chi_Minh), fixed.advance(Ho_Chi_Minh));
        assert!(second > first);
        assert_eq!(Clock::system(Ho_Chi_Minh).day_of(second), day("2020-12-20"));
    }

    #[test]
    fn t3_a_fixed_day_moves_on_and_never_back() {
        let clock = Clock::fixed_at(Ho_Chi_Minh, day("2020-12-20"));
        let shared = clock.clone();
        let before = clock.now();
        assert_eq!(clock.set_today(day("2021-01-05")), Ok(()));
        assert_eq!(shared.today(), day("2021-01-05"));
        assert!(shared.now() > before);
        assert_eq!(clock.day_of(clock.now()), day("2021-01-05"));
        assert_eq!(clock.set_today(day("2021-01-04")), Err(SetTodayError::Backwards(day("2021-01-05"))));
        assert_eq!(clock.set_today(day("2021-01-05")), Ok(()));
        assert_eq!(Clock::system(Ho_Chi_Minh).set_today(day("2021-01-05")), Err(SetTodayError::NotFixed));
    }

    #[test]
    fn t3_a_day_that_goes_on_gives_no_instant_twice() {
        let before = Clock::fixed_at(Ho_Chi_Minh, day("2020-12-20"));
        let last = before.now() + TimeDelta::hours(2);
        let after = Clock::fixed_after(Ho_Chi_Minh, day("2020-12-20"), last);
        assert!(after.now() > last);
        assert_eq!(after.today(), day("2020-12-20"));
    }

    #[test]
    fn t3_the_systems_instants_are_whole_microseconds() {
        let clock = Clock::system(Ho_Chi_Minh);
        assert_eq!(clock.now().nanosecond() % 1_000, 0);
        assert!(!clock.is_fixed());
    }
}
