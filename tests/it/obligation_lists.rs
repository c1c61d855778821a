//! Lists of obligations over HTTP: rights, filters, orders, pages, the inbox and what waits (A3, A5, L2).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, both};
use crate::obligations::{act, done, issue, of, plan, report, requirement};

const LIST: &str = "query($filter: ObligationFilter!, $order: ObligationOrder, $first: Int, $after: String, $last: Int, $before: String) {
    obligations(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id dueOn unit { code } requirement { title } } } }";

/// Asks for a list, whatever the answer.
async fn list(actor: &Actor<'_>, mut variables: Value) -> Answer {
    for name in ["order", "first", "after", "last", "before"] {
        if variables.get(name).is_none() {
            variables[name] = Value::Null;
        }
    }
    actor.ask(LIST, variables).await
}

/// Asks for a list that must be answered.
async fn listed(actor: &Actor<'_>, variables: Value) -> Answer {
    let answer = list(actor, variables).await;
    answer.expect_no_errors(LIST);
    answer
}

/// Walks a list page by page, forwards or backwards; the ids come in the order of the list.
async fn walk(actor: &Actor<'_>, order: &str, size: usize, forwards: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let (amount, from) = if forwards { ("first", "after") } else { ("last", "before") };
        let mut variables = json!({ "filter": {}, "order": order });
        variables[amount] = json!(size);
        variables[from] = cursor;
        let page = listed(actor, variables).await;
        let ids = page.texts("/obligations/nodes", "/id");
        assert!(ids.len() <= size);
        let (more, edge) = if forwards { ("hasNextPage", "endCursor") } else { ("hasPreviousPage", "startCursor") };
        found = if forwards { [found, ids].concat() } else { [ids, found].concat() };
        if page.at(&format!("/obligations/pageInfo/{more}")) != &json!(true) {
            return found;
        }
        cursor = page.at(&format!("/obligations/pageInfo/{edge}")).clone();
    }
}

both! {
    async fn a3_a_list_holds_what_the_viewer_may_read_and_what_is_named_outside_is_refused(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let (unit, stranger) = (world.user("snv", "REPORTER", "SNV").await, world.user("huyen", "ADMIN", "HUYEN").await);
        let own = listed(&unit, json!({ "filter": {} })).await;
        assert_eq!((own.texts("/obligations/nodes", "/unit/code"), own.number("/obligations/totalCount")), (vec!["SNV".to_owned()], 1));
        for filter in [json!({ "under": { "code": "KHOI" } }), json!({ "units": [{ "code": "SNV" }, { "code": "STC" }] })] {
            assert_eq!(list(&unit, json!({ "filter": filter })).await.error_code(), "FORBIDDEN", "never silently cut");
        }
        let nothing = listed(&stranger, json!({ "filter": {} })).await;
        assert_eq!(nothing.number("/obligations/totalCount"), 0);
        let query = "query($by: ObligationRef!) { obligation(by: $by) { id } }";
        assert!(stranger.data(query, json!({ "by": of(&study, "SNV") })).await.at("/obligation").is_null(), "A5");
        let id = own.text("/obligations/nodes/0/id");
        assert!(stranger.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await.at("/node").is_null(), "A5");
        assert_eq!(unit.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await.text("/node/id"), id);
        let refusals = act(&stranger, "acknowledgeObligations", json!({ "obligations": [{ "id": id }] })).await.refusals();
        assert!(refusals[0].starts_with("NOT_FOUND A5 obligations.0"), "{refusals:?}");
        let above = "query { orgUnit(by: { code: \"STC\" }) { obligations { totalCount } } }";
        assert_eq!(unit.ask(above, json!({})).await.error_code(), "FORBIDDEN");
    }

    async fn pages_follow_each_other_in_every_order_and_from_both_ends(world: &World) {
        let [_, free] = plan(world, vec![requirement("Học tập", json!({})), requirement("Chương trình", json!({ "dueOn": null }))]).await.try_into().unwrap();
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        let inspector = world.user("r", "REPORTER", "KHOI").await;
        for (day, unit) in [("2020-12-02", "TTR"), ("2020-12-03", "SNV")] {
            world.day(day);
            done(&inspector, "acknowledgeObligations", json!({ "obligations": [of(&free, unit)] })).await;
        }
        issue(&world.log_in("soan").await, "82-KH/ĐUK", vec![requirement("Sớm hơn", json!({ "dueOn": "2020-12-15" }))]).await;
        for order in ["DUE_ON", "TREE", "UPDATED_AT"] {
            let whole = walk(&bloc, order, 100, true).await;
            assert_eq!(whole.len(), 12);
            for (size, forwards) in [(1, true), (5, true), (5, false), (1, false)] {
                assert_eq!(walk(&bloc, order, size, forwards).await, whole, "{order} {size} {forwards}");
            }
        }
        let by_date = listed(&bloc, json!({ "filter": {}, "order": "DUE_ON" })).await;
        let dates = by_date.texts("/obligations/nodes", "/dueOn");
        assert_eq!((&dates[0][..], &dates[4][..], &dates[8][..]), ("2020-12-15", "2020-12-30", "(none)"), "no date is last");
        let by_unit = listed(&bloc, json!({ "filter": {}, "order": "TREE" })).await;
        assert_eq!(by_unit.texts("/obligations/nodes", "/unit/code")[..4], ["SNV", "SNV", "SNV", "STC"]);
        let by_change = listed(&bloc, json!({ "filter": { "states": ["ACKNOWLEDGED"] }, "order": "UPDATED_AT" })).await;
        assert_eq!(by_change.texts("/obligations/nodes", "/unit/code"), ["SNV", "TTR"], "the last changed first");
    }

    async fn pages_of_no_size_and_cursors_of_other_lists_are_refused(world: &World) {
        plan(world, vec![requirement("Học tập", json!({}))]).await;
        let bloc = world.user("khoi", "REPORTER", "KHOI").await;
        for variables in [json!({ "first": 0 }), json!({ "first": -1 }), json!({ "first": 101 }), json!({ "last": 0 }), json!({ "first": 1, "last": 1 }), json!({ "after": "abc" })] {
            let mut variables = variables;
            variables["filter"] = json!({});
            assert_eq!(list(&bloc, variables.clone()).await.error_code(), "INVALID", "{variables}");
        }
        let inbox = bloc.data("{ viewer { inbox(first: 1) { pageInfo { endCursor } } } }", json!({})).await.text("/viewer/inbox/pageInfo/endCursor");
        let other = listed(&bloc, json!({ "filter": {}, "order": "TREE", "first": 1 })).await.text("/obligations/pageInfo/endCursor");
        let narrowed = listed(&bloc, json!({ "filter": { "states": ["PENDING"] }, "first": 1 })).await.text("/obligations/pageInfo/endCursor");
        for cursor in [inbox, other, narrowed] {
            assert_eq!(list(&bloc, json!({ "filter": {}, "after": cursor })).await.error_code(), "INVALID");
        }
        for (filter, code) in [
            (json!({ "unitKinds": ["NO_SUCH"] }), "NOT_FOUND"),
            (json!({ "under": { "code": "NO_SUCH" } }), "NOT_FOUND"),
            (json!({ "directives": [{ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "99-KH/ĐUK" } }] }), "NOT_FOUND"),
            (json!({ "requirements": ["OrgUnit:1"] }), "INVALID"),
        ] {
            assert_eq!(list(&bloc, json!({ "filter": filter })).await.error_code(), code, "{filter}");
        }
        let day = list(&bloc, json!({ "filter": { "due": { "from": "2020-02-30" } } })).await;
        assert_ne!(day.error_code(), "(no error)", "{day:?}");
    }

    async fn c4_a_list_follows_the_lineage_of_a_directive(world: &World) {
        let [_] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let drafter = world.user("snv", "DRAFTER", "SNV").await;
        let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { message path } } }";
        let above = json!({ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "81-KH/ĐUK" } });
        let input = json!({ "issuer": { "code": "SNV" }, "kind": "PLAN", "title": "Cụ thể hóa", "relations": [{ "kind": "IMPLEMENTS", "to": above }],
            "requirements": [requirement("Chi bộ học tập", json!({}))] });
        let id = drafter.data(draft, json!({ "input": input })).await.text("/draftDirective/directive/id");
        let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message path } } }";
        drafter.data(issue, json!({ "input": { "directive": id, "symbol": "5-KH/ĐU", "issuedOn": "2020-12-01" } })).await;
        let bloc = world.user("khoi", "VIEWER", "KHOI").await;
        let count = |through: &'static str| { let (bloc, above) = (&bloc, &above); async move {
            listed(bloc, json!({ "filter": { "directives": [above], "through": through } })).await.number("/obligations/totalCount")
        } };
        assert_eq!((count("SCOPE").await, count("LINEAGE").await), (4, 5));
    }

    async fn l2_the_viewer_sees_what_is_to_do_and_what_waits_for_a_decision(world: &World) {
        let [study, by_issuer] = plan(world, vec![requirement("Học tập", json!({})), requirement("Tổng hợp", json!({ "dueOn": "2020-12-20", "verification": "ISSUER", "scope": { "reach": "DESCENDANTS" } }))]).await.try_into().unwrap();
        let (unit, bloc, office) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await, world.user("snv-gs", "SUPERVISOR", "SNV").await);
        let query = "{ viewer { inbox { totalCount nodes { unit { code } requirement { title } } } toVerify { totalCount nodes { unit { code } requirement { title } viewerCan } } } }";
        let mine = unit.data(query, json!({})).await;
        assert_eq!(mine.texts("/viewer/inbox/nodes", "/requirement/title"), ["Tổng hợp", "Tổng hợp", "Học tập"]);
        assert_eq!(bloc.data(query, json!({})).await.number("/viewer/inbox/totalCount"), 0, "a supervisor does not report for the own unit");
        done(&unit, "submitReports", report(vec![of(&study, "SNV"), of(&by_issuer, "SNV")], json!({}))).await;
        done(&unit, "submitReports", report(vec![of(&by_issuer, "SNV-1")], json!({}))).await;
        done(&bloc, "submitReports", report(vec![of(&study, "STC")], json!({}))).await;
        let waiting = bloc.data(query, json!({})).await;
        assert_eq!(waiting.texts("/viewer/toVerify/nodes", "/unit/code").len(), 3, "not the own report: {waiting:?}");
        assert!(waiting.at("/viewer/toVerify/nodes").as_array().unwrap().iter().all(|node| node["viewerCan"].as_array().unwrap().contains(&json!("ACCEPT"))), "{waiting:?}");
        assert_eq!(office.data(query, json!({})).await.number("/viewer/toVerify/totalCount"), 0, "the issuer verifies the cell's, the bloc the committee's");
        assert_eq!(unit.data(query, json!({})).await.number("/viewer/inbox/totalCount"), 3, "what waits is open");
    }

    async fn statements_stay_flat_as_pages_grow(world: &World) {
        let requirements = (0..8).map(|n| requirement(&format!("Việc {n}"), json!({ "after": if n == 0 { json!(null) } else { json!([1]) }, "indicators": [{ "key": "attended", "label": "Dự", "aggregation": "SUM" }] }))).collect();
        let ids = plan(world, requirements).await;
        let bloc = world.user("khoi", "REPORTER", "KHOI").await;
        for id in &ids {
            for unit in ["SNV", "STC"] {
                done(&bloc, "submitReports", report(vec![of(id, unit)], json!({ "readings": [{ "indicator": "attended", "value": "12" }] }))).await;
            }
        }
        let query = "query($first: Int) { obligations(filter: { under: { code: \"KHOI\" }, overdue: false }, first: $first, orderBy: UPDATED_AT) { totalCount nodes {
            id state viewerCan dueOn overdue earlierDueDates { dueOn } unit { code } requirement { title } directive { symbol } gate { open unmetAfter { title } missing { nodes { id } } }
            latestReport { narrative submittedBy { displayName } readings { value meetsGoal indicator { key } } obligations { id } decisions { accepted } }
            reports { nodes { id } } dischargedBy { symbol } } } }";
        let statements = || world.office.database().statements();
        let mut counts = Vec::new();
        for first in [2, 16] {
            let before = statements();
            let answer = bloc.data(query, json!({ "first": first })).await;
            assert_eq!(answer.texts("/obligations/nodes", "/id").len(), first);
            counts.push(statements() - before);
        }
        assert_eq!(counts[1], counts[0]);
        let nested = "query($first: Int) { orgUnits(first: $first, filter: { under: { code: \"KHOI\" } }) { nodes { code obligations(first: 2) { totalCount pageInfo { hasNextPage } nodes { id } } } } }";
        let mut counts = Vec::new();
        for first in [2, 6] {
            let before = statements();
            let answer = bloc.data(nested, json!({ "first": first })).await;
            assert_eq!(answer.number("/orgUnits/nodes/1/obligations/totalCount"), 8);
            assert_eq!(answer.texts("/orgUnits/nodes/1/obligations/nodes", "/id").len(), 2);
            assert_eq!(answer.number("/orgUnits/nodes/0/obligations/totalCount"), 0);
            counts.push(statements() - before);
        }
        assert_eq!(counts[1], counts[0]);
        let mut writes = Vec::new();
        let bloc = world.user("gs", "SUPERVISOR", "KHOI").await;
        for units in [vec![of(&ids[0], "SNV")], ids.iter().map(|id| of(id, "STC")).collect::<Vec<_>>()] {
            let before = statements();
            done(&bloc, "acceptReports", json!({ "obligations": units })).await;
            writes.push(statements() - before);
        }
        // The second asks for gates, which the first has none of: one statement for all of them.
        assert!(writes[1] <= writes[0] + 1, "{writes:?}");
    }
}
