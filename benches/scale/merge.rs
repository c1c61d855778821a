//! Two provinces of 5,001 units with 100,000 open obligations become one, looked at first and then done, while a third one works on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::figures::{Figures, median, memory, time, told};
use crate::program::{Server, import};
use crate::store::Store;
use crate::writer::{OTHER, Write, Writer, longest};
use crate::{Failed, tree};

/// What becomes of what stands below the two provinces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Below {
    /// It moves as it is.
    Moves,
    /// Every bloc and committee merges with its counterpart; the cells move.
    Merges,
}

/// A merge, in a tree of some provinces.
pub(crate) struct Case {
    name: &'static str,
    below: Below,
    provinces: u32,
}

pub(crate) const CASES: [Case; 3] = [
    Case { name: "provinces", below: Below::Moves, provinces: 3 },
    Case { name: "committees", below: Below::Merges, provinces: 3 },
    Case { name: "provinces", below: Below::Moves, provinces: 60 },
];

/// The province that stays.
const INTO: u32 = 1;
/// The one that merges into it.
const GONE: u32 = 2;
/// What each of the two asks of all below it, and what the centre does: ten obligations a unit.
const OWN: usize = 6;
const CENTRAL: usize = 4;
/// How long the writer is watched before and after.
const CALM: Duration = Duration::from_secs(3);

pub(crate) fn name(store: &Store, case: &Case) -> String {
    format!("merge/{}/{}/{}", case.name, store.name(), tree::units(case.provinces))
}

pub(crate) async fn measure(store: &Store, case: &Case, figures: &mut Figures) -> Result<(), Failed> {
    let home = store.home()?;
    let table = home.folder.path().join("units.csv");
    tree::write(&table, case.provinces)?;
    import(&home, &table).await?;
    let server = Server::begin(&home).await?;
    let client = Client::log_in(&server.url).await?;
    empower(&client, "TW").await?;
    let today = text(&client.ask("{ orgUnit(by: { code: \"TW\" }) { asOf } }", json!({})).await?, "/orgUnit/asOf")?;
    for province in [INTO, GONE].map(tree::province) {
        issue(&client, &today, (&province, &province), OWN).await?;
        issue(&client, &today, ("TW", &province), CENTRAL).await?;
    }
    let other = tree::province(OTHER);
    let work = issue(&client, &today, (&other, &other), 1).await?.swap_remove(0);

    let writer = Writer::begin(client.clone(), work);
    tokio::time::sleep(CALM).await;
    let before = Instant::now();
    let (_, preview) = client.time(REORGANIZE, input(case, &today, true)).await?;
    tokio::time::sleep(CALM).await;
    let (between, idle) = (Instant::now(), server.computed());
    let (done, real) = client.time(REORGANIZE, input(case, &today, false)).await?;
    let (after, busy) = (Instant::now(), server.computed());
    tokio::time::sleep(CALM).await;
    let writes = writer.end().await?;

    let usual = median(writes.iter().filter(|write| write.to < before).map(Write::seconds).collect());
    let waits = |from, to| longest(&writes, from, to);
    let next = writes.iter().filter(|write| write.from >= after).map(Write::seconds).next().unwrap_or(f64::NAN);
    let name = name(store, case);
    figures.keep(&*name, real);
    let sqlite = figures.against(real, &name.replace("postgres", "sqlite"), "SQLite's");
    let effects = &done["reorganize"]["reorganization"]["effects"];
    let computed = told(busy.zip(idle).map(|(busy, idle)| busy - idle));
    let other = if *store == Store::Sqlite { "" } else { &sqlite };
    println!("{name}: preview {}, real {} (the server computed {computed}){other}", time(preview), time(real));
    println!(
        "    {} units touched; obligations: {} transferred, {} released, {} created",
        effects["unitsTouched"], effects["obligationsTransferred"], effects["obligationsReleased"], effects["obligationsCreated"]
    );
    println!(
        "    another writer: usually {}; at most {} during the preview, {} during the merge ({:.0} times), {} right after it; the server held {}",
        time(usual),
        time(waits(before, between)),
        time(waits(between, after)),
        waits(between, after) / usual,
        time(next),
        memory(server.peak()),
    );
    let refused: usize = writes.iter().map(|write| write.refused).sum();
    if refused > 0 {
        println!("    and it was turned away {refused} times, and asked again");
    }
    Ok(())
}

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { status effects { unitsTouched
    obligationsTransferred obligationsReleased obligationsCreated } } userErrors { message path } } }";

fn input(case: &Case, today: &str, preview: bool) -> Value {
    let mut pairs = vec![(tree::province(GONE), tree::province(INTO))];
    if case.below == Below::Merges {
        for bloc in 1..=tree::BLOCS {
            pairs.push((tree::bloc(GONE, bloc), tree::bloc(INTO, bloc)));
            pairs.extend((1..=tree::COMMITTEES).map(|number| (tree::committee(GONE, bloc, number), tree::committee(INTO, bloc, number))));
        }
    }
    let merge = |(gone, into): (String, String)| json!({ "merge": { "units": [{ "code": gone }], "into": { "code": into } } });
    let changes: Vec<Value> = pairs.into_iter().map(merge).collect();
    json!({ "input": { "title": "Hợp nhất hai tỉnh", "effectiveOn": today, "changes": changes, "preview": preview } })
}

/// Gives the operator what it takes to issue and to report, over a unit.
pub(crate) async fn empower(client: &Client, unit: &str) -> Result<(), Failed> {
    let me = client.ask("{ viewer { principal { id } } }", json!({})).await?;
    let me = text(&me, "/viewer/principal/id")?;
    let grant = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { message } } }";
    for role in ["DRAFTER", "REPORTER"] {
        client.ask(grant, json!({ "input": { "principal": me, "role": role, "unit": { "code": unit } } })).await?;
    }
    Ok(())
}

/// Issues a resolution that binds everybody below a unit, `count` times over; answers its requirements.
pub(crate) async fn issue(client: &Client, today: &str, (issuer, below): (&str, &str), count: usize) -> Result<Vec<String>, Failed> {
    let asked = |number: usize| {
        let scope = json!({ "anchor": { "code": below }, "reach": "DESCENDANTS" });
        json!({ "kind": "IMPLEMENT", "title": format!("Nhiệm vụ {number}"), "dueOn": "2030-12-30", "scope": scope })
    };
    let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input)
        { directive { id requirements { id } } userErrors { message path } } }";
    let asked: Vec<Value> = (1..=count).map(asked).collect();
    let input = json!({ "issuer": { "code": issuer }, "kind": "RESOLUTION", "title": format!("Nghị quyết về {below}"),
        "issuingBody": "CONGRESS", "requirements": asked });
    let drafted = client.ask(draft, json!({ "input": input })).await?;
    let id = text(&drafted, "/draftDirective/directive/id")?;
    let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message path } } }";
    client.ask(issue, json!({ "input": { "directive": id, "issuedOn": today } })).await?;
    (0..count).map(|at| text(&drafted, &format!("/draftDirective/directive/requirements/{at}/id"))).collect()
}
