//! Obligations over HTTP: their life, their dates, their gates and their lists (section 5).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, World, both};

pub(crate) const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
    STC GRASSROOTS_COMMITTEE Đảng bộ Sở Tài chính
    TTR GRASSROOTS_CELL Chi bộ Thanh tra tỉnh
    VPT GRASSROOTS_CELL Chi bộ Văn phòng
  HUYEN DISTRICT Đảng bộ huyện
";

/// What tests ask of an obligation.
pub(crate) const FIELDS: &str = "id version state dueOn overdue late daysLeft acknowledgedAt reportedOn fulfilledOn closedOn closingReason
    viewerCan unit { code } requirement { title }";

/// A requirement of the direct children, due on 30 December, with changes.
pub(crate) fn requirement(title: &str, changes: Value) -> Value {
    let mut requirement = json!({ "kind": "STUDY", "title": title, "dueOn": "2020-12-30", "scope": { "reach": "CHILDREN" } });
    for (field, value) in changes.as_object().unwrap() {
        requirement[field] = value.clone();
    }
    requirement
}

/// Establishes the province; the bloc issues a plan with these requirements today. Answers the ids of the requirements.
pub(crate) async fn plan(world: &World, requirements: Vec<Value>) -> Vec<String> {
    world.operator().await.establish(PROVINCE).await;
    issue(&world.user("soan", "DRAFTER", "KHOI").await, "81-KH/ĐUK", requirements).await
}

/// Issues a plan of the bloc; answers the ids of its requirements.
pub(crate) async fn issue(drafter: &Actor<'_>, symbol: &str, requirements: Vec<Value>) -> Vec<String> {
    let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id requirements { id } } userErrors { message path } } }";
    let input = json!({ "issuer": { "code": "KHOI" }, "kind": "PLAN", "title": symbol, "requirements": requirements });
    let drafted = drafter.data(draft, json!({ "input": input })).await;
    let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message path } } }";
    let today = drafter.world.clock.today().to_string();
    let input = json!({ "directive": drafted.text("/draftDirective/directive/id"), "symbol": symbol, "issuedOn": today });
    drafter.data(issue, json!({ "input": input })).await;
    drafted.texts("/draftDirective/directive/requirements", "/id")
}

/// Points at the obligation of a unit.
pub(crate) fn of(requirement: &str, unit: &str) -> Value {
    json!({ "of": { "requirement": requirement, "unit": { "code": unit } } })
}

/// Carries a mutation of obligations out, whatever the answer.
pub(crate) async fn act(actor: &Actor<'_>, mutation: &str, input: Value) -> Answer {
    let list = match mutation {
        "returnReport" | "reopenObligation" => "obligation",
        _ => "obligations",
    };
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {list} {{ {FIELDS} }} userErrors {{ code rule path message }} }} }}"
    );
    actor.ask(&query, json!({ "input": input })).await
}

/// The same, which must succeed.
pub(crate) async fn done(actor: &Actor<'_>, mutation: &str, input: Value) -> Answer {
    let answer = act(actor, mutation, input).await;
    answer.expect_no_errors(mutation);
    answer
}

/// A report that says little.
pub(crate) fn report(obligations: Vec<Value>, changes: Value) -> Value {
    let mut report = json!({ "obligations": obligations, "narrative": "Đã tổ chức hội nghị." });
    for (field, value) in changes.as_object().unwrap() {
        report[field] = value.clone();
    }
    json!({ "reports": [report] })
}

/// An obligation as the actor sees it.
pub(crate) async fn see(actor: &Actor<'_>, obligation: &Value) -> Answer {
    let query = format!("query($by: ObligationRef!) {{ obligation(by: $by) {{ {FIELDS} earlierDueDates {{ dueOn reason }} }} }}");
    actor.data(&query, json!({ "by": obligation })).await
}

/// The units of the obligations that a filter selects under the bloc, in tree order; what is listed agrees with what each says of itself.
async fn listed(bloc: &Actor<'_>, mut filter: Value) -> Vec<String> {
    let query = "query($filter: ObligationFilter!) { obligations(filter: $filter, orderBy: TREE) { totalCount nodes { overdue late unit { code } } } }";
    filter["under"] = json!({ "code": "KHOI" });
    let answer = bloc.data(query, json!({ "filter": filter })).await;
    let codes = answer.texts("/obligations/nodes", "/unit/code");
    assert_eq!(answer.number("/obligations/totalCount"), i64::try_from(codes.len()).unwrap());
    for node in answer.at("/obligations/nodes").as_array().unwrap() {
        assert!(["overdue", "late"].iter().all(|flag| filter.get(flag).is_none_or(|wanted| *wanted == node[*flag])), "{filter} {node}");
    }
    codes
}

fn refused(answer: &Answer) -> String {
    answer.refusals().first().map_or_else(String::new, |first| first.split(':').next().unwrap().to_owned())
}

both! {
    async fn l1_an_obligation_goes_from_hand_to_hand(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let snv = of(&study, "SNV");
        let fresh = see(&unit, &snv).await;
        assert_eq!(fresh.text("/obligation/state"), "PENDING");
        assert_eq!(fresh.texts("/obligation/viewerCan", ""), ["ACKNOWLEDGE", "START", "REPORT"]);
        assert_eq!(see(&bloc, &snv).await.texts("/obligation/viewerCan", ""), ["REPORT", "EXEMPT", "EXTEND"], "A2: it may report for units below");
        let known = done(&unit, "acknowledgeObligations", json!({ "obligations": [snv] })).await;
        assert!(known.at("/acknowledgeObligations/obligations/0/acknowledgedAt").is_string());
        done(&unit, "startObligations", json!({ "obligations": [snv] })).await;
        world.day("2020-12-10");
        done(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await;
        let back = done(&bloc, "returnReport", json!({ "obligation": snv, "reason": "Thiếu số liệu" })).await;
        assert_eq!(back.text("/returnReport/obligation/state"), "RETURNED");
        done(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await;
        world.day("2020-12-12");
        let accepted = done(&bloc, "acceptReports", json!({ "obligations": [snv] })).await;
        let seen = accepted.at("/acceptReports/obligations/0");
        assert_eq!((&seen["state"], &seen["reportedOn"], &seen["fulfilledOn"]), (&json!("FULFILLED"), &json!("2020-12-10"), &json!("2020-12-12")));
        assert_eq!((&seen["version"], &seen["viewerCan"]), (&json!(7), &json!(["REOPEN"])));
        let again = act(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await;
        assert_eq!(refused(&again), "STEP_NOT_ALLOWED L1 reports.0.obligations.0", "what is closed takes no report");
        done(&bloc, "reopenObligation", json!({ "obligation": snv, "reason": "Số liệu sai" })).await;
        let open = see(&unit, &snv).await;
        assert_eq!((open.text("/obligation/state").as_str(), open.at("/obligation/fulfilledOn")), ("RETURNED", &Value::Null));
    }

    async fn l1_a_step_that_is_not_listed_is_refused_for_all(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let bloc = world.user("khoi", "REPORTER", "KHOI").await;
        done(&bloc, "acknowledgeObligations", json!({ "obligations": [of(&study, "STC")] })).await;
        let both = json!({ "obligations": [of(&study, "SNV"), of(&study, "STC"), of(&study, "SNV")] });
        let refusals = act(&bloc, "acknowledgeObligations", both).await.refusals();
        assert_eq!(refusals.len(), 2, "{refusals:?}");
        assert!(refusals[0].starts_with("INVALID F6 obligations.2") && refusals[1].starts_with("STEP_NOT_ALLOWED L1 obligations.1"), "{refusals:?}");
        assert_eq!(see(&bloc, &of(&study, "SNV")).await.text("/obligation/state"), "PENDING", "nothing is half done");
        assert_eq!(refused(&act(&bloc, "startObligations", json!({ "obligations": [] })).await), "INVALID F6 obligations");
        let many: Vec<Value> = (0..101).map(|_| of(&study, "SNV")).collect();
        assert_eq!(refused(&act(&bloc, "startObligations", json!({ "obligations": many })).await), "LIMIT_EXCEEDED F6 obligations");
    }

    async fn l1_exempting_and_reopening_are_the_issuers(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "SUPERVISOR", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let snv = of(&study, "SNV");
        let input = json!({ "obligations": [snv], "reason": "Mới thành lập" });
        assert_eq!(refused(&act(&unit, "exemptObligations", input.clone()).await), "FORBIDDEN A2 obligations.0");
        let silent = json!({ "obligations": [snv], "reason": "  " });
        assert_eq!(refused(&act(&bloc, "exemptObligations", silent).await), "INVALID F2 reason");
        let exempt = done(&bloc, "exemptObligations", input).await;
        assert_eq!(exempt.text("/exemptObligations/obligations/0/closingReason"), "Mới thành lập");
        let open = done(&bloc, "reopenObligation", json!({ "obligation": snv, "reason": "Nhầm" })).await;
        let seen = open.at("/reopenObligation/obligation");
        assert_eq!((&seen["state"], &seen["closedOn"], &seen["closingReason"]), (&json!("PENDING"), &Value::Null, &Value::Null));
    }

    async fn l3_overdue_and_late_are_derived_and_filtered_alike(world: &World) {
        let [study, talk] = plan(world, vec![requirement("Học tập", json!({})), requirement("Phản ánh", json!({ "informative": true, "kind": "REPORT" }))]).await.try_into().unwrap();
        let (units, bloc) = (world.user("r", "REPORTER", "KHOI").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        world.day("2020-12-30");
        done(&units, "submitReports", report(vec![of(&study, "SNV")], json!({}))).await;
        assert_eq!(see(&units, &of(&study, "STC")).await.number("/obligation/daysLeft"), 0);
        world.day("2020-12-31");
        done(&units, "submitReports", report(vec![of(&study, "TTR")], json!({}))).await;
        done(&units, "submitReports", report(vec![of(&study, "VPT")], json!({}))).await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&study, "VPT"), of(&study, "SNV")] })).await;
        done(&bloc, "reopenObligation", json!({ "obligation": of(&study, "SNV"), "reason": "Kiểm tra lại" })).await;
        done(&bloc, "exemptObligations", json!({ "obligations": [of(&study, "SNV")], "reason": "Sáp nhập" })).await;
        assert_eq!(listed(&bloc, json!({ "overdue": true })).await, ["STC", "TTR"], "a report that waits and came late does not help; a standing duty is never overdue");
        assert_eq!(listed(&bloc, json!({ "late": true })).await, ["VPT"]);
        assert_eq!(listed(&bloc, json!({ "overdue": false })).await.len(), 6);
        assert_eq!(listed(&bloc, json!({ "late": false })).await.len(), 7);
        assert_eq!(listed(&bloc, json!({ "requirements": [talk] })).await, ["SNV", "STC", "TTR", "VPT"]);
        assert_eq!(listed(&bloc, json!({ "unitKinds": ["GRASSROOTS_CELL"], "kinds": ["STUDY"], "due": { "from": "2020-12-30", "to": "2020-12-30" } })).await, ["TTR", "VPT"]);
        assert_eq!(listed(&bloc, json!({ "due": { "from": "2020-12-31" } })).await.len(), 0);
    }

    async fn l4_a_date_moves_later_and_every_earlier_one_is_kept(world: &World) {
        let [study, free] = plan(world, vec![requirement("Học tập", json!({})), requirement("Chương trình", json!({ "dueOn": null }))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let (snv, stc) = (of(&study, "SNV"), of(&study, "STC"));
        let extend = |day: &str, what: Value| { let mut input = json!({ "dueOn": day, "reason": "Bão lũ" }); input.as_object_mut().unwrap().extend(what.as_object().unwrap().clone()); input };
        assert_eq!(refused(&act(&unit, "extendDueDate", extend("2021-01-10", json!({ "obligations": [snv] }))).await), "FORBIDDEN A2 obligations.0");
        done(&bloc, "extendDueDate", extend("2021-01-20", json!({ "obligations": [snv] }))).await;
        assert_eq!(refused(&act(&bloc, "extendDueDate", extend("2021-01-20", json!({ "obligations": [snv] }))).await), "INVALID L4 obligations.0");
        assert_eq!(refused(&act(&bloc, "extendDueDate", extend("2021-01-20", json!({ "obligations": [of(&free, "SNV")] }))).await), "INVALID L4 obligations.0", "no date is later than any");
        assert_eq!(refused(&act(&bloc, "extendDueDate", extend("2021-01-20", json!({}))).await), "INVALID F6 ");
        done(&bloc, "exemptObligations", json!({ "obligations": [of(&study, "TTR")], "reason": "Miễn" })).await;
        let query = "mutation($input: ExtendDueDateInput!) { extendDueDate(input: $input) { moved requirement { dueOn extensions { dueOn reason } } userErrors { code rule path message } } }";
        let whole = bloc.data(query, json!({ "input": extend("2021-01-15", json!({ "requirement": study })) })).await;
        assert_eq!(whole.number("/extendDueDate/moved"), 2, "the unit with a later date and the one that is excused stay as they are");
        assert_eq!((whole.text("/extendDueDate/requirement/dueOn").as_str(), whole.texts("/extendDueDate/requirement/extensions", "/dueOn")), ("2020-12-30", vec!["2020-12-30".to_owned()]));
        let dates = |answer: Answer| (answer.text("/obligation/dueOn"), answer.texts("/obligation/earlierDueDates", "/dueOn"));
        assert_eq!(dates(see(&bloc, &snv).await), ("2021-01-20".into(), vec!["2020-12-30".into()]));
        assert_eq!(dates(see(&bloc, &stc).await), ("2021-01-15".into(), vec!["2020-12-30".into()]));
        done(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await;
        done(&bloc, "returnReport", json!({ "obligation": snv, "reason": "Bổ sung", "newDueOn": "2021-02-01" })).await;
        assert_eq!(dates(see(&bloc, &snv).await), ("2021-02-01".into(), vec!["2020-12-30".into(), "2021-01-20".into()]));
        let again = bloc.ask(query, json!({ "input": extend("2021-01-15", json!({ "requirement": study })) })).await;
        assert_eq!(refused(&again), "INVALID L4 dueOn");
    }

    async fn l5_what_comes_before_is_closed_first(world: &World) {
        let [study, programme] = plan(world, vec![requirement("Học tập", json!({})), requirement("Chương trình", json!({ "after": [1] }))]).await.try_into().unwrap();
        let (unit, bloc) = (world.user("snv", "REPORTER", "SNV").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let (first, second) = (of(&study, "SNV"), of(&programme, "SNV"));
        done(&unit, "submitReports", report(vec![second.clone(), first.clone()], json!({}))).await;
        let gate = "query($by: ObligationRef!) { obligation(by: $by) { viewerCan gate { open share fulfilled unmetAfter { title } missing(first: 1) { totalCount nodes { unit { code } requirement { title } } } } } }";
        let closed = bloc.data(gate, json!({ "by": second })).await;
        assert_eq!(closed.at("/obligation/gate/open"), &json!(false));
        assert_eq!((closed.texts("/obligation/gate/unmetAfter", "/title"), closed.number("/obligation/gate/missing/totalCount")), (vec!["Học tập".to_owned()], 1));
        assert!(!closed.texts("/obligation/viewerCan", "").contains(&"ACCEPT".to_owned()), "A6");
        assert!(bloc.data(gate, json!({ "by": first })).await.at("/obligation/gate").is_null());
        assert_eq!(refused(&act(&bloc, "acceptReports", json!({ "obligations": [second, first] })).await), "GATE_CLOSED L5 obligations.0");
        done(&bloc, "acceptReports", json!({ "obligations": [first, second] })).await;
        done(&bloc, "reopenObligation", json!({ "obligation": first, "reason": "Kiểm tra" })).await;
        assert_eq!(see(&bloc, &second).await.text("/obligation/state"), "FULFILLED", "what has passed stays fulfilled");
    }

    async fn l8_every_step_tells_who_for_whom_and_why(world: &World) {
        let [study] = plan(world, vec![requirement("Học tập", json!({}))]).await.try_into().unwrap();
        let (unit, tinh) = (world.user("snv", "REPORTER", "SNV").await, world.user("tinh", "SUPERVISOR", "TINH").await);
        let snv = of(&study, "SNV");
        done(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await;
        let wrong = json!({ "obligation": snv, "reason": "x", "onBehalfOf": { "code": "HUYEN" } });
        assert_eq!(refused(&act(&tinh, "returnReport", wrong).await), "FORBIDDEN L8 obligation");
        done(&tinh, "returnReport", json!({ "obligation": snv, "reason": "Thiếu số liệu", "onBehalfOf": { "code": "KHOI" } })).await;
        done(&unit, "submitReports", report(vec![snv.clone()], json!({}))).await;
        done(&tinh, "acceptReports", json!({ "obligations": [snv] })).await;
        let query = "query($by: ObligationRef!) { obligation(by: $by) { history { nodes { action reason actor { displayName } onBehalfOf { code } changes { field after } } } } }";
        let history = tinh.data(query, json!({ "by": snv })).await;
        assert_eq!(history.texts("/obligation/history/nodes", "/action"), ["DIRECTIVE_ISSUED", "REPORT_SUBMITTED", "REPORT_RETURNED", "REPORT_SUBMITTED", "REPORT_ACCEPTED"]);
        assert_eq!(history.texts("/obligation/history/nodes", "/onBehalfOf/code"), ["KHOI", "SNV", "KHOI", "SNV", "TINH"]);
        assert_eq!(history.texts("/obligation/history/nodes", "/actor/displayName"), ["soan", "snv", "tinh", "snv", "tinh"]);
        assert_eq!(history.text("/obligation/history/nodes/2/reason"), "Thiếu số liệu");
    }
}
