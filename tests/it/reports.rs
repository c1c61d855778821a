//! Reports over HTTP (L2, L3, L6, L7).

use serde_json::{Value, json};

use crate::harness::{Answer, both};
use crate::obligations::{act, done, of, plan, report, requirement, see};

const REPORT: &str = "mutation($input: SubmitReportsInput!) { submitReports(input: $input) {
    reports { id receivedOn heldOn narrative unit { code } directive { symbol } submittedBy { displayName } obligations { requirement { title } }
        readings { value meetsGoal indicator { key } } decisions { accepted reason by { displayName } } }
    obligations { state reportedOn } userErrors { code rule path message } } }";

fn refused(answer: &Answer) -> Vec<String> {
    answer.refusals().iter().map(|refusal| refusal.split(':').next().unwrap().to_owned()).collect()
}

both! {
    async fn l2_nobody_accepts_the_own_report(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let (bloc, tinh, unit) = (world.user("khoi", "SUPERVISOR", "KHOI").await, world.user("tinh", "SUPERVISOR", "TINH").await, world.user("snv", "SUPERVISOR", "SNV").await);
        let snv = of(&study, "SNV");
        done(&bloc, "submitReports", report(vec![snv.clone()], json!({}))).await;
        assert_eq!(refused(&act(&bloc, "acceptReports", json!({ "obligations": [snv] })).await), ["FORBIDDEN L2 obligations.0"]);
        assert!(!see(&bloc, &snv).await.texts("/obligation/viewerCan", "").contains(&"ACCEPT".to_owned()), "A6");
        assert_eq!(refused(&act(&unit, "acceptReports", json!({ "obligations": [snv] })).await), ["FORBIDDEN A2 obligations.0"], "never the unit itself");
        done(&tinh, "acceptReports", json!({ "obligations": [snv] })).await;
        let stc = of(&study, "STC");
        done(&bloc, "submitReports", report(vec![stc.clone()], json!({ "receivedOn": "2020-12-01" }))).await;
        let paper = done(&bloc, "acceptReports", json!({ "obligations": [stc] })).await;
        assert_eq!(paper.text("/acceptReports/obligations/0/state"), "FULFILLED", "who entered a paper report may accept it");
    }

    async fn l2_self_closes_at_once_and_a_standing_duty_stays(world: &World) {
        let [own, talk] = plan(world, vec![requirement("Tự học", json!({ "verification": "SELF" })), requirement("Phản ánh", json!({ "informative": true, "dueOn": null }))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let answer = unit.data(REPORT, json!({ "input": report(vec![of(&own, "SNV"), of(&talk, "SNV")], json!({})) })).await;
        assert_eq!(answer.texts("/submitReports/obligations", "/state"), ["FULFILLED", "REPORTED"]);
        assert!(answer.at("/submitReports/reports/0/decisions").as_array().unwrap().is_empty(), "nobody decided");
        let accepted = done(&bloc, "acceptReports", json!({ "obligations": [of(&talk, "SNV")] })).await;
        assert_eq!(accepted.text("/acceptReports/obligations/0/state"), "IN_PROGRESS", "B8");
        let decided = "query($by: ObligationRef!) { obligation(by: $by) { latestReport { decisions { accepted by { displayName } obligation { state } } } } }";
        let decisions = bloc.data(decided, json!({ "by": of(&talk, "SNV") })).await;
        assert_eq!(decisions.text("/obligation/latestReport/decisions/0/by/displayName"), "khoi");
    }

    async fn l3_a_paper_report_comes_on_its_day_and_only_a_superior_enters_it(world: &World) {
        world.day("2020-12-04");
        let [study] = plan(world, vec![requirement("Học tập", json!({ "dueOn": "2020-12-10" }))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let snv = of(&study, "SNV");
        world.day("2020-12-20");
        let input = |day: &str| report(vec![snv.clone()], json!({ "receivedOn": day, "heldOn": "2020-12-08" }));
        assert_eq!(refused(&act(&unit, "submitReports", input("2020-12-09")).await), ["FORBIDDEN A2 reports.0.receivedOn"]);
        assert_eq!(refused(&act(&bloc, "submitReports", input("2020-12-03")).await), ["INVALID L3 reports.0.receivedOn"]);
        assert_eq!(refused(&act(&bloc, "submitReports", input("2020-12-21")).await), ["INVALID L3 reports.0.receivedOn"]);
        assert_eq!(see(&bloc, &snv).await.at("/obligation/overdue"), &json!(true));
        done(&bloc, "submitReports", input("2020-12-09")).await;
        let waiting = see(&bloc, &snv).await;
        assert_eq!((waiting.at("/obligation/overdue"), waiting.text("/obligation/reportedOn").as_str()), (&json!(false), "2020-12-09"));
        let answer = unit.data(REPORT, json!({ "input": report(vec![snv.clone()], json!({ "narrative": "Bổ sung danh sách." })) })).await;
        assert_eq!(answer.text("/submitReports/obligations/0/reportedOn"), "2020-12-09", "what replaces a waiting report keeps its day");
        let reports = "query($by: ObligationRef!) { obligation(by: $by) { latestReport { narrative } reports(first: 1) { totalCount pageInfo { endCursor hasNextPage } nodes { narrative } } } }";
        let seen = unit.data(reports, json!({ "by": snv })).await;
        assert_eq!((seen.number("/obligation/reports/totalCount"), seen.text("/obligation/latestReport/narrative").as_str()), (2, "Bổ sung danh sách."));
        assert_eq!(seen.texts("/obligation/reports/nodes", "/narrative"), ["Bổ sung danh sách."], "the latest first");
        let accepted = done(&bloc, "acceptReports", json!({ "obligations": [snv] })).await;
        assert_eq!(accepted.at("/acceptReports/obligations/0/late"), &json!(false));
    }

    async fn l6_a_document_is_the_units_own(world: &World) {
        let [programme] = plan(world, vec![requirement("Chương trình", json!({ "kind": "DOCUMENT" }))]).await.try_into().unwrap();
        let (unit, drafter) = (world.user("snv", "REPORTER", "SNV").await, world.user("snv-soan", "DRAFTER", "SNV").await);
        let snv = of(&programme, "SNV");
        assert_eq!(refused(&act(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await), ["INVALID L6 reports.0.directive"]);
        let above = json!({ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "81-KH/ĐUK" } });
        assert_eq!(refused(&act(&unit, "submitReports", report(vec![snv.clone()], json!({ "directive": above }))).await), ["INVALID L6 reports.0.directive"]);
        let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { message path } } }";
        let id = drafter.data(draft, json!({ "input": { "issuer": { "code": "SNV" }, "kind": "PROGRAMME", "title": "Chương trình hành động" } })).await.text("/draftDirective/directive/id");
        assert_eq!(refused(&act(&unit, "submitReports", report(vec![snv.clone()], json!({ "directive": { "id": id } }))).await), ["INVALID L6 reports.0.directive"], "a draft is none");
        let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message path } } }";
        drafter.data(issue, json!({ "input": { "directive": id, "symbol": "1-CTr/ĐU", "issuedOn": "2020-12-01" } })).await;
        let answer = unit.data(REPORT, json!({ "input": report(vec![snv.clone()], json!({ "directive": { "id": id } })) })).await;
        assert_eq!(answer.text("/submitReports/reports/0/directive/symbol"), "1-CTr/ĐU");
        let discharged = "query($by: ObligationRef!) { obligation(by: $by) { dischargedBy { symbol } } }";
        assert_eq!(unit.data(discharged, json!({ "by": snv })).await.texts("/obligation/dischargedBy", "/symbol"), ["1-CTr/ĐU"]);
        done(&unit, "submitReports", report(vec![snv.clone()], json!({ "directive": { "id": id } }))).await;
    }

    async fn l7_one_report_serves_several_obligations_of_one_unit(world: &World) {
        let indicators = json!([{ "key": "attended", "label": "Dự", "aggregation": "SUM", "goal": "40", "goalDirection": "AT_LEAST", "required": true, "goals": [{ "unit": { "code": "SNV" }, "goal": "38" }] }]);
        let [study, second] = plan(world, vec![requirement("Học tập", json!({ "indicators": indicators })), requirement("Quán triệt", json!({ "indicators": [{ "key": "attended", "label": "Dự", "aggregation": "SUM" }] }))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let two = vec![of(&study, "SNV"), of(&second, "SNV")];
        let reading = |key: &str, value: &str| json!([{ "indicator": key, "value": value }]);
        assert_eq!(refused(&act(&unit, "submitReports", report(two.clone(), json!({}))).await), ["INVALID L7 reports.0.readings"]);
        assert_eq!(refused(&act(&unit, "submitReports", report(two.clone(), json!({ "readings": reading("no-such", "1") }))).await)[0], "INVALID L7 reports.0.readings.0.indicator");
        let answer = unit.data(REPORT, json!({ "input": report(two, json!({ "readings": reading("attended", "38.50") })) })).await;
        assert_eq!(answer.texts("/submitReports/reports/0/obligations", "/requirement/title").len(), 2);
        let readings = answer.at("/submitReports/reports/0/readings");
        assert_eq!(readings, &json!([{ "value": "38.5", "meetsGoal": true, "indicator": { "key": "attended" } }, { "value": "38.5", "meetsGoal": null, "indicator": { "key": "attended" } }]));
        done(&bloc, "returnReport", json!({ "obligation": of(&second, "SNV"), "reason": "Chưa đủ" })).await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&study, "SNV")] })).await;
        assert_eq!(see(&unit, &of(&second, "SNV")).await.text("/obligation/state"), "RETURNED", "each is verified on its own");
        let mixed = world.user("r", "REPORTER", "KHOI").await;
        let others = report(vec![of(&second, "SNV"), of(&second, "STC")], json!({}));
        assert_eq!(refused(&act(&mixed, "submitReports", others).await), ["INVALID L7 reports.0.obligations.1"]);
        assert_eq!(refused(&act(&unit, "submitReports", report(vec![of(&second, "STC")], json!({}))).await), ["NOT_FOUND A5 reports.0.obligations.0"], "another unit's");
    }

    async fn reports_are_taken_all_or_none_and_texts_are_cleaned(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let units = world.user("r", "REPORTER", "KHOI").await;
        let one = |unit: &str, changes: Value| { let mut one = json!({ "obligations": [of(&study, unit)], "narrative": "Đã xong." }); one.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone()); one };
        let input = json!({ "reports": [one("SNV", json!({})), one("STC", json!({ "narrative": "   " })), one("TTR", json!({ "narrative": "a\u{0}b" }))] });
        assert_eq!(refused(&act(&units, "submitReports", input).await), ["INVALID F2 reports.1.narrative", "INVALID F2 reports.2.narrative"]);
        let twice = json!({ "reports": [one("SNV", json!({})), one("SNV", json!({})), one("STC", json!({ "expectedVersion": 7 })), one("TTR", json!({ "heldOn": "2021-01-01" }))] });
        assert_eq!(refused(&act(&units, "submitReports", twice).await), ["INVALID F6 reports.1.obligations.0", "CONFLICT F4 reports.2.obligations.0", "INVALID L7 reports.3.heldOn"]);
        assert_eq!(see(&units, &of(&study, "SNV")).await.text("/obligation/state"), "PENDING", "nothing is half done");
        assert_eq!(refused(&act(&units, "submitReports", json!({ "reports": [] })).await), ["INVALID F6 reports"]);
        let good = json!({ "reports": [one("SNV", json!({})), one("STC", json!({ "expectedVersion": 1 }))] });
        done(&units, "submitReports", good).await;
    }

    async fn what_has_changed_since_it_was_read_is_not_decided_on_where_the_version_is_said(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("r", "REPORTER", "KHOI").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let [snv, stc, ttr] = ["SNV", "STC", "TTR"].map(|code| of(&study, code));
        for one in [&snv, &stc, &ttr] {
            done(&unit, "submitReports", report(vec![one.clone()], json!({}))).await;
        }
        let read = see(&bloc, &snv).await.number("/obligation/version");
        for replaced in [&snv, &ttr] {
            done(&unit, "submitReports", report(vec![replaced.clone()], json!({ "narrative": "Sửa lại số liệu." }))).await;
        }
        let accept = |versions: Value| json!({ "obligations": [stc, snv], "expectedVersions": versions });
        let refusals = act(&bloc, "acceptReports", accept(json!([read, read]))).await.refusals();
        assert_eq!(refusals, [format!("CONFLICT F4 expectedVersions.1: version `{read}` is stale, it is `{}` now: read it again and retry", read + 1)]);
        assert_eq!(see(&bloc, &stc).await.text("/obligation/state"), "REPORTED", "all or none");
        assert_eq!(refused(&act(&bloc, "acceptReports", accept(json!([null, null, read]))).await), ["LIMIT_EXCEEDED F6 expectedVersions"]);
        let one = |what: Value| { let mut input = json!({ "obligation": snv, "reason": "Bổ sung" }); input.as_object_mut().unwrap().extend(what.as_object().unwrap().clone()); input };
        let many = |what: Value| { let mut input = json!({ "obligations": [snv], "reason": "Bão lũ", "expectedVersions": [read] }); input.as_object_mut().unwrap().extend(what.as_object().unwrap().clone()); input };
        assert_eq!(refused(&act(&bloc, "returnReport", one(json!({ "expectedVersion": read }))).await), ["CONFLICT F4 expectedVersion"]);
        assert_eq!(refused(&act(&bloc, "exemptObligations", many(json!({}))).await), ["CONFLICT F4 expectedVersions.0"]);
        assert_eq!(refused(&act(&bloc, "extendDueDate", many(json!({ "dueOn": "2021-02-01" }))).await), ["CONFLICT F4 expectedVersions.0"]);
        let whole = json!({ "requirement": study, "dueOn": "2021-02-01", "reason": "Bão lũ", "expectedVersions": [read] });
        assert_eq!(refused(&act(&bloc, "extendDueDate", whole).await), ["INVALID F6 "], "a whole requirement has no version of an obligation");

        done(&bloc, "acceptReports", accept(json!([null, read + 1]))).await;
        done(&bloc, "acceptReports", json!({ "obligations": [ttr] })).await;
        assert_eq!(refused(&act(&bloc, "reopenObligation", one(json!({ "expectedVersion": read + 1 }))).await), ["CONFLICT F4 expectedVersion"]);
        done(&bloc, "reopenObligation", one(json!({ "expectedVersion": read + 2 }))).await;
    }

    async fn two_reports_at_once_leave_one_winner(world: &World) {
        let [own, study] = plan(world, vec![requirement("Tự học", json!({ "verification": "SELF" })), requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let unit = world.user("snv", "REPORTER", "SNV").await;
        let closing = || act(&unit, "submitReports", report(vec![of(&own, "SNV")], json!({})));
        let (a, b) = tokio::join!(closing(), closing());
        let mut told = [refused(&a), refused(&b)].concat();
        assert_eq!(told, ["STEP_NOT_ALLOWED L1 reports.0.obligations.0"]);
        let expecting = || act(&unit, "submitReports", report(vec![of(&study, "SNV")], json!({ "expectedVersion": 1 })));
        let (a, b) = tokio::join!(expecting(), expecting());
        told = [refused(&a), refused(&b)].concat();
        assert_eq!(told, ["CONFLICT F4 reports.0.obligations.0"]);
        let count = "query($a: ObligationRef!, $b: ObligationRef!) { a: obligation(by: $a) { reports { totalCount } } b: obligation(by: $b) { version reports { totalCount } } }";
        let seen = unit.data(count, json!({ "a": of(&own, "SNV"), "b": of(&study, "SNV") })).await;
        assert_eq!((seen.number("/a/reports/totalCount"), seen.number("/b/reports/totalCount"), seen.number("/b/version")), (1, 1, 2));
    }

    async fn a_call_that_is_sent_again_answers_as_it_did(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let unit = world.user("snv", "REPORTER", "SNV").await;
        let mut input = report(vec![of(&study, "SNV")], json!({}));
        input["clientMutationId"] = json!("k-1");
        let first = unit.data(REPORT, json!({ "input": input })).await;
        let again = unit.data(REPORT, json!({ "input": input })).await;
        assert_eq!(first.text("/submitReports/reports/0/id"), again.text("/submitReports/reports/0/id"));
        assert_eq!(first.body["extensions"]["position"], again.body["extensions"]["position"], "nothing is done twice");
        input["reports"][0]["narrative"] = json!("Khác.");
        assert_eq!(refused(&unit.ask(REPORT, json!({ "input": input })).await), ["IDEMPOTENCY_MISMATCH F4 clientMutationId"]);
    }
}
