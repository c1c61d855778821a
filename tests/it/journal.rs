//! The journal over HTTP (section 9), and who reads what of it (A3).

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::demo::told;
use crate::harness::{Actor, Answer, PASSWORD, both};

const PROVINCE: &str = "TINH PROVINCIAL\n  KHOI BLOC\n    SNV GRASSROOTS_CELL\n  HUYEN DISTRICT\n    XA GRASSROOTS_CELL";
const JOURNAL: &str = "query($filter: JournalFilter, $first: Int, $after: String) { journal(filter: $filter, first: $first, after: $after) {
    totalCount nodes { position at action reason actor { displayName } subject { __typename id } units { code } changes { field before after } } pageInfo { hasNextPage endCursor } } }";

async fn actions(actor: &Actor<'_>, filter: Value) -> Vec<String> {
    actor.data(JOURNAL, json!({ "filter": filter, "first": 100 })).await.texts("/journal/nodes", "/action")
}

/// The name of a unit, as it is at that position at the earliest.
async fn asked_at(actor: &Actor<'_>, position: &str) -> Answer {
    let request = actor.world.client.post(format!("{}/graphql", actor.world.base)).bearer_auth(actor.token.as_ref().unwrap());
    let request = request.header("X-At-Least-Position", position).json(&json!({ "query": "{ orgUnit(by: { code: \"SNV\" }) { name } }" }));
    let response = request.send().await.unwrap();
    Answer { status: response.status().as_u16(), body: response.json().await.unwrap() }
}

both! {
    async fn j1_each_mutation_is_in_the_journal_with_who_what_and_why(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let admin = world.user("quan-tri", "ADMIN", "KHOI").await;
        let grant = admin.data("{ viewer { grants { id } } }", json!({})).await.text("/viewer/grants/0/id");
        operator.data("mutation($id: ID!) { revokeGrant(input: { grant: $id, reason: \"chuyển công tác\" }) { revoked userErrors { code } } }", json!({ "id": grant })).await;
        let answer = operator.data(JOURNAL, json!({ "filter": { "subject": grant } })).await;
        assert_eq!(answer.texts("/journal/nodes", "/action"), ["ROLE_GRANTED", "GRANT_REVOKED"]);
        assert_eq!(answer.text("/journal/nodes/1/reason"), "chuyển công tác");
        assert_eq!(answer.text("/journal/nodes/1/actor/displayName"), "Quản trị");
        assert_eq!(answer.texts("/journal/nodes/1/units", "/code"), ["KHOI"]);
        assert_eq!(answer.at("/journal/nodes/0/changes/0"), &json!({ "field": "principal", "before": null, "after": "quan-tri" }));
        assert!(answer.at("/journal/nodes/1/subject").is_null(), "the grant holds no more");
        let logged_in = operator.data(JOURNAL, json!({ "filter": { "actions": ["LOGGED_IN"] } })).await;
        assert!(logged_in.texts("/journal/nodes", "/actor/displayName").contains(&"quan-tri".to_owned()), "who logs in is the actor");
    }

    async fn j1_no_secret_stands_in_the_journal(world: &World) {
        let operator = world.operator().await;
        let made = operator.data("mutation { createService(input: { displayName: \"máy\" }) { secret userErrors { code } } }", json!({})).await;
        let log_in = "mutation($input: LogInInput!) { logIn(input: $input) { accessToken refreshToken userErrors { code } } }";
        let session = world.nobody().data(log_in, json!({ "input": { "userName": "admin", "password": PASSWORD } })).await;
        let journal = operator.data(JOURNAL, json!({ "first": 100 })).await.body.to_string();
        for secret in [made.text("/createService/secret"), session.text("/logIn/accessToken"), session.text("/logIn/refreshToken"), PASSWORD.into()] {
            assert!(!journal.contains(&secret), "{secret}");
        }
        assert!(!journal.contains("argon2"));
    }

    async fn j4_an_answer_reflects_at_least_the_position_that_is_asked_for(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let name = |name: &str| json!([{ "revise": { "unit": { "code": "SNV" }, "name": name } }]);
        let position = |answer: &Answer| answer.body["extensions"]["position"].as_str().unwrap().parse::<i64>().unwrap();
        let reached = position(&operator.reorganize(name("một")).await);
        let now = asked_at(&operator, &reached.to_string()).await;
        assert_eq!((now.text("/orgUnit/name"), position(&now)), ("một".into(), reached));

        let later = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            operator.reorganize(name("hai")).await
        };
        let wanted = (reached + 1).to_string();
        let (waited, written) = tokio::join!(asked_at(&operator, &wanted), later);
        assert_eq!((waited.text("/orgUnit/name"), position(&waited)), ("hai".into(), position(&written)), "it waits until the write is there");

        let refused = operator.ask("mutation { appointOfficer(input: { unit: { code: \"SNV\" }, position: SECRETARY, from: \"2020-12-01\" }) { userErrors { code } } }", json!({})).await;
        assert_eq!(position(&refused), position(&written), "a mutation that was refused answers with a position, too: {refused:?}");

        let never = asked_at(&operator, "9000000000000000000").await;
        assert_eq!(never.error_code(), "UNAVAILABLE");
        for wrong in ["-1", "x", "9223372036854775808"] {
            let refused = asked_at(&operator, wrong).await;
            assert_eq!((refused.status, refused.error_code()), (400, "BAD_USER_INPUT"), "{wrong}");
        }
    }

    async fn j3_a_reader_who_follows_positions_misses_nothing_and_sees_nothing_twice(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        let writers: Vec<Actor<'_>> = futures_util::future::join_all((0..3).map(|_| world.log_in("admin"))).await;
        let write = |writer: usize, number: usize| {
            let input = json!({ "name": format!("m{writer}-{number}") });
            let writer = &writers[writer];
            async move { writer.data("mutation($name: String!) { createService(input: { displayName: $name }) { secret userErrors { code } } }", input).await }
        };
        for number in 0..4 {
            let writes = futures_util::future::join_all((0..3).map(|writer| write(writer, number)));
            let read = operator.data(JOURNAL, json!({ "first": 5, "after": after }));
            let (_, page) = tokio::join!(writes, read);
            seen.extend(page.texts("/journal/nodes", "/position"));
            after = page.at("/journal/pageInfo/endCursor").as_str().map(Into::into).or(after);
        }
        let last: i64 = seen.last().unwrap().parse().unwrap();
        let rest = operator.data(JOURNAL, json!({ "first": 100, "filter": { "afterPosition": last.to_string() } })).await;
        seen.extend(rest.texts("/journal/nodes", "/position"));
        let count = i64::try_from(seen.len()).unwrap();
        let all: Vec<String> = (1..=count).map(|position| position.to_string()).collect();
        assert_eq!(seen, all);
        assert_eq!(rest.body["extensions"]["position"], json!(count.to_string()), "the answer reflects the last entry (J4)");
        let wrong = operator.ask(JOURNAL, json!({ "filter": { "afterPosition": "-1" } })).await;
        assert_eq!(wrong.error_code(), "INVALID");
    }

    async fn a3_names_and_places_are_read_by_all_and_accounts_by_administrators(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let viewer = world.user("xem", "VIEWER", "SNV").await;
        let admin = world.user("quan-tri", "ADMIN", "HUYEN").await;
        let mine = actions(&viewer, Value::Null).await;
        let of_tree = mine.iter().filter(|action| *action == "REORGANIZED").count();
        assert_eq!(of_tree, 6, "one for the batch and one for each unit: {mine:?}");
        let mut others = mine.clone();
        others.retain(|action| action != "REORGANIZED");
        assert_eq!(others, ["USER_CREATED", "ROLE_GRANTED", "LOGGED_IN"], "one's own account only");
        assert!(actions(&admin, Value::Null).await.len() > mine.len());
        let total = viewer.data(JOURNAL, json!({ "first": 2 })).await;
        assert_eq!(total.number("/journal/totalCount"), i64::try_from(mine.len()).unwrap(), "rights filter before paging and counting");
    }

    async fn j2_the_history_of_a_unit_tells_its_story(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-05");
        operator.reorganize(json!([{ "revise": { "unit": { "code": "SNV" }, "name": "Chi bộ Sở Nội vụ" } }, { "move": { "unit": { "code": "XA" }, "parent": { "code": "KHOI" } } }])).await;
        let viewer = world.user("xem", "VIEWER", "HUYEN").await;
        let query = "{ orgUnit(by: { code: \"SNV\" }) { history { totalCount nodes { action changes { field before after } subject { ... on OrgUnit { code } } } } revisions { validFrom validTo correctedAt name parent { code } reorganization { title } } viewerCan } }";
        let answer = viewer.data(query, json!({})).await;
        assert_eq!(answer.number("/orgUnit/history/totalCount"), 2);
        assert_eq!(answer.at("/orgUnit/history/nodes/1/changes/0"), &json!({ "field": "name", "before": "SNV", "after": "Chi bộ Sở Nội vụ" }));
        assert_eq!(answer.text("/orgUnit/history/nodes/1/subject/code"), "SNV");
        let known: Vec<&Value> = answer.at("/orgUnit/revisions").as_array().unwrap().iter().filter(|revision| revision["correctedAt"].is_null()).collect();
        assert_eq!(known.len(), 2, "{answer:?}");
        assert_eq!((&known[0]["validFrom"], &known[0]["validTo"], &known[0]["name"]), (&json!("2020-12-01"), &json!("2020-12-05"), &json!("SNV")));
        assert_eq!((&known[1]["validTo"], &known[1]["name"], &known[1]["parent"]["code"]), (&Value::Null, &json!("Chi bộ Sở Nội vụ"), &json!("KHOI")));
        assert!(answer.texts("/orgUnit/viewerCan", "").is_empty(), "a6: nothing over a unit elsewhere");
        let can = operator.data(query, json!({})).await.texts("/orgUnit/viewerCan", "");
        assert!(can.contains(&"REVISE".to_owned()) && !can.contains(&"DRAFT".to_owned()), "{can:?}");
    }

    async fn a5_nodes_come_in_their_places_and_hidden_ones_as_null(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let viewer = world.user("xem", "VIEWER", "SNV").await;
        let unit = operator.data("{ orgUnit(by: { code: \"SNV\" }) { id } viewer { principal { id } grants { id } } reorganizations { nodes { id } } journal(first: 1) { nodes { id } } }", json!({})).await;
        let ids = [
            unit.text("/orgUnit/id"),
            unit.text("/viewer/principal/id"),
            unit.text("/viewer/grants/0/id"),
            unit.text("/reorganizations/nodes/0/id"),
            unit.text("/journal/nodes/0/id"),
            "AQAAAAAAAAAAAAAAAAAAAAA".into(),
        ];
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
        let all = operator.data(query, json!({ "ids": ids })).await;
        assert_eq!(all.texts("/nodes", "/__typename"), ["OrgUnit", "User", "Grant", "Reorganization", "JournalEntry", "(none)"]);
        let some = viewer.data(query, json!({ "ids": ids })).await;
        assert_eq!(some.texts("/nodes", "/__typename"), ["OrgUnit", "(none)", "(none)", "Reorganization", "(none)", "(none)"]);
        let many: Vec<&str> = vec!["x"; 101];
        assert_eq!(viewer.ask(query, json!({ "ids": many })).await.error_code(), "LIMIT_EXCEEDED");
    }
}

told! {
    /// F6: what an entry names, it names by the id that clients know.
    async fn f6_no_entry_of_the_story_shows_an_internal_id(world: &World) {
        let operator = world.person("quan-tri").await;
        let mut after = json!(null);
        let mut reports = 0;
        loop {
            let query = "query($after: String) { journal(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { action changes { field before after } } } }";
            let page = operator.data(query, json!({ "after": after })).await;
            for entry in page.at("/journal/nodes").as_array().unwrap() {
                for change in entry["changes"].as_array().unwrap() {
                    for value in ["before", "after"].iter().filter_map(|side| change[side].as_str()) {
                        assert!(uuid::Uuid::parse_str(value).is_err(), "{entry}");
                    }
                    if change["field"] == "latestReport" {
                        let found = operator.data("query($id: ID!) { node(id: $id) { __typename } }", json!({ "id": change["after"] })).await;
                        assert_eq!(found.text("/node/__typename"), "Report", "{entry}");
                        reports += 1;
                    }
                }
            }
            if page.at("/journal/pageInfo/hasNextPage") == &json!(false) {
                break;
            }
            after = page.at("/journal/pageInfo/endCursor").clone();
        }
        assert!(reports > 10, "{reports}");
    }
}
