//! The real program is killed in the middle of its work and started again (SQLite): what was acknowledged is there, and nothing is there
//! by half. Told to stop, it finishes what it has begun.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use crate::harness::PASSWORD;

/// How many changes are sent at once.
const MUTATIONS: usize = 200;
/// Units that one change establishes: all of them, or none.
const UNITS: usize = 3;

/// One test at a time: hundreds of calls at once to one server are enough for a small machine, and calls that wait too long are answered
/// with a timeout.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A program that serves; killed when the test ends, however it ends.
struct Server {
    process: Child,
    /// Kept open: what the program prints must go somewhere.
    output: BufReader<ChildStdout>,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn chidao(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chidao"));
    command.args(arguments).current_dir(folder).env_clear().env("CHIDAO_PASSWORD", PASSWORD).env("CHIDAO_LOG", "warn");
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    command
}

fn serve(folder: &Path) -> Server {
    let mut process = chidao(folder, &["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let url = line.strip_prefix("Chidao answers at ").and_then(|rest| rest.split_whitespace().next());
    let url = url.unwrap_or_else(|| panic!("the first line says where it answers, not `{line}`")).to_owned();
    Server { process, output, url }
}

/// Whether the command succeeds, and what it prints.
fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = chidao(folder, arguments).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// A client that asks one server as the operator.
#[derive(Clone)]
struct Operator {
    client: Client,
    url: String,
    token: String,
}

impl Operator {
    async fn log_in(url: &str) -> Self {
        let client = Client::new();
        let query = "mutation($input: LogInInput!) { logIn(input: $input) { accessToken } }";
        let body = json!({ "query": query, "variables": { "input": { "userName": "admin", "password": PASSWORD } } });
        let answer: Value = client.post(url).json(&body).send().await.unwrap().json().await.unwrap();
        let token = answer.pointer("/data/logIn/accessToken").and_then(Value::as_str).unwrap_or_else(|| panic!("{answer:#}")).to_owned();
        Self { client, url: url.to_owned(), token }
    }

    async fn ask(&self, query: &str, variables: Value) -> Result<Value, reqwest::Error> {
        let body = json!({ "query": query, "variables": variables });
        self.client.post(&self.url).bearer_auth(&self.token).json(&body).send().await?.json().await
    }

    /// One atomic change that establishes [`UNITS`] units, under a key: the id of the reorganization, or nothing where no answer came.
    async fn establish(&self, number: usize) -> Option<String> {
        let units = (0..UNITS).map(|unit| {
            json!({ "establish": { "code": format!("N{number}-{unit}"), "kind": "GRASSROOTS_CELL", "name": "Chi bộ", "parent": { "code": "T" } } })
        });
        self.reorganize(&format!("key {number}"), units.collect()).await
    }

    async fn reorganize(&self, key: &str, changes: Vec<Value>) -> Option<String> {
        let query =
            "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id } userErrors { message path } } }";
        let input = json!({ "title": key, "effectiveOn": "2024-01-01", "changes": changes, "clientMutationId": key });
        let answer = self.ask(query, json!({ "input": input })).await.ok()?;
        let id = answer.pointer("/data/reorganize/reorganization/id").and_then(Value::as_str);
        Some(id.unwrap_or_else(|| panic!("{answer:#}")).to_owned())
    }

    /// The codes below `T`, read page by page.
    async fn codes(&self) -> HashSet<String> {
        let query = "query($after: String) { orgUnit(by: { code: \"T\" }) { descendants(first: 100, after: $after) \
                     { nodes { code } pageInfo { hasNextPage endCursor } } } }";
        let (mut codes, mut after) = (HashSet::new(), Value::Null);
        loop {
            let answer = self.ask(query, json!({ "after": after })).await.unwrap();
            let page = answer.pointer("/data/orgUnit/descendants").unwrap_or_else(|| panic!("{answer:#}"));
            codes.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()));
            if page.pointer("/pageInfo/hasNextPage") != Some(&Value::Bool(true)) {
                return codes;
            }
            after = page.pointer("/pageInfo/endCursor").unwrap().clone();
        }
    }
}

const REORGANIZE: &str =
    "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id } userErrors { message path } } }";

fn input(key: &str, changes: Vec<Value>) -> Value {
    json!({ "title": key, "effectiveOn": "2024-01-01", "changes": changes, "clientMutationId": key })
}

/// A folder with a database that has an operator.
fn home() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (made, said) = run(folder.path(), &["create-admin", "admin"]);
    assert!(made, "{said}");
    folder
}

/// A server with one province in it.
async fn begin(folder: &Path) -> (Server, Operator) {
    let server = serve(folder);
    let operator = Operator::log_in(&server.url).await;
    let root = json!({ "establish": { "code": "T", "kind": "PROVINCIAL", "name": "Đảng bộ tỉnh" } });
    operator.reorganize("root", vec![root]).await.unwrap();
    (server, operator)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_it_holds_every_acknowledged_write_and_no_half_one() {
    let _turn = TURN.lock().await;
    let folder = home();
    let (mut server, operator) = begin(folder.path()).await;
    let mut sent = tokio::task::JoinSet::new();
    for number in 0..MUTATIONS {
        let operator = operator.clone();
        sent.spawn(async move { (number, operator.establish(number).await) });
    }
    let mut acknowledged = Vec::new();
    while let Some(done) = sent.join_next().await {
        let (number, answer) = done.unwrap();
        acknowledged.extend(answer.map(|id| (number, id)));
        if acknowledged.len() == MUTATIONS / 4 {
            server.process.kill().unwrap();
        }
    }
    assert!((MUTATIONS / 4..MUTATIONS).contains(&acknowledged.len()), "killed in the middle: {} of {MUTATIONS}", acknowledged.len());
    drop(server);

    let (sound, findings) = run(folder.path(), &["check"]);
    assert!(sound, "{findings}");
    let server = serve(folder.path());
    let operator = Operator::log_in(&server.url).await;
    let kept = operator.codes().await;
    for (number, _) in &acknowledged {
        assert!((0..UNITS).all(|unit| kept.contains(&format!("N{number}-{unit}"))), "change {number} was acknowledged and is gone");
    }
    for number in 0..MUTATIONS {
        let there = (0..UNITS).filter(|unit| kept.contains(&format!("N{number}-{unit}"))).count();
        assert!(there == 0 || there == UNITS, "change {number} is there by half: {there} of {UNITS} units");
    }

    // Who did not hear an answer sends again under the same key.
    for number in 0..MUTATIONS {
        let id = operator.establish(number).await.unwrap();
        let before = acknowledged.iter().find(|(known, _)| *known == number);
        assert!(before.is_none_or(|(_, before)| *before == id), "the same key answers as it did");
    }
    assert_eq!(operator.codes().await.len(), MUTATIONS * UNITS, "and nothing is done twice");
    let count = operator.ask("{ reorganizations(first: 1) { totalCount } }", json!({})).await.unwrap();
    assert_eq!(count.pointer("/data/reorganizations/totalCount"), Some(&json!(MUTATIONS + 1)), "{count:#}");
    drop(server);
    let (sound, findings) = run(folder.path(), &["check"]);
    assert!(sound, "{findings}");
}

/// What is sent for each unit: even ones report on both of their obligations in one report, odd ones acknowledge both.
async fn act(operator: &Operator, requirements: &[String], number: usize) -> Option<Value> {
    let unit = json!({ "code": format!("N{number}") });
    let obligations: Vec<Value> = requirements.iter().map(|id| json!({ "of": { "requirement": id, "unit": unit } })).collect();
    let key = format!("key {number}");
    let (mutation, kind, input) = if number.is_multiple_of(2) {
        let report = json!({ "obligations": obligations, "narrative": "Đã tổ chức" });
        ("submitReports", "SubmitReportsInput", json!({ "reports": [report], "clientMutationId": key }))
    } else {
        ("acknowledgeObligations", "AcknowledgeObligationsInput", json!({ "obligations": obligations, "clientMutationId": key }))
    };
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ obligations {{ id state version }} userErrors {{ message path }} }} }}"
    );
    let answer = operator.ask(&query, json!({ "input": input })).await.ok()?;
    let payload = answer.pointer(&format!("/data/{mutation}")).unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(payload["userErrors"], json!([]), "{answer:#}");
    Some(payload["obligations"].clone())
}

/// The states of the obligations of each unit, read page by page.
async fn states(operator: &Operator) -> HashMap<String, Vec<String>> {
    let query = "query($after: String) { obligations(filter: {}, first: 100, after: $after) { nodes { state unit { code } } pageInfo { hasNextPage endCursor } } }";
    let (mut found, mut after): (HashMap<String, Vec<String>>, _) = (HashMap::new(), Value::Null);
    loop {
        let answer = operator.ask(query, json!({ "after": after })).await.unwrap();
        let page = answer.pointer("/data/obligations").unwrap_or_else(|| panic!("{answer:#}"));
        for node in page["nodes"].as_array().unwrap() {
            let unit = node.pointer("/unit/code").and_then(Value::as_str).unwrap().to_owned();
            found.entry(unit).or_default().push(node["state"].as_str().unwrap().to_owned());
        }
        if page.pointer("/pageInfo/hasNextPage") != Some(&Value::Bool(true)) {
            return found;
        }
        after = page.pointer("/pageInfo/endCursor").unwrap().clone();
    }
}

/// 200 cells below the province, and a resolution with two requirements that binds them all.
async fn bind(operator: &Operator) -> Vec<String> {
    let cell = |number| json!({ "establish": { "code": format!("N{number}"), "kind": "GRASSROOTS_CELL", "name": "Chi bộ", "parent": { "code": "T" } } });
    operator.reorganize("cells", (0..MUTATIONS).map(cell).collect()).await.unwrap();
    let me = operator.ask("{ viewer { principal { id } } }", json!({})).await.unwrap();
    let me = me.pointer("/data/viewer/principal/id").unwrap().clone();
    let grant = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { message } } }";
    for role in ["DRAFTER", "REPORTER"] {
        operator.ask(grant, json!({ "input": { "principal": me, "role": role, "unit": { "code": "T" } } })).await.unwrap();
    }
    let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id requirements { id } } userErrors { message } } }";
    let study = |title: &str| json!({ "kind": "STUDY", "title": title, "scope": { "reach": "CHILDREN" } });
    let input = json!({ "issuer": { "code": "T" }, "kind": "RESOLUTION", "title": "Nghị quyết", "issuingBody": "CONGRESS", "requirements": [study("Học tập"), study("Quán triệt")] });
    let drafted = operator.ask(draft, json!({ "input": input })).await.unwrap();
    let directive = drafted.pointer("/data/draftDirective/directive").unwrap_or_else(|| panic!("{drafted:#}"));
    let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message } } }";
    let issued = operator.ask(issue, json!({ "input": { "directive": directive["id"], "issuedOn": "2024-01-02" } })).await.unwrap();
    assert_eq!(issued.pointer("/data/issueDirective/bound"), Some(&json!(MUTATIONS)), "{issued:#}");
    directive["requirements"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_units_report_it_holds_every_acknowledged_report_and_no_half_one() {
    let _turn = TURN.lock().await;
    let folder = home();
    let (mut server, operator) = begin(folder.path()).await;
    let requirements = bind(&operator).await;
    let mut sent = tokio::task::JoinSet::new();
    for number in 0..MUTATIONS {
        let (operator, requirements) = (operator.clone(), requirements.clone());
        sent.spawn(async move { (number, act(&operator, &requirements, number).await) });
    }
    let mut acknowledged: HashMap<usize, Value> = HashMap::new();
    while let Some(done) = sent.join_next().await {
        let (number, answer) = done.unwrap();
        acknowledged.extend(answer.map(|obligations| (number, obligations)));
        if acknowledged.len() == MUTATIONS / 4 {
            server.process.kill().unwrap();
        }
    }
    assert!((MUTATIONS / 4..MUTATIONS).contains(&acknowledged.len()), "killed in the middle: {} of {MUTATIONS}", acknowledged.len());
    drop(server);

    let (sound, findings) = run(folder.path(), &["check"]);
    assert!(sound, "{findings}");
    let server = serve(folder.path());
    let operator = Operator::log_in(&server.url).await;
    let kept = states(&operator).await;
    let after = |number: usize| if number.is_multiple_of(2) { ["REPORTED", "REPORTED"] } else { ["ACKNOWLEDGED", "ACKNOWLEDGED"] };
    for number in 0..MUTATIONS {
        let states = &kept[&format!("N{number}")];
        let whole = *states == after(number);
        assert!(whole || *states == ["PENDING", "PENDING"], "what unit {number} sent is there by half: {states:?}");
        assert!(whole || !acknowledged.contains_key(&number), "what unit {number} sent was acknowledged and is gone");
    }

    // Who did not hear an answer sends again under the same key.
    for number in 0..MUTATIONS {
        let answer = act(&operator, &requirements, number).await.unwrap();
        assert!(acknowledged.get(&number).is_none_or(|before| *before == answer), "the same key answers as it did");
    }
    let kept = states(&operator).await;
    assert!((0..MUTATIONS).all(|number| kept[&format!("N{number}")] == after(number)));
    let query = "{ journal(filter: { actions: [REPORT_SUBMITTED, OBLIGATION_ACKNOWLEDGED] }, first: 1) { totalCount } }";
    let count = operator.ask(query, json!({})).await.unwrap();
    assert_eq!(count.pointer("/data/journal/totalCount"), Some(&json!(2 * MUTATIONS)), "and nothing is done twice: {count:#}");
    drop(server);
    let (sound, findings) = run(folder.path(), &["check"]);
    assert!(sound, "{findings}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_answers_what_is_in_flight_and_refuses_what_is_new() {
    let _turn = TURN.lock().await;
    let folder = home();
    let (mut server, operator) = begin(folder.path()).await;
    let many = (0..2_500).map(|number| {
        json!({ "establish": { "code": format!("N{number}"), "kind": "GRASSROOTS_CELL", "name": "Chi bộ", "parent": { "code": "T" } } })
    });
    // Written by hand, so that it is known to be under way when the signal comes.
    let body = json!({ "query": REORGANIZE, "variables": { "input": input("slow", many.collect()) } }).to_string();
    let address = server.url.trim_start_matches("http://").trim_end_matches("/graphql");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        operator.token,
        body.len()
    );
    let mut in_flight = TcpStream::connect(address).unwrap();
    in_flight.write_all(format!("{head}{body}").as_bytes()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let stopped = Command::new("kill").args(["-TERM", &server.process.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let mut answer = String::new();
    in_flight.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#""userErrors":[]"#), "what was in flight is answered: {answer}");
    let stopped = loop {
        if let Some(status) = server.process.try_wait().unwrap() {
            break status;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(stopped.code(), Some(0));
    let fresh = Client::new().post(&server.url).json(&json!({ "query": "{ __typename }" })).send().await;
    assert!(fresh.is_err(), "what is new is refused");
    let mut last = String::new();
    server.output.read_line(&mut last).unwrap();
    assert_eq!(last.trim(), "Chidao has stopped");
    let (sound, findings) = run(folder.path(), &["check"]);
    assert!(sound, "{findings}");
}
