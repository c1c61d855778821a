//! `import units` of the command line: one reorganization that makes the tree of a day equal to a table (O11).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::table::{Faults, Gone, Missing, Table, TableGround, TablePlan, plan_table};

use crate::command::Mode;
use crate::command::reorganize::{Asker, Batch, Reorganized, carry_out, plan_changes};
use crate::office::Office;
use crate::store::{Fault, Stop, units};

/// What `import units` takes.
#[derive(Clone, Debug)]
pub struct ImportUnits {
    /// What the batch is called.
    pub title: String,
    /// The day from which the tree is to be equal to the table.
    pub effective_on: Day,
    /// The table.
    pub table: Table,
    /// What becomes of units that it does not have.
    pub missing: Missing,
    /// What becomes of units that have ended and that it has.
    pub gone: Gone,
    /// Whether it is only looked at.
    pub mode: Mode,
}

/// What `import units` answers.
#[derive(Clone, Debug)]
pub struct UnitsImported {
    /// How many changes the table asked for, by their verbs.
    pub counts: HashMap<&'static str, usize>,
    /// In a preview: the changes.
    pub preview: Option<TablePlan>,
    /// The batch; none: the tree was equal to the table, and nothing was written.
    pub outcome: Option<Reorganized>,
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum ImportStop {
    /// Cells that stand in the way: none is overlooked, and not all are told.
    Bad(Faults),
    /// Only a developer or an operator can mend it.
    Fault(Fault),
}

impl<F: Into<Fault>> From<F> for ImportStop {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

/// Makes the tree equal to a table, or shows what would change; `planned` is told of the number of changes before they are written. There is
/// no limit to them, and no right is asked for: whoever can run it holds the database anyway.
///
/// # Errors
/// Every row that cannot be done; nothing is written then.
pub async fn import_units(office: &Office, input: ImportUnits, planned: impl Fn(usize)) -> Result<UnitsImported, ImportStop> {
    let ImportUnits { title, effective_on, table, missing, gone, mode } = input;
    let tx = office.begin_unattended().await.map_err(|stop| stopped(stop, &TablePlan::default()))?;
    let tree = office.tree_for(&tx, effective_on).await?;
    let taken = units::load_taken(tx.sql(), &table.names(&tree.forest), effective_on).await?;
    let elsewhen = taken.codes.values().filter(|code| tree.forest.ended_by_code(code).is_none());
    let mut later = units::load_beginnings(tx.sql(), elsewhen.cloned().collect()).await?;
    later.retain(|_, since| *since > effective_on);
    let ground = TableGround { day: effective_on, forest: &tree.forest, kinds: &tree.kinds, taken: &taken, later: &later, missing, gone };
    let mut plan = plan_table(ground, &table, || tx.new_id()).map_err(ImportStop::Bad)?;
    drop((table, taken, later, tree));
    planned(plan.changes.len());
    let mut counts = HashMap::new();
    for change in &plan.changes {
        *counts.entry(change.verb()).or_default() += 1;
    }
    if plan.changes.is_empty() {
        return Ok(UnitsImported { counts, preview: None, outcome: None });
    }
    let changes = plan_changes(office, &tx, effective_on, &mut plan.changes).await.map_err(|stop| stopped(stop, &plan))?;
    if mode == Mode::Real {
        // What is planned of very many changes is all that is needed of them.
        plan.changes = Vec::new();
    }
    let batch = Batch { title, legal_basis: None, decisions: Vec::new(), mode };
    let done = carry_out(office, tx, Asker::Unattended, batch, changes).await.map_err(|stop| stopped(stop, &plan))?;
    Ok(UnitsImported { counts, preview: (mode == Mode::Preview).then_some(plan), outcome: Some(done.output) })
}

fn stopped(stop: Stop, plan: &TablePlan) -> ImportStop {
    match stop {
        Stop::Refused(refusals) => ImportStop::Bad(refusals.iter().map(|refusal| plan.locate(refusal)).collect()),
        Stop::Fault(fault) => ImportStop::Fault(fault),
        Stop::Replay(_) => ImportStop::Fault(Fault::Other("the same call came before".into())),
    }
}
