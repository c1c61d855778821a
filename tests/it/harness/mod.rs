//! A world for each test: an empty database, a server on a free port, a clock that stands still, and people who ask over HTTP.

pub(crate) mod answer;
pub(crate) mod demo;
pub(crate) mod postgres;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chidao::clock::Clock;
use chidao::command::Happened;
use chidao::config::{Config, TokenLifetimes};
use chidao::office::Office;
use chidao::store::Database;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

pub(crate) use answer::Answer;

/// The day on which worlds begin, unless a test says otherwise.
pub(crate) const FIRST_DAY: &str = "2020-12-01";

/// The password of everybody.
pub(crate) const PASSWORD: &str = "mật khẩu dài 2020";

/// Longer than any test lasts by its own clock.
const YEARS: std::time::Duration = std::time::Duration::from_secs(3_650 * 86_400);

/// Runs each test on both databases, as `NAME::sqlite` and `NAME::postgres`: in a world, or at a home where it begins worlds by itself.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($home:ident: &Home) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($home: &$crate::harness::Home) $body

            #[test]
            fn sqlite() {
                $crate::harness::run_at_home($crate::harness::On::Sqlite, |home| Box::pin(body(home)));
            }

            #[test]
            fn postgres() {
                $crate::harness::run_at_home($crate::harness::On::Postgres, |home| Box::pin(body(home)));
            }
        }
    )+};
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($world: &$crate::harness::World) $body

            #[test]
            fn sqlite() {
                $crate::harness::run($crate::harness::On::Sqlite, |world| Box::pin(body(world)));
            }

            #[test]
            fn postgres() {
                $crate::harness::run($crate::harness::On::Postgres, |world| Box::pin(body(world)));
            }
        }
    )+};
}
pub(crate) use both;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

type Body<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Makes a world, runs the test in it, and takes it down whether the test passed or not.
pub(crate) fn run(on: On, test: impl for<'a> FnOnce(&'a World) -> Body<'a>) {
    runtime().block_on(async {
        let Some(home) = Home::make(on).await else { return };
        let world = World::begin(&home).await;
        test(&world).await;
        world.end().await;
        home.remove().await;
    });
}

/// Makes a place for an empty database, runs the test, which begins and ends worlds in it, and takes it down.
pub(crate) fn run_at_home(on: On, test: impl for<'a> FnOnce(&'a Home) -> Body<'a>) {
    runtime().block_on(async {
        let Some(home) = Home::make(on).await else { return };
        test(&home).await;
        home.remove().await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Where a world's database lives.
pub(crate) struct Home {
    pub(crate) url: String,
    dropping: Option<(String, String)>,
    folder: tempfile::TempDir,
}

impl Home {
    /// A place for an empty database; `None` on PostgreSQL where there is none.
    pub(crate) async fn make(on: On) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        match on {
            On::Sqlite => Some(Self { url: format!("sqlite://{}", folder.path().join("chidao.db").display()), dropping: None, folder }),
            On::Postgres => {
                let server = postgres::server()?;
                let name = new_database(server).await;
                let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
                Some(Self { url, dropping: Some((server.into(), name)), folder })
            }
        }
    }

    /// A place where nothing is yet.
    pub(crate) fn at(url: &str) -> Self {
        Self { url: url.into(), dropping: None, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            database_url: self.url.clone(),
            key_file: self.folder.path().join("chidao.key"),
            // Days pass in a test, and nobody logs in anew for it.
            lifetimes: TokenLifetimes { access: YEARS, refresh: YEARS },
            postgres_connections: 8,
            ..Config::default()
        }
    }

    pub(crate) async fn remove(self) {
        if let Some((server, name)) = self.dropping {
            let connection = sea_orm::Database::connect(&server).await.unwrap();
            connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
            connection.close().await.unwrap();
        }
        drop(self.folder);
    }
}

/// An empty database with the schema: a copy of one that is migrated once a run.
async fn new_database(server: &str) -> String {
    static TEMPLATE: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // A template must not be in use while it is copied, so one is copied at a time.
    static COPY: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let unique = format!("chidao_{}", std::process::id());
    let connection = sea_orm::Database::connect(server).await.unwrap();
    let template = TEMPLATE
        .get_or_init(|| async {
            let template = format!("{unique}_template");
            connection.execute_unprepared(&format!("CREATE DATABASE {template}")).await.unwrap();
            Database::migrate(&format!("{}/{template}", server.rsplit_once('/').unwrap().0)).await.unwrap();
            template
        })
        .await;
    let name = format!("{unique}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let turn = COPY.lock().await;
    connection.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
    drop(turn);
    connection.close().await.unwrap();
    name
}

/// A running server, its clock, and a client.
pub(crate) struct World {
    pub(crate) office: Arc<Office>,
    pub(crate) clock: Clock,
    pub(crate) base: String,
    pub(crate) client: reqwest::Client,
    serving: chidao::http::Serving,
    _days: chidao::server::Days,
    has_odd_rows: AtomicBool,
}

impl World {
    pub(crate) async fn begin(home: &Home) -> Self {
        let config = home.config();
        let clock = Clock::fixed_at(config.zone, FIRST_DAY.parse().unwrap());
        Self::begin_by(config, clock).await
    }

    pub(crate) async fn begin_by(config: Config, clock: Clock) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (office, key) = chidao::server::open(&config, clock.clone()).await.unwrap();
        let started = chidao::server::start(office, key, listener).await.unwrap();
        let base = format!("http://{}", started.serving.address());
        Self {
            office: started.office,
            clock,
            base,
            client: reqwest::Client::new(),
            serving: started.serving,
            _days: started.days,
            has_odd_rows: AtomicBool::new(false),
        }
    }

    /// Says that the test wrote rows that no command would write, so that they need not hold together.
    pub(crate) fn tampered(&self) {
        self.has_odd_rows.store(true, Ordering::Relaxed);
    }

    /// Stops the server; whatever the test did over HTTP, what is stored holds together.
    pub(crate) async fn end(self) {
        self.serving.stop().await.unwrap();
        let findings = chidao::check::check(&self.office).await.unwrap();
        assert!(findings.is_empty() || self.has_odd_rows.load(Ordering::Relaxed), "{findings:#?}");
        self.office.database().clone().close().await.unwrap();
    }

    /// Does what the calendar owes, as the server does when a day begins.
    pub(crate) async fn tick(&self) -> Vec<Happened> {
        chidao::command::tick(&self.office).await.unwrap()
    }

    /// Moves the clock on; what the calendar owes is done by the next write, or by [`World::tick`].
    pub(crate) fn day(&self, day: &str) {
        self.clock.set_today(day.parse().unwrap()).unwrap();
    }

    /// Somebody who has not logged in.
    pub(crate) fn nobody(&self) -> Actor<'_> {
        Actor { world: self, token: None, language: "en" }
    }

    /// The operator: ADMIN over the whole forest.
    pub(crate) async fn operator(&self) -> Actor<'_> {
        let admin =
            chidao::command::CreateAdmin { user_name: "admin".into(), display_name: "Quản trị".into(), password: PASSWORD.into() };
        match chidao::command::create_admin(&self.office, admin).await {
            Ok(_) | Err(chidao::store::Stop::Refused(_)) => self.log_in("admin").await,
            Err(stop) => panic!("{stop:?}"),
        }
    }

    /// A user who is there, logged in.
    pub(crate) async fn log_in(&self, user_name: &str) -> Actor<'_> {
        self.log_in_with(user_name, PASSWORD).await
    }

    /// A user with a password of their own, logged in.
    pub(crate) async fn log_in_with(&self, user_name: &str, password: &str) -> Actor<'_> {
        let query = "mutation($input: LogInInput!) { logIn(input: $input) { accessToken userErrors { message } } }";
        let answer = self.nobody().ask(query, json!({ "input": { "userName": user_name, "password": password } })).await;
        let token = answer.at("/logIn/accessToken").as_str().unwrap_or_else(|| panic!("{user_name} cannot log in: {answer:?}")).to_owned();
        Actor { world: self, token: Some(token), language: "en" }
    }

    /// A new user with one role over one unit, logged in.
    pub(crate) async fn user(&self, user_name: &str, role: &str, unit: &str) -> Actor<'_> {
        let operator = self.operator().await;
        let query = "mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { message } } }";
        let input = json!({ "input": { "userName": user_name, "displayName": user_name, "password": PASSWORD } });
        let id = operator.data(query, input).await.text("/createUser/user/id");
        operator.grant(&id, role, unit).await;
        self.log_in(user_name).await
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Actor<'w> {
    pub(crate) world: &'w World,
    pub(crate) token: Option<String>,
    pub(crate) language: &'static str,
}

impl Actor<'_> {
    /// Asks, whatever the answer.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        let mut request = self.world.client.post(format!("{}/graphql", self.world.base)).header("Accept-Language", self.language);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap();
        let status = response.status().as_u16();
        Answer { status, body: response.json().await.unwrap() }
    }

    /// Moves the day on as an operator does while a demonstration is served.
    pub(crate) async fn pass_to(&self, day: &str) {
        let request = self.world.client.post(format!("{}/dev/today", self.world.base)).json(&json!({ "today": day }));
        let response = request.bearer_auth(self.token.as_ref().unwrap()).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }

    /// Asks for what must be answered without errors, `userErrors` among them.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Answer {
        let answer = self.ask(query, variables).await;
        answer.expect_no_errors(query);
        answer
    }

    /// Gives a role over a unit, or over the whole forest where `unit` is empty.
    pub(crate) async fn grant(&self, principal: &str, role: &str, unit: &str) {
        let query = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { message path } } }";
        let unit = if unit.is_empty() { Value::Null } else { json!({ "code": unit }) };
        self.data(query, json!({ "input": { "principal": principal, "role": role, "unit": unit } })).await;
    }

    /// Makes a tree from indented text, a line `CODE KIND NAME`, in one batch of today.
    pub(crate) async fn establish(&self, tree: &str) {
        let mut line_of: Vec<(usize, String)> = Vec::new();
        let mut changes = Vec::new();
        for line in tree.lines().filter(|line| !line.trim().is_empty()) {
            let depth = line.len() - line.trim_start().len();
            let mut words = line.trim().splitn(3, ' ');
            let (code, kind) = (words.next().unwrap(), words.next().unwrap());
            let name = words.next().unwrap_or(code);
            line_of.retain(|(above, _)| *above < depth);
            let parent = line_of.last().map(|(_, parent)| json!({ "code": parent }));
            line_of.push((depth, code.to_owned()));
            changes.push(json!({ "establish": { "code": code, "kind": kind, "name": name, "parent": parent } }));
        }
        self.reorganize(json!(changes)).await;
    }

    /// Carries out changes of today that must succeed.
    pub(crate) async fn reorganize(&self, changes: Value) -> Answer {
        let today = self.world.clock.today().to_string();
        self.data(REORGANIZE, json!({ "input": { "title": "Sắp xếp", "effectiveOn": today, "changes": changes } })).await
    }
}

/// A reorganization, and all that is told of it.
pub(crate) const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) {
    reorganization { id title effectiveOn status effects { unitsTouched } changes {
        __typename ... on Established { unit { code path } } ... on Revised { unit { code } fields { field before after } } ... on Moved { unit { code path } from { code } to { code } } } }
    userErrors { code message path rule } } }";
