//! Bodies that are larger than everybody may send: from whom, for what, how many and how long.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chidao::config::Limits;
use chidao_domain::ids::PrincipalId;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::stub::{GONE, OPERATOR, READER, Server, demo_clock, refused, told};

fn small() -> Limits {
    Limits { body_bytes: 1_000, reorganization_bytes: 5_000, ..Limits::default() }
}

const REORGANIZE: &str = "mutation($title: String!, $millis: Int) { reorganize(title: $title, millis: $millis) }";

fn send(server: &Server, who: PrincipalId, query: &str, length: usize, millis: u32) -> RequestBuilder {
    server.ask_with(query, json!({ "title": "x".repeat(length), "millis": millis })).bearer_auth(server.token(who))
}

/// How many reorganizations there were.
fn counted(server: &Server) -> i64 {
    server.edge.house.counted.load(Ordering::SeqCst)
}

/// The status of the answer, and which limit it names.
async fn stopped(request: RequestBuilder) -> (u16, Value) {
    let (status, body) = told(request.header("accept-language", "en")).await;
    (status.as_u16(), body["errors"][0]["extensions"]["limit"].clone())
}

#[tokio::test]
async fn only_who_may_reorganize_is_let_send_more_and_only_for_that() {
    let server = Server::with(demo_clock(), small()).await;
    let (status, body) = told(send(&server, OPERATOR, REORGANIZE, 4_000, 0)).await;
    assert_eq!((status.as_u16(), &body["data"]), (200, &json!({ "reorganize": 4_000 })));

    let nobody = server.ask_with(REORGANIZE, json!({ "title": "x".repeat(4_000) }));
    assert_eq!(stopped(nobody).await, (413, json!("body_bytes")));
    assert_eq!(stopped(send(&server, READER, REORGANIZE, 4_000, 0)).await, (413, json!("body_bytes")));
    assert_eq!(
        refused(send(&server, GONE, REORGANIZE, 4_000, 0)).await,
        (401, "UNAUTHENTICATED".to_owned()),
        "to be logged in again, not made smaller"
    );
    assert_eq!(stopped(send(&server, OPERATOR, REORGANIZE, 5_000, 0)).await, (413, json!("reorganization_bytes")));

    for other in [
        "mutation($title: String!) { count a: reorganize(title: $title) }",
        "mutation($title: String!) { ...F } fragment F on Mutation { reorganize(title: $title) }",
        "query { a }",
    ] {
        assert_eq!(stopped(send(&server, OPERATOR, other, 4_000, 0)).await, (413, json!("body_bytes")), "{other}");
    }
    assert_eq!(counted(&server), 1, "nothing of it is carried out");
    let written_out = format!("mutation {{ reorganize(title: \"{}\") }}", "x".repeat(4_000));
    assert_eq!(
        stopped(send(&server, OPERATOR, &written_out, 0, 0)).await,
        (413, json!("body_bytes")),
        "a document is no larger than others"
    );
}

#[tokio::test]
async fn what_is_too_large_is_told_what_to_do_however_large_it_is() {
    let server = Server::with(demo_clock(), small()).await;
    let (status, body) = told(send(&server, OPERATOR, REORGANIZE, 20_000_000, 0).header("accept-language", "en")).await;
    let error = &body["errors"][0];
    assert_eq!((status.as_u16(), &error["extensions"]["allowed"]), (413, &json!(5_000)));
    let words = error["message"].as_str().unwrap();
    assert!(words.contains("split the batch by subtree") && words.contains("`chidao import units`"), "{words}");
}

/// Sends a body in chunks, without saying how long it will be.
fn trickle(server: &Server, token: &str, length: usize) -> String {
    let mut connection = TcpStream::connect(server.serving.address()).unwrap();
    let body = json!({ "query": REORGANIZE, "variables": { "title": "x".repeat(length) } }).to_string();
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    connection.write_all(format!("{head}Authorization: Bearer {token}\r\n\r\n").as_bytes()).unwrap();
    for part in body.as_bytes().chunks(512) {
        // The server may hang up before the last one.
        let _ = connection.write_all(format!("{:x}\r\n{}\r\n", part.len(), String::from_utf8_lossy(part)).as_bytes());
    }
    let _ = connection.write_all(b"0\r\n\r\n");
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_length_that_is_not_announced_is_counted_against_the_senders_own_limit() {
    let server = Server::with(demo_clock(), small()).await;
    let (operator, reader) = (server.token(OPERATOR), server.token(READER));
    assert!(trickle(&server, &operator, 4_000).contains("{\"reorganize\":4000}"));
    assert!(trickle(&server, &operator, 6_000).contains("\"limit\":\"reorganization_bytes\""));
    assert!(trickle(&server, &reader, 4_000).contains("\"limit\":\"body_bytes\""));
}

#[tokio::test]
async fn few_large_bodies_are_held_at_a_time() {
    let server = Server::with(demo_clock(), Limits { large_bodies: 1, ..small() }).await;
    let first = tokio::spawn(told(send(&server, OPERATOR, REORGANIZE, 4_000, 5_000)));
    // Once the first one is held, the next is turned away, and told to come again.
    while counted(&server) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let answer = send(&server, OPERATOR, REORGANIZE, 4_000, 0).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"].to_str().unwrap(), "1");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (&body["errors"][0]["extensions"]["code"], &body["errors"][0]["extensions"]["limit"]),
        (&json!("UNAVAILABLE"), &json!("large_bodies"))
    );
    assert_eq!(told(send(&server, OPERATOR, REORGANIZE, 10, 0)).await.0, 200, "a small one finds room");
    assert_eq!(first.await.unwrap().0, 200);
    assert_eq!(told(send(&server, OPERATOR, REORGANIZE, 4_000, 0)).await.0, 200);
}

#[tokio::test]
async fn a_reorganization_may_take_longer_than_other_operations() {
    let server = Server::with(demo_clock(), Limits { answer_seconds: 1, reorganization_seconds: 60, ..small() }).await;
    assert_eq!(told(send(&server, OPERATOR, REORGANIZE, 10, 2_000)).await.0, 200);
    assert_eq!(stopped(send(&server, READER, REORGANIZE, 10, 60_000)).await.0, 504, "only of who may");
    let both = "mutation($title: String!) { reorganize(title: $title, millis: 60000) count }";
    assert_eq!(stopped(send(&server, OPERATOR, both, 10, 0)).await.0, 504, "and only by itself");
    let server = Server::with(demo_clock(), Limits { reorganization_seconds: 1, ..small() }).await;
    let (status, body) = told(send(&server, OPERATOR, REORGANIZE, 10, 60_000).header("accept-language", "en")).await;
    let words = body["errors"][0]["message"].as_str().unwrap();
    assert!(status == 504 && words.contains("reorganization_seconds") && words.contains("split the batch"), "{words}");
}
