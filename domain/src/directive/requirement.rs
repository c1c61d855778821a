//! Requirements (yêu cầu, nhiệm vụ) and indicators (chỉ tiêu) as they are drafted, and what must hold of them (B7, B8, L5, C9).

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{Aggregation, GoalDirection, Period, Recurrence, RequirementKind, Rhythm, Verification};
use crate::day::Day;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::KindRegister;
use crate::refusal::{InputRefusal, Noun, Refusal, RequirementRefusal, ScopeRefusal};
use crate::scope::{self, Scope};
use crate::text;

/// The longest grace of a late unit, in days: ten years.
const MOST_GRACE_DAYS: u32 = 3650;
/// The longest time that a period may be due after its end, in days: ten years (B7).
const MOST_DUE_DAYS: u32 = 3650;
/// The longest key of an indicator, in characters.
const LONGEST_KEY: usize = 64;
/// The first number that needs more than 28 digits, which is what an exact decimal always holds.
const TOO_LONG: u128 = 10_u128.pow(28);

/// One thing that a directive asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
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
    /// The period of one that does not recur (B7).
    pub period: Option<Period>,
    /// The first period of one that recurs (B7).
    pub first_period: Option<Period>,
    /// When one that recurs is due, in days after its period's end (B7).
    pub due_days_after_period: Option<u32>,
    /// Whom it binds (B1).
    pub scope: Scope,
    /// Who accepts (L2).
    pub verification: Verification,
    /// The share of the units below that must be done first, in (0, 1] (L5).
    pub gate_share: Option<Decimal>,
    /// Ordinals, from 1, of the requirements that must be closed first (L5).
    pub after: Vec<u32>,
    /// A standing duty that is never done and not counted (B8).
    pub informative: bool,
    /// Whether units that come into the scope later are bound (B4).
    pub binds_late_units: bool,
    /// The grace of a late unit, in days (B4).
    pub late_grace_days: u32,
    /// The figures that its reports carry.
    pub indicators: Vec<Indicator>,
}

/// A figure that reports carry (C9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// By which readings name it; requirements that share it share the figure (L7).
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
    pub goals: Vec<UnitGoal>,
    /// Whether a report must carry it.
    pub required: bool,
    /// Whether a reading may lie below 0; what is counted never does.
    pub may_be_negative: bool,
}

/// One unit's part of a goal (C9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitGoal {
    /// Whose part.
    pub unit: UnitId,
    /// How much.
    pub goal: Decimal,
}

/// What must hold of the requirements of a draft by themselves, without the tree; the ordinal of the first is 1.
///
/// # Errors
/// Every refusal, with its path from `requirements`.
pub fn check_requirements(requirements: &[Requirement]) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    for (index, requirement) in requirements.iter().enumerate() {
        let mut own = check_times(requirement);
        own.extend(check_gate(requirements, index));
        own.extend(check_indicators(&requirement.indicators));
        if requirement.title.trim().is_empty() {
            own.push(Refusal::from(InputRefusal::Empty).within("title"));
        }
        refusals.extend(own.into_iter().map(|refusal| refusal.at(index).within("requirements")));
    }
    gathered(refusals)
}

/// Issuing opens all periods that have begun by `today` (B7): of each requirement that recurs at most `limit`, so that a year mistyped opens
/// no century.
///
/// # Errors
/// [`RequirementRefusal::TooManyPeriods`] for each, with its path from `requirements`; a day of effect in a year that no period is written with,
/// where the first is not named.
pub fn check_periods_begun(requirements: &[Requirement], (effective_on, today): (Day, Day), limit: usize) -> Result<(), Vec<Refusal>> {
    let recurring = requirements.iter().enumerate().filter(|(_, requirement)| requirement.recurrence != Recurrence::None);
    let refusals = recurring.filter_map(|(index, requirement)| {
        let refused = match Rhythm::of(requirement, effective_on) {
            None => Some(Refusal::from(InputRefusal::Needs { field: "firstPeriod" }).by("B7")),
            Some(rhythm) => {
                let count = rhythm.begun(None, today).len();
                let reason = RequirementRefusal::TooManyPeriods { first: rhythm.first.to_string(), count, limit };
                (count > limit).then(|| reason.into())
            }
        };
        refused.map(|refused| refused.within("firstPeriod").at(index).within("requirements"))
    });
    gathered(refusals.collect())
}

/// What must hold of the requirements on the tree of the day: their scopes (B2), and the units that goals are split down to (C9).
///
/// # Errors
/// Every refusal, with its path from `requirements`.
pub fn check_binding(forest: &Forest, kinds: &KindRegister, issuer: UnitId, requirements: &[Requirement]) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    for (index, requirement) in requirements.iter().enumerate() {
        let scope = scope::check(forest, kinds, issuer, &requirement.scope).err().into_iter().flatten();
        let own = scope.map(|refusal| refusal.within("scope")).chain(check_goal_units(forest, issuer, &requirement.indicators));
        refusals.extend(own.map(|refusal| refusal.at(index).within("requirements")));
    }
    gathered(refusals)
}

fn gathered(refusals: Vec<Refusal>) -> Result<(), Vec<Refusal>> {
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Dates and periods: one that recurs is due by its periods, one that does not by its date (B7, B4).
fn check_times(requirement: &Requirement) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |reason: Refusal, field| refusals.push(reason.within(field));
    if requirement.recurrence == Recurrence::None {
        if requirement.first_period.is_some() {
            refuse(RequirementRefusal::OnlyRecurring.into(), "firstPeriod");
        }
        if requirement.due_days_after_period.is_some() {
            refuse(RequirementRefusal::OnlyRecurring.into(), "dueDaysAfterPeriod");
        }
    } else {
        if requirement.due_on.is_some() {
            refuse(RequirementRefusal::NotRecurring.into(), "dueOn");
        }
        if requirement.period.is_some() {
            refuse(RequirementRefusal::NotRecurring.into(), "period");
        }
        if requirement.due_days_after_period.is_none() {
            refuse(Refusal::from(InputRefusal::Needs { field: "dueDaysAfterPeriod" }).by("B7"), "dueDaysAfterPeriod");
        }
        if requirement.due_days_after_period.is_some_and(|days| days > MOST_DUE_DAYS) {
            let range = InputRefusal::OutOfRange { least: "0".into(), most: MOST_DUE_DAYS.to_string() };
            refuse(Refusal::from(range).by("B7"), "dueDaysAfterPeriod");
        }
        if let Some(first) = requirement.first_period.filter(|first| first.recurrence() != requirement.recurrence) {
            refuse(RequirementRefusal::PeriodOfAnotherLength { given: first.to_string() }.into(), "firstPeriod");
        }
    }
    if requirement.late_grace_days > MOST_GRACE_DAYS {
        let range = InputRefusal::OutOfRange { least: "0".into(), most: MOST_GRACE_DAYS.to_string() };
        refuse(Refusal::from(range).by("B4"), "lateGraceDays");
    }
    refusals
}

/// Gates: a share in (0, 1] of what is counted, and earlier requirements that can be closed (L5, B8).
fn check_gate(requirements: &[Requirement], index: usize) -> Vec<Refusal> {
    let requirement = &requirements[index];
    let mut refusals = Vec::new();
    if let Some(share) = requirement.gate_share {
        if share <= Decimal::ZERO || share > Decimal::ONE {
            refusals.push(Refusal::from(RequirementRefusal::ShareOutOfRange { given: share.to_string() }).within("gateShare"));
        } else if requirement.informative {
            refusals.push(Refusal::from(RequirementRefusal::NothingToShare).within("gateShare"));
        }
    }
    let mut named = HashSet::new();
    for (at, &ordinal) in requirement.after.iter().enumerate() {
        let earlier = (ordinal as usize).checked_sub(1).and_then(|earlier| requirements[..index].get(earlier));
        let reason: Option<Refusal> = match earlier {
            None => Some(RequirementRefusal::NotEarlier { ordinal }.into()),
            Some(_) if !named.insert(ordinal) => Some(Refusal::from(InputRefusal::Twice { given: ordinal.to_string(), of: None }).by("L5")),
            Some(earlier) if earlier.never_closes() => Some(RequirementRefusal::AfterStandingDuty { ordinal }.into()),
            Some(_) => None,
        };
        refusals.extend(reason.map(|reason| reason.at(at).within("after")));
    }
    refusals
}

impl Requirement {
    /// A standing duty without periods: an accepted report leaves it in progress (B8).
    fn never_closes(&self) -> bool {
        self.informative && self.recurrence == Recurrence::None
    }
}

/// Keys, ratios and goals (C9).
fn check_indicators(indicators: &[Indicator]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut named = HashSet::new();
    for (at, indicator) in indicators.iter().enumerate() {
        let mut own = check_indicator(indicators, indicator);
        if !named.insert(&indicator.key) {
            own.push(Refusal::from(InputRefusal::Twice { given: indicator.key.clone(), of: None }).by("C9").within("key"));
        }
        refusals.extend(own.into_iter().map(|refusal| refusal.at(at).within("indicators")));
    }
    refusals
}

fn check_indicator(all: &[Indicator], indicator: &Indicator) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |reason: Refusal, field| refusals.push(reason.within(field));
    if !is_key(&indicator.key) {
        refuse(RequirementRefusal::MalformedKey { given: indicator.key.chars().take(LONGEST_KEY).collect() }.into(), "key");
    }
    if indicator.label.trim().is_empty() {
        refuse(InputRefusal::Empty.into(), "label");
    }
    match (indicator.aggregation, &indicator.ratio_over) {
        (Aggregation::Ratio, None) => refuse(RequirementRefusal::RatioOverNothing.into(), "ratioOver"),
        (Aggregation::Ratio, Some(over)) => {
            if *over == indicator.key || !all.iter().any(|other| other.key == *over) {
                refuse(RequirementRefusal::RatioOverUnknown { given: over.clone() }.into(), "ratioOver");
            }
        }
        (_, Some(_)) => refuse(RequirementRefusal::OnlyRatio.into(), "ratioOver"),
        (_, None) => {}
    }
    if indicator.aggregation == Aggregation::Mean && indicator.unit_of_measure.as_deref().is_some_and(is_percentage) {
        refuse(RequirementRefusal::MeanOfPercentages.into(), "aggregation");
    }
    refusals.extend(check_goals(indicator));
    refusals
}

/// A goal has a direction, its parts have a whole, and each unit has one part at most (C9).
fn check_goals(indicator: &Indicator) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |reason: Refusal, field| refusals.push(reason.within(field));
    let needs = |field| Refusal::from(InputRefusal::Needs { field }).by("C9");
    match (indicator.goal, indicator.goal_direction) {
        // Parts alone have no whole that their sum could be held against.
        (None, _) if !indicator.goals.is_empty() => refuse(needs("goal"), "goals"),
        (None, Some(_)) => refuse(needs("goal"), "goalDirection"),
        (Some(_), None) => refuse(needs("goalDirection"), "goalDirection"),
        (None, None) | (Some(_), Some(_)) => {}
    }
    if indicator.goal.is_some_and(is_too_long) {
        refuse(RequirementRefusal::TooManyDigits.into(), "goal");
    }
    let mut named = HashSet::new();
    for (at, part) in indicator.goals.iter().enumerate() {
        if is_too_long(part.goal) {
            refuse(Refusal::from(RequirementRefusal::TooManyDigits).within("goal").at(at), "goals");
        }
        if !named.insert(part.unit) {
            refuse(
                Refusal::from(InputRefusal::Twice { given: part.unit.to_string(), of: Some(Noun::OrgUnit) }).by("C9").within("unit").at(at),
                "goals",
            );
        }
    }
    refusals
}

/// A goal is split down to the issuer and units below it (B2, C9).
fn check_goal_units(forest: &Forest, issuer: UnitId, indicators: &[Indicator]) -> Vec<Refusal> {
    let (issuer, mut refusals) = (forest.stands_for(issuer), Vec::new());
    for (index, indicator) in indicators.iter().enumerate() {
        for (at, part) in indicator.goals.iter().enumerate().filter(|(_, part)| !forest.covers(issuer, part.unit)) {
            let reason = ScopeRefusal::OutsideIssuer { unit: forest.code_of(part.unit), issuer: forest.code_of(issuer) };
            refusals.push(Refusal::from(reason).within("unit").at(at).within("goals").at(index).within("indicators"));
        }
    }
    refusals
}

/// A letter, then letters, digits and `_` `-` `.`, all of ASCII, so that a key can be typed anywhere.
fn is_key(text: &str) -> bool {
    text.len() <= LONGEST_KEY
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
}

/// Whether figures of this unit of measure are shares of something else, in whatever case and language: their mean would weigh a cell of three
/// as much as one of thirty (C2).
fn is_percentage(unit_of_measure: &str) -> bool {
    let folded = text::fold(unit_of_measure);
    ["%", "‰", "phan tram", "phan nghin", "percent", "per cent"].iter().any(|share| folded.contains(share))
}

fn is_too_long(value: Decimal) -> bool {
    value.mantissa().unsigned_abs() >= TOO_LONG
}
