//! The figures of a set: one tally for each series, and every goal judged by itself (C9).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chidao_domain::completion::{Selection, Span};
use chidao_domain::directive::Period;
use chidao_domain::ids::{RequirementId, UnitId};
use chidao_domain::indicator::{Figures, Goal, GoalTally, IndicatorTally, Reading, Series, Whose};

use super::ObligationSet;
use crate::store::Fault;
use crate::store::completions::Grain;
use crate::store::completions::figures::{AskedFigure, Figured};

/// What one indicator comes to in a set.
#[derive(Clone, Debug)]
pub struct SeriesTally {
    /// What goes together.
    pub series: Series,
    /// As the earliest directive calls it.
    pub label: String,
    /// The aggregate, and how many figures it is made of.
    pub tally: IndicatorTally,
    /// What the unit that the set is seen from reported itself, where the set holds that.
    pub own: Option<IndicatorTally>,
    /// What the units below it come to, where the set holds them.
    pub below: Option<IndicatorTally>,
    /// What each period comes to.
    pub periods: Vec<(Option<Period>, IndicatorTally)>,
    /// The goals in the set.
    pub goals: Vec<GoalJudged>,
}

/// Where units stand, seen from the one that a set is seen from.
#[derive(Clone, Copy)]
enum Side {
    /// The unit itself.
    Own,
    /// All below it.
    Below,
}

/// The tally of the figures of some units.
fn tally_of(figures: &Figures, owed: &HashSet<Whose>, holds: impl Fn(UnitId) -> bool) -> IndicatorTally {
    figures.only(|(unit, _)| holds(*unit)).tally(&owed.iter().filter(|(unit, _)| holds(*unit)).copied().collect())
}

/// A goal of one requirement, judged.
#[derive(Clone, Debug)]
pub struct GoalJudged {
    /// The indicator, as the requirement asks for it.
    pub figure: AskedFigure,
    /// The goal.
    pub goal: Goal,
    /// How it is met.
    pub tally: GoalTally,
}

impl ObligationSet {
    /// What the indicators of the set come to, in the order in which directives ask for them.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn indicators(&self) -> Result<Vec<SeriesTally>, Arc<Fault>> {
        let figured = self.view.loaders().figures.load_one(self.question(Grain::Requirements)).await?.unwrap_or_default();
        Ok(self.tally_series(&figured))
    }

    fn tally_series(&self, figured: &Figured) -> Vec<SeriesTally> {
        let forest = self.standpoint.forest();
        let holds = |unit| self.selection.includes(forest, unit) && self.narrowing.admits_unit(forest, unit);
        let asked: Vec<_> = figured.asked.iter().filter(|asked| self.narrowing.admits(&asked.apart) && holds(asked.unit)).collect();
        let reads: Vec<_> = figured.readings.iter().filter(|read| self.narrowing.admits(&read.apart) && holds(read.reading.unit)).collect();
        let asking: HashSet<RequirementId> = asked.iter().map(|asked| asked.apart.requirement).collect();
        let mut order: Vec<Series> = Vec::new();
        let mut by_series: HashMap<Series, Vec<&AskedFigure>> = HashMap::new();
        for figure in figured.figures.iter().filter(|figure| asking.contains(&figure.requirement)) {
            let together = by_series.entry(figure.series.clone()).or_default();
            if together.is_empty() {
                order.push(figure.series.clone());
            }
            together.push(figure);
        }
        let tally = |series: Series| {
            let together = by_series.remove(&series).unwrap_or_default();
            let requirements: HashSet<RequirementId> = together.iter().map(|figure| figure.requirement).collect();
            // A reading counts for a series where the obligation that it was accepted for asks for it.
            let readings: Vec<Reading> =
                reads.iter().filter(|read| requirements.contains(&read.apart.requirement)).map(|read| read.reading.clone()).collect();
            let owed = asked.iter().filter(|asked| asked.is_counted && requirements.contains(&asked.apart.requirement));
            let figures = Figures::gather(&series, &readings);
            let goals = together.iter().filter_map(|figure| self.judge(&figures, figure)).collect();
            let owed: HashSet<Whose> = owed.map(|asked| (asked.unit, asked.period)).collect();
            let part = |side| self.side(side).map(|holds| tally_of(&figures, &owed, holds));
            SeriesTally {
                label: together.first().map(|figure| figure.label.clone()).unwrap_or_default(),
                series,
                tally: figures.tally(&owed),
                own: part(Side::Own),
                below: part(Side::Below),
                periods: figures.by_period(&owed),
                goals,
            }
        };
        order.into_iter().map(tally).collect()
    }

    /// Which units are on a side of the unit that the set is seen from; `None` where the set does not hold that side.
    fn side(&self, side: Side) -> Option<impl Fn(UnitId) -> bool> {
        let forest = self.standpoint.forest();
        let (top, span) = match self.selection {
            Selection::Of { unit, span } => (unit, span),
            Selection::Whole { issuer } => (forest.stands_for(issuer), Span::Subtree),
            Selection::Outside { .. } | Selection::Unknown => return None,
        };
        let is_there = match side {
            Side::Own => span != Span::Below,
            Side::Below => span != Span::Own,
        };
        is_there.then_some(move |unit| match side {
            Side::Own => unit == top,
            Side::Below => unit != top && forest.holds(top, unit),
        })
    }

    /// The goal on the aggregate; where the set is one unit's own, by what is set for that unit.
    fn judge(&self, figures: &Figures, figure: &AskedFigure) -> Option<GoalJudged> {
        let goal = figure.goal.clone()?;
        let mut tally = figures.judge(&goal);
        if matches!(self.selection, Selection::Of { span: Span::Own, .. }) {
            tally.meets_goal = (tally.units_judged > 0).then_some(tally.units_meeting_goal == tally.units_judged);
        }
        Some(GoalJudged { figure: figure.clone(), goal, tally })
    }
}
