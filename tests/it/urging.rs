//! Reminders from units above to units that are behind (L9).

use serde_json::{Value, json};

use crate::directives::{begins, bloc, study};
use crate::harness::{Actor, Answer, both};
use crate::obligations::{done, of, report, see};

const URGE: &str = "mutation($input: UrgeUnitsInput!) { urgeUnits(input: $input) { units obligations directive { id } userErrors { code rule path message } } }";
const INBOX: &str = "{ viewer { inbox { nodes { unit { code } requirement { title } overdue urges { totalCount nodes { words onBehalfOf { code } by { displayName } } } } } } }";

async fn urge(actor: &Actor<'_>, directive: &str, units: &[&str], more: Value) -> Answer {
    let units: Vec<Value> = units.iter().map(|code| json!({ "code": code })).collect();
    let mut input = json!({ "directive": directive, "units": units, "words": "Đề nghị báo cáo ngay" });
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    actor.ask(URGE, json!({ "input": input })).await
}

both! {
    async fn l9_units_that_are_behind_are_reminded_and_see_it_in_their_inbox(world: &World) {
        let bloc = bloc(world).await;
        let mut other = study("2021-01-30");
        other["title"] = json!("Việc sau");
        let plan = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30"), other] })).await;
        bloc.issue(&plan, "1-KH/ĐUK").await;
        let ids = bloc.data("query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }", json!({ "id": plan })).await.texts("/directive/requirements", "/id");
        let (supervisor, above) = (world.user("gs", "SUPERVISOR", "KHOI").await, world.user("tinh", "SUPERVISOR", "TINH").await);
        let (unit, cell) = (world.user("snv", "REPORTER", "SNV").await, world.user("ttr", "REPORTER", "TTR").await);
        assert_eq!(begins(&urge(&supervisor, &plan, &["SNV"], json!({})).await.refusals()), ["STEP_NOT_ALLOWED L9 units.0"], "before its date nobody is behind");
        world.day("2021-01-02");
        done(&cell, "submitReports", report(vec![of(&ids[0], "TTR")], json!({}))).await;
        let position = |answer: &Answer| answer.body["extensions"]["position"].clone();
        let before = see(&unit, &of(&ids[0], "SNV")).await;
        assert!(see(&supervisor, &of(&ids[0], "SNV")).await.texts("/obligation/viewerCan", "").contains(&"URGE".to_owned()));
        assert!(!see(&supervisor, &of(&ids[1], "SNV")).await.texts("/obligation/viewerCan", "").contains(&"URGE".to_owned()), "A6: that is not overdue");

        let key = json!({ "clientMutationId": "một lần" });
        let done = urge(&supervisor, &plan, &["SNV", "STC"], key.clone()).await;
        assert_eq!((done.number("/urgeUnits/units"), done.number("/urgeUnits/obligations")), (2, 2));
        assert_eq!(position(&urge(&supervisor, &plan, &["SNV", "STC"], key).await), position(&done), "F4: sent again it is done once");
        assert_eq!(see(&unit, &of(&ids[0], "SNV")).await.at("/obligation"), before.at("/obligation"), "no state, date or version changes");
        let again = urge(&above, &plan, &["SNV"], json!({ "words": "Lần thứ hai", "onBehalfOf": { "code": "KHOI" } })).await;
        assert_eq!(again.refusals(), Vec::<String>::new());

        let inbox = unit.data(INBOX, json!({})).await;
        let nodes = inbox.at("/viewer/inbox/nodes");
        assert_eq!(nodes[0]["urges"], json!({ "totalCount": 2, "nodes": [
            { "words": "Lần thứ hai", "onBehalfOf": { "code": "KHOI" }, "by": { "displayName": "tinh" } },
            { "words": "Đề nghị báo cáo ngay", "onBehalfOf": { "code": "KHOI" }, "by": { "displayName": "gs" } },
        ] }), "the latest first");
        assert_eq!((&nodes[1]["requirement"]["title"], &nodes[1]["urges"]["totalCount"]), (&json!("Việc sau"), &json!(0)), "not what is still in time");
        let history = "query($by: ObligationRef!) { obligation(by: $by) { history { nodes { action reason onBehalfOf { code } } } } }";
        let told = unit.data(history, json!({ "by": of(&ids[0], "SNV") })).await;
        assert_eq!(told.at("/obligation/history/nodes").as_array().unwrap().last().unwrap(), &json!({ "action": "UNITS_URGED", "reason": "Lần thứ hai", "onBehalfOf": { "code": "KHOI" } }));
        let page = "query($by: ObligationRef!, $after: String) { obligation(by: $by) { urges(first: 1, after: $after) { nodes { words } pageInfo { hasNextPage endCursor } } } }";
        let first = unit.data(page, json!({ "by": of(&ids[0], "SNV") })).await;
        let after = first.text("/obligation/urges/pageInfo/endCursor");
        let second = unit.data(page, json!({ "by": of(&ids[0], "SNV"), "after": after })).await;
        assert_eq!((second.texts("/obligation/urges/nodes", "/words"), second.at("/obligation/urges/pageInfo/hasNextPage")), (vec!["Đề nghị báo cáo ngay".to_owned()], &json!(false)));
    }

    async fn l9_only_from_above_and_only_who_is_behind(world: &World) {
        let bloc = bloc(world).await;
        let plan = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        bloc.issue(&plan, "1-KH/ĐUK").await;
        world.day("2021-01-02");
        let supervisor = world.user("gs", "SUPERVISOR", "KHOI").await;
        let own = world.user("snv", "SUPERVISOR", "SNV").await;
        assert_eq!(begins(&urge(&own, &plan, &["SNV"], json!({})).await.refusals()), ["FORBIDDEN A2 units.0"], "nobody urges himself");
        assert_eq!(begins(&urge(&world.user("r", "REPORTER", "KHOI").await, &plan, &["SNV"], json!({})).await.refusals()), ["FORBIDDEN A2 units.0"]);
        let stranger = world.user("huyen", "SUPERVISOR", "HUYEN").await;
        assert_eq!(begins(&urge(&stranger, &plan, &["SNV"], json!({})).await.refusals()), ["NOT_FOUND A5 directive"]);
        let wrong = urge(&supervisor, &plan, &["SNV", "SNV-1", "KHÔNG", "SNV"], json!({})).await.refusals();
        assert_eq!(begins(&wrong), ["NOT_FOUND A5 units.2"], "what is not there comes first");
        let wrong = urge(&supervisor, &plan, &["SNV", "SNV-1", "SNV"], json!({})).await.refusals();
        assert_eq!(begins(&wrong), ["STEP_NOT_ALLOWED L9 units.1", "INVALID L9 units.2"], "all or none, and all that is wrong");
        assert_eq!(begins(&urge(&supervisor, &plan, &["SNV"], json!({ "words": " " })).await.refusals()), ["INVALID F2 words"]);
        assert_eq!(begins(&urge(&supervisor, &plan, &[], json!({})).await.refusals()), ["INVALID F6 units"]);
        assert_eq!(begins(&urge(&supervisor, &plan, &["SNV"], json!({ "onBehalfOf": { "code": "TINH" } })).await.refusals()), ["FORBIDDEN L8 units.0"]);
        let count = "query($id: ID!) { directive(by: { id: $id }) { history { nodes { action } } } }";
        assert_eq!(supervisor.data(count, json!({ "id": plan })).await.texts("/directive/history/nodes", "/action"), ["DIRECTIVE_DRAFTED", "DIRECTIVE_ISSUED"], "nothing is half done");
        bloc.step("concludeDirective", &plan, json!({})).await.expect_no_errors("conclude");
        assert_eq!(begins(&urge(&supervisor, &plan, &["SNV"], json!({})).await.refusals()), ["STEP_NOT_ALLOWED L9 units.0"], "what has lapsed nobody can do any more (C6)");
    }

    async fn l9_one_query_sums_up_by_unit_what_is_overdue_and_due_soon(world: &World) {
        let bloc = bloc(world).await;
        let plan = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30"), study("2021-01-05"), study("2021-03-30")] })).await;
        bloc.issue(&plan, "1-KH/ĐUK").await;
        world.day("2021-01-02");
        let query = "{ completion(unit: { code: \"KHOI\" }, span: BELOW) { overdue dueWithin(days: 7) breakdown(by: CHILD_UNIT, orderBy: WORST_FIRST) { nodes { unit { code } completion { overdue dueWithin(days: 7) } } } } }";
        let told = world.user("gs", "SUPERVISOR", "KHOI").await.data(query, json!({})).await;
        assert_eq!((told.number("/completion/overdue"), told.number("/completion/dueWithin")), (3, 3));
        let nodes = told.at("/completion/breakdown/nodes").as_array().unwrap();
        assert_eq!(nodes.len(), 3);
        assert!(nodes.iter().all(|node| node["completion"] == json!({ "overdue": 1, "dueWithin": 1 })), "{nodes:?}");
    }
}
