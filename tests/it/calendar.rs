//! What the calendar does: planned reorganizations take effect on their day, once, whoever wakes up first (S6, O5, T1, J2).

use std::sync::Arc;

use chidao::clock::Clock;
use chidao::command::{Happened, Outcome};
use serde_json::{Value, json};

use crate::cli::chidao;
use crate::harness::{Actor, On, World, both, run_at_home};

const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
    STP GRASSROOTS_COMMITTEE Đảng bộ Sở Tư pháp
  DN BLOC Đảng bộ Khối doanh nghiệp
KHAC PROVINCIAL Đảng bộ tỉnh khác
";
const WHOLE: &str = "TINH .KHOI ..SNV ..STP .DN KHAC";
/// After [`merger`].
const MERGED: &str = "TINH .MOI ..SNV ..STP KHAC";

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) {
    reorganization { id status } userErrors { code message path rule } } }";
const CANCEL: &str = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) {
    reorganization { status } userErrors { code message path rule } } }";
const ANNUL: &str = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) {
    reorganization { status } userErrors { code message path rule } } }";

fn unit(code: &str) -> Value {
    json!({ "code": code })
}

/// Two blocs become a new one.
fn merger() -> Value {
    json!([
        { "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ mới", "parent": unit("TINH") } },
        { "merge": { "units": [unit("KHOI"), unit("DN")], "into": unit("MOI") } },
    ])
}

/// Records a batch; answers its id.
async fn plan(actor: &Actor<'_>, title: &str, on: &str, changes: Value) -> String {
    let input = json!({ "input": { "title": title, "effectiveOn": on, "changes": changes } });
    actor.data(REORGANIZE, input).await.text("/reorganize/reorganization/id")
}

/// Renames a unit as of a day.
async fn rename(actor: &Actor<'_>, code: &str, on: &str, name: &str) -> String {
    plan(actor, name, on, json!([{ "revise": { "unit": unit(code), "name": name } }])).await
}

/// The codes of all active units of a day (empty: today) in tree order, each as deep as it stands.
async fn tree(actor: &Actor<'_>, day: &str) -> String {
    let as_of = if day.is_empty() { String::new() } else { format!(", asOf: \"{day}\"") };
    let answer = actor.data(&format!("{{ orgUnits(first: 100{as_of}) {{ nodes {{ code depth }} }} }}"), json!({})).await;
    let nodes = answer.at("/orgUnits/nodes").as_array().unwrap().clone();
    let line = |node: &Value| {
        format!("{}{}", ".".repeat(usize::try_from(node["depth"].as_u64().unwrap()).unwrap()), node["code"].as_str().unwrap())
    };
    nodes.iter().map(line).collect::<Vec<_>>().join(" ")
}

/// The batches by title, each with where it stands, and why.
async fn batches(actor: &Actor<'_>) -> Vec<(String, String, String)> {
    let answer = actor.data("{ reorganizations(first: 50) { nodes { title status takenBackBecause } } }", json!({})).await;
    let text = |node: &Value, name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let nodes = answer.at("/reorganizations/nodes").as_array().unwrap();
    nodes.iter().map(|node| (text(node, "title"), text(node, "status"), text(node, "takenBackBecause"))).collect()
}

async fn status(actor: &Actor<'_>, title: &str) -> String {
    batches(actor).await.into_iter().find(|(known, ..)| known == title).map(|(_, status, _)| status).unwrap()
}

/// What the journal says of batches and units: `ACTION actor subject`, oldest first.
async fn told(actor: &Actor<'_>) -> Vec<String> {
    let query = "{ journal(first: 100) { nodes { action actor { __typename } subject { ... on Reorganization { title } ... on OrgUnit { code } } } } }";
    let answer = actor.data(query, json!({})).await;
    let line = |node: &Value| {
        let subject = node["subject"]["title"].as_str().or(node["subject"]["code"].as_str()).unwrap_or("-");
        format!("{} {} {subject}", node["action"].as_str().unwrap(), node["actor"]["__typename"].as_str().unwrap_or("nobody"))
    };
    let lines = answer.at("/journal/nodes").as_array().unwrap().iter().map(line);
    lines.filter(|line| line.contains("REORGANIZ")).collect()
}

async fn position(actor: &Actor<'_>) -> i64 {
    let answer = actor.data("{ orgUnits(first: 1) { totalCount } }", json!({})).await;
    answer.body.pointer("/extensions/position").unwrap().to_string().trim_matches('"').parse().unwrap()
}

fn titles(happened: &[Happened]) -> Vec<&str> {
    happened.iter().map(|some| some.title.as_str()).collect()
}

both! {
    async fn s6_a_planned_batch_takes_effect_once_on_its_day_and_nobody_did_it(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        world.day("2021-02-28");
        assert_eq!(world.tick().await, []);
        assert_eq!((tree(&operator, "").await.as_str(), status(&operator, "Hợp nhất").await.as_str()), (WHOLE, "PLANNED"));
        world.day("2021-03-01");
        assert_eq!(tree(&operator, "").await, MERGED, "the tree of its day is right even before the calendar was looked at");
        let before = told(&operator).await;
        let happened = world.tick().await;
        assert_eq!((titles(&happened), &happened[0].outcome), (vec!["Hợp nhất"], &Outcome::Enacted));
        assert_eq!((tree(&operator, "").await.as_str(), status(&operator, "Hợp nhất").await.as_str()), (MERGED, "ENACTED"));
        let entries = told(&operator).await;
        let mut new: Vec<&str> = entries[before.len()..].iter().map(String::as_str).collect();
        assert_eq!(new.remove(0), "REORGANIZATION_ENACTED nobody Hợp nhất");
        new.sort_unstable();
        let of = |code: &str| format!("REORGANIZATION_ENACTED nobody {code}");
        assert_eq!(new, [of("DN"), of("KHOI"), of("MOI"), of("MOI"), of("SNV"), of("STP")], "and the history of each unit tells it");
        let history = "{ orgUnit(by: { code: \"KHOI\" }) { dissolvedOn history(first: 50) { nodes { action reason actor { __typename } } } } }";
        let history = operator.data(history, json!({})).await;
        assert_eq!(history.texts("/orgUnit/history/nodes", "/action").pop().unwrap(), "REORGANIZATION_ENACTED");
        assert_eq!(history.text("/orgUnit/dissolvedOn"), "2021-03-01");
    }

    async fn s6_the_calendar_done_twice_does_nothing_and_writes_no_entry(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        world.day("2021-03-01");
        assert_eq!(world.tick().await.len(), 1);
        let reached = position(&operator).await;
        assert_eq!(world.tick().await, []);
        world.day("2021-03-09");
        assert_eq!(world.tick().await, [], "days on which nothing is due pass in silence");
        assert_eq!(position(&operator).await, reached);
    }

    async fn s6_a_write_of_the_day_comes_after_what_the_calendar_owes(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        world.day("2021-03-05");
        rename(&operator, "MOI", "2021-03-05", "Đảng bộ các cơ quan").await;
        let entries = told(&operator).await;
        let at = |line: &str| entries.iter().position(|entry| entry == line).unwrap_or_else(|| panic!("{line}: {entries:#?}"));
        assert!(at("REORGANIZATION_ENACTED nobody Hợp nhất") < at("REORGANIZED User Đảng bộ các cơ quan"));
        // A preview begins like the real thing.
        plan(&operator, "Đổi tên", "2021-04-01", json!([{ "revise": { "unit": unit("SNV"), "name": "Đảng bộ Nội vụ" } }])).await;
        world.day("2021-04-01");
        let input = json!({ "input": { "title": "Xem", "effectiveOn": "2021-04-01", "preview": true, "changes": [{ "move": { "unit": unit("SNV"), "parent": unit("TINH") } }] } });
        operator.data(REORGANIZE, input).await;
        assert_eq!(status(&operator, "Đổi tên").await, "ENACTED");
    }

    async fn o5_batches_of_one_day_take_effect_in_the_order_of_record(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        // What is planned last is due first; of one day the first recorded acts first, and the second builds on it.
        rename(&operator, "SNV", "2021-03-02", "Tên thứ ba").await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        rename(&operator, "MOI", "2021-03-01", "Tên thứ hai").await;
        rename(&operator, "SNV", "2021-02-01", "Tên thứ nhất").await;
        world.day("2021-03-03");
        let happened = world.tick().await;
        assert_eq!(titles(&happened), ["Tên thứ nhất", "Hợp nhất", "Tên thứ hai", "Tên thứ ba"]);
        let days: Vec<String> = happened.iter().map(|some| some.on.to_string()).collect();
        assert_eq!(days, ["2021-02-01", "2021-03-01", "2021-03-01", "2021-03-02"]);
        let query = "{ a: orgUnit(by: { code: \"MOI\" }) { name establishedOn } b: orgUnit(by: { code: \"SNV\" }) { name revisions { validFrom name correctedAt } } }";
        let units = operator.data(query, json!({})).await;
        assert_eq!((units.text("/a/name"), units.text("/a/establishedOn")), ("Tên thứ hai".into(), "2021-03-01".into()));
        assert_eq!(units.text("/b/name"), "Tên thứ ba");
    }

    async fn o5_what_took_effect_cannot_be_cancelled_but_can_be_annulled(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let id = plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        world.day("2021-03-01");
        let taking = json!({ "input": { "reorganization": id, "reason": "chưa có chủ trương" } });
        let refused = operator.ask(CANCEL, taking.clone()).await.refusals();
        assert!(refused[0].starts_with("STEP_NOT_ALLOWED O5 reorganization"), "{refused:?}");
        assert_eq!(status(&operator, "Hợp nhất").await, "ENACTED", "its day had begun");
        world.day("2021-03-10");
        assert_eq!(operator.data(ANNUL, taking).await.text("/annulReorganization/reorganization/status"), "ANNULLED");
        assert_eq!(tree(&operator, "").await, WHOLE);
        assert_eq!(tree(&operator, "2021-03-09").await, MERGED);
        assert_eq!(world.tick().await, []);
    }

    async fn o5_a_batch_cancelled_before_its_day_never_takes_effect(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let id = plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        world.day("2021-02-28");
        operator.data(CANCEL, json!({ "input": { "reorganization": id, "reason": "chưa có chủ trương" } })).await;
        world.day("2021-03-01");
        assert_eq!(world.tick().await, []);
        assert_eq!((tree(&operator, "").await.as_str(), status(&operator, "Hợp nhất").await.as_str()), (WHOLE, "CANCELLED"));
    }

    async fn s6_what_does_not_hold_on_its_day_is_cancelled_with_what_builds_on_it_and_the_rest_goes_on(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let with_end_of_a_root = json!([
            { "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ mới", "parent": unit("TINH") } },
            { "merge": { "units": [unit("DN")], "into": unit("MOI") } },
            { "dissolve": { "unit": unit("KHAC") } },
        ]);
        plan(&operator, "Không còn giữ được", "2021-03-01", with_end_of_a_root).await;
        rename(&operator, "STP", "2021-03-01", "Đảng bộ Tư pháp").await;
        rename(&operator, "MOI", "2021-04-01", "Tên của đơn vị không bao giờ có").await;
        rename(&operator, "DN", "2021-02-01", "Đảng bộ Khối doanh nghiệp tỉnh").await;
        rename(&operator, "SNV", "2021-05-01", "Đảng bộ Nội vụ").await;
        // Since it was planned, the root that would end without an heir has issued a directive (C5).
        issue(world, "KHAC").await;
        world.day("2021-03-02");
        let happened = world.tick().await;
        assert_eq!(titles(&happened), ["Đảng bộ Khối doanh nghiệp tỉnh", "Không còn giữ được", "Tên của đơn vị không bao giờ có", "Đảng bộ Tư pháp"]);
        let known = batches(&operator).await;
        let of = |title: &str| known.iter().find(|(known, ..)| known == title).unwrap();
        assert_eq!(of("Không còn giữ được").1, "CANCELLED");
        assert!(of("Không còn giữ được").2.contains("KHAC") && of("Không còn giữ được").2.ends_with("(C5)"), "{known:#?}");
        assert_eq!(of("Tên của đơn vị không bao giờ có").1, "CANCELLED");
        assert!(of("Tên của đơn vị không bao giờ có").2.contains("dựa trên đợt `Không còn giữ được`"), "{known:#?}");
        assert!(of("Tên của đơn vị không bao giờ có").2.contains("`MOI (Đảng bộ mới)`"), "people know no ids: {known:#?}");
        assert_eq!((of("Đảng bộ Tư pháp").1.as_str(), of("Đảng bộ Nội vụ").1.as_str()), ("ENACTED", "PLANNED"));
        for day in ["", "2021-03-01", "2021-04-01", "2021-06-01"] {
            assert_eq!(tree(&operator, day).await, WHOLE, "nothing of it is done, on {day}");
        }
        let query = "{ a: orgUnit(by: { code: \"DN\" }) { name active successors { kind } }
            b: orgUnit(by: { code: \"STP\" }) { name } c: orgUnit(by: { code: \"SNV\" }, asOf: \"2021-05-01\") { name } d: orgUnit(by: { code: \"MOI\" }) { code } }";
        let units = operator.data(query, json!({})).await;
        assert_eq!((units.text("/a/name").as_str(), units.at("/a/active"), units.at("/a/successors")), ("Đảng bộ Khối doanh nghiệp tỉnh", &json!(true), &json!([])));
        let filter = "{ units: [{ code: \"DN\" }], actions: [REORGANIZATION_CANCELLED] }";
        let entries = operator.data(&format!("{{ journal(filter: {filter}) {{ nodes {{ reason actor {{ __typename }} }} }} }}"), json!({})).await;
        let [entry] = entries.at("/journal/nodes").as_array().unwrap().as_slice() else { panic!("{entries:#?}") };
        assert!(entry["reason"].as_str().unwrap().contains("KHAC"), "{entry}");
        assert_eq!(entry["actor"], json!(null));
        assert_eq!((units.text("/b/name"), units.text("/c/name"), units.at("/d")), ("Đảng bộ Tư pháp".into(), "Đảng bộ Nội vụ".into(), &json!(null)));
        // Its codes are free again, and the tree can be changed as if it had never been planned.
        plan(&operator, "Lần nữa", "2021-03-02", merger()).await;
        assert_eq!(tree(&operator, "").await, MERGED);
    }

    async fn o5_external_ids_pass_on_the_day(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let number = json!([{ "scheme": "mst", "value": "42" }]);
        operator.reorganize(json!([{ "revise": { "unit": unit("SNV"), "externalIds": number } }])).await;
        let passing = json!([{ "revise": { "unit": unit("SNV"), "externalIds": [] } }, { "revise": { "unit": unit("STP"), "externalIds": number } }]);
        plan(&operator, "Chuyển mã", "2021-03-01", passing).await;
        let holder = async || {
            let query = "{ orgUnit(by: { externalId: { scheme: \"mst\", value: \"42\" } }) { code } }";
            operator.data(query, json!({})).await.text("/orgUnit/code")
        };
        let version = async || operator.data("{ orgUnit(by: { code: \"STP\" }) { version } }", json!({})).await.number("/orgUnit/version");
        let planned_at = version().await;
        world.day("2021-02-28");
        world.tick().await;
        assert_eq!((holder().await.as_str(), version().await), ("SNV", planned_at));
        world.day("2021-03-01");
        world.tick().await;
        assert_eq!((holder().await.as_str(), version().await), ("STP", planned_at + 1));
    }

    async fn s6_the_record_of_a_plan_tells_what_it_did_on_its_day(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        operator.reorganize(json!([{ "establish": { "code": "STC", "kind": "GRASSROOTS_CELL", "name": "Chi bộ Sở Tài chính", "parent": unit("DN") } }])).await;
        world.day("2021-03-01");
        world.tick().await;
        let query = "{ reorganizations(first: 1) { nodes { title changes { ... on Merged { children { unit { code } from { code } } } } } } }";
        let record = operator.data(query, json!({})).await;
        let children = record.texts("/reorganizations/nodes/0/changes/1/children", "/unit/code");
        assert!(record.text("/reorganizations/nodes/0/title") == "Hợp nhất" && children.contains(&"STC".into()), "{children:?}");
    }

    async fn t1_a_day_that_is_moved_on_brings_what_is_due_at_once(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        let moved = world.client.post(format!("{}/dev/today", world.base)).bearer_auth(operator.token.as_ref().unwrap());
        assert_eq!(moved.json(&json!({ "today": "2021-03-01" })).send().await.unwrap().status(), 200);
        assert_eq!(status(&operator, "Hợp nhất").await, "ENACTED");
    }
}

both! {
    async fn s6_a_server_that_was_down_does_the_missed_days_in_order(home: &Home) {
        let before = World::begin(home).await;
        let operator = before.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        rename(&operator, "MOI", "2021-04-01", "Đảng bộ các cơ quan").await;
        rename(&operator, "MOI", "2021-09-01", "Tên để sau").await;
        before.end().await;
        let after = World::begin_by(home.config(), clock("2021-06-15")).await;
        let operator = after.log_in("admin").await;
        let entries = told(&operator).await;
        let enacted: Vec<&str> = entries.iter().filter_map(|line| line.strip_prefix("REORGANIZATION_ENACTED nobody ")).collect();
        assert_eq!((enacted.first(), enacted[enacted.len() - 2..].to_vec()), (Some(&"Hợp nhất"), vec!["Đảng bộ các cơ quan", "MOI"]));
        assert_eq!(status(&operator, "Tên để sau").await, "PLANNED");
        let unit = operator.data("{ orgUnit(by: { code: \"MOI\" }) { name establishedOn revisions { validFrom correctedAt } } }", json!({})).await;
        assert_eq!((unit.text("/orgUnit/name").as_str(), unit.text("/orgUnit/establishedOn").as_str()), ("Đảng bộ các cơ quan", "2021-03-01"));
        after.end().await;
    }

    async fn s6_what_is_planned_for_a_day_that_another_clock_has_passed_is_owed_again(home: &Home) {
        let behind = World::begin(home).await;
        let operator = behind.operator().await;
        operator.establish(PROVINCE).await;
        let ahead = World::begin_by(home.config(), clock("2021-03-02")).await;
        plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
        assert_eq!(titles(&ahead.tick().await), ["Hợp nhất"]);
        ahead.end().await;
        behind.end().await;
    }

    async fn t1_by_hand_the_day_is_that_of_the_zone(home: &Home) {
        // Midnight comes to Kiritimati first and to Midway last: it is never the same day in both.
        let (first, last) = (chrono_tz::Pacific::Kiritimati, chrono_tz::Pacific::Midway);
        let world = World::begin(home).await;
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        plan(&operator, "Hợp nhất", &Clock::system(first).today().to_string(), merger()).await;
        world.end().await;
        let tick = |zone: chrono_tz::Tz| {
            let folder = tempfile::tempdir().unwrap();
            let output = chidao(folder.path()).args(["tick", "--database-url", &home.url, "--zone", zone.name()]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no key is made for it");
            String::from_utf8(output.stdout).unwrap()
        };
        let said = tick(last);
        assert!(said.starts_with("nothing was due: the calendar is done up to "), "{said}");
        let said = tick(first);
        assert!(said.contains(": the reorganization `Hợp nhất` took effect\nthe calendar is done up to "), "{said}");
        let said = tick(first);
        assert!(said.starts_with("nothing was due: "), "{said}");
        let world = World::begin_by(home.config(), Clock::system(first)).await;
        assert_eq!(tree(&world.operator().await, "").await, MERGED);
        world.end().await;
    }
}

fn clock(day: &str) -> Clock {
    Clock::fixed_at(chrono_tz::Asia::Ho_Chi_Minh, day.parse().unwrap())
}

/// Several servers share PostgreSQL only.
#[test]
fn s6_two_servers_at_the_same_time_do_each_thing_once() {
    run_at_home(On::Postgres, |home| {
        Box::pin(async move {
            let world = World::begin(home).await;
            let operator = world.operator().await;
            operator.establish(PROVINCE).await;
            plan(&operator, "Hợp nhất", "2021-03-01", merger()).await;
            for day in 2..20 {
                rename(&operator, "MOI", &format!("2021-03-{day:02}"), &format!("Tên {day}")).await;
            }
            let other = World::begin_by(home.config(), world.clock.clone()).await;
            world.day("2021-03-25");
            let offices: Vec<_> = [&world, &other, &world, &other].into_iter().map(|world| Arc::clone(&world.office)).collect();
            let ticks: Vec<_> =
                offices.into_iter().map(|office| tokio::spawn(async move { chidao::command::tick(&office).await.unwrap() })).collect();
            let mut happened = Vec::new();
            for tick in ticks {
                happened.extend(tick.await.unwrap());
            }
            happened.sort_by_key(|some| some.on);
            let expected: Vec<String> = std::iter::once("Hợp nhất".into()).chain((2..20).map(|day| format!("Tên {day}"))).collect();
            assert_eq!(titles(&happened), expected);
            let entries = told(&operator).await;
            let enacted: Vec<&str> = entries.iter().filter_map(|line| line.strip_prefix("REORGANIZATION_ENACTED nobody ")).collect();
            let of_batches: Vec<&str> = enacted.into_iter().filter(|subject| expected.iter().any(|title| title == subject)).collect();
            assert_eq!(of_batches, expected, "once each, and in the order of the days");
            other.end().await;
            world.end().await;
        })
    });
}

/// A plan that a root issues to itself.
async fn issue(world: &World, root: &str) {
    let drafter = world.user("drafter", "DRAFTER", root).await;
    let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { message path } } }";
    let requirement = json!({ "kind": "STUDY", "title": "Học tập", "dueOn": "2021-12-30", "scope": { "reach": "SELF" } });
    let input = json!({ "issuer": unit(root), "kind": "PLAN", "title": "Kế hoạch", "requirements": [requirement] });
    let id = drafter.data(draft, json!({ "input": input })).await.text("/draftDirective/directive/id");
    let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message path } } }";
    drafter.data(issue, json!({ "input": { "directive": id, "symbol": "1-KH/TU", "issuedOn": "2020-12-01" } })).await;
}
