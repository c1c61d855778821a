//! Dates as offices write them.

use chrono::{Days, NaiveDate};

use crate::day::Day;

/// The day before day 1 of a workbook, as it counts from 1 March 1900 on.
const BEFORE_FIRST: Option<Day> = NaiveDate::from_ymd_opt(1899, 12, 30);
/// Workbooks count 29 February 1900, which never was: dates before it are off by one and mean nothing here.
const LEAST: u32 = 61;
/// 31 December 9999, the last day of a workbook.
const MOST: u32 = 2_958_465;

/// Reads `2025-07-01`, `01/07/2025` (also with `-` or `.`, and without leading zeros), or a workbook's number of a day (`45839`).
pub fn read_day(text: &str) -> Option<Day> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return of_number(number);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, month, last] = parts[..] else { return None };
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (year, day) = match (first.len(), last.len()) {
        (4, 1..=2) => (first, last),
        (1..=2, 4) => (last, first),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The day with that number in a workbook.
pub(super) fn of_number(number: u32) -> Option<Day> {
    let within = (LEAST..=MOST).contains(&number).then_some(number)?;
    BEFORE_FIRST?.checked_add_days(Days::new(within.into()))
}
