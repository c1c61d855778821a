//! Appointments: who holds which position of which unit, and when.

use crate::day::{Day, Validity};
use crate::enumeration::enumeration;

enumeration! {
    /// A position in the committee of a unit.
    pub enum Position {
        /// Bí thư.
        Secretary,
        /// Phó bí thư thường trực.
        StandingDeputySecretary,
        /// Phó bí thư.
        DeputySecretary,
        /// Uỷ viên ban thường vụ.
        StandingMember,
        /// Uỷ viên ban chấp hành; in a cell: chi uỷ viên.
        Member,
    }
}

/// The first of `held` that shares a day with `wanted`: nobody holds the same position of the same unit twice on one day.
pub fn overlapping(held: &[Validity], wanted: Validity) -> Option<Validity> {
    let ends_by = |range: &Validity, day: Day| range.to.is_some_and(|to| to <= day);
    held.iter().find(|range| !ends_by(range, wanted.from) && !ends_by(&wanted, range.from)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str) -> Validity {
        Validity { from: from.parse().unwrap(), to: to.parse().ok() }
    }

    #[test]
    fn t1_appointments_that_touch_do_not_overlap() {
        let held = [range("2015-08-01", "2020-08-15"), range("2020-10-01", "")];
        assert_eq!(overlapping(&held, range("2020-08-15", "2020-10-01")), None);
        assert_eq!(overlapping(&held, range("2010-01-01", "2015-08-01")), None);
        assert_eq!(overlapping(&held, range("2020-08-14", "2020-09-01")), Some(held[0]));
        assert_eq!(overlapping(&held, range("2020-09-01", "2020-10-02")), Some(held[1]));
        assert_eq!(overlapping(&held, range("2030-01-01", "")), Some(held[1]));
        assert_eq!(overlapping(&held, range("2016-01-01", "2017-01-01")), Some(held[0]));
    }
}
