//! The command line: every option is also a variable `CHIDAO_…` of the environment.

mod tables;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chidao_domain::day::Day;
use chidao_domain::ids::{PrincipalId, SessionId};
use chidao_domain::refusal::{Locale, Refusal, Step};
use chrono::{DateTime, Utc};
use clap::builder::{BoolishValueParser, NonEmptyStringValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::clock::Clock;
use crate::command::{self, CreateAdmin};
use crate::config::{Config, Limits, LogFormat};
use crate::office::{Office, TokenSigner};
use crate::store::{Database, Stop};
use crate::{demo, graphql, server};

/// Chidao (chỉ đạo: to direct): who must do what, by when, because of which document, and how far are they.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve GraphQL over HTTP; an empty database is given its schema first.
    Serve(Serve),
    /// Bring the schema of the database up to date.
    Migrate(Place),
    /// Write schema.graphql to the standard output.
    Schema,
    /// Check that what is stored still holds together: the tree, the totals, the journal. Exits with 0 where it does, 1 where there are
    /// findings (one a line), 2 where the database cannot be checked. What a person should look at in the tree of today (too few members,
    /// placements no longer permitted, names twice, grants over ended units) is remarked and changes nothing.
    Check(Place),
    /// Do what is due by the calendar up to today: planned reorganizations take effect, or are cancelled where they do not hold any more.
    /// A server does it by itself; to do it twice does nothing. What was done is printed, one a line.
    Tick(Place),
    /// Import a table into the tree.
    #[command(subcommand)]
    Import(tables::Import),
    /// Export the tree as a table.
    #[command(subcommand)]
    Export(tables::Export),
    /// Create a user with ADMIN over the whole forest; the password is read from CHIDAO_PASSWORD or the standard input.
    CreateAdmin(CreateAdminArgs),
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
struct Place {
    /// The database: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`.
    #[arg(long, env = "CHIDAO_DATABASE_URL", default_value = "sqlite://chidao.db", hide_env_values = true)]
    database_url: String,
    /// The time zone that days are counted in.
    #[arg(long, env = "CHIDAO_ZONE", default_value = "Asia/Ho_Chi_Minh")]
    zone: chrono_tz::Tz,
    /// The file of the key that tokens are signed with; it is made on first start.
    #[arg(long, env = "CHIDAO_KEY_FILE", default_value = "chidao.key")]
    key_file: PathBuf,
    /// Connections to PostgreSQL.
    #[arg(long, env = "CHIDAO_POSTGRES_CONNECTIONS", value_parser = clap::value_parser!(u32).range(1..), default_value_t = Config::default().postgres_connections)]
    postgres_connections: u32,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen.
    #[arg(long, env = "CHIDAO_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How log lines look.
    #[arg(long, env = "CHIDAO_LOG_FORMAT", default_value = "text")]
    log_format: LogFormatArg,
    /// Fill an empty database with the demonstration, and print its accounts.
    #[arg(long, env = "CHIDAO_DEMO", value_parser = BoolishValueParser::new())]
    demo: bool,
    /// Let the day stand still at this date; only with --demo.
    #[arg(long, env = "CHIDAO_TODAY", requires = "demo")]
    today: Option<Day>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormatArg {
    /// For a person at a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Args)]
struct CreateAdminArgs {
    #[command(flatten)]
    place: Place,
    /// The name to log in with.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    user_name: String,
    /// The name as people see it.
    #[arg(long, default_value = "Quản trị", value_parser = NonEmptyStringValueParser::new())]
    display_name: String,
}

/// Why the program ends with an error: a text for the person at the terminal.
pub type Failed = Box<dyn std::error::Error>;

/// What `check` exits with where it found something; an error exits with [`FAILED`].
const FINDINGS: u8 = 1;
/// What the program exits with where it could not do what it was told, as for a command line that it does not read.
pub const FAILED: u8 = 2;

/// Does what the command line says; answers what to exit with.
///
/// # Errors
/// A text for the person at the terminal.
pub async fn run(cli: Cli) -> Result<ExitCode, Failed> {
    match cli.command {
        Command::Check(place) => return check(&place).await,
        Command::Serve(args) => serve(args).await,
        Command::Migrate(place) => {
            Database::migrate(&place.database_url).await?;
            println!("the schema of the database is up to date");
            Ok(())
        }
        Command::Schema => schema(),
        Command::Tick(place) => tick(&place).await,
        Command::Import(import) => tables::import(import).await,
        Command::Export(export) => tables::export(export).await,
        Command::CreateAdmin(args) => create_admin(args).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

impl Place {
    fn config(&self) -> Result<Config, Failed> {
        Ok(Config {
            database_url: self.database_url.clone(),
            zone: self.zone,
            key_file: self.key_file.clone(),
            postgres_connections: self.postgres_connections,
            limits: limits_of_environment()?,
            ..Config::default()
        })
    }
}

/// Whoever reads may have seen enough: a closed pipe is no error.
fn schema() -> Result<(), Failed> {
    match std::io::stdout().write_all(graphql::sdl().as_bytes()) {
        Err(no) if no.kind() != std::io::ErrorKind::BrokenPipe => Err(no.into()),
        _ => Ok(()),
    }
}

/// Looks only: makes neither a database nor a key, and migrates nothing.
async fn check(place: &Place) -> Result<ExitCode, Failed> {
    let config = place.config()?;
    let database = connect_as_it_is(&config).await?;
    let snapshot = database.snapshot().await?;
    let today = Clock::system(config.zone).today();
    let findings = crate::check::check_in(snapshot.sql(), snapshot.engine(), today).await?;
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        // A tree that holds together can be looked at; what is remarked breaks nothing.
        for remark in crate::check::remarks_in(snapshot.sql(), snapshot.engine(), today).await? {
            println!("remark: {remark}");
        }
    }
    let outcome = match findings.len() {
        0 => "no findings: the tree, the obligations and the journal hold together".into(),
        1 => "1 finding".into(),
        count => format!("{count} findings"),
    };
    println!("{outcome}");
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

/// The database, which must be there and up to date.
async fn connect_as_it_is(config: &Config) -> Result<Database, Failed> {
    if let Some(file) = Database::file_of(&config.database_url).filter(|file| !file.exists()) {
        return Err(format!("there is no database `{}`: check --database-url", file.display()).into());
    }
    let database = Database::connect(&config.database_url, 1).await?;
    if !database.is_migrated().await? {
        return Err("the schema of the database is not up to date: run `chidao migrate` first".into());
    }
    Ok(database)
}

/// Who works by hand needs no key: nobody logs in.
struct NoKey;

impl TokenSigner for NoKey {
    fn sign(&self, _: PrincipalId, _: SessionId, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<String, String> {
        Err("there is no key to sign with".into())
    }
}

async fn tick(place: &Place) -> Result<(), Failed> {
    let config = place.config()?;
    let database = connect_as_it_is(&config).await?;
    let clock = Clock::system(config.zone);
    let office = Office::new(database, clock, Arc::new(NoKey), Arc::new(command::DaysOwed), config.limits, config.lifetimes);
    let happened = command::tick(&office).await?;
    for some in &happened {
        println!("{some}");
    }
    let outcome = if happened.is_empty() { "nothing was due: " } else { "" };
    println!("{outcome}the calendar is done up to {}", office.clock().today());
    Ok(office.database().clone().close().await?)
}

/// `CHIDAO_LIMIT_…`, one for each row of the table of limits.
fn limits_of_environment() -> Result<Limits, Failed> {
    let mut limits = Limits::default();
    for (name, value) in std::env::vars_os() {
        let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
        if let Some(limit) = name.strip_prefix("CHIDAO_LIMIT_") {
            let value = value.parse().map_err(|_| format!("{name} is `{value}`: give a whole number"))?;
            limits.set(&limit.to_lowercase(), value).map_err(|no| format!("{name}: {no}"))?;
        }
    }
    Ok(limits)
}

async fn serve(args: Serve) -> Result<(), Failed> {
    start_log(match args.log_format {
        LogFormatArg::Text => LogFormat::Text,
        LogFormatArg::Json => LogFormat::Json,
    })?;
    // `CHIDAO_DEMO=false` names the option, and leaves it off.
    if args.today.is_some() && !args.demo {
        return Err("--today lets the day of a demonstration stand still: give --demo (`CHIDAO_DEMO=true`), or leave --today out".into());
    }
    let config = args.place.config()?;
    let listener = TcpListener::bind(args.listen).map_err(|no| format!("cannot listen on {}: {no}", args.listen))?;
    let clock = if args.demo { demonstrate(&config, args.today).await? } else { Clock::system(config.zone) };
    let (office, key) = server::open(&config, clock).await?;
    let started = server::start(office.clone(), key, listener).await?;
    println!("Chidao answers at http://{}/graphql (a page for people: http://{0}/)", started.serving.address());
    started.serving.until_signal().await?;
    office.database().clone().close().await?;
    println!("Chidao has stopped");
    Ok(())
}

/// Fills an empty database with the demonstration and prints its accounts; answers the clock to serve it by.
async fn demonstrate(config: &Config, today: Option<Day>) -> Result<Clock, Failed> {
    let told = Box::pin(demo::tell(config, today)).await?;
    match &told.accounts {
        Some(accounts) => accounts.iter().for_each(|account| println!("{account}")),
        None => println!("the database holds the demonstration already: its accounts are as they were"),
    }
    Ok(told.clock)
}

/// What is logged where `CHIDAO_LOG` does not say otherwise: of migrations one line of our own.
const LOGGED: &str = "info,sqlx=warn,sea_orm_migration=warn";

fn start_log(format: LogFormat) -> Result<(), Failed> {
    let wanted = std::env::var("CHIDAO_LOG").unwrap_or_else(|_| LOGGED.into());
    let filter = tracing_subscriber::EnvFilter::try_new(&wanted)
        .map_err(|no| format!("CHIDAO_LOG is `{wanted}` ({no}): write it like `{LOGGED}`"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

async fn create_admin(args: CreateAdminArgs) -> Result<(), Failed> {
    let password = match std::env::var("CHIDAO_PASSWORD") {
        Ok(password) => password,
        Err(_) => password_of_input()?,
    };
    let config = args.place.config()?;
    let (office, _) = server::open(&config, Clock::system(config.zone)).await?;
    let admin = CreateAdmin { user_name: args.user_name, display_name: args.display_name, password };
    match command::create_admin(&office, admin).await {
        Ok(_) => println!("the user was created; log in with the mutation logIn"),
        Err(stop) => return Err(said(stop)),
    }
    Ok(())
}

fn password_of_input() -> Result<String, Failed> {
    eprintln!("password (ends with a new line):");
    let mut text = String::new();
    std::io::stdin().lock().take(4_096).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// By which argument the value came that is at fault.
fn asked_by(refusal: &Refusal) -> &'static str {
    match refusal.path().first() {
        Some(Step::Field("userName")) => "USER_NAME: ",
        Some(Step::Field("displayName")) => "--display-name: ",
        Some(Step::Field("password")) => "the password (CHIDAO_PASSWORD, or the standard input): ",
        _ => "",
    }
}

/// A stop in words for the terminal.
fn said(stop: Stop) -> Failed {
    match stop {
        Stop::Refused(refusals) => {
            let words: Vec<String> = refusals.iter().map(|no| format!("{}{}", asked_by(no), no.words(Locale::En))).collect();
            words.join("\n").into()
        }
        Stop::Fault(fault) => fault.into(),
        Stop::Replay(_) => "the same call came before".into(),
    }
}
