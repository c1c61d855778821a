//! Periods (kỳ) and their notation (B7).

use std::fmt;
use std::str::FromStr;

use chrono::Datelike as _;

use super::Recurrence;
use crate::day::{Day, day_before};
use crate::refusal::RequirementRefusal;

/// The last year that the notation can write.
const LAST_YEAR: u16 = 9999;

/// A year, a quarter or a month: `2020`, `2020-Q4`, `2020-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// For example `2020`.
    Year(u16),
    /// For example `2020-Q4`.
    Quarter {
        /// The year.
        year: u16,
        /// From 1 to 4.
        quarter: u8,
    },
    /// For example `2020-12`.
    Month {
        /// The year.
        year: u16,
        /// From 1 to 12.
        month: u8,
    },
}

impl Period {
    /// How often a requirement recurs whose periods are of this length.
    pub fn recurrence(self) -> Recurrence {
        match self {
            Self::Year(_) => Recurrence::Yearly,
            Self::Quarter { .. } => Recurrence::Quarterly,
            Self::Month { .. } => Recurrence::Monthly,
        }
    }

    /// The period in which a day lies; none where nothing recurs, or the notation cannot write the year.
    pub fn containing(day: Day, recurrence: Recurrence) -> Option<Self> {
        let year = u16::try_from(day.year()).ok().filter(|year| (1..=LAST_YEAR).contains(year))?;
        let month = u8::try_from(day.month()).ok()?;
        match recurrence {
            Recurrence::None => None,
            Recurrence::Monthly => Some(Self::Month { year, month }),
            Recurrence::Quarterly => Some(Self::Quarter { year, quarter: month.div_ceil(3) }),
            Recurrence::Yearly => Some(Self::Year(year)),
        }
    }

    /// The day on which it begins, and on which it opens (B7).
    pub fn first_day(self) -> Day {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Quarter { year, quarter } => (year, quarter * 3 - 2),
            Self::Month { year, month } => (year, month),
        };
        // Every period that was read has a first day.
        Day::from_ymd_opt(year.into(), month.into(), 1).unwrap_or(Day::MAX)
    }

    /// The last day that belongs to it.
    pub fn last_day(self) -> Day {
        let end = self.next().map_or_else(|| Day::from_ymd_opt(i32::from(LAST_YEAR) + 1, 1, 1), |next| Some(next.first_day()));
        end.map_or(Day::MAX, day_before)
    }

    /// The one that follows; the last that the notation can write has none.
    pub fn next(self) -> Option<Self> {
        let after = |year: u16| (year < LAST_YEAR).then_some(year + 1);
        Some(match self {
            Self::Year(year) => Self::Year(after(year)?),
            Self::Quarter { year, quarter: 4.. } => Self::Quarter { year: after(year)?, quarter: 1 },
            Self::Quarter { year, quarter } => Self::Quarter { year, quarter: quarter + 1 },
            Self::Month { year, month: 12.. } => Self::Month { year: after(year)?, month: 1 },
            Self::Month { year, month } => Self::Month { year, month: month + 1 },
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let Some((year, part)) = text.split_once('-') else { return Some(Self::Year(parse_year(text)?)) };
        let year = parse_year(year)?;
        match part.strip_prefix('Q') {
            Some(quarter) => digits(quarter, 1).filter(|quarter| (1..=4).contains(quarter)).map(|quarter| Self::Quarter { year, quarter }),
            None => digits(part, 2).filter(|month| (1..=12).contains(month)).map(|month| Self::Month { year, month }),
        }
    }
}

/// Four digits and not the year 0, which the calendar does not have.
fn parse_year(text: &str) -> Option<u16> {
    digits(text, 4).filter(|&year| year > 0)
}

/// Exactly `length` digits; the number parsers of the standard library also take a sign.
fn digits<T: FromStr>(text: &str, length: usize) -> Option<T> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl FromStr for Period {
    type Err = RequirementRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| RequirementRefusal::MalformedPeriod { given: text.chars().take(40).collect() })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
        }
    }
}
