//! Which of two sets has come less far, so that a breakdown can begin with those that need help (C10).

use std::cmp::Ordering;

use super::tally::Tally;

/// Orders the one that has come less far first: by the rate of completion, exactly, then by how many are overdue. Where nothing is
/// counted there is nothing to compare: such a set stands behind every other, and two of them are equal.
pub fn less_far_first(one: &Tally, other: &Tally) -> Ordering {
    match (one.counted(), other.counted()) {
        (0, 0) => Ordering::Equal,
        (0, _) => Ordering::Greater,
        (_, 0) => Ordering::Less,
        (counted, others) => {
            let by_rate = (u64::from(one.done()) * u64::from(others)).cmp(&(u64::from(other.done()) * u64::from(counted)));
            by_rate.then(other.overdue.cmp(&one.overdue))
        }
    }
}

/// Orders the one that has come farther first; where nothing is counted it stays behind every other.
pub fn farther_first(one: &Tally, other: &Tally) -> Ordering {
    match (one.counted(), other.counted()) {
        (0, _) | (_, 0) => less_far_first(one, other),
        _ => less_far_first(other, one),
    }
}
