//! What the dice had the server do: a run in which nothing happens proves nothing.

use std::collections::BTreeMap;

use super::duties::Duties;
use super::tree::Op;

/// How often what was done.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(BTreeMap<&'static str, usize>);

/// What every course of batches has.
pub(super) const BATCHES: [&str; 14] = [
    "past",
    "today",
    "to come",
    "establish",
    "revise",
    "move",
    "changeKind",
    "merge",
    "split",
    "dissolve",
    "reopen",
    "cancel",
    "annul",
    "a root ends",
];
/// What the courses with duties have beside that. That a unit takes up again what it was released from (B4) is too rare to be asked of ten
/// runs.
pub(super) const DUTIES: [&str; 11] =
    ["a period opens", "transfer", "release", "keep", "LATE", "INCLUDED", "SCOPE", "SUCCESSION", "TRANSFERRED", "RELEASED", "LAPSED"];

impl Taken {
    pub(super) fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub(super) fn note_op(&mut self, op: &Op) {
        self.note(match op {
            Op::Establish { .. } => "establish",
            Op::Rename { .. } => "revise",
            Op::Move { .. } => "move",
            Op::ChangeKind { .. } => "changeKind",
            Op::Merge { .. } => "merge",
            Op::Split { .. } => "split",
            Op::Dissolve { .. } => "dissolve",
            Op::Reopen { .. } => "reopen",
            Op::EndAgain { .. } => "an end again",
        });
        if matches!(op, Op::Merge { units, .. } if units.iter().any(|unit| super::ROOTS.contains(&&**unit))) {
            self.note("a root ends");
        }
    }

    /// What stands at the end of a run: the reasons that bind, and the states.
    pub(super) fn note_duties(&mut self, duties: &Duties) {
        for duty in duties.all.values() {
            self.note(duty.state);
            duty.rules.iter().for_each(|rule| self.note(rule));
            duty.links.iter().for_each(|_| self.note("SUCCESSION"));
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, count)| *self.0.entry(what).or_default() += count);
    }

    /// Whether all of it was done.
    pub(super) fn has_all(&self, wanted: &[&'static str]) -> bool {
        wanted.iter().all(|what| self.0.contains_key(what))
    }
}
