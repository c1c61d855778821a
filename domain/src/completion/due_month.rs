//! The month in which obligations are due, as a breakdown knows it (C10).

use std::fmt;

use chrono::{Datelike as _, Months};

use crate::day::{Day, DayRange};

/// When obligations are due, by the month. "No date" is later than any date (T2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueMonth {
    /// In a month.
    In {
        /// The year.
        year: i32,
        /// From 1 to 12.
        month: u32,
    },
    /// They have no date.
    Undated,
}

impl DueMonth {
    /// That of a due date.
    pub fn of(due_on: Option<Day>) -> Self {
        due_on.map_or(Self::Undated, |day| Self::In { year: day.year(), month: day.month() })
    }

    /// Reads what [`fmt::Display`] writes; `None` where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let first: Day = format!("{text}-01").parse().ok()?;
        Some(Self::of(Some(first))).filter(|month| month.to_string() == text)
    }

    /// Its days; `None` where there is no date.
    pub fn days(self) -> Option<DayRange> {
        let Self::In { year, month } = self else { return None };
        let first = Day::from_ymd_opt(year, month, 1)?;
        let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt());
        Some(DayRange { from: Some(first), to: Some(last.unwrap_or(Day::MAX)) })
    }
}

impl fmt::Display for DueMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::Undated => f.write_str("NONE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn c10_a_due_month_holds_the_days_that_are_of_it_and_no_date_comes_last() {
        for (on, key, last) in
            [("2020-12-31", "2020-12", "2020-12-31"), ("2021-02-01", "2021-02", "2021-02-28"), ("0999-03-05", "0999-03", "0999-03-31")]
        {
            let month = DueMonth::of(Some(day(on)));
            let days = month.days().unwrap();
            assert_eq!((month.to_string(), days.to), (key.to_owned(), Some(day(last))));
            assert_eq!(days.from.map(|first| first.to_string()), Some(format!("{key}-01")));
            assert_eq!(DueMonth::parse(key), Some(month));
            assert!(month < DueMonth::Undated);
        }
        assert!(DueMonth::of(Some(day("2020-12-31"))) < DueMonth::of(Some(day("2021-01-01"))));
        assert_eq!((DueMonth::of(None).to_string(), DueMonth::of(None).days()), ("NONE".to_owned(), None));
        for wrong in ["", "NONE", "2020", "2020-13", "2020-1", "2020-12-01"] {
            assert_eq!(DueMonth::parse(wrong), None, "{wrong}");
        }
    }
}
