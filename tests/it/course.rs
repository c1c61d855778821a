//! The tree over time, over HTTP: units that end, plans, corrections, what is taken back, and what was known when (O5, O6, T4).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, both};

const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
      SNV-2 CELL Chi bộ 2
    STP GRASSROOTS_COMMITTEE Đảng bộ Sở Tư pháp
      STP-1 CELL Chi bộ 1
    TTR GRASSROOTS_CELL Chi bộ Thanh tra tỉnh
  DN BLOC Đảng bộ Khối doanh nghiệp
    DN-1 GRASSROOTS_CELL Chi bộ công ty
";

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) {
    preview reorganization { id title effectiveOn status effects { unitsTouched } changes { __typename
        ... on Merged { units { code active dissolvedOn } into { code } children { unit { code } from { code } to { code } } }
        ... on Split { unit { code } into { code } children { unit { code } } }
        ... on Dissolved { unit { code active } heir { code } children { unit { code } to { code } } }
        ... on Reopened { unit { code } parent { code } }
        ... on KindChanged { unit { code } from { code } to { code } moved { to { code } } } } }
    userErrors { code message path rule } } }";

fn unit(code: &str) -> Value {
    json!({ "code": code })
}

fn batch(title: &str, on: &str, changes: Value) -> Value {
    json!({ "input": { "title": title, "effectiveOn": on, "changes": changes } })
}

/// The codes of all active units in tree order, each as deep as it stands.
async fn tree(actor: &Actor<'_>, arguments: &str) -> String {
    let query = format!("{{ orgUnits(first: 100{arguments}) {{ nodes {{ code depth }} }} }}");
    let answer = actor.data(&query, json!({})).await;
    let nodes = answer.at("/orgUnits/nodes").as_array().unwrap().clone();
    let line = |node: &Value| {
        format!("{}{}", ".".repeat(usize::try_from(node["depth"].as_u64().unwrap()).unwrap()), node["code"].as_str().unwrap())
    };
    nodes.iter().map(line).collect::<Vec<_>>().join(" ")
}

async fn as_of(actor: &Actor<'_>, day: &str) -> String {
    tree(actor, &format!(", asOf: \"{day}\"")).await
}

fn id(answer: &Answer) -> String {
    answer.text("/reorganize/reorganization/id")
}

const WHOLE: &str = "TINH .KHOI ..SNV ...SNV-1 ...SNV-2 ..STP ...STP-1 ..TTR .DN ..DN-1";

both! {
    async fn o6_merged_units_end_and_stay_readable_and_an_old_name_finds_the_successor(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-10");
        let answer = operator.data(REORGANIZE, batch("Hợp nhất", "2020-12-10", json!([
            { "establish": { "code": "NVTP", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Sở Nội vụ và Tư pháp", "parent": unit("KHOI") } },
            { "merge": { "units": [unit("SNV"), unit("STP")], "into": unit("NVTP") } },
        ]))).await;
        assert_eq!(answer.text("/reorganize/reorganization/status"), "ENACTED");
        let merged = answer.at("/reorganize/reorganization/changes/1");
        assert_eq!(merged["units"], json!([{ "code": "SNV", "active": false, "dissolvedOn": "2020-12-10" }, { "code": "STP", "active": false, "dissolvedOn": "2020-12-10" }]));
        assert_eq!(merged["children"].as_array().unwrap().len(), 3);
        assert_eq!(tree(&operator, "").await, "TINH .KHOI ..NVTP ...SNV-1 ...STP-1 ...SNV-2 ..TTR .DN ..DN-1");
        assert_eq!(as_of(&operator, "2020-12-09").await, WHOLE, "days before show the tree as it was");

        let query = "{ orgUnit(by: { code: \"SNV\" }) { active dissolvedOn name path parent { code } children { totalCount } descendantCount
            successors { kind effectiveOn to { code active } reorganization { title } } predecessors { kind }
            revisions { validFrom validTo name correctedAt } } }";
        let told = operator.data(query, json!({})).await;
        assert_eq!((told.at("/orgUnit/active"), told.text("/orgUnit/dissolvedOn").as_str()), (&json!(false), "2020-12-10"));
        assert_eq!(told.text("/orgUnit/path"), "Đảng bộ tỉnh › Đảng bộ Khối các cơ quan tỉnh › Đảng bộ Sở Nội vụ");
        assert_eq!((told.number("/orgUnit/children/totalCount"), told.number("/orgUnit/descendantCount")), (0, 0));
        assert_eq!(told.at("/orgUnit/successors"), &json!([{ "kind": "MERGE", "effectiveOn": "2020-12-10", "to": { "code": "NVTP", "active": true }, "reorganization": { "title": "Hợp nhất" } }]));
        let heir = operator.data("{ orgUnit(by: { code: \"NVTP\" }) { predecessors { from { code } } successors { kind } } }", json!({})).await;
        assert_eq!(heir.texts("/orgUnit/predecessors", "/from/code"), ["SNV", "STP"]);
        let before = operator.data("{ orgUnit(by: { code: \"SNV\" }, asOf: \"2020-12-09\") { active successors { kind } descendantCount } }", json!({})).await;
        assert_eq!((before.at("/orgUnit/active"), before.at("/orgUnit/successors"), before.number("/orgUnit/descendantCount")), (&json!(true), &json!([]), 2));

        let search = "query($filter: OrgUnitFilter!) { orgUnits(filter: $filter) { nodes { code } } }";
        let found = operator.data(search, json!({ "filter": { "search": "so tu phap" } })).await;
        assert_eq!(found.texts("/orgUnits/nodes", "/code"), ["NVTP"], "an old name finds the successor");
        let found = operator.data(search, json!({ "filter": { "search": "so tu phap", "includeDissolved": true } })).await;
        assert_eq!(found.texts("/orgUnits/nodes", "/code"), ["STP", "NVTP"], "and the unit itself, which ranks first");
        let all = operator.data(search, json!({ "filter": { "includeDissolved": true, "under": { "code": "KHOI" } } })).await;
        assert_eq!(all.texts("/orgUnits/nodes", "/code"), ["KHOI", "NVTP", "SNV-1", "STP-1", "SNV-2", "TTR", "SNV", "STP"], "an ended unit stands at its place (C5)");
        let taken = operator.ask(REORGANIZE, batch("Lại", "2020-12-10", json!([{ "establish": { "code": "SNV", "kind": "GRASSROOTS_CELL", "name": "Khác", "parent": unit("KHOI") } }]))).await;
        assert!(taken.refusals()[0].starts_with("ALREADY_EXISTS O2 changes.0.establish.code"), "{:?}", taken.refusals());
    }

    async fn o6_every_way_to_end_and_to_begin_again(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-05");
        operator.data(REORGANIZE, batch("Tách", "2020-12-05", json!([
            { "establish": { "code": "SNV-B", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Ban Thi đua", "parent": unit("KHOI") } },
            { "split": { "unit": unit("SNV"), "into": [{ "into": unit("SNV") }, { "into": unit("SNV-B"), "children": [unit("SNV-2")] }] } },
        ]))).await;
        assert_eq!(tree(&operator, "").await, "TINH .KHOI ..SNV-B ...SNV-2 ..SNV ...SNV-1 ..STP ...STP-1 ..TTR .DN ..DN-1");
        world.day("2020-12-06");
        operator.data(REORGANIZE, batch("Giải thể", "2020-12-06", json!([
            { "dissolve": { "unit": unit("STP"), "heir": unit("SNV") } },
            { "dissolve": { "unit": unit("TTR") } },
        ]))).await;
        assert_eq!(tree(&operator, "").await, "TINH .KHOI ..SNV-B ...SNV-2 ..SNV ...SNV-1 ...STP-1 .DN ..DN-1");
        world.day("2020-12-07");
        operator.data(REORGANIZE, batch("Lập lại", "2020-12-07", json!([
            { "reopen": { "unit": unit("STP") } },
            { "reopen": { "unit": unit("TTR"), "parent": unit("DN") } },
            { "changeKind": { "unit": unit("SNV-B"), "kind": "GRASSROOTS_CELL" } },
            { "move": { "unit": unit("SNV-2"), "parent": unit("SNV") } },
        ]))).await;
        assert_eq!(tree(&operator, "").await, "TINH .KHOI ..SNV ...SNV-1 ...STP-1 ...SNV-2 ..STP ..SNV-B .DN ..DN-1 ..TTR", "its former children do not come back");
        let told = operator.data("{ orgUnit(by: { code: \"STP\" }) { active dissolvedOn establishedOn revisions { validFrom validTo } successors { kind to { code } } } }", json!({})).await;
        assert_eq!((told.at("/orgUnit/active"), told.at("/orgUnit/dissolvedOn"), told.text("/orgUnit/establishedOn").as_str()), (&json!(true), &json!(null), "2020-12-01"));
        assert_eq!(told.texts("/orgUnit/successors", "/kind"), ["HEIR"]);
        assert_eq!(as_of(&operator, "2020-12-06").await, "TINH .KHOI ..SNV-B ...SNV-2 ..SNV ...SNV-1 ...STP-1 .DN ..DN-1");
    }

    async fn o6_what_cannot_end_like_that_is_refused_with_its_place(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let refused = async |changes: Value| operator.ask(REORGANIZE, batch("Sai", "2020-12-01", changes)).await.refusals().join("\n");
        assert!(refused(json!([{ "dissolve": { "unit": unit("SNV") } }])).await.contains("INVALID O6 changes.0.dissolve.childrenTo"));
        assert!(refused(json!([{ "dissolve": { "unit": unit("SNV"), "heir": unit("STP") } }, { "merge": { "units": [unit("TTR")], "into": unit("SNV") } }])).await.contains("NOT_FOUND O6 changes.1.merge.into"));
        assert!(refused(json!([{ "reopen": { "unit": unit("SNV") } }])).await.contains("INVALID O6 changes.0.reopen.unit"));
        assert!(refused(json!([{ "split": { "unit": unit("SNV"), "into": [{ "into": unit("STP") }, { "into": unit("TTR") }] } }])).await.contains("INVALID O6 changes.0.split"));
        let nothing = operator.data("{ reorganizations { totalCount } }", json!({})).await;
        assert_eq!(nothing.number("/reorganizations/totalCount"), 1, "nothing is written");
    }

    async fn o5_a_plan_is_seen_on_its_day_and_can_be_cancelled(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-05");
        let planned = operator.data(REORGANIZE, batch("Dự kiến", "2021-03-01", json!([
            { "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ mới", "parent": unit("TINH") } },
            { "merge": { "units": [unit("KHOI"), unit("DN")], "into": unit("MOI") } },
        ]))).await;
        assert_eq!(planned.text("/reorganize/reorganization/status"), "PLANNED");
        assert_eq!(tree(&operator, "").await, WHOLE, "until its day the tree is as it was");
        let then = "TINH .MOI ..SNV ...SNV-1 ...SNV-2 ..STP ...STP-1 ..DN-1 ..TTR";
        assert_eq!(as_of(&operator, "2021-03-01").await, then);
        assert_eq!(as_of(&operator, "2021-02-28").await, WHOLE);

        // A second plan builds on the first; the first cannot go while it stands.
        let second = operator.data(REORGANIZE, batch("Tiếp theo", "2021-04-01", json!([{ "revise": { "unit": unit("MOI"), "name": "Đảng bộ các cơ quan Đảng" } }]))).await;
        let cancel = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) { reorganization { status takenBackBecause } userErrors { code message path rule } } }";
        let taking = |id: String| json!({ "input": { "reorganization": id, "reason": "chưa có chủ trương" } });
        let refused = operator.ask(cancel, taking(id(&planned))).await.refusals();
        assert!(refused[0].starts_with("LATER_FACT O5 reorganization") && refused[0].contains("Tiếp theo"), "{refused:?}");
        // A batch of today after which the plan would not hold is refused, and names it.
        let refused = operator.ask(REORGANIZE, batch("Hôm nay", "2020-12-05", json!([{ "dissolve": { "unit": unit("DN"), "heir": unit("KHOI") } }]))).await.refusals();
        assert!(refused[0].starts_with("LATER_FACT O5 effectiveOn") && refused[0].contains("Dự kiến"), "{refused:?}");
        // One that it still holds after is taken, and the plan goes on from it.
        operator.data(REORGANIZE, batch("Hôm nay", "2020-12-05", json!([{ "move": { "unit": unit("TTR"), "parent": unit("DN") } }, { "revise": { "unit": unit("SNV"), "name": "Đảng bộ Nội vụ" } }]))).await;
        assert_eq!(as_of(&operator, "2021-03-01").await, "TINH .MOI ..SNV ...SNV-1 ...SNV-2 ..STP ...STP-1 ..DN-1 ..TTR");

        operator.data(cancel, taking(id(&second))).await;
        let done = operator.data(cancel, taking(id(&planned))).await;
        assert_eq!(done.text("/cancelReorganization/reorganization/status"), "CANCELLED");
        assert_eq!(as_of(&operator, "2021-05-01").await, "TINH .KHOI ..SNV ...SNV-1 ...SNV-2 ..STP ...STP-1 .DN ..DN-1 ..TTR");
        assert!(operator.ask(cancel, taking(id(&planned))).await.refusals()[0].starts_with("STEP_NOT_ALLOWED O5"));
        let never = operator.data("{ orgUnit(by: { code: \"MOI\" }, asOf: \"2021-05-01\") { code } }", json!({})).await;
        assert_eq!(never.at("/orgUnit"), &json!(null), "a unit that only the plan made never came into being");
        let again = operator.data(REORGANIZE, batch("Lần nữa", "2021-03-01", json!([{ "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ mới", "parent": unit("TINH") } }]))).await;
        assert_eq!(again.text("/reorganize/reorganization/status"), "PLANNED", "and its code is free again");
        assert_eq!(as_of(&operator, "2021-03-01").await, "TINH .KHOI ..SNV ...SNV-1 ...SNV-2 ..STP ...STP-1 .DN ..DN-1 ..TTR .MOI");
    }

    async fn t4_a_correction_of_the_past_keeps_what_was_known(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-20");
        operator.reorganize(json!([{ "move": { "unit": unit("TTR"), "parent": unit("DN") } }])).await;
        let known = world.clock.now();
        world.day("2020-12-21");
        operator.data(REORGANIZE, batch("Ghi bổ sung", "2020-12-10", json!([
            { "establish": { "code": "CU", "kind": "GRASSROOTS_CELL", "name": "Chi bộ ghi sót", "parent": unit("KHOI") } },
            { "revise": { "unit": unit("TTR"), "name": "Chi bộ Thanh tra" } },
            { "move": { "unit": unit("STP"), "parent": unit("DN") } },
        ]))).await;
        let corrected = "TINH .KHOI ..SNV ...SNV-1 ...SNV-2 ..CU ..TTR .DN ..STP ...STP-1 ..DN-1";
        assert_eq!(as_of(&operator, "2020-12-10").await, corrected);
        assert_eq!(as_of(&operator, "2020-12-09").await, WHOLE);
        assert_eq!(tree(&operator, "").await, "TINH .KHOI ..SNV ...SNV-1 ...SNV-2 ..CU .DN ..STP ...STP-1 ..DN-1 ..TTR", "the later move goes on from it");
        let was_known = format!(", asOf: \"2020-12-10\", asKnownAt: \"{}\"", known.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
        assert_eq!(tree(&operator, &was_known).await, WHOLE, "the tree of the 10th as it was known on the 20th");
        let query = "{ orgUnit(by: { code: \"TTR\" }) { name revisions { validFrom validTo name parent { code } correctedAt reorganization { title } } } }";
        let told = operator.data(query, json!({})).await;
        assert_eq!(told.text("/orgUnit/name"), "Chi bộ Thanh tra", "a correction lasts through the later change");
        let now: Vec<String> = told.at("/orgUnit/revisions").as_array().unwrap().iter().filter(|row| row["correctedAt"].is_null())
            .map(|row| format!("{} {} {}", row["validFrom"].as_str().unwrap(), row["name"].as_str().unwrap(), row["parent"]["code"].as_str().unwrap())).collect();
        assert_eq!(now, ["2020-12-01 Chi bộ Thanh tra tỉnh KHOI", "2020-12-10 Chi bộ Thanh tra KHOI", "2020-12-20 Chi bộ Thanh tra DN"]);
        // What a later batch contradicts is refused, and that one is named.
        let refused = operator.ask(REORGANIZE, batch("Trái", "2020-12-15", json!([{ "dissolve": { "unit": unit("TTR"), "heir": unit("KHOI") } }]))).await.refusals();
        assert!(refused[0].starts_with("LATER_FACT O5 effectiveOn"), "{refused:?}");
    }

    async fn o5_a_mistake_is_annulled_as_an_event_of_today(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-10");
        let mistake = operator.data(REORGANIZE, batch("Nhầm", "2020-12-10", json!([
            { "establish": { "code": "NVTP", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ chung", "parent": unit("KHOI") } },
            { "merge": { "units": [unit("SNV"), unit("STP")], "into": unit("NVTP") } },
            { "revise": { "unit": unit("TTR"), "name": "Tên nhầm" } },
        ]))).await;
        world.day("2020-12-12");
        operator.reorganize(json!([{ "revise": { "unit": unit("DN-1"), "name": "Chi bộ công ty mới" } }])).await;
        world.day("2020-12-15");
        let annul = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { reorganization { status takenBackBecause } userErrors { code message path rule } } }";
        let taking = json!({ "input": { "reorganization": id(&mistake), "reason": "ghi nhầm quyết định" } });
        let done = operator.data(annul, taking.clone()).await;
        assert_eq!(done.text("/annulReorganization/reorganization/status"), "ANNULLED");
        assert_eq!(done.text("/annulReorganization/reorganization/takenBackBecause"), "ghi nhầm quyết định");
        assert_eq!(tree(&operator, "").await, WHOLE);
        assert_eq!(as_of(&operator, "2020-12-14").await, "TINH .KHOI ..NVTP ...SNV-1 ...STP-1 ...SNV-2 ..TTR .DN ..DN-1", "days before show the tree as it was");
        let query = "{ a: orgUnit(by: { code: \"NVTP\" }) { active dissolvedOn history { nodes { action } } } b: orgUnit(by: { code: \"TTR\" }) { name } c: orgUnit(by: { code: \"DN-1\" }) { name } d: orgUnit(by: { code: \"SNV\" }) { active successors { kind } } reorganizations { nodes { title status annuls { title } } } }";
        let told = operator.data(query, json!({})).await;
        assert_eq!((told.at("/a/active"), told.text("/a/dissolvedOn").as_str()), (&json!(false), "2020-12-15"));
        assert_eq!((told.text("/b/name"), told.text("/c/name")), ("Chi bộ Thanh tra tỉnh".into(), "Chi bộ công ty mới".into()), "later changes stay");
        assert_eq!((told.at("/d/active"), told.at("/d/successors")), (&json!(true), &json!([])));
        assert_eq!(told.text("/reorganizations/nodes/0/annuls/title"), "Nhầm");
        assert!(operator.ask(annul, taking).await.refusals()[0].starts_with("STEP_NOT_ALLOWED O5"));
        // One that a later batch builds on cannot be taken back before that one.
        world.day("2020-12-16");
        let first = operator.data(REORGANIZE, batch("Lập", "2020-12-16", json!([{ "establish": { "code": "X", "kind": "GRASSROOTS_CELL", "name": "X", "parent": unit("KHOI") } }]))).await;
        operator.reorganize(json!([{ "revise": { "unit": unit("X"), "name": "Y" } }])).await;
        let refused = operator.ask(annul, json!({ "input": { "reorganization": id(&first), "reason": "nhầm" } })).await.refusals();
        assert!(refused[0].starts_with("LATER_FACT O5 reorganization"), "{refused:?}");
    }

    async fn o5_a_unit_may_begin_and_end_on_one_day(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-10");
        operator.reorganize(json!([{ "establish": { "code": "X", "kind": "GRASSROOTS_CELL", "name": "Chi bộ một ngày", "parent": unit("KHOI") } }])).await;
        operator.reorganize(json!([{ "dissolve": { "unit": unit("X"), "heir": unit("SNV") } }])).await;
        assert_eq!(tree(&operator, "").await, WHOLE);
        let told = operator.data("{ orgUnit(by: { code: \"X\" }) { active dissolvedOn name successors { to { code } } } }", json!({})).await;
        assert_eq!((told.text("/orgUnit/name").as_str(), told.text("/orgUnit/dissolvedOn").as_str()), ("Chi bộ một ngày", "2020-12-10"));
        operator.reorganize(json!([{ "reopen": { "unit": unit("X") } }])).await;
        assert_eq!(tree(&operator, "").await, "TINH .KHOI ..SNV ...SNV-1 ...SNV-2 ..STP ...STP-1 ..X ..TTR .DN ..DN-1");
    }

    async fn o5_o9_annulling_gives_external_ids_back(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let eoffice = |value: &str| json!([{ "scheme": "eoffice", "value": value }]);
        let give = |code: &str, value: &str| json!({ "revise": { "unit": unit(code), "externalIds": eoffice(value) } });
        let held = async || {
            let nodes = operator.data("{ orgUnits(first: 100) { nodes { code externalIds { value } } } }", json!({})).await;
            let nodes = nodes.at("/orgUnits/nodes").as_array().unwrap().clone();
            let told = nodes.iter().filter_map(|node| Some(format!("{} {}", node["code"].as_str()?, node["externalIds"][0]["value"].as_str()?)));
            told.collect::<Vec<_>>().join(", ")
        };
        let annul = async |id: String| {
            let query = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { reorganization { status } userErrors { code message path rule } } }";
            operator.ask(query, json!({ "input": { "reorganization": id, "reason": "ghi nhầm" } })).await
        };
        world.day("2020-12-10");
        operator.reorganize(json!([give("SNV", "1"), give("STP", "2")])).await;
        // A mistake: it exchanges two, gives one to a third, and makes a unit with another.
        let mistake = operator.data(REORGANIZE, batch("Nhầm", "2020-12-10", json!([
            { "revise": { "unit": unit("SNV"), "externalIds": [] } }, give("STP", "1"), give("SNV", "2"), give("TTR", "3"),
            { "establish": { "code": "X", "kind": "GRASSROOTS_CELL", "name": "X", "parent": unit("KHOI"), "externalIds": eoffice("4") } },
        ]))).await;
        world.day("2020-12-12");
        operator.reorganize(json!([give("TTR", "5")])).await;
        assert_eq!(held().await, "SNV 2, STP 1, TTR 5, X 4");
        annul(id(&mistake)).await.expect_no_errors("annul");
        assert_eq!(held().await, "SNV 1, STP 2, TTR 5", "what a later batch gave stays");
        // What the unit that began by mistake had is free.
        let again = operator.data(REORGANIZE, batch("Lại", "2020-12-12", json!([give("DN-1", "4")]))).await;
        assert_eq!(held().await, "SNV 1, STP 2, TTR 5, DN-1 4");
        // What another unit has got since is not taken from it: the batch that gave it away cannot be taken back before that one.
        let away = operator.data(REORGANIZE, batch("Bỏ mã", "2020-12-12", json!([{ "revise": { "unit": unit("DN-1"), "externalIds": [] } }]))).await;
        operator.reorganize(json!([give("SNV-1", "4")])).await;
        let refused = annul(id(&away)).await.refusals();
        assert!(refused[0].contains("O9") && refused[0].contains("reorganization"), "{refused:?}");
        assert_eq!(held().await, "SNV 1, SNV-1 4, STP 2, TTR 5");
        annul(id(&again)).await.expect_no_errors("annul");
        assert_eq!(held().await, "SNV 1, SNV-1 4, STP 2, TTR 5", "it has none to give back");
    }
}
