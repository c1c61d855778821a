//! Periods open in their order, each once, none ahead of its first day and none left out (B7).

use chidao_domain::day::Day;
use chidao_domain::directive::{Period, Recurrence};

use super::Finding;
use crate::store::integrity::Opened;

/// What is wrong with the periods that have opened, by requirement; `done` is the day up to which the calendar has been done.
pub(super) fn check_openings(opened: &[Opened], done: Option<Day>) -> Vec<Finding> {
    let wrong = opened.iter().filter_map(|of| Some((of, fault(of, done)?)));
    wrong.map(|(of, words)| Finding::new("PERIODS", format!("{words} (B7)"), "requirement", of.requirement)).collect()
}

fn fault(of: &Opened, done: Option<Day>) -> Option<String> {
    if of.recurrence == Recurrence::None {
        return Some("it does not recur, and a period of it has opened".into());
    }
    let Some(first) = of.first.filter(|first| first.recurrence() == of.recurrence) else {
        return Some("its first period cannot be read, or is not as long as it recurs".into());
    };
    let mut wanted = Some(first);
    for (written, opened_on) in &of.periods {
        let period: Option<Period> = written.parse().ok();
        if period.is_none() || period != wanted {
            let wanted = wanted.map_or("none".into(), |wanted| wanted.to_string());
            return Some(format!("period {written} has opened where {wanted} should have"));
        }
        wanted = period.and_then(Period::next);
        if period.is_some_and(|period| period.first_day() > *opened_on) || *opened_on < of.bound_on {
            return Some(format!("period {written} opened on {opened_on}, before its first day or before the directive was issued"));
        }
    }
    let owed = wanted.filter(|wanted| of.is_in_force && done.is_some_and(|done| wanted.first_day() <= done));
    owed.map(|owed| format!("period {owed} has begun and has not opened"))
}

#[cfg(test)]
mod tests {
    use chidao_domain::directive::Recurrence;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// What is found of a monthly requirement from 2020-11 on, issued on 4 December, when the calendar has been done up to a day.
    fn found(periods: &[(&str, &str)], done: &str, change: impl Fn(&mut Opened)) -> String {
        let mut of = Opened {
            requirement: Uuid::nil(),
            recurrence: Recurrence::Monthly,
            first: "2020-11".parse().ok(),
            bound_on: day("2020-12-04"),
            is_in_force: true,
            periods: periods.iter().map(|(period, on)| ((*period).to_owned(), day(on))).collect(),
        };
        change(&mut of);
        check_openings(&[of], Some(day(done))).into_iter().map(|finding| finding.words).collect()
    }

    #[test]
    fn b7_periods_open_in_order_none_ahead_and_none_left_out() {
        let plain = |_: &mut Opened| ();
        let whole = [("2020-11", "2020-12-04"), ("2020-12", "2020-12-04"), ("2021-01", "2021-01-01")];
        assert_eq!(found(&whole, "2021-01-31", plain), "");
        assert_eq!(found(&whole, "2021-02-01", plain), "period 2021-02 has begun and has not opened (B7)");
        assert_eq!(found(&whole, "2021-02-01", |of| of.is_in_force = false), "", "the directive's end stops it");
        assert_eq!(found(&whole[1..], "2021-01-31", plain), "period 2020-12 has opened where 2020-11 should have (B7)");
        let gap = [whole[0], whole[2]];
        assert_eq!(found(&gap, "2021-01-31", plain), "period 2021-01 has opened where 2020-12 should have (B7)");
        let ahead = [whole[0], whole[1], ("2021-01", "2020-12-31")];
        assert!(found(&ahead, "2021-01-31", plain).starts_with("period 2021-01 opened on 2020-12-31, before its first day"));
        let before = [("2020-11", "2020-11-01")];
        assert!(found(&before, "2020-11-30", plain).starts_with("period 2020-11 opened on 2020-11-01, before"));
        assert!(found(&whole, "2021-01-31", |of| of.recurrence = Recurrence::None).starts_with("it does not recur"));
        assert!(found(&whole, "2021-01-31", |of| of.recurrence = Recurrence::Yearly).starts_with("its first period"));
        assert_eq!(found(&[("2020-13", "2021-01-01")], "2021-01-31", plain), "period 2020-13 has opened where 2020-11 should have (B7)");
    }
}
