//! Timelines over HTTP: every point is what the completion of its day tells (C8).

use chidao::clock::Clock;
use chidao_domain::completion::TimeStep;
use chidao_domain::day::Day;
use chrono::Days;
use serde_json::{Value, json};

use super::past::{Dice, actors, plan, something, unit};
use crate::directives::{bloc, study};
use crate::harness::{Actor, FIRST_DAY, REORGANIZE, World, both};
use crate::obligations::{act, of, report};
use crate::statements::statements;

const POINT: &str = "on bound fulfilled overdue";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A set of obligations: where it is asked for, and how.
struct Set {
    owner: String,
    arguments: String,
}

impl Set {
    fn of_unit(code: &str, arguments: &str) -> Self {
        Self { owner: format!("orgUnit(by: {{ code: \"{code}\" }})"), arguments: arguments.into() }
    }

    fn of_directive(id: &str, arguments: &str) -> Self {
        Self { owner: format!("directive(by: {{ id: \"{id}\" }})"), arguments: arguments.into() }
    }

    /// Its timeline.
    async fn timeline(&self, reader: &Actor<'_>, structure: &str, (from, to): (Day, Day), step: &str) -> Vec<Value> {
        let Self { owner, arguments } = self;
        let query = format!(
            "{{ set: {owner} {{ completion({arguments} structure: {structure}) {{ timeline(from: \"{from}\", to: \"{to}\", step: {step}) {{ {POINT} }} }} }} }}"
        );
        reader.data(&query, json!({})).await.at("/set/completion/timeline").as_array().unwrap().clone()
    }

    /// What its completions tell of some days, one by one.
    async fn completions(&self, reader: &Actor<'_>, structure: &str, days: &[Day]) -> Vec<Value> {
        let Self { owner, arguments } = self;
        let mut told = Vec::new();
        for days in days.chunks(25) {
            let one = |(at, on): (usize, &Day)| {
                format!("d{at}: completion({arguments} structure: {structure}, on: \"{on}\") {{ counted onTime late overdue }} ")
            };
            let query = format!("{{ set: {owner} {{ {} }} }}", days.iter().enumerate().map(one).collect::<String>());
            let answer = reader.data(&query, json!({})).await;
            told.extend(days.iter().enumerate().map(|(at, on)| {
                let of = |name: &str| answer.number(&format!("/set/d{at}/{name}"));
                json!({ "on": on.to_string(), "bound": of("counted"), "fulfilled": of("onTime") + of("late"), "overdue": of("overdue") })
            }));
        }
        told
    }
}

/// A quarter in which things happen on most days: steps, a merger and a move, late units, a directive that ends with what is open.
async fn a_quarter(world: &World, drafter: &Actor<'_>, operator: &Actor<'_>) -> String {
    let (below, above) = actors(world).await;
    world.day("2020-12-03");
    let (id, requirements) = plan(drafter).await;
    let short = drafter.draft("KHOI", "Kế hoạch ngắn", json!({ "requirements": [study("2020-12-15"), study("2021-01-20")] })).await;
    drafter.issue(&short, "82-KH/ĐUK").await;
    let mut dice = Dice(11);
    let mut today = day("2020-12-03");
    while today < day("2021-03-10") {
        world.day(&today.to_string());
        match &*today.to_string() {
            "2020-12-27" => {
                operator.reorganize(json!([
                    { "establish": { "code": "NVTC", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Sở Nội vụ và Tài chính", "parent": unit("KHOI") } },
                    { "merge": { "units": [unit("SNV"), unit("STC")], "into": unit("NVTC") } },
                ])).await;
            }
            "2021-01-20" => {
                operator.reorganize(json!([{ "move": { "unit": unit("TTR"), "parent": unit("HUYEN") } }])).await;
            }
            "2021-02-04" => {
                drafter.step("concludeDirective", &short, json!({})).await.expect_no_errors("conclude");
            }
            _ => {}
        }
        for _ in 0..5 {
            something(&mut dice, (&below, &above), &requirements, &["SNV", "SNV-1", "SNV-2", "STC", "TTR", "NVTC"]).await;
        }
        today = today + Days::new(1 + u64::try_from(dice.roll(3)).unwrap());
        // The days on which the tree changes and a directive ends are among those that are lived.
        for lived in ["2020-12-27", "2021-01-20", "2021-02-04"].map(day) {
            if world.clock.today() < lived && lived < today {
                today = lived;
            }
        }
    }
    world.day("2021-03-12");
    id
}

both! {
    async fn c8_each_point_is_what_the_completion_of_its_day_tells(world: &World) {
        let drafter = bloc(world).await;
        let operator = world.operator().await;
        let id = a_quarter(world, &drafter, &operator).await;
        let (from, to) = (day("2020-11-30"), day("2021-03-12"));
        let days: Vec<Day> = TimeStep::Day.points(from, to).collect();
        let sets = [
            Set::of_unit("TINH", ""),
            Set::of_unit("KHOI", "span: BELOW,"),
            Set::of_unit("NVTC", ""),
            Set::of_unit("SNV", "span: OWN,"),
            Set::of_unit("TINH", "filter: { inForce: true },"),
            Set::of_unit("TINH", "filter: { inForce: false, kinds: [STUDY] },"),
            Set::of_unit("TINH", "filter: { due: { from: \"2021-01-01\", to: \"2021-01-31\" } },"),
            Set::of_unit("TINH", "filter: { dated: false },"),
            Set::of_unit("TINH", "filter: { unitKinds: [\"CELL\"] },"),
            Set::of_directive(&id, ""),
            Set::of_directive(&id, "unit: { code: \"KHOI\" }, through: LINEAGE,"),
        ];
        let mut seen = [0, 0, 0];
        for set in sets {
            for structure in ["NOW", "THEN"] {
                let told = set.timeline(&operator, structure, (from, to), "DAY").await;
                let wanted = set.completions(&operator, structure, &days).await;
                assert_eq!(told, wanted, "{} {} {structure}", set.owner, set.arguments);
                for (step, name) in [(TimeStep::Week, "WEEK"), (TimeStep::Month, "MONTH")] {
                    let ends: Vec<String> = step.points(from, to).map(|end| end.to_string()).collect();
                    let some: Vec<&Value> = wanted.iter().filter(|point| ends.iter().any(|end| point["on"] == *end)).collect();
                    let told = set.timeline(&operator, structure, (from, to), name).await;
                    assert_eq!(told.iter().collect::<Vec<_>>(), some, "{} {} {structure} {name}", set.owner, set.arguments);
                }
                for (at, name) in ["bound", "fulfilled", "overdue"].into_iter().enumerate() {
                    let mut numbers: Vec<&Value> = told.iter().map(|point| &point[name]).collect();
                    numbers.dedup();
                    seen[at] += numbers.len();
                }
            }
        }
        assert!(seen.iter().all(|changes| *changes > 50), "the quarter is too quiet: {seen:?}");

        let known = world.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        world.day("2021-03-13");
        let correction = json!({ "input": { "title": "Ghi bổ sung", "effectiveOn": "2021-02-15", "changes": [{ "move": { "unit": unit("TTR"), "parent": unit("KHOI") } }] } });
        operator.data(REORGANIZE, correction).await;
        let (from, to) = (day("2021-02-01"), day("2021-03-13"));
        let days: Vec<Day> = TimeStep::Day.points(from, to).collect();
        let mut told = Vec::new();
        for arguments in ["span: BELOW,".to_owned(), format!("span: BELOW, asKnownAt: \"{known}\",")] {
            let set = Set::of_unit("KHOI", &arguments);
            let points = set.timeline(&operator, "THEN", (from, to), "DAY").await;
            assert_eq!(points, set.completions(&operator, "THEN", &days).await, "{arguments}");
            told.push(points);
        }
        assert_eq!(told[0][..14], told[1][..14], "a correction changes nothing before its day");
        let last = |told: &[Value]| told.last().unwrap()["bound"].as_i64().unwrap();
        assert!(last(&told[0]) > last(&told[1]), "the cell that came back is bound again, and was not known to be there");
    }

    async fn c8_a_timeline_is_cut_at_today_and_at_the_day_that_is_asked_for(world: &World) {
        let drafter = bloc(world).await;
        let (id, requirements) = plan(&drafter).await;
        let (below, above) = actors(world).await;
        world.day("2020-12-08");
        act(&below, "submitReports", report(vec![of(&requirements[1], "TTR")], json!({}))).await.expect_no_errors("report");
        act(&above, "acceptReports", json!({ "obligations": [of(&requirements[1], "TTR")] })).await.expect_no_errors("accept");
        world.day("2020-12-16");
        let query = format!("query($id: ID!, $on: Date, $from: Date!, $to: Date!, $step: TimeStep) {{ directive(by: {{ id: $id }}) {{ completion(on: $on) {{ counted onTime late overdue timeline(from: $from, to: $to, step: $step) {{ {POINT} }} }} }} }}");
        let asked = async |on: Option<&str>, from: &str, to: &str, step: Option<&str>| {
            let answer = drafter.data(&query, json!({ "id": id, "on": on, "from": from, "to": to, "step": step })).await;
            let set = answer.at("/directive/completion").clone();
            let points: Vec<String> = answer.texts("/directive/completion/timeline", "/on");
            (points, set)
        };
        let (points, set) = asked(None, "2020-12-14", "2021-05-01", None).await;
        assert_eq!(points, ["2020-12-14", "2020-12-15", "2020-12-16"], "cut at today; a day a point where nothing is said");
        let last = &set["timeline"][2];
        assert_eq!((&last["bound"], &last["fulfilled"], &last["overdue"]), (&set["counted"], &json!(1), &set["overdue"]), "the last is the tally of its day");
        assert_eq!(asked(None, "2020-12-09", "2021-05-01", Some("WEEK")).await.0, ["2020-12-13", "2020-12-16"]);
        assert_eq!(asked(None, "2020-11-20", "2021-05-01", Some("MONTH")).await.0, ["2020-11-30", "2020-12-16"]);
        assert_eq!(asked(None, "2020-11-20", "2020-11-25", Some("MONTH")).await.0, ["2020-11-25"], "cut at `to`");
        let each = format!("query($id: ID!) {{ directive(by: {{ id: $id }}) {{ completion {{ timeline(from: \"2020-11-30\", to: \"2020-12-16\") {{ {POINT} }} }} requirements {{ completion {{ timeline(from: \"2020-11-30\", to: \"2020-12-16\") {{ {POINT} }} }} }} }} }}");
        let each = drafter.data(&each, json!({ "id": id })).await;
        for at in 0..17 {
            let number = |of: &str, name: &str| each.number(&format!("/directive{of}/completion/timeline/{at}/{name}"));
            for name in ["bound", "fulfilled", "overdue"] {
                let sum: i64 = (0..3).map(|requirement| number(&format!("/requirements/{requirement}"), name)).sum();
                assert_eq!(sum, number("", name), "{name} at {at}");
            }
        }
        let (points, set) = asked(Some("2020-12-08"), "2020-12-07", "2020-12-31", None).await;
        assert_eq!(points, ["2020-12-07", "2020-12-08"], "what came after that day is not known to it");
        assert_eq!((&set["timeline"][0]["fulfilled"], &set["timeline"][1]["fulfilled"]), (&json!(0), &json!(1)));

        for (on, from, to, path) in [(None, "2020-12-16", "2020-12-15", "to"), (None, "2020-12-17", "2020-12-31", "from"), (Some("2020-12-08"), "2020-12-09", "2020-12-10", "from")] {
            let refused = drafter.ask(&query, json!({ "id": id, "on": on, "from": from, "to": to, "step": null })).await;
            let told = refused.body.pointer("/errors/0/extensions").unwrap().clone();
            assert_eq!((&told["code"], &told["rule"]), (&json!("INVALID"), &json!("C8")), "{refused:?}");
            assert!(told.to_string().contains(&format!("\"{path}\"")), "it says which argument: {told}");
        }
        let long = drafter.ask(&query, json!({ "id": id, "on": null, "from": "2015-01-01", "to": "2020-12-16", "step": "DAY" })).await;
        assert_eq!(long.error_code(), "LIMIT_EXCEEDED");
        let words = long.body.pointer("/errors/0/message").unwrap().to_string();
        assert!(words.contains("`2177`") && words.contains("`1000`") && words.contains("`step`"), "it says how to stay under the limit: {words}");
        assert_eq!(asked(None, "2015-01-01", "2020-12-16", Some("WEEK")).await.0.len(), 312);
        let ages = drafter.ask(&query, json!({ "id": id, "on": null, "from": "0001-01-01", "to": "9999-12-31", "step": "MONTH" })).await;
        assert_eq!(ages.error_code(), "LIMIT_EXCEEDED");
    }

    async fn c10_statements_do_not_grow_with_the_timelines_of_a_list(world: &World) {
        let drafter = bloc(world).await;
        let operator = world.operator().await;
        plan(&drafter).await;
        for (on, moved, to) in [("2020-12-10", "STC", "HUYEN"), ("2020-12-20", "STC", "KHOI")] {
            world.day(on);
            operator.reorganize(json!([{ "move": { "unit": unit(moved), "parent": unit(to) } }])).await;
        }
        world.day("2021-01-05");
        for structure in ["NOW", "THEN"] {
            let timeline = "timeline(from: \"2020-12-01\", to: \"2021-01-05\", step: WEEK) { on bound }";
            let query = format!("query($first: Int) {{ orgUnit(by: {{ code: \"KHOI\" }}) {{ children(first: $first) {{ nodes {{ completion(structure: {structure}) {{ {timeline} breakdown(by: DUE_MONTH, first: 3) {{ nodes {{ key completion {{ {timeline} obligations(first: 1) {{ totalCount }} }} }} }} }} }} }} }} }}");
            operator.data(&query, json!({ "first": 1 })).await;
            let (few, many) = (statements(&operator, &query, json!({ "first": 1 })).await, statements(&operator, &query, json!({ "first": 3 })).await);
            assert_eq!(few, many, "{structure}");
        }
    }
}

both! {
    async fn c8_a_timeline_on_too_many_trees_is_refused_with_a_way_out(home: &Home) {
        let mut config = home.config();
        config.limits.timeline_trees = 2;
        let clock = Clock::fixed_at(config.zone, FIRST_DAY.parse().unwrap());
        let world = World::begin_by(config, clock).await;
        let drafter = bloc(&world).await;
        let operator = world.operator().await;
        plan(&drafter).await;
        for (on, to) in [("2020-12-10", "HUYEN"), ("2020-12-20", "KHOI")] {
            world.day(on);
            operator.reorganize(json!([{ "move": { "unit": unit("STC"), "parent": unit(to) } }])).await;
        }
        world.day("2021-01-05");
        let query = "query($from: Date!, $step: TimeStep, $structure: Structure) { completion(unit: { code: \"KHOI\" }, structure: $structure) { timeline(from: $from, to: \"2021-01-05\", step: $step) { bound } } }";
        let ask = async |from: &str, step: &str, structure: &str| operator.ask(query, json!({ "from": from, "step": step, "structure": structure })).await;
        let refused = ask("2020-12-01", "DAY", "THEN").await;
        assert_eq!(refused.error_code(), "LIMIT_EXCEEDED");
        let words = refused.body.pointer("/errors/0/message").unwrap().to_string();
        assert!(words.contains("`3`") && words.contains("`2`") && words.contains("`structure: NOW`"), "{words}");
        for (from, step, structure) in [("2020-12-11", "DAY", "THEN"), ("2020-12-01", "MONTH", "THEN"), ("2020-12-01", "DAY", "NOW")] {
            assert_eq!(ask(from, step, structure).await.error_code(), "(no error)", "{from} {step} {structure}");
        }
        world.end().await;
    }
}
