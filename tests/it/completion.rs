//! Completion over HTTP, on both databases (section 7).

mod figures;
mod indicators;
mod life;
mod lists;
mod past;
mod places;
mod rows;
mod timeline;

use std::collections::BTreeSet;
use std::sync::Arc;

use chidao::store::completions::{AsOf, Grain, ObligationsCounted, Subject, load_counts};
use chidao::store::obligations::Reach;
use chidao_domain::completion::{Group, Tally};
use chidao_domain::day::Day;
use chidao_domain::obligation::{State, Timing};
use serde_json::{Value, json};

use self::life::plan;
use crate::directives::{PROVINCE, bloc, study};
use crate::harness::{Answer, both};
use crate::statements::statements;

const STATES: [&str; 10] =
    ["PENDING", "ACKNOWLEDGED", "IN_PROGRESS", "REPORTED", "RETURNED", "FULFILLED", "EXEMPT", "RELEASED", "TRANSFERRED", "LAPSED"];

/// Every state with dates before, on and after today and none, counted and not.
fn every_timing(today: Day) -> Vec<(Timing, &'static str)> {
    let days = [None, Some(today.pred_opt().unwrap()), Some(today), Some(today.succ_opt().unwrap())];
    let mut timings = Vec::new();
    for (state, code) in State::ALL.into_iter().zip(STATES) {
        for due_on in days {
            for reported_on in days {
                for informative in [false, true] {
                    timings.push((Timing { state, due_on, reported_on, informative }, code));
                }
            }
        }
    }
    timings
}

/// Every number of a completion that parts must add up to.
const COUNTS: [&str; 17] = [
    "total",
    "counted",
    "onTime",
    "late",
    "openInTime",
    "overdue",
    "pending",
    "acknowledged",
    "inProgress",
    "reported",
    "returned",
    "fulfilled",
    "exempt",
    "released",
    "transferred",
    "lapsed",
    "informative",
];

/// Whatever a set is broken down by.
const DIMENSIONS: [&str; 5] = ["CHILD_UNIT", "UNIT_KIND", "REQUIREMENT", "DIRECTIVE", "DUE_MONTH"];

/// The numbers at a pointer, in the order of [`COUNTS`].
fn counts(answer: &Value, pointer: &str) -> Vec<i64> {
    let of = |name: &str| answer.pointer(&format!("{pointer}/{name}")).and_then(Value::as_i64);
    COUNTS.iter().map(|name| of(name).unwrap_or_else(|| panic!("no {name} at {pointer}: {answer:#?}"))).collect()
}

fn sum(parts: impl IntoIterator<Item = Vec<i64>>) -> Vec<i64> {
    parts.into_iter().fold(vec![0; COUNTS.len()], |sum, part| sum.iter().zip(part).map(|(one, other)| one + other).collect())
}

fn parts(of: &Value, breakdown: &str) -> Vec<Vec<i64>> {
    let nodes = of.pointer(&format!("{breakdown}/nodes")).and_then(Value::as_array).unwrap();
    nodes.iter().map(|part| counts(part, "/completion")).collect()
}

fn cells(answer: &Answer, pointer: &str) -> [i64; 6] {
    ["total", "counted", "onTime", "late", "openInTime", "overdue"].map(|name| answer.number(&format!("{pointer}/{name}")))
}

both! {
    async fn c1_the_database_and_the_core_agree_on_what_is_overdue_and_late(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let look = world.office.begin_unattended().await.unwrap();
        let (khoi, snv) = (look.forest().by_code("KHOI").unwrap().id, look.forest().by_code("SNV").unwrap().id);
        let today = look.today();
        drop(look);
        let (directive, requirements) = rows::directive(world, khoi).await;
        let timings = every_timing(today);
        // Every state with every date, most of which no obligation ever has: no steps and no reports stand behind them.
        world.tampered();
        rows::obligations(world, snv, directive, requirements, &timings).await;
        let look = world.office.begin_unattended().await.unwrap();
        for (at, (timing, _)) in timings.iter().enumerate() {
            let counted = ObligationsCounted { period: Some(Arc::from(rows::period(at))), ..ObligationsCounted::default() };
            let (sql, engine) = (look.sql(), look.engine());
            let answer = load_counts(sql, engine, AsOf::Now(today), &[Subject::Everything], &counted, Grain::Units).await.unwrap();
            let found: Tally = answer[0].iter().fold(Tally::default(), |sum, row| sum + row.tally);
            assert_eq!(found, Tally::of(Group::of(timing, today), 1), "{timing:?}");
        }
        let subjects = [Reach::Scope, Reach::Lineage].map(|through| Subject::Directives(BTreeSet::from([directive.into()]), through));
        for subject in subjects.into_iter().chain(requirements.map(|id| Subject::Requirement(id.into(), None))) {
            let (sql, engine) = (look.sql(), look.engine());
            let answer = load_counts(sql, engine, AsOf::Now(today), std::slice::from_ref(&subject), &ObligationsCounted::default(), Grain::Requirements).await.unwrap();
            let total: u32 = answer[0].iter().map(|row| row.tally.total()).sum();
            let expected = if matches!(subject, Subject::Requirement(..)) { timings.len() / 2 } else { timings.len() };
            assert_eq!(usize::try_from(total).unwrap(), expected, "{subject:?}");
        }
    }

    async fn c3_completion_is_read_only_for_units_under_a_grant(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let secretary = world.user("bi-thu-snv", "VIEWER", "SNV").await;
        let query = "query($code: String!) { completion(unit: { code: $code }) { on total counted completionRate dueRate units { bound } } }";
        let own = secretary.data(query, json!({ "code": "SNV-1" })).await;
        assert_eq!((own.number("/completion/total"), own.at("/completion/completionRate").is_null()), (0, true));
        assert_eq!(own.text("/completion/on"), "2020-12-01");
        for code in ["STC", "KHOI", "TINH"] {
            assert_eq!(secretary.ask(query, json!({ "code": code })).await.error_code(), "FORBIDDEN", "{code}");
        }
        assert_eq!(secretary.ask(query, json!({ "code": "XYZ" })).await.error_code(), "NOT_FOUND");
    }

    async fn c1_c2_c6_cells_rates_and_units_of_a_small_tree(world: &World) {
        let drafter = bloc(world).await;
        plan(world, &drafter).await;
        let query = format!("query($code: String!) {{ completion(unit: {{ code: $code }}) {{ {} completionRate dueRate dueWithin units {{ bound complete behind ended }} }} }}", COUNTS.join(" "));
        let khoi = drafter.data(&query, json!({ "code": "KHOI" })).await;
        assert_eq!(cells(&khoi, "/completion"), [13, 7, 1, 1, 4, 1]);
        let states = ["pending", "acknowledged", "inProgress", "reported", "returned", "fulfilled", "exempt", "informative"];
        assert_eq!(states.map(|state| khoi.number(&format!("/completion/{state}"))), [5, 1, 2, 1, 1, 2, 1, 5]);
        assert_eq!(khoi.at("/completion/completionRate").as_f64(), Some(2.0 / 7.0));
        assert_eq!(khoi.at("/completion/dueRate").as_f64(), Some(2.0 / 3.0));
        assert_eq!(*khoi.at("/completion/units"), json!({ "bound": 4, "complete": 0, "behind": 1, "ended": 0 }));
        let cell = drafter.data(&query, json!({ "code": "SNV-1" })).await;
        assert_eq!(cells(&cell, "/completion"), [2, 0, 0, 0, 0, 0]);
        assert!(cell.at("/completion/completionRate").is_null() && cell.at("/completion/dueRate").is_null());
        assert_eq!(*cell.at("/completion/units"), json!({ "bound": 0, "complete": 0, "behind": 0, "ended": 0 }));
    }

    async fn c10_parts_add_up_to_the_whole_for_every_unit_and_dimension(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let (numbers, part) = (COUNTS.join(" "), COUNTS.join(" "));
        let breakdowns: String = DIMENSIONS
            .map(|by| format!("{by}: breakdown(by: {by}, first: 10) {{ totalCount nodes {{ key completion {{ {part} }} }} }} "))
            .concat();
        let spans = ["OWN", "BELOW", "SUBTREE"].map(|span| format!("{span}: completion(span: {span}) {{ {numbers} {breakdowns} }} ")).concat();
        let query = format!("query($code: String!) {{ orgUnit(by: {{ code: $code }}) {{ {spans} }} }}");
        for code in ["KHOI", "SNV", "SNV-1", "TTR"] {
            let answer = drafter.data(&query, json!({ "code": code })).await;
            let unit = answer.at("/orgUnit");
            assert_eq!(sum(["/OWN", "/BELOW"].map(|span| counts(unit, span))), counts(unit, "/SUBTREE"), "{code}");
            for span in ["/OWN", "/BELOW", "/SUBTREE"] {
                for by in DIMENSIONS {
                    let parts = parts(unit, &format!("{span}/{by}"));
                    assert!(parts.iter().all(|part| part[0] > 0), "{code} {span} {by}");
                    assert_eq!(sum(parts), counts(unit, span), "{code} {span} {by}");
                }
            }
        }
        let whole = format!("query($id: ID!) {{ directive(by: {{ id: $id }}) {{ completion {{ {numbers} {breakdowns} }} requirements {{ completion {{ {numbers} }} }} }} }}");
        let answer = drafter.data(&whole, json!({ "id": plan })).await;
        let directive = answer.at("/directive");
        for by in DIMENSIONS {
            assert_eq!(sum(parts(directive, &format!("/completion/{by}"))), counts(directive, "/completion"), "{by}");
        }
        let requirements = directive.pointer("/requirements").and_then(Value::as_array).unwrap();
        assert_eq!(sum(requirements.iter().map(|requirement| counts(requirement, "/completion"))), counts(directive, "/completion"));
        assert_eq!(answer.texts("/directive/completion/CHILD_UNIT/nodes", "/key"), ["SNV", "STC", "TTR"]);
        assert_eq!(answer.texts("/directive/completion/DUE_MONTH/nodes", "/key"), ["2020-12", "NONE"], "no date is the last");
        assert_eq!(answer.texts("/directive/completion/UNIT_KIND/nodes", "/key"), ["GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "CELL"]);
    }

    async fn c10_a_breakdown_begins_with_the_worst_and_a_part_breaks_down_again(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let query = "query($id: ID!, $after: String) { directive(by: { id: $id }) { completion {
            breakdown(by: REQUIREMENT, orderBy: WORST_FIRST, first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
                label requirement { ordinal } directive { symbol } completion { total breakdown(by: CHILD_UNIT, orderBy: WORST_FIRST) { nodes { key label unit { code } completion { total overdue } } } } } } } } }";
        let first = drafter.data(query, json!({ "id": plan })).await;
        let at = "/directive/completion/breakdown";
        assert_eq!(first.number(&format!("{at}/totalCount")), 3);
        assert_eq!(first.text(&format!("{at}/nodes/0/label")), "Tổ chức thực hiện");
        assert_eq!(first.number(&format!("{at}/nodes/0/requirement/ordinal")), 2);
        assert_eq!(first.text(&format!("{at}/nodes/0/directive/symbol")), "81-KH/ĐUK");
        let cursor = first.text(&format!("{at}/pageInfo/endCursor"));
        let second = drafter.data(query, json!({ "id": plan, "after": cursor })).await;
        assert_eq!(second.number(&format!("{at}/nodes/0/requirement/ordinal")), 1);
        let units = format!("{at}/nodes/0/completion/breakdown/nodes");
        assert_eq!(second.texts(&units, "/key"), ["TTR", "SNV", "STC"]);
        assert_eq!(second.number(&format!("{units}/0/completion/overdue")), 1);
        let foreign = drafter.ask("query($id: ID!, $after: String) { directive(by: { id: $id }) { completion { breakdown(by: REQUIREMENT, after: $after) { nodes { key } } } } }", json!({ "id": plan, "after": cursor })).await;
        assert_eq!(foreign.error_code(), "INVALID");
    }

    async fn c3_without_a_unit_everything_counts_for_who_may_read_about_the_issuer(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let below = world.user("snv", "VIEWER", "SNV").await;
        let query = "query($id: ID!, $unit: OrgUnitRef) { directive(by: { id: $id }) { completion(unit: $unit) { total counted onTime late openInTime overdue } } }";
        assert_eq!(cells(&drafter.data(query, json!({ "id": plan })).await, "/directive/completion"), [13, 7, 1, 1, 4, 1]);
        let snv = json!({ "id": plan, "unit": { "code": "SNV" } });
        assert_eq!(cells(&below.data(query, snv).await, "/directive/completion"), [7, 3, 1, 0, 2, 0]);
        assert_eq!(below.ask(query, json!({ "id": plan })).await.error_code(), "FORBIDDEN");
        assert_eq!(below.ask(query, json!({ "id": plan, "unit": { "code": "STC" } })).await.error_code(), "FORBIDDEN");
        let spanned = "query($id: ID!) { directive(by: { id: $id }) { completion(span: SUBTREE) { total } } }";
        assert_eq!(drafter.ask(spanned, json!({ "id": plan })).await.error_code(), "INVALID");
    }

    async fn c3_filters_narrow_the_same_set(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let query = "query($filter: CompletionFilter) { completion(unit: { code: \"KHOI\" }, filter: $filter) { total counted onTime late openInTime overdue dueWithin(days: 30) } }";
        let rows = [
            (json!({ "inForce": true }), 13), (json!({ "inForce": false }), 0), (json!({ "kinds": ["STUDY"] }), 3), (json!({ "kinds": [] }), 13),
            (json!({ "unitKinds": ["CELL"] }), 4), (json!({ "due": { "from": "2020-12-20", "to": "2020-12-20" } }), 3),
            (json!({ "due": { "to": "2020-12-19" } }), 0), (json!({ "period": "2020-12" }), 0), (json!({ "directives": [{ "id": plan }] }), 13),
            (json!({ "directives": [{ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "81 -KH/ĐUK" } }], "unitKinds": ["GRASSROOTS_CELL"] }), 3),
        ];
        for (filter, total) in rows {
            assert_eq!(drafter.data(query, json!({ "filter": filter })).await.number("/completion/total"), total, "{filter}");
        }
        for filter in [json!({ "unitKinds": ["NOPE"] }), json!({ "directives": [{ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "9-KH/ĐUK" } }] })] {
            assert_eq!(drafter.ask(query, json!({ "filter": filter })).await.error_code(), "NOT_FOUND", "{filter}");
        }
        let days = "{ completion(unit: { code: \"KHOI\" }) { dueWithin(days: -1) } }";
        assert_eq!(drafter.ask(days, json!({})).await.error_code(), "INVALID");
    }

    async fn c4_a_lineage_counts_diamonds_once(world: &World) {
        let drafter = bloc(world).await;
        let implements = |ids: &[&String]| json!(ids.iter().map(|id| json!({ "kind": "IMPLEMENTS", "to": { "id": id } })).collect::<Vec<_>>());
        let mut ids: Vec<String> = Vec::new();
        for (symbol, above) in [("1-KH/ĐUK", vec![]), ("2-KH/ĐUK", vec![0]), ("3-KH/ĐUK", vec![0]), ("4-KH/ĐUK", vec![1, 2]), ("5-KH/ĐUK", vec![])] {
            let relations = implements(&above.iter().map(|&at: &usize| &ids[at]).collect::<Vec<_>>());
            let id = drafter.draft("KHOI", symbol, json!({ "relations": relations, "requirements": [study("2020-12-31")] })).await;
            drafter.issue(&id, symbol).await;
            ids.push(id);
        }
        let draft = drafter.draft("KHOI", "dự thảo", json!({ "relations": implements(&[&ids[0]]), "requirements": [study("2020-12-31")] })).await;
        let query = "query($id: ID!, $through: CascadeThrough!) { directive(by: { id: $id }) { completion(through: $through) { total breakdown(by: DIRECTIVE) { totalCount } } } }";
        let total = async |id: &str, through: &str| {
            drafter.data(query, json!({ "id": id, "through": through })).await.number("/directive/completion/total")
        };
        assert_eq!((total(&ids[0], "SCOPE").await, total(&ids[0], "LINEAGE").await), (3, 12));
        assert_eq!((total(&ids[1], "LINEAGE").await, total(&ids[3], "LINEAGE").await, total(&draft, "LINEAGE").await), (6, 3, 0));
        rows::relation(world, rows::uuid_of(&ids[4]).into(), "SUPPLEMENTS", rows::uuid_of(&ids[3]).into()).await;
        assert_eq!((total(&ids[0], "LINEAGE").await, total(&ids[2], "LINEAGE").await), (15, 9));
        let answer = drafter.data(query, json!({ "id": ids[0], "through": "LINEAGE" })).await;
        assert_eq!(answer.number("/directive/completion/breakdown/totalCount"), 5);
    }

    async fn c4_a_cascade_shows_each_level_with_its_own_documents(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let snv = world.user("snv", "DRAFTER", "SNV").await;
        let relations = json!([{ "kind": "IMPLEMENTS", "to": { "id": plan } }]);
        let own = snv.draft("SNV", "Kế hoạch của Sở", json!({ "relations": relations, "requirements": [study("2020-12-31")] })).await;
        snv.issue(&own, "2-KH/ĐU").await;
        let node = "unit { code } completion { total } implementing { symbol }";
        let query = format!("query($id: ID!, $unit: OrgUnitRef, $depth: Int) {{ directive(by: {{ id: $id }}) {{ cascade(unit: $unit, depth: $depth) {{ {node} children {{ {node} children {{ {node} children {{ {node} }} }} }} }} }} }}");
        let khoi = drafter.data(&query, json!({ "id": plan, "depth": 2 })).await;
        assert_eq!(khoi.number("/directive/cascade/completion/total"), 15, "the bloc's 13 and the two of its committee's own plan");
        assert_eq!(khoi.texts("/directive/cascade/children", "/unit/code"), ["SNV", "STC", "TTR"]);
        assert_eq!(khoi.texts("/directive/cascade/children/0/implementing", "/symbol"), ["2-KH/ĐU"]);
        assert_eq!(khoi.number("/directive/cascade/children/0/completion/total"), 9);
        assert_eq!(khoi.texts("/directive/cascade/children/0/children", "/unit/code"), ["SNV-1", "SNV-2"]);
        assert_eq!(khoi.at("/directive/cascade/children/0/children/0/children"), &json!([]));
        assert_eq!(khoi.at("/directive/cascade/implementing"), &json!([]));
        let below = snv.data(&query, json!({ "id": plan, "unit": { "code": "SNV" }, "depth": 0 })).await;
        assert_eq!((below.number("/directive/cascade/completion/total"), below.at("/directive/cascade/children")), (9, &json!([])));
        assert_eq!(snv.ask(&query, json!({ "id": plan, "depth": 1 })).await.error_code(), "FORBIDDEN");
        assert_eq!(drafter.ask(&query, json!({ "id": plan, "depth": 99 })).await.error_code(), "INVALID");
    }

    async fn c10_statements_do_not_grow_with_what_is_shown(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        for number in 0..4 {
            let id = drafter.draft("KHOI", "Kế hoạch khác", json!({ "requirements": [study("2020-12-31"), study("2020-12-30")] })).await;
            drafter.issue(&id, &format!("{}-KH/ĐUK", 90 + number)).await;
        }
        let part = "completion { total indicators { key } dueWithin breakdown(by: CHILD_UNIT, first: 5) { nodes { completion { total } } } }";
        let rows = [
            format!("query($first: Int) {{ orgUnit(by: {{ code: \"KHOI\" }}) {{ children(first: $first) {{ nodes {{ {part} lineage: completion(through: LINEAGE, filter: {{ directives: [{{ symbol: {{ issuer: {{ code: \"KHOI\" }}, symbol: \"81-KH/ĐUK\" }} }}] }}) {{ total }} }} }} }} }}"),
            format!("query($first: Int) {{ completion(unit: {{ code: \"KHOI\" }}) {{ breakdown(by: REQUIREMENT, first: $first) {{ nodes {{ requirement {{ title }} directive {{ title }} {part} }} }} }} }}"),
        ];
        for query in rows {
            let (few, many) = (statements(&drafter, &query, json!({ "first": 1 })).await, statements(&drafter, &query, json!({ "first": 3 })).await);
            assert_eq!(few, many, "{query}");
        }
        let cascade = |depth: i32| json!({ "id": plan, "depth": depth });
        let node = "completion { total } implementing { title }";
        let query = format!("query($id: ID!, $depth: Int) {{ directive(by: {{ id: $id }}) {{ cascade(depth: $depth) {{ {node} children {{ {node} children {{ {node} }} }} }} }} }}");
        assert_eq!(statements(&drafter, &query, cascade(1)).await, statements(&drafter, &query, cascade(2)).await);
    }

    async fn c11_who_may_see_a_completion_sees_all_of_it(world: &World) {
        bloc(world).await;
        for (issuer, symbol) in [("TINH", "1-KH/TU"), ("KHOI", "1-KH/ĐUK"), ("SNV", "1-KH/ĐU")] {
            let actor = world.user(&format!("soan-{issuer}"), "DRAFTER", issuer).await;
            let asked = json!({ "requirements": [{ "kind": "STUDY", "title": "Học tập", "scope": { "reach": "DESCENDANTS" } }] });
            let id = actor.draft(issuer, symbol, asked).await;
            actor.issue(&id, symbol).await;
        }
        let query = "{ completion(unit: { code: \"SNV\" }) { total counted informative onTime late openInTime overdue units { bound behind } breakdown(by: DIRECTIVE) { nodes { key completion { total } } } } }";
        let all = world.operator().await.data(query, json!({})).await;
        assert_eq!(all.texts("/completion/breakdown/nodes", "/key").len(), 3, "of the province, of the bloc and its own: {all:?}");
        for unit in ["TINH", "KHOI", "SNV"] {
            let viewer = world.user(&format!("xem-{unit}"), "VIEWER", unit).await;
            assert_eq!(viewer.data(query, json!({})).await.at("/completion"), all.at("/completion"), "{unit}");
        }
        for unit in ["SNV-1", "HUYEN"] {
            let viewer = world.user(&format!("xem-{unit}"), "VIEWER", unit).await;
            assert_eq!(viewer.ask(query, json!({})).await.error_code(), "FORBIDDEN", "{unit}: a part of the sum is no answer");
        }
    }

    async fn c10_every_number_opens_to_the_list_behind_it(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let lists = [("total", ""), ("late", "late: true, "), ("overdue", "overdue: true, "), ("exempt", "states: [EXEMPT], "), ("reported", "states: [REPORTED], "), ("returned", "states: [RETURNED], ")];
        let numbers: String = lists
            .map(|(number, which)| format!("{number} {number}List: obligations({which}first: 15) {{ totalCount nodes {{ state overdue late }} }} "))
            .concat();
        let query = format!("query($id: ID!, $by: CompletionDimension!) {{ directive(by: {{ id: $id }}) {{ completion {{ {numbers} breakdown(by: $by, first: 3) {{ nodes {{ completion {{ {numbers} }} }} }} }} }} }}");
        for (by, parts) in [("CHILD_UNIT", 3), ("UNIT_KIND", 3), ("REQUIREMENT", 3), ("DIRECTIVE", 1), ("DUE_MONTH", 2)] {
            let answer = drafter.data(&query, json!({ "id": plan, "by": by })).await;
            let whole = answer.at("/directive/completion");
            let nodes = whole.pointer("/breakdown/nodes").and_then(Value::as_array).unwrap();
            assert_eq!(nodes.len(), parts, "{by}");
            for set in std::iter::once(whole).chain(nodes.iter().map(|part| &part["completion"])) {
                for (number, _) in lists {
                    let list = &set[format!("{number}List")];
                    assert_eq!(set[number], list["totalCount"], "{by} {number}: {set:#?}");
                    let nodes = list["nodes"].as_array().unwrap();
                    assert_eq!(set[number], nodes.len(), "{by} {number}: {set:#?}");
                    let belongs = |node: &Value| number == "total" || node[number] == true || node["state"] == number.to_uppercase();
                    assert!(nodes.iter().all(belongs), "{by} {number}: {nodes:#?}");
                }
            }
        }
        let own = drafter.data("query($id: ID!) { directive(by: { id: $id }) { requirements { completion { obligations { nodes { unit { code } below { total } } } } } } }", json!({ "id": plan })).await;
        let nodes = own.at("/directive/requirements/1/completion/obligations/nodes").as_array().unwrap().clone();
        let snv = nodes.iter().find(|node| node["unit"]["code"] == "SNV").unwrap();
        assert_eq!(snv["below"]["total"], 2);
    }

    async fn c11_a_number_is_whole_where_the_list_behind_it_is_not_all_for_the_reader(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let above = world.user("tinh", "VIEWER", "TINH").await;
        world.operator().await.reorganize(json!([{ "move": { "unit": { "code": "STC" }, "parent": { "code": "TINH" } } }])).await;
        let numbers = "total fulfilled late informative breakdown(by: CHILD_UNIT) { nodes { key completion { total fulfilled late } } }";
        let query = format!("query($id: ID!) {{ directive(by: {{ id: $id }}) {{ completion {{ {numbers} obligations(first: 20) {{ totalCount nodes {{ unit {{ code }} }} }} }} }} }}");
        let (mut told, mut listed) = (Vec::new(), Vec::new());
        for reader in [&drafter, &above] {
            let answer = reader.data(&query, json!({ "id": plan })).await;
            let mut completion = answer.at("/directive/completion").clone();
            listed.push(completion.as_object_mut().unwrap().remove("obligations").unwrap());
            told.push(completion);
        }
        assert_eq!(told[0], told[1], "one truth for all who may see the number");
        assert_eq!((&told[0]["total"], &told[0]["fulfilled"], &told[0]["late"]), (&json!(13), &json!(2), &json!(1)));
        let outside = json!({ "key": "OUTSIDE", "completion": { "total": 3, "fulfilled": 1, "late": 1 } });
        assert!(told[0]["breakdown"]["nodes"].as_array().unwrap().contains(&outside), "{told:#?}");
        assert_eq!((&listed[0]["totalCount"], &listed[1]["totalCount"]), (&json!(10), &json!(13)));
        assert!(listed[0]["nodes"].as_array().unwrap().iter().all(|node| node["unit"]["code"] != "STC"), "A3");
    }
}
