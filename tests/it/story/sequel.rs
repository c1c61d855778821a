//! The sequel of the story, in 2025, told in assertions: reorganizations that are previewed, planned and take effect while duties are in
//! flight in two provinces; every open duty is traced from the old unit to the new one and back.

use std::collections::{BTreeMap, BTreeSet};

use chidao::demo;
use serde_json::{Value, json};

use super::batches::{end_of_the_bloc, merger_of_the_provinces};
use crate::harness::{Actor, Home, On, World, run_at_home};

const EFFECTS: &str = "unitsTouched obligationsTransferred obligationsReleased obligationsCreated
    grantsEnding { role unit { code } principal { ... on User { userName } } }";

/// What a unit owed when all was said: by id.
type Duties = BTreeMap<String, Value>;

/// Every obligation of the forest, as the inspector reads it.
async fn duties(inspector: &Actor<'_>) -> Duties {
    let query = "query($after: String) { obligations(filter: {}, first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        id state dueOn closingReason closedOn unit { code active } requirement { id title } directive { id issuer { code } }
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
            (true, None) => {
                let told = |duty: &Value| json!([duty["state"], duty["dueOn"], duty["closedOn"]]);
                let took_over = linked(is, "predecessors").len() > linked(was, "predecessors").len();
                assert!(is_open(is) && (took_over || told(is) == told(was)), "{is} was {was}");
            }
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

/// Whose grants end, and in which roles.
fn grants_ending(effects: &Value) -> BTreeSet<String> {
    let told = |grant: &Value| format!("{} {}", grant["principal"]["userName"].as_str().unwrap(), grant["role"].as_str().unwrap());
    effects["grantsEnding"].as_array().unwrap().iter().map(told).collect()
}

/// The operator gives up what the demonstration planned, and plans the same by hand: the preview says what the demonstration's plan said, and
/// neither changes any duty. Answers the effects.
async fn plan_by_hand([operator, inspector]: [&Actor<'_>; 2], foreseen: &Value, before: &Duties, mut batch: Value) -> Value {
    let cancel = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) { userErrors { message } } }";
    operator.data(cancel, json!({ "input": { "reorganization": foreseen["id"], "reason": "Xem lại phương án" } })).await;
    let reorganize = format!(
        "mutation($input: ReorganizeInput!) {{ reorganize(input: $input) {{ reorganization {{ status effects {{ {EFFECTS} }} }}
            userErrors {{ message path }} }} }}"
    );
    batch["preview"] = true.into();
    let previewed = operator.data(&reorganize, json!({ "input": batch })).await;
    let (position, previewed) =
        (previewed.body["extensions"]["position"].clone(), previewed.at("/reorganize/reorganization/effects").clone());
    assert_eq!(previewed, foreseen["effects"]);
    assert_eq!(duties(inspector).await, *before, "a preview writes nothing");
    let now = inspector.data("{ viewer { grants { role } } }", json!({})).await;
    assert_eq!(now.body["extensions"]["position"], position, "not even in the journal");
    batch["preview"] = false.into();
    let sent = operator.data(&reorganize, json!({ "input": batch })).await;
    let status = sent.text("/reorganize/reorganization/status");
    assert_eq!((status.as_str(), sent.at("/reorganize/reorganization/effects")), ("PLANNED", &previewed));
    assert_eq!(duties(inspector).await, *before, "nor does a plan");
    previewed
}

/// What is found by a name that a unit had.
async fn found_by(inspector: &Actor<'_>, name: &str) -> Vec<String> {
    let query = "query($name: String!) { orgUnits(filter: { search: $name }, first: 10) { nodes { code } } }";
    inspector.data(query, json!({ "name": name })).await.texts("/orgUnits/nodes", "/code")
}

/// The units directly below, on a day.
async fn children(inspector: &Actor<'_>, unit: &str, on: &str) -> Vec<String> {
    let query = "query($unit: OrgUnitRef!, $on: Date) { orgUnit(by: $unit, asOf: $on) { children { nodes { code } } } }";
    inspector.data(query, json!({ "unit": { "code": unit }, "on": on })).await.texts("/orgUnit/children/nodes", "/code")
}

/// "The bloc ends, its organizations go to two new committees and one elsewhere": previewed, planned, taking effect, traced.
async fn the_bloc_ends(home: &Home) {
    let told = Box::pin(demo::tell(&home.config(), Some("2025-01-20".parse().unwrap()))).await.unwrap();
    let world = World::begin_by(home.config(), told.clock).await;
    let (operator, inspector) = (world.person("quan-tri").await, world.person("thanh-tra").await);
    let foreseen = planned(&operator).await;
    assert_eq!(foreseen["effectiveOn"], "2025-02-01");

    let before = duties(&inspector).await;
    let summary = before.values().find(|duty| code(duty) == "KHOI-CQT" && duty["dueOn"] == "2025-06-30").unwrap();
    let batch = end_of_the_bloc(summary["requirement"]["id"].as_str().unwrap());
    let previewed = plan_by_hand([&operator, &inspector], &foreseen, &before, batch).await;
    assert_eq!(grants_ending(&previewed), ["khoi DRAFTER", "khoi SUPERVISOR"].map(str::to_owned).into(), "A1");

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
    let found = found_by(&inspector, "dang bo khoi cac co quan").await;
    assert!(found.contains(&"DB-CQD".into()) && found.contains(&"DB-UBND".into()), "{found:?}");
    assert!(children(&inspector, "TINH", "2025-01-31").await.contains(&"KHOI-CQT".into()));
    let now = children(&inspector, "TINH", "2025-02-01").await;
    let came = ["DB-CQD", "DB-UBND", "CQ-14"].iter().all(|code| now.contains(&(*code).into()));
    assert!(came && !now.contains(&"KHOI-CQT".into()), "{now:?}");
    world.end().await;
}

/// The provinces become one, and communes take over from districts; the second reorganization builds on what the first has made.
async fn the_provinces_become_one(home: &Home) {
    let told = Box::pin(demo::tell(&home.config(), Some("2025-06-16".parse().unwrap()))).await.unwrap();
    let world = World::begin_by(home.config(), told.clock).await;
    let (operator, inspector) = (world.person("quan-tri").await, world.person("thanh-tra").await);
    let foreseen = planned(&operator).await;
    let before = duties(&inspector).await;
    let resolution = before.values().find(|duty| code(duty) == "HUYEN-A" && duty["dueOn"] == "2021-01-14").unwrap();
    let batch = merger_of_the_provinces(resolution["directive"]["id"].as_str().unwrap());
    let previewed = plan_by_hand([&operator, &inspector], &foreseen, &before, batch).await;
    assert_eq!(grants_ending(&previewed), ["tinh-uy-hai DRAFTER", "tinh-uy-hai SUPERVISOR"].map(str::to_owned).into(), "A1");
    let districts = children(&inspector, "TINH", "2025-06-30").await;
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
    assert_eq!(traced, counts(&previewed));
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

    // Whom to ask is found by an old name, and the days before are as they were.
    assert_eq!(children(&inspector, "TINH", "2025-06-30").await, districts);
    assert!(districts.contains(&"HUYEN-A".into()) && !districts.contains(&"XA-A".into()), "{districts:?}");
    let second = found_by(&inspector, "tinh mau hai").await;
    assert!(second.contains(&"TINH".into()), "{second:?}");
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
