//! The batches after a day, planned again on what a new one leaves, or on the tree without one that is taken back (O5).

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::kind::KindRegister;
use chidao_domain::refusal::{Refusal, TreeRefusal};
use chidao_domain::reorganization::{Contradiction, Course, CourseError, Named, Plan, Stage};

use crate::live::Tree;
use crate::store::reorganizations::{self, Known, Reorganization};
use crate::store::{Fault, Stop, Tx, units};

/// The course that begins with a plan on the tree of its day, and goes on with every later batch; and the tree with it of the day on which it
/// acts on obligations (S6).
///
/// # Errors
/// A refusal that names the later batch that would not hold any more.
pub(super) async fn run_from(tx: &Tx, tree: &Tree, record: &Reorganization, plan: Plan) -> Result<(Vec<Stage>, Forest), Stop> {
    let acts_on = plan.day.max(tx.today());
    let later = reorganizations::load_later(tx.sql(), plan.day).await?;
    let mut course = course_from(tx, ((*tree.forest).clone(), plan.day), &tree.kinds, &later).await?;
    if let Err(no) = course.take(record.id(), plan) {
        return Err(stop(tx, no, "effectiveOn").await);
    }
    let (past, planned) = later.split_at(later.partition_point(|known| known.day <= acts_on));
    run_on(tx, &mut course, past, "effectiveOn").await?;
    if planned.is_empty() {
        return Ok(course.into_parts());
    }
    let with = course.forest().clone();
    run_on(tx, &mut course, planned, "effectiveOn").await?;
    Ok((course.into_parts().0, with))
}

/// The stages of batches from a tree on, and the tree after the last; `field` is where a refusal points.
///
/// # Errors
/// A refusal that names the batch that would not hold any more.
pub(super) async fn run<'a>(tx: &Tx, mut course: Course<'a>, batches: &[Known], field: &'static str) -> Result<(Vec<Stage>, Forest), Stop> {
    run_on(tx, &mut course, batches, field).await?;
    Ok(course.into_parts())
}

async fn run_on(tx: &Tx, course: &mut Course<'_>, batches: &[Known], field: &'static str) -> Result<(), Stop> {
    for known in batches {
        let Some(recorded) = known.recorded() else { return Err(later_fact(&known.title, known.day, None, field)) };
        if let Err(no) = course.run(&recorded) {
            return Err(stop(tx, no, field).await);
        }
    }
    Ok(())
}

/// Why a batch does not hold, in words for who never saw its ids: batches keep units by ids, and a person knows them by codes and names.
///
/// # Errors
/// A fault of the database.
pub(super) async fn called(tx: &Tx, why: &[Refusal]) -> Result<Vec<Refusal>, Fault> {
    let lost: Vec<_> = why.iter().filter_map(Refusal::lost_unit).collect();
    let callings = if lost.is_empty() { Default::default() } else { units::load_callings(tx.sql(), &lost).await? };
    let call = |no: &Refusal| match no.lost_unit().and_then(|unit| callings.get(&unit)) {
        Some(calling) => no.clone().calling_the_lost(calling),
        None => no.clone(),
    };
    Ok(why.iter().map(call).collect())
}

/// A course from the tree at the end of a day on, which knows who holds the external ids then that the batches name.
pub(super) async fn course_from<'a>(
    tx: &Tx,
    (forest, day): (Forest, Day),
    kinds: &'a KindRegister,
    batches: &[Known],
) -> Result<Course<'a>, Fault> {
    let asked: Vec<_> = batches.iter().filter_map(|known| known.asked.clone()).flatten().collect();
    let taken = units::load_taken(tx.sql(), &Named::of(&forest, &asked), day).await?;
    Ok(Course::from(forest, kinds, taken.external_ids))
}

async fn stop(tx: &Tx, no: CourseError, field: &'static str) -> Stop {
    let Contradiction { title, on, why, .. } = match no {
        CourseError::NotAForest(broken) => return Fault::from(broken).into(),
        CourseError::Contradiction(no) => *no,
    };
    // One is told; its fellows mostly follow from it.
    match called(tx, why.get(..1).unwrap_or_default()).await {
        Ok(why) => later_fact(&title, on, why.first(), field),
        Err(fault) => fault.into(),
    }
}

fn later_fact(title: &str, on: Day, why: Option<&Refusal>, field: &'static str) -> Stop {
    let refusal = TreeRefusal::LaterFact { title: title.to_owned(), on, why: why.cloned().map(Box::new) };
    Refusal::from(refusal).within(field).into()
}
