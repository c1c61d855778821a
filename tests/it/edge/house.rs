//! Who asks, in which words, and the paths beside `/graphql`.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::sync::atomic::Ordering;

use chidao::clock::Clock;
use chidao::config::Limits;
use chidao::office::TokenSigner;
use chidao::secret;
use chidao_domain::ids::SessionId;
use chrono::TimeDelta;
use reqwest::RequestBuilder;
use serde_json::json;
use uuid::Uuid;

use super::stub::{GONE, OPERATOR, READER, Server, demo_clock, refused, told};

async fn asked(request: RequestBuilder) -> String {
    told(request).await.1["data"]["asked"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_house_learns_who_asks_in_which_language_and_from_which_position() {
    let server = Server::start().await;
    assert_eq!(asked(server.ask("{ asked }")).await, "None Vi None");
    let told = asked(
        server.ask("{ asked }").bearer_auth(server.token(READER)).header("accept-language", "en").header("x-at-least-position", "41"),
    )
    .await;
    assert!(told.starts_with("Session") && told.contains(&READER.to_string()) && told.ends_with("En Some(41)"), "{told}");
    let told = asked(server.ask("{ asked }").bearer_auth("cds_good")).await;
    assert!(told.contains(&secret::hash("cds_good")) && !told.contains("cds_good"), "the secret itself stays at the edge: {told}");
    for position in ["-1", "x", "1.5", "99999999999999999999"] {
        assert_eq!(refused(server.ask("{ asked }").header("x-at-least-position", position)).await.0, 400, "{position}");
    }
}

#[tokio::test]
async fn a_bad_credential_is_refused_in_both_dialects() {
    let server = Server::start().await;
    let now = server.edge.clock.now();
    let old = server.edge.key.sign(READER, SessionId(Uuid::nil()), now - TimeDelta::hours(1), now - TimeDelta::minutes(5)).unwrap();
    let good = server.token(READER);
    for header in [
        "Bearer nonsense".to_owned(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {good}"),
        format!("Bearer {good}x"),
        format!("Bearer {old}"),
        format!("Bearer {}", server.token(GONE)),
        "Bearer cds_wrong".to_owned(),
    ] {
        for accept in ["application/json", "application/graphql-response+json"] {
            let post = server.post("/graphql").header("accept", accept).json(&json!({ "query": "{ a }" })).header("authorization", &header);
            let response = post.send().await.unwrap();
            assert_eq!(response.status(), 401, "{header}");
            assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
            let body: serde_json::Value = response.json().await.unwrap();
            assert_eq!((&body["errors"][0]["extensions"]["code"], body.get("data")), (&json!("UNAUTHENTICATED"), None));
        }
    }
    let lost = server.ask("{ a }").bearer_auth("cds_lost").send().await.unwrap();
    assert_eq!((lost.status().as_u16(), lost.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    assert!(!lost.text().await.unwrap().contains("10.0.0.7"));
}

#[tokio::test]
async fn a_request_is_known_by_its_id() {
    let server = Server::start().await;
    let id = async |given: Option<&str>| {
        let ask = server.ask("{ nothing }");
        let response = given.map_or_else(|| server.ask("{ nothing }"), |given| ask.header("x-request-id", given)).send().await.unwrap();
        let header = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["requestId"], json!(header));
        header
    };
    assert_eq!(id(Some("trace-7.a_B:1")).await, "trace-7.a_B:1");
    assert_eq!(id(None).await.len(), 32);
    assert_ne!(id(None).await, id(None).await);
    for bad in ["a b", "<script>", &"x".repeat(129)] {
        assert_ne!(id(Some(bad)).await, bad);
    }
}

#[tokio::test]
async fn the_server_tells_whether_it_lives_and_whether_it_can_answer() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
    assert_eq!(server.get("/readyz").send().await.unwrap().status(), 200);
    server.edge.house.is_ready.store(false, Ordering::SeqCst);
    assert_eq!(refused(server.get("/readyz")).await, (503, "UNAVAILABLE".to_owned()));
    assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
    assert_eq!(refused(server.get("/nowhere")).await.0, 404);
}

#[tokio::test]
async fn an_operator_moves_a_fixed_day_on_and_never_back() {
    let server = Server::start().await;
    let token = server.token(OPERATOR);
    let to = |day: &str| server.post("/dev/today").bearer_auth(&token).json(&json!({ "today": day }));
    let (status, body) = told(to("2020-12-31")).await;
    assert_eq!((status.as_u16(), body), (200, json!({ "today": "2020-12-31" })));
    assert_eq!(server.edge.clock.today().to_string(), "2020-12-31");
    assert_eq!(server.edge.house.days_begun.load(Ordering::SeqCst), 1);
    assert_eq!(told(to("2021-01-05")).await.0, 401, "by then the token has expired: the server's clock counts (T3)");

    let token = server.token(OPERATOR);
    let to = |body: serde_json::Value| server.post("/dev/today").bearer_auth(&token).json(&body);
    let (status, body) = told(to(json!({ "today": "2020-12-30" })).header("accept-language", "en")).await;
    assert_eq!(status, 400);
    assert_eq!(body["errors"][0]["message"], "today is `2020-12-31`: the day moves on, never back");
    for bad in [json!({}), json!({ "today": "2020-02-30" }), json!({ "today": "2021-01-05", "force": true })] {
        assert_eq!(refused(to(bad)).await.0, 400);
    }
    let day = json!({ "today": "2021-01-05" });
    assert_eq!(refused(server.post("/dev/today").json(&day)).await, (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(refused(server.post("/dev/today").bearer_auth(server.token(READER)).json(&day)).await, (403, "FORBIDDEN".to_owned()));
    assert_eq!(refused(server.post("/dev/today").bearer_auth(&token).body(day.to_string())).await.0, 415);
    assert_eq!(refused(server.get("/dev/today")).await.0, 405);
    assert_eq!(server.edge.house.days_begun.load(Ordering::SeqCst), 1, "none of these moved the day");
}

#[tokio::test]
async fn the_day_cannot_be_moved_where_it_follows_the_system() {
    let server = Server::with(Clock::system(chrono_tz::Asia::Ho_Chi_Minh), Limits::default()).await;
    let token = server.token(OPERATOR);
    assert_eq!(refused(server.post("/dev/today").bearer_auth(token).json(&json!({ "today": "2999-01-01" }))).await.0, 404);
}

/// An address of this machine that others could reach it by; nothing is sent to find it.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("198.51.100.1:9").ok()?;
    socket.local_addr().ok().map(|at| at.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

#[tokio::test]
async fn the_day_is_moved_from_the_machine_itself_only() {
    let Some(outer) = outer_address() else {
        // Past the capture of the test runner, so that a green run shows it too.
        let _ = writeln!(std::io::stderr(), "NOT TESTED: this machine has no other address than its loopback to move the day from");
        return;
    };
    let server = Server::listening("0.0.0.0:0", demo_clock(), Limits::default()).await;
    let port = server.serving.address().port();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = |host: IpAddr, path: &str| client.post(format!("http://{host}:{port}{path}")).bearer_auth(server.token(OPERATOR));
    let move_day = |host| post(host, "/dev/today").json(&json!({ "today": "2020-12-31" }));
    let (status, body) = told(move_day(outer).header("accept-language", "en")).await;
    assert_eq!((status.as_u16(), &body["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")));
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("the day can be moved only from the machine that the server runs on"), "{message}");
    let forged = move_day(outer).header("x-forwarded-for", "127.0.0.1").header("forwarded", "for=127.0.0.1");
    assert_eq!(refused(forged).await.0, 403, "what a client says of itself proves nothing");
    assert_eq!(server.edge.clock.today().to_string(), "2020-12-20");
    assert_eq!(server.edge.house.days_begun.load(Ordering::SeqCst), 0);
    assert_eq!(
        told(post(outer, "/graphql").json(&json!({ "query": "{ a }" }))).await.1["data"],
        json!({ "a": 1 }),
        "whoever asks is answered"
    );
    assert_eq!(told(move_day(Ipv4Addr::LOCALHOST.into())).await.1, json!({ "today": "2020-12-31" }));
}

#[tokio::test]
async fn the_page_for_people_needs_nothing_from_elsewhere() {
    let server = Server::start().await;
    let page = server.get("/").send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(!page.contains("http"), "nothing is loaded from elsewhere");
    let files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/graphiql/")).collect();
    assert_eq!(files.len(), 6);
    for file in files {
        let response = server.get(file).send().await.unwrap();
        assert_eq!(response.status(), 200, "{file}");
        let media = response.headers()["content-type"].to_str().unwrap();
        assert!(media.starts_with(if file.ends_with(".js") { "text/javascript" } else { "text/css" }), "{file}: {media}");
        let tag = response.headers()["etag"].clone();
        let again = server.get(file).header("if-none-match", tag).send().await.unwrap();
        assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0), "{file}");
    }
    assert_eq!(server.get("/graphiql/../Cargo.toml").send().await.unwrap().status(), 404);
}
