//! Figures that reports carry, aggregated and judged against goals (C9). Exact: a result that does not fit is no result.

mod exact;
mod goal;

#[cfg(test)]
mod tests;

pub use goal::{Goal, GoalTally};

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::directive::{Aggregation, Period};
use crate::ids::{ReportId, UnitId};
pub(crate) use exact::Exact;

/// The most digits of a reading before its decimal point. With [`FRACTION_DIGITS`] they make the 28 that a [`Decimal`] always holds.
pub const WHOLE_DIGITS: u32 = 18;

/// The most digits of a reading after its decimal point.
pub const FRACTION_DIGITS: u32 = 10;

/// Whether a reading is short enough to be added up exactly with a hundred million others.
pub fn is_within_digits(value: Decimal) -> bool {
    let value = value.normalize();
    value.scale() <= FRACTION_DIGITS && value.trunc().mantissa().unsigned_abs() < 10_u128.pow(WHOLE_DIGITS)
}

/// Whose figure one is: a unit's, of a period; `None` where the requirement names none.
pub type Whose = (UnitId, Option<Period>);

/// One reading of an accepted report, as it belongs to one obligation that still gives a figure ([`State::gives_figure`]).
///
/// [`State::gives_figure`]: crate::obligation::State::gives_figure
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The indicator's key.
    pub key: Arc<str>,
    /// The unit that reports.
    pub unit: UnitId,
    /// The period of the obligation; `None` where its requirement names none.
    pub period: Option<Period>,
    /// The report.
    pub report: ReportId,
    /// When the report was accepted for that obligation.
    pub accepted_at: DateTime<Utc>,
    /// Exact.
    pub value: Decimal,
}

/// What goes together across a lineage (C9): the same key, unit of measure and aggregation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// The key that readings name.
    pub key: Arc<str>,
    /// For people.
    pub unit_of_measure: Option<Arc<str>>,
    /// How readings go together.
    pub aggregation: Aggregation,
    /// For [`Aggregation::Ratio`]: the key of the figure that it is measured against.
    pub ratio_over: Option<Arc<str>>,
}

/// The one figure of a unit and period that counts, however many obligations its report serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The reading.
    pub value: Decimal,
    /// For a ratio: the reading that it is measured against, of the same report.
    pub over: Option<Decimal>,
}

/// What an indicator comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicatorTally {
    /// The aggregate; `None` where there is no reading, where a ratio is over 0, or where it does not fit 28 digits.
    pub value: Option<Decimal>,
    /// How many figures it is made of.
    pub readings: usize,
    /// How many units and periods were asked for a figure and have none.
    pub missing: usize,
}

/// The figures of one indicator that count.
#[derive(Clone, Debug)]
pub struct Figures {
    aggregation: Aggregation,
    of: HashMap<Whose, Figure>,
}

impl Figures {
    /// Takes, for each unit and period, the figure of the latest accepted report that has it; a ratio needs both of its figures in
    /// one report. `readings` may hold other keys.
    pub fn gather(series: &Series, readings: &[Reading]) -> Self {
        let over = Denominators::gather(series, readings);
        let mut latest: HashMap<Whose, (&Reading, Figure)> = HashMap::new();
        for reading in readings.iter().filter(|reading| reading.key == series.key) {
            let Some(figure) = over.figure(reading) else { continue };
            let best = latest.entry((reading.unit, reading.period)).or_insert((reading, figure));
            if (best.0.accepted_at, best.0.report) < (reading.accepted_at, reading.report) {
                *best = (reading, figure);
            }
        }
        let of = latest.into_iter().map(|(whose, (_, figure))| (whose, figure)).collect();
        Self { aggregation: series.aggregation, of }
    }

    /// What they come to; `asked` are the units and periods whose counted obligations ask for the figure.
    pub fn tally(&self, asked: &HashSet<Whose>) -> IndicatorTally {
        IndicatorTally {
            value: Fold::of(self.of.values()).value(self.aggregation),
            readings: self.of.len(),
            missing: asked.iter().filter(|whose| !self.of.contains_key(*whose)).count(),
        }
    }

    /// Those of some units and periods.
    #[must_use]
    pub fn only(&self, holds: impl Fn(&Whose) -> bool) -> Self {
        let of = self.of.iter().filter(|(whose, _)| holds(whose)).map(|(whose, figure)| (*whose, *figure));
        Self { aggregation: self.aggregation, of: of.collect() }
    }

    /// What they come to in each period for which there is a figure or one is asked, in their order; what has no period comes first. The
    /// figures and the asked ones of all periods together are the whole's.
    pub fn by_period(&self, asked: &HashSet<Whose>) -> Vec<(Option<Period>, IndicatorTally)> {
        let periods: BTreeSet<Option<Period>> = self.of.keys().chain(asked).map(|(_, period)| *period).collect();
        let tally = |period: Option<Period>| {
            let asked = asked.iter().filter(|(_, other)| *other == period).copied().collect();
            (period, self.only(|(_, other)| *other == period).tally(&asked))
        };
        periods.into_iter().map(tally).collect()
    }

    /// Judges a goal on the aggregate, and each unit that has a figure by its own part or, where the aggregation is not `SUM`, by the
    /// whole goal.
    pub fn judge(&self, goal: &Goal) -> GoalTally {
        let mut of_units: HashMap<UnitId, Fold> = HashMap::new();
        for ((unit, _), figure) in &self.of {
            of_units.entry(*unit).or_default().add(figure);
        }
        let judged: Vec<bool> = of_units.iter().filter_map(|(unit, fold)| goal.is_met_by(*unit, fold, self.aggregation)).collect();
        GoalTally {
            meets_goal: goal.is_met(&Fold::of(self.of.values()), self.aggregation),
            units_meeting_goal: judged.iter().filter(|meets| **meets).count(),
            units_judged: judged.len(),
        }
    }
}

/// The figures that a ratio is measured against, by unit, period and report.
struct Denominators<'a> {
    series: &'a Series,
    of: HashMap<(UnitId, Option<Period>, ReportId), Decimal>,
}

impl<'a> Denominators<'a> {
    fn gather(series: &'a Series, readings: &'a [Reading]) -> Self {
        let key = series.ratio_over.as_ref().filter(|_| series.aggregation == Aggregation::Ratio);
        let of = readings.iter().filter(|reading| Some(&reading.key) == key);
        Self { series, of: of.map(|reading| ((reading.unit, reading.period, reading.report), reading.value)).collect() }
    }

    fn figure(&self, reading: &Reading) -> Option<Figure> {
        if self.series.aggregation != Aggregation::Ratio {
            return Some(Figure { value: reading.value, over: None });
        }
        let over = *self.of.get(&(reading.unit, reading.period, reading.report))?;
        Some(Figure { value: reading.value, over: Some(over) })
    }
}

/// Figures put together; `None` in a sum that does not fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fold {
    count: u32,
    sum: Option<Exact>,
    over: Option<Exact>,
    least: Option<Decimal>,
    most: Option<Decimal>,
}

impl Default for Fold {
    fn default() -> Self {
        Self { count: 0, sum: Some(Exact::ZERO), over: Some(Exact::ZERO), least: None, most: None }
    }
}

impl Fold {
    fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let mut fold = Self::default();
        figures.for_each(|figure| fold.add(figure));
        fold
    }

    fn add(&mut self, figure: &Figure) {
        self.count += 1;
        self.sum = self.sum.and_then(|sum| sum.plus(figure.value.into()));
        self.over = self.over.and_then(|over| over.plus(figure.over.unwrap_or_default().into()));
        self.least = Some(self.least.map_or(figure.value, |least| least.min(figure.value)));
        self.most = Some(self.most.map_or(figure.value, |most| most.max(figure.value)));
    }

    /// The aggregate as a fraction, so that a goal is judged without rounding: what, over what.
    fn fraction(&self, aggregation: Aggregation) -> Option<(Exact, Exact)> {
        if self.count == 0 {
            return None;
        }
        match aggregation {
            Aggregation::Sum => Some((self.sum?, Exact::ONE)),
            Aggregation::Mean => Some((self.sum?, Exact::from(Decimal::from(self.count)))),
            Aggregation::Min => Some((self.least?.into(), Exact::ONE)),
            Aggregation::Max => Some((self.most?.into(), Exact::ONE)),
            Aggregation::Ratio => Some((self.sum?, self.over.filter(|over| over.is_positive())?)),
        }
    }

    /// The aggregate; a quotient that does not end is cut at 28 digits.
    fn value(&self, aggregation: Aggregation) -> Option<Decimal> {
        let (part, whole) = self.fraction(aggregation)?;
        part.decimal()?.checked_div(whole.decimal()?).map(|value| value.normalize())
    }
}
