//! Periods (kỳ) and their notation (B7).

use std::fmt;
use std::str::FromStr;

use super::Recurrence;
use crate::refusal::RequirementRefusal;

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
