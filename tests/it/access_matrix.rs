//! Every query field and every mutation × who asks (section 8), and what of it is in the journal (J1). A field of the schema without a row
//! fails the build; so does a row whose outcome is another, or whose entries are. To add a field: one row in `rows.rs`, and what it needs to
//! stand on in [`lay_ground`].

mod rows;

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use serde_json::{Value, json};

use crate::directives::{PROVINCE, study};
use crate::harness::{Actor, Answer, PASSWORD, World, both};
use crate::obligations::{done, of, report};
use rows::ROWS;

/// One field of `Query` or `Mutation`, and what comes of asking for it.
pub(crate) struct Row {
    /// Its name in the schema.
    pub(crate) field: &'static str,
    /// A document with this one root field. The variables of [`lay_ground`] can be used in it.
    pub(crate) document: &'static str,
    /// What comes of it, as [`outcome`] says: for nobody, a viewer elsewhere, a viewer above, and who holds the right role.
    pub(crate) nobody: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) above: &'static str,
    pub(crate) right: (&'static str, &'static str),
    /// The actions of all entries that the journal gets when it succeeds, each by who asked unless it says `… by NAME`; nothing: it only
    /// reads.
    pub(crate) journal: &'static [&'static str],
}

/// Over a unit beside the bloc.
const ELSEWHERE: &str = "VIEWER HUYEN";
/// Over a unit above the bloc.
const ABOVE: &str = "VIEWER TINH";

/// `ok`; `null` and `empty` for what a query does not show; else the code of the first error.
fn outcome(row: &Row, answer: &Answer) -> String {
    if answer.body.get("errors").is_some() {
        return answer.error_code().to_owned();
    }
    let value = answer.at(&format!("/{}", row.field));
    if let Some(code) = value.pointer("/userErrors/0/code").and_then(Value::as_str) {
        return code.to_owned();
    }
    let list = value.as_array().or_else(|| value.get("nodes").and_then(Value::as_array));
    match (value, list) {
        (Value::Null, _) => "null".into(),
        (_, Some(items)) if items.iter().all(Value::is_null) => "empty".into(),
        _ => "ok".into(),
    }
}

/// The display name of an actor of the matrix.
fn name(who: &str) -> String {
    if who.ends_with(" *") { "Quản trị".into() } else { who.replace(' ', "-") }
}

const ENTRIES: &str =
    "query($after: String) { journal(filter: { afterPosition: $after }, first: 100) { nodes { action actor { displayName } } } }";

/// What `who` has added to the journal after a position, in the words of [`Row::journal`], and the position of now.
async fn entries(operator: &Actor<'_>, after: &str, who: &str) -> (Vec<String>, String) {
    let answer = operator.data(ENTRIES, json!({ "after": after })).await;
    let actions = answer.texts("/journal/nodes", "/action").into_iter();
    let actors = answer.texts("/journal/nodes", "/actor/displayName").into_iter();
    let told = actions.zip(actors).map(|(action, actor)| if actor == name(who) { action } else { format!("{action} by {actor}") });
    (told.collect(), answer.body["extensions"]["position"].as_str().unwrap().to_owned())
}

/// A session of the operator's that nobody has renewed.
async fn refresh_token(world: &World) -> String {
    let log_in = "mutation($password: String!) { logIn(input: { userName: \"admin\", password: $password }) { refreshToken userErrors { message } } }";
    world.nobody().data(log_in, json!({ "password": PASSWORD })).await.text("/logIn/refreshToken")
}

/// What rows stand on: documents in several states, a person, a spare user. The names are variables of the rows' documents.
async fn lay_ground(world: &World) -> BTreeMap<&'static str, String> {
    let operator = world.operator().await;
    operator.establish(PROVINCE).await;
    let mut ground = BTreeMap::new();
    let drafter = user(world, "DRAFTER KHOI").await;
    for name in ["draft", "draftToIssue", "issued", "issuedToEnd"] {
        ground.insert(name, drafter.draft("KHOI", name, json!({ "requirements": [study("2020-12-31")] })).await);
    }
    drafter.issue(&ground["issued"], "01-KH/ĐUK").await;
    drafter.issue(&ground["issuedToEnd"], "03-KH/ĐUK").await;
    let late = drafter.draft("KHOI", "overdue", json!({ "requirements": [study("2020-11-30")] })).await;
    drafter.issue(&late, "04-KH/ĐUK").await;
    ground.insert("overdue", late);
    ground.insert("comment", comment(&drafter).await);
    let requirement =
        drafter.data("query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }", json!({ "id": ground["issued"] })).await;
    ground.insert("requirement", requirement.text("/directive/requirements/0/id"));
    let report = report(vec![of(&ground["requirement"], "STC")], json!({}));
    done(&user(world, "REPORTER STC").await, "submitReports", report).await;
    let appoint = "mutation { appointOfficer(input: { personName: \"Nguyễn Văn A\", unit: { code: \"KHOI\" }, position: MEMBER, from: \"2020-01-01\" }) { appointment { id person { id } } userErrors { message } } }";
    let appointed = operator.data(appoint, json!({})).await;
    ground.insert("appointment", appointed.text("/appointOfficer/appointment/id"));
    ground.insert("person", appointed.text("/appointOfficer/appointment/person/id"));
    let spare = world.user("nguoi-thua", "VIEWER", "SNV").await;
    let spare = spare.data("{ viewer { principal { id } grants { id } } }", json!({})).await;
    ground.insert("principal", spare.text("/viewer/principal/id"));
    ground.insert("grant", spare.text("/viewer/grants/0/id"));
    for (name, unit, day) in [("planned", "SNV", "2021-01-10"), ("mistake", "TTR", "2020-12-01")] {
        let reorganize =
            "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id } userErrors { message } } }";
        let changes = json!([{ "revise": { "unit": { "code": unit }, "name": name } }]);
        let input = json!({ "input": { "title": name, "effectiveOn": day, "changes": changes } });
        ground.insert(name, operator.data(reorganize, input).await.text("/reorganize/reorganization/id"));
    }
    ground.insert("password", PASSWORD.to_owned());
    ground
}

/// A comment on another draft.
async fn comment(drafter: &Actor<'_>) -> String {
    let draft = drafter.draft("KHOI", "commented", json!({})).await;
    drafter.step("openConsultation", &draft, json!({})).await.expect_no_errors("openConsultation");
    let comment = "mutation($draft: ID!) { commentOnDraft(input: { directive: $draft, unit: { code: \"KHOI\" }, body: \"x\" }) { comment { id } userErrors { message } } }";
    drafter.data(comment, json!({ "draft": draft })).await.text("/commentOnDraft/comment/id")
}

async fn user<'w>(world: &'w World, role: &str) -> Actor<'w> {
    let (role, unit) = role.split_once(' ').unwrap();
    if unit == "*" {
        return world.operator().await;
    }
    world.user(&format!("{role}-{unit}"), role, unit).await
}

both! {
    async fn a5_every_field_answers_each_caller_as_the_matrix_says(world: &World) {
        let mut ground = json!(lay_ground(world).await);
        let roles: BTreeSet<&str> = ROWS.iter().map(|row| row.right.0).chain([ELSEWHERE, ABOVE]).collect();
        let mut actors = BTreeMap::from([("nobody", world.nobody())]);
        for role in roles {
            let known = role == "DRAFTER KHOI";
            let actor = if known { world.log_in("DRAFTER-KHOI").await } else { user(world, role).await };
            actors.insert(role, actor);
        }
        let mut refresh_tokens = Vec::new();
        for _ in 0..4 {
            refresh_tokens.push(refresh_token(world).await);
        }
        let reader = world.log_in("admin").await;
        let (_, mut position) = entries(&reader, "0", "").await;
        let mut wrong = Vec::new();
        for row in ROWS {
            // Who may do it comes last: the others must not have changed anything by then.
            let callers = [("nobody", row.nobody), (ELSEWHERE, row.elsewhere), (ABOVE, row.above), row.right];
            for ((who, wanted), refresh_token) in callers.into_iter().zip(&refresh_tokens) {
                ground["refreshToken"] = json!(refresh_token);
                let answer = actors[who].ask(row.document, ground.clone()).await;
                let came = outcome(row, &answer);
                if came != wanted {
                    wrong.push(format!("{} by {who}: {came}, not {wanted}: {}", row.field, answer.body));
                }
                let written = if came == "ok" { row.journal } else { &[] };
                let (told, now) = entries(&reader, &position, who).await;
                if told != written {
                    wrong.push(format!("{} by {who} is in the journal as {told:?}, not {written:?}", row.field));
                }
                position = now;
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn j1_every_mutation_has_a_row_that_tells_what_is_in_the_journal() {
    let fields = fields();
    for row in ROWS {
        let writes = fields.get(row.field) == Some(&"Mutation".to_owned());
        assert_eq!(writes, !row.journal.is_empty(), "{}: a mutation is in the journal, and a query is not", row.field);
        let succeeds = [row.nobody, row.elsewhere, row.above, row.right.1].contains(&"ok");
        assert!(succeeds || !writes, "{}: nobody in the matrix carries it out", row.field);
    }
}

/// Each field of `Query` and `Mutation`, and of which of the two it is.
fn fields() -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for definition in parse_schema(chidao::graphql::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let root = definition.node.name.node.to_string();
        if let TypeKind::Object(object) = definition.node.kind
            && ["Query", "Mutation"].contains(&root.as_str())
        {
            fields.extend(object.fields.iter().map(|field| (field.node.name.node.to_string(), root.clone())));
        }
    }
    fields
}

#[test]
fn a3_every_field_of_query_and_mutation_has_a_row() {
    let fields: BTreeSet<String> = fields().into_keys().collect();
    assert!(fields.len() > 20, "the schema was not read: {fields:?}");
    let rows: BTreeSet<String> = ROWS.iter().map(|row| row.field.to_owned()).collect();
    assert_eq!(rows.len(), ROWS.len(), "a field has two rows");
    let without: Vec<&String> = fields.difference(&rows).collect();
    assert!(without.is_empty(), "add a row to tests/it/access_matrix/rows.rs for {without:?}");
    let gone: Vec<&String> = rows.difference(&fields).collect();
    assert!(gone.is_empty(), "not in the schema: {gone:?}");
}
