//! Sections 4 and 6 once more, plainly: every question walks over everything. No decisions (S4) and no annulments: the core's own model has
//! those.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate as Day};

use super::tree::{Ending, Tree};

/// One requirement of a directive in force.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) id: String,
    pub(super) issuer: String,
    pub(super) anchor: String,
    pub(super) reach: &'static str,
    pub(super) kinds: Vec<String>,
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
    /// Why, as the API tells it: the rule, with the unit that it was taken over from.
    pub(super) reasons: BTreeSet<String>,
    /// Whether it was released because the unit left, or ended without an heir: then it comes back with the unit.
    pub(super) comes_back: bool,
}

const OPEN: [&str; 5] = ["PENDING", "ACKNOWLEDGED", "IN_PROGRESS", "REPORTED", "RETURNED"];

impl Duty {
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
}

/// What every unit owes, by requirement (its place in the list) and unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Duties {
    pub(super) requirements: Vec<Requirement>,
    pub(super) all: BTreeMap<(usize, String), Duty>,
    /// Who took over from whom, by batches that have taken effect.
    successions: Vec<(String, String)>,
}

impl Duties {
    fn is_inside(tree: &Tree, requirement: &Requirement, unit: &str) -> bool {
        tree.active.contains_key(unit) && tree.standing(&requirement.issuer).is_some_and(|place| tree.is_under(unit, &place))
    }

    fn covers(tree: &Tree, requirement: &Requirement, unit: &str) -> bool {
        let Some(at) = tree.active.get(unit) else { return false };
        let reached = match requirement.reach {
            "CHILDREN" => at.parent.as_deref() == Some(&*requirement.anchor),
            _ => unit != requirement.anchor && tree.is_under(unit, &requirement.anchor),
        };
        let admitted = requirement.kinds.is_empty() || requirement.kinds.contains(&at.kind);
        reached && admitted && tree.active.contains_key(&requirement.anchor) && Self::is_inside(tree, requirement, unit)
    }

    /// A directive is issued: it binds whom its scope covers (B3).
    pub(super) fn issue(&mut self, requirement: Requirement, tree: &Tree, today: Day) -> usize {
        let at = self.requirements.len();
        for unit in tree.active.keys().filter(|unit| Self::covers(tree, &requirement, unit)) {
            let reasons = BTreeSet::from(["SCOPE".to_owned()]);
            let duty = Duty { state: "PENDING", due: requirement.due, reported_on: None, bound_on: today, reasons, comes_back: false };
            self.all.insert((at, unit.clone()), duty);
        }
        self.requirements.push(requirement);
        at
    }

    /// Into whose hands an ending, and those after it in the same batch, lay what a unit owes.
    fn heirs(endings: &[Ending], unit: &str) -> BTreeSet<String> {
        let mut hands = BTreeSet::from([unit.to_owned()]);
        for ending in endings {
            if hands.contains(&ending.unit) {
                if !ending.stays {
                    hands.remove(&ending.unit);
                }
                hands.extend(ending.heirs.iter().cloned());
            }
        }
        hands.remove(unit);
        hands
    }

    /// A batch acts on a day (S6): endings, then who left, then who came back or came late.
    pub(super) fn act(&mut self, day: Day, without: &Tree, with: &Tree, endings: &[Ending]) {
        let before = self.all.clone();
        self.inherit(&before, day, with, endings);
        for ((at, unit), held) in &before {
            let requirement = self.requirements[*at].clone();
            let (was, is) = (Self::is_inside(without, &requirement, unit), Self::is_inside(with, &requirement, unit));
            let duty = self.all.get_mut(&(*at, unit.clone())).unwrap();
            if held.is_open() && duty.is_open() && with.active.contains_key(unit) && was && !is {
                (duty.state, duty.comes_back) = ("RELEASED", true);
            }
            if held.state == "RELEASED" && held.comes_back && !was && is {
                let passed = duty.due.is_some_and(|due| due < day);
                (duty.state, duty.comes_back) = ("PENDING", false);
                duty.reasons.insert("AGAIN".into());
                if passed {
                    duty.due = Some(day + Days::new(requirement.grace));
                }
            }
        }
        self.successions.extend(endings.iter().flat_map(|ending| ending.heirs.iter().map(|heir| (ending.unit.clone(), heir.clone()))));
        self.come_late(day, without, with);
    }

    fn inherit(&mut self, before: &BTreeMap<(usize, String), Duty>, day: Day, with: &Tree, endings: &[Ending]) {
        let mut shares: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        let sources: BTreeSet<&String> = endings.iter().map(|ending| &ending.unit).collect();
        for ((at, unit), held) in before.iter().filter(|((_, unit), held)| sources.contains(unit) && held.is_open()) {
            let requirement = &self.requirements[*at];
            let heirs = Self::heirs(endings, unit);
            let inside: BTreeSet<String> = heirs.iter().filter(|heir| Self::is_inside(with, requirement, heir)).cloned().collect();
            let free = |heir: &&String| before.get(&(*at, (*heir).clone())).is_none_or(Duty::is_open);
            let to: Vec<String> = inside.iter().filter(free).cloned().collect();
            for heir in &to {
                shares.entry((*at, heir.clone())).or_default().push(unit.clone());
            }
            if !with.active.contains_key(unit) {
                let duty = self.all.get_mut(&(*at, unit.clone())).unwrap();
                let _ = held;
                (duty.state, duty.comes_back) = if to.is_empty() { ("RELEASED", heirs.is_empty()) } else { ("TRANSFERRED", false) };
            }
        }
        for ((at, heir), from) in shares {
            let requirement = &self.requirements[at];
            let sources: Vec<&Duty> = from.iter().map(|unit| &before[&(at, unit.clone())]).collect();
            let own = before.get(&(at, heir.clone()));
            let mut dues: Vec<Option<Day>> = sources.iter().copied().chain(own).map(|duty| duty.due).collect();
            if sources.iter().any(|duty| duty.waits_in_time()) {
                dues.push(Some(day + Days::new(requirement.grace)));
            }
            let due = if dues.contains(&None) { None } else { dues.into_iter().max().flatten() };
            let reasons = from.iter().map(|unit| format!("SUCCESSION {unit}"));
            match self.all.get_mut(&(at, heir.clone())) {
                Some(duty) => {
                    duty.due = due;
                    duty.reasons.extend(reasons);
                }
                None => {
                    let begun = sources.iter().any(|duty| ["IN_PROGRESS", "REPORTED", "RETURNED"].contains(&duty.state));
                    let state = if begun { "IN_PROGRESS" } else { "PENDING" };
                    let duty = Duty { state, due, reported_on: None, bound_on: day, reasons: reasons.collect(), comes_back: false };
                    self.all.insert((at, heir), duty);
                }
            }
        }
    }

    /// Units that came into a scope (B4); not where they or one before them in the line ever had the duty.
    fn come_late(&mut self, day: Day, without: &Tree, with: &Tree) {
        for (at, requirement) in self.requirements.iter().enumerate() {
            if !requirement.binds_late || requirement.due.is_some_and(|due| due < day) {
                continue;
            }
            for unit in with.active.keys() {
                if !Self::covers(with, requirement, unit) || Self::covers(without, requirement, unit) {
                    continue;
                }
                let mut line = BTreeSet::from([unit.clone()]);
                for _ in 0..self.successions.len() {
                    let more: Vec<String> =
                        self.successions.iter().filter(|(_, heir)| line.contains(heir)).map(|(from, _)| from.clone()).collect();
                    line.extend(more);
                }
                if line.iter().any(|unit| self.all.contains_key(&(at, unit.clone()))) {
                    continue;
                }
                let grace = day + Days::new(requirement.grace);
                let due = requirement.due.map(|due| due.max(grace));
                let reasons = BTreeSet::from(["LATE".to_owned()]);
                let duty = Duty { state: "PENDING", due, reported_on: None, bound_on: day, reasons, comes_back: false };
                self.all.insert((at, unit.clone()), duty);
            }
        }
    }
}
