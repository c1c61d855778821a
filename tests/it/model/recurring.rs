//! B7 once more, plainly: each period is a requirement of its own, which the day on which it opens issues.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate as Day};

use super::duties::{Duties, Duty, Requirement, covering, is_inside};
use super::tree::Tree;

/// How a requirement comes back, and the period that opens next.
#[derive(Clone, Debug)]
pub(super) struct Recurring {
    /// What each period asks; its period and dates are another's.
    pub(super) terms: Requirement,
    /// How many months a period has.
    pub(super) months: u32,
    pub(super) due_days: u64,
    /// The first day of the period that opens next.
    pub(super) next: Day,
    /// The place of the period before, where one has opened, and the batches that had acted by then.
    pub(super) before: Option<(usize, BTreeSet<usize>)>,
}

/// The days of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) first: Day,
    pub(super) last: Day,
}

/// As the API names it.
pub(super) fn name(first: Day, months: u32) -> String {
    match months {
        1 => format!("{}-{:02}", first.year(), first.month()),
        3 => format!("{}-Q{}", first.year(), first.month0() / 3 + 1),
        _ => first.year().to_string(),
    }
}

/// The first day of the period that contains a day.
pub(super) fn first_day(day: Day, months: u32) -> Day {
    let month = day.month0() / months * months + 1;
    Day::from_ymd_opt(day.year(), month, 1).unwrap()
}

impl Duties {
    /// Opens all that has begun by a day and has not opened, on that day's tree (B7).
    pub(super) fn open_periods(&mut self, tree: &Tree, day: Day, was_taken_back: &dyn Fn(usize) -> bool) -> usize {
        let mut opened = 0;
        for at in 0..self.recurring.len() {
            while self.recurring[at].next <= day {
                self.open_period(at, tree, day, was_taken_back);
                opened += 1;
            }
        }
        opened
    }

    fn open_period(&mut self, at: usize, tree: &Tree, day: Day, was_taken_back: &dyn Fn(usize) -> bool) {
        let of = self.recurring[at].clone();
        let following = of.next + Months::new(of.months);
        let days = Span { first: of.next, last: following - Days::new(1) };
        let requirement = Requirement {
            period: name(of.next, of.months),
            due: Some(days.last + Days::new(of.due_days)),
            days: Some(days),
            ..of.terms.clone()
        };
        let had_before = self.had_before(&of, was_taken_back);
        let slot = self.requirements.len();
        for unit in tree.active.keys() {
            let mut rules = covering(tree, &requirement, unit, "SCOPE");
            let goes_on = !tree.active.contains_key(&requirement.anchor) && had_before.contains(unit);
            if rules.is_empty() && goes_on && is_inside(tree, &requirement, unit) {
                rules.insert("SCOPE");
            }
            if !rules.is_empty() {
                self.all.insert((slot, unit.clone()), Duty::new("PENDING", requirement.due, day).by_rules(rules));
            }
        }
        self.requirements.push(requirement);
        let acted = self.successions.iter().map(|(batch, ..)| *batch).collect();
        let of = &mut self.recurring[at];
        (of.next, of.before) = (following, Some((slot, acted)));
    }

    /// Who had the period before, or took over since it opened from one who had it (B6).
    fn had_before(&self, of: &Recurring, was_taken_back: &dyn Fn(usize) -> bool) -> BTreeSet<String> {
        let Some((before, acted)) = &of.before else { return BTreeSet::new() };
        let had = self.all.iter().filter(|((at, _), duty)| at == before && !duty.is_void());
        let mut units: BTreeSet<String> = had.map(|((_, unit), _)| unit.clone()).collect();
        for _ in 0..self.successions.len() {
            let since = self.successions.iter().filter(|(batch, ..)| !acted.contains(batch) && !was_taken_back(*batch));
            let more: Vec<String> = since.filter(|(_, from, _)| units.contains(from)).map(|(.., heir)| heir.clone()).collect();
            units.extend(more);
        }
        units
    }
}
