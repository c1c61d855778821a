//! `annulReorganization`: a batch that took effect and was a mistake is taken back, as an event of today (O5).

use chidao_domain::journal::Action as Done;
use chidao_domain::refusal::{EndingRefusal, Refusal};
use chidao_domain::reorganization::{self, Ending, Ground, Judgement, Named, Taken, changes_back, give_external_ids_back};
use chidao_domain::succession::Shift;

use crate::command::cancel_reorganization::{TakeBack, taken_back};
use crate::command::consequences::{Acting, give_back};
use crate::command::course_at_hand::{course_from, run, run_from};
use crate::command::reorganization_entries::record_entries;
use crate::command::reorganize::{forbidden, record_of};
use crate::command::{Mode, obligations_at_hand};
use crate::live::Tree;
use crate::office::{Caller, Office};
use crate::store::reorganizations::{self, Known, Reorganization, Status};
use crate::store::tx::stop_if_any;
use crate::store::{Answer, Stop, Tx, units};

/// What the record of an annulment is called: the title of what it takes back, with this before it.
const TITLE: &str = "Thu hồi: ";

/// Takes back a batch: from today on the tree is what the other batches make of it; the days before stay as they were.
///
/// # Errors
/// A refusal where it did not take effect or was taken back before, where a later batch builds on it, or where the caller may not; nothing
/// is written then.
pub async fn annul_reorganization(office: &Office, caller: &Caller, input: TakeBack) -> Answer<Reorganization> {
    let (mut tx, grants) = office.begin(caller).await?;
    let because = obligations_at_hand::read_reason(&input.reason)?;
    let at = |no: Refusal| no.beyond(usize::MAX).within("reorganization");
    let mut mistake = reorganizations::find(tx.sql(), input.reorganization).await.map_err(|stop| stop.within("reorganization"))?;
    if mistake.annuls.is_some() {
        return Err(at(EndingRefusal::TakesBack { title: mistake.title }.into()).into());
    }
    if mistake.status != Status::Enacted {
        let refusal = EndingRefusal::NotEnacted { title: mistake.title };
        return Err(at(refusal.into()).into());
    }
    let today = office.tree_for(&tx, tx.today()).await?;
    let without = tree_without(office, &tx, &mistake).await?;
    let mut changes = changes_back(&today.forest, &without);
    let given = reorganizations::external_ids_without(tx.sql(), mistake.id(), |at| office.clock().day_of(at)).await?;
    let held = units::load_external_ids(tx.sql(), &given.keys().copied().collect::<Vec<_>>()).await?;
    give_external_ids_back(&mut changes, (&today.forest, &held), (&without, &given));
    let judgement = Judgement::TakenBack;
    let Taken { external_ids, .. } = units::load_taken(tx.sql(), &Named::of(&today.forest, &changes), tx.today()).await?;
    let taken = Taken { external_ids, ..Taken::default() };
    let ground = Ground { day: tx.today(), forest: &today.forest, kinds: &today.kinds, taken: &taken, judgement };
    let plan = if changes.is_empty() {
        reorganization::Plan { day: tx.today(), touched: Vec::new(), changes: Vec::new(), endings: Vec::new() }
    } else {
        reorganization::plan(ground, &changes).map_err(|no| no.into_iter().map(at).collect::<Vec<_>>())?
    };
    stop_if_any(forbidden(&grants, tx.forest(), &today.forest, &plan).into_iter().map(at).collect())?;
    let title = format!("{TITLE}{}", mistake.title);
    let annulment = Reorganization { annuls: Some(mistake.id), ..record_of(&tx, title, Mode::Real, &plan) };
    let (stages, with) = run_from(&tx, &today, &annulment, plan).await.map_err(|stop| stop.moved_to("reorganization"))?;
    reorganizations::save_reorganization(&tx, &annulment, &[], &stages).await?;
    reorganizations::save_status(&tx, mistake.id(), Status::Annulled, Some(&because)).await?;
    tx.change_structure();
    if let Some(own) = stages.first() {
        tx.record(taken_back(Done::ReorganizationAnnulled, &mistake, own, &because));
    }
    record_entries(&mut tx, &annulment, &stages, &today.forest).await?;
    if let Some(own) = stages.first() {
        // What ends again as it had ended counts with its heirs, and leaves them nothing.
        let endings: Vec<Ending> = own.plan.endings.iter().map(|ending| Ending { heirs: Vec::new(), ..ending.clone() }).collect();
        let shift = Shift { day: tx.today(), without: &today.forest, with: &with, endings: &endings };
        let acting = Acting { batch: annulment.id(), shift, decisions: &[], judgement, besides: &[], only: None };
        give_back(&mut tx, mistake.id(), acting, &because).await.map_err(|stop| stop.moved_to("reorganization"))?;
    }
    (mistake.status, mistake.taken_back_because) = (Status::Annulled, Some(because));
    tx.commit(mistake).await
}

/// Today's tree as it would be without the batch; every later batch, planned ones too, must hold without it.
async fn tree_without(office: &Office, tx: &Tx, mistake: &Reorganization) -> Result<chidao_domain::forest::Forest, Stop> {
    let before: Tree = office.tree_before(tx, mistake.effective_on).await?;
    let since = reorganizations::load_since(tx.sql(), mistake.effective_on).await?;
    let (past, planned): (Vec<Known>, Vec<Known>) =
        since.into_iter().filter(|known| known.id != mistake.id()).partition(|known| known.day <= tx.today());
    let course = course_from(tx, ((*before.forest).clone(), tx.today()), &before.kinds, &past).await?;
    let (_, without) = run(tx, course, &past, "reorganization").await?;
    let course = course_from(tx, (without.clone(), tx.today()), &before.kinds, &planned).await?;
    run(tx, course, &planned, "reorganization").await?;
    Ok(without)
}
