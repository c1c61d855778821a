//! How the program bears the country: a table of units imported, two provinces merged, another day read. Run by hand, since it takes
//! minutes and says nothing of whether the program is right; `docs/performance.md` states its figures.
//!
//! It runs the real program, as a process of its own, so that its memory is measured and nobody else's.

#[path = "scale/as_of.rs"]
mod as_of;
#[path = "scale/client.rs"]
mod client;
#[path = "scale/figures.rs"]
mod figures;
#[path = "scale/import.rs"]
mod import;
#[path = "scale/issue.rs"]
mod issue;
#[path = "scale/merge.rs"]
mod merge;
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "of the tests' harness, only what starts a throwaway server is needed"
)]
#[path = "../tests/it/harness/postgres.rs"]
mod postgres;
#[path = "scale/program.rs"]
mod program;
#[path = "scale/store.rs"]
mod store;
#[path = "scale/timeline.rs"]
mod timeline;
#[path = "scale/tree.rs"]
mod tree;
#[path = "scale/writer.rs"]
mod writer;

use figures::Figures;
use store::Store;

/// Why a bench ends early: a text for who runs it.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Provinces of the two trees that everything is measured on: 5,001 and 300,061 units.
const SIZES: [u32; 2] = [1, 60];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failed> {
    // Cargo says `--bench`, and hands on what stands after `--`.
    let filters: Vec<String> = std::env::args().skip(1).filter(|given| !given.starts_with('-')).collect();
    let asked = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()));
    let mut figures = Figures::default();
    for store in Store::all()? {
        for provinces in SIZES.into_iter().filter(|provinces| asked(&import::name(&store, *provinces))) {
            import::measure(&store, provinces, &mut figures).await?;
        }
    }
    for store in Store::all()? {
        for case in merge::CASES.iter().filter(|case| asked(&merge::name(&store, case))) {
            merge::measure(&store, case, &mut figures).await?;
        }
    }
    for store in Store::all()? {
        for provinces in SIZES.into_iter().filter(|provinces| asked(&as_of::name(&store, *provinces))) {
            as_of::measure(&store, provinces, &mut figures).await?;
        }
    }
    for store in Store::all()?.into_iter().filter(|store| asked(&issue::name(store))) {
        issue::measure(&store, &mut figures).await?;
    }
    for store in Store::all()?.into_iter().filter(|store| asked(&timeline::name(store))) {
        timeline::measure(&store, &mut figures).await?;
    }
    Ok(())
}
