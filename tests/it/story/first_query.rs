//! What the README shows, asked as the README says, answers what the README says: the first query, and a reorganization.

use serde_json::{Value, json};

use crate::harness::demo::told;
use crate::harness::{Actor, World};

/// The fenced blocks between two markers of the README.
fn blocks(marker: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let begin = readme.find(&format!("<!-- {marker} -->")).unwrap();
    let end = readme.find(&format!("<!-- end of {marker} -->")).unwrap();
    let fenced = readme[begin..end].split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap().1.trim().to_owned()).collect()
}

/// What stands between the first two quotes of that sort after a word.
fn quoted<'t>(text: &'t str, after: &str) -> &'t str {
    let from = &text[text.find(after).unwrap() + after.len()..];
    &from[..from.find('\'').unwrap()]
}

async fn ask(world: &World, token: &str, query: &str) -> Value {
    let request = world.client.get(format!("{}/graphql", world.base)).bearer_auth(token).query(&[("query", query)]);
    request.send().await.unwrap().json().await.unwrap()
}

told! {
    /// "Which units of the bloc have held their conference, and who is late", asked by a person who logged in.
    async fn the_first_query_answers_what_the_readme_says(world: &World) {
        let blocks = blocks("first query");
        let [log_in, question, answer, later] = blocks.as_slice() else { panic!("{blocks:#?}") };
        let body: Value = serde_json::from_str(quoted(log_in, "-d '")).unwrap();
        let logged_in: Value = world.client.post(format!("{}/graphql", world.base)).json(&body).send().await.unwrap().json().await.unwrap();
        let token = logged_in["data"]["logIn"]["accessToken"].as_str().unwrap().to_owned();
        let query = quoted(question, "query='");
        let told = ask(world, &token, query).await;
        assert!(told.get("errors").is_none(), "{told:#}");
        let expected: Value = serde_json::from_str(answer).unwrap();
        assert!(told["data"] == expected["data"], "README.md is stale; the answer is\n{told:#}");

        let moved: Value = serde_json::from_str(quoted(later, "-d '")).unwrap();
        let operator = world.person("quan-tri").await;
        let request = world.client.post(format!("{}/dev/today", world.base)).bearer_auth(operator.token.unwrap()).json(&moved);
        assert_eq!(request.send().await.unwrap().status(), 200);
        let told = ask(world, &world.person("khoi").await.token.unwrap(), query).await;
        let late: Vec<&Value> = told["data"]["late"]["nodes"].as_array().unwrap().iter().map(|one| &one["unit"]["code"]).collect();
        assert_eq!(json!(late), json!(["CQ-06", "CQ-10", "CQ-12", "CQ-09", "CQ-11", "CQ-13", "CQ-14"]));
    }
    /// "One reorganization from preview to trace."
    async fn the_reorganization_of_the_readme_is_previewed_planned_and_traced(world: &World) {
        let blocks = blocks("reorganization");
        let [reorganize, answer, trace] = blocks.as_slice() else { panic!("{blocks:#?}") };
        let operator = world.person("quan-tri").await;
        let expected: Value = serde_json::from_str(answer).unwrap();
        let previewed = operator.ask(reorganize, json!({})).await.body["data"].clone();
        assert!(previewed == expected, "README.md is stale; the answer is\n{previewed:#}");
        let planned = operator.data(&reorganize.replace("preview: true", "preview: false"), json!({})).await;
        assert_eq!(planned.text("/reorganize/reorganization/status"), "PLANNED");
        let codes = "query($on: Date) { orgUnits(asOf: $on, filter: { search: \"co quan mau 06\" }) { nodes { code active } } }";
        let found = async |actor: &Actor<'_>, on: &str| actor.data(codes, json!({ "on": on })).await.texts("/orgUnits/nodes", "/code");
        assert!(found(&operator, "2021-02-01").await.contains(&"CQ-68".into()) && !found(&operator, "2020-12-20").await.contains(&"CQ-68".into()));

        operator.pass_to("2021-02-01").await;
        let operator = world.person("quan-tri").await;
        let traced = operator.data(trace, json!({})).await;
        let duties = traced.at("/obligations/nodes").as_array().unwrap();
        let created = &expected["reorganize"]["reorganization"]["effects"]["obligationsCreated"];
        assert_eq!(json!(duties.len()), *created);
        for duty in duties {
            let from = duty["predecessors"].as_array().unwrap();
            assert!(!from.is_empty() && from.iter().all(|from| from["state"] == "TRANSFERRED" && from["unit"]["active"] == false), "{duty}");
        }
        assert!(found(&operator, "2021-02-01").await.contains(&"CQ-68".into()), "an old name finds the successor");
    }
}
