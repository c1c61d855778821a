//! A house with next to nothing in it, and real HTTP in front.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use async_graphql::{Context, EmptySubscription, ErrorExtensions, Object, Request, Response, Schema};
use chidao::clock::Clock;
use chidao::config::Limits;
use chidao::http::token::TokenKey;
use chidao::http::{Asked, Edge, House, Serving, serve};
use chidao::office::{Credential, TokenSigner};
use chidao::secret;
use chidao::store::Fault;
use chidao_domain::ids::{PrincipalId, SessionId};
use chrono::TimeDelta;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const OPERATOR: PrincipalId = PrincipalId(Uuid::from_u128(1));
pub(crate) const READER: PrincipalId = PrincipalId(Uuid::from_u128(2));
pub(crate) const GONE: PrincipalId = PrincipalId(Uuid::from_u128(3));

pub(crate) struct Query;

#[Object]
impl Query {
    /// What the edge told the house about the request.
    async fn asked(&self, ctx: &Context<'_>) -> String {
        let asked = ctx.data_unchecked::<Arc<Asked<Credential>>>();
        format!("{:?} {:?} {:?}", asked.caller, asked.locale, asked.at_least_position)
    }
    async fn b(&self) -> i32 {
        2
    }
    async fn a(&self) -> i32 {
        1
    }
    async fn query(&self) -> Query {
        Query
    }
    async fn echo(&self, number: i32) -> i32 {
        number
    }
    async fn secret(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err("no such table: grants".into()))
    }
    async fn forbidden(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err(async_graphql::Error::new("not yours").extend_with(|_, extensions| extensions.set("code", "FORBIDDEN"))))
    }
    async fn broken(&self) -> async_graphql::Result<i32> {
        Err("SELECT * FROM secrets".into())
    }
    async fn slow(&self, millis: u64) -> i32 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        1
    }
    async fn panics(&self) -> i32 {
        [1][usize::from(std::hint::black_box(true))]
    }
}

pub(crate) struct Mutation(Arc<AtomicI64>);

#[Object]
impl Mutation {
    async fn count(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
    /// Counts too, and answers how much it was given, when it was told to.
    async fn reorganize(&self, title: String, millis: Option<u64>) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(millis.unwrap_or_default())).await;
        title.len()
    }
}

pub(crate) struct Stub {
    schema: Schema<Query, Mutation, EmptySubscription>,
    pub(crate) counted: Arc<AtomicI64>,
    pub(crate) is_ready: AtomicBool,
    pub(crate) days_begun: AtomicI64,
}

impl House for Stub {
    type Caller = Credential;

    async fn identify(&self, credential: Credential) -> Result<Option<Credential>, Fault> {
        let is_known = match &credential {
            Credential::None => true,
            Credential::Session { principal, .. } => *principal != GONE,
            Credential::SecretHash(hash) if *hash == secret::hash("cds_lost") => {
                return Err(Fault::Unavailable("no database at 10.0.0.7".into()));
            }
            Credential::SecretHash(hash) => *hash == secret::hash("cds_good"),
        };
        Ok(is_known.then_some(credential))
    }

    async fn execute(&self, request: Request, asked: Asked<Credential>) -> Response {
        self.schema.execute(request.data(Arc::new(asked))).await.extension("position", "7".into())
    }

    async fn readiness(&self) -> Result<(), Fault> {
        if self.is_ready.load(Ordering::SeqCst) { Ok(()) } else { Err(Fault::Unavailable("the database does not answer".into())) }
    }

    async fn is_operator(&self, caller: &Credential) -> Result<bool, Fault> {
        Ok(matches!(caller, Credential::Session { principal: OPERATOR, .. }))
    }

    async fn may_reorganize(&self, caller: &Credential) -> Result<bool, Fault> {
        self.is_operator(caller).await
    }

    async fn today_moved(&self) -> Result<(), Fault> {
        self.days_begun.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

pub(crate) struct Server {
    pub(crate) edge: Edge<Stub>,
    pub(crate) serving: Serving,
    client: Client,
}

pub(crate) fn demo_clock() -> Clock {
    Clock::fixed_at(chrono_tz::Asia::Ho_Chi_Minh, "2020-12-20".parse().unwrap())
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(demo_clock(), Limits::default()).await
    }

    pub(crate) async fn with(clock: Clock, limits: Limits) -> Self {
        Self::listening("127.0.0.1:0", clock, limits).await
    }

    pub(crate) async fn listening(to: &str, clock: Clock, limits: Limits) -> Self {
        let counted = Arc::new(AtomicI64::new(0));
        let schema = Schema::build(Query, Mutation(counted.clone()), EmptySubscription).limit_complexity(limits.cost).finish();
        let house = Arc::new(Stub { schema, counted, is_ready: AtomicBool::new(true), days_begun: AtomicI64::new(0) });
        let edge = Edge { house, clock, key: Arc::new(TokenKey::ephemeral()), limits };
        let serving = serve(edge.clone(), TcpListener::bind(to).unwrap()).await.unwrap();
        Self { edge, serving, client: Client::new() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.serving.address())
    }

    pub(crate) fn token(&self, principal: PrincipalId) -> String {
        let now = self.edge.clock.now();
        self.edge.key.sign(principal, SessionId(Uuid::nil()), now, now + TimeDelta::minutes(15)).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    /// A POST of `query` by a client that knows the specification.
    pub(crate) fn ask(&self, query: &str) -> RequestBuilder {
        self.ask_with(query, json!({}))
    }

    pub(crate) fn ask_with(&self, query: &str, variables: Value) -> RequestBuilder {
        self.post("/graphql").header("accept", "application/graphql-response+json").json(&json!({ "query": query, "variables": variables }))
    }
}

/// The status and the body.
pub(crate) async fn told(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

/// The status and the code of the first error, of an answer without `data`.
pub(crate) async fn refused(request: RequestBuilder) -> (u16, String) {
    let (status, body) = told(request).await;
    assert_eq!(body.get("data"), None, "{body}");
    assert!(body["errors"][0]["extensions"]["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{body}");
    (status.as_u16(), body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
}
