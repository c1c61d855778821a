//! A concluded directive is taken up again, and makes up for what it missed (D6).

use serde_json::{Value, json};

use crate::directives::{begins, study};
use crate::harness::{Actor, World, both};
use crate::obligations::{done, of, report, see};

const TREE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối
    A GRASSROOTS_CELL Chi bộ A
    B GRASSROOTS_CELL Chi bộ B
    C GRASSROOTS_CELL Chi bộ C
    D GRASSROOTS_CELL Chi bộ D
    E GRASSROOTS_CELL Chi bộ E
  HUYEN DISTRICT Đảng bộ huyện
";
const REORGANIZE: &str =
    "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id } userErrors { code message path } } }";
const ANNUL: &str = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { reorganization { status } userErrors { code message path } } }";

/// Who acts, the directive, and its only requirement.
struct Scene<'a> {
    world: &'a World,
    operator: Actor<'a>,
    drafter: Actor<'a>,
    units: Actor<'a>,
    directive: String,
    asked: String,
}

impl<'a> Scene<'a> {
    /// The bloc has issued a plan to the five cells, due on 30 December.
    async fn set(world: &'a World) -> Self {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let drafter = world.user("khoi", "DRAFTER", "KHOI").await;
        let units = world.user("r", "REPORTER", "KHOI").await;
        let directive = drafter.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        drafter.issue(&directive, "1-KH/ĐUK").await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
        let asked = drafter.data(query, json!({ "id": directive })).await.text("/directive/requirements/0/id");
        Self { world, operator, drafter, units, directive, asked }
    }

    async fn conclude(&self, day: &str) {
        self.world.day(day);
        self.drafter.step("concludeDirective", &self.directive, json!({ "summary": "Tổng kết" })).await.expect_no_errors("conclude");
    }

    async fn resume(&self, day: &str) -> i64 {
        self.world.day(day);
        let query = "mutation($input: ResumeDirectiveInput!) { resumeDirective(input: $input) { returned directive { status endedOn conclusion } userErrors { code rule path message } } }";
        let answer = self.drafter.data(query, json!({ "input": { "directive": self.directive, "reason": "Chưa xong" } })).await;
        assert_eq!(answer.at("/resumeDirective/directive"), &json!({ "status": "ISSUED", "endedOn": null, "conclusion": null }));
        answer.number("/resumeDirective/returned")
    }

    async fn change(&self, day: &str, changes: Value) -> String {
        self.world.day(day);
        let answer =
            self.operator.data(REORGANIZE, json!({ "input": { "title": "Sắp xếp", "effectiveOn": day, "changes": changes } })).await;
        answer.text("/reorganize/reorganization/id")
    }

    async fn annul(&self, day: &str, id: &str) {
        self.world.day(day);
        self.operator.data(ANNUL, json!({ "input": { "reorganization": id, "reason": "Nhầm" } })).await;
    }

    /// The states of the obligations, by unit in alphabetical order, with what is special about them.
    async fn stand(&self) -> String {
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { obligations(first: 100, filter: {}) { nodes { state dueOn unit { code } } } } } }";
        let answer = self.operator.data(query, json!({ "id": self.directive })).await;
        let mut all: Vec<String> = answer
            .at("/directive/requirements/0/obligations/nodes")
            .as_array()
            .unwrap()
            .iter()
            .map(|node| {
                let due = node["dueOn"].as_str().unwrap_or("-");
                let due = if due == "2020-12-30" { String::new() } else { format!(" {due}") };
                format!("{} {}{due}", node["unit"]["code"].as_str().unwrap(), node["state"].as_str().unwrap())
            })
            .collect();
        all.sort();
        all.join(", ")
    }
}

fn unit(code: &str) -> Value {
    json!({ "code": code })
}

fn merged(units: &[&str], into: &str) -> Value {
    let all: Vec<Value> = units.iter().map(|code| unit(code)).collect();
    json!([
        { "establish": { "code": into, "kind": "GRASSROOTS_CELL", "name": format!("Chi bộ {into}"), "parent": unit("KHOI") } },
        { "merge": { "units": all, "into": unit(into) } },
    ])
}

both! {
    async fn d6_resuming_returns_what_lapsed_to_the_state_before_with_its_own_date(world: &World) {
        let scene = Scene::set(world).await;
        let supervisor = world.user("gs", "SUPERVISOR", "KHOI").await;
        done(&scene.units, "acknowledgeObligations", json!({ "obligations": [of(&scene.asked, "B")] })).await;
        done(&scene.units, "startObligations", json!({ "obligations": [of(&scene.asked, "C")] })).await;
        done(&scene.units, "submitReports", report(vec![of(&scene.asked, "D")], json!({}))).await;
        done(&scene.units, "submitReports", report(vec![of(&scene.asked, "E")], json!({}))).await;
        done(&supervisor, "returnReport", json!({ "obligation": of(&scene.asked, "D"), "reason": "Thiếu" })).await;
        done(&supervisor, "acceptReports", json!({ "obligations": [of(&scene.asked, "E")] })).await;
        let before = scene.stand().await;
        assert_eq!(before, "A PENDING, B ACKNOWLEDGED, C IN_PROGRESS, D RETURNED, E FULFILLED");
        scene.conclude("2020-12-20").await;
        assert_eq!(scene.stand().await, "A LAPSED, B LAPSED, C LAPSED, D LAPSED, E FULFILLED");
        assert_eq!(scene.resume("2021-01-10").await, 4);
        assert_eq!(scene.stand().await, before);
        assert_eq!(see(&scene.units, &of(&scene.asked, "A")).await.at("/obligation/overdue"), &json!(true), "the date is its own");
        assert_eq!(see(&scene.units, &of(&scene.asked, "A")).await.at("/obligation/closingReason"), &Value::Null);
        done(&scene.units, "submitReports", report(vec![of(&scene.asked, "A")], json!({}))).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { viewerCan history { nodes { action reason changes { field before after } } } } }";
        let told = scene.drafter.data(query, json!({ "id": scene.directive })).await;
        let last = told.at("/directive/history/nodes").as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["action"], &last["reason"]), (&json!("DIRECTIVE_RESUMED"), &json!("Chưa xong")));
        assert_eq!(last["changes"], json!([{ "field": "status", "before": "CONCLUDED", "after": "ISSUED" }, { "field": "conclusion", "before": "Tổng kết", "after": null }]));
        assert_eq!(told.texts("/directive/viewerCan", ""), ["CONCLUDE"]);
        let waits = scene.drafter.step("concludeDirective", &scene.directive, json!({})).await.refusals();
        assert_eq!(begins(&waits), ["STEP_NOT_ALLOWED D6 directive"]);
    }

    async fn d6_only_what_is_concluded_is_resumed_and_with_a_reason(world: &World) {
        let scene = Scene::set(world).await;
        let resume = async |actor: &Actor<'_>, reason: &str, version: Option<i32>| {
            let input = json!({ "reason": reason, "expectedVersion": version });
            actor.step("resumeDirective", &scene.directive, input).await.refusals()
        };
        assert_eq!(begins(&resume(&scene.drafter, "Cần", None).await), ["STEP_NOT_ALLOWED D1 directive"]);
        scene.conclude("2020-12-20").await;
        assert_eq!(begins(&resume(&scene.drafter, " ", None).await), ["INVALID F2 reason"]);
        assert_eq!(begins(&resume(&scene.drafter, "Cần", Some(2)).await), ["CONFLICT F4 expectedVersion"]);
        assert_eq!(begins(&resume(&scene.units, "Cần", None).await), ["FORBIDDEN A2 directive"]);
        let district = world.user("huyen", "DRAFTER", "HUYEN").await;
        assert_eq!(begins(&resume(&district, "Cần", None).await), ["NOT_FOUND A5 directive"]);
        let replacing = scene.drafter.draft("KHOI", "Kế hoạch mới", json!({ "relations": [{ "kind": "REPLACES", "to": { "id": scene.directive } }] })).await;
        assert_eq!(begins(&scene.drafter.try_issue(&replacing, "2-KH/ĐUK", json!({})).await.refusals()), ["STEP_NOT_ALLOWED D2 directive.relations.0.to"]);
        scene.resume("2020-12-21").await;
        scene.conclude("2020-12-22").await;
        assert_eq!(scene.resume("2020-12-22").await, 5, "as often as it takes, also on one day");
        scene.drafter.issue(&replacing, "2-KH/ĐUK").await;
        assert_eq!(begins(&resume(&scene.drafter, "Cần", None).await), ["STEP_NOT_ALLOWED D1 directive"], "what was replaced stays replaced");
    }

    async fn d6_what_became_of_units_meanwhile_follows_as_of_the_day_of_resuming(world: &World) {
        let scene = Scene::set(world).await;
        done(&scene.units, "startObligations", json!({ "obligations": [of(&scene.asked, "A")] })).await;
        scene.conclude("2020-12-05").await;
        scene.change("2020-12-06", merged(&["A", "B"], "AB")).await;
        scene.change("2020-12-07", json!([{ "move": { "unit": unit("C"), "parent": unit("TINH") } }, { "dissolve": { "unit": unit("D") } }])).await;
        scene.change("2020-12-08", json!([{ "establish": { "code": "MOI", "kind": "GRASSROOTS_CELL", "name": "Chi bộ mới", "parent": unit("KHOI") } }])).await;
        assert_eq!(scene.stand().await, "A LAPSED, B LAPSED, C LAPSED, D LAPSED, E LAPSED", "what is not in force is not touched");
        assert_eq!(scene.resume("2020-12-10").await, 5);
        assert_eq!(scene.stand().await, "A TRANSFERRED, AB IN_PROGRESS, B TRANSFERRED, C RELEASED, D RELEASED, E PENDING, MOI PENDING 2021-01-09");
        let query = "query($by: ObligationRef!) { obligation(by: $by) { boundOn closedOn predecessors { unit { code } } successors { unit { code } } reasons { rule } } }";
        let heir = scene.operator.data(query, json!({ "by": of(&scene.asked, "AB") })).await;
        assert_eq!((heir.text("/obligation/boundOn"), heir.texts("/obligation/predecessors", "/unit/code")), ("2020-12-10".into(), vec!["A".to_owned(), "B".to_owned()]));
        let gone = scene.operator.data(query, json!({ "by": of(&scene.asked, "A") })).await;
        assert_eq!((gone.text("/obligation/closedOn"), gone.texts("/obligation/successors", "/unit/code")), ("2020-12-10".into(), vec!["AB".to_owned()]));
        assert_eq!(scene.operator.data(query, json!({ "by": of(&scene.asked, "MOI") })).await.texts("/obligation/reasons", "/rule"), ["LATE"]);
        scene.change("2020-12-11", json!([{ "move": { "unit": unit("C"), "parent": unit("KHOI") } }])).await;
        assert!(scene.stand().await.contains("C PENDING,"), "released because it had left, so it takes it up again when it is back (B4): {}", scene.stand().await);
    }

    async fn d6_a_unit_that_merged_twice_meanwhile_leaves_its_duty_to_the_last_heir(world: &World) {
        let scene = Scene::set(world).await;
        scene.conclude("2020-12-05").await;
        scene.change("2020-12-06", merged(&["A", "B"], "AB")).await;
        scene.change("2020-12-07", merged(&["AB", "C"], "ABC")).await;
        scene.change("2020-12-08", json!([{ "split": { "unit": unit("D"), "into": [{ "into": unit("D") }, { "into": unit("E") }] } }])).await;
        scene.resume("2020-12-10").await;
        assert_eq!(scene.stand().await, "A TRANSFERRED, ABC PENDING, B TRANSFERRED, C TRANSFERRED, D PENDING, E PENDING");
        let query = "query($by: ObligationRef!) { obligation(by: $by) { predecessors { unit { code } } } }";
        assert_eq!(scene.operator.data(query, json!({ "by": of(&scene.asked, "ABC") })).await.texts("/obligation/predecessors", "/unit/code"), ["A", "B", "C"]);
        assert_eq!(scene.operator.data(query, json!({ "by": of(&scene.asked, "E") })).await.texts("/obligation/predecessors", "/unit/code"), ["D"]);
    }

    async fn o5_a_merger_meanwhile_that_is_annulled_afterwards_gives_back_what_resuming_had_passed_on(world: &World) {
        let scene = Scene::set(world).await;
        scene.conclude("2020-12-05").await;
        let merger = scene.change("2020-12-06", merged(&["A", "B"], "AB")).await;
        scene.change("2020-12-07", json!([{ "dissolve": { "unit": unit("D"), "heir": unit("E") } }])).await;
        scene.resume("2020-12-10").await;
        assert_eq!(scene.stand().await, "A TRANSFERRED, AB PENDING, B TRANSFERRED, C PENDING, D TRANSFERRED, E PENDING");
        scene.annul("2020-12-12", &merger).await;
        assert_eq!(scene.stand().await, "A PENDING, AB RELEASED, B PENDING, C PENDING, D TRANSFERRED, E PENDING");
    }

    async fn o5_what_was_annulled_while_a_directive_was_concluded_returns_when_it_is_resumed(world: &World) {
        let scene = Scene::set(world).await;
        let merger = scene.change("2020-12-03", merged(&["A", "B"], "AB")).await;
        let left = scene.change("2020-12-04", json!([{ "move": { "unit": unit("C"), "parent": unit("TINH") } }])).await;
        assert_eq!(scene.stand().await, "A TRANSFERRED, AB PENDING, B TRANSFERRED, C RELEASED, D PENDING, E PENDING");
        scene.conclude("2020-12-05").await;
        scene.annul("2020-12-06", &left).await;
        scene.annul("2020-12-06", &merger).await;
        assert_eq!(scene.stand().await, "A TRANSFERRED, AB LAPSED, B TRANSFERRED, C RELEASED, D LAPSED, E LAPSED");
        scene.resume("2020-12-08").await;
        assert_eq!(scene.stand().await, "A PENDING, AB RELEASED, B PENDING, C PENDING, D PENDING, E PENDING");
    }

    async fn d6_a_plan_for_a_day_to_come_acts_on_its_day_and_one_that_took_effect_is_made_up_for(world: &World) {
        let scene = Scene::set(world).await;
        for (day, code) in [("2020-12-07", "A"), ("2020-12-20", "B")] {
            let planned = json!({ "title": "Kế hoạch sắp xếp", "effectiveOn": day, "changes": [{ "dissolve": { "unit": unit(code), "heir": unit("E") } }] });
            scene.operator.data(REORGANIZE, json!({ "input": planned })).await;
        }
        scene.conclude("2020-12-05").await;
        scene.resume("2020-12-10").await;
        assert_eq!(scene.stand().await, "A TRANSFERRED, B PENDING, C PENDING, D PENDING, E PENDING");
        world.day("2020-12-20");
        world.tick().await;
        assert_eq!(scene.stand().await, "A TRANSFERRED, B TRANSFERRED, C PENDING, D PENDING, E PENDING");
    }
}
