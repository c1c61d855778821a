//! How far the story has come: at province, bloc and unit, and the demonstration itself.

use chidao::config::Limits;
use chidao::demo::{self, DemoError, LAST_DAY};
use serde_json::{Value, json};

use super::{by_symbol, plan, read, resolution};
use crate::harness::demo::told;
use crate::harness::{Home, On};

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

fn count(completion: &Value, name: &str) -> i64 {
    completion[name].as_i64().unwrap_or_else(|| panic!("no {name}: {completion}"))
}

/// Every count of the parts adds up to that of the whole.
fn assert_adds_up(whole: &Value) {
    let parts = whole["breakdown"]["nodes"].as_array().unwrap();
    assert!(!parts.is_empty());
    for name in COUNTS {
        let sum: i64 = parts.iter().map(|part| count(&part["completion"], name)).sum();
        assert_eq!(sum, count(whole, name), "{name}");
    }
    assert_eq!(COUNTS[2..6].iter().map(|cell| count(whole, cell)).sum::<i64>(), count(whole, "counted"), "four cells");
    assert_eq!(COUNTS[6..16].iter().map(|state| count(whole, state)).sum::<i64>(), count(whole, "total"), "ten states");
}

told! {
    /// Completion of the Resolution through its lineage, at province, bloc and unit, adding up.
    async fn c4_the_resolution_is_carried_out_through_its_lineage_at_every_level(world: &World) {
        let province = world.person("tinh-uy").await;
        let counts = COUNTS.join(" ");
        let id = resolution(&province, "id").await["id"].as_str().unwrap().to_owned();
        let query = format!("query($id: ID!, $unit: OrgUnitRef) {{ directive(by: {{ id: $id }}) {{
            scope: completion {{ total }}
            whole: completion(through: LINEAGE) {{ total }}
            completion(unit: $unit, through: LINEAGE) {{ {counts} completionRate
                breakdown(by: CHILD_UNIT, first: 100) {{ nodes {{ key completion {{ {counts} }} }} }} }}
            documents: completion(unit: $unit, through: LINEAGE) {{ {counts} breakdown(by: DIRECTIVE, first: 100) {{ nodes {{ label completion {{ {counts} }} }} }} }} }} }}");
        let mut totals = Vec::new();
        for unit in ["TINH", "KHOI-CQT", "CQ-01"] {
            let answer = province.data(&query, json!({ "id": id, "unit": { "code": unit } })).await;
            assert_eq!(answer.number("/directive/scope/total"), 3, "by its own scope it binds the line directly below");
            let whole = answer.at("/directive/completion");
            assert_adds_up(whole);
            assert_adds_up(answer.at("/directive/documents"));
            totals.push((count(whole, "total"), count(whole, "fulfilled")));
            if unit == "TINH" {
                assert_eq!(answer.number("/directive/whole/total"), count(whole, "total"), "nobody stands elsewhere");
                let keys: Vec<&Value> = whole["breakdown"]["nodes"].as_array().unwrap().iter().map(|part| &part["key"]).collect();
                assert_eq!(json!(keys), json!(["KHOI-CQT", "HUYEN-A", "HUYEN-B"]));
            }
        }
        // The bloc: 2 of its own; of the 14 agencies 4 of the plan and 1 of the movement each; 24 cells of the programme; 4 of agency 01's.
        assert_eq!(totals.iter().map(|(total, _)| *total).collect::<Vec<_>>(), [2 + 14 * 5 + 24 + 4 + 2 * 2, 2 + 14 * 5 + 24 + 4, 5 + 4 + 4]);
        assert!(totals.iter().all(|(total, fulfilled)| 0 < *fulfilled && fulfilled < total), "{totals:?}");
    }

    /// Some in time, some late, some waiting, one returned, one exempt, one with a later date, and some silent.
    async fn c1_units_stand_in_many_states_on_the_last_day(world: &World) {
        let bloc = world.person("khoi").await;
        let fields = format!("requirements {{ completion {{ {} completionRate dueRate units {{ bound complete behind }} }} }}", COUNTS.join(" "));
        let answer = read(&bloc, plan(), &fields).await;
        let conference = answer.at("/directive/requirements/0/completion");
        let told = ["total", "counted", "onTime", "reported", "returned", "exempt", "pending", "overdue"].map(|name| count(conference, name));
        assert_eq!(told, [14, 13, 4, 1, 1, 1, 7, 0], "{conference}");
        assert_eq!(conference["units"], json!({ "bound": 13, "complete": 4, "behind": 0 }));
        let topics = read(&bloc, by_symbol("KHOI-CQT", "12-ĐHTT/ĐUK"), &fields).await;
        let assembly = topics.at("/directive/requirements/1/completion");
        assert_eq!(["onTime", "late", "overdue"].map(|name| count(assembly, name)), [26, 2, 4]);
        let extended = bloc.data("query($by: DirectiveRef!) { obligations(filter: { directives: [$by], kinds: [STUDY], units: [{ code: \"CQ-08\" }] }) {
            nodes { dueOn earlierDueDates { dueOn reason } } } }", json!({ "by": plan() })).await;
        assert_eq!(extended.text("/obligations/nodes/0/dueOn"), "2021-01-15");
        assert_eq!(extended.text("/obligations/nodes/0/earlierDueDates/0/dueOn"), "2020-12-30");
    }

    /// Whoever works for an agency sees the agency, and is refused the others.
    async fn a3_an_agency_sees_itself_only(world: &World) {
        let agency = world.person("co-quan-01").await;
        let query = "query($unit: String!) { completion(unit: { code: $unit }) { total } }";
        assert!(agency.data(query, json!({ "unit": "CQ-01" })).await.number("/completion/total") > 0);
        for unit in ["CQ-02", "KHOI-CQT", "HUYEN-A"] {
            assert_eq!(agency.ask(query, json!({ "unit": unit })).await.error_code(), "FORBIDDEN", "{unit}");
        }
    }

    /// The demonstration is told by commands only, so the integrity check finds nothing.
    async fn j1_what_the_demonstration_wrote_holds_together(world: &World) {
        let findings = chidao::check::check(&world.office).await.unwrap();
        assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    }
}

/// Runs a test of telling the demonstration in a new database.
fn in_a_new_home<F: Future<Output = ()>>(test: impl FnOnce(Home) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async { test(Home::make(On::Sqlite).await.unwrap()).await });
}

#[test]
fn t3_the_demonstration_goes_on_where_it_stood_and_never_back() {
    in_a_new_home(async |home| {
        let told = Box::pin(demo::tell(&home.config(), Some("2020-12-10".parse().unwrap()))).await.unwrap();
        let accounts: Vec<String> = told.accounts.unwrap().iter().map(ToString::to_string).collect();
        assert!(accounts.contains(&format!("user khoi {} SUPERVISOR unit KHOI-CQT", demo::PASSWORD)), "{accounts:?}");
        assert_eq!(told.clock.today().to_string(), "2020-12-10");
        let last = told.clock.now();
        let again = Box::pin(demo::tell(&home.config(), Some("2020-12-10".parse().unwrap()))).await.unwrap();
        assert!(again.accounts.is_none() && again.clock.day_of(again.clock.now()) == again.clock.day_of(last));
        let back = Box::pin(demo::tell(&home.config(), Some("2020-12-09".parse().unwrap()))).await;
        assert!(matches!(back, Err(DemoError::Backwards { lived }) if lived.to_string() == "2020-12-10"), "{back:?}");
    });
}

#[test]
fn the_demonstration_begins_before_its_story_and_goes_on_after_it() {
    for (today, expected) in [("2020-01-02", "2020-01-02"), ("2021-01-05", "2021-01-05")] {
        in_a_new_home(async |home| {
            let told = Box::pin(demo::tell(&home.config(), Some(today.parse().unwrap()))).await.unwrap();
            assert_eq!((told.clock.today().to_string().as_str(), told.accounts.unwrap().len()), (expected, 11));
        });
    }
}

#[test]
fn the_demonstration_fills_an_empty_database_only() {
    in_a_new_home(async |home| {
        let config = home.config();
        let (office, _) = chidao::server::open(&config, chidao::clock::Clock::fixed_at(config.zone, LAST_DAY)).await.unwrap();
        let admin =
            chidao::command::CreateAdmin { user_name: "admin".into(), display_name: "A".into(), password: crate::harness::PASSWORD.into() };
        chidao::command::create_admin(&office, admin).await.unwrap();
        office.database().clone().close().await.unwrap();
        let refused = Box::pin(demo::tell(&config, None)).await;
        assert!(matches!(refused, Err(DemoError::NotEmpty)), "{refused:?}");
    });
}

/// The README's table of limits is the table of the code.
#[test]
fn the_readme_shows_the_limits() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for limit in Limits::TABLE {
        let row = limit.row();
        let line = format!("| `{}` | {} | {} | {} |", row.name, row.default, row.unit, row.protects);
        assert!(readme.contains(&line), "README.md has no line\n{line}");
    }
    let rows = readme.lines().skip_while(|line| !line.starts_with("| limit |")).skip(2).take_while(|line| line.starts_with('|')).count();
    assert_eq!(rows, Limits::TABLE.len(), "README.md has a limit too many");
}
