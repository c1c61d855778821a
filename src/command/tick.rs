//! `tick`: what the calendar owes is done, day by day and each thing once; nobody is its actor (S6, T1, J2).

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use chidao_domain::day::{Day, day_before};
use chidao_domain::directive::Period;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::{Locale, Refusal};
use chidao_domain::reorganization::{self, Change, Course, CourseError, Ground, Judgement, Named, Plan, Stage, Taken};
use chidao_domain::succession::Shift;

use crate::command::consequences::{Acting, act};
use crate::command::course_at_hand::{called, course_from, run};
use crate::command::open_periods::{Opened, open_begun};
use crate::command::reorganization_entries::record_enacted;
use crate::live::Tree;
use crate::office::{Calendar, CarriedOn, Office};
use crate::store::calendar::Due;
use crate::store::directives::load_directive;
use crate::store::periods::DuePeriods;
use crate::store::reorganizations::{self, Known, Removed, Status};
use crate::store::{Fault, Stop, Tx, units};

/// Something that was due, and was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What the planned batch is called, or the directive that opened a period.
    pub title: String,
    /// Its day.
    pub on: Day,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of what was due on its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The batch took effect.
    Enacted,
    /// The batch did not hold any more, or built on one that did not: it was cancelled.
    Cancelled {
        /// Why, in Vietnamese, as the record keeps it.
        because: String,
    },
    /// A period of the directive opened (B7).
    Opened {
        /// The requirement's number in the directive, from 1.
        requirement: u32,
        /// The period.
        period: Period,
        /// How many units it binds.
        bound: usize,
    },
}

impl fmt::Display for Happened {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, on, outcome } = self;
        match outcome {
            Outcome::Enacted => write!(out, "{on}: the reorganization `{title}` took effect"),
            Outcome::Cancelled { because } => write!(out, "{on}: the reorganization `{title}` was cancelled: {because}"),
            Outcome::Opened { requirement, period, bound } => {
                write!(out, "{on}: period {period} of requirement {requirement} of `{title}` opened for {bound} units")
            }
        }
    }
}

/// The calendar that an office is handed: [`tick`].
#[derive(Clone, Copy, Debug)]
pub struct DaysOwed;

impl Calendar for DaysOwed {
    fn carry_on<'a>(&'a self, office: &'a Office) -> CarriedOn<'a> {
        Box::pin(async move { tick(office).await.map(|_| ()) })
    }
}

/// Does what is due up to today, in the order of days and of record, each in a transaction of its own and as of its own day. Done twice,
/// or by two servers at once, it does nothing more.
///
/// # Errors
/// A fault of the database: what was done before it stays, and the next tick goes on from there.
pub async fn tick(office: &Office) -> Result<Vec<Happened>, Fault> {
    let mut happened = Vec::new();
    while let Some((tx, due)) = office.begin_due().await? {
        let some = match due {
            Due::Batch(batch) => Box::pin(take_effect(office, tx, *batch)).await?,
            Due::Periods(due) => Box::pin(open(tx, due)).await.map_err(only_fault)?,
        };
        some.iter().for_each(|some| tracing::info!("{some}"));
        happened.extend(some);
    }
    Ok(happened)
}

/// Opens the periods of a directive that begin on a day.
async fn open(mut tx: Tx, due: DuePeriods) -> Result<Vec<Happened>, Stop> {
    let missing = || Fault::Corrupt { table: "directive", wanted: "row", value: due.directive.to_string() };
    let directive = load_directive(tx.sql(), due.directive).await?.ok_or_else(missing)?;
    let opened = open_begun(&mut tx, &directive, None).await?;
    tx.commit(()).await?;
    let happened = opened.into_iter().map(|Opened { period, ordinal, bound }| Happened {
        title: directive.called(),
        on: due.day,
        outcome: Outcome::Opened { requirement: ordinal, period, bound },
    });
    Ok(happened.collect())
}

/// Carries out a planned batch, or gives it up where it does not hold any more.
async fn take_effect(office: &Office, tx: Tx, due: Known) -> Result<Vec<Happened>, Fault> {
    match Box::pin(enact(office, tx, &due)).await {
        Ok(()) => Ok(vec![Happened { title: due.title, on: due.day, outcome: Outcome::Enacted }]),
        Err(Stop::Refused(why)) => Box::pin(give_up(office, &due, &why)).await.map_err(only_fault),
        Err(stop) => Err(only_fault(stop)),
    }
}

/// Carries out a planned batch on the tree as it stands.
///
/// # Errors
/// A refusal where it does not hold any more; nothing is written then.
async fn enact(office: &Office, mut tx: Tx, due: &Known) -> Result<(), Stop> {
    let without = tree_without(office, &tx, due).await?;
    let plan = plan_again(&tx, &without, due).await?;
    let mut record = reorganizations::find(tx.sql(), due.id).await?;
    record.status = Status::Enacted;
    record.units_touched = plan.touched.len();
    record.changes = plan.changes.iter().map(|change| (&change.effect).into()).collect();
    reorganizations::save_enacted(&tx, &record, &plan).await?;
    tx.change_structure();
    let with =
        Tree { forest: Arc::new(plan.forest_after(&without.forest, &without.kinds).map_err(Fault::from)?), kinds: without.kinds.clone() };
    let own = Stage { id: due.id, plan };
    record_enacted(&mut tx, &record, &own, &without.forest).await?;
    let shift = Shift { day: due.day, without: &without.forest, with: &with.forest, endings: &own.plan.endings };
    let acting = Acting { batch: due.id, shift, decisions: &due.decisions, judgement: Judgement::Planned, besides: &[], only: None };
    act(&mut tx, acting).await?;
    tx.commit(()).await?;
    Ok(())
}

/// The tree of the batch's day as the batches before it leave it.
async fn tree_without(office: &Office, tx: &Tx, due: &Known) -> Result<Tree, Stop> {
    let before = office.tree_before(tx, due.day).await?;
    let since = reorganizations::load_since(tx.sql(), due.day).await?;
    let earlier: Vec<Known> = since.into_iter().take_while(|known| known.id != due.id).collect();
    let course = course_from(tx, ((*before.forest).clone(), day_before(due.day)), &before.kinds, &earlier).await?;
    let (_, forest) = run(tx, course, &earlier, "reorganization").await.map_err(|_| broken_course(due))?;
    Ok(Tree { forest: Arc::new(forest), kinds: before.kinds })
}

async fn plan_again(tx: &Tx, without: &Tree, due: &Known) -> Result<Plan, Stop> {
    let changes = due.asked.as_deref().ok_or_else(|| broken_course(due))?;
    // Its own new units have taken their codes already.
    let Taken { external_ids, .. } = units::load_taken(tx.sql(), &Named::of(&without.forest, changes), day_before(due.day)).await?;
    let taken = Taken { external_ids, ..Taken::default() };
    let ground = Ground { day: due.day, forest: &without.forest, kinds: &without.kinds, taken: &taken, judgement: Judgement::Planned };
    Ok(reorganization::plan(ground, changes)?)
}

/// Cancels a batch that does not hold any more, and every planned one that builds on it: the tree of later days is what the others leave.
///
/// # Errors
/// A fault of the database.
async fn give_up(office: &Office, failed: &Known, why: &[Refusal]) -> Result<Vec<Happened>, Stop> {
    let Some((mut tx, Due::Batch(due))) = office.begin_due().await? else { return Ok(Vec::new()) };
    let due = *due;
    if due.id != failed.id {
        return Ok(Vec::new());
    }
    let since = reorganizations::load_since(tx.sql(), due.day).await?;
    let before = office.tree_before(&tx, due.day).await?;
    let before = (&before, day_before(due.day));
    let (course, fallen) = course_without(&tx, before, &since, &due).await?;
    let mut given_up = vec![(&due, said(&called(&tx, why).await?))];
    let alone = if fallen.is_empty() { HashSet::new() } else { failing_with(&tx, before, &since, &due).await? };
    for (known, why) in fallen {
        let why = said(&called(&tx, &why).await?);
        let builds_on = format!("đợt này dựa trên đợt `{}`, nay đã bị hủy: {why}", due.title);
        given_up.push((known, if alone.contains(&known.id) { why } else { builds_on }));
    }
    let ids: Vec<ReorganizationId> = given_up.iter().map(|(known, _)| known.id).collect();
    let touched = reorganizations::load_units_of(tx.sql(), &ids).await?;
    let mut units: Vec<UnitId> = touched.iter().map(|(_, unit)| *unit).collect();
    units.sort_unstable();
    units.dedup();
    reorganizations::save_without(&tx, &Removed { day: due.day, units }, course.stages()).await?;
    tx.change_structure();
    for (known, because) in &given_up {
        reorganizations::save_status(&tx, known.id, Status::Cancelled, Some(because)).await?;
        let units = touched.iter().filter(|(batch, _)| *batch == known.id).map(|(_, unit)| *unit);
        let entry = Entry::new(Done::ReorganizationCancelled, Subject::Reorganization(known.id)).touching(units);
        tx.record(entry.change("title", Some(known.title.clone()), None).because(Some(because.clone())));
    }
    let happened = given_up.iter().map(|(known, because)| Happened {
        title: known.title.clone(),
        on: known.day,
        outcome: Outcome::Cancelled { because: because.clone() },
    });
    let happened = happened.collect();
    tx.commit(()).await?;
    Ok(happened)
}

/// Planned batches that do not hold, each with all that stands in its way.
type Fallen<'a> = Vec<(&'a Known, Vec<Refusal>)>;

/// The course of the batches since a day without one, and the planned ones that do not hold in it: they are left out, too.
async fn course_without<'a>(
    tx: &Tx,
    (before, day): (&'a Tree, Day),
    since: &'a [Known],
    gone: &Known,
) -> Result<(Course<'a>, Fallen<'a>), Stop> {
    let mut course = course_from(tx, ((*before.forest).clone(), day), &before.kinds, since).await?;
    let mut fallen = Vec::new();
    for known in since.iter().filter(|known| known.id != gone.id) {
        let recorded = known.recorded().ok_or_else(|| broken_course(known))?;
        match course.run(&recorded) {
            Ok(()) => {}
            Err(CourseError::Contradiction(no)) if known.status == Status::Planned => fallen.push((known, no.why)),
            Err(CourseError::Contradiction(_)) => return Err(broken_course(known).into()),
            Err(CourseError::NotAForest(broken)) => return Err(Fault::from(broken).into()),
        }
    }
    Ok((course, fallen))
}

/// Planned batches that would not hold either if the failed one could be done, its external ids aside: they do not build on it.
async fn failing_with(tx: &Tx, (before, day): (&Tree, Day), since: &[Known], failed: &Known) -> Result<HashSet<ReorganizationId>, Stop> {
    let mut course = course_from(tx, ((*before.forest).clone(), day), &before.kinds, since).await?;
    let mut failing = HashSet::new();
    for known in since {
        let mut recorded = known.recorded().ok_or_else(|| broken_course(known))?;
        if known.id == failed.id {
            recorded.changes = recorded.changes.into_iter().map(Change::without_external_ids).collect();
        }
        match course.run(&recorded) {
            Ok(()) => {}
            Err(CourseError::Contradiction(_)) => failing.extend([known.id]),
            Err(CourseError::NotAForest(broken)) => return Err(Fault::from(broken).into()),
        }
    }
    Ok(failing)
}

/// The first thing that stands in the way, in the language of the organization, and how many more there are.
fn said(why: &[Refusal]) -> String {
    let first = why.first().map(|no| no.told(Locale::Vi)).unwrap_or_default();
    match why.len() {
        0 | 1 => format!("đến ngày hiệu lực thì không còn thực hiện được: {first}"),
        count => format!("đến ngày hiệu lực thì không còn thực hiện được: {first} (và {} lý do khác)", count - 1),
    }
}

/// Nobody asked, so nobody can be refused anything, nor be answered again.
fn only_fault(stop: Stop) -> Fault {
    match stop {
        Stop::Fault(fault) => fault,
        Stop::Refused(_) | Stop::Replay(_) => Fault::Other(format!("the calendar was stopped: {stop:?}")),
    }
}

/// A batch that took effect holds for ever: where it does not, somebody wrote past the commands.
fn broken_course(at: &Known) -> Fault {
    Fault::Corrupt { table: "reorganization", wanted: "batch that holds", value: at.id.to_string() }
}
