//! What can grow is held within its limit.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use chidao::config::Limits;
use serde_json::json;

use super::stub::{Server, demo_clock, refused, told};

#[tokio::test]
async fn a_refusal_says_the_limit_the_value_and_the_way_out() {
    let server = Server::start().await;
    let (status, body) = told(server.ask(&format!("{}{{a}}{}", "{query".repeat(15), "}".repeat(15))).header("accept-language", "en")).await;
    let error = &body["errors"][0];
    assert_eq!(status, 400);
    assert_eq!(
        error["message"],
        "more than `15` levels of fields (limit `depth`, found `16`): ask for the deeper levels in a request of their own"
    );
    let extensions =
        json!({ "code": "LIMIT_EXCEEDED", "limit": "depth", "allowed": 15, "found": 16, "requestId": error["extensions"]["requestId"] });
    assert_eq!(error["extensions"], extensions);
}

#[tokio::test]
async fn a_bomb_of_fragments_is_refused() {
    let server = Server::start().await;
    let mut source = String::from("{...f0}");
    for level in 0..20 {
        source += &format!("fragment f{level} on Query{{...f{0} ...f{0}}}", level + 1);
    }
    source += "fragment f20 on Query{a}";
    // Written out, it would never end; how many steps it takes is counted beside `document`.
    assert_eq!(refused(server.ask(&source)).await, (400, "LIMIT_EXCEEDED".to_owned()));
}

#[tokio::test]
async fn an_operation_that_costs_too_much_is_refused() {
    let limits = Limits { cost: 3, ..Limits::default() };
    let server = Server::with(demo_clock(), limits).await;
    assert_eq!(told(server.ask("{ a b }")).await.0, 200);
    let (_, body) = told(server.ask("{ query { a b } a }")).await;
    assert_eq!(
        (&body["errors"][0]["extensions"]["code"], &body["errors"][0]["extensions"]["limit"]),
        (&json!("LIMIT_EXCEEDED"), &json!("cost"))
    );
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let server = Server::start().await;
    let padded = |bytes: usize| {
        let frame = r#"{"query":"{a}#"}"#.len();
        format!(r##"{{"query":"{{a}}#{}"}}"##, "x".repeat(bytes - frame))
    };
    let post = |bytes| server.post("/graphql").header("content-type", "application/json").body(bytes);
    assert_eq!(told(post(padded(262_144))).await.0, 200);
    assert_eq!(refused(post(padded(262_145))).await, (413, "LIMIT_EXCEEDED".to_owned()));

    let mut connection = TcpStream::connect(server.serving.address()).unwrap();
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    connection.write_all(head.as_bytes()).unwrap();
    for _ in 0..5 {
        // The server may hang up before the last one.
        let _ = connection.write_all(format!("10000\r\n{}\r\n", "x".repeat(65_536)).as_bytes());
    }
    assert!(first_line(connection).contains("413"), "a length that is not announced is counted");
}

fn first_line(mut connection: TcpStream) -> String {
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.contains(&b'\n') {
        match connection.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_that_trickles_in_is_cut_off() {
    let server = Server::with(demo_clock(), Limits { request_seconds: 1, ..Limits::default() }).await;
    let begin = |text: &str| {
        let mut connection = TcpStream::connect(server.serving.address()).unwrap();
        connection.write_all(text.as_bytes()).unwrap();
        tokio::task::spawn_blocking(move || first_line(connection))
    };
    let head = begin("POST /graphql HTTP/1.1\r\nHost:");
    let body = begin("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    assert!(head.await.unwrap().contains("408"));
    assert!(body.await.unwrap().contains("408"));
}

#[tokio::test]
async fn a_wrong_document_is_not_sent_back_whole() {
    let server = Server::start().await;
    let names: String = (0..1_900).map(|number| format!("n{number} ")).collect();
    for wrong in [format!("{{ {} }}", "đ".repeat(50_000)), format!("{{ {} }}", "n".repeat(50_000)), format!("{{ query {{ {names} }} }}")] {
        let answer = server.ask(&wrong).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert!(answer.text().await.unwrap().len() < 40_000);
    }
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_given_up() {
    let server = Server::with(demo_clock(), Limits { answer_seconds: 1, ..Limits::default() }).await;
    let (status, body) = told(server.ask("{ slow(millis: 60000) }")).await;
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!((status.as_u16(), &extensions["code"]), (504, &json!("TIMEOUT")));
}

#[tokio::test]
async fn a_server_that_stops_answers_what_is_in_flight_and_takes_nothing_new() {
    let server = Server::start().await;
    let in_flight = tokio::spawn(told(server.ask("{ slow(millis: 2000) }")));
    let url = server.url("/healthz");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let stopped = tokio::spawn(server.serving.stop());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(reqwest::get(&url).await.is_err(), "a new request is refused");
    let (status, body) = in_flight.await.unwrap();
    assert_eq!((status.as_u16(), &body["data"]), (200, &json!({ "slow": 1 })));
    tokio::time::timeout(Duration::from_secs(5), stopped).await.unwrap().unwrap().unwrap();
}
