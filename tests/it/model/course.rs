//! The batches of the model: any day's tree is all of them done over again, in the order of their days.

use std::collections::BTreeSet;

use chrono::NaiveDate as Day;

use super::tree::{Ending, Judged, Op, Tree};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Status {
    Planned,
    Enacted,
    Cancelled,
    Annulled,
}

/// A batch as the server knows it.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) day: Day,
    pub(super) ops: Vec<Op>,
    pub(super) status: Status,
    /// Which one it takes back.
    pub(super) takes_back: Option<usize>,
}

impl Batch {
    fn judged(&self) -> Judged {
        if self.takes_back.is_some() { Judged::Back } else { Judged::Again }
    }
}

/// All batches, in the order of record.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    pub(super) batches: Vec<Batch>,
}

impl Course {
    /// Those that act, in the order in which they do, with their places in the order of record.
    fn acting(&self) -> Vec<(usize, &Batch)> {
        let mut acting: Vec<(usize, &Batch)> =
            self.batches.iter().enumerate().filter(|(_, batch)| batch.status != Status::Cancelled).collect();
        acting.sort_by_key(|(ordinal, batch)| (batch.day, *ordinal));
        acting
    }

    /// The tree after every batch that `wanted` admits, done in their order; nothing where one does not hold.
    pub(super) fn fold(&self, wanted: impl Fn(usize, &Batch) -> bool) -> Option<Tree> {
        let mut tree = Tree::default();
        for (ordinal, batch) in self.acting() {
            if wanted(ordinal, batch) {
                let judged = batch.judged();
                tree = tree.after(&batch.ops, batch.day, judged)?.0;
            }
        }
        Some(tree)
    }

    pub(super) fn tree(&self, day: Day) -> Tree {
        self.fold(|_, batch| batch.day <= day).unwrap()
    }

    /// The tree on which a batch acts, and the one that it leaves, with who takes over from whom.
    pub(super) fn around(&self, at: usize) -> (Tree, Tree, Vec<Ending>) {
        let batch = &self.batches[at];
        let before = |ordinal: usize, other: &Batch| (other.day, ordinal) < (batch.day, at);
        let without = self.fold(before).unwrap();
        let judged = batch.judged();
        let (with, endings) = without.after(&batch.ops, batch.day, judged).unwrap();
        (without, with, endings)
    }

    /// Every code that was, is or will be a unit's.
    fn codes(&self) -> BTreeSet<String> {
        let mut codes = BTreeSet::new();
        let mut tree = Tree::default();
        for (_, batch) in self.acting() {
            tree = tree.after(&batch.ops, batch.day, batch.judged()).unwrap().0;
            codes.extend(tree.active.keys().chain(tree.ended.keys()).cloned());
        }
        codes
    }

    /// Whether a batch would be taken: it holds on its day, and every later one holds after it.
    pub(super) fn takes(&self, ops: &[Op], day: Day) -> bool {
        let taken = self.codes();
        if ops.iter().any(|op| matches!(op, Op::Establish { code, .. } if taken.contains(code))) {
            return false;
        }
        let on_the_day = self.fold(|_, batch| batch.day <= day).unwrap();
        let Some((mut tree, _)) = on_the_day.after(ops, day, Judged::Asked) else { return false };
        for (_, batch) in self.acting().into_iter().filter(|(_, batch)| batch.day > day) {
            match tree.after(&batch.ops, batch.day, batch.judged()) {
                Some((after, _)) => tree = after,
                None => return false,
            }
        }
        true
    }

    /// The same with one more, that it takes.
    pub(super) fn with(&self, ops: &[Op], day: Day) -> Self {
        let mut after = self.clone();
        after.batches.push(Batch { id: String::new(), day, ops: ops.to_vec(), status: Status::Enacted, takes_back: None });
        after
    }

    /// Whether every other batch holds without this one.
    pub(super) fn spares(&self, at: usize) -> bool {
        self.fold(|ordinal, _| ordinal != at).is_some()
    }

    /// What takes a batch back today: the changes that lead to today's tree without it.
    pub(super) fn changes_back(&self, at: usize, today: Day) -> Vec<Op> {
        let now = self.tree(today);
        let without = self.fold(|ordinal, batch| ordinal != at && batch.day <= today).unwrap();
        let depth = |tree: &Tree, unit: &str| {
            let mut depth = 0;
            let mut at = tree.active[unit].parent.clone();
            while let Some(parent) = at {
                depth += 1;
                at = tree.active[&parent].parent.clone();
            }
            depth
        };
        let mut ops = Vec::new();
        let mut units: Vec<&String> = without.active.keys().collect();
        units.sort_by_key(|unit| depth(&without, unit));
        for unit in units {
            let to = &without.active[unit];
            let from = match (now.active.get(unit), now.ended.get(unit)) {
                (Some(from), _) => from.clone(),
                (None, Some(ended)) => {
                    ops.push(Op::Reopen { unit: unit.clone(), parent: to.parent.clone() });
                    let mut from = ended.unit.clone();
                    from.parent = to.parent.clone();
                    from
                }
                (None, None) => unreachable!("{unit} is known"),
            };
            if from.parent != to.parent {
                ops.push(Op::Move { unit: unit.clone(), parent: to.parent.clone() });
            }
            if from.kind != to.kind {
                ops.push(Op::ChangeKind { unit: unit.clone(), kind: to.kind.clone() });
            }
            if from.name != to.name {
                ops.push(Op::Rename { unit: unit.clone(), name: to.name.clone() });
            }
        }
        let mut new: Vec<&String> = now.active.keys().filter(|unit| !without.active.contains_key(*unit)).collect();
        new.sort_by_key(|unit| std::cmp::Reverse(depth(&now, unit)));
        for unit in new {
            ops.push(match without.ended.get(unit) {
                Some(was) => Op::EndAgain { unit: unit.clone(), was: Box::new(was.clone()) },
                None => Op::Dissolve { unit: unit.clone(), heir: None, children_to: None },
            });
        }
        ops
    }

    /// An annulment leaves today's tree as if the batch had never been (O5), but for the days on which units ended, and for those that only it
    /// had established.
    pub(super) fn is_as_without(&self, mistake: usize, before: &Course, today: Day) {
        let without = before.fold(|ordinal, batch| ordinal != mistake && batch.day <= today).unwrap();
        let (now, after) = (before.tree(today), self.tree(today));
        assert_eq!(after.active, without.active);
        // What had ended by today keeps the days that it had.
        for (unit, was) in without.ended.iter().filter(|(unit, _)| now.active.contains_key(*unit)) {
            let is = &after.ended[unit];
            assert_eq!((&is.unit, &is.heirs, after.standing(unit)), (&was.unit, &was.heirs, without.standing(unit)), "{unit}");
        }
    }
}
