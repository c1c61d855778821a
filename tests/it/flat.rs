//! A page costs the database the same however long it is (architecture, invariant 10): every list, with every list inside of it.

use serde_json::{Value, json};

use crate::directives::study;
use crate::harness::{Actor, World, both};

/// How many there are of everything.
const MANY: usize = 13;
/// The pages that must cost the same.
const PAGES: [usize; 2] = [2, 12];

/// Everything that lists show, 13 times, each like the others.
struct Busy<'w> {
    operator: Actor<'w>,
    bloc: Actor<'w>,
    reporter: Actor<'w>,
    /// The requirements of each plan of the bloc.
    requirements: Vec<Vec<String>>,
}

async fn busy(world: &World) -> Busy<'_> {
    let operator = world.operator().await;
    let units: String = (0..MANY)
        .map(|n| format!("\n    U{n} GRASSROOTS_COMMITTEE Đảng bộ {n}\n      U{n}-1 CELL Chi bộ 1\n      U{n}-2 CELL Chi bộ 2"))
        .collect();
    operator.establish(&format!("T PROVINCIAL Đảng bộ tỉnh\n  K BLOC Đảng bộ Khối{units}")).await;
    let named =
        |n| json!({ "revise": { "unit": { "code": format!("U{n}") }, "externalIds": [{ "scheme": "MDD", "value": format!("{n}") }] } });
    operator.reorganize((0..MANY).map(named).collect()).await;
    people(&operator).await;
    let me = operator.data("{ viewer { principal { id } } }", json!({})).await.text("/viewer/principal/id");
    for role in ["DRAFTER", "REPORTER"] {
        operator.grant(&me, role, "T").await;
    }
    let bloc = world.user("bloc", "SUPERVISOR", "K").await;
    // Its programmes are the last, so that its inbox begins with the plans of the bloc.
    let reporter = world.user("reporter", "REPORTER", &format!("U{}", MANY - 1)).await;
    let requirements = documents(&operator).await;
    work(&operator, &bloc, &requirements).await;
    Busy { operator, bloc, reporter, requirements }
}

/// Officers, users with grants, and services with grants.
async fn people(operator: &Actor<'_>) {
    let today = operator.world.clock.today().to_string();
    let appoint = "mutation($input: AppointOfficerInput!) { appointOfficer(input: $input) { appointment { id } userErrors { message } } }";
    let user = "mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { message } } }";
    let service = "mutation($input: CreateServiceInput!) { createService(input: $input) { service { id } userErrors { message } } }";
    for n in 0..MANY {
        let unit = format!("U{n}");
        let input = json!({ "personName": format!("Nguyễn Văn {n}"), "unit": { "code": unit }, "position": "SECRETARY", "from": today });
        operator.data(appoint, json!({ "input": input })).await;
        let input = json!({ "userName": format!("u{n}"), "displayName": "Cán bộ", "password": crate::harness::PASSWORD });
        let id = operator.data(user, json!({ "input": input })).await.text("/createUser/user/id");
        operator.grant(&id, "VIEWER", &unit).await;
    }
    for n in 0..MANY {
        let input = json!({ "displayName": format!("Phần mềm {n}") });
        let id = operator.data(service, json!({ "input": input })).await.text("/createService/service/id");
        operator.grant(&id, "VIEWER", &format!("U{n}")).await;
    }
}

/// A resolution; 13 plans of the bloc that implement it, each with comments and two requirements; and under each a programme of one unit.
async fn documents(operator: &Actor<'_>) -> Vec<Vec<String>> {
    let implements = |id: &str| json!([{ "kind": "IMPLEMENTS", "to": { "id": id } }]);
    let resolution = operator.draft("T", "Nghị quyết", json!({ "kind": "RESOLUTION", "requirements": [study("2020-12-30")] })).await;
    operator.issue(&resolution, "1-NQ/TU").await;
    let comment = "mutation($input: CommentOnDraftInput!) { commentOnDraft(input: $input) { comment { id } userErrors { message } } }";
    let read = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
    let mut requirements = Vec::new();
    for n in 0..MANY {
        let mut first = study("2020-12-30");
        first["indicators"] =
            json!([{ "key": "attended", "label": "Dự", "aggregation": "SUM", "goal": "100", "goalDirection": "AT_LEAST" }]);
        let second =
            json!({ "kind": "REPORT", "title": "Tổng hợp", "dueOn": "2020-12-31", "scope": { "reach": "CHILDREN" }, "after": [1] });
        let plan = json!({ "relations": implements(&resolution), "requirements": [first, second], "externalIds": [{ "scheme": "VB", "value": format!("{n}") }] });
        let plan = operator.draft("K", &format!("Kế hoạch {n}"), plan).await;
        operator.step("openConsultation", &plan, json!({})).await.expect_no_errors("openConsultation");
        for unit in [format!("U{n}"), "U0".into(), "U1".into()] {
            let input = json!({ "directive": plan, "unit": { "code": unit }, "body": "Nhất trí" });
            operator.data(comment, json!({ "input": input })).await;
        }
        operator.issue(&plan, &format!("{n}-KH/ĐUK")).await;
        for part in 0..2 {
            let more = json!({ "kind": "PROGRAMME", "relations": implements(&plan), "requirements": [study("2020-12-30")] });
            let programme = operator.draft(&format!("U{n}"), &format!("Chương trình {n}.{part}"), more).await;
            operator.issue(&programme, &format!("{part}-CTr/ĐU")).await;
        }
        requirements.push(operator.data(read, json!({ "id": plan })).await.texts("/directive/requirements", "/id"));
    }
    requirements
}

/// Of every plan each unit reports on the first requirement; the reports on the first plan were returned once and then accepted.
async fn work(operator: &Actor<'_>, bloc: &Actor<'_>, requirements: &[Vec<String>]) {
    let submit = "mutation($input: SubmitReportsInput!) { submitReports(input: $input) { reports { id } userErrors { message path } } }";
    let accept =
        "mutation($input: AcceptReportsInput!) { acceptReports(input: $input) { obligations { id } userErrors { message path } } }";
    let back = "mutation($input: ReturnReportInput!) { returnReport(input: $input) { obligation { id } userErrors { message path } } }";
    let of = |of: &str, unit: usize| json!({ "of": { "requirement": of, "unit": { "code": format!("U{unit}") } } });
    let report = |requirement: &str, unit| json!({ "obligations": [of(requirement, unit)], "narrative": "Đã tổ chức", "readings": [{ "indicator": "attended", "value": "12" }] });
    for (n, requirement) in requirements.iter().map(|of_plan| &of_plan[0]).enumerate() {
        let reports: Vec<Value> = (0..MANY).map(|unit| report(requirement, unit)).collect();
        operator.data(submit, json!({ "input": { "reports": reports } })).await;
        if n == 0 {
            for unit in 0..MANY {
                bloc.data(back, json!({ "input": { "obligation": of(requirement, unit), "reason": "Bổ sung" } })).await;
            }
            operator.data(submit, json!({ "input": { "reports": reports } })).await;
            let all: Vec<Value> = (0..MANY).map(|unit| of(requirement, unit)).collect();
            bloc.data(accept, json!({ "input": { "obligations": all } })).await;
        }
    }
}

/// Asks a list for pages of 2 and of 12: they must cost the same.
async fn check(actor: &Actor<'_>, list: &str, nodes: &str, fields: &str) -> Result<(), String> {
    let open = list.matches('{').count() - list.matches('}').count();
    let query =
        format!("query($first: Int) {{ {list} {{ totalCount pageInfo {{ hasNextPage }} nodes {{ {fields} }} }} {} }}", "}".repeat(open));
    let database = actor.world.office.database();
    let mut costs = Vec::new();
    // What is kept in memory is loaded by the first who asks.
    for page in [1, PAGES[0], PAGES[1]] {
        let before = database.statements();
        let answer = actor.ask(&query, json!({ "first": page })).await;
        costs.push(database.statements() - before);
        let shown = answer.at(nodes).as_array().map_or(0, Vec::len);
        if shown != page || answer.body.get("errors").is_some() {
            return Err(format!("{shown} rows of {page}: {query} {:?}", answer.body.get("errors")));
        }
    }
    if costs[1] == costs[2] { Ok(()) } else { Err(format!("{PAGES:?} rows cost {:?} statements: {list} {fields}", &costs[1..])) }
}

const ENTRY: &str = "position at action actor { displayName } onBehalfOf { path } units { code path } changes { field } subject { id }";

type Found = Vec<Result<(), String>>;

/// Lists of units and of people.
async fn units(busy: &Busy<'_>) -> Found {
    let Busy { operator, .. } = busy;
    let mut found = Found::new();
    let unit_fields = [
        "code path viewerCan externalIds { value } parent { externalIds { value } } ancestors { code }",
        "children(first: 1, filter: { search: \"chi bo\", kinds: [\"CELL\"] }, orderBy: NAME) { totalCount nodes { path externalIds { value } } }",
        "officers { position person { name appointments { position unit { path } } } unit { code } }",
        "revisions { name } asOf",
        "obligations(first: 2, filter: { under: { externalId: { scheme: \"MDD\", value: \"0\" } } }) { totalCount nodes { id } }",
        "obligations(first: 2, filter: { directives: [{ symbol: { issuer: { code: \"K\" }, symbol: \"3-KH/ĐUK\" } }] }, orderBy: TREE) { totalCount nodes { id requirement { title } } }",
        "issued(first: 1, orderBy: TITLE) { totalCount pageInfo { hasNextPage } nodes { title kind { name } implements { title } } }",
        "issued(first: 1, filter: { implements: { externalId: { scheme: \"VB\", value: \"0\" } } }) { totalCount nodes { title } }",
        "bindings(first: 2) { totalCount nodes { directive { title } unit { path } obligations { id } reasons { text } boundOn } }",
        "history(first: 1) { totalCount nodes { position } }",
        "completion { total counted units { bound } dueWithin indicators { key value goals { requirement { title } meetsGoal } } obligations(first: 1) { totalCount nodes { id } } }",
        "completion(filter: { directives: [{ externalId: { scheme: \"VB\", value: \"0\" } }] }, through: LINEAGE) { total breakdown(by: REQUIREMENT, first: 2) { totalCount nodes { label requirement { title } completion { total } } } }",
    ];
    for fields in unit_fields {
        found.push(check(operator, "orgUnit(by: { code: \"K\" }) { children(first: $first)", "/orgUnit/children/nodes", fields).await);
        let below = "orgUnit(by: { code: \"T\" }) { descendants(first: $first, filter: { kinds: [\"GRASSROOTS_COMMITTEE\"] })";
        found.push(check(operator, below, "/orgUnit/descendants/nodes", fields).await);
    }
    let person = "name appointments { position from unit { code path } person { name } }";
    found.push(check(operator, "people(first: $first, search: \"nguyen\")", "/people/nodes", person).await);
    found
}

/// Lists of directives.
async fn directives(busy: &Busy<'_>) -> Found {
    let Busy { operator, bloc, .. } = busy;
    let mut found = Found::new();
    let directive_fields = [
        "symbol kind { name } issuer { path } externalIds { value } viewerCan status signedBy { position }",
        "requirements { title directive { title } scope { anchor { path } covered(first: 2) { totalCount nodes { code } } } after { title } indicators { key goals { unit { code } } } extensions { dueOn } }",
        "requirements { obligations(first: 2) { totalCount nodes { id unit { path } state viewerCan } } }",
        "requirements { completion { total breakdown(by: UNIT_KIND) { totalCount nodes { label completion { total obligations(first: 1) { totalCount nodes { id } } } } } } }",
        "boundUnits(first: 2) { totalCount nodes { unit { path } directive { title } obligations { id state } reasons { text anchor { code } } } }",
        "boundUnits(first: 2, filter: { under: { externalId: { scheme: \"MDD\", value: \"0\" } } }) { totalCount nodes { unit { path } } }",
        "implementedBy(first: 1) { totalCount nodes { title issuer { path } requirements { title } implementedBy { totalCount } } }",
        "implementedBy(first: 1, filter: { under: { externalId: { scheme: \"MDD\", value: \"0\" } }, statuses: [ISSUED] }) { totalCount nodes { title } }",
        "comments(first: 2) { totalCount pageInfo { hasNextPage } nodes { body unit { path } author { displayName } directive { title } answer { decision } } }",
        "relations { kind from { title } to { title issuer { code } } } implements { title } lineage { title lineage { title } }",
        "discharges { id } completion { total } cascade(depth: 1) { unit { code } completion { total } implementing { title } children { unit { code } completion { total } implementing { title } } }",
    ];
    for fields in directive_fields {
        let plans = "directives(first: $first, filter: { kinds: [\"PLAN\"], issuer: { code: \"K\" } }, orderBy: SYMBOL)";
        found.push(check(operator, plans, "/directives/nodes", fields).await);
        let lines = "orgUnit(by: { code: \"K\" }) { issued(first: $first, orderBy: SYMBOL)";
        found.push(check(bloc, lines, "/orgUnit/issued/nodes", fields).await);
    }
    found.push(
        check(
            operator,
            "directives(first: $first, filter: { kinds: [\"PLAN\"] })",
            "/directives/nodes",
            &format!("history(first: 3) {{ totalCount nodes {{ {ENTRY} }} }}"),
        )
        .await,
    );
    found
}

/// Lists of obligations: all, of the viewer, and behind numbers.
async fn obligations(busy: &Busy<'_>) -> Found {
    let Busy { bloc, reporter, requirements, .. } = busy;
    let mut found = Found::new();
    let of_first = format!("obligations(filter: {{ requirements: [\"{}\"] }}, first: $first, orderBy: TREE)", requirements[0][0]);
    let of_second = format!("obligations(filter: {{ requirements: [\"{}\"] }}, first: $first)", requirements[0][1]);
    let of_waiting = format!(
        "obligations(filter: {{ requirements: [\"{}\"], overdue: false }}, first: $first, orderBy: UPDATED_AT)",
        requirements[1][0]
    );
    let obligation_fields = [
        "unit { path externalIds { value } } requirement { title directive { title } } directive { symbol issuer { path } } viewerCan reasons { text } earlierDueDates { dueOn }",
        "latestReport { narrative submittedBy { displayName } directive { title } readings { value meetsGoal indicator { key } } obligations { id } decisions { accepted by { displayName } obligation { id } } }",
        "reports(first: 1) { totalCount pageInfo { hasNextPage } nodes { narrative unit { path } readings { value } decisions { accepted reason by { displayName } } } }",
        "gate { open unmetAfter { title } missing { totalCount nodes { id unit { path } } } } dischargedBy { symbol }",
        "below { total counted breakdown(by: CHILD_UNIT) { totalCount } }",
    ];
    for fields in obligation_fields
        .iter()
        .map(|fields| (*fields).to_owned())
        .chain([format!("history(first: 2) {{ totalCount nodes {{ {ENTRY} }} }}")])
    {
        for list in [&of_first, &of_second, &of_waiting] {
            found.push(check(bloc, list, "/obligations/nodes", &fields).await);
        }
        found.push(check(reporter, "viewer { inbox(first: $first)", "/viewer/inbox/nodes", &fields).await);
        found.push(check(bloc, "viewer { toVerify(first: $first)", "/viewer/toVerify/nodes", &fields).await);
        let behind = "completion(unit: { code: \"K\" }) { obligations(first: $first, states: [REPORTED])";
        found.push(check(bloc, behind, "/completion/obligations/nodes", &fields).await);
    }
    found
}

/// The parts of a completion.
async fn parts(busy: &Busy<'_>) -> Found {
    let Busy { operator, .. } = busy;
    let mut found = Found::new();
    let part_fields = [
        "key label unit { path } requirement { title } directive { title } completion { total counted overdue units { bound } dueWithin }",
        "completion { obligations(first: 2, states: [PENDING, REPORTED]) { totalCount pageInfo { hasNextPage } nodes { id unit { path } } } }",
        "completion { obligations(first: 2, orderBy: TREE) { totalCount nodes { id unit { path } viewerCan } } indicators { key value missing goals { goal meetsGoal } } }",
        "completion { breakdown(by: REQUIREMENT, first: 2) { totalCount nodes { label completion { total obligations(first: 1) { nodes { id } } } } } }",
    ];
    for fields in part_fields {
        for (by, filter) in [("CHILD_UNIT", "{}"), ("REQUIREMENT", "{ kinds: [REPORT] }"), ("DIRECTIVE", "{ kinds: [REPORT] }")] {
            let parts = format!(
                "completion(unit: {{ code: \"K\" }}, filter: {filter}) {{ breakdown(by: {by}, first: $first, orderBy: WORST_FIRST)"
            );
            found.push(check(operator, &parts, "/completion/breakdown/nodes", fields).await);
        }
    }
    found
}

/// The journal, reorganizations and principals.
async fn entries(busy: &Busy<'_>) -> Found {
    let Busy { operator, .. } = busy;
    let mut found = Found::new();
    for action in [
        "REPORT_ACCEPTED",
        "REPORT_SUBMITTED",
        "DIRECTIVE_ISSUED",
        "DRAFT_COMMENTED",
        "ROLE_GRANTED",
        "OFFICER_APPOINTED",
        "USER_CREATED",
        "SERVICE_CREATED",
    ] {
        let entries = format!("journal(first: $first, filter: {{ actions: [{action}], afterPosition: \"5\" }})");
        found.push(check(operator, &entries, "/journal/nodes", ENTRY).await);
    }
    for n in 0..MANY {
        operator.reorganize(json!([{ "revise": { "unit": { "code": "U0" }, "memberCount": 30 + n } }])).await;
    }
    let change = "title status legalBasis { title } effects { unitsTouched } changes { ... on Revised { unit { path externalIds { value } } fields { field } } }";
    found.push(check(operator, "reorganizations(first: $first)", "/reorganizations/nodes", change).await);
    let first_service = operator.data(&format!("{{ principals(first: {}) {{ pageInfo {{ endCursor }} }} }}", MANY + 1), json!({})).await;
    let after_users = format!("principals(first: $first, after: \"{}\")", first_service.text("/principals/pageInfo/endCursor"));
    let principal = "id displayName grants { role unit { path } grantedAt principal { displayName } } ... on Service { lastUsedAt } ... on User { userName person { name } }";
    found.push(check(operator, &after_users, "/principals/nodes", principal).await);
    found.push(check(operator, "principals(first: $first)", "/principals/nodes", principal).await);
    found
}

both! {
    async fn every_list_costs_the_same_however_long_it_is(world: &World) {
        let busy = busy(world).await;
        let mut found = units(&busy).await;
        found.extend(directives(&busy).await);
        found.extend(obligations(&busy).await);
        found.extend(parts(&busy).await);
        found.extend(entries(&busy).await);
        let failed: Vec<String> = found.into_iter().filter_map(Result::err).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }
}
