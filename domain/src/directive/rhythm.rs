//! When the periods of a requirement that recurs begin, and when they are due (B7).

use chrono::Days;

use super::{Period, Recurrence, Requirement};
use crate::day::Day;

/// How a requirement comes back (định kỳ), once its directive has been issued (B7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rhythm {
    /// The first period; its length is that of all.
    pub first: Period,
    /// The last day is so many days after a period's end.
    pub due_days: u32,
}

impl Rhythm {
    /// That of a requirement whose directive applies from `effective_on`; none where it does not recur.
    pub fn of(requirement: &Requirement, effective_on: Day) -> Option<Self> {
        Self::from_terms(requirement.recurrence, (requirement.first_period, requirement.due_days_after_period), effective_on)
    }

    /// The same, from what the requirement says: its `firstPeriod` and its `dueDaysAfterPeriod`.
    pub fn from_terms(recurrence: Recurrence, (first, due_days): (Option<Period>, Option<u32>), effective_on: Day) -> Option<Self> {
        let first = first.or_else(|| Period::containing(effective_on, recurrence))?;
        (recurrence != Recurrence::None).then_some(Self { first, due_days: due_days? })
    }

    /// The period that opens next, after those up to `opened`; none after the last that there is.
    pub fn next(self, opened: Option<Period>) -> Option<Period> {
        opened.map_or(Some(self.first), Period::next)
    }

    /// The periods after those up to `opened` that have begun by the end of a day, in their order.
    pub fn begun(self, opened: Option<Period>, upto: Day) -> Vec<Period> {
        let next = std::iter::successors(self.next(opened), |period| period.next());
        next.take_while(|period| period.first_day() <= upto).collect()
    }

    /// The period in which a day lies; none before the first.
    pub fn current(self, day: Day) -> Option<Period> {
        Period::containing(day, self.first.recurrence()).filter(|period| *period >= self.first)
    }

    /// The last day on which a report on a period is on time.
    pub fn due_on(self, period: Period) -> Day {
        period.last_day().checked_add_days(Days::new(self.due_days.into())).unwrap_or(Day::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::day;

    const RECURRING: [Recurrence; 3] = [Recurrence::Monthly, Recurrence::Quarterly, Recurrence::Yearly];

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn b7_periods_follow_the_calendar() {
        for (text, first, last, next) in [
            ("2020-12", "2020-12-01", "2020-12-31", "2021-01"),
            ("2024-02", "2024-02-01", "2024-02-29", "2024-03"),
            ("2023-02", "2023-02-01", "2023-02-28", "2023-03"),
            ("2020-Q1", "2020-01-01", "2020-03-31", "2020-Q2"),
            ("2020-Q4", "2020-10-01", "2020-12-31", "2021-Q1"),
            ("2020", "2020-01-01", "2020-12-31", "2021"),
        ] {
            let of = period(text);
            assert_eq!((of.first_day(), of.last_day(), of.next()), (day(first), day(last), Some(period(next))), "{text}");
        }
        for text in ["9999-12", "9999-Q4", "9999"] {
            assert_eq!((period(text).next(), period(text).last_day()), (None, day("9999-12-31")), "{text}");
        }
        assert_eq!(Period::containing(day("2020-12-31"), Recurrence::None), None);
    }

    #[test]
    fn b7_a_period_is_due_a_number_of_days_after_its_end() {
        let monthly = Rhythm { first: period("2020-12"), due_days: 5 };
        assert_eq!(monthly.due_on(period("2021-02")), day("2021-03-05"));
        assert_eq!(Rhythm { due_days: 0, ..monthly }.due_on(period("2020-12")), day("2020-12-31"));
    }

    #[test]
    fn b7_what_has_begun_is_counted_from_the_first_or_after_the_last_that_opened() {
        let monthly = Rhythm { first: period("2020-11"), due_days: 5 };
        let told = |opened: Option<&str>, upto: &str| {
            let begun = monthly.begun(opened.map(period), day(upto));
            begun.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(None, "2020-10-31"), "");
        assert_eq!(told(None, "2020-11-01"), "2020-11");
        assert_eq!(told(None, "2021-01-31"), "2020-11 2020-12 2021-01");
        assert_eq!(told(Some("2020-12"), "2021-01-31"), "2021-01");
        assert_eq!(told(Some("2021-01"), "2021-01-31"), "");
        assert_eq!((monthly.current(day("2020-10-31")), monthly.current(day("2021-01-31"))), (None, Some(period("2021-01"))));
    }

    fn any_day() -> impl Strategy<Value = Day> {
        (1..=9999_i32, 1..=366_u32).prop_filter_map("no such day", |(year, ordinal)| Day::from_yo_opt(year, ordinal))
    }

    proptest! {
        #[test]
        fn b7_every_day_lies_in_one_period_of_each_length(on in any_day(), at in 0..3_usize) {
            let of = Period::containing(on, RECURRING[at]).unwrap();
            prop_assert_eq!(of.recurrence(), RECURRING[at]);
            prop_assert!(of.first_day() <= on && on <= of.last_day());
            for edge in [of.first_day(), of.last_day()] {
                prop_assert_eq!(Period::containing(edge, RECURRING[at]), Some(of));
            }
            prop_assert_eq!(of.to_string().parse(), Ok(of));
            if let Some(next) = of.next() {
                prop_assert_eq!(next.first_day(), of.last_day().succ_opt().unwrap());
                prop_assert!(of < next && of.to_string() < next.to_string(), "the order of time is that of the notation");
            }
        }

        #[test]
        fn b7_periods_begun_follow_each_other_up_to_the_day(first in any_day(), days in 0..2000_u64, at in 0..3_usize) {
            let upto = first + Days::new(days);
            prop_assume!(upto.to_string().len() == 10);
            let rhythm = Rhythm { first: Period::containing(first, RECURRING[at]).unwrap(), due_days: 0 };
            let begun = rhythm.begun(None, upto);
            prop_assert_eq!(begun.first(), Some(&rhythm.first));
            prop_assert_eq!(begun.last().copied(), rhythm.current(upto));
            prop_assert!(begun.windows(2).all(|two| two[0].next() == Some(two[1])));
        }
    }
}
