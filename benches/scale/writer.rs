//! Somebody who goes on writing while something large is written, and how long that takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde_json::json;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::{Failed, tree};

/// The province in which the writer works.
pub(crate) const OTHER: u32 = 3;

/// A write from its request to its answer, and how often it was turned away before.
pub(crate) struct Write {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    pub(crate) refused: usize,
}

impl Write {
    pub(crate) fn seconds(&self) -> f64 {
        (self.to - self.from).as_secs_f64()
    }
}

/// The longest of the writes that were on their way at some time between two instants, in seconds.
pub(crate) fn longest(writes: &[Write], from: Instant, to: Instant) -> f64 {
    writes.iter().filter(|write| write.to > from && write.from < to).map(Write::seconds).fold(0.0, f64::max)
}

/// Somebody in the third province, who acknowledges one obligation after the other.
pub(crate) struct Writer {
    ends: Arc<AtomicBool>,
    work: JoinHandle<Result<Vec<Write>, Failed>>,
}

impl Writer {
    pub(crate) fn begin(client: Client, requirement: String) -> Self {
        let ends = Arc::new(AtomicBool::new(false));
        let work = tokio::spawn(write_on(client, requirement, ends.clone()));
        Self { ends, work }
    }

    pub(crate) async fn end(self) -> Result<Vec<Write>, Failed> {
        self.ends.store(true, Ordering::Relaxed);
        self.work.await?
    }
}

async fn write_on(client: Client, requirement: String, ends: Arc<AtomicBool>) -> Result<Vec<Write>, Failed> {
    let query = "mutation($input: AcknowledgeObligationsInput!) { acknowledgeObligations(input: $input) { obligations { state }
        userErrors { message } } }";
    let mut writes = Vec::new();
    let units = (1..=tree::BLOCS).flat_map(|bloc| (1..=tree::COMMITTEES).map(move |number| tree::committee(OTHER, bloc, number)));
    let cells = units.flat_map(|committee| (1..=tree::CELLS).map(move |cell| tree::cell(&committee, cell)));
    for unit in cells.take_while(|_| !ends.load(Ordering::Relaxed)) {
        let obligation = json!({ "of": { "requirement": requirement, "unit": { "code": unit } } });
        let (from, mut refused) = (Instant::now(), 0);
        while let Err(no) = client.ask(query, json!({ "input": { "obligations": [obligation] } })).await {
            refused += 1;
            if refused > 50 {
                return Err(no);
            }
        }
        writes.push(Write { from, to: Instant::now(), refused });
    }
    Ok(writes)
}
