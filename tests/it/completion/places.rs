//! Units that have ended count, are read and stand for others where they stand today (A1, B6, C5, C6, C10).

use serde_json::{Value, json};

use super::life::{plan, requirements_of};
use super::{COUNTS, counts, parts, sum};
use crate::directives::{bloc, study};
use crate::harness::{Actor, World, both};
use crate::obligations::{act, of, report};

const DIMENSIONS: [&str; 4] = ["CHILD_UNIT", "UNIT_KIND", "REQUIREMENT", "DIRECTIVE"];

fn unit(code: &str) -> Value {
    json!({ "code": code })
}

/// All counts of a set, its lists, and its parts with theirs.
fn set_and_parts() -> String {
    let numbers = format!(
        "{} units {{ bound complete behind ended }} list: obligations(first: 1) {{ totalCount }}
         fulfilledList: obligations(states: [FULFILLED], first: 1) {{ totalCount }} overdueList: obligations(overdue: true, first: 1) {{ totalCount }}",
        COUNTS.join(" ")
    );
    let breakdowns = DIMENSIONS.map(|by| format!("{by}: breakdown(by: {by}, first: 9) {{ nodes {{ key completion {{ {numbers} }} }} }} "));
    format!("{numbers} {}", breakdowns.concat())
}

/// Every number of a set opens to a list of as many.
fn assert_lists_are_whole(set: &Value, of: &str) {
    for (number, list) in [("total", "list"), ("fulfilled", "fulfilledList"), ("overdue", "overdueList")] {
        assert_eq!(set[number], set[list]["totalCount"], "{of} {number}: {set:#?}");
    }
}

fn assert_adds_up(set: &Value, of: &str) {
    assert_lists_are_whole(set, of);
    for by in DIMENSIONS {
        assert_eq!(sum(parts(set, &format!("/{by}"))), counts(set, ""), "{of} {by}");
        for part in set[by]["nodes"].as_array().unwrap() {
            assert_lists_are_whole(&part["completion"], &format!("{of} {by} {}", part["key"]));
        }
    }
}

/// What somebody who reads everything is told of units, active and ended, and of the plan: parts and lists are as many as the whole says.
/// Answers the counts of each unit's subtree, and last of the plan.
async fn told(reader: &Actor<'_>, directive: &str, codes: &[&str]) -> Vec<Value> {
    let set = set_and_parts();
    let mut told = Vec::new();
    for code in codes {
        let mut spans = Vec::new();
        for span in ["OWN", "BELOW", "SUBTREE"] {
            let query = format!("query($code: String!) {{ completion(unit: {{ code: $code }}, span: {span}) {{ {set} }} }}");
            let answer = reader.data(&query, json!({ "code": code })).await.at("/completion").clone();
            assert_adds_up(&answer, &format!("{code} {span}"));
            spans.push(answer);
        }
        assert_eq!(sum([counts(&spans[0], ""), counts(&spans[1], "")]), counts(&spans[2], ""), "{code}");
        let under = "query($code: String!) { obligations(filter: { under: { code: $code } }, first: 1) { totalCount } }";
        let listed = reader.data(under, json!({ "code": code })).await;
        assert_eq!(&spans[2]["total"], listed.at("/obligations/totalCount"), "{code}: the list under a unit is what counts there");
        told.push(spans.remove(2));
    }
    let query = format!("query($id: ID!) {{ directive(by: {{ id: $id }}) {{ completion {{ {set} }} }} }}");
    let whole = reader.data(&query, json!({ "id": directive })).await.at("/directive/completion").clone();
    assert_adds_up(&whole, "the plan");
    told.push(whole);
    told
}

/// What has been done: it never changes by a change of the tree.
fn done_of(told: &[Value]) -> Vec<Value> {
    told.iter().map(|set| json!([set["fulfilled"], set["onTime"], set["late"]])).collect()
}

/// The units of a new bloc's committee, merged from two.
async fn merge(world: &World) {
    let changes = json!([
        { "establish": { "code": "NVTC", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Sở Nội vụ và Tài chính", "parent": unit("KHOI") } },
        { "merge": { "units": [unit("SNV"), unit("STC")], "into": unit("NVTC") } },
    ]);
    world.operator().await.reorganize(changes).await;
}

both! {
    async fn c5_what_has_been_fulfilled_does_not_change_above_both_places_and_all_parts_add_up(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let operator = world.operator().await;
        let before = told(&operator, &plan, &["TINH", "KHOI", "SNV", "STC", "TTR"]).await;
        let above = |told: &[Value]| done_of(&[told[0].clone(), told[1].clone(), told.last().unwrap().clone()]);
        let done = above(&before);
        assert_eq!(done[1], json!([2, 1, 1]));

        world.day("2020-12-26");
        merge(world).await;
        let merged = told(&operator, &plan, &["TINH", "KHOI", "NVTC", "SNV", "STC", "SNV-1", "TTR"]).await;
        assert_eq!(above(&merged), done);
        assert_eq!(done_of(&merged[2..3]), [json!([2, 1, 1])], "in the set of who took over");
        assert_eq!(done_of(&merged[3..5]), [json!([1, 1, 0]), json!([1, 0, 1])], "and each a part of its own");
        let part = |set: &Value, key: &str| set["CHILD_UNIT"]["nodes"].as_array().unwrap().iter().find(|part| part["key"] == key).cloned();
        for ended in ["SNV", "STC"] {
            let part = part(&merged[2], ended).unwrap();
            assert_eq!(part["completion"]["units"], json!({ "bound": 0, "complete": 0, "behind": 0, "ended": 1 }), "{ended}");
        }
        assert_eq!(merged[1]["units"]["ended"], 2, "C6");

        world.day("2020-12-27");
        operator.reorganize(json!([{ "dissolve": { "unit": unit("TTR") } }])).await;
        let dissolved = told(&operator, &plan, &["TINH", "KHOI", "NVTC", "TTR"]).await;
        assert_eq!(above(&dissolved), done);
        assert!(part(&dissolved[1], "TTR").is_some(), "without an heir it counts as a child of its last parent");

        world.day("2020-12-28");
        operator.reorganize(json!([
            { "establish": { "code": "NV", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Nội vụ", "parent": unit("KHOI") } },
            { "establish": { "code": "TC", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Tài chính", "parent": unit("KHOI") } },
            { "split": { "unit": unit("NVTC"), "into": [{ "into": unit("NV"), "children": [unit("SNV-1"), unit("SNV-2")] }, { "into": unit("TC") }] } },
        ])).await;
        let split = told(&operator, &plan, &["TINH", "KHOI", "NV", "TC", "SNV", "STC", "NVTC"]).await;
        assert_eq!(above(&split), done);
        assert!(part(&split[1], "SNV").is_some() && part(&split[1], "STC").is_some(), "several heirs of the heir: the last parent is the place");

        world.day("2020-12-29");
        operator.reorganize(json!([{ "move": { "unit": unit("NV"), "parent": unit("HUYEN") } }])).await;
        let moved = told(&operator, &plan, &["TINH", "KHOI", "HUYEN", "NV"]).await;
        assert_eq!((&done_of(&moved)[0], done_of(&moved).last()), (&done[0], done.last()));
        assert!(part(moved.last().unwrap(), "OUTSIDE").is_some(), "what stands elsewhere");
        assert!(part(moved.last().unwrap(), "SNV").is_some(), "what ended inside does not");

        world.day("2020-12-30");
        operator.reorganize(json!([{ "dissolve": { "unit": unit("KHOI"), "heir": unit("HUYEN") } }])).await;
        let gone = told(&operator, &plan, &["TINH", "HUYEN", "KHOI", "NV", "TC", "SNV"]).await;
        assert_eq!((&done_of(&gone)[0], done_of(&gone).last()), (&done[0], done.last()));
        assert_eq!(part(gone.last().unwrap(), "OUTSIDE"), None, "the issuer's place is HUYEN, and all stands there");
        world.day("2020-12-31");
        operator.reorganize(json!([{ "reopen": { "unit": unit("STC"), "parent": unit("TINH") } }])).await;
        let again = told(&operator, &plan, &["TINH", "HUYEN", "STC"]).await;
        assert_eq!((&done_of(&again)[0], done_of(&again).last()), (&done[0], done.last()));
        assert_eq!(done_of(&again)[2], json!([1, 0, 1]), "an active unit again, with what is its own");
    }

    async fn c10_an_ended_unit_is_a_part_with_its_name_its_kind_and_its_list(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        world.day("2020-12-26");
        merge(world).await;
        world.operator().await.reorganize(json!([{ "dissolve": { "unit": unit("TTR"), "heir": unit("NVTC") } }])).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { completion(unit: { code: \"NVTC\" }) {
            breakdown(by: CHILD_UNIT, first: 8) { nodes { key label unit { code active dissolvedOn path } completion { total fulfilled breakdown(by: CHILD_UNIT, first: 5) { nodes { key } }
                obligations(states: [FULFILLED], first: 5) { nodes { unit { code active } fulfilledOn latestReport { narrative } viewerCan } } } } }
            kinds: breakdown(by: UNIT_KIND, first: 5) { nodes { key completion { fulfilled obligations(states: [FULFILLED], first: 1) { totalCount } } } } } } }";
        let answer = drafter.data(query, json!({ "id": plan })).await;
        let nodes = answer.at("/directive/completion/breakdown/nodes").as_array().unwrap();
        let part = nodes.iter().find(|part| part["key"] == "STC").unwrap_or_else(|| panic!("{nodes:#?}"));
        assert_eq!(part["label"], "Đảng bộ Sở Tài chính");
        assert_eq!(part["unit"], json!({ "code": "STC", "active": false, "dissolvedOn": "2020-12-26", "path": "Đảng bộ tỉnh › Đảng bộ Khối các cơ quan tỉnh › Đảng bộ Sở Tài chính" }));
        assert_eq!(part["completion"]["breakdown"]["nodes"], json!([{ "key": "OWN" }]));
        let kept = json!([{ "unit": { "code": "STC", "active": false }, "fulfilledOn": "2020-12-23", "latestReport": { "narrative": "Đã tổ chức hội nghị." }, "viewerCan": [] }]);
        assert_eq!(part["completion"]["obligations"]["nodes"], kept);
        let kinds = answer.at("/directive/completion/kinds/nodes").as_array().unwrap();
        let committees = kinds.iter().find(|part| part["key"] == "GRASSROOTS_COMMITTEE").unwrap();
        assert_eq!(committees["completion"], json!({ "fulfilled": 2, "obligations": { "totalCount": 2 } }), "of its last kind");
        let filtered = drafter.data("{ completion(unit: { code: \"NVTC\" }, filter: { unitKinds: [\"GRASSROOTS_COMMITTEE\"] }) { fulfilled } obligations(filter: { under: { code: \"NVTC\" }, unitKinds: [\"GRASSROOTS_COMMITTEE\"], states: [FULFILLED] }) { totalCount } }", json!({})).await;
        assert_eq!((filtered.number("/completion/fulfilled"), filtered.number("/obligations/totalCount")), (2, 2));
        let by_tree = drafter.data("{ obligations(filter: { under: { code: \"KHOI\" } }, orderBy: TREE, first: 5) { nodes { unit { code } } pageInfo { endCursor } totalCount } }", json!({})).await;
        let (mut seen, mut after, total) = (by_tree.texts("/obligations/nodes", "/unit/code"), by_tree.text("/obligations/pageInfo/endCursor"), by_tree.number("/obligations/totalCount"));
        while i64::try_from(seen.len()).unwrap() < total {
            let next = drafter.data("query($after: String) { obligations(filter: { under: { code: \"KHOI\" } }, orderBy: TREE, first: 5, after: $after) { nodes { unit { code } } pageInfo { endCursor } } }", json!({ "after": after })).await;
            assert!(!next.texts("/obligations/nodes", "").is_empty(), "{seen:?}");
            seen.extend(next.texts("/obligations/nodes", "/unit/code"));
            after = next.text("/obligations/pageInfo/endCursor");
        }
        seen.dedup();
        assert!(seen.ends_with(&["SNV".into(), "STC".into(), "TTR".into()]), "the ended come last, each page after the other: {seen:?}");
    }

    async fn a1_who_reads_at_the_place_reads_what_has_ended_and_a_grant_ends_with_its_unit(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let [study, ..] = requirements_of::<3>(&drafter, &plan).await;
        let old = world.user("snv", "ADMIN", "SNV").await;
        assert_eq!(old.data("{ viewer { grants { role } } completion(unit: { code: \"SNV-1\" }) { total } }", json!({})).await.texts("/viewer/grants", "/role"), ["ADMIN"]);
        world.day("2020-12-26");
        merge(world).await;
        let ask = "query($requirement: ID!) { completion(unit: { code: \"SNV\" }) { total fulfilled } orgUnit(by: { code: \"SNV\" }) { viewerCan obligations { totalCount } bindings { nodes { directive { title } } } }
            obligation(by: { of: { requirement: $requirement, unit: { code: \"SNV\" } } }) { state reports { nodes { narrative } } history { nodes { action } } } directives { nodes { title } } journal(first: 100) { totalCount } }";
        let asked = json!({ "requirement": study });
        let heir = world.user("nvtc", "REPORTER", "NVTC").await;
        let read = heir.data(ask, asked.clone()).await;
        assert_eq!((read.number("/completion/fulfilled"), read.text("/obligation/state").as_str()), (1, "FULFILLED"));
        assert_eq!(read.at("/orgUnit/viewerCan"), &json!(["READ_COMPLETION"]));
        assert_eq!(read.texts("/obligation/reports/nodes", "/narrative"), ["Đã tổ chức hội nghị."]);
        assert!(!read.texts("/obligation/history/nodes", "/action").is_empty(), "the journal tells it at the place");
        assert_eq!(read.texts("/directives/nodes", "/title"), ["Kế hoạch học tập"], "what bound it is read where it stands");

        let nothing = old.data("{ viewer { grants { role } principal { grants { role } } } directives { totalCount } }", json!({})).await;
        assert_eq!((nothing.at("/viewer/grants"), nothing.number("/directives/totalCount")), (&json!([]), 0), "a grant ends with its unit");
        for code in ["SNV", "NVTC", "SNV-1"] {
            let refused = old.ask("query($code: String!) { completion(unit: { code: $code }) { total } }", json!({ "code": code })).await;
            assert_eq!(refused.error_code(), "FORBIDDEN", "{code}");
        }
        let beside = world.user("ttr", "VIEWER", "TTR").await;
        assert_eq!(beside.ask("{ completion(unit: { code: \"SNV\" }) { total } }", json!({})).await.error_code(), "FORBIDDEN");

        let above = world.user("giam-sat", "SUPERVISOR", "KHOI").await;
        let refusals = [
            act(&heir, "startObligations", json!({ "obligations": [of(&study, "SNV")] })).await,
            act(&heir, "submitReports", report(vec![of(&study, "SNV")], json!({}))).await,
            act(&above, "exemptObligations", json!({ "obligations": [of(&study, "SNV")], "reason": "Đã sáp nhập" })).await,
            act(&above, "extendDueDate", json!({ "obligations": [of(&study, "SNV")], "dueOn": "2021-06-30", "reason": "Đã sáp nhập" })).await,
            act(&above, "reopenObligation", json!({ "obligation": of(&study, "SNV"), "reason": "Sai" })).await,
        ];
        for answer in refusals {
            let refused = answer.refusals().join("\n");
            assert!(refused.starts_with("STEP_NOT_ALLOWED O6") || refused.starts_with("FORBIDDEN"), "{refused}");
        }
        let inbox = heir.data("{ viewer { inbox(first: 50) { nodes { unit { active } } } } }", json!({})).await;
        assert!(inbox.at("/viewer/inbox/nodes").as_array().unwrap().iter().all(|node| node["unit"]["active"] == true), "nothing is to be done for what has ended");
    }

    async fn b6_the_place_of_an_issuer_that_has_ended_stands_for_it(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let [study_asked, ..] = requirements_of::<3>(&drafter, &plan).await;
        let asked = json!({ "requirements": [study("2021-06-30")], "relations": [{ "kind": "IMPLEMENTS", "to": { "id": plan } }] });
        let draft = drafter.draft("SNV", "Kế hoạch cụ thể hóa", asked).await;
        let own = drafter.draft("KHOI", "Kế hoạch bổ sung", json!({})).await;
        world.day("2020-12-26");
        world.operator().await.reorganize(json!([{ "dissolve": { "unit": unit("KHOI"), "heir": unit("HUYEN") } }])).await;
        assert_eq!(drafter.data("{ directives { totalCount } }", json!({})).await.number("/directives/totalCount"), 0, "its grants have ended");

        let heir = world.user("huyen", "DRAFTER", "HUYEN").await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { status issuer { code active } viewerCan completion { total breakdown(by: CHILD_UNIT) { nodes { key } } } cascade { unit { code } } } }";
        let read = heir.data(query, json!({ "id": plan })).await;
        assert_eq!(read.at("/directive/issuer"), &json!({ "code": "KHOI", "active": false }), "what was issued names for ever who did");
        assert_eq!(read.texts("/directive/completion/breakdown/nodes", "/key"), ["SNV", "STC", "TTR"]);
        assert_eq!(read.text("/directive/cascade/unit/code"), "HUYEN");
        let found = heir.data("{ directive(by: { symbol: { issuer: { code: \"KHOI\" }, symbol: \"81-KH/ĐUK\" } }) { id } }", json!({})).await;
        assert_eq!(found.text("/directive/id"), plan);
        let below = world.user("tep", "VIEWER", "SNV-1").await;
        assert_eq!(below.data(query.replace("completion { total breakdown(by: CHILD_UNIT) { nodes { key } } } cascade { unit { code } }", "title").as_str(), json!({ "id": plan })).await.text("/directive/status"), "ISSUED");

        // Drafts: the place is the issuer (D2), and what implements a directive of the ended unit is drafted at its place or below (D4).
        let drafted = heir.data("query($id: ID!) { directive(by: { id: $id }) { issuer { code } viewerCan } }", json!({ "id": own })).await;
        assert_eq!(drafted.text("/directive/issuer/code"), "HUYEN");
        heir.issue(&own, "1-KH/HU").await;
        let issued = heir.data("query($id: ID!) { directive(by: { id: $id }) { issuer { code } status } orgUnit(by: { code: \"HUYEN\" }) { issued { nodes { symbol } } } }", json!({ "id": own })).await;
        assert_eq!((issued.text("/directive/issuer/code").as_str(), issued.text("/directive/status").as_str()), ("HUYEN", "ISSUED"));
        assert_eq!(issued.texts("/orgUnit/issued/nodes", "/symbol"), ["1-KH/HU"]);
        let snv = world.user("snv", "DRAFTER", "SNV").await;
        snv.issue(&draft, "2-KH/ĐU").await;

        // What the issuer verifies is verified at its place (L2).
        let reporter = world.user("bc-ttr", "REPORTER", "TTR").await;
        let asked_by_issuer = json!([{ "kind": "STUDY", "title": "Sơ kết", "verification": "ISSUER", "scope": { "reach": "DESCENDANTS", "kinds": ["GRASSROOTS_CELL"] } }]);
        // A scope of a draft reaches from an anchor that is active (B2).
        let other = heir.draft("HUYEN", "Sơ kết", json!({ "requirements": asked_by_issuer })).await;
        heir.issue(&other, "2-KH/HU").await;
        let [summed] = requirements_of(&heir, &other).await;
        world.operator().await.reorganize(json!([
            { "establish": { "code": "HUYEN-2", "kind": "DISTRICT", "name": "Đảng bộ huyện mới", "parent": unit("TINH") } },
            { "merge": { "units": [unit("HUYEN")], "into": unit("HUYEN-2") } },
        ])).await;
        act(&reporter, "submitReports", report(vec![of(&summed, "TTR")], json!({}))).await.expect_no_errors("report");
        let waits = "{ viewer { toVerify { nodes { unit { code } requirement { title } } } } }";
        let at_place = world.user("gs-huyen-2", "SUPERVISOR", "HUYEN-2").await;
        assert!(at_place.data(waits, json!({})).await.texts("/viewer/toVerify/nodes", "/requirement/title").contains(&"Sơ kết".to_owned()));
        let beside = world.user("gs-ttr", "SUPERVISOR", "TTR").await;
        assert!(beside.data(waits, json!({})).await.texts("/viewer/toVerify/nodes", "/requirement/title").is_empty());
        act(&at_place, "acceptReports", json!({ "obligations": [of(&summed, "TTR")] })).await.expect_no_errors("the place accepts");
        let heir = world.user("huyen-2", "DRAFTER", "HUYEN-2").await;

        // Exempting, extending and deciding are for the issuer's place or above (A2, L2).
        let (inside, above) = (world.user("gs-snv", "SUPERVISOR", "SNV").await, at_place);
        let exempt = json!({ "obligations": [of(&study_asked, "TTR")], "reason": "Đã sắp xếp" });
        assert!(act(&inside, "exemptObligations", exempt.clone()).await.refusals()[0].starts_with("NOT_FOUND"));
        act(&above, "exemptObligations", exempt).await.expect_no_errors("the place exempts");
        act(&above, "reopenObligation", json!({ "obligation": of(&study_asked, "STC"), "reason": "Số liệu sai" })).await.expect_no_errors("and reopens");
        let conclude = "mutation($input: ConcludeDirectiveInput!) { concludeDirective(input: $input) { directive { status } userErrors { code message path rule } } }";
        let concluded = heir.data(conclude, json!({ "input": { "directive": own, "summary": "Đã xong" } })).await;
        assert_eq!(concluded.text("/concludeDirective/directive/status"), "CONCLUDED");
    }
}
