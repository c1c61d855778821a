//! The course of the tree (diễn biến): every batch again, in the order of their days, after one before them has changed (O5).
//!
//! What is stored of the tree is what this fold gives. So a batch that is recorded late, planned ahead, cancelled or annulled is put in or
//! left out, and those after it are planned again on what it leaves: where one does not hold any more, nothing happens.

use std::collections::{HashMap, HashSet};

use super::{Change, ExternalId, Ground, Judgement, Plan, Taken, plan};
use crate::day::Day;
use crate::forest::{Forest, NotAForest};
use crate::ids::{ReorganizationId, UnitId};
use crate::kind::KindRegister;
use crate::refusal::Refusal;

/// A batch that was recorded before.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Its id.
    pub id: ReorganizationId,
    /// What it is called.
    pub title: String,
    /// The day from which it holds.
    pub day: Day,
    /// How strictly it is judged again.
    pub judgement: Judgement,
    /// What was asked for, pointing by ids.
    pub changes: Vec<Change>,
}

/// One batch of the course, as it acts now.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its id.
    pub id: ReorganizationId,
    /// What it does.
    pub plan: Plan,
}

/// A later batch that would not hold any more (O5).
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// The batch.
    pub id: ReorganizationId,
    /// What it is called.
    pub title: String,
    /// Its day.
    pub on: Day,
    /// Why it would not hold.
    pub why: Vec<Refusal>,
}

/// Why a course cannot be run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CourseError {
    /// A batch that does not hold.
    #[error("the reorganization `{}` does not hold any more", .0.title)]
    Contradiction(Box<Contradiction>),
    /// What is stored is no forest.
    #[error(transparent)]
    NotAForest(#[from] NotAForest),
}

/// Batches planned one after the other.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    kinds: &'a KindRegister,
    forest: Forest,
    holders: HashMap<ExternalId, UnitId>,
    stages: Vec<Stage>,
}

impl<'a> Course<'a> {
    /// Starts from the tree before the first batch; `holders` has the external ids that later batches name.
    pub fn from(forest: Forest, kinds: &'a KindRegister, holders: HashMap<ExternalId, UnitId>) -> Self {
        Self { kinds, forest, holders, stages: Vec::new() }
    }

    /// Plans the next batch on what those before it leave.
    ///
    /// # Errors
    /// The [`Contradiction`] where it does not hold.
    pub fn run(&mut self, recorded: &Recorded) -> Result<(), CourseError> {
        let taken = Taken { external_ids: std::mem::take(&mut self.holders), ..Taken::default() };
        let ground = Ground { day: recorded.day, forest: &self.forest, kinds: self.kinds, taken: &taken, judgement: recorded.judgement };
        let planned = plan(ground, &recorded.changes);
        self.holders = taken.external_ids;
        let plan = planned.map_err(|why| {
            let (id, title, on) = (recorded.id, recorded.title.clone(), recorded.day);
            CourseError::Contradiction(Box::new(Contradiction { id, title, on, why }))
        })?;
        self.take(recorded.id, plan)
    }

    /// Goes on from a plan that was made elsewhere, on the tree of this course.
    ///
    /// # Errors
    /// [`CourseError::NotAForest`] where it was made on another tree.
    pub fn take(&mut self, id: ReorganizationId, plan: Plan) -> Result<(), CourseError> {
        let renewed: HashSet<UnitId> =
            plan.touched.iter().filter(|touched| touched.external_ids.is_some()).map(|touched| touched.unit).collect();
        self.holders.retain(|_, holder| !renewed.contains(holder));
        for touched in &plan.touched {
            let held = touched.external_ids.iter().flatten();
            self.holders.extend(held.map(|external_id| (external_id.clone(), touched.unit)));
        }
        self.forest = plan.forest_after(&self.forest, self.kinds)?;
        self.stages.push(Stage { id, plan });
        Ok(())
    }

    /// The tree after the batches so far.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// What each batch does, in their order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The same, and the tree after the last.
    pub fn into_parts(self) -> (Vec<Stage>, Forest) {
        (self.stages, self.forest)
    }
}
