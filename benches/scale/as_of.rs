//! The first read that names another day, which builds that day's tree, and the next one, which finds it.

use serde_json::json;

use crate::client::Client;
use crate::figures::{Figures, median, memory, time};
use crate::program::{Server, import};
use crate::store::Store;
use crate::{Failed, SIZES, tree};

/// Days that are read; fewer than trees are kept.
const DAYS: u32 = 5;

pub(crate) fn name(store: &Store, provinces: u32) -> String {
    format!("as_of/{}/{}", store.name(), tree::units(provinces))
}

pub(crate) async fn measure(store: &Store, provinces: u32, figures: &mut Figures) -> Result<(), Failed> {
    let home = store.home()?;
    let table = home.folder.path().join("units.csv");
    tree::write(&table, provinces)?;
    import(&home, &table).await?;
    let server = Server::begin(&home).await?;
    let client = Client::log_in(&server.url).await?;
    let query = "query($day: Date) { orgUnit(by: { code: \"T01\" }, asOf: $day) { name descendantCount } }";
    client.ask(query, json!({ "day": null })).await?;
    let (mut firsts, mut nexts) = (Vec::new(), Vec::new());
    for day in 1..=DAYS {
        let day = json!({ "day": format!("2021-05-{day:02}") });
        firsts.push(client.time(query, day.clone()).await?.1);
        for _ in 0..10 {
            nexts.push(client.time(query, day.clone()).await?.1);
        }
    }
    let (first, next, units) = (median(firsts), median(nexts), f64::from(tree::units(provinces)));
    let name = name(store, provinces);
    figures.keep(&*name, first / units);
    let small = format!("as_of/{}/{}", store.name(), tree::units(SIZES[0]));
    let per_unit = if provinces == SIZES[0] { String::new() } else { figures.against(first / units, &small, "that of a province") };
    println!(
        "{name}: first {}, {} a unit{per_unit}; next {}, a {:.0}th; the server held {} with {} trees",
        time(first),
        time(first / units),
        time(next),
        first / next,
        memory(server.peak()),
        DAYS + 1,
    );
    Ok(())
}
