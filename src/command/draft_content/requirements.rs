//! What a draft asks for.

use chidao_domain::day::Day;
use chidao_domain::directive::{
    self, Aggregation, GoalDirection, Indicator, Period, Recurrence, Requirement, RequirementKind, UnitGoal, Verification,
};
use chidao_domain::ids::UnitId;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;
use chidao_domain::scope::{Reach, Scope};
use chidao_domain::text;
use rust_decimal::Decimal;

use super::{Refusals, SHORT_LIMIT, optional_line, optional_prose, title};
use crate::store::units::Lookup;
use crate::store::{Stop, Tx};

/// A requirement as it was given.
#[derive(Clone, Debug)]
pub struct RequirementGiven {
    /// Of which sort it is.
    pub kind: RequirementKind,
    /// What is to be done, in one line.
    pub title: String,
    /// In more words.
    pub detail: Option<String>,
    /// The last day on which a report is on time (T2).
    pub due_on: Option<Day>,
    /// The wording of the document (T2).
    pub due_text: Option<String>,
    /// How often it comes back (B7).
    pub recurrence: Recurrence,
    /// Which period it is about (B7).
    pub period: Option<String>,
    /// The first period of one that recurs (B7).
    pub first_period: Option<String>,
    /// When one that recurs is due, in days after its period's end (B7).
    pub due_days_after_period: Option<i32>,
    /// Whom it binds (B1).
    pub scope: ScopeGiven,
    /// Who accepts (L2).
    pub verification: Verification,
    /// The share of the units below that must have fulfilled it first (L5).
    pub gate_share: Option<Decimal>,
    /// Ordinals, from 1, of the requirements that must be closed first (L5).
    pub after: Vec<i32>,
    /// A standing duty that is never done and not counted (B8).
    pub informative: bool,
    /// Whether units that come into the scope later are bound (B4).
    pub binds_late_units: bool,
    /// The grace of a late unit, in days (B4).
    pub late_grace_days: i32,
    /// The figures that its reports carry.
    pub indicators: Vec<IndicatorGiven>,
}

/// A scope as it was given (B1).
#[derive(Clone, Debug)]
pub struct ScopeGiven {
    /// From where it reaches; `None`: the issuer.
    pub anchor: Option<UnitRef>,
    /// How far.
    pub reach: Reach,
    /// Codes of kinds; empty: any.
    pub kinds: Vec<String>,
    /// Units that are bound in any case.
    pub include: Vec<UnitRef>,
    /// Units that are not bound.
    pub except: Vec<UnitRef>,
    /// Units that are not bound, with all below them.
    pub except_subtrees: Vec<UnitRef>,
    /// Whether it may cover nobody.
    pub may_be_empty: bool,
}

/// An indicator as it was given (C9).
#[derive(Clone, Debug)]
pub struct IndicatorGiven {
    /// By which readings name it.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What it counts.
    pub unit_of_measure: Option<String>,
    /// How figures go together.
    pub aggregation: Aggregation,
    /// For a ratio: the key of the figure below the line.
    pub ratio_over: Option<String>,
    /// The goal for the whole set.
    pub goal: Option<Decimal>,
    /// On which side of the goal a figure should lie.
    pub goal_direction: Option<GoalDirection>,
    /// The goal, split down to units.
    pub goals: Vec<(UnitRef, Decimal)>,
    /// Whether a report must carry it.
    pub required: bool,
    /// Whether a reading may lie below 0.
    pub may_be_negative: bool,
}

/// What a draft asks for, well formed by itself; whether its scopes may bind is asked when it is issued (B2).
pub(in crate::command) async fn read_requirements(tx: &Tx, issuer: UnitId, given: &[RequirementGiven]) -> Result<Vec<Requirement>, Stop> {
    let lookup = Lookup::load(tx.sql(), given.iter().flat_map(units_named)).await?;
    let mut refusals = Refusals::default();
    let mut read = Vec::with_capacity(given.len());
    for (at, requirement) in given.iter().enumerate() {
        match (Reader { tx, lookup: &lookup, issuer, refusals: Refusals::default() }).requirement(requirement) {
            Ok(requirement) => read.push(requirement),
            Err(no) => refusals.0.extend(no.into_iter().map(|no| no.at(at).within("requirements"))),
        }
    }
    refusals.stop()?;
    directive::check_requirements(&read)?;
    Ok(read)
}

fn units_named(given: &RequirementGiven) -> impl Iterator<Item = &UnitRef> {
    let scope = &given.scope;
    let goals = given.indicators.iter().flat_map(|indicator| indicator.goals.iter().map(|(unit, _)| unit));
    scope.anchor.iter().chain(&scope.include).chain(&scope.except).chain(&scope.except_subtrees).chain(goals)
}

/// Reads one requirement and gathers what is wrong with it.
struct Reader<'a> {
    tx: &'a Tx,
    lookup: &'a Lookup,
    issuer: UnitId,
    refusals: Refusals,
}

impl Reader<'_> {
    fn requirement(mut self, given: &RequirementGiven) -> Result<Requirement, Vec<Refusal>> {
        let here = |no: Refusal| no;
        let title = self.refusals.take(title(&given.title), here).unwrap_or_default();
        let detail = self.refusals.take(optional_prose(given.detail.as_deref(), "detail"), here).flatten();
        let due_text = self.refusals.take(optional_line(given.due_text.as_deref(), "dueText"), here).flatten();
        let period = self.period(given.period.as_deref(), "period");
        let first_period = self.period(given.first_period.as_deref(), "firstPeriod");
        // What is below 0 is as far out of range for the rule as what is above.
        let due_days_after_period = given.due_days_after_period.map(|days| u32::try_from(days).unwrap_or(u32::MAX));
        let scope = self.scope(&given.scope);
        let after = self.ordinals(&given.after);
        let grace = u32::try_from(given.late_grace_days).unwrap_or(u32::MAX);
        let indicators = given.indicators.iter().enumerate().map(|(at, indicator)| self.indicator(at, indicator)).collect();
        let requirement = Requirement {
            kind: given.kind,
            title,
            detail,
            due_on: given.due_on,
            due_text,
            recurrence: given.recurrence,
            period,
            first_period,
            due_days_after_period,
            scope,
            verification: given.verification,
            gate_share: given.gate_share,
            after,
            informative: given.informative,
            binds_late_units: given.binds_late_units,
            late_grace_days: grace,
            indicators,
        };
        if self.refusals.0.is_empty() { Ok(requirement) } else { Err(self.refusals.0) }
    }

    fn period(&mut self, given: Option<&str>, field: &'static str) -> Option<Period> {
        given.and_then(|given| self.refusals.take(given.trim().parse(), |no| no.within(field)))
    }

    /// A negative ordinal names no requirement: 0 says the same to the rule.
    fn ordinals(&mut self, given: &[i32]) -> Vec<u32> {
        given.iter().map(|ordinal| u32::try_from(*ordinal).unwrap_or_default()).collect()
    }

    fn unit(&mut self, given: &UnitRef, place: impl FnOnce(Refusal) -> Refusal) -> Option<UnitId> {
        let found = self.lookup.find(self.tx.forest(), given);
        self.refusals.take(found, place)
    }

    fn scope(&mut self, given: &ScopeGiven) -> Scope {
        let anchor = given.anchor.as_ref().and_then(|anchor| self.unit(anchor, |no| no.within("anchor").within("scope")));
        let mut kinds: Vec<chidao_domain::kind::KindCode> = Vec::with_capacity(given.kinds.len());
        for (at, code) in given.kinds.iter().enumerate() {
            let known = self.tx.kinds().get(code.trim()).map(|kind| kind.code.clone());
            let unknown = InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: code.clone() };
            let Some(kind) = self.refusals.take(known.ok_or(unknown), |no| no.at(at).within("kinds").within("scope")) else { continue };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Scope {
            anchor: anchor.unwrap_or(self.issuer),
            reach: given.reach,
            kinds,
            include: self.units(&given.include, "include"),
            except: self.units(&given.except, "except"),
            except_subtrees: self.units(&given.except_subtrees, "exceptSubtrees"),
            may_be_empty: given.may_be_empty,
        }
    }

    fn units(&mut self, given: &[UnitRef], field: &'static str) -> Vec<UnitId> {
        let mut units = Vec::with_capacity(given.len());
        for (at, unit) in given.iter().enumerate() {
            let place = |no: Refusal| no.at(at).within(field).within("scope");
            let Some(id) = self.unit(unit, place) else { continue };
            if units.contains(&id) {
                self.refusals
                    .0
                    .push(place(Refusal::from(InputRefusal::Twice { given: unit.to_string(), of: Some(Noun::OrgUnit) }).by("B1")));
            }
            units.push(id);
        }
        units
    }

    fn indicator(&mut self, at: usize, given: &IndicatorGiven) -> Indicator {
        let place = |no: Refusal| no.at(at).within("indicators");
        let line = |text: &str| text::line(text, SHORT_LIMIT);
        let label = self.refusals.take(line(&given.label), |no| place(no.within("label"))).unwrap_or_default();
        let measure = self.refusals.take(optional_line(given.unit_of_measure.as_deref(), "unitOfMeasure"), place).flatten();
        let mut goals = Vec::with_capacity(given.goals.len());
        for (index, (unit, goal)) in given.goals.iter().enumerate() {
            let unit = self.unit(unit, |no| place(no.within("unit").at(index).within("goals")));
            goals.extend(unit.map(|unit| UnitGoal { unit, goal: *goal }));
        }
        Indicator {
            key: given.key.trim().to_owned(),
            label,
            unit_of_measure: measure,
            aggregation: given.aggregation,
            ratio_over: given.ratio_over.as_deref().map(|over| over.trim().to_owned()),
            goal: given.goal,
            goal_direction: given.goal_direction,
            goals,
            required: given.required,
            may_be_negative: given.may_be_negative,
        }
    }
}
