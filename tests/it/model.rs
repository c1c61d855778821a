//! The server against a model that does everything over again, plainly (sections 2, 4 and 6): random batches dated in the past, today and in
//! the future, days that pass, batches that are taken back; after each step the trees of several days are equal.
//!
//! A run prints its seed. `CHIDAO_MODEL_SEED` begins with another, `CHIDAO_MODEL_RUNS` makes more than the few that suit every day.

mod course;
pub(crate) mod dice;
mod duties;
mod owing;
mod tree;

use chrono::{Days, NaiveDate as Day};
use serde_json::{Value, json};

use crate::harness::{self, Actor, On, World};
use course::{Batch, Course, Status};
use dice::Dice;
use tree::{Judged, Op, Tree};

/// Runs of one test, and steps of a run.
const RUNS: u64 = 3;
const STEPS: usize = 40;
const FIRST_SEED: u64 = 20_250_701;

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id status } userErrors { code message path rule } } }";
const CANCEL: &str = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) { reorganization { status } userErrors { code message path rule } } }";
const ANNUL: &str = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { reorganization { status } userErrors { code message path rule } } }";
const TREE: &str = "query($on: Date!) { orgUnits(first: 100, asOf: $on, orderBy: CODE, filter: { includeDissolved: true }) { nodes { code active name kind { code } parent { code } dissolvedOn } } }";

/// The tree that every run begins with: roots and the province stay, so that something always stands.
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
";

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|given| given.parse().ok()).unwrap_or(usual)
}

struct Run<'w> {
    world: &'w World,
    operator: Actor<'w>,
    dice: Dice,
    course: Course,
    today: Day,
    made: usize,
    taken: usize,
}

impl Run<'_> {
    /// A code, mostly of a unit that stands on the day.
    fn unit(&mut self, tree: &Tree) -> String {
        let all: Vec<String> = if self.dice.once_in(12) {
            tree.ended.keys().cloned().chain(["KHONG-CO".to_owned()]).collect()
        } else {
            tree.active.keys().filter(|code| *code != "TINH").cloned().collect()
        };
        self.dice.pick(&all).cloned().unwrap_or_else(|| "TINH".into())
    }

    fn place(&mut self, tree: &Tree) -> String {
        let places = ["PROVINCIAL", "BLOC", "DISTRICT", "COMMUNE", "GRASSROOTS_COMMITTEE"];
        let fit: Vec<String> = tree.active.iter().filter(|(_, unit)| places.contains(&&*unit.kind)).map(|(code, _)| code.clone()).collect();
        self.dice.pick(&fit).cloned().unwrap_or_else(|| "TINH".into())
    }

    fn op(&mut self, tree: &Tree) -> Op {
        let kinds = ["GRASSROOTS_CELL", "GRASSROOTS_COMMITTEE", "CELL", "BLOC", "COMMUNE"];
        match self.dice.below(14) {
            0..=2 => {
                self.made += 1;
                let parent = self.place(tree);
                let kind = match tree.active.get(&parent).map(|unit| &*unit.kind) {
                    Some("GRASSROOTS_COMMITTEE") => "CELL",
                    Some("PROVINCIAL") => "BLOC",
                    _ => kinds[self.dice.below(2)],
                };
                let code = if self.dice.once_in(15) { self.unit(tree) } else { format!("N{}", self.made) };
                Op::Establish { code, kind: kind.into(), parent: Some(parent) }
            }
            3 | 4 => Op::Rename { unit: self.unit(tree), name: format!("ten {}", self.dice.below(4)) },
            5 | 6 => Op::Move { unit: self.unit(tree), parent: Some(self.place(tree)) },
            7 => Op::ChangeKind { unit: self.unit(tree), kind: (*self.dice.pick(&kinds).unwrap()).into() },
            8 | 9 => {
                let units = (0..1 + self.dice.below(2)).map(|_| self.unit(tree)).collect();
                Op::Merge { units, into: self.unit(tree) }
            }
            10 => {
                let unit = self.unit(tree);
                let mut parts: Vec<(String, Vec<String>)> = (0..2).map(|_| (self.unit(tree), Vec::new())).collect();
                if self.dice.once_in(2) {
                    parts[0].0 = unit.clone();
                }
                for child in tree.children(&unit) {
                    let at = self.dice.below(2);
                    parts[at].1.push(child);
                }
                Op::Split { unit, parts }
            }
            11 | 12 => {
                let (heir, children_to) = (self.dice.once_in(2).then(|| self.unit(tree)), self.dice.once_in(2).then(|| self.unit(tree)));
                Op::Dissolve { unit: self.unit(tree), heir, children_to }
            }
            _ => {
                let ended: Vec<String> = tree.ended.keys().cloned().collect();
                let unit = self.dice.pick(&ended).cloned().unwrap_or_else(|| "C".into());
                Op::Reopen { unit, parent: self.dice.once_in(2).then(|| self.place(tree)) }
            }
        }
    }

    /// A batch that mostly fits: a change that stands in the way is left out, but for one in some.
    fn ops(&mut self, day: Day) -> Vec<Op> {
        let tree = self.course.tree(day);
        let mut ops: Vec<Op> = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            let now = tree.after(&ops, day, Judged::Asked).map_or(tree.clone(), |(tree, _)| tree);
            let op = self.op(&now);
            let wanted: Vec<Op> = ops.iter().cloned().chain([op]).collect();
            if tree.after(&wanted, day, Judged::Asked).is_some() || self.dice.once_in(12) {
                ops = wanted;
            }
        }
        if ops.is_empty() { vec![Op::Rename { unit: "A".into(), name: format!("ten {}", self.dice.below(9)) }] } else { ops }
    }

    async fn reorganize(&mut self) {
        let reach = self.dice.below(3);
        let day = match reach {
            0 => self.today,
            1 => self.today - Days::new(1 + self.dice.below(40) as u64),
            _ => self.today + Days::new(1 + self.dice.below(40) as u64),
        };
        let ops = self.ops(day);
        let expected = self.course.takes(&ops, day);
        let input = json!({ "input": { "title": format!("Đợt {}", self.course.batches.len()), "effectiveOn": day.to_string(), "changes": ops.iter().map(change).collect::<Vec<_>>() } });
        let answer = self.operator.ask(REORGANIZE, input).await;
        let refusals = answer.refusals();
        assert_eq!(refusals.is_empty(), expected, "{day} {ops:?}\n{refusals:#?}");
        if expected {
            self.taken += 1;
            let id = answer.text("/reorganize/reorganization/id");
            let status = if day > self.today { Status::Planned } else { Status::Enacted };
            self.course.batches.push(Batch { id, day, ops, status, takes_back: false });
        }
    }

    /// Gives up a planned batch.
    async fn cancel(&mut self) {
        let planned: Vec<usize> = (0..self.course.batches.len()).filter(|at| self.course.batches[*at].status == Status::Planned).collect();
        let Some(&at) = self.dice.pick(&planned) else { return };
        let batch = self.course.batches[at].clone();
        let input = json!({ "input": { "reorganization": batch.id, "reason": "nhầm" } });
        let refusals = self.operator.ask(CANCEL, input).await.refusals();
        assert_eq!(refusals.is_empty(), self.course.spares(at), "cancel {at} {batch:?}\n{refusals:#?}");
        if refusals.is_empty() {
            self.course.batches[at].status = Status::Cancelled;
        }
    }

    /// Takes back a batch that took effect, or tries to.
    async fn annul(&mut self) {
        let candidates: Vec<usize> = (1..self.course.batches.len()).filter(|at| !self.course.batches[*at].takes_back).collect();
        let Some(&at) = self.dice.pick(&candidates) else { return };
        let batch = self.course.batches[at].clone();
        let is_possible = batch.status == Status::Enacted && self.course.spares(at);
        let ops = if is_possible { self.course.changes_back(at, self.today) } else { Vec::new() };
        let mut after = self.course.clone();
        after.batches.push(Batch { id: String::new(), day: self.today, ops, status: Status::Enacted, takes_back: true });
        let is_possible = is_possible && after.fold(|_, _| true).is_some();
        let input = json!({ "input": { "reorganization": batch.id, "reason": "nhầm" } });
        let refusals = self.operator.ask(ANNUL, input).await.refusals();
        assert_eq!(refusals.is_empty(), is_possible, "annul {at} {batch:?}\n{refusals:#?}");
        if is_possible {
            self.course = after;
            self.course.batches[at].status = Status::Annulled;
        }
    }

    fn pass(&mut self) {
        self.today = self.today + Days::new(1 + self.dice.below(12) as u64);
        self.world.day(&self.today.to_string());
        for batch in &mut self.course.batches {
            if batch.status == Status::Planned && batch.day <= self.today {
                batch.status = Status::Enacted;
            }
        }
    }

    /// The trees of some days, as the server and as the model have them.
    async fn compare(&mut self) {
        for _ in 0..3 {
            let day = self.today + Days::new(60) - Days::new(self.dice.below(160) as u64);
            let answer = self.operator.data(TREE, json!({ "on": day.to_string() })).await;
            let mut told: Vec<Value> = answer.at("/orgUnits/nodes").as_array().unwrap().clone();
            told.sort_by_key(|unit| unit["code"].as_str().unwrap().to_owned());
            let tree = self.course.tree(day);
            let shown = |code: &String, unit: &tree::Unit, on: Option<Day>| json!({ "code": code, "active": on.is_none(), "name": unit.name, "kind": { "code": unit.kind }, "parent": unit.parent.as_ref().map(|parent| json!({ "code": parent })), "dissolvedOn": on.map(|on| on.to_string()) });
            let mut wanted: Vec<Value> = tree.active.iter().map(|(code, unit)| shown(code, unit, None)).collect();
            wanted.extend(tree.ended.iter().map(|(code, ended)| shown(code, &ended.unit, Some(ended.on))));
            wanted.sort_by_key(|unit| unit["code"].as_str().unwrap().to_owned());
            assert_eq!(told, wanted, "the tree of {day}, today is {}", self.today);
        }
    }
}

fn change(op: &Op) -> Value {
    let unit = |code: &String| json!({ "code": code });
    let maybe = |code: &Option<String>| code.as_ref().map(unit);
    match op {
        Op::Establish { code, kind, parent } => {
            json!({ "establish": { "code": code, "kind": kind, "name": code, "parent": maybe(parent) } })
        }
        Op::Rename { unit: of, name } => json!({ "revise": { "unit": unit(of), "name": name } }),
        Op::Move { unit: of, parent } => json!({ "move": { "unit": unit(of), "parent": maybe(parent) } }),
        Op::ChangeKind { unit: of, kind } => json!({ "changeKind": { "unit": unit(of), "kind": kind } }),
        Op::Merge { units, into } => json!({ "merge": { "units": units.iter().map(unit).collect::<Vec<_>>(), "into": unit(into) } }),
        Op::Split { unit: of, parts } => {
            let parts: Vec<Value> = parts
                .iter()
                .map(|(into, children)| json!({ "into": unit(into), "children": children.iter().map(unit).collect::<Vec<_>>() }))
                .collect();
            json!({ "split": { "unit": unit(of), "into": parts } })
        }
        Op::Dissolve { unit: of, heir, children_to } => {
            json!({ "dissolve": { "unit": unit(of), "heir": maybe(heir), "childrenTo": maybe(children_to) } })
        }
        Op::Reopen { unit: of, parent } => json!({ "reopen": { "unit": unit(of), "parent": maybe(parent) } }),
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

/// One run; answers how many batches were taken.
async fn run(world: &World, seed: u64) -> usize {
    let mut run = begin(world, seed).await;
    for _ in 0..STEPS {
        match run.dice.below(8) {
            0..=4 => run.reorganize().await,
            5 => {
                if run.dice.once_in(2) {
                    run.cancel().await;
                } else {
                    run.annul().await;
                }
            }
            _ => run.pass(),
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
    let first = Batch { id: String::new(), day: today, ops: beginning(), status: Status::Enacted, takes_back: false };
    let course = Course { batches: vec![first] };
    Run { world, operator, dice: Dice::new(seed), course, today, made: 0, taken: 0 }
}

fn runs(on: On) {
    let first = number("CHIDAO_MODEL_SEED", FIRST_SEED);
    let mut taken = 0;
    for seed in first..first + number("CHIDAO_MODEL_RUNS", RUNS) {
        println!("CHIDAO_MODEL_SEED={seed}");
        let here = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let told = here.clone();
        harness::run(on, move |world| Box::pin(async move { told.store(run(world, seed).await, std::sync::atomic::Ordering::Relaxed) }));
        taken += here.load(std::sync::atomic::Ordering::Relaxed);
    }
    assert!(taken > 10 || on == On::Postgres, "only {taken} batches were taken: the dice are loaded");
}

#[test]
fn o5_any_course_of_batches_makes_the_trees_that_the_model_makes_on_sqlite() {
    runs(On::Sqlite);
}

#[test]
fn o5_any_course_of_batches_makes_the_trees_that_the_model_makes_on_postgres() {
    runs(On::Postgres);
}
