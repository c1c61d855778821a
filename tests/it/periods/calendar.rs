//! Periods and days: what issuing opens, what the calendar opens, and what stops it.

use std::sync::Arc;

use chidao::clock::Clock;
use sea_orm::ConnectionTrait as _;

use super::*;
use crate::harness::{On, both, run_at_home};
use crate::heirs::{batch, establish, unit};
use crate::obligations::{act, done, report};

const ALL: &str = "SNV STC TTR VPT";

both! {
    async fn b7_issuing_opens_all_periods_that_have_begun_on_the_tree_of_the_day(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-04");
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let only = |first: &str| monthly(json!({ "firstPeriod": first, "scope": { "reach": "SELF", "include": [{ "code": "SNV-1" }] } }));
        let quarterly = monthly(json!({ "recurrence": "QUARTERLY", "dueDaysAfterPeriod": 0, "scope": { "reach": "SELF" } }));
        let yearly = monthly(json!({ "recurrence": "YEARLY", "firstPeriod": "2021", "scope": { "reach": "SELF" } }));
        let ids = issue(&drafter, "81-KH/ĐUK", vec![only("2020-10"), quarterly, yearly]).await;
        let both = |period: &str, due: &str| ["KHOI", "SNV-1"].map(|unit| format!("{period} {unit} PENDING {due} 2020-12-04 {}", if unit == "KHOI" { "SCOPE" } else { "INCLUDED" }));
        let wanted = [both("2020-10", "2020-11-05"), both("2020-11", "2020-12-05"), both("2020-12", "2021-01-05")].concat();
        assert_eq!(owed(&operator, &ids[0]).await, wanted, "bound on the day of B3, also to what has passed");
        assert_eq!(owed(&operator, &ids[1]).await, ["2020-Q4 KHOI PENDING 2020-12-31 2020-12-04 SCOPE"], "the one that contains the day of effect");
        assert!(owed(&operator, &ids[2]).await.is_empty(), "none ahead");
        let query = "query($id: ID!) { node(id: $id) { ... on Requirement { recurrence period firstPeriod dueDaysAfterPeriod dueOn } } }";
        let of = async |id: String| { operator.data(query, json!({ "id": id })).await.at("/node").clone() };
        assert_eq!(of(ids[0].clone()).await, json!({ "recurrence": "MONTHLY", "period": null, "firstPeriod": "2020-10", "dueDaysAfterPeriod": 5, "dueOn": null }));
        assert_eq!(of(ids[1].clone()).await, json!({ "recurrence": "QUARTERLY", "period": null, "firstPeriod": "2020-Q4", "dueDaysAfterPeriod": 0, "dueOn": null }));
        world.day("2021-01-01");
        assert_eq!(told(&world.tick().await), ["2021-01-01 1 2021-01 2", "2021-01-01 2 2021-Q1 1", "2021-01-01 3 2021 1"]);
        assert_eq!(owed(&operator, &ids[2]).await, ["2021 KHOI PENDING 2022-01-05 2021-01-01 SCOPE"]);
    }

    async fn b7_a_preview_shows_whom_all_that_has_begun_would_bind(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let id = drafter.draft("KHOI", "Kế hoạch", json!({ "requirements": [monthly(json!({ "firstPeriod": "2020-11" }))] })).await;
        let query = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound bindings { totalCount nodes { unit { code } reasons { rule } } } userErrors { message } } }";
        let input = |preview: bool| json!({ "input": { "directive": id, "symbol": "1-KH/ĐUK", "issuedOn": "2020-12-01", "preview": preview } });
        let preview = drafter.data(query, input(true)).await;
        assert!(operator.data("{ obligations(filter: {}) { totalCount } }", json!({})).await.at("/obligations/totalCount") == &json!(0));
        let real = drafter.data(query, input(false)).await;
        assert_eq!(preview.at("/issueDirective"), real.at("/issueDirective"), "of each unit one binding, with each reason once");
        assert_eq!(real.at("/issueDirective/bindings/nodes/0"), &json!({ "unit": { "code": "SNV" }, "reasons": [{ "rule": "SCOPE" }] }));
        let bound = operator.data("query($id: ID!) { directive(by: { id: $id }) { boundUnits { nodes { obligations { period } } } } }", json!({ "id": id })).await;
        assert_eq!(bound.texts("/directive/boundUnits/nodes/0/obligations", "/period"), ["2020-11", "2020-12"]);
    }

    async fn b7_a_period_opens_on_its_first_day_and_never_ahead(world: &World) {
        let (operator, _, id) = recurring(world, json!({})).await;
        assert_eq!(bound(&operator, &id).await, [format!("2020-12: {ALL}")]);
        world.day("2020-12-31");
        assert_eq!(told(&world.tick().await), Vec::<String>::new());
        world.day("2021-01-01");
        assert_eq!(told(&world.tick().await), ["2021-01-01 1 2021-01 4"]);
        assert_eq!(told(&world.tick().await), Vec::<String>::new(), "once");
        world.day("2021-01-31");
        assert_eq!(told(&world.tick().await), Vec::<String>::new());
        assert_eq!(owed(&operator, &id).await[4], "2021-01 SNV PENDING 2021-02-05 2021-01-01 SCOPE");
        world.day("2021-02-09");
        // Any write does first what the days owe.
        operator.reorganize(json!([{ "revise": { "unit": { "code": "SNV" }, "shortName": "SNV" } }])).await;
        assert_eq!(bound(&operator, &id).await[2..], [format!("2021-02: {ALL}")]);
    }

    async fn j1_the_journal_tells_of_each_opening_and_nobody_did_it(world: &World) {
        let nobody = json!({ "scope": { "reach": "CHILDREN", "kinds": ["CELL"], "mayBeEmpty": true } });
        let (operator, drafter, _) = recurring(world, nobody).await;
        let ids = issue(&drafter, "82-KH/ĐUK", vec![monthly(json!({ "scope": { "reach": "SELF" } }))]).await;
        world.day("2021-01-01");
        assert_eq!(told(&world.tick().await), ["2021-01-01 1 2021-01 0", "2021-01-01 1 2021-01 1"], "one that binds nobody opens all the same");
        let query = "{ journal(first: 100, filter: { actions: [PERIOD_OPENED] }) { nodes { actor { displayName } subject { __typename }
            units { code } changes { field before after } } } }";
        let entries = operator.data(query, json!({})).await;
        let of = |subject: &str, units: Value, changes: Value| json!({ "actor": null, "subject": { "__typename": subject }, "units": units, "changes": changes });
        let period = json!([{ "field": "requirements.1.period", "before": "2020-12", "after": "2021-01" }]);
        let khoi = json!([{ "code": "KHOI" }]);
        assert_eq!(entries.at("/journal/nodes"), &json!([
            of("Directive", khoi.clone(), period.clone()),
            of("Directive", khoi.clone(), period),
            of("Obligation", khoi, json!([
                { "field": "state", "before": null, "after": "PENDING" }, { "field": "dueOn", "before": null, "after": "2021-02-05" }])),
        ]));
        let history = field(&operator, in_period(&ids[0], "KHOI", "2021-01"), "history { nodes { action } }").await;
        assert_eq!(history, json!({ "history": { "nodes": [{ "action": "PERIOD_OPENED" }] } }));
    }

    async fn b7_the_end_of_the_directive_ends_it(world: &World) {
        let (operator, drafter, id) = recurring(world, json!({})).await;
        let query = "query($id: ID!) { node(id: $id) { ... on Requirement { directive { id } } } }";
        let directive = drafter.data(query, json!({ "id": id })).await.text("/node/directive/id");
        world.day("2021-01-15");
        drafter.step("concludeDirective", &directive, json!({})).await.expect_no_errors("concludeDirective");
        world.day("2021-05-01");
        assert_eq!(told(&world.tick().await), Vec::<String>::new());
        assert_eq!(bound(&operator, &id).await, [format!("2020-12: {ALL}"), format!("2021-01: {ALL}")]);
        assert!(owed(&operator, &id).await.iter().all(|line| line.contains(" LAPSED ")), "open ones of all periods lapse (D6)");
    }

    async fn d6_resuming_opens_what_has_begun_meanwhile_on_the_tree_of_its_day(world: &World) {
        let (operator, drafter, id) = recurring(world, json!({})).await;
        let query = "query($id: ID!) { node(id: $id) { ... on Requirement { directive { id } } } }";
        let directive = drafter.data(query, json!({ "id": id })).await.text("/node/directive/id");
        let resume = "mutation($input: ResumeDirectiveInput!) { resumeDirective(input: $input) { userErrors { code message path } } }";
        let resume = json!([resume, { "input": { "directive": directive, "reason": "còn việc" } }]);
        let resumes = async || drafter.data(resume[0].as_str().unwrap(), resume[1].clone()).await;
        world.day("2020-12-10");
        drafter.step("concludeDirective", &directive, json!({})).await.expect_no_errors("concludeDirective");
        batch(&operator, "2020-12-10", json!([establish("MOI")]), json!([])).await;
        world.day("2020-12-20");
        resumes().await;
        assert_eq!(bound(&operator, &id).await, [format!("2020-12: MOI {ALL}")], "in the same period a late unit gets that one");
        assert_eq!(owed(&operator, &id).await[0], "2020-12 MOI PENDING 2021-01-19 2020-12-20 LATE");
        drafter.step("concludeDirective", &directive, json!({})).await.expect_no_errors("concludeDirective");
        world.day("2021-02-03");
        world.tick().await;
        batch(&operator, "2021-02-03", json!([establish("SAU"), { "move": { "unit": unit("TTR"), "parent": unit("DN") } }]), json!([])).await;
        world.day("2021-03-04");
        resumes().await;
        assert_eq!(bound(&operator, &id).await[1..], ["2021-01", "2021-02", "2021-03"].map(|period| format!("{period}: MOI SAU SNV STC VPT")));
        let owed = owed(&operator, &id).await;
        assert!(owed.contains(&"2021-01 SAU PENDING 2021-02-05 2021-03-04 SCOPE".into()) && !owed.iter().any(|line| line.contains("SAU") && line.contains("LATE")), "{owed:#?}");
        assert!(owed.contains(&"2020-12 TTR RELEASED 2021-01-05 2020-12-01 SCOPE".into()), "who has left is released: {owed:#?}");
        let query = "{ journal(first: 100, filter: { actions: [PERIOD_OPENED] }) { nodes { actor { displayName } onBehalfOf { code } } } }";
        let entries = operator.data(query, json!({})).await;
        assert!(entries.at("/journal/nodes").as_array().unwrap().iter().all(|entry| entry["actor"]["displayName"] == "soan"), "somebody did it: {entries:?}");
        world.day("2021-04-01");
        assert_eq!(told(&world.tick().await), ["2021-04-01 1 2021-04 5"]);
    }

    async fn b7_a_directive_that_replaces_a_series_leaves_its_past_as_it_was(world: &World) {
        let (operator, drafter, old) = recurring(world, json!({ "verification": "SELF" })).await;
        let query = "query($id: ID!) { node(id: $id) { ... on Requirement { directive { id } } } }";
        let directive = drafter.data(query, json!({ "id": old })).await.text("/node/directive/id");
        world.day("2021-01-04");
        let reporter = world.user("snv", "REPORTER", "SNV").await;
        done(&reporter, "submitReports", report(vec![in_period(&old, "SNV", "2020-12")], json!({}))).await;
        let relations = json!([{ "kind": "REPLACES", "to": { "id": directive } }]);
        let quarterly = monthly(json!({ "recurrence": "QUARTERLY", "scope": { "reach": "CHILDREN", "include": [unit("SNV")], "kinds": ["GRASSROOTS_CELL"] } }));
        let new = drafter.draft("KHOI", "Kế hoạch mới", json!({ "requirements": [quarterly], "relations": relations })).await;
        drafter.issue(&new, "82-KH/ĐUK").await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
        let [new] = drafter.data(query, json!({ "id": new })).await.texts("/directive/requirements", "/id").try_into().unwrap();
        world.day("2021-04-01");
        assert_eq!(told(&world.tick().await), ["2021-04-01 1 2021-Q2 3"], "of the old one nothing opens");
        assert_eq!(bound(&operator, &old).await, [format!("2020-12: {ALL}"), format!("2021-01: {ALL}")]);
        let of_old = owed(&operator, &old).await;
        assert_eq!(of_old[0], "2020-12 SNV FULFILLED 2021-01-05 2020-12-01 SCOPE");
        assert!(of_old[1..].iter().all(|line| line.contains(" RELEASED ")), "what was open is released (D6): {of_old:?}");
        assert_eq!(bound(&operator, &new).await, ["2021-Q1: SNV TTR VPT", "2021-Q2: SNV TTR VPT"]);
    }

    async fn b7_periods_are_apart_in_what_is_done_with_them(world: &World) {
        let (operator, _, id) = recurring(world, json!({ "firstPeriod": "2020-11" })).await;
        let (reporter, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let [november, december] = ["2020-11", "2020-12"].map(|period| in_period(&id, "SNV", period));
        done(&reporter, "submitReports", report(vec![november.clone()], json!({}))).await;
        done(&bloc, "acceptReports", json!({ "obligations": [november.clone()] })).await;
        assert_eq!(owed(&operator, &id).await.iter().filter(|line| line.contains("SNV")).cloned().collect::<Vec<_>>(), [
            "2020-11 SNV FULFILLED 2020-12-05 2020-12-01 SCOPE", "2020-12 SNV PENDING 2021-01-05 2020-12-01 SCOPE"]);
        assert_eq!(field(&operator, december.clone(), "state").await, json!({ "state": "PENDING" }));
        let count = async |filter: Value| {
            let query = "query($f: ObligationFilter!, $c: CompletionFilter!) { obligations(filter: $f) { totalCount } completion(unit: { code: \"KHOI\" }, filter: $c) { total fulfilled } }";
            let answer = operator.data(query, json!({ "f": filter, "c": filter })).await;
            (answer.number("/obligations/totalCount"), answer.number("/completion/total"), answer.number("/completion/fulfilled"))
        };
        assert_eq!(count(json!({ "period": "2020-11" })).await, (4, 4, 1));
        assert_eq!(count(json!({ "period": "2020-12" })).await, (4, 4, 0));
        assert_eq!(count(json!({ "period": "2021-01" })).await, (0, 0, 0));
        // Without a period a key of what recurs names none, though the unit may have only one (B7).
        let refused = act(&reporter, "startObligations", json!({ "obligations": [crate::obligations::of(&id, "SNV")] })).await.refusals();
        assert!(refused[0].starts_with("NOT_FOUND") && refused[0].contains("name the period"), "{refused:?}");
        // A requirement that recurs is extended through its obligations (L4).
        let query = "mutation($input: ExtendDueDateInput!) { extendDueDate(input: $input) { obligations { dueOn } userErrors { code rule path message } } }";
        let whole = bloc.ask(query, json!({ "input": { "requirement": id, "dueOn": "2021-03-01", "reason": "bận" } })).await.refusals();
        assert!(whole[0].starts_with("INVALID L4 requirement: ") && whole[0].contains("`obligations`"), "{whole:?}");
        bloc.data(query, json!({ "input": { "obligations": [december], "dueOn": "2021-03-01", "reason": "bận" } })).await;
        world.day("2021-01-01");
        world.tick().await;
        let of_snv: Vec<String> = owed(&operator, &id).await.into_iter().filter(|line| line.contains("SNV")).collect();
        assert_eq!(of_snv[1..], ["2020-12 SNV PENDING 2021-03-01 2020-12-01 SCOPE", "2021-01 SNV PENDING 2021-02-05 2021-01-01 SCOPE"]);
    }

    async fn l5_an_earlier_requirement_holds_up_the_same_period_where_both_recur(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let own = |after: Value| monthly(json!({ "firstPeriod": "2020-11", "verification": "SELF", "after": after }));
        let ids = issue(&world.user("soan", "DRAFTER", "KHOI").await, "81-KH/ĐUK", vec![own(json!([])), own(json!([1]))]).await;
        let reporter = world.user("snv", "REPORTER", "SNV").await;
        let reports = async |requirement: &str, period: &str| {
            let input = report(vec![in_period(requirement, "SNV", period)], json!({}));
            act(&reporter, "submitReports", input).await.refusals().len()
        };
        assert_eq!(reports(&ids[1], "2020-11").await, 1);
        assert_eq!(reports(&ids[0], "2020-11").await, 0);
        assert_eq!(reports(&ids[1], "2020-11").await, 0, "December of the first is open, and says nothing about November");
        assert_eq!(reports(&ids[1], "2020-12").await, 1);
        let gate = field(&operator, in_period(&ids[1], "SNV", "2020-12"), "gate { open missing { nodes { period } } }").await;
        assert_eq!(gate, json!({ "gate": { "open": false, "missing": { "nodes": [{ "period": "2020-12" }] } } }));
    }
}

both! {
    async fn b7_what_a_hand_in_the_tables_does_to_periods_is_found(world: &World) {
        recurring(world, json!({ "firstPeriod": "2020-11" })).await;
        for (statement, code) in [
            ("DELETE FROM requirement_period", "PERIODS"),
            ("DELETE FROM requirement_period WHERE period = '2020-11'", "PERIODS"),
            ("DELETE FROM requirement_period WHERE period = '2020-12'", "PERIODS"),
            ("DELETE FROM requirement_period WHERE period = '2020-11'", "OBLIGATION_OF_ANOTHER_PERIOD"),
            ("UPDATE requirement_period SET opened_on = '2020-12-02'", "OBLIGATION_OF_ANOTHER_PERIOD"),
            ("UPDATE requirement_period SET opened_on = '2020-11-01'", "PERIODS"),
            ("UPDATE requirement_period SET at = '2019-01-01 00:00:00+00:00'", "CHANGE_UNTOLD"),
            ("UPDATE requirement SET recurrence = 'NONE'", "PERIODS"),
            ("UPDATE journal_head SET calendar_on = '2021-01-01'", "PERIODS"),
        ] {
            let tx = world.office.begin_unattended().await.unwrap();
            tx.sql().execute_unprepared(statement).await.unwrap();
            let found = chidao::check::check_in(tx.sql(), world.office.database().engine(), world.clock.today()).await.unwrap();
            assert!(found.iter().any(|finding| finding.code == code), "{statement}: {found:?}");
        }
        assert_eq!(chidao::check::check(&world.office).await.unwrap(), [], "all of it was undone");
    }
}

both! {
    async fn b7_a_server_that_was_down_opens_the_missed_periods_in_order_as_of_their_own_days(home: &Home) {
        let before = World::begin(home).await;
        let (operator, _, id) = recurring(&before, json!({})).await;
        // A unit that is planned for one of the days that are slept through, and one that is planned to go.
        batch(&operator, "2021-02-10", json!([establish("MOI")]), json!([])).await;
        batch(&operator, "2021-03-01", json!([{ "move": { "unit": unit("TTR"), "parent": unit("DN") } }]), json!([])).await;
        before.end().await;
        let clock = Clock::fixed_at(chrono_tz::Asia::Ho_Chi_Minh, "2021-04-20".parse().unwrap());
        let after = World::begin_by(home.config(), clock).await;
        let operator = after.log_in("admin").await;
        assert_eq!(bound(&operator, &id).await, [
            format!("2020-12: {ALL}"), format!("2021-01: {ALL}"), format!("2021-02: MOI {ALL}"), "2021-03: MOI SNV STC VPT".into(), "2021-04: MOI SNV STC VPT".into()]);
        let owed = owed(&operator, &id).await;
        assert!(owed.contains(&"2021-02 MOI PENDING 2021-03-12 2021-02-10 LATE".into()), "a late unit gets the period of its day: {owed:#?}");
        assert!(owed.contains(&"2021-03 MOI PENDING 2021-04-05 2021-03-01 SCOPE".into()), "{owed:#?}");
        assert!(owed.contains(&"2021-02 TTR RELEASED 2021-03-05 2021-02-01 SCOPE".into()), "who leaves on the first day of a period has none of it: {owed:#?}");
        let query = "{ journal(first: 100, filter: { actions: [PERIOD_OPENED, REORGANIZATION_ENACTED] }) { nodes { subject { ... on Reorganization { effectiveOn } ... on Directive { symbol } } changes { after } } } }";
        let entries = operator.data(query, json!({})).await;
        let nodes = entries.at("/journal/nodes").as_array().unwrap();
        let of = |node: &Value| match (node["subject"]["effectiveOn"].as_str(), node["subject"]["symbol"].as_str()) {
            (Some(day), _) => Some(day.to_owned()),
            (_, Some(_)) => node["changes"][0]["after"].as_str().map(str::to_owned),
            _ => None,
        };
        let order: Vec<String> = nodes.iter().filter_map(of).collect();
        assert_eq!(order, ["2021-01", "2021-02", "2021-02-10", "2021-03-01", "2021-03", "2021-04"], "by days, and on a day the batches first (S6)");
        after.end().await;
    }
}

/// Several servers share PostgreSQL only.
#[test]
fn b7_two_servers_open_each_period_once() {
    run_at_home(On::Postgres, |home| {
        Box::pin(async move {
            let world = World::begin(home).await;
            let (operator, drafter, id) = recurring(&world, json!({})).await;
            let mut ids = vec![id];
            for number in 1..6 {
                ids.extend(issue(&drafter, &format!("{number}-KH/ĐUK"), vec![monthly(json!({})), monthly(json!({}))]).await);
            }
            let other = World::begin_by(home.config(), world.clock.clone()).await;
            world.day("2021-03-02");
            let offices: Vec<_> = [&world, &other, &world, &other].into_iter().map(|world| Arc::clone(&world.office)).collect();
            let ticks: Vec<_> =
                offices.into_iter().map(|office| tokio::spawn(async move { chidao::command::tick(&office).await.unwrap() })).collect();
            let mut happened = Vec::new();
            for tick in ticks {
                happened.extend(tick.await.unwrap());
            }
            assert_eq!(happened.len(), 3 * ids.len());
            for id in &ids {
                assert_eq!(
                    bound(&operator, id).await,
                    ["2020-12", "2021-01", "2021-02", "2021-03"].map(|period| format!("{period}: {ALL}"))
                );
            }
            other.end().await;
            world.end().await;
        })
    });
}

both! {
    async fn b7_what_is_issued_by_a_clock_that_is_behind_is_owed_again(home: &Home) {
        let behind = World::begin(home).await;
        let operator = behind.operator().await;
        operator.establish(PROVINCE).await;
        let drafter = behind.user("soan", "DRAFTER", "KHOI").await;
        let ahead = World::begin_by(home.config(), Clock::fixed_at(chrono_tz::Asia::Ho_Chi_Minh, "2021-01-01".parse().unwrap())).await;
        let [id] = issue(&drafter, "81-KH/ĐUK", vec![monthly(json!({}))]).await.try_into().unwrap();
        assert_eq!(told(&ahead.tick().await), ["2021-01-01 1 2021-01 4"], "though the calendar had been done up to that day");
        assert_eq!(bound(&operator, &id).await.len(), 2);
        ahead.end().await;
        behind.end().await;
    }
}
