//! GraphQL over HTTP: what is read, what is refused, how answers are written.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::stub::{Server, refused, told};

#[tokio::test]
async fn an_operation_is_answered_by_post_and_by_get() {
    let server = Server::start().await;
    let response = server.ask("{ b a }").send().await.unwrap();
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("content-type", "application/graphql-response+json; charset=utf-8"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
    let text = response.text().await.unwrap();
    assert_eq!(text, r#"{"data":{"b":2,"a":1},"extensions":{"position":"7"}}"#, "in the order that was asked for");

    let query = [("query", "query A($n: Int!) { echo(number: $n) } query B { a }"), ("operationName", "A"), ("variables", r#"{"n": 5}"#)];
    let (status, body) = told(server.get("/graphql").query(&query)).await;
    assert_eq!((status.as_u16(), &body["data"]), (200, &json!({ "echo": 5 })));
    let (_, body) = told(server.get("/graphql").query(&[("query", "{ a }"), ("operationName", ""), ("variables", "")])).await;
    assert_eq!(body["data"], json!({ "a": 1 }), "an empty parameter is as good as none");
}

#[tokio::test]
async fn a_mutation_is_never_executed_by_get() {
    let server = Server::start().await;
    let get = server.get("/graphql").query(&[("query", "query A { a } mutation B { count }"), ("operationName", "B")]);
    let response = get.header("accept", "application/graphql-response+json").send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(server.edge.house.counted.load(Ordering::SeqCst), 0);
    assert_eq!(told(server.ask("mutation { count }")).await.1["data"], json!({ "count": 1 }));

    let put = reqwest::Client::new().put(server.url("/graphql")).send().await.unwrap();
    assert_eq!((put.status().as_u16(), put.headers()["allow"].to_str().unwrap()), (405, "GET, POST"));
}

#[tokio::test]
async fn the_answer_is_written_as_the_client_accepts_it() {
    let server = Server::start().await;
    let typed = async |accept: &str, query: &str| {
        let response = server.post("/graphql").header("accept", accept).json(&json!({ "query": query })).send().await.unwrap();
        let media = response.headers()["content-type"].to_str().unwrap().replace("; charset=utf-8", "");
        (response.status().as_u16(), media)
    };
    let (new, old) = ("application/graphql-response+json", "application/json");
    assert_eq!(typed(new, "{ a }").await, (200, new.into()));
    assert_eq!(typed(old, "{ a }").await, (200, old.into()));
    assert_eq!(typed("*/*", "{ a }").await, (200, old.into()));
    for wrong in ["{", "{ nothing }", "{ ...A } fragment A on Query { ...A }"] {
        assert_eq!(typed(new, wrong).await, (400, new.into()), "{wrong}");
        assert_eq!(typed(old, wrong).await, (200, old.into()), "{wrong}");
    }
    assert_eq!(refused(server.post("/graphql").header("accept", "text/html").json(&json!({ "query": "{ a }" }))).await.0, 406);
}

#[tokio::test]
async fn a_request_that_is_not_well_formed_is_refused_in_both_dialects() {
    let server = Server::start().await;
    for accept in ["application/graphql-response+json", "application/json"] {
        let post = |body: &[u8]| {
            let post = server.post("/graphql").header("accept", accept).header("content-type", "application/json");
            refused(post.body(body.to_vec()))
        };
        let bad = (400, "BAD_USER_INPUT".to_owned());
        for body in [
            r#"{"query": "{ a }""#,
            "",
            "null",
            "{}",
            r#"[{"query": "{ a }"}]"#,
            r#"{"query": null}"#,
            r#"{"query": 1}"#,
            r#"{"query": "{ a }", "variables": []}"#,
            r#"{"query": "{ a }", "variables": "{}"}"#,
            r#"{"query": "{ a }", "operationName": 1}"#,
            r#"{"query": "{ a }", "extensions": []}"#,
        ] {
            assert_eq!(post(body.as_bytes()).await, bad, "{body}");
        }
        assert_eq!(post(b"{\"query\": \"{ a } # \xff\"}").await, bad, "not UTF-8");
        assert_eq!(post("[".repeat(100_000).as_bytes()).await, bad, "nested");
        for query in [vec![("q", "{ a }")], vec![("query", "{ a }"), ("variables", "[]")], vec![("query", "{ a }"), ("variables", "{")]] {
            assert_eq!(refused(server.get("/graphql").header("accept", accept).query(&query)).await, bad, "{query:?}");
        }
    }
    let (_, body) = told(server.post("/graphql").json(&json!({ "query": "{ a }", "variables": null, "unknown": 1 }))).await;
    assert_eq!(body["data"], json!({ "a": 1 }), "null is as good as missing, the unknown is ignored");
}

#[tokio::test]
async fn only_json_in_utf8_is_read() {
    let server = Server::start().await;
    let body = r#"{"query": "{ a }"}"#;
    for media in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""] {
        assert_eq!(told(server.post("/graphql").header("content-type", media).body(body)).await.0, 200, "{media}");
    }
    for media in [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=latin1",
        "",
    ] {
        assert_eq!(refused(server.post("/graphql").header("content-type", media).body(body)).await.0, 415, "{media}");
    }
    assert_eq!(refused(server.post("/graphql").body(body)).await.0, 415, "no content type");
    let zipped = server.post("/graphql").header("content-type", "application/json").header("content-encoding", "gzip").body(body);
    assert_eq!(refused(zipped).await.0, 415);
}

#[tokio::test]
async fn errors_of_requests_have_a_code_of_the_closed_list() {
    let server = Server::start().await;
    let code = |code: &str| (400, code.to_owned());
    assert_eq!(refused(server.ask("{ a")).await, code("GRAPHQL_PARSE_FAILED"));
    for wrong in ["{ nothing }", "{ query }", "query A { a } query B { b }", "subscription { a }", "{ ...A }", "mutation { nothing }"] {
        assert_eq!(refused(server.ask(wrong)).await, code("GRAPHQL_VALIDATION_FAILED"), "{wrong}");
    }
    let echo = "query($n: Int!) { echo(number: $n) }";
    for variables in [json!({}), json!({ "n": null }), json!({ "n": "five" }), json!({ "n": 1.5 })] {
        assert_eq!(refused(server.ask_with(echo, variables.clone())).await, code("BAD_USER_INPUT"), "{variables}");
    }
    assert_eq!(refused(server.ask("{ echo(number: \"five\") }")).await, code("BAD_USER_INPUT"));

    // What only the type itself finds out (a range, the form of a date) is found while executing, where other fields have their say.
    let (status, body) = told(server.ask_with(echo, json!({ "n": 3_000_000_000_i64 }))).await;
    assert_eq!((status.as_u16(), &body["errors"][0]["extensions"]["code"]), (200, &json!("BAD_USER_INPUT")));
    assert_eq!(body["errors"][0]["path"], json!(["echo"]));
}

#[tokio::test]
async fn texts_of_failures_do_not_reach_the_client() {
    let server = Server::start().await;
    let (status, body) = told(server.ask("{ a secret forbidden }").header("x-request-id", "r-1")).await;
    assert_eq!(status, 200);
    assert_eq!(body["data"], json!({ "a": 1, "secret": null, "forbidden": null }));
    let errors = body["errors"].as_array().unwrap();
    let of = |field: &str| errors.iter().find(|error| error["path"] == json!([field])).unwrap();
    assert_eq!(of("secret")["extensions"], json!({ "code": "INTERNAL", "requestId": "r-1" }));
    assert_eq!(of("forbidden")["extensions"], json!({ "code": "FORBIDDEN", "requestId": "r-1" }));
    assert_eq!(of("forbidden")["message"], "not yours", "a refusal keeps its words");
    assert!(!body.to_string().contains("no such table"), "{body}");

    let (status, body) = told(server.ask("{ a broken }")).await;
    assert_eq!((status.as_u16(), &body["data"]), (200, &json!(null)), "it was executed, and came to nothing");
    assert!(!body.to_string().contains("SELECT"), "{body}");
    assert_eq!(refused(server.ask("{ panics }")).await, (500, "INTERNAL".to_owned()));
    assert_eq!(told(server.ask("{ a }")).await.0, 200, "the server goes on");
}
