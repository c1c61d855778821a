//! Pages of lists: which part is asked for, and what it holds. Cursors are keys, not offsets, so that a page stays where it is
//! when rows come and go.

use std::cmp::Ordering;

use chidao_domain::refusal::Refusal;

/// The part of a list that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window<K> {
    /// How many items at most.
    pub limit: usize,
    /// From which end they are counted.
    pub from: End,
    /// Only items after this key.
    pub after: Option<K>,
    /// Only items before this key.
    pub before: Option<K>,
    /// Whether anybody asks how many there are in all.
    pub count: Count,
}

impl<K> Window<K> {
    /// How many rows to read: one too many tells that there are more ([`Page::of_rows`]).
    pub fn rows(&self) -> u64 {
        u64::try_from(self.limit).map_or(u64::MAX, |limit| limit.saturating_add(1))
    }

    /// The same part, by other keys.
    ///
    /// # Errors
    /// What `turn` says of a key, at `after` or `before`.
    pub fn try_map<L>(self, turn: impl Fn(K) -> Result<L, Refusal>) -> Result<Window<L>, Refusal> {
        let Self { limit, from, after, before, count } = self;
        let key = |key: Option<K>, field| key.map(|key| turn(key).map_err(|no| no.within(field))).transpose();
        Ok(Window { limit, from, after: key(after, "after")?, before: key(before, "before")?, count })
    }
}

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// `first`.
    Start,
    /// `last`.
    Finish,
}

/// Whether the whole list is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// `totalCount` is asked for.
    Wanted,
    /// It is not: nothing is counted.
    Unwanted,
}

/// The part of a list that answers a [`Window`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the order of the list, whichever end they were counted from.
    pub items: Vec<T>,
    /// Whether there are items before these.
    pub has_previous: bool,
    /// Whether there are items after these.
    pub has_next: bool,
    /// How many there are in all; 0 where nobody asked.
    pub total: usize,
}

impl<T> Page<T> {
    /// A page without items.
    pub fn empty() -> Self {
        Self { items: Vec::new(), has_previous: false, has_next: false, total: 0 }
    }

    /// The same page of other items.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, has_previous, has_next, total } = self;
        Page { items: items.into_iter().map(turn).collect(), has_previous, has_next, total }
    }

    /// The page that a query for `limit + 1` rows gives, read from the window's end: one row too many tells that there are more.
    pub fn of_rows<K>(mut rows: Vec<T>, window: &Window<K>, total: usize) -> Self {
        let more = rows.len() > window.limit;
        rows.truncate(window.limit);
        let (has_previous, has_next) = match window.from {
            End::Start => (window.after.is_some(), more),
            End::Finish => {
                rows.reverse();
                (more, window.before.is_some())
            }
        };
        Self { items: rows, has_previous, has_next, total }
    }

    /// The page of a list that is in memory and sorted by `compare`.
    pub fn of_sorted<K>(list: &[T], window: &Window<K>, compare: impl Fn(&T, &K) -> Ordering) -> Self
    where
        T: Clone,
    {
        let start = window.after.as_ref().map_or(0, |key| list.partition_point(|item| compare(item, key) != Ordering::Greater));
        let end = window.before.as_ref().map_or(list.len(), |key| list.partition_point(|item| compare(item, key) == Ordering::Less));
        let end = end.max(start);
        let (from, to) = match window.from {
            End::Start => (start, end.min(start.saturating_add(window.limit))),
            End::Finish => (start.max(end.saturating_sub(window.limit)), end),
        };
        Self { items: list[from..to].to_vec(), has_previous: from > 0, has_next: to < list.len(), total: list.len() }
    }
}

/// The rows that a [`Window`] asks for, one more than wanted where there are more, from the end that they are counted from; and how many
/// there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// 0 where nobody asked.
    pub total: usize,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), total: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(limit: usize, from: End, after: Option<i32>, before: Option<i32>) -> Window<i32> {
        Window { limit, from, after, before, count: Count::Wanted }
    }

    fn page(window: &Window<i32>) -> Page<i32> {
        Page::of_sorted(&[10, 20, 30, 40, 50], window, i32::cmp)
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let first = page(&window(2, End::Start, None, None));
        assert_eq!((first.items, first.has_previous, first.has_next, first.total), (vec![10, 20], false, true, 5));
        let second = page(&window(2, End::Start, Some(20), None));
        assert_eq!((second.items, second.has_previous, second.has_next), (vec![30, 40], true, true));
        let last = page(&window(2, End::Start, Some(40), None));
        assert_eq!((last.items, last.has_next), (vec![50], false));
    }

    #[test]
    fn a_key_that_has_gone_still_marks_its_place() {
        assert_eq!(page(&window(2, End::Start, Some(25), None)).items, vec![30, 40]);
        assert_eq!(page(&window(2, End::Finish, None, Some(45))).items, vec![30, 40]);
    }

    #[test]
    fn keys_that_cross_give_nothing() {
        assert!(page(&window(2, End::Start, Some(40), Some(20))).items.is_empty());
    }

    #[test]
    fn rows_read_from_the_end_are_turned_round() {
        let page = Page::of_rows(vec![50, 40, 30], &window(2, End::Finish, None, None), 5);
        assert_eq!((page.items, page.has_previous, page.has_next), (vec![40, 50], true, false));
    }
}
