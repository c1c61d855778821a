//! O5 once more, plainly: what a batch did to duties is put back as it was, and what stands only on it stands no more.

use std::collections::BTreeSet;

use super::duties::{Duties, Duty, Key, LEFT, Shift, is_inside};
use super::tree::Ending;

impl Duties {
    /// Those that follow one directly.
    pub(super) fn after(&self, (at, unit): &Key) -> Vec<Key> {
        let follow = |duty: &Duty| duty.links.iter().any(|(from, _)| from == unit);
        self.all.iter().filter(|((other, _), duty)| other == at && follow(duty)).map(|(key, _)| key.clone()).collect()
    }

    /// Whether somebody has fulfilled what a batch passed on from there, be it after it was passed on again.
    fn is_done_after(&self, (at, unit): &Key, batch: usize) -> bool {
        let mut to = self.all.iter().filter(|((other, _), duty)| other == at && duty.links.contains(&(unit.clone(), batch)));
        to.any(|(key, duty)| match (duty.state, &duty.closed) {
            ("FULFILLED", _) => true,
            ("TRANSFERRED", Some(closed)) => self.is_done_after(key, closed.by),
            _ => false,
        })
    }

    /// Whether a duty stands on a scope, its own or that of one whose duty it took over.
    fn has_ground(&self, key: &Key) -> bool {
        let (mut line, mut waiting) = (BTreeSet::new(), vec![key.clone()]);
        while let Some(next) = waiting.pop() {
            if line.insert(next.clone()) {
                waiting.extend(self.all[&next].links.iter().map(|(from, _)| (next.0, from.clone())));
            }
        }
        line.iter().any(|key| self.all[key].is_bound_itself())
    }

    /// A batch is taken back: then B6 and B4 follow.
    pub(super) fn take_back(&mut self, mistake: usize, shift: &Shift<'_>, why: &str, was_taken_back: &dyn Fn(usize) -> bool) {
        let in_force: Vec<Key> = self.all.keys().filter(|(at, _)| self.requirements[*at].is_in_force).cloned().collect();
        let done: BTreeSet<Key> = in_force.iter().filter(|key| self.is_done_after(key, mistake)).cloned().collect();
        let is_of_it = |key: &&Key| self.all[*key].closed.as_ref().is_some_and(|closed| closed.by == mistake);
        let back: Vec<Key> = in_force.iter().filter(is_of_it).filter(|key| !done.contains(*key)).cloned().collect();
        for key in &back {
            let was = self.before[&mistake][key].clone();
            let duty = self.all.get_mut(key).unwrap();
            duty.open(was.state);
            duty.due = was.due;
        }
        for key in &in_force {
            let duty = self.all.get_mut(key).unwrap();
            duty.links.retain(|(from, batch)| *batch != mistake || done.contains(&(key.0, from.clone())));
        }
        for key in in_force.iter().filter(|key| self.all[*key].is_open() && !self.has_ground(key)).cloned().collect::<Vec<_>>() {
            self.all.get_mut(&key).unwrap().close("RELEASED", (why, false), shift);
        }
        let mut endings: Vec<Ending> = shift.endings.to_vec();
        for key in &back {
            let (requirement, duty) = (&self.requirements[key.0], self.all.get_mut(key).unwrap());
            if !duty.is_open() {
                continue;
            }
            if let Some(ended) = shift.with.ended.get(&key.1).filter(|_| !shift.ends_or_splits(&key.1)) {
                endings.push(Ending { unit: key.1.clone(), heirs: ended.heirs.clone(), stays: false });
            } else if !shift.leaves(requirement, &key.1) && !is_inside(shift.with, requirement, &key.1) && !duty.is_kept {
                duty.close("RELEASED", (LEFT, true), shift);
            }
        }
        self.act(&Shift { endings: &endings, ..*shift }, was_taken_back);
        self.successions.retain(|(batch, ..)| *batch != shift.batch);
    }
}
