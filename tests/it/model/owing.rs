//! The same runs with directives, reports and days: what every unit owes, why, and every completion are as the model has them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate as Day};
use serde_json::{Value, json};

use super::course::Status;
use super::duties::{Duties, Duty, Requirement};
use super::tree::Tree;
use super::{FIRST_SEED, RUNS, Run, STEPS, begin, number};
use crate::harness::{self, Actor, On, World};

const OBLIGATIONS: &str = "query($filter: ObligationFilter!) { obligations(filter: $filter, first: 100) { totalCount nodes { state dueOn boundOn unit { code } reasons { rule predecessor { unit { code } } } } } }";
const COMPLETIONS: &str =
    "{ orgUnits(first: 100) { nodes { code completion { total onTime late openInTime overdue released transferred } } } }";

struct Owing<'w> {
    run: Run<'w>,
    drafter: Actor<'w>,
    reporter: Actor<'w>,
    supervisor: Actor<'w>,
    duties: Duties,
}

impl Owing<'_> {
    /// Issues a directive with one requirement.
    async fn issue(&mut self) {
        let (dice, today) = (&mut self.run.dice, self.run.today);
        let tree = self.run.course.tree(today);
        let blocs: Vec<String> = tree.active.iter().filter(|(_, unit)| unit.kind == "BLOC").map(|(code, _)| code.clone()).collect();
        let issuer = if dice.once_in(2) { "TINH".to_owned() } else { dice.pick(&blocs).cloned().unwrap_or_else(|| "TINH".into()) };
        let below: Vec<String> = tree.active.keys().filter(|unit| tree.is_under(unit, &issuer)).cloned().collect();
        let anchor = if dice.once_in(3) { dice.pick(&below).cloned().unwrap() } else { issuer.clone() };
        let all = ["GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "CELL"];
        let kinds = if dice.once_in(2) { Vec::new() } else { vec![all[dice.below(3)].to_owned(), all[dice.below(3)].to_owned()] };
        let kinds: Vec<String> = kinds.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let requirement = Requirement {
            id: String::new(),
            issuer,
            anchor,
            reach: if dice.once_in(2) { "CHILDREN" } else { "DESCENDANTS" },
            kinds,
            due: (!dice.once_in(4)).then(|| today + Days::new(dice.below(60) as u64)),
            binds_late: !dice.once_in(4),
            grace: dice.below(30) as u64,
            closes_at_once: dice.once_in(2),
        };
        let asked = json!({
            "kind": "STUDY", "title": "Học tập", "dueOn": requirement.due.map(|due| due.to_string()),
            "verification": if requirement.closes_at_once { "SELF" } else { "SUPERIOR" },
            "bindsLateUnits": requirement.binds_late, "lateGraceDays": requirement.grace,
            "scope": { "anchor": { "code": requirement.anchor }, "reach": requirement.reach, "kinds": requirement.kinds, "mayBeEmpty": true },
        });
        let id = self.drafter.draft(&requirement.issuer, "Kế hoạch", json!({ "requirements": [asked] })).await;
        self.drafter.issue(&id, &format!("{}-KH", 1 + self.duties.requirements.len())).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
        let id = self.drafter.data(query, json!({ "id": id })).await.text("/directive/requirements/0/id");
        self.duties.issue(Requirement { id, ..requirement }, &tree, today);
    }

    /// One step on one obligation, whether it fits or not.
    async fn step(&mut self) {
        let keys: Vec<(usize, String)> = self.duties.all.keys().cloned().collect();
        let Some((at, unit)) = self.run.dice.pick(&keys).cloned() else { return };
        let requirement = self.duties.requirements[at].clone();
        let tree = self.run.course.tree(self.run.today);
        let duty = &self.duties.all[&(at, unit.clone())];
        let obligation = json!({ "of": { "requirement": requirement.id, "unit": { "code": unit } } });
        let (mutation, input, actor, next) = match self.run.dice.below(6) {
            0 => (
                "acknowledgeObligations",
                json!({ "obligations": [obligation] }),
                &self.reporter,
                (duty.state == "PENDING").then_some("ACKNOWLEDGED"),
            ),
            1 => {
                let fits = ["PENDING", "ACKNOWLEDGED", "RETURNED"].contains(&duty.state);
                ("startObligations", json!({ "obligations": [obligation] }), &self.reporter, fits.then_some("IN_PROGRESS"))
            }
            2..=4 => {
                let input = json!({ "reports": [{ "obligations": [obligation], "narrative": "Đã thực hiện." }] });
                let next = if requirement.closes_at_once { "FULFILLED" } else { "REPORTED" };
                ("submitReports", input, &self.reporter, duty.is_open().then_some(next))
            }
            _ => (
                "acceptReports",
                json!({ "obligations": [obligation] }),
                &self.supervisor,
                (duty.state == "REPORTED").then_some("FULFILLED"),
            ),
        };
        let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code message path rule }} }} }}");
        let refusals = actor.ask(&query, json!({ "input": input })).await.refusals();
        let next = next.filter(|_| tree.active.contains_key(&unit));
        assert_eq!(refusals.is_empty(), next.is_some(), "{mutation} {unit} {duty:?}\n{refusals:#?}");
        let today = self.run.today;
        let duty = self.duties.all.get_mut(&(at, unit)).unwrap();
        if let Some(next) = next {
            duty.state = next;
            if mutation == "submitReports" {
                duty.reported_on = Some(today);
            }
        }
    }

    /// A batch of today or of the past acts at once, on today's trees.
    async fn reorganize(&mut self) {
        let (today, count) = (self.run.today, self.run.course.batches.len());
        let without = self.run.course.tree(today);
        self.run.reorganize().await;
        if self.run.course.batches.len() > count && self.run.course.batches[count].status == Status::Enacted {
            let with = self.run.course.tree(today);
            let (_, _, endings) = self.run.course.around(count);
            self.duties.act(today, &without, &with, &endings);
        }
    }

    /// Days pass, and what was planned takes effect in its order, each batch on its day.
    async fn pass(&mut self) {
        let was_planned: Vec<usize> =
            (0..self.run.course.batches.len()).filter(|at| self.run.course.batches[*at].status == Status::Planned).collect();
        self.run.pass();
        self.run.world.tick().await;
        let mut due: Vec<usize> = was_planned.into_iter().filter(|at| self.run.course.batches[*at].status == Status::Enacted).collect();
        due.sort_by_key(|at| (self.run.course.batches[*at].day, *at));
        for at in due {
            let (without, with, endings) = self.run.course.around(at);
            self.duties.act(self.run.course.batches[at].day, &without, &with, &endings);
        }
    }

    async fn compare(&self) {
        let tree = self.run.course.tree(self.run.today);
        for (at, requirement) in self.duties.requirements.iter().enumerate() {
            let answer = self
                .run
                .operator
                .data(OBLIGATIONS, json!({ "filter": { "under": { "code": "TINH" }, "requirements": [requirement.id] } }))
                .await;
            let told: BTreeMap<String, Value> = answer
                .at("/obligations/nodes")
                .as_array()
                .unwrap()
                .iter()
                .map(|node| {
                    let reason = |reason: &Value| match reason["predecessor"]["unit"]["code"].as_str() {
                        Some(from) => format!("SUCCESSION {from}"),
                        None => reason["rule"].as_str().unwrap().to_owned(),
                    };
                    let reasons: BTreeSet<String> = node["reasons"].as_array().unwrap().iter().map(reason).collect();
                    (
                        node["unit"]["code"].as_str().unwrap().to_owned(),
                        json!({ "state": node["state"], "due": node["dueOn"], "bound": node["boundOn"], "reasons": reasons }),
                    )
                })
                .collect();
            let wanted: BTreeMap<String, Value> = self.duties.all.iter().filter(|((of, _), _)| *of == at).map(|((_, unit), duty)| {
                (unit.clone(), json!({ "state": duty.state, "due": duty.due.map(|due| due.to_string()), "bound": duty.bound_on.to_string(), "reasons": duty.reasons }))
            }).collect();
            assert_eq!(told, wanted, "requirement {at} {requirement:?}, today is {}", self.run.today);
        }
        let answer = self.run.operator.data(COMPLETIONS, json!({})).await;
        for node in answer.at("/orgUnits/nodes").as_array().unwrap() {
            let unit = node["code"].as_str().unwrap();
            assert_eq!(node["completion"], self.tally(&tree, unit), "{unit}, today is {}", self.run.today);
        }
    }

    /// Everything that stands at or below a unit, ended units at their places (C1, C3, C5).
    fn tally(&self, tree: &Tree, top: &str) -> Value {
        let here = |unit: &str| tree.standing(unit).is_some_and(|place| tree.is_under(&place, top));
        let set: Vec<&Duty> = self.duties.all.iter().filter(|((_, unit), _)| here(unit)).map(|(_, duty)| duty).collect();
        let count = |wanted: &dyn Fn(&Duty) -> bool| set.iter().filter(|duty| wanted(duty)).count();
        let today: Day = self.run.today;
        json!({
            "total": set.len(),
            "onTime": count(&|duty| duty.state == "FULFILLED" && !duty.is_late()),
            "late": count(&Duty::is_late),
            "openInTime": count(&|duty| duty.is_open() && !duty.is_overdue(today)),
            "overdue": count(&|duty| duty.is_overdue(today)),
            "released": count(&|duty| duty.state == "RELEASED"),
            "transferred": count(&|duty| duty.state == "TRANSFERRED"),
        })
    }
}

async fn run(world: &World, seed: u64) {
    let run = begin(world, seed).await;
    let drafter = world.user("soan", "DRAFTER", "TINH").await;
    let reporter = world.user("bao-cao", "REPORTER", "TINH").await;
    let supervisor = world.user("xac-nhan", "SUPERVISOR", "TINH").await;
    let mut owing = Owing { run, drafter, reporter, supervisor, duties: Duties::default() };
    owing.issue().await;
    for _ in 0..STEPS {
        match owing.run.dice.below(12) {
            0 => owing.issue().await,
            1..=4 => owing.reorganize().await,
            5 | 6 => owing.pass().await,
            7 => owing.run.cancel().await,
            _ => owing.step().await,
        }
        owing.compare().await;
    }
}

fn runs(on: On) {
    let first = number("CHIDAO_MODEL_SEED", FIRST_SEED);
    for seed in first..first + number("CHIDAO_MODEL_RUNS", RUNS) {
        println!("CHIDAO_MODEL_SEED={seed}");
        harness::run(on, move |world| Box::pin(run(world, seed)));
    }
}

#[test]
fn s6_what_units_owe_after_any_course_is_what_the_model_says_on_sqlite() {
    runs(On::Sqlite);
}

#[test]
fn s6_what_units_owe_after_any_course_is_what_the_model_says_on_postgres() {
    runs(On::Postgres);
}
