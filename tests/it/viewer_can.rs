//! `viewerCan` says exactly what the mutations then let happen (A6): every account of the demonstration, every state of its things.

mod units;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::demo::told;
use crate::harness::{Actor, Answer};

/// Who may do nothing stands first, so that things are still as the story left them when others act.
const ACCOUNTS: [&str; 6] = ["thanh-tra", "co-quan-02", "co-quan-01", "khoi", "tinh-uy", "quan-tri"];

/// An action, its mutation, and the inputs that it can be tried with: one that is let through is enough.
type Trial = (&'static str, &'static str, Vec<Value>);

/// What can be done with an obligation.
fn on_obligation(id: &str) -> Vec<Trial> {
    let (one, many) = (json!({ "id": id }), json!([{ "id": id }]));
    let why = "Thử";
    let trial = |action, mutation, input| (action, mutation, vec![input]);
    vec![
        trial("ACKNOWLEDGE", "acknowledgeObligations", json!({ "obligations": many })),
        trial("START", "startObligations", json!({ "obligations": many })),
        trial("EXTEND", "extendDueDate", json!({ "obligations": many, "dueOn": "2021-06-30", "reason": why })),
        trial("RETURN", "returnReport", json!({ "obligation": one, "reason": why })),
        trial("ACCEPT", "acceptReports", json!({ "obligations": many })),
        trial("REPORT", "submitReports", json!({ "reports": [{ "obligations": many, "narrative": why }] })),
        trial("REOPEN", "reopenObligation", json!({ "obligation": one, "reason": why })),
        trial("EXEMPT", "exemptObligations", json!({ "obligations": many, "reason": why })),
    ]
}

/// What there is in a directive to act on: the ids of its requirements and of the comments on it.
#[derive(Default)]
struct Parts {
    requirements: Vec<String>,
    comments: Vec<String>,
}

async fn parts(reader: &Actor<'_>, id: &str) -> Parts {
    let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } comments(first: 100) { nodes { id } } } }";
    let read = reader.data(query, json!({ "id": id })).await;
    Parts { requirements: read.texts("/directive/requirements", "/id"), comments: read.texts("/directive/comments/nodes", "/id") }
}

/// The same for a directive; what would end it is only looked at. Dates are moved on from `year` to year: each is later than the last.
fn on_directive(id: &str, parts: &Parts, year: usize) -> Vec<Trial> {
    let trial = |action, mutation, input| (action, mutation, vec![input]);
    let extend = |id: &String| json!({ "requirement": id, "dueOn": format!("{year}-06-30"), "reason": "Thử" });
    let answer = |id: &String| json!({ "comment": id, "decision": "ACCEPTED" });
    let comment = |unit: &&str| json!({ "directive": id, "unit": { "code": unit }, "body": "Thử" });
    vec![
        ("EXTEND", "extendDueDate", parts.requirements.iter().map(extend).collect()),
        ("ANSWER_COMMENT", "answerComment", parts.comments.iter().map(answer).collect()),
        ("COMMENT", "commentOnDraft", ["TINH", "KHOI-CQT", "CQ-01", "CQ-02"].iter().map(comment).collect()),
        trial("REVISE", "reviseDraft", json!({ "directive": id, "title": "Văn bản thử" })),
        trial("OPEN_CONSULTATION", "openConsultation", json!({ "directive": id })),
        trial("CLOSE_CONSULTATION", "closeConsultation", json!({ "directive": id })),
        trial("ISSUE", "issueDirective", json!({ "directive": id, "symbol": "999-KH/TH", "issuedOn": "2020-12-20", "preview": true })),
        trial("CONCLUDE", "concludeDirective", json!({ "directive": id, "preview": true })),
        trial("RESUME", "resumeDirective", json!({ "directive": id, "reason": "Thử" })),
        trial("WITHDRAW", "withdrawDraft", json!({ "directive": id })),
    ]
}

async fn attempt(actor: &Actor<'_>, mutation: &str, input: &Value) -> Answer {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code rule path message }} }} }}");
    actor.ask(&query, json!({ "input": input })).await
}

/// Whether the right or the step is refused. Everything else (a gate, a missing document, reports that wait) is of the input or of the day.
fn is_denied(refusals: &[String]) -> bool {
    let of_a_state = |said: &String| said.starts_with("STEP_NOT_ALLOWED ") && !said.starts_with("STEP_NOT_ALLOWED D6 ");
    let no_date = |said: &String| said.starts_with("INVALID L4 ");
    refusals.iter().any(|said| {
        let of_things = ["FORBIDDEN ", "NOT_FOUND ", "OUTSIDE_ISSUER L1 ", "OUTSIDE_ISSUER D5 ", "CONFLICT D5 "];
        // What is active is not brought back.
        let is_active = said.starts_with("INVALID O6 changes.0.reopen.unit");
        let of_a_thing = of_things.iter().any(|code| said.starts_with(code));
        of_a_thing || is_active || of_a_state(said) || no_date(said)
    })
}

/// Tries every action on one thing, and holds the outcome against what was said just before. Answers what was tried with success. Where
/// there is nothing to try an action with, nobody can do it.
async fn hold(actor: &Actor<'_>, who: &str, id: &str, actions: Vec<Trial>) -> Vec<&'static str> {
    let query = "query($id: ID!) { node(id: $id) { ... on Obligation { state viewerCan } ... on Directive { status viewerCan } ... on OrgUnit { code viewerCan } } }";
    let mut done = Vec::new();
    for (action, mutation, inputs) in actions {
        let said = actor.data(query, json!({ "id": id })).await;
        let can = said.at("/node/viewerCan").as_array().is_some_and(|can| can.contains(&json!(action)));
        let mut all = Vec::new();
        for input in &inputs {
            all.push(attempt(actor, mutation, input).await.refusals());
            if all.last().is_some_and(|refusals| !is_denied(refusals)) {
                break;
            }
        }
        let through = all.last().filter(|refusals| !is_denied(refusals));
        assert_eq!(can, through.is_some(), "{who}, {action}: {said:?} against {all:?}");
        if through.is_some_and(Vec::is_empty) {
            done.push(action);
        }
    }
    done
}

/// The ids in all pages of a list.
async fn pages(actor: &Actor<'_>, list: &str, fields: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = "pageInfo { hasNextPage endCursor }";
        let query = format!("query($after: String) {{ list: {list} {{ nodes {{ {fields} }} {page} }} }}");
        let answer = actor.data(&query, json!({ "after": after })).await;
        found.extend(answer.at("/list/nodes").as_array().unwrap().iter().cloned());
        if answer.at("/list/pageInfo/hasNextPage") != &json!(true) {
            return found;
        }
        after = answer.at("/list/pageInfo/endCursor").clone();
    }
}

const OBLIGATIONS: (&str, &str) =
    ("obligations(filter: {}, orderBy: TREE, first: 100, after: $after)", "id state viewerCan requirement { verification informative }");

/// The first two obligations of each sort as `actor` sees them, and the first two that he does not see.
async fn samples(actor: &Actor<'_>, all: &[Value]) -> Vec<String> {
    let seen = pages(actor, OBLIGATIONS.0, OBLIGATIONS.1).await;
    let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let known: BTreeSet<String> = seen.iter().map(text).collect();
    let mut taken: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    let mut chosen: Vec<String> = all.iter().map(text).filter(|id| !known.contains(id)).take(2).collect();
    for one in &seen {
        let count = taken.entry(format!("{} {} {}", one["state"], one["viewerCan"], one["requirement"])).or_default();
        *count += 1;
        if *count <= 2 {
            chosen.push(text(one));
        }
    }
    chosen
}

/// A plan of `unit` for those directly below; answers its id.
async fn plan(actor: &Actor<'_>, unit: &str, symbol: &str) -> String {
    let requirement = json!({ "kind": "IMPLEMENT", "title": "Thực hiện", "scope": { "reach": "CHILDREN", "mayBeEmpty": true } });
    let id = actor.draft(unit, "Kế hoạch thử", json!({ "requirements": [requirement] })).await;
    if !symbol.is_empty() {
        actor.issue(&id, symbol).await;
    }
    id
}

told! {
    async fn a6_viewer_can_says_of_obligations_what_the_mutations_do(world: &World) {
        let agency = world.person("co-quan-01").await.clone();
        let over = plan(&agency, "CQ-01", "91-KH/ĐU").await;
        attempt(&agency, "concludeDirective", &json!({ "directive": over })).await.expect_no_errors("lapsed");
        let all = pages(&world.person("quan-tri").await, OBLIGATIONS.0, OBLIGATIONS.1).await;
        let states: BTreeSet<&str> = all.iter().filter_map(|one| one["state"].as_str()).collect();
        assert!(states.len() >= 7 && states.contains("LAPSED") && states.contains("EXEMPT"), "{states:?}");
        let mut done = BTreeSet::new();
        for who in ACCOUNTS {
            let actor = world.person(who).await;
            for (at, id) in samples(&actor, &all).await.iter().enumerate() {
                let mut actions = on_obligation(id);
                // What is accepted can no longer be returned, and the other way round: each comes first in its turn.
                actions.rotate_left(4 * (at % 2));
                done.extend(hold(&actor, who, id, actions).await);
            }
        }
        assert_eq!(done.len(), on_obligation("").len(), "each was possible for somebody: {done:?}");
    }

    async fn a6_viewer_can_says_of_directives_what_the_mutations_do(world: &World) {
        let (bloc, agency) = (world.person("khoi").await, world.person("co-quan-01").await);
        let over = plan(&agency, "CQ-01", "91-KH/ĐU").await;
        attempt(&agency, "concludeDirective", &json!({ "directive": over })).await.expect_no_errors("concluded");
        let given_up = plan(&bloc, "KHOI-CQT", "").await;
        attempt(&bloc, "withdrawDraft", &json!({ "directive": given_up })).await.expect_no_errors("withdrawn");
        let consulted = plan(&bloc, "KHOI-CQT", "").await;
        attempt(&bloc, "openConsultation", &json!({ "directive": consulted })).await.expect_no_errors("consulting");
        for (actor, unit) in [(&bloc, "KHOI-CQT"), (&agency, "CQ-01")] {
            plan(actor, unit, "").await;
        }
        let list = "directives(first: 100, after: $after)";
        let all = pages(&world.person("quan-tri").await, list, "id status").await;
        let statuses: BTreeSet<&str> = all.iter().filter_map(|one| one["status"].as_str()).collect();
        assert_eq!(statuses, BTreeSet::from(["CONCLUDED", "CONSULTING", "DRAFT", "ISSUED", "WITHDRAWN"]));
        let operator = world.person("quan-tri").await;
        let mut done = BTreeSet::new();
        for (number, who) in ACCOUNTS.iter().enumerate() {
            let actor = world.person(who).await;
            for one in &all {
                let id = one["id"].as_str().unwrap();
                let actions = on_directive(id, &parts(&operator, id).await, 2022 + number);
                done.extend(hold(&actor, who, id, actions).await);
            }
        }
        assert_eq!(done.len(), on_directive("", &Parts::default(), 0).len(), "each was possible for somebody: {done:?}");
    }
}
