//! Completion of past days: what was answered on a day is answered of it for ever (C7, T4).

use serde_json::{Value, json};

use super::COUNTS;
use super::life::requirements_of;
use crate::directives::{bloc, study};
use crate::harness::{Actor, World, both};
use crate::obligations::{act, of, report};

pub(super) fn unit(code: &str) -> Value {
    json!({ "code": code })
}

/// A plan whose requirements ask for figures, with a standing duty.
pub(super) async fn plan(drafter: &Actor<'_>) -> (String, [String; 3]) {
    let attended = json!({ "key": "attended", "label": "Số dự học", "unitOfMeasure": "người", "aggregation": "SUM", "goal": "90", "goalDirection": "AT_LEAST" });
    let mut first = study("2021-01-10");
    first["indicators"] = json!([attended]);
    let below = json!({ "reach": "DESCENDANTS" });
    let requirements = json!([
        first,
        { "kind": "IMPLEMENT", "title": "Tổ chức thực hiện", "scope": below, "dueOn": "2021-02-10" },
        { "kind": "PROPAGATE", "title": "Nắm bắt dư luận", "informative": true, "scope": below },
    ]);
    let id = drafter.draft("KHOI", "Kế hoạch học tập", json!({ "requirements": requirements })).await;
    drafter.issue(&id, "81-KH/ĐUK").await;
    let requirements = requirements_of(drafter, &id).await;
    (id, requirements)
}

/// What is asked of each unit and of the plan; `$when` stands where the day is asked for.
fn question(codes: &[&str], when: &str) -> String {
    let fragments = format!(
        "fragment Numbers on Completion {{ {} }}
         fragment Told on Completion {{ on ...Numbers completionRate dueRate dueWithin(days: 10) units {{ bound complete behind ended }}
         indicators {{ key value readings missing goals {{ meetsGoal unitsMeetingGoal unitsJudged }} }}
         children: breakdown(by: CHILD_UNIT, first: 8) {{ nodes {{ key label unit {{ name active }} completion {{ ...Numbers }} }} }}
         kinds: breakdown(by: UNIT_KIND, first: 8) {{ nodes {{ key completion {{ ...Numbers }} }} }}
         requirements: breakdown(by: REQUIREMENT, orderBy: WORST_FIRST, first: 3) {{ nodes {{ label completion {{ ...Numbers }} }} }}
         list: obligations(first: 1) {{ totalCount }} late_: obligations(late: true, first: 1) {{ totalCount }}
         overdue_: obligations(overdue: true, first: 1) {{ totalCount }} open: obligations(states: [PENDING, REPORTED, RETURNED], first: 1) {{ totalCount }} }}",
        COUNTS.join(" ")
    );
    let units = codes.iter().zip(0..).map(|(code, at)| format!("u{at}: completion(unit: {{ code: \"{code}\" }}{when}) {{ ...Told }} "));
    let due = format!(
        "due: completion(unit: {{ code: \"KHOI\" }}, filter: {{ inForce: true, due: {{ to: \"2021-01-31\" }} }}{when}) {{
         total overdue list: obligations(first: 1) {{ totalCount }} }}"
    );
    let parens = if when.is_empty() { String::new() } else { format!("({})", &when[2..]) };
    format!(
        "{fragments} query($id: ID!) {{ {} {due} directive(by: {{ id: $id }}) {{ completion{parens} {{ ...Told }} requirements {{ completion{parens} {{ ...Numbers }} }} }} }}",
        units.collect::<String>()
    )
}

/// Numbers that look random and are the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// Something that happens on a day to one obligation; what the rules do not allow does not happen.
pub(super) async fn something(dice: &mut Dice, actors: (&Actor<'_>, &Actor<'_>), requirements: &[String], codes: &[&str]) {
    let (below, above) = actors;
    let named = of(&requirements[dice.roll(requirements.len())], codes[dice.roll(codes.len())]);
    let list = json!([named]);
    match dice.roll(9) {
        0 => act(below, "acknowledgeObligations", json!({ "obligations": list })).await,
        1 => act(below, "startObligations", json!({ "obligations": list })).await,
        2 | 3 => {
            let value = format!("{}", 10 + dice.roll(40));
            let figures = json!({ "readings": [{ "indicator": "attended", "value": value }] });
            let answer = act(below, "submitReports", report(vec![named.clone()], figures)).await;
            if answer.refusals().is_empty() { answer } else { act(below, "submitReports", report(vec![named], json!({}))).await }
        }
        4 | 5 => act(above, "acceptReports", json!({ "obligations": list })).await,
        6 => act(above, "returnReport", json!({ "obligation": named, "reason": "Thiếu danh sách" })).await,
        7 => {
            act(
                above,
                "extendDueDate",
                json!({ "obligations": list, "dueOn": format!("2021-0{}-20", 3 + dice.roll(6)), "reason": "Dịch bệnh" }),
            )
            .await
        }
        _ if dice.roll(2) == 0 => act(above, "exemptObligations", json!({ "obligations": list, "reason": "Chi bộ mới" })).await,
        _ => act(above, "reopenObligation", json!({ "obligation": named, "reason": "Số liệu sai" })).await,
    };
}

/// The days on which the tree changes.
const CHANGES: [&str; 4] = ["2021-03-04", "2021-05-03", "2021-07-02", "2021-09-30"];

/// The changes of the tree, each on its day.
fn reorganized_on(day: &str) -> Option<Value> {
    Some(match day {
        "2021-03-04" => json!([
            { "establish": { "code": "NVTC", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Sở Nội vụ và Tài chính", "parent": unit("KHOI") } },
            { "merge": { "units": [unit("SNV"), unit("STC")], "into": unit("NVTC") } },
        ]),
        "2021-05-03" => {
            json!([{ "move": { "unit": unit("TTR"), "parent": unit("HUYEN") } }, { "revise": { "unit": unit("SNV-1"), "name": "Chi bộ Văn phòng" } }])
        }
        "2021-07-02" => json!([{ "dissolve": { "unit": unit("SNV-2"), "heir": unit("SNV-1") } }]),
        "2021-09-30" => json!([{ "reopen": { "unit": unit("STC"), "parent": unit("KHOI") } }, { "dissolve": { "unit": unit("TTR") } }]),
        _ => return None,
    })
}

/// The numbers of a set that do not hang on where its units stand.
fn numbers_of(set: &Value) -> Vec<Value> {
    COUNTS.iter().map(|name| set[*name].clone()).collect()
}

pub(super) async fn actors(world: &World) -> (Actor<'_>, Actor<'_>) {
    (world.user("cap-duoi", "REPORTER", "TINH").await, world.user("cap-tren", "SUPERVISOR", "TINH").await)
}

both! {
    async fn c7_what_was_answered_on_a_day_is_answered_of_it_a_year_later(world: &World) {
        let drafter = bloc(world).await;
        let operator = world.operator().await;
        let (below, above) = actors(world).await;
        let before = operator.data(&question(&["TINH"], ""), json!({ "id": drafter.draft("KHOI", "Khác", json!({})).await })).await;
        world.day("2020-12-02");
        let (id, requirements) = plan(&drafter).await;
        let asked = json!({ "id": id });
        let mut dice = Dice(7);
        let mut codes = vec!["TINH", "KHOI", "HUYEN", "SNV", "SNV-1", "STC", "TTR"];
        let mut answered: Vec<(String, usize, Value)> = Vec::new();
        let mut day: chidao_domain::day::Day = "2020-12-02".parse().unwrap();
        while *day.to_string() < *"2021-12-02" {
            let today = day.to_string();
            world.day(&today);
            if let Some(changes) = reorganized_on(&today) {
                operator.reorganize(changes).await;
                if !codes.contains(&"NVTC") {
                    codes.push("NVTC");
                }
            }
            for _ in 0..6 {
                something(&mut dice, (&below, &above), &requirements, &["SNV", "SNV-1", "SNV-2", "STC", "TTR", "NVTC"]).await;
            }
            let answer = operator.data(&question(&codes, ""), asked.clone()).await;
            answered.push((today, codes.len(), answer.at("").clone()));
            day = day.checked_add_days(chrono::Days::new(if answered.len() < 20 { 5 } else { 15 })).unwrap();
            // The days on which the tree changes are among those that are lived.
            let changes = CHANGES.iter().map(|on| on.parse::<chidao_domain::day::Day>().unwrap());
            let lived: chidao_domain::day::Day = answered.last().unwrap().0.parse().unwrap();
            day = changes.filter(|on| *on > lived && *on < day).min().unwrap_or(day);
        }
        let last = answered.last().unwrap().2.clone();
        for state in ["fulfilled", "exempt", "returned"] {
            assert!(answered.iter().any(|(_, _, told)| told["u0"][state].as_i64().unwrap() > 0), "nothing is {state}: the year is too quiet");
        }
        world.day("2021-12-20");
        for (on, count, told) in &answered {
            let then = operator.data(&question(&codes[..*count], &format!(", on: \"{on}\", structure: THEN")), asked.clone()).await;
            assert_eq!(then.at(""), told, "the end of {on}, on that day's tree");
            let now = operator.data(&question(&codes[..*count], &format!(", on: \"{on}\"")), asked.clone()).await;
            for top in ["u0", "directive"] {
                let of = |told: &Value| numbers_of(if top == "u0" { &told["u0"] } else { &told["directive"]["completion"] });
                assert_eq!(of(now.at("")), of(told), "{top} at the end of {on}, on today's tree");
            }
        }
        assert_ne!(answered[0].2, last);
        let nothing = operator.data("{ completion(unit: { code: \"TINH\" }, on: \"2020-12-01\") { on total units { bound } indicators { key } obligations { totalCount } } }", json!({})).await;
        assert_eq!(nothing.at("/completion"), &json!({ "on": "2020-12-01", "total": 0, "units": { "bound": 0 }, "indicators": [], "obligations": { "totalCount": 0 } }), "nobody was bound yet");
        assert_eq!(before.number("/u0/total"), 0);
    }

    async fn c7_a_past_day_is_seen_on_todays_tree_on_that_days_and_as_it_was_known(world: &World) {
        let drafter = bloc(world).await;
        let operator = world.operator().await;
        let (below, above) = actors(world).await;
        let (id, requirements) = plan(&drafter).await;
        world.day("2020-12-10");
        act(&below, "submitReports", report(vec![of(&requirements[1], "TTR")], json!({}))).await.expect_no_errors("report");
        act(&above, "acceptReports", json!({ "obligations": [of(&requirements[1], "TTR")] })).await.expect_no_errors("accept");
        let query = "query($id: ID!, $on: Date, $structure: Structure, $known: DateTime) { directive(by: { id: $id }) { completion(on: $on, structure: $structure, asKnownAt: $known) {
            on breakdown(by: CHILD_UNIT, first: 20) { nodes { key unit { asOf } completion { total fulfilled } } } } requirements { completion(on: $on, structure: $structure, asKnownAt: $known) { fulfilled } } } }";
        let asked = async |on: &str, structure: &str, known: Option<&str>| {
            let answer = operator.data(query, json!({ "id": id, "on": on, "structure": structure, "known": known })).await;
            assert_eq!(answer.text("/directive/completion/on"), on);
            answer.texts("/directive/completion/breakdown/nodes", "/key").join(" ")
        };
        let known = world.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        world.day("2020-12-20");
        operator.reorganize(json!([{ "move": { "unit": unit("STC"), "parent": unit("HUYEN") } }])).await;
        assert_eq!(asked("2020-12-10", "THEN", None).await, "SNV STC TTR");
        assert_eq!(asked("2020-12-10", "NOW", None).await, "SNV TTR OUTSIDE");
        world.day("2020-12-21");
        let correction = json!({ "input": { "title": "Ghi bổ sung", "effectiveOn": "2020-12-05", "changes": [{ "move": { "unit": unit("TTR"), "parent": unit("HUYEN") } }] } });
        operator.data(crate::harness::REORGANIZE, correction).await;
        assert_eq!(asked("2020-12-10", "THEN", None).await, "SNV STC OUTSIDE", "as it is known now");
        assert_eq!(asked("2020-12-10", "THEN", Some(&known)).await, "SNV STC TTR", "as it was known then");
        assert_eq!(asked("2020-12-21", "NOW", None).await, "SNV OUTSIDE");
        let then = operator.data(query, json!({ "id": id, "on": "2020-12-10", "structure": "THEN", "known": known })).await;
        assert_eq!(then.texts("/directive/completion/breakdown/nodes", "/unit/asOf"), ["2020-12-10"; 3], "everything nested is of that day (O4)");
        assert_eq!(then.at("/directive/requirements/1/completion/fulfilled"), 1);

        for (field, path) in [("completion(unit: { code: \"KHOI\" }, on: \"2020-12-22\")", "completion"), ("orgUnit(by: { code: \"KHOI\" }) { completion(on: \"2020-12-22\") { total } } ", "orgUnit")] {
            let body = if path == "completion" { format!("{{ {field} {{ total }} }}") } else { format!("{{ {field} }}") };
            let refused = operator.ask(&body, json!({})).await;
            let told = refused.body.pointer("/errors/0/extensions").unwrap().clone();
            assert_eq!((&told["code"], &told["rule"]), (&json!("INVALID"), &json!("C7")), "{refused:?}");
            assert!(told.to_string().contains("\"on\""), "it says which argument: {told}");
        }
        let viewer = world.user("xem-huyen", "VIEWER", "HUYEN").await;
        let refused = viewer.ask("{ completion(unit: { code: \"KHOI\" }, on: \"2020-12-10\", structure: THEN) { total } }", json!({})).await;
        assert_eq!(refused.error_code(), "FORBIDDEN", "rights are those of today");
    }
}
