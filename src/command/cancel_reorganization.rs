//! `cancelReorganization`: a batch that is planned is given up before its day (O5).

use chidao_domain::day::{Day, day_before};
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::{EndingRefusal, Refusal};
use chidao_domain::reorganization::Stage;

use crate::command::course_at_hand::{course_from, run};
use crate::command::obligations_at_hand::read_reason;
use crate::command::reorganize::forbidden;
use crate::live::Tree;
use crate::office::{Caller, Office};
use crate::store::reorganizations::{self, Known, Removed, Reorganization, Status};
use crate::store::tx::stop_if_any;
use crate::store::{Answer, Stop, Tx};

/// What `cancelReorganization` and `annulReorganization` take.
#[derive(Clone, Debug)]
pub struct TakeBack {
    /// Which one.
    pub reorganization: ReorganizationId,
    /// Why.
    pub reason: String,
}

/// Gives up a planned batch: the tree of its day and of later days is what the other batches make of it.
///
/// # Errors
/// A refusal where it is not planned any more, where a later batch builds on it, or where the caller may not; nothing is written then.
pub async fn cancel_reorganization(office: &Office, caller: &Caller, input: TakeBack) -> Answer<Reorganization> {
    let (mut tx, grants) = office.begin(caller).await?;
    let because = read_reason(&input.reason)?;
    let at = |no: Refusal| no.beyond(usize::MAX).within("reorganization");
    let mut record = reorganizations::find(tx.sql(), input.reorganization).await.map_err(|stop| stop.within("reorganization"))?;
    if record.status != Status::Planned {
        let refusal = EndingRefusal::NotPlanned { title: record.title, on: record.effective_on };
        return Err(at(refusal.into()).into());
    }
    let since = reorganizations::load_since(tx.sql(), record.effective_on).await?;
    let before = office.tree_before(&tx, record.effective_on).await?;
    let own = as_it_stands(&tx, (&before, day_before(record.effective_on)), &since, record.id()).await?;
    stop_if_any(forbidden(&grants, tx.forest(), &before.forest, &own.plan).into_iter().map(at).collect())?;
    let others: Vec<Known> = since.into_iter().filter(|known| known.id != record.id()).collect();
    let course = course_from(&tx, ((*before.forest).clone(), day_before(record.effective_on)), &before.kinds, &others).await?;
    let (stages, _) = run(&tx, course, &others, "reorganization").await?;
    let units = own.plan.touched.iter().map(|touched| touched.unit).collect();
    reorganizations::save_without(&tx, &Removed { day: own.plan.day, units }, &stages).await?;
    reorganizations::save_status(&tx, record.id(), Status::Cancelled, Some(&because)).await?;
    tx.change_structure();
    tx.record(taken_back(Done::ReorganizationCancelled, &record, &own, &because));
    (record.status, record.taken_back_because) = (Status::Cancelled, Some(because));
    tx.commit(record).await
}

/// What a batch of the course does, on what those before it leave.
async fn as_it_stands(tx: &Tx, (before, day): (&Tree, Day), since: &[Known], id: ReorganizationId) -> Result<Stage, Stop> {
    let upto = since.iter().position(|known| known.id == id).map_or(since.len(), |at| at + 1);
    let course = course_from(tx, ((*before.forest).clone(), day), &before.kinds, &since[..upto]).await?;
    let (mut stages, _) = run(tx, course, &since[..upto], "reorganization").await?;
    stages.pop().ok_or_else(|| crate::store::Fault::Corrupt { table: "reorganization", wanted: "batch", value: id.to_string() }.into())
}

/// What the journal says of a batch that is taken back, to it and to the units that it touched.
pub(super) fn taken_back(done: Done, record: &Reorganization, own: &Stage, because: &str) -> Entry {
    let touched: Vec<UnitId> = own.plan.touched.iter().map(|touched| touched.unit).collect();
    let entry = Entry::new(done, Subject::Reorganization(record.id())).touching(touched);
    entry.change("title", Some(record.title.clone()), None).because(Some(because.to_owned()))
}
