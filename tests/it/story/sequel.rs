//! The sequel of the story, in 2025, told in assertions: reorganizations that are previewed, planned and take effect while duties are in
//! flight in two provinces; every open duty is traced from the old unit to the new one and back.

use std::collections::{BTreeMap, BTreeSet};

use chidao::demo;
use serde_json::{Value, json};

use crate::harness::{Actor, Home, On, World, run_at_home};

const EFFECTS: &str = "unitsTouched obligationsTransferred obligationsReleased obligationsCreated
    grantsEnding { role unit { code } principal { ... on User { userName } } }";

/// What a unit owed when all was said: by id.
type Duties = BTreeMap<String, Value>;

/// Every obligation of the forest, as the inspector reads it.
async fn duties(inspector: &Actor<'_>) -> Duties {
    let query = "query($after: String) { obligations(filter: {}, first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        id state dueOn closingReason closedOn unit { code active } requirement { id title } directive { issuer { code } }
        reasons { rule text } predecessors { id } successors { id } } } }";
    let (mut found, mut after) = (Duties::new(), Value::Null);
    loop {
        let page = inspector.data(query, json!({ "after": after })).await;
        for node in page.at("/obligations/nodes").as_array().unwrap() {
            found.insert(node["id"].as_str().unwrap().into(), node.clone());
        }
        if page.at("/obligations/pageInfo/hasNextPage") == false {
            return found;
        }
        after = page.at("/obligations/pageInfo/endCursor").clone();
    }
}

fn is_open(duty: &Value) -> bool {
    ["PENDING", "ACKNOWLEDGED", "IN_PROGRESS", "REPORTED", "RETURNED"].contains(&duty["state"].as_str().unwrap())
}

fn linked<'a>(duty: &'a Value, way: &str) -> Vec<&'a str> {
    duty[way].as_array().unwrap().iter().map(|other| other["id"].as_str().unwrap()).collect()
}

fn code(duty: &Value) -> &str {
    duty["unit"]["code"].as_str().unwrap()
}

/// The planned batch, which nothing else is.
async fn planned(actor: &Actor<'_>) -> Value {
    let query = format!("{{ reorganizations(first: 50) {{ nodes {{ id title status effectiveOn effects {{ {EFFECTS} }} }} }} }}");
    let answer = actor.data(&query, json!({})).await;
    let nodes = answer.at("/reorganizations/nodes").as_array().unwrap().clone();
    let mut planned: Vec<Value> = nodes.into_iter().filter(|node| node["status"] == "PLANNED").collect();
    assert_eq!(planned.len(), 1, "{planned:?}");
    planned.remove(0)
}

/// What has been fulfilled and how much there is, seen from the root of a province.
async fn completion(actor: &Actor<'_>, unit: &str) -> (i64, i64) {
    let query = "query($unit: OrgUnitRef!) { completion(unit: $unit) { total onTime late } }";
    let answer = actor.data(query, json!({ "unit": { "code": unit } })).await;
    (answer.number("/completion/onTime") + answer.number("/completion/late"), answer.number("/completion/total"))
}

/// Follows every duty over a reorganization: what was open at a unit that ends is handed to its heirs, or released with a reason; what was
/// open at a unit that stays is as it was; and each new duty leads back to those that it came from, but where its unit came into a scope.
/// Answers how many were transferred, released, created.
fn trace(before: &Duties, after: &Duties, heirs: &BTreeMap<&str, Vec<&str>>, newcomers: &[&str]) -> (i64, i64, i64) {
    let (mut transferred, mut released) = (0, 0);
    for (id, was) in before {
        let is = &after[id];
        assert_eq!(code(was), code(is), "a duty stays with the unit that had it");
        match (is_open(was), heirs.get(code(was))) {
            (false, _) => assert_eq!((&was["state"], &was["closedOn"]), (&is["state"], &is["closedOn"]), "S5: closed ones are history"),
            (true, None) => assert!(is_open(is), "{is} was {was}"),
            (true, Some(heirs)) => {
                let reason = is["closingReason"].as_str().unwrap_or_default();
                assert!(!reason.is_empty() && is["unit"]["active"] == false, "{is}");
                if is["state"] == "RELEASED" {
                    released += 1;
                    assert!(linked(is, "successors").is_empty(), "{is}");
                    continue;
                }
                assert_eq!(is["state"], "TRANSFERRED");
                transferred += 1;
                let to: BTreeSet<&str> = linked(is, "successors").into_iter().map(|next| code(&after[next])).collect();
                assert!(!to.is_empty() && to.iter().all(|to| heirs.contains(to)), "{is} went to {to:?}");
                for next in linked(is, "successors") {
                    let next = &after[next];
                    assert!(is_open(next) && linked(next, "predecessors").contains(&id.as_str()), "{next}");
                    assert_eq!(next["requirement"]["id"], was["requirement"]["id"]);
                    let dates = [was, next].map(|duty| duty["dueOn"].as_str().unwrap_or("9999"));
                    assert!(dates[0] <= dates[1], "S1: no date gets earlier: {was} {next}");
                }
            }
        }
    }
    let created: Vec<&Value> = after.iter().filter(|(id, _)| !before.contains_key(*id)).map(|(_, duty)| duty).collect();
    let mut bound_late = BTreeSet::new();
    for new in &created {
        let from = linked(new, "predecessors");
        assert!(is_open(new), "{new}");
        if from.is_empty() {
            assert_eq!(new["reasons"][0]["rule"], "LATE", "nothing comes from nowhere: {new}");
            bound_late.insert(code(new));
        }
        let told: BTreeSet<&str> = new["reasons"].as_array().unwrap().iter().map(|reason| reason["text"].as_str().unwrap()).collect();
        assert_eq!(told.len(), from.len().max(1), "B5: each reason names the unit that it came from: {new}");
        for old in from {
            assert!(is_open(&before[old]) && linked(&after[old], "successors").contains(&new["id"].as_str().unwrap()), "{new}");
        }
    }
    assert_eq!(bound_late, newcomers.iter().copied().collect(), "B4");
    (transferred, released, i64::try_from(created.len()).unwrap())
}

fn counts(effects: &Value) -> (i64, i64, i64) {
    let count = |name: &str| effects[name].as_i64().unwrap();
    (count("obligationsTransferred"), count("obligationsReleased"), count("obligationsCreated"))
}

fn unit(code: &str) -> Value {
    json!({ "code": code })
}

fn units(codes: &[&str]) -> Vec<Value> {
    codes.iter().map(|code| unit(code)).collect()
}

/// The end of the bloc, as a person would send it.
fn end_of_the_bloc(summary: &str) -> Value {
    let (party, government) = (["CQ-01", "CQ-02", "CQ-03", "CQ-04", "CQ-05"], ["CQ-06", "CQ-07", "CQ-08", "CQ-10"]);
    json!({
        "title": "Kết thúc hoạt động Đảng bộ Khối", "effectiveOn": "2025-02-01",
        "changes": [
            { "establish": { "code": "DB-CQD", "kind": "BLOC", "name": "Đảng bộ các cơ quan Đảng tỉnh Mẫu", "parent": unit("TINH") } },
            { "establish": { "code": "DB-UBND", "kind": "BLOC", "name": "Đảng bộ Uỷ ban nhân dân tỉnh Mẫu", "parent": unit("TINH") } },
            { "establish": { "code": "CQ-15", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Cơ quan Mẫu 15", "parent": unit("DB-UBND") } },
            { "merge": { "units": units(&["CQ-09", "CQ-11"]), "into": unit("CQ-15") } },
            { "merge": { "units": units(&["CQ-10", "CQ-12"]), "into": unit("CQ-10") } },
            { "dissolve": { "unit": unit("CQ-13"), "heir": unit("CQ-08") } },
            { "move": { "unit": unit("CQ-14"), "parent": unit("TINH") } },
            { "split": { "unit": unit("KHOI-CQT"), "into": [
                { "into": unit("DB-CQD"), "children": units(&party) }, { "into": unit("DB-UBND"), "children": units(&government) },
            ] } },
        ],
        "decisions": [{ "requirements": [summary], "from": unit("KHOI-CQT"), "action": "TRANSFER", "to": unit("DB-CQD"), "reason": "Bàn giao hồ sơ." }],
    })
}

/// "The bloc ends, its organizations go to two new committees and one elsewhere": previewed, planned, taking effect, traced.
async fn the_bloc_ends(home: &Home) {
    let told = Box::pin(demo::tell(&home.config(), Some("2025-01-20".parse().unwrap()))).await.unwrap();
    let world = World::begin_by(home.config(), told.clock).await;
    let (operator, inspector) = (world.person("quan-tri").await, world.person("thanh-tra").await);
    let foreseen = planned(&operator).await;
    assert_eq!(foreseen["effectiveOn"], "2025-02-01");

    // The operator gives the plan up, and plans the same by hand: the preview says what the demonstration's plan said.
    let cancel = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) { userErrors { message } } }";
    operator.data(cancel, json!({ "input": { "reorganization": foreseen["id"], "reason": "Xem lại phương án" } })).await;
    let before = duties(&inspector).await;
    let summary = before.values().find(|duty| code(duty) == "KHOI-CQT" && duty["dueOn"] == "2025-06-30").unwrap();
    let mut batch = end_of_the_bloc(summary["requirement"]["id"].as_str().unwrap());
    let reorganize = format!(
        "mutation($input: ReorganizeInput!) {{ reorganize(input: $input) {{ reorganization {{ status effects {{ {EFFECTS} }} }}
            userErrors {{ message path }} }} }}"
    );
    batch["preview"] = true.into();
    let previewed = operator.data(&reorganize, json!({ "input": batch })).await.at("/reorganize/reorganization/effects").clone();
    assert_eq!(previewed, foreseen["effects"]);
    assert_eq!(duties(&inspector).await, before, "a preview writes nothing");
    batch["preview"] = false.into();
    let sent = operator.data(&reorganize, json!({ "input": batch })).await;
    assert_eq!(
        (sent.text("/reorganize/reorganization/status").as_str(), sent.at("/reorganize/reorganization/effects")),
        ("PLANNED", &previewed)
    );
    let ending: BTreeSet<String> = previewed["grantsEnding"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| format!("{} {}", grant["principal"]["userName"], grant["role"]))
        .collect();
    assert_eq!(ending, ["\"khoi\" \"DRAFTER\"", "\"khoi\" \"SUPERVISOR\""].map(str::to_owned).into(), "A1");
    assert_eq!(duties(&inspector).await, before, "nor does a plan");

    // Its day comes.
    let fulfilled = completion(&inspector, "TINH").await;
    operator.pass_to("2025-02-01").await;
    let (operator, inspector) = (world.person("quan-tri").await, world.person("thanh-tra").await);
    let enacted =
        operator.data(&format!("{{ reorganizations(first: 1) {{ nodes {{ status effects {{ {EFFECTS} }} }} }} }}"), json!({})).await;
    assert_eq!(enacted.at("/reorganizations/nodes/0"), &json!({ "status": "ENACTED", "effects": previewed }));
    let after = duties(&inspector).await;
    let heirs = BTreeMap::from([
        ("KHOI-CQT", vec!["DB-CQD", "DB-UBND"]),
        ("CQ-09", vec!["CQ-15"]),
        ("CQ-11", vec!["CQ-15"]),
        ("CQ-12", vec!["CQ-10"]),
        ("CQ-13", vec!["CQ-08"]),
    ]);
    let traced = trace(&before, &after, &heirs, &["CQ-14"]);
    assert_eq!(traced, counts(&previewed));
    assert!(traced.0 > 20 && traced.1 > 0 && traced.2 > 5, "duties were in flight: {traced:?}");
    let after_id = |id: &Value| &after[id.as_str().unwrap()];
    let written: Vec<&str> = linked(after_id(&summary["id"]), "successors").into_iter().map(|next| code(&after[next])).collect();
    assert_eq!(written, ["DB-CQD"], "S4: one heir writes the summary");
    let now = completion(&inspector, "TINH").await;
    assert_eq!((now.0, now.1), (fulfilled.0, fulfilled.1 + traced.2), "C5: what is fulfilled stays, the total grows by what was created");

    // Who is asked today is found by the old name, and the days before are as they were.
    let found =
        inspector.data("{ orgUnits(filter: { search: \"dang bo khoi cac co quan\" }, first: 5) { nodes { code } } }", json!({})).await;
    let found = found.texts("/orgUnits/nodes", "/code");
    assert!(found.contains(&"DB-CQD".into()) && found.contains(&"DB-UBND".into()), "{found:?}");
    let children = "query($on: Date) { orgUnit(by: { code: \"TINH\" }, asOf: $on) { children { nodes { code } } } }";
    let at = async |on: &str| inspector.data(children, json!({ "on": on })).await.texts("/orgUnit/children/nodes", "/code");
    assert!(at("2025-01-31").await.contains(&"KHOI-CQT".into()));
    let now = at("2025-02-01").await;
    assert!(
        ["DB-CQD", "DB-UBND", "CQ-14"].iter().all(|code| now.contains(&(*code).into())) && !now.contains(&"KHOI-CQT".into()),
        "{now:?}"
    );
    world.end().await;
}

/// The provinces become one, and communes take over from districts; the second reorganization builds on what the first has made.
async fn the_provinces_become_one(home: &Home) {
    let told = Box::pin(demo::tell(&home.config(), Some("2025-06-16".parse().unwrap()))).await.unwrap();
    let world = World::begin_by(home.config(), told.clock).await;
    let (operator, inspector) = (world.person("quan-tri").await, world.person("thanh-tra").await);
    let foreseen = planned(&operator).await;
    let before = duties(&inspector).await;
    let fulfilled = [completion(&inspector, "TINH").await, completion(&inspector, "TINH-HAI").await];
    operator.pass_to("2025-07-01").await;
    let inspector = world.person("thanh-tra").await;
    let after = duties(&inspector).await;
    let heirs = BTreeMap::from([
        ("HA-01", vec!["XA-A"]),
        ("HA-02", vec!["XA-A"]),
        ("HUYEN-A", vec!["XA-A"]),
        ("HB-01", vec!["XA-B1"]),
        ("HUYEN-B", vec!["XA-B1", "XA-B2"]),
        ("HC-01", vec!["XA-C"]),
        ("HC-02", vec!["XA-C"]),
        ("HUYEN-C", vec!["XA-C"]),
        ("HD-01", vec!["XA-D"]),
        ("HD-02", vec!["XA-D"]),
        ("HUYEN-D", vec!["XA-D"]),
    ]);
    let traced = trace(&before, &after, &heirs, &["HD-03", "H2-CQ-01", "H2-CQ-02"]);
    assert_eq!(traced, counts(&foreseen["effects"]));
    let targets = |duties: &Duties| {
        let targets = duties.values().filter(|duty| code(duty).starts_with("HUYEN-") && duty["dueOn"] == "2021-01-14");
        targets.map(|duty| duty["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (targets(&before), targets(&after)),
        (vec!["PENDING".to_owned(); 2], vec!["RELEASED".to_owned(); 2]),
        "S4: not handed to communes"
    );
    let now = completion(&inspector, "TINH").await;
    assert_eq!(now.0, fulfilled[0].0 + fulfilled[1].0, "C5: the new province stands above both places");
    assert_eq!(now.1, fulfilled[0].1 + fulfilled[1].1 + traced.2);
    let roots = inspector.data("{ orgUnits(first: 100) { nodes { code depth } } }", json!({})).await;
    let nodes = roots.at("/orgUnits/nodes").as_array().unwrap();
    let roots: Vec<&Value> = nodes.iter().filter(|node| node["depth"] == 0).map(|node| &node["code"]).collect();
    assert_eq!(json!(roots), json!(["TINH"]));
    assert!(nodes.iter().all(|node| !node["code"].as_str().unwrap().starts_with("HUYEN-")));
    world.end().await;
}

/// Told to its end and served by a clock of today, nothing is left to do and everything holds together.
async fn the_demonstration_is_told_to_its_end(home: &Home) {
    let told = Box::pin(demo::tell(&home.config(), None)).await.unwrap();
    let accounts: Vec<String> = told.accounts.unwrap().iter().map(ToString::to_string).collect();
    assert!(!accounts.iter().any(|account| account.contains("KHOI-CQT") || account.ends_with("TINH-HAI")), "{accounts:#?}");
    let world = World::begin_by(home.config(), told.clock).await;
    assert_eq!(world.tick().await.len(), 0);
    let bloc = world.person("khoi").await;
    let listed = bloc.data("{ obligations(filter: { under: { code: \"DB-CQD\" } }) { totalCount } }", json!({})).await;
    assert!(listed.number("/obligations/totalCount") > 0);
    world.end().await;
}

macro_rules! on_both {
    ($($name:ident: $body:ident;)+) => {$(
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                run_at_home(On::Sqlite, |home| Box::pin($body(home)));
            }

            #[test]
            fn postgres() {
                run_at_home(On::Postgres, |home| Box::pin($body(home)));
            }
        }
    )+};
}

on_both! {
    s1_s2_s3_s4_when_the_bloc_ends_every_duty_is_traced: the_bloc_ends;
    s1_s2_s3_s4_when_provinces_become_one_every_duty_is_traced: the_provinces_become_one;
    s6_the_demonstration_is_told_to_its_end_today: the_demonstration_is_told_to_its_end;
}
