//! What the figures in reports come to, and how goals are met (C9).

use async_graphql::{Object, SimpleObject};
use chidao_domain::directive::Period;
use chidao_domain::indicator as domain;

use crate::graphql::directive_words::{Aggregation, GoalDirection};
use crate::graphql::error::Outcome;
use crate::graphql::requirement::{Indicator, Requirement};
use crate::graphql::scalars::Decimal;
use crate::store::Fault;
use crate::view::SharedView;
use crate::view::completion::{GoalJudged, SeriesTally};

/// How many periods an indicator is reckoned to have, for the cost of a query: those of a year by month.
const PERIODS_RECKONED: usize = 12;

/// What an indicator comes to in a set of obligations (chỉ tiêu tổng hợp). One figure counts for a unit and period: that of the latest
/// accepted report.
pub struct IndicatorTally {
    pub(crate) view: SharedView,
    pub(crate) of: SeriesTally,
}

/// What an indicator comes to in a set of obligations (chỉ tiêu tổng hợp). One figure counts for a unit and period: that of the latest
/// accepted report.
#[Object]
impl IndicatorTally {
    /// By which readings name it; requirements that share it share the figure.
    async fn key(&self) -> &str {
        &self.of.series.key
    }

    /// What it is called.
    async fn label(&self) -> &str {
        &self.of.label
    }

    /// What it counts (đơn vị tính).
    async fn unit_of_measure(&self) -> Option<&str> {
        self.of.series.unit_of_measure.as_deref()
    }

    /// How figures go together.
    async fn aggregation(&self) -> Aggregation {
        self.of.series.aggregation.into()
    }

    /// The aggregate; null where there is no figure, where a ratio is over 0, or where it does not fit 28 digits.
    async fn value(&self) -> Option<Decimal> {
        self.of.tally.value.map(Decimal)
    }

    /// How many figures it is made of.
    async fn readings(&self) -> usize {
        self.of.tally.readings
    }

    /// How many units and periods were asked for a figure and have none.
    async fn missing(&self) -> usize {
        self.of.tally.missing
    }

    /// What the unit that the set is seen from reported itself (số tự báo cáo): beside what all below it come to, and not their sum. Null where the
    /// set holds only what is below, or stands elsewhere.
    async fn own(&self) -> Option<FigureTally> {
        self.of.own.map(Into::into)
    }

    /// What the units below it come to (số của cấp dưới). Null where the set holds only the unit's own, or stands elsewhere.
    async fn below(&self) -> Option<FigureTally> {
        self.of.below.map(Into::into)
    }

    /// What each period comes to, in their order; figures of requirements without periods come first.
    #[graphql(complexity = "1 + PERIODS_RECKONED * child_complexity")]
    async fn periods(&self) -> Vec<PeriodTally> {
        let told = |(period, tally): &(Option<Period>, domain::IndicatorTally)| PeriodTally {
            period: period.map(|period| period.to_string()),
            value: tally.value.map(Decimal),
            readings: tally.readings,
            missing: tally.missing,
        };
        self.of.periods.iter().map(told).collect()
    }

    /// Every goal in the set, judged by itself on the aggregate.
    async fn goals(&self) -> Vec<GoalTally> {
        self.of.goals.iter().map(|judged| GoalTally { view: self.view.clone(), judged: judged.clone() }).collect()
    }
}

/// What some figures of an indicator come to (số liệu tổng hợp).
#[derive(SimpleObject)]
pub struct FigureTally {
    /// The aggregate; null where there is no figure, where a ratio is over 0, or where it does not fit 28 digits.
    value: Option<Decimal>,
    /// How many figures it is made of.
    readings: usize,
    /// How many units and periods were asked for a figure and have none.
    missing: usize,
}

impl From<domain::IndicatorTally> for FigureTally {
    fn from(tally: domain::IndicatorTally) -> Self {
        Self { value: tally.value.map(Decimal), readings: tally.readings, missing: tally.missing }
    }
}

/// What the figures of one period come to (số liệu của kỳ).
#[derive(SimpleObject)]
pub struct PeriodTally {
    /// The period, for example `2020-12`; null where the requirement names none.
    period: Option<String>,
    /// The aggregate; null where there is no figure, where a ratio is over 0, or where it does not fit 28 digits.
    value: Option<Decimal>,
    /// How many figures it is made of.
    readings: usize,
    /// How many units were asked for a figure and have none.
    missing: usize,
}

/// How the goal of one requirement is met (mức đạt chỉ tiêu).
pub struct GoalTally {
    view: SharedView,
    judged: GoalJudged,
}

impl GoalTally {
    /// Whoever sees a goal in a set may read the directive that sets it: it binds a unit of the set.
    async fn asked_by(&self) -> Outcome<Requirement> {
        let id = self.judged.figure.requirement;
        let gone = || Fault::Corrupt { table: "indicator", wanted: "requirement", value: id.to_string() };
        Ok(Requirement::find(&self.view, id).await?.ok_or_else(gone)?)
    }
}

/// How the goal of one requirement is met (mức đạt chỉ tiêu).
#[Object]
impl GoalTally {
    /// The requirement that sets it.
    async fn requirement(&self) -> Outcome<Requirement> {
        self.asked_by().await
    }

    /// The indicator, as the requirement asks for it.
    async fn indicator(&self) -> Outcome<Indicator> {
        let (requirement, key) = (self.asked_by().await?, &self.judged.figure.series.key);
        let gone = || Fault::Corrupt { table: "indicator", wanted: "key", value: key.to_string() };
        Ok(requirement.indicator(key).ok_or_else(gone)?)
    }

    /// The goal for the whole.
    async fn goal(&self) -> Decimal {
        Decimal(self.judged.goal.goal)
    }

    /// On which side of it the figure should lie.
    async fn direction(&self) -> GoalDirection {
        self.judged.goal.direction.into()
    }

    /// Whether the aggregate meets it; where the set is one unit's own, whether that unit meets what is set for it. Null where there is
    /// nothing to judge.
    async fn meets_goal(&self) -> Option<bool> {
        self.judged.tally.meets_goal
    }

    /// How many of the judged units meet what is set for them.
    async fn units_meeting_goal(&self) -> usize {
        self.judged.tally.units_meeting_goal
    }

    /// How many units have a figure and a goal to be judged by: their own part, or the whole where the aggregation is not `SUM`.
    async fn units_judged(&self) -> usize {
        self.judged.tally.units_judged
    }
}
