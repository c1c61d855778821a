//! Directives that the dice issue, with requirements that are asked once or come back.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate as Day};
use serde_json::{Value, json};

use super::course::Status;
use super::duties::Requirement;
use super::effects::title;
use super::owing::Owing;
use super::recurring::{Recurring, first_day, name};
use super::tree::{Tree, Unit};
use super::{ROOTS, SECOND, say};

fn refs(units: &[String]) -> Vec<Value> {
    units.iter().map(|unit| json!({ "code": unit })).collect()
}

impl Owing<'_> {
    /// Periods that have begun by a day open on its tree.
    pub(super) fn open_periods(&mut self, day: Day, tree: &Tree) {
        let batches = &self.run.course.batches;
        let was_taken_back = |batch: usize| batches[batch].status == Status::Annulled;
        for _ in 0..self.duties.open_periods(tree, day, &was_taken_back) {
            self.run.taken.note("a period opens");
        }
    }

    fn requirement(&mut self, title: String, issuer: &str, tree: &Tree) -> (Requirement, Value) {
        let (dice, today) = (&mut self.run.dice, self.run.today);
        let below: Vec<String> = tree.active.keys().filter(|unit| tree.is_under(unit, issuer)).cloned().collect();
        let anchor = if dice.once_in(3) { dice.pick(&below).cloned().unwrap() } else { issuer.to_owned() };
        let all = ["GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "CELL"];
        // Nobody stands above a root to accept what it reports (L2).
        let units: Vec<String> = below.iter().filter(|unit| !ROOTS.contains(&&***unit)).cloned().collect();
        let mut some = |once_in: usize| if dice.once_in(once_in) { dice.pick(&units).cloned().into_iter().collect() } else { Vec::new() };
        let (include, except, except_subtrees) = (some(4), some(5), some(5));
        let reach = match dice.below(6) {
            0 if !ROOTS.contains(&&*anchor) => "SELF",
            1 | 2 => "CHILDREN",
            _ => "DESCENDANTS",
        };
        let kinds = if dice.once_in(2) { Vec::new() } else { vec![all[dice.below(3)].to_owned(), all[dice.below(3)].to_owned()] };
        let requirement = Requirement {
            id: String::new(),
            number: 0,
            period: String::new(),
            days: None,
            directive: String::new(),
            is_in_force: true,
            issuer: issuer.to_owned(),
            anchor,
            reach,
            include,
            except,
            except_subtrees,
            kinds: kinds.into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
            due: (!dice.once_in(4)).then(|| today + Days::new(dice.below(60) as u64)),
            binds_late: !dice.once_in(4),
            grace: dice.below(30) as u64,
            closes_at_once: dice.once_in(2),
        };
        let asked = json!({
            "kind": "STUDY", "title": title, "dueOn": requirement.due.map(|due| due.to_string()),
            "verification": if requirement.closes_at_once { "SELF" } else { "SUPERIOR" },
            "bindsLateUnits": requirement.binds_late, "lateGraceDays": requirement.grace,
            "scope": {
                "anchor": { "code": requirement.anchor }, "reach": requirement.reach, "kinds": requirement.kinds, "mayBeEmpty": true,
                "include": refs(&requirement.include), "except": refs(&requirement.except), "exceptSubtrees": refs(&requirement.except_subtrees),
            },
        });
        (requirement, asked)
    }

    /// Every third requirement comes back.
    fn recurring(&mut self, asked: &mut Value) -> Option<(u32, u64, Day)> {
        let (dice, today) = (&mut self.run.dice, self.run.today);
        if !dice.once_in(3) {
            return None;
        }
        let (months, recurrence) = [(1, "MONTHLY"), (1, "MONTHLY"), (3, "QUARTERLY"), (12, "YEARLY")][dice.below(4)];
        let current = first_day(today, months);
        let (first, says_it) = match dice.below(4) {
            0 => (current - Months::new(months * 2), true),
            1 => (current + Months::new(months), true),
            2 => (current, true),
            _ => (current, false),
        };
        let due_days = dice.below(40) as u64;
        asked["dueOn"].take();
        asked["recurrence"] = recurrence.into();
        asked["dueDaysAfterPeriod"] = due_days.into();
        asked["firstPeriod"] = says_it.then(|| name(first, months)).into();
        Some((months, due_days, first))
    }

    /// Issues a directive with one requirement or two.
    pub(super) async fn issue(&mut self) {
        let tree = self.run.course.tree(self.run.today);
        let dice = &mut self.run.dice;
        let issues = |(code, unit): &(&String, &Unit)| unit.kind == "BLOC" || *code == SECOND;
        let blocs: Vec<String> = tree.active.iter().filter(issues).map(|(code, _)| code.clone()).collect();
        let issuer = if dice.once_in(3) { "TINH".to_owned() } else { dice.pick(&blocs).cloned().unwrap_or_else(|| "TINH".into()) };
        let count = 1 + dice.below(2);
        let (mut requirements, mut all_asked) = (Vec::new(), Vec::new());
        for number in self.issued..self.issued + count {
            let (requirement, mut asked) = self.requirement(title(number), &issuer, &tree);
            let recurring = self.recurring(&mut asked);
            requirements.push((Requirement { number, ..requirement }, recurring));
            all_asked.push(asked);
        }
        self.issued += count;
        let directive = self.drafter.draft(&issuer, "Kế hoạch", json!({ "requirements": all_asked })).await;
        self.drafter.issue(&directive, &format!("{}-KH", self.issued)).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
        let answer = self.drafter.data(query, json!({ "id": directive })).await;
        for ((requirement, recurring), id) in requirements.into_iter().zip(answer.texts("/directive/requirements", "/id")) {
            let terms = Requirement { id, directive: directive.clone(), ..requirement };
            say(format!("{} issues requirement {recurring:?} {terms:?}", self.run.today));
            match recurring {
                Some((months, due_days, next)) => self.duties.recurring.push(Recurring { terms, months, due_days, next, before: None }),
                None => self.duties.issue(terms, &tree, self.run.today),
            }
        }
        self.open_periods(self.run.today, &tree);
    }
}
