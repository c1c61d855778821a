//! The same runs with directives, decisions, reports and days: what every unit owes, why, and every completion are as the model has them.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate as Day};
use serde_json::{Value, json};

use super::course::Status;
use super::decisions::{Action, Decision, can_be_followed};
use super::duties::{Duties, Duty, Key, Requirement, Shift, is_inside};
use super::effects::compare_effects;
use super::taken::{BATCHES, DUTIES, Taken};
use super::tree::{Op, Tree};
use super::{Run, SECOND, begin, number, play, say};
use crate::harness::{Actor, On, World};

/// Runs of one test, where nobody asks for more.
const RUNS: u64 = 10;

pub(super) struct Owing<'w> {
    pub(super) run: Run<'w>,
    pub(super) drafter: Actor<'w>,
    reporter: Actor<'w>,
    supervisor: Actor<'w>,
    /// What each of them may do; grants over a province end with it (A1).
    roles: Vec<(String, &'static str)>,
    has_second: bool,
    /// How many requirements have been issued.
    pub(super) issued: usize,
    pub(super) duties: Duties,
    /// What was owed at the end of each day that has passed.
    pub(super) past: BTreeMap<Day, BTreeMap<Key, Duty>>,
    /// What was decided with each batch.
    decisions: BTreeMap<usize, Vec<Decision>>,
}

/// A step on one obligation: the mutation, its input, and where it leads if it fits.
type Step = (&'static str, Value, Option<&'static str>);

impl Owing<'_> {
    /// A directive is concluded (D6), or is not, since a report waits.
    async fn conclude(&mut self) {
        let in_force: Vec<String> =
            self.duties.requirements.iter().filter(|one| one.is_in_force).map(|one| one.directive.clone()).collect();
        let Some(directive) = self.run.dice.pick(&in_force).cloned() else { return };
        let waits = |((at, _), duty): (&Key, &Duty)| duty.state == "REPORTED" && self.duties.requirements[*at].directive == directive;
        let expected = !self.duties.all.iter().any(waits);
        let query =
            "mutation($input: ConcludeDirectiveInput!) { concludeDirective(input: $input) { userErrors { code message path rule } } }";
        let refusals = self.drafter.ask(query, json!({ "input": { "directive": directive } })).await.refusals();
        say(format!("{} conclude {directive}: {refusals:?}", self.run.today));
        assert_eq!(refusals.is_empty(), expected, "conclude {directive}");
        if expected {
            self.duties.conclude(&directive, self.run.today);
        }
    }

    /// A requirement gets a later date (L4).
    async fn extend(&mut self) {
        let Some(at) = self.run.dice.pick(&(0..self.duties.requirements.len()).collect::<Vec<_>>()).copied() else { return };
        let to = self.run.today + Days::new(self.run.dice.below(60) as u64);
        let requirement = &mut self.duties.requirements[at];
        let expected = requirement.days.is_none() && requirement.is_in_force && requirement.due.is_some_and(|due| due < to);
        let query = "mutation($input: ExtendDueDateInput!) { extendDueDate(input: $input) { userErrors { code message path rule } } }";
        let input = json!({ "requirement": requirement.id, "dueOn": to.to_string(), "reason": "thêm thời gian" });
        let refusals = self.supervisor.ask(query, json!({ "input": input })).await.refusals();
        say(format!("{} extend requirement {at} to {to}: {refusals:?}", self.run.today));
        assert_eq!(refusals.is_empty(), expected, "extend {requirement:?} to {to}");
        if expected {
            requirement.due = Some(to);
            let open = self.duties.all.iter_mut().filter(|((of, _), duty)| *of == at && duty.is_open());
            open.for_each(|(_, duty)| duty.due = duty.due.map(|due| due.max(to)));
        }
    }

    /// A province that is there again is given the same people again.
    async fn appoint(&mut self) {
        let stands = self.run.course.tree(self.run.today).active.contains_key(SECOND);
        if stands && !self.has_second {
            for (principal, role) in &self.roles {
                self.run.operator.grant(principal, role, SECOND).await;
            }
        }
        self.has_second = stands;
    }

    /// One step on one obligation, whether it fits or not.
    async fn step(&mut self) {
        let keys: Vec<Key> = self.duties.all.keys().cloned().collect();
        let Some(key) = self.run.dice.pick(&keys).cloned() else { return };
        let today = self.run.today;
        let tree = self.run.course.tree(today);
        let later = today + Days::new(self.run.dice.below(60) as u64);
        let (requirement, duty) = (&self.duties.requirements[key.0], &self.duties.all[&key]);
        let (mutation, input, next) =
            a_step(self.run.dice.below(12), (requirement, duty, &key.1), later, is_inside(&tree, requirement, &key.1));
        let next = next.filter(|_| tree.active.contains_key(&key.1));
        let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code message path rule }} }} }}");
        let actor = if ["acknowledgeObligations", "startObligations", "submitReports"].contains(&mutation) {
            &self.reporter
        } else {
            &self.supervisor
        };
        let refusals = actor.ask(&query, json!({ "input": input })).await.refusals();
        say(format!("{today} {mutation} {key:?}: {refusals:?}"));
        assert_eq!(refusals.is_empty(), next.is_some(), "{mutation} {key:?} {duty:?}");
        let duty = self.duties.all.get_mut(&key).unwrap();
        let Some(next) = next else { return };
        match mutation {
            "extendDueDate" => duty.due = Some(later),
            // One that replaces a waiting report keeps its day (L3).
            "submitReports" if duty.state != "REPORTED" => duty.reported_on = Some(today),
            _ => {}
        }
        duty.state = next;
        duty.closed_on = (!duty.is_open()).then_some(today);
    }

    /// A decision that somebody might make about a batch: mostly about units that end, are split or leave.
    fn decision(&mut self, shift: &Shift<'_>) -> Option<Decision> {
        let leaves = |(at, unit): &Key| shift.leaves(&self.duties.requirements[*at], unit);
        let leaving = self.duties.all.iter().filter(|(key, duty)| duty.is_open() && leaves(key)).map(|((_, unit), _)| unit.clone());
        let concerned: Vec<String> = shift.endings.iter().map(|ending| ending.unit.clone()).chain(leaving).collect();
        if concerned.is_empty() && !self.run.dice.once_in(8) {
            return None;
        }
        let anybody = self.run.unit(shift.without);
        let (requirements, dice) = (&self.duties.requirements, &mut self.run.dice);
        let unit = dice.pick(&concerned).cloned().unwrap_or_else(|| anybody.clone());
        let heirs: Vec<String> = shift.heirs(&unit).into_iter().collect();
        let mut named = || if dice.once_in(5) { dice.pick(requirements).cloned() } else { None };
        let (directives, ids) = (named().map(|one| one.directive).into_iter().collect(), named().map(|one| one.id).into_iter().collect());
        let action = match dice.below(if heirs.is_empty() { 2 } else { 4 }) {
            0 => Action::Release,
            1 => Action::Keep,
            _ if dice.once_in(8) => Action::Transfer(anybody.clone()),
            _ => Action::Transfer(dice.pick(&heirs).cloned().unwrap_or(anybody.clone())),
        };
        let from = match dice.below(8) {
            0 => anybody,
            1 | 2 => shift.without.active.get(&unit).and_then(|unit| unit.parent.clone()).unwrap_or_else(|| "TINH".into()),
            _ => unit,
        };
        Some(Decision { directives, requirements: ids, from, action, reason: format!("quyết định {}", dice.below(100)) })
    }

    /// Decisions with a batch, and whether they can be followed: most of them can.
    fn decisions(&mut self, ops: &[Op], day: Day) -> (Vec<Decision>, bool) {
        let day_of_effect = day.max(self.run.today);
        let without = self.run.course.tree(day_of_effect);
        let after = self.run.course.with(ops, day);
        let (with, (.., endings)) = (after.tree(day_of_effect), after.around(after.batches.len() - 1));
        let bare = Shift { batch: 0, day: day_of_effect, without: &without, with: &with, endings: &endings, decisions: &[] };
        let mut decisions = Vec::new();
        for _ in 0..self.run.dice.below(5) {
            decisions.extend(self.decision(&bare));
            if !can_be_followed(&self.duties, &Shift { decisions: &decisions, ..bare }) && !self.run.dice.once_in(20) {
                decisions.pop();
            }
        }
        let holds = can_be_followed(&self.duties, &Shift { decisions: &decisions, ..bare });
        (decisions, holds)
    }

    /// A batch of today or of the past acts at once, on today's trees.
    async fn reorganize(&mut self) {
        let (today, at) = (self.run.today, self.run.course.batches.len());
        let (day, ops) = self.run.propose();
        let without = self.run.course.tree(today);
        let takes = self.run.course.takes(&ops, day);
        let (decisions, holds) = if takes { self.decisions(&ops, day) } else { (Vec::new(), true) };
        let expected = takes && holds;
        let given = decisions.iter().map(Decision::input).collect();
        let Some(told) = self.run.reorganize(day, ops, given, expected).await else { return };
        for decision in &decisions {
            self.run.taken.note(match decision.action {
                Action::Transfer(_) => "transfer",
                Action::Release => "release",
                Action::Keep => "keep",
            });
        }
        self.decisions.insert(at, decisions);
        // A plan is shown with what it would do to what is owed now, were it the day.
        let acts_on = day.max(today);
        let with = self.run.course.tree(acts_on);
        let without = if day > today { self.run.course.around(at).0 } else { without };
        let after = self.after(at, acts_on, (&without, &with));
        compare_effects(&told, &self.duties, &after, at);
        if day <= today {
            self.duties = after;
        }
    }

    /// What is owed once a batch has acted on a day.
    fn after(&self, at: usize, day: Day, (without, with): (&Tree, &Tree)) -> Duties {
        let mut duties = self.duties.clone();
        let (.., endings) = self.run.course.around(at);
        let decisions = self.decisions.get(&at).map_or(&[][..], Vec::as_slice);
        let batches = &self.run.course.batches;
        let was_taken_back = |batch: usize| batches[batch].status == Status::Annulled;
        let shift = Shift { batch: at, day, without, with, endings: &endings, decisions };
        match batches[at].takes_back {
            Some(mistake) => duties.take_back(mistake, &shift, "ghi nhầm", &was_taken_back),
            None => duties.act(&shift, &was_taken_back),
        }
        duties
    }

    async fn annul(&mut self) {
        let (today, at) = (self.run.today, self.run.course.batches.len());
        let without = self.run.course.tree(today);
        self.run.annul().await;
        if self.run.course.batches.len() > at {
            self.duties = self.after(at, today, (&without, &self.run.course.tree(today)));
        }
    }

    /// Days pass, and what was planned takes effect in its order, each batch on its day.
    async fn pass(&mut self) {
        let is_planned = |at: &usize| self.run.course.batches[*at].status == Status::Planned;
        let mut due: Vec<usize> = (0..self.run.course.batches.len()).filter(is_planned).collect();
        let (before, mut day) = (self.run.today, self.run.today);
        let most = if self.run.dice.once_in(4) { 60 } else { 12 };
        self.run.pass(most);
        self.run.world.tick().await;
        due.retain(|at| self.run.course.batches[*at].status == Status::Enacted);
        let due: Vec<(usize, Day)> = due.into_iter().map(|at| (at, self.run.course.batches[at].day)).collect();
        let today = self.run.today;
        for on in before.iter_days().skip(1).take_while(|on| *on <= today) {
            self.remember(&mut day, on);
            for (at, _) in due.iter().copied().filter(|(_, day)| *day == on) {
                let (without, with, _) = self.run.course.around(at);
                self.has_second &= with.active.contains_key(SECOND);
                self.duties = self.after(at, on, (&without, &with));
            }
            // The batches of a day go before the periods that open on it (S6).
            if self.duties.recurring.iter().any(|of| of.next <= on) {
                let tree = self.run.course.tree(on);
                self.open_periods(on, &tree);
            }
        }
    }

    /// What is owed now was owed at the end of each day from `day` until the day before `until`.
    fn remember(&mut self, day: &mut Day, until: Day) {
        while *day < until {
            self.past.insert(*day, self.duties.all.clone());
            *day = *day + Days::new(1);
        }
    }
}

fn a_step(choice: usize, (requirement, duty, unit): (&Requirement, &Duty, &str), later: Day, is_inside: bool) -> Step {
    let period = requirement.days.map(|_| &requirement.period);
    let obligation = json!({ "of": { "requirement": requirement.id, "unit": { "code": unit }, "period": period } });
    let (list, one) = (json!({ "obligations": [obligation] }), json!({ "obligation": obligation, "reason": "vì thế" }));
    let with_reason = json!({ "obligations": [obligation], "reason": "vì thế" });
    // What is kept outside is verified by the issuer, whatever the requirement says (S4).
    let closes_itself = requirement.closes_at_once && !duty.is_kept;
    let waits = duty.state == "REPORTED";
    match choice {
        0 => ("acknowledgeObligations", list, (duty.state == "PENDING").then_some("ACKNOWLEDGED")),
        1 => ("startObligations", list, ["PENDING", "ACKNOWLEDGED", "RETURNED"].contains(&duty.state).then_some("IN_PROGRESS")),
        2..=4 => {
            let input = json!({ "reports": [{ "obligations": [obligation], "narrative": "Đã thực hiện." }] });
            let next = if closes_itself { "FULFILLED" } else { "REPORTED" };
            ("submitReports", input, duty.is_open().then_some(next))
        }
        5 | 6 => ("acceptReports", list, (waits && !closes_itself).then_some("FULFILLED")),
        7 => ("returnReport", one, waits.then_some("RETURNED")),
        8 => ("exemptObligations", with_reason, duty.is_open().then_some("EXEMPT")),
        9 | 10 => {
            let next = match duty.state {
                "FULFILLED" => Some("RETURNED"),
                "EXEMPT" => Some("PENDING"),
                _ => None,
            };
            ("reopenObligation", one, next.filter(|_| requirement.is_in_force && is_inside))
        }
        _ => {
            let input = json!({ "obligations": [obligation], "dueOn": later.to_string(), "reason": "vì thế" });
            ("extendDueDate", input, (duty.is_open() && duty.due.is_some_and(|due| due < later)).then_some(duty.state))
        }
    }
}

async fn run(world: &World, seed: u64, steps: u64) -> Taken {
    let run = begin(world, seed).await;
    let drafter = world.user("soan", "DRAFTER", "TINH").await;
    let reporter = world.user("bao-cao", "REPORTER", "TINH").await;
    let supervisor = world.user("xac-nhan", "SUPERVISOR", "TINH").await;
    let mut roles = Vec::new();
    for (actor, role) in [(&drafter, "DRAFTER"), (&reporter, "REPORTER"), (&supervisor, "SUPERVISOR")] {
        let answer = actor.data("{ viewer { principal { id } } }", json!({})).await;
        roles.push((answer.text("/viewer/principal/id"), role));
    }
    let (past, decisions) = (BTreeMap::new(), BTreeMap::new());
    let mut owing =
        Owing { run, drafter, reporter, supervisor, roles, has_second: false, issued: 0, duties: Duties::default(), past, decisions };
    owing.appoint().await;
    owing.issue().await;
    for _ in 0..steps {
        owing.appoint().await;
        match owing.run.dice.below(24) {
            0 | 1 => owing.issue().await,
            2..=13 => owing.reorganize().await,
            14..=16 => owing.pass().await,
            17 => owing.run.cancel().await,
            18 | 19 => owing.annul().await,
            20 => owing.extend().await,
            21 if owing.run.dice.once_in(4) => owing.conclude().await,
            _ => {
                for _ in 0..4 {
                    owing.step().await;
                }
            }
        }
        owing.compare().await;
    }
    owing.run.taken.note_duties(&owing.duties);
    owing.run.taken
}

fn runs(on: On) {
    play(on, number("CHIDAO_MODEL_RUNS", RUNS), &[&BATCHES[..], &DUTIES].concat(), |world, seed, steps| Box::pin(run(world, seed, steps)));
}

#[test]
fn s6_what_units_owe_after_any_course_is_what_the_model_says_on_sqlite() {
    runs(On::Sqlite);
}

#[test]
fn s6_what_units_owe_after_any_course_is_what_the_model_says_on_postgres() {
    runs(On::Postgres);
}
