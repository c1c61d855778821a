//! The server against a model that does everything over again, plainly (sections 2, 4 and 6): random batches dated in the past, today and in
//! the future, days that pass, batches that are taken back; after each step the trees of several days are equal.
//!
//! A run prints its seed, and one that fails also its steps. `CHIDAO_MODEL_SEED` begins with another seed, `CHIDAO_MODEL_RUNS` makes more
//! than the few that suit every day, `CHIDAO_MODEL_STEPS` makes them longer.

mod back;
mod course;
mod decisions;
pub(crate) mod dice;
mod duties;
mod effects;
mod issuing;
mod over_time;
mod owing;
mod recurring;
mod taken;
mod told;
mod tree;
mod wishes;

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use chrono::{Days, NaiveDate as Day, SecondsFormat};
use serde_json::{Value, json};

use crate::harness::{self, Actor, On, World};
use crate::heirs::{EFFECTS, masked};
use course::{Batch, Course, Status};
use dice::Dice;
use taken::Taken;
use tree::Op;
use wishes::change;

/// Runs of one test, and steps of a run.
const RUNS: u64 = 10;
const STEPS: u64 = 40;
const FIRST_SEED: u64 = 20_250_701;

const CANCEL: &str = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) { reorganization { status } userErrors { code message path rule } } }";
const ANNUL: &str = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { reorganization { status } userErrors { code message path rule } } }";
const TREES: &str = "query($a: Date!, $b: Date!, $c: Date!, $known: DateTime) {
    a: orgUnits(first: 100, asOf: $a, orderBy: CODE, filter: { includeDissolved: true }) { ...Told }
    b: orgUnits(first: 100, asOf: $b, orderBy: CODE, filter: { includeDissolved: true }) { ...Told }
    c: orgUnits(first: 100, asOf: $c, asKnownAt: $known, orderBy: CODE, filter: { includeDissolved: true }) { ...Told } }
    fragment Told on OrgUnitConnection { nodes { code active name kind { code } parent { code } dissolvedOn } }";

/// The tree that every run begins with: the first province stays, so that something always stands.
const BEGINNING: &str = "
TINH PROVINCIAL
  K1 BLOC
    A GRASSROOTS_COMMITTEE
      A1 CELL
      A2 CELL
    B GRASSROOTS_COMMITTEE
      B1 CELL
    C GRASSROOTS_CELL
  K2 BLOC
    D GRASSROOTS_COMMITTEE
    E GRASSROOTS_CELL
  H DISTRICT
    F GRASSROOTS_CELL
TINH-2 PROVINCIAL
  K3 BLOC
    G GRASSROOTS_COMMITTEE
      G1 CELL
      G2 CELL
    I GRASSROOTS_CELL
";

/// The province that always stands, and the one that may go into it and come back.
const ROOTS: [&str; 2] = ["TINH", SECOND];
const SECOND: &str = "TINH-2";

fn query() -> String {
    let changes = "__typename ... on Established { unit { code name parent { code } } } ... on Revised { unit { code } fields { field before after } }
        ... on Moved { unit { code } from { code } to { code } } ... on KindChanged { unit { code } from { code } to { code } moved { to { code } } }
        ... on Merged { units { code active } into { code } children { unit { code } from { code } to { code } } }
        ... on Split { unit { code active } into { code } children { unit { code } to { code } } }
        ... on Dissolved { unit { code active } heir { code } children { unit { code } to { code } } } ... on Reopened { unit { code } parent { code } }";
    format!(
        "mutation($input: ReorganizeInput!) {{ reorganize(input: $input) {{ preview
            reorganization {{ id status title effectiveOn changes {{ {changes} }} effects {{ {EFFECTS} }} }}
            userErrors {{ code message path rule }} }} }}"
    )
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|given| given.parse().ok()).unwrap_or(usual)
}

struct Run<'w> {
    world: &'w World,
    operator: Actor<'w>,
    dice: Dice,
    course: Course,
    today: Day,
    is_new_day: bool,
    made: usize,
    taken: Taken,
    /// What was known at which instant.
    known: Vec<(String, Course)>,
}

thread_local! {
    /// What was asked in this run, step by step.
    static STEPS_TAKEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn say(step: String) {
    STEPS_TAKEN.with_borrow_mut(|steps| steps.push(step));
}

/// Tells the steps of a run that fails.
struct Witness;

impl Drop for Witness {
    fn drop(&mut self) {
        let steps = STEPS_TAKEN.take();
        if std::thread::panicking() {
            steps.iter().enumerate().for_each(|(at, step)| println!("{at}. {step}"));
        }
    }
}

impl Run<'_> {
    /// A batch of some day: past, today or to come.
    fn propose(&mut self) -> (Day, Vec<Op>) {
        let reach = self.dice.below(3);
        let day = match reach {
            0 => self.today,
            1 => self.today - Days::new(1 + self.dice.below(40) as u64),
            _ => self.today + Days::new(1 + self.dice.below(40) as u64),
        };
        (day, self.ops(day))
    }

    /// Looks at a batch and asks for it: what is answered, where it is taken.
    async fn reorganize(&mut self, day: Day, ops: Vec<Op>, decisions: Vec<Value>, expected: bool) -> Option<Value> {
        let at = self.course.batches.len();
        let changes: Vec<Value> = ops.iter().map(change).collect();
        let mut input = json!({ "title": format!("Đợt {at}"), "effectiveOn": day.to_string(), "changes": changes, "decisions": decisions });
        input["preview"] = true.into();
        let mut before = self.position().await;
        let mut preview = self.operator.ask(&query(), json!({ "input": input })).await;
        // Whoever begins a day does what the calendar owes.
        if std::mem::take(&mut self.is_new_day) {
            before = self.position().await;
            preview = self.operator.ask(&query(), json!({ "input": input })).await;
        }
        assert_eq!(self.position().await, before, "O5: a preview writes nothing, not even into the journal");
        input["preview"] = false.into();
        let answer = self.operator.ask(&query(), json!({ "input": input })).await;
        let refusals = answer.refusals();
        say(format!("{} batch {at} of {day}: {ops:?} {}: {refusals:?}", self.today, json!(decisions)));
        assert_eq!(
            masked(preview.at("/reorganize").clone()),
            masked(answer.at("/reorganize").clone()),
            "O5: batch {at} of {day} is as its preview"
        );
        assert_eq!(refusals.is_empty(), expected, "batch {at} of {day}");
        if !expected {
            return None;
        }
        let reach = match day.cmp(&self.today) {
            std::cmp::Ordering::Less => "past",
            std::cmp::Ordering::Equal => "today",
            std::cmp::Ordering::Greater => "to come",
        };
        self.taken.note(reach);
        ops.iter().for_each(|op| self.taken.note_op(op));
        let done = answer.at("/reorganize/reorganization");
        let status = if day > self.today { Status::Planned } else { Status::Enacted };
        self.course.batches.push(Batch { id: done["id"].as_str().unwrap().into(), day, ops, status, takes_back: None });
        let (without, with, _) = self.course.around(at);
        assert_eq!(done["effects"]["unitsTouched"], effects::touched(&without, &with), "batch {at} of {day}");
        Some(done["effects"].clone())
    }

    /// Where the journal stands.
    async fn position(&self) -> Value {
        let answer = self.operator.data("{ reorganizations(first: 1) { nodes { id } } }", json!({})).await;
        answer.body.pointer("/extensions/position").unwrap().clone()
    }

    /// Gives up a planned batch.
    async fn cancel(&mut self) {
        let planned: Vec<usize> = (0..self.course.batches.len()).filter(|at| self.course.batches[*at].status == Status::Planned).collect();
        let Some(&at) = self.dice.pick(&planned) else { return };
        let batch = self.course.batches[at].clone();
        let input = json!({ "input": { "reorganization": batch.id, "reason": "nhầm" } });
        let refusals = self.operator.ask(CANCEL, input).await.refusals();
        say(format!("{} cancel {at}: {refusals:?}", self.today));
        assert_eq!(refusals.is_empty(), self.course.spares(at), "cancel {at} {batch:?}\n{refusals:#?}");
        if refusals.is_empty() {
            self.course.batches[at].status = Status::Cancelled;
            self.taken.note("cancel");
        }
    }

    /// Takes back a batch that took effect, or tries to.
    async fn annul(&mut self) {
        let count = self.course.batches.len();
        let first = if self.dice.once_in(3) { 1 } else { count.saturating_sub(4).max(1) };
        let candidates: Vec<usize> = (first..count).collect();
        let Some(&at) = self.dice.pick(&candidates) else { return };
        let batch = self.course.batches[at].clone();
        let is_possible = batch.status == Status::Enacted && batch.takes_back.is_none() && self.course.spares(at);
        let ops = if is_possible { self.course.changes_back(at, self.today) } else { Vec::new() };
        let mut after = self.course.clone();
        after.batches.push(Batch { id: String::new(), day: self.today, ops, status: Status::Enacted, takes_back: Some(at) });
        let is_possible = is_possible && after.fold(|_, _| true).is_some();
        let input = json!({ "input": { "reorganization": batch.id, "reason": "ghi nhầm" } });
        let refusals = self.operator.ask(ANNUL, input).await.refusals();
        say(format!("{} annul {at}: {refusals:?}", self.today));
        assert_eq!(refusals.is_empty(), is_possible, "annul {at} {batch:?}\n{refusals:#?}");
        if is_possible {
            after.is_as_without(at, &self.course, self.today);
            self.course = after;
            self.course.batches[at].status = Status::Annulled;
            self.taken.note("annul");
            let answer = self.operator.data("{ reorganizations(first: 100) { nodes { id annuls { id } } } }", json!({})).await;
            let nodes = answer.at("/reorganizations/nodes").as_array().unwrap();
            let annulment = nodes.iter().find(|node| node["annuls"]["id"] == batch.id).unwrap();
            self.course.batches.last_mut().unwrap().id = annulment["id"].as_str().unwrap().into();
        }
    }

    fn pass(&mut self, most: usize) {
        self.today = self.today + Days::new(1 + self.dice.below(most) as u64);
        self.world.day(&self.today.to_string());
        say(format!("{} begins", self.today));
        self.is_new_day = true;
        for batch in &mut self.course.batches {
            if batch.status == Status::Planned && batch.day <= self.today {
                batch.status = Status::Enacted;
            }
        }
    }

    /// The trees of some days, as the server and as the model have them; one as it was known some time ago (T4).
    async fn compare(&mut self) {
        let days: Vec<Day> = (0..3).map(|_| self.today + Days::new(60) - Days::new(self.dice.below(160) as u64)).collect();
        let now = self.world.clock.now().to_rfc3339_opts(SecondsFormat::Micros, true);
        self.known.push((now, self.course.clone()));
        let (known, then) = self.dice.pick(&self.known).cloned().unwrap();
        let variables = json!({ "a": days[0].to_string(), "b": days[1].to_string(), "c": days[2].to_string(), "known": known });
        let answer = self.operator.data(TREES, variables).await;
        for (day, (alias, course)) in days.into_iter().zip([("a", &self.course), ("b", &self.course), ("c", &then)]) {
            let mut told: Vec<Value> = answer.at(&format!("/{alias}/nodes")).as_array().unwrap().clone();
            told.sort_by_key(|unit| unit["code"].as_str().unwrap().to_owned());
            let tree = course.tree(day);
            let shown = |code: &String, unit: &tree::Unit, on: Option<Day>| json!({ "code": code, "active": on.is_none(), "name": unit.name, "kind": { "code": unit.kind }, "parent": unit.parent.as_ref().map(|parent| json!({ "code": parent })), "dissolvedOn": on.map(|on| on.to_string()) });
            let mut wanted: Vec<Value> = tree.active.iter().map(|(code, unit)| shown(code, unit, None)).collect();
            wanted.extend(tree.ended.iter().map(|(code, ended)| shown(code, &ended.unit, Some(ended.on))));
            wanted.sort_by_key(|unit| unit["code"].as_str().unwrap().to_owned());
            assert_eq!(told, wanted, "the tree of {day}, `{alias}`, today is {}; `c` is as it was known at {known}", self.today);
        }
    }
}

/// The first batch of a run, as the model reads the same text.
fn beginning() -> Vec<Op> {
    let mut above: Vec<(usize, String)> = Vec::new();
    let lines = BEGINNING.lines().filter(|line| !line.trim().is_empty());
    let read = lines.map(|line| {
        let depth = line.len() - line.trim_start().len();
        let (code, kind) = line.trim().split_once(' ').unwrap();
        above.retain(|(other, _)| *other < depth);
        let parent = above.last().map(|(_, code)| code.clone());
        above.push((depth, code.to_owned()));
        Op::Establish { code: code.into(), kind: kind.into(), parent }
    });
    read.collect()
}

/// One run; answers what was done in it.
async fn run(world: &World, seed: u64, steps: u64) -> Taken {
    let mut run = begin(world, seed).await;
    for _ in 0..steps {
        match run.dice.below(8) {
            0..=4 => {
                let (day, ops) = run.propose();
                let expected = run.course.takes(&ops, day);
                run.reorganize(day, ops, Vec::new(), expected).await;
            }
            5 => {
                if run.dice.once_in(2) {
                    run.cancel().await;
                } else {
                    run.annul().await;
                }
            }
            _ => run.pass(12),
        }
        run.compare().await;
    }
    run.taken
}

/// A world with the beginning of a run.
async fn begin(world: &World, seed: u64) -> Run<'_> {
    world.day("2025-05-20");
    let operator = world.operator().await;
    operator.establish(BEGINNING).await;
    let today = world.clock.today();
    let first = Batch { id: String::new(), day: today, ops: beginning(), status: Status::Enacted, takes_back: None };
    let course = Course { batches: vec![first] };
    Run { world, operator, dice: Dice::new(seed), course, today, is_new_day: false, made: 0, taken: Taken::default(), known: Vec::new() }
}

type Playing<'w> = std::pin::Pin<Box<dyn Future<Output = Taken> + 'w>>;

/// Plays runs of a test, each in a world of its own, and tells their seeds. All together do everything that is wanted.
fn play(on: On, runs: u64, wanted: &[&'static str], run: for<'w> fn(&'w World, u64, u64) -> Playing<'w>) {
    let (first, steps) = (number("CHIDAO_MODEL_SEED", FIRST_SEED), number("CHIDAO_MODEL_STEPS", STEPS));
    let taken = Arc::new(Mutex::new(Taken::default()));
    for seed in first..first + runs {
        println!("CHIDAO_MODEL_SEED={seed}");
        let told = taken.clone();
        let _witness = Witness;
        harness::run(on, move |world| {
            Box::pin(async move {
                let taken = run(world, seed, steps).await;
                told.lock().unwrap().add(&taken);
            })
        });
    }
    let taken = taken.lock().unwrap();
    println!("{taken:?}");
    assert!(taken.has_all(wanted) || on == On::Postgres || runs < RUNS, "the dice are loaded: of {wanted:?} only {taken:?}");
}

fn runs(on: On) {
    play(on, number("CHIDAO_MODEL_RUNS", RUNS), &taken::BATCHES, |world, seed, steps| Box::pin(run(world, seed, steps)));
}

#[test]
fn o5_any_course_of_batches_makes_the_trees_that_the_model_makes_on_sqlite() {
    runs(On::Sqlite);
}

#[test]
fn o5_any_course_of_batches_makes_the_trees_that_the_model_makes_on_postgres() {
    runs(On::Postgres);
}
