//! `chidao import units` of a province and of the country into an empty database, and again, when nothing changes.

use crate::Failed;
use crate::figures::{Figures, memory, time, told};
use crate::program::{Took, import};
use crate::store::Store;
use crate::{SIZES, tree};

pub(crate) fn name(store: &Store, provinces: u32) -> String {
    format!("import/{}/{}", store.name(), tree::units(provinces))
}

pub(crate) async fn measure(store: &Store, provinces: u32, figures: &mut Figures) -> Result<(), Failed> {
    let home = store.home()?;
    let table = home.folder.path().join("units.csv");
    tree::write(&table, provinces)?;
    let first = import(&home, &table).await?;
    let again = import(&home, &table).await?;
    let (name, units) = (name(store, provinces), f64::from(tree::units(provinces)));
    for (what, Took { seconds, computed, peak }) in [("", first), (" again", again)] {
        let each = seconds / units;
        figures.keep(format!("{name}{what}"), each);
        let small = format!("import/{}/{}{what}", store.name(), tree::units(SIZES[0]));
        let per_unit = if provinces == SIZES[0] { String::new() } else { figures.against(each, &small, "that of a province") };
        let sqlite = format!("import/sqlite/{units}{what}");
        let other = if *store == Store::Sqlite { String::new() } else { figures.against(each, &sqlite, "SQLite's") };
        let computed = told(computed);
        println!("{name}{what}: {} (computed {computed}), {}; {} a unit{per_unit}{other}", time(seconds), memory(peak), time(each));
    }
    Ok(())
}
