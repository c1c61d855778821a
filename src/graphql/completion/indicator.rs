//! What the figures in reports come to, and how goals are met (C9).

use async_graphql::Object;

use crate::graphql::directive_words::{Aggregation, GoalDirection};
use crate::graphql::scalars::Decimal;
use crate::view::completion::{GoalJudged, SeriesTally};

/// What an indicator comes to in a set of obligations (chỉ tiêu tổng hợp). One figure counts for a unit and period: that of the latest
/// accepted report.
pub struct IndicatorTally(pub(crate) SeriesTally);

#[Object]
impl IndicatorTally {
    /// By which readings name it; requirements that share it share the figure.
    async fn key(&self) -> &str {
        &self.0.series.key
    }

    /// What it is called.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// What it counts (đơn vị tính).
    async fn unit_of_measure(&self) -> Option<&str> {
        self.0.series.unit_of_measure.as_deref()
    }

    /// How figures go together.
    async fn aggregation(&self) -> Aggregation {
        self.0.series.aggregation.into()
    }

    /// The aggregate; null where there is no figure, where a ratio is over 0, or where it does not fit 28 digits.
    async fn value(&self) -> Option<Decimal> {
        self.0.tally.value.map(Decimal)
    }

    /// How many figures it is made of.
    async fn readings(&self) -> usize {
        self.0.tally.readings
    }

    /// How many units and periods were asked for a figure and have none.
    async fn missing(&self) -> usize {
        self.0.tally.missing
    }

    /// Every goal in the set, judged by itself on the aggregate.
    async fn goals(&self) -> Vec<GoalTally> {
        self.0.goals.iter().cloned().map(GoalTally).collect()
    }
}

/// How the goal of one requirement is met (mức đạt chỉ tiêu).
pub struct GoalTally(GoalJudged);

#[Object]
impl GoalTally {
    /// The goal for the whole.
    async fn goal(&self) -> Decimal {
        Decimal(self.0.goal.goal)
    }

    /// On which side of it the figure should lie.
    async fn direction(&self) -> GoalDirection {
        self.0.goal.direction.into()
    }

    /// Whether the aggregate meets it; where the set is one unit's own, whether that unit meets what is set for it. Null where there is
    /// nothing to judge.
    async fn meets_goal(&self) -> Option<bool> {
        self.0.tally.meets_goal
    }

    /// How many of the judged units meet what is set for them.
    async fn units_meeting_goal(&self) -> usize {
        self.0.tally.units_meeting_goal
    }

    /// How many units have a figure and a goal to be judged by: their own part, or the whole where the aggregation is not `SUM`.
    async fn units_judged(&self) -> usize {
        self.0.tally.units_judged
    }
}
