//! Civil dates and ranges of validity (T1, T2).
//!
//! A [`Day`] has no zone: the caller turns an instant into a day of the configured zone before it asks a rule.

pub use chrono::NaiveDate as Day;

/// A half-open range of days `[from, to)`; `to: None` lasts for ever (O2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first day that belongs to the range.
    pub from: Day,
    /// The first day that no longer does.
    pub to: Option<Day>,
}

impl Validity {
    /// From `from` on, without an end.
    pub fn since(from: Day) -> Self {
        Self { from, to: None }
    }

    /// Whether `day` lies in the range.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// A range of days in a filter: both ends belong to it, a missing end is open (T1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DayRange {
    /// The first day, or no lower bound.
    pub from: Option<Day>,
    /// The last day, or no upper bound.
    pub to: Option<Day>,
}

/// The day before; the first day that there is has none, and stands for itself.
pub fn day_before(day: Day) -> Day {
    day.pred_opt().unwrap_or(day)
}

/// Compares due dates: "no date" is later than any date (T2).
pub fn later_due(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn t1_validity_is_half_open() {
        let june = Validity { from: day("2025-06-01"), to: Some(day("2025-07-01")) };
        assert!(june.holds_on(day("2025-06-01")));
        assert!(june.holds_on(day("2025-06-30")));
        assert!(!june.holds_on(day("2025-07-01")));
        assert!(!june.holds_on(day("2025-05-31")));
        assert!(Validity::since(day("2025-06-01")).holds_on(Day::MAX));
    }

    #[test]
    fn t2_no_date_is_later_than_any_date() {
        assert_eq!(later_due(Some(day("2020-12-30")), None), None);
        assert_eq!(later_due(Some(day("2020-12-30")), Some(day("2021-01-19"))), Some(day("2021-01-19")));
    }
}
