//! Sets of places of a forest as few ranges.

use std::ops::Range;

/// Places of one forest: ranges in order that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    ranges: Vec<Range<usize>>,
}

impl Places {
    /// The ranges, first to last.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Whether the set holds `place`; a binary search over the ranges.
    pub fn contains(&self, place: usize) -> bool {
        let next = self.ranges.partition_point(|range| range.end <= place);
        self.ranges.get(next).is_some_and(|range| range.start <= place)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Every place, in tree order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.ranges.iter().cloned().flatten()
    }
}

impl FromIterator<Range<usize>> for Places {
    /// Merges ranges that come in any order, overlap or are empty.
    fn from_iter<I: IntoIterator<Item = Range<usize>>>(ranges: I) -> Self {
        let mut given: Vec<Range<usize>> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
        given.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(given.len());
        for range in given {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        Self { ranges: merged }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_are_the_set_that_their_ranges_name(given in prop::collection::vec((0_usize..30, 0_usize..8), 0..8)) {
            let places: Places = given.iter().map(|&(start, length)| start..start + length).collect();
            let model: BTreeSet<usize> = given.iter().flat_map(|&(start, length)| start..start + length).collect();
            prop_assert_eq!(places.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(places.len(), model.len());
            prop_assert_eq!(places.is_empty(), model.is_empty());
            for place in 0..40 {
                prop_assert_eq!(places.contains(place), model.contains(&place));
            }
            prop_assert!(places.ranges().windows(2).all(|pair| pair[0].end < pair[1].start), "ranges touch: {places:?}");
        }
    }
}
