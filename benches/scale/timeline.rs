//! A year by day over a province that works through four requirements, as a ratio to one completion of the same set in the same run.
//!
//! Only here the program runs in this process, since a year must pass: a fixed clock is moved on from month to month.

use chidao::clock::Clock;
use chidao::command::{CreateAdmin, create_admin};
use chidao::config::Config;
use serde_json::{Value, json};

use crate::client::Client;
use crate::figures::{Figures, median, time};
use crate::merge::{empower, issue};
use crate::program::{PASSWORD, import};
use crate::store::Store;
use crate::{Failed, tree};

const REQUIREMENTS: usize = 4;
const TOP: &str = "T01";
/// How often each question is asked.
const TIMES: usize = 15;

pub(crate) fn name(store: &Store) -> String {
    format!("timeline/{}/{}", store.name(), tree::units(1))
}

pub(crate) async fn measure(store: &Store, figures: &mut Figures) -> Result<(), Failed> {
    let home = store.home()?;
    let table = home.folder.path().join("units.csv");
    tree::write(&table, 1)?;
    import(&home, &table).await?;
    let mut config = Config { database_url: home.url.clone(), key_file: home.folder.path().join("chidao.key"), ..Config::default() };
    config.limits.answer_seconds = 600;
    let clock = Clock::fixed_at(config.zone, "2020-12-31".parse()?);
    let (office, key) = chidao::server::open(&config, clock.clone()).await.map_err(|error| error.to_string())?;
    let admin = CreateAdmin { user_name: "admin".into(), display_name: "Quản trị".into(), password: PASSWORD.into() };
    create_admin(&office, admin).await.map_err(|stop| format!("{stop:?}"))?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let started = chidao::server::start(office, key, listener).await?;
    let url = format!("http://{}/graphql", started.serving.address());
    let client = Client::log_in(&url).await?;
    empower(&client, TOP).await?;
    let requirements = issue(&client, "2020-12-31", (TOP, TOP), REQUIREMENTS).await?;
    let cells = (1..=tree::BLOCS).flat_map(|bloc| (1..=tree::COMMITTEES).map(move |number| tree::committee(1, bloc, number)));
    let cells: Vec<String> = cells.flat_map(|committee| (1..=tree::CELLS).map(move |cell| tree::cell(&committee, cell))).collect();
    for (month, cells) in (1..=12).zip(cells.chunks(cells.len() / 12 + 1)) {
        clock.set_today(format!("2021-{month:02}-15").parse()?).map_err(|error| error.to_string())?;
        let client = Client::log_in(&url).await?;
        for requirement in &requirements {
            for cells in cells.chunks(100) {
                acknowledge(&client, requirement, cells).await?;
            }
        }
    }
    clock.set_today("2021-12-31".parse()?).map_err(|error| error.to_string())?;
    let client = Client::log_in(&url).await?;
    let counts = "counted onTime late overdue";
    let one = ask(&client, counts, "NOW").await?;
    let points = |step: &str| format!("timeline(from: \"2021-01-01\", to: \"2021-12-31\", step: {step}) {{ on bound fulfilled overdue }}");
    let name = name(store);
    println!("{name}: one completion {}", time(one));
    for (words, fields, structure) in [
        ("a year by day", points("DAY"), "NOW"),
        ("by month", points("MONTH"), "NOW"),
        ("by day, on the trees of its days", points("DAY"), "THEN"),
    ] {
        let took = ask(&client, &fields, structure).await?;
        println!("    {words} {}, {:.1} times that", time(took), took / one);
    }
    figures.keep(&*name, one);
    started.serving.stop().await?;
    Ok(())
}

/// Takes notice for some units: a step that opens another interval.
async fn acknowledge(client: &Client, requirement: &str, units: &[String]) -> Result<(), Failed> {
    let query = "mutation($input: AcknowledgeObligationsInput!) { acknowledgeObligations(input: $input) { userErrors { message } } }";
    let of = |unit: &String| json!({ "of": { "requirement": requirement, "unit": { "code": unit } } });
    let obligations: Vec<Value> = units.iter().map(of).collect();
    client.ask(query, json!({ "input": { "obligations": obligations } })).await?;
    Ok(())
}

/// How many seconds it takes to tell these fields of the province's completion: the median.
async fn ask(client: &Client, fields: &str, structure: &str) -> Result<f64, Failed> {
    let query = format!("{{ completion(unit: {{ code: \"{TOP}\" }}, structure: {structure}) {{ {fields} }} }}");
    let mut took = Vec::new();
    for _ in 0..TIMES {
        took.push(client.time(&query, json!({})).await?.1);
    }
    Ok(median(took))
}
