//! Goals: judged on the aggregate, split down to units, and the parts checked against the whole (C9).

use std::cmp::Ordering;
use std::collections::HashMap;

use rust_decimal::Decimal;

use super::exact::Exact;
use super::{Figure, Fold};
use crate::directive::{Aggregation, GoalDirection};
use crate::ids::UnitId;

/// The goal that one requirement sets for an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// For the aggregate.
    pub goal: Decimal,
    /// On which side the aim lies.
    pub direction: GoalDirection,
    /// The parts of single units.
    pub parts: HashMap<UnitId, Decimal>,
}

/// How a goal is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalTally {
    /// Whether the aggregate meets it; `None` where there is no aggregate.
    pub meets_goal: Option<bool>,
    /// How many of the judged units meet what is set for them.
    pub units_meeting_goal: usize,
    /// How many units have a figure and a goal to be judged by.
    pub units_judged: usize,
}

impl Goal {
    /// The parts' sum less the whole goal: positive where the parts ask for more. `None` where no part is set, where the aggregation
    /// is not `SUM`, so that parts do not add up, or where it does not fit.
    pub fn difference(&self, aggregation: Aggregation) -> Option<Decimal> {
        if self.parts.is_empty() || aggregation != Aggregation::Sum {
            return None;
        }
        let sum = self.parts.values().try_fold(Exact::ZERO, |sum, part| sum.plus((*part).into()))?;
        sum.minus(self.goal.into())?.decimal()
    }

    /// What a unit is judged by: its own part, or the whole goal where the aggregation is not `SUM`.
    pub fn of_unit(&self, unit: UnitId, aggregation: Aggregation) -> Option<Decimal> {
        self.parts.get(&unit).copied().or((aggregation != Aggregation::Sum).then_some(self.goal))
    }

    /// Whether one reading of a unit meets what is set for it; `None` where nothing is.
    pub fn is_met_by_reading(&self, unit: UnitId, figure: Figure, aggregation: Aggregation) -> Option<bool> {
        self.is_met_by(unit, &Fold::of([figure].iter()), aggregation)
    }

    pub(super) fn is_met_by(&self, unit: UnitId, fold: &Fold, aggregation: Aggregation) -> Option<bool> {
        self.judge(fold, aggregation, self.of_unit(unit, aggregation)?)
    }

    pub(super) fn is_met(&self, fold: &Fold, aggregation: Aggregation) -> Option<bool> {
        self.judge(fold, aggregation, self.goal)
    }

    /// Compares without dividing: part ≥ goal × whole, the whole being positive.
    fn judge(&self, fold: &Fold, aggregation: Aggregation, goal: Decimal) -> Option<bool> {
        let (part, whole) = fold.fraction(aggregation)?;
        let order = part.compare(Exact::from(goal).times(whole)?)?;
        Some(match self.direction {
            GoalDirection::AtLeast => order != Ordering::Less,
            GoalDirection::AtMost => order != Ordering::Greater,
        })
    }
}
