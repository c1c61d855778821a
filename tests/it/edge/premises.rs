//! The real office behind the edge.

use std::net::TcpListener;
use std::sync::Arc;

use chidao::config::Config;
use chidao::http::token::TokenKey;
use chidao::http::{Edge, Premises, serve};
use chidao::office::{Office, TokenSigner};
use chidao::store::Database;
use chidao_domain::ids::SessionId;
use chrono::TimeDelta;
use reqwest::Client;
use serde_json::json;
use uuid::Uuid;

use super::stub::{OPERATOR, demo_clock, refused, told};

#[tokio::test]
async fn the_office_is_served_once_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("chidao.db").display());
    let (config, clock, key) = (Config::default(), demo_clock(), Arc::new(TokenKey::ephemeral()));
    let database = Database::connect(&url, 1).await.unwrap();
    let office = Arc::new(Office::new(
        database,
        clock.clone(),
        key.clone(),
        Arc::new(chidao::command::DaysOwed),
        config.limits.clone(),
        config.lifetimes,
    ));
    let token = key.sign(OPERATOR, SessionId(Uuid::nil()), clock.now(), clock.now() + TimeDelta::minutes(1)).unwrap();
    let house = Arc::new(Premises { office, schema: chidao::graphql::schema(&config.limits) });
    let edge = Edge { house, clock, key, limits: config.limits };
    let serving = serve(edge, TcpListener::bind("127.0.0.1:0").unwrap()).await.unwrap();
    let at = |path: &str| format!("http://{}{path}", serving.address());
    let client = Client::new();

    assert_eq!(refused(client.get(at("/readyz"))).await.0, 503, "no migration has run");
    Database::migrate(&url).await.unwrap();
    assert_eq!(client.get(at("/readyz")).send().await.unwrap().status(), 200);

    let ask = || client.post(at("/graphql")).json(&json!({ "query": "{ __typename }" }));
    assert_eq!(told(ask()).await.1["data"], json!({ "__typename": "Query" }));
    assert_eq!(refused(ask().bearer_auth(token)).await, (401, "UNAUTHENTICATED".to_owned()), "signed by us, for nobody we know");
    assert_eq!(refused(ask().bearer_auth("cds_unknown")).await, (401, "UNAUTHENTICATED".to_owned()));
    let move_day = client.post(at("/dev/today")).json(&json!({ "today": "2021-01-05" }));
    assert_eq!(refused(move_day).await, (401, "UNAUTHENTICATED".to_owned()));
}
