//! Every refusal of the edge speaks the language of the client, and says so.

use reqwest::{Client, RequestBuilder};
use serde_json::json;

use super::stub::{GONE, Server};

/// The words, by a client that prefers `language`; what is said of it holds in both.
async fn said(request: RequestBuilder, language: &str) -> String {
    let response = request.header("accept-language", language).send().await.unwrap();
    assert_eq!(response.headers()["content-language"], language);
    let body: serde_json::Value = response.json().await.unwrap();
    body["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[tokio::test]
async fn what_the_edge_refuses_it_refuses_in_vietnamese_and_in_english() {
    let server = Server::start().await;
    let json_body = |body: &'static str| server.post("/graphql").header("content-type", "application/json").body(body);
    let requests: Vec<(RequestBuilder, &str, &str)> = vec![
        (server.ask("{ a"), "truy vấn không viết đúng GraphQL", "the document is not GraphQL"),
        (server.ask("{ nothing }"), "truy vấn không khớp với lược đồ", "the document does not fit the schema"),
        (server.ask("{ ...A } fragment A on Query { ...A }"), "mảnh (fragment) `A` chứa chính nó", "the fragment `A` contains itself"),
        (server.ask("query A { a } query B { b }"), "truy vấn có nhiều thao tác", "the document has several operations"),
        (server.ask("query($n: Int!) { echo(number: $n) }"), "thiếu biến `$n`", "the variable `$n` of type `Int!` is missing"),
        (server.ask("subscription { a }"), "ở đây không trả lời", "subscriptions are not answered here"),
        (server.ask(&"{query".repeat(60)), "quá `40` dấu ngoặc lồng nhau", "more than `40` brackets"),
        (server.ask("{ panics }"), "có sự cố ở máy chủ", "something went wrong here"),
        (server.ask("{ a }").bearer_auth(server.token(GONE)), "thông tin đăng nhập không còn hiệu lực", "the credential is not valid"),
        (server.ask("{ a }").header("x-at-least-position", "x"), "`X-At-Least-Position` phải là", "`X-At-Least-Position` must be"),
        (json_body("{"), "nội dung yêu cầu không phải JSON", "the body is not JSON"),
        (json_body("[]"), "không nhận nhiều thao tác", "batches are not accepted"),
        (json_body("1"), "nội dung không phải đối tượng JSON", "the body is no JSON object"),
        (json_body("{}"), "thiếu `query`", "`query` is missing"),
        (json_body(r#"{"query": 1}"#), "`query` không phải chuỗi", "`query` is no string"),
        (server.post("/graphql").body("{}"), "thiếu `Content-Type`", "`Content-Type` is missing"),
        (server.post("/graphql").header("accept", "text/html"), "không có dạng trả lời phù hợp", "nothing acceptable"),
        (server.get("/graphql?query=mutation%7Bcount%7D"), "không ghi được bằng GET", "nothing is written by GET"),
        (Client::new().put(server.url("/graphql")), "phương thức `PUT` không dùng được", "the method `PUT` is not allowed"),
        (server.get("/nowhere"), "không có gì ở đây", "there is nothing here"),
        (server.get("/graphiql/nope.js"), "không có gì ở đây", "there is nothing here"),
        (server.post("/dev/today").json(&json!({ "today": "x" })), "nội dung phải là", "the body must be"),
    ];
    for (request, vi, en) in requests {
        let again = request.try_clone().unwrap();
        let (vietnamese, english) = (said(request, "vi").await, said(again, "en").await);
        assert!(vietnamese.starts_with(vi), "{vietnamese}");
        assert!(english.starts_with(en), "{english}");
    }
}

#[tokio::test]
async fn a_day_that_there_is_not_is_refused_without_the_words_of_a_library() {
    let server = Server::start().await;
    for body in ["{", "{}", r#"{"today": "2020-02-30"}"#, r#"{"today": 1}"#, r#"{"today": "2021-01-05", "force": true}"#] {
        let sent = || server.post("/dev/today").header("content-type", "application/json").body(body);
        let vi = "nội dung phải là `{\"today\": \"YYYY-MM-DD\"}`, với một ngày có thật: hãy sửa lại";
        assert_eq!(said(sent(), "vi").await, vi, "{body}");
        let en = "the body must be `{\"today\": \"YYYY-MM-DD\"}`, with an existing day: send it so";
        assert_eq!(said(sent(), "en").await, en, "{body}");
    }
}

#[tokio::test]
async fn only_a_credential_that_was_sent_is_called_invalid() {
    let server = Server::start().await;
    let challenge = async |request: RequestBuilder| {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        response.headers()["www-authenticate"].to_str().unwrap().to_owned()
    };
    let day = json!({ "today": "2021-01-05" });
    assert_eq!(challenge(server.post("/dev/today").json(&day)).await, "Bearer", "none was sent");
    assert_eq!(challenge(server.post("/dev/today").json(&day).bearer_auth("x")).await, "Bearer error=\"invalid_token\"");
    assert_eq!(challenge(server.ask("{ a }").bearer_auth("x")).await, "Bearer error=\"invalid_token\"");
}
