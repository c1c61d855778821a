//! Sixteen people change the tree and report at once: whoever is told that it was done finds it done, and what is stored holds together
//! (the check that follows every test). O3 and S6 hold whatever the order.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Actor, World, both};
use crate::model::dice::Dice;
use crate::tree::define_zone;

/// How many send at once, and how often each.
const CLIENTS: u64 = 16;
const CALLS: usize = 10;
/// Committees below each of the two blocs, each with two cells.
const COMMITTEES: usize = 8;
/// Units that may stand under each other.
const ZONES: usize = 4;

const REORGANIZE: &str =
    "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id } userErrors { code message } } }";
const REPORT: &str =
    "mutation($input: SubmitReportsInput!) { submitReports(input: $input) { reports { id } userErrors { code message } } }";

fn province() -> String {
    let mut lines = vec!["TINH PROVINCIAL".to_owned()];
    lines.extend((1..=ZONES).map(|zone| format!("  Z{zone} ZONE")));
    for bloc in 1..=2 {
        lines.push(format!("  K{bloc} BLOC"));
        for committee in 1..=COMMITTEES {
            lines.push(format!("    C{bloc}{committee} GRASSROOTS_COMMITTEE"));
            lines.extend((1..=2).map(|cell| format!("      C{bloc}{committee}-{cell} CELL")));
        }
    }
    lines.join("\n")
}

fn committee(dice: &mut Dice) -> String {
    format!("C{}{}", 1 + dice.below(2), 1 + dice.below(COMMITTEES))
}

/// What one client was told that it had done.
#[derive(Default)]
struct Told {
    reorganizations: Vec<String>,
    reports: Vec<String>,
    /// Moves of zones that were done, and those that would have made a circle.
    moved: usize,
    circles: usize,
}

/// One call, whatever comes of it; a fault is no answer.
async fn call(who: [&Actor<'_>; 2], dice: &mut Dice, requirement: &str, told: &mut Told) {
    let [operator, reporter] = who;
    let unit = |code: &str| json!({ "code": code });
    let (one, other) = (committee(dice), committee(dice));
    let kind_of_call = dice.below(10);
    let is_of_zones = kind_of_call >= 8;
    let change = match kind_of_call {
        // Of such moves some make a circle together with others that are under way.
        8 | 9 => {
            let zone = 1 + dice.below(ZONES);
            let under = 1 + (zone + dice.below(ZONES - 1)) % ZONES;
            json!({ "move": { "unit": unit(&format!("Z{zone}")), "parent": unit(&format!("Z{under}")) } })
        }
        0 => json!({ "move": { "unit": unit(&format!("{one}-{}", 1 + dice.below(2))), "parent": unit(&other) } }),
        1 => json!({ "move": { "unit": unit(&one), "parent": unit(&format!("K{}", 1 + dice.below(2))) } }),
        2 | 3 => json!({ "merge": { "units": [unit(&one)], "into": unit(&other) } }),
        4 => json!({ "dissolve": { "unit": unit(&format!("{one}-1")), "heir": unit(&format!("{one}-2")) } }),
        _ => {
            let whose = if dice.once_in(2) { one } else { format!("{one}-{}", 1 + dice.below(2)) };
            let obligation = json!({ "of": { "requirement": requirement, "unit": unit(&whose) } });
            let input = json!({ "reports": [{ "obligations": [obligation], "narrative": "Đã thực hiện." }] });
            let answer = reporter.ask(REPORT, json!({ "input": input })).await;
            assert!(answer.body.get("errors").is_none(), "{answer:#?}");
            if answer.refusals().is_empty() {
                told.reports.extend(answer.texts("/submitReports/reports", "/id"));
            }
            return;
        }
    };
    let today = operator.world.clock.today().to_string();
    let input = json!({ "title": "Sắp xếp", "effectiveOn": today, "changes": [change] });
    let answer = operator.ask(REORGANIZE, json!({ "input": input })).await;
    assert!(answer.body.get("errors").is_none(), "{answer:#?}");
    let refusals = answer.refusals();
    told.circles += refusals.iter().filter(|said| said.starts_with("CYCLE ")).count();
    if refusals.is_empty() {
        told.moved += usize::from(is_of_zones);
        told.reorganizations.push(answer.text("/reorganize/reorganization/id"));
    }
}

/// The ids of a list, page by page.
async fn all(actor: &Actor<'_>, list: &str) -> BTreeSet<String> {
    let (mut ids, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let query = format!(
            "query($after: String) {{ {list}(first: 100, after: $after) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = actor.data(&query, json!({ "after": after })).await;
        ids.extend(answer.texts(&format!("/{list}/nodes"), "/id"));
        if answer.at(&format!("/{list}/pageInfo/hasNextPage")) != &json!(true) {
            return ids;
        }
        after = answer.at(&format!("/{list}/pageInfo/endCursor")).clone();
    }
}

async fn requirement(world: &World) -> String {
    let drafter = world.user("soan", "DRAFTER", "TINH").await;
    let requirements = json!({ "requirements": [{ "kind": "STUDY", "title": "Học tập", "dueOn": "2020-12-30", "scope": { "reach": "DESCENDANTS", "kinds": ["GRASSROOTS_COMMITTEE", "CELL"] } }] });
    let id = drafter.draft("TINH", "Kế hoạch", requirements).await;
    drafter.issue(&id, "1-KH/TU").await;
    let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
    drafter.data(query, json!({ "id": id })).await.text("/directive/requirements/0/id")
}

both! {
    async fn o3_s6_many_at_once_leave_a_forest_and_lose_nothing_that_was_acknowledged(world: &World) {
        let operator = world.operator().await;
        define_zone(&operator).await;
        operator.establish(&province()).await;
        let requirement = requirement(world).await;
        let reporter = world.user("bao-cao", "REPORTER", "TINH").await;
        let calls = (0..CLIENTS).map(|client| {
            let (operator, reporter, requirement) = (&operator, &reporter, &requirement);
            async move {
                let (mut dice, mut told) = (Dice::new(7 + client), Told::default());
                for _ in 0..CALLS {
                    call([operator, reporter], &mut dice, requirement, &mut told).await;
                }
                told
            }
        });
        let told = futures_util::future::join_all(calls).await;
        let done = all(&operator, "reorganizations").await;
        let (mut counts, mut of_zones) = ((0, 0), (0, 0));
        for one in &told {
            assert!(one.reorganizations.iter().all(|id| done.contains(id)), "a reorganization that was acknowledged is gone");
            counts = (counts.0 + one.reorganizations.len(), counts.1 + one.reports.len());
            of_zones = (of_zones.0 + one.moved, of_zones.1 + one.circles);
            for report in &one.reports {
                let query = "query($id: ID!) { node(id: $id) { ... on Report { obligations { state reports(first: 100) { nodes { id } } } } } }";
                let found = reporter.data(query, json!({ "id": report })).await;
                let obligation = found.at("/node/obligations/0");
                // Whatever became of the unit meanwhile, the obligation was reported on, and the report stays with it (S1, S5).
                let is_reported = ["REPORTED", "FULFILLED", "TRANSFERRED", "RELEASED"].iter().any(|state| obligation["state"] == *state);
                let reports = obligation["reports"]["nodes"].as_array().unwrap();
                assert!(is_reported && reports.contains(&json!({ "id": report })), "a report that was acknowledged left no trace: {obligation}");
            }
        }
        assert!(counts.0 >= 10 && counts.1 >= 10, "{counts:?} of each is too little of a rush");
        assert!(of_zones.0 >= 2 && of_zones.1 >= 2, "{of_zones:?}: zones that moved, and circles that were refused");
        for zone in 1..=ZONES {
            let query = "query($zone: String!) { orgUnit(by: { code: \"TINH\" }) { isAncestorOf(unit: { code: $zone }) } }";
            let stands = operator.data(query, json!({ "zone": format!("Z{zone}") })).await;
            assert_eq!(stands.at("/orgUnit/isAncestorOf"), true, "Z{zone} hangs in a circle");
        }
    }
}
