//! Sections 4 and 6 once more, plainly: every question walks over everything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate as Day};

use super::decisions::{Action, Decision};
use super::recurring::{Recurring, Span};
use super::tree::{Ending, Tree};

/// One requirement of a directive, or one period of it.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) id: String,
    /// Which of all that were issued it is.
    pub(super) number: usize,
    /// The period, or empty.
    pub(super) period: String,
    /// Of one that recurs, the days of the period.
    pub(super) days: Option<Span>,
    pub(super) directive: String,
    pub(super) is_in_force: bool,
    pub(super) issuer: String,
    pub(super) anchor: String,
    pub(super) reach: &'static str,
    pub(super) kinds: Vec<String>,
    pub(super) include: Vec<String>,
    pub(super) except: Vec<String>,
    pub(super) except_subtrees: Vec<String>,
    pub(super) due: Option<Day>,
    pub(super) binds_late: bool,
    pub(super) grace: u64,
    pub(super) closes_at_once: bool,
}

/// What a unit owes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Duty {
    pub(super) state: &'static str,
    pub(super) due: Option<Day>,
    pub(super) reported_on: Option<Day>,
    pub(super) bound_on: Day,
    /// The rules by which its unit is bound itself.
    pub(super) rules: BTreeSet<&'static str>,
    /// What it follows: whose it was, and by which batch it came from there.
    pub(super) links: BTreeSet<(String, usize)>,
    pub(super) closed_on: Option<Day>,
    /// A person decided that it lasts outside the issuer's subtree (S4).
    pub(super) is_kept: bool,
    /// What a batch did to it, as long as it is so.
    pub(super) closed: Option<Closed>,
}

/// How a batch closed a duty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Closed {
    pub(super) by: usize,
    pub(super) why: String,
    /// The unit takes it up again when it is back (B4).
    comes_back: bool,
}

const OPEN: [&str; 5] = ["PENDING", "ACKNOWLEDGED", "IN_PROGRESS", "REPORTED", "RETURNED"];
pub(super) const LEFT: &str = "its unit left the issuer's subtree";
const NO_HEIR: &str = "its unit ended without an heir";
const HEIR_OUTSIDE: &str = "the successor stands outside the issuer's subtree";
const HEIR_CLOSED: &str = "the successor's own obligation on the same requirement is closed";

impl Duty {
    pub(super) fn new(state: &'static str, due: Option<Day>, bound_on: Day) -> Self {
        let (rules, links) = (BTreeSet::new(), BTreeSet::new());
        Self { state, due, reported_on: None, bound_on, rules, links, closed_on: None, is_kept: false, closed: None }
    }

    pub(super) fn by_rules(self, rules: BTreeSet<&'static str>) -> Self {
        Self { rules, ..self }
    }

    /// Why, as the API tells it: the rule, with the unit that it was taken over from.
    pub(super) fn reasons(&self) -> BTreeSet<String> {
        let links = self.links.iter().map(|(from, _)| format!("SUCCESSION {from}"));
        links.chain(self.rules.iter().map(|rule| (*rule).to_owned())).collect()
    }

    /// Its unit is bound by the scope, and not only by what it took over.
    pub(super) fn is_bound_itself(&self) -> bool {
        self.rules.iter().any(|rule| *rule != "AGAIN")
    }

    /// Nothing that bound its unit stands: it is as if it had never been (O5).
    pub(super) fn is_void(&self) -> bool {
        self.state == "RELEASED" && !self.is_bound_itself() && self.links.is_empty()
    }

    pub(super) fn is_open(&self) -> bool {
        OPEN.contains(&self.state)
    }

    fn waits_in_time(&self) -> bool {
        self.state == "REPORTED" && self.reported_on.is_some_and(|on| self.due.is_none_or(|due| on <= due))
    }

    pub(super) fn is_overdue(&self, today: Day) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < today) && !self.waits_in_time()
    }

    pub(super) fn is_late(&self) -> bool {
        self.state == "FULFILLED" && self.due.is_some_and(|due| self.reported_on.is_some_and(|on| on > due))
    }

    pub(super) fn close(&mut self, state: &'static str, (why, comes_back): (&str, bool), shift: &Shift<'_>) {
        self.closed = Some(Closed { by: shift.batch, why: why.into(), comes_back });
        (self.state, self.closed_on) = (state, Some(shift.day));
    }

    pub(super) fn open(&mut self, state: &'static str) {
        (self.state, self.closed, self.closed_on) = (state, None, None);
    }
}

/// What a batch makes of the tree of the day on which it acts (S6).
#[derive(Clone, Copy)]
pub(super) struct Shift<'a> {
    pub(super) batch: usize,
    pub(super) day: Day,
    pub(super) without: &'a Tree,
    pub(super) with: &'a Tree,
    pub(super) endings: &'a [Ending],
    pub(super) decisions: &'a [Decision],
}

pub(super) type Key = (usize, String);

/// What every unit owes, by requirement (its place in the list) and unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Duties {
    pub(super) requirements: Vec<Requirement>,
    /// What comes back, of directives in force.
    pub(super) recurring: Vec<Recurring>,
    pub(super) all: BTreeMap<Key, Duty>,
    /// What they owed before each batch that acted.
    pub(super) before: BTreeMap<usize, BTreeMap<Key, Duty>>,
    /// Who took over from whom, by which batch that has taken effect.
    pub(super) successions: Vec<(usize, String, String)>,
}

/// Whether a unit stands in the issuer's subtree (B2, B6).
pub(super) fn is_inside(tree: &Tree, requirement: &Requirement, unit: &str) -> bool {
    tree.active.contains_key(unit) && tree.standing(&requirement.issuer).is_some_and(|place| tree.is_under(unit, &place))
}

/// By which rules a scope covers a unit (B1); `reach` is what the rule of the reach is called at that time.
pub(super) fn covering(tree: &Tree, requirement: &Requirement, unit: &str, reach: &'static str) -> BTreeSet<&'static str> {
    let Some(at) = tree.active.get(unit).filter(|_| is_inside(tree, requirement, unit)) else { return BTreeSet::new() };
    let is_excepted = requirement.except.iter().any(|other| other == unit);
    if is_excepted || requirement.except_subtrees.iter().any(|top| tree.is_under(unit, top)) {
        return BTreeSet::new();
    }
    let reached = match requirement.reach {
        "SELF" => unit == requirement.anchor,
        "CHILDREN" => at.parent.as_deref() == Some(&*requirement.anchor),
        _ => unit != requirement.anchor && tree.is_under(unit, &requirement.anchor),
    };
    let admitted = requirement.kinds.is_empty() || requirement.kinds.contains(&at.kind);
    let mut rules = BTreeSet::new();
    if reached && admitted && tree.active.contains_key(&requirement.anchor) {
        rules.insert(reach);
    }
    if requirement.include.iter().any(|named| named == unit) {
        rules.insert("INCLUDED");
    }
    rules
}

fn covers(tree: &Tree, requirement: &Requirement, unit: &str) -> bool {
    !covering(tree, requirement, unit, "SCOPE").is_empty()
}

impl Shift<'_> {
    /// Whether a unit goes on, and leaves the issuer's subtree.
    pub(super) fn leaves(&self, requirement: &Requirement, unit: &str) -> bool {
        self.with.active.contains_key(unit) && is_inside(self.without, requirement, unit) && !is_inside(self.with, requirement, unit)
    }

    pub(super) fn ends_or_splits(&self, unit: &str) -> bool {
        self.endings.iter().any(|ending| ending.unit == unit)
    }

    /// Whether a unit may have what another hands on (S1, S4).
    pub(super) fn may_pass(&self, requirement: &Requirement, duty: &Duty, to: &str) -> bool {
        duty.is_kept || is_inside(self.with, requirement, to)
    }

    /// Into whose hands an ending, those after it in the same batch, and those of later days lay what a unit owes.
    pub(super) fn heirs(&self, unit: &str) -> BTreeSet<String> {
        let mut hands = BTreeSet::from([unit.to_owned()]);
        for ending in self.endings {
            if hands.contains(&ending.unit) {
                if !ending.stays {
                    hands.remove(&ending.unit);
                }
                hands.extend(ending.heirs.iter().cloned());
            }
        }
        let mut seen = BTreeSet::new();
        while let Some(gone) = hands.iter().find(|hand| !self.with.active.contains_key(*hand)).cloned() {
            hands.remove(&gone);
            if seen.insert(gone.clone()) {
                hands.extend(self.with.ended.get(&gone).into_iter().flat_map(|ended| ended.heirs.iter().cloned()));
            }
        }
        hands.remove(unit);
        hands
    }
}

impl Duties {
    /// A requirement is issued: it binds whom its scope covers (B3).
    pub(super) fn issue(&mut self, requirement: Requirement, tree: &Tree, today: Day) {
        let at = self.requirements.len();
        for unit in tree.active.keys().filter(|unit| covers(tree, &requirement, unit)) {
            let rules = covering(tree, &requirement, unit, "SCOPE");
            let duty = Duty::new("PENDING", requirement.due, today).by_rules(rules);
            self.all.insert((at, unit.clone()), duty);
        }
        self.requirements.push(requirement);
    }

    /// A directive is concluded (D6).
    pub(super) fn conclude(&mut self, directive: &str, today: Day) {
        self.requirements.iter_mut().filter(|one| one.directive == directive).for_each(|one| one.is_in_force = false);
        self.recurring.retain(|one| one.terms.directive != directive);
        let requirements = &self.requirements;
        for (_, duty) in self.all.iter_mut().filter(|((at, _), duty)| duty.is_open() && !requirements[*at].is_in_force) {
            (duty.state, duty.closed_on) = ("LAPSED", Some(today));
        }
    }

    /// A batch acts on a day (S6): endings, then who left, then who came back or came late.
    pub(super) fn act(&mut self, shift: &Shift<'_>, was_taken_back: &dyn Fn(usize) -> bool) {
        self.before.insert(shift.batch, self.all.clone());
        let before = self.all.clone();
        self.inherit(&before, shift);
        for (key @ (at, unit), held) in before.iter().filter(|((at, _), _)| self.requirements[*at].is_in_force) {
            let (requirement, duty) = (&self.requirements[*at], self.all.get_mut(key).unwrap());
            let (was, is) = (is_inside(shift.without, requirement, unit), is_inside(shift.with, requirement, unit));
            if held.is_open() && shift.leaves(requirement, unit) {
                match shift.decisions.iter().find(|decision| decision.is_about(requirement, shift.without, unit)) {
                    Some(Decision { action: Action::Keep, .. }) => duty.is_kept = true,
                    Some(Decision { action: Action::Release, reason, .. }) => duty.close("RELEASED", (reason, false), shift),
                    _ => duty.close("RELEASED", (LEFT, true), shift),
                }
            }
            if held.closed.as_ref().is_some_and(|closed| closed.comes_back) && !held.is_void() && !was && is {
                duty.open("PENDING");
                duty.rules.insert("AGAIN");
                if duty.due.is_some_and(|due| due < shift.day) {
                    duty.due = Some(shift.day + Days::new(requirement.grace));
                }
            }
        }
        let handed =
            shift.endings.iter().flat_map(|ending| ending.heirs.iter().map(|heir| (shift.batch, ending.unit.clone(), heir.clone())));
        self.successions.extend(handed);
        self.come_late(shift, was_taken_back);
        for ((at, unit), duty) in &mut self.all {
            duty.is_kept &= !is_inside(shift.with, &self.requirements[*at], unit);
        }
    }

    /// To whom an open duty of a unit that ends or is split passes; to nobody for a reason, and whether it comes back with the unit.
    fn passes<'d>(&self, before: &BTreeMap<Key, Duty>, (at, unit): &Key, shift: &Shift<'d>) -> (BTreeSet<String>, (&'d str, bool)) {
        let (requirement, held) = (&self.requirements[*at], &before[&(*at, unit.clone())]);
        let mut heirs = shift.heirs(unit);
        let decided = shift.decisions.iter().find(|decision| decision.is_about(requirement, shift.without, unit));
        match decided.map(|decision| (&decision.action, decision)) {
            Some((Action::Release, decision)) => return (BTreeSet::new(), (&decision.reason, false)),
            Some((Action::Transfer(to), _)) if heirs.contains(to) && shift.may_pass(requirement, held, to) => {
                heirs = BTreeSet::from([to.clone()]);
            }
            _ => {}
        }
        if heirs.is_empty() {
            return (heirs, (NO_HEIR, true));
        }
        heirs.retain(|heir| shift.may_pass(requirement, held, heir));
        if heirs.is_empty() {
            return (heirs, (HEIR_OUTSIDE, false));
        }
        heirs.retain(|heir| before.get(&(*at, heir.clone())).is_none_or(|duty| duty.is_open() || duty.is_void()));
        (heirs, (HEIR_CLOSED, false))
    }

    fn inherit(&mut self, before: &BTreeMap<Key, Duty>, shift: &Shift<'_>) {
        let mut shares: BTreeMap<Key, Vec<String>> = BTreeMap::new();
        for (key @ (at, unit), _) in before.iter().filter(|((_, unit), held)| shift.ends_or_splits(unit) && held.is_open()) {
            let (heirs, why) = self.passes(before, key, shift);
            for heir in &heirs {
                shares.entry((*at, heir.clone())).or_default().push(unit.clone());
            }
            if !shift.with.active.contains_key(unit) {
                let duty = self.all.get_mut(key).unwrap();
                if heirs.is_empty() { duty.close("RELEASED", why, shift) } else { duty.close("TRANSFERRED", ("", false), shift) }
            }
        }
        for (key, from) in shares {
            let requirement = &self.requirements[key.0];
            let sources: Vec<&Duty> = from.iter().map(|unit| &before[&(key.0, unit.clone())]).collect();
            let own = before.get(&key).filter(|duty| !duty.is_void());
            let mut dues: Vec<Option<Day>> = sources.iter().copied().chain(own).map(|duty| duty.due).collect();
            if sources.iter().any(|duty| duty.waits_in_time()) {
                dues.push(Some(shift.day + Days::new(requirement.grace)));
            }
            let due = if dues.contains(&None) { None } else { dues.into_iter().max().flatten() };
            let links = from.iter().map(|unit| (unit.clone(), shift.batch)).collect();
            let begun = sources.iter().any(|duty| ["IN_PROGRESS", "REPORTED", "RETURNED"].contains(&duty.state));
            let is_kept = sources.iter().any(|duty| duty.is_kept);
            if let Some(duty) = self.all.get_mut(&key).filter(|duty| !duty.is_void()) {
                duty.due = due;
                duty.links.extend(links);
            } else {
                let state = if begun { "IN_PROGRESS" } else { "PENDING" };
                self.bring(key, Duty { is_kept, links, ..Duty::new(state, due, shift.day) });
            }
        }
    }

    /// A unit gets a duty: a new one, or the one that only annulled batches had given it, with no earlier date (L4, O5).
    fn bring(&mut self, key: Key, mut new: Duty) {
        if let Some(void) = self.all.get(&key) {
            new.due = if void.due.is_none() || new.due.is_none() { None } else { void.due.max(new.due) };
            new.bound_on = void.bound_on;
            new.reported_on = void.reported_on;
            new.rules.extend(void.rules.iter().copied());
        }
        self.all.insert(key, new);
    }

    /// Units that came into a scope (B4); not where they or one before them in the line ever had the duty.
    fn come_late(&mut self, shift: &Shift<'_>, was_taken_back: &dyn Fn(usize) -> bool) {
        for (at, requirement) in self.requirements.clone().iter().enumerate() {
            if !requirement.is_in_force || !requirement.binds_late || requirement.due.is_some_and(|due| due < shift.day) {
                continue;
            }
            // Of what recurs only the current period (B7).
            if requirement.days.is_some_and(|days| shift.day < days.first || days.last < shift.day) {
                continue;
            }
            for unit in shift.with.active.keys() {
                if !covers(shift.with, requirement, unit) || covers(shift.without, requirement, unit) {
                    continue;
                }
                let mut line = BTreeSet::from([unit.clone()]);
                for _ in 0..self.successions.len() {
                    let holds = self.successions.iter().filter(|(batch, ..)| !was_taken_back(*batch));
                    let more: Vec<String> = holds.filter(|(_, _, heir)| line.contains(heir)).map(|(_, from, _)| from.clone()).collect();
                    line.extend(more);
                }
                if line.iter().any(|unit| self.all.get(&(at, unit.clone())).is_some_and(|duty| !duty.is_void())) {
                    continue;
                }
                let due = requirement.due.map(|due| due.max(shift.day + Days::new(requirement.grace)));
                let rules = covering(shift.with, requirement, unit, "LATE");
                self.bring((at, unit.clone()), Duty::new("PENDING", due, shift.day).by_rules(rules));
            }
        }
    }
}
