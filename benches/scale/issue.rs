//! A directive that binds 10,000 units is issued, and then replaced by another that binds them, while a third province works on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::figures::{Figures, median, memory, time};
use crate::merge::{empower, issue};
use crate::program::{Server, import};
use crate::store::Store;
use crate::writer::{OTHER, Write, Writer, longest};
use crate::{Failed, tree};

/// Provinces of the tree; all units of the first two, but these themselves, are bound.
const PROVINCES: u32 = 3;
/// How long the writer is watched before and between.
const CALM: Duration = Duration::from_secs(3);

const DRAFT: &str =
    "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { message path } } }";
const ISSUE: &str =
    "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound released userErrors { message path } } }";

pub(crate) fn name(store: &Store) -> String {
    format!("issue/{}/10000", store.name())
}

pub(crate) async fn measure(store: &Store, figures: &mut Figures) -> Result<(), Failed> {
    let home = store.home()?;
    let table = home.folder.path().join("units.csv");
    tree::write(&table, PROVINCES)?;
    import(&home, &table).await?;
    let server = Server::begin(&home).await?;
    let client = Client::log_in(&server.url).await?;
    empower(&client, "TW").await?;
    let today = text(&client.ask("{ orgUnit(by: { code: \"TW\" }) { asOf } }", json!({})).await?, "/orgUnit/asOf")?;
    let other = tree::province(OTHER);
    let work = issue(&client, &today, (&other, &other), 1).await?.swap_remove(0);
    let first = draft(&client, Vec::new()).await?;
    let second = draft(&client, vec![json!({ "kind": "REPLACES", "to": { "id": first } })]).await?;

    let writer = Writer::begin(client.clone(), work);
    tokio::time::sleep(CALM).await;
    let input = |id: &str, preview: bool| json!({ "input": { "directive": id, "issuedOn": today, "preview": preview } });
    let (mut told, mut spans) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    for (words, id, preview) in [("preview", &first, true), ("issue", &first, false), ("replace", &second, false)] {
        let from = Instant::now();
        let (answer, took) = client.time(ISSUE, input(id, preview)).await?;
        spans.push((words, took, from, Instant::now()));
        told.push(answer["issueDirective"].clone());
        tokio::time::sleep(CALM).await;
    }
    let writes = writer.end().await?;
    let usual = median(writes.iter().filter(|write| write.to < begun).map(Write::seconds).collect());
    let name = name(store);
    println!(
        "{name}: {} units bound, {} obligations released; the server held {}",
        told[1]["bound"],
        told[2]["released"],
        memory(server.peak())
    );
    for (words, took, from, to) in spans {
        let waits = longest(&writes, from, to);
        figures.keep(format!("{name}/{words}"), took);
        let beside = figures.against(took, &format!("{}/{words}", name.replace("postgres", "sqlite")), "SQLite's");
        let beside = if *store == Store::Sqlite { "" } else { &beside };
        println!(
            "    {words} {}; another writer waits at most {}, {:.0} times what it usually takes ({}){beside}",
            time(took),
            time(waits),
            waits / usual,
            time(usual)
        );
    }
    Ok(())
}

/// Drafts a resolution of the centre that asks one thing of all below the first province, and one of all below the second.
async fn draft(client: &Client, relations: Vec<Value>) -> Result<String, Failed> {
    let asked = |province: u32| {
        let scope = json!({ "anchor": { "code": tree::province(province) }, "reach": "DESCENDANTS" });
        json!({ "kind": "IMPLEMENT", "title": format!("Nhiệm vụ {province}"), "dueOn": "2030-12-30", "scope": scope })
    };
    let input = json!({ "issuer": { "code": "TW" }, "kind": "RESOLUTION", "title": "Nghị quyết", "issuingBody": "CONGRESS",
        "relations": relations, "requirements": [asked(1), asked(2)] });
    text(&client.ask(DRAFT, json!({ "input": input })).await?, "/draftDirective/directive/id")
}
