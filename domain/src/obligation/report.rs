//! Reports: what a unit says about one or more of its obligations, with evidence and figures (L3, L6, L7).

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::case::{AskedFigure, Case, Decided};
use super::gate::{self, Decisions};
use super::life::{State, Step, next};
use super::timing::received_on;
use crate::day::Day;
use crate::directive::Aggregation;
use crate::forest::Forest;
use crate::ids::{DirectiveId, ObligationId, ReportId, UnitId};
use crate::indicator::is_within_digits;
use crate::refusal::{FigureRefusal, InputRefusal, Noun, ObligationRefusal, Refusal};

/// One report as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportInput {
    /// The id that it will have.
    pub id: ReportId,
    /// What it serves, in the order given.
    pub obligations: Vec<ObligationId>,
    /// The day of the event that it tells of.
    pub held_on: Option<Day>,
    /// The day on which it came on paper; only a supervisor enters it (L3).
    pub received_on: Option<Day>,
    /// The document that is the evidence (L6).
    pub document: Option<Document>,
    /// Its figures.
    pub readings: Vec<ReadingInput>,
    /// The version that each of its obligations must have.
    pub expected_version: Option<i64>,
}

/// A directive that a report names as its evidence (L6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// It.
    pub id: DirectiveId,
    /// Who issued it.
    pub issuer: UnitId,
    /// Whether it has been issued; one that ended later has been.
    pub was_issued: bool,
}

/// One figure as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingInput {
    /// The indicator's key.
    pub key: String,
    /// Exact.
    pub value: Decimal,
}

/// One report that may be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedReport {
    /// Its id.
    pub id: ReportId,
    /// Whose it is.
    pub unit: UnitId,
    /// The day on which it came (L3).
    pub received_on: Day,
    /// Whether a supervisor entered it from paper (L2, L3).
    pub on_paper: bool,
    /// What it does to each obligation, in the order given.
    pub decided: Vec<Decided>,
}

/// Plans all reports of one call: all or none. Each serves obligations of one unit (L7); no obligation is served twice. What
/// closes at once opens the gates of what follows (L5). `cases` are the obligations that the inputs name, in any order.
///
/// # Errors
/// All refusals, with paths such as `reports.0.obligations.1`.
pub fn plan_reports(forest: &Forest, cases: &[Case], inputs: &[ReportInput], today: Day) -> Result<Vec<PlannedReport>, Vec<Refusal>> {
    let by_id = cases.iter().map(|case| (case.id, case)).collect();
    let mut desk = Desk { forest, today, by_id, served: HashSet::new(), decisions: Decisions::new() };
    let (mut planned, mut refusals) = (Vec::with_capacity(inputs.len()), Vec::new());
    for (at, input) in inputs.iter().enumerate() {
        match desk.plan(input) {
            Ok(report) => planned.push(report),
            Err(no) => refusals.extend(no.into_iter().map(|refusal| refusal.at(at).within("reports"))),
        }
    }
    if refusals.is_empty() { Ok(planned) } else { Err(refusals) }
}

/// What the reports of one call have in common.
struct Desk<'a> {
    forest: &'a Forest,
    today: Day,
    by_id: HashMap<ObligationId, &'a Case>,
    served: HashSet<ObligationId>,
    decisions: Decisions,
}

impl<'a> Desk<'a> {
    fn plan(&mut self, input: &ReportInput) -> Result<PlannedReport, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let cases = self.cases(input, &mut refusals);
        let Some((_, first)) = cases.first() else { return Err(refusals) };
        let unit = first.unit;
        let came_on = self.days(input, &cases, &mut refusals);
        check_document(input, unit, &cases, &mut refusals);
        check_readings(input, &cases, &mut refusals);
        let mut decided = Vec::with_capacity(cases.len());
        for &(at, case) in &cases {
            match self.report(input, case, unit, came_on) {
                Ok(decision) => decided.push(decision),
                Err(refusal) => refusals.push(refusal.at(at).within("obligations")),
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(PlannedReport {
            id: input.id,
            unit,
            received_on: decided.iter().filter_map(|decision| decision.reported_on).max().unwrap_or(came_on),
            on_paper: input.received_on.is_some(),
            decided,
        })
    }

    /// The obligations that it serves, with their places in the input; refuses those that are unknown or named twice.
    fn cases(&mut self, input: &ReportInput, refusals: &mut Vec<Refusal>) -> Vec<(usize, &'a Case)> {
        if input.obligations.is_empty() {
            refusals.push(Refusal::from(InputRefusal::NothingGiven).by("L7").within("obligations"));
        }
        let mut cases = Vec::with_capacity(input.obligations.len());
        for (at, id) in input.obligations.iter().enumerate() {
            let given = id.to_string();
            let refused = match self.by_id.get(id) {
                None => InputRefusal::NotFound { wanted: Noun::Obligation, given },
                Some(_) if !self.served.insert(*id) => InputRefusal::Twice { given, of: Some(Noun::Obligation) },
                Some(case) => {
                    cases.push((at, *case));
                    continue;
                }
            };
            refusals.push(Refusal::from(refused).at(at).within("obligations"));
        }
        cases
    }

    /// The day on which it came, held against the days of all directives that it reports on.
    fn days(&self, input: &ReportInput, cases: &[(usize, &Case)], refusals: &mut Vec<Refusal>) -> Day {
        if input.held_on.is_some_and(|held_on| held_on > self.today) {
            refusals.push(Refusal::from(InputRefusal::LaterThan { latest: self.today.to_string() }).by("L7").within("heldOn"));
        }
        let issued_on = cases.iter().map(|(_, case)| case.terms.issued_on).max().unwrap_or(Day::MIN);
        received_on(input.received_on, issued_on, self.today).unwrap_or_else(|refusal| {
            refusals.push(refusal);
            self.today
        })
    }

    fn report(&mut self, input: &ReportInput, case: &Case, unit: UnitId, came_on: Day) -> Result<Decided, Refusal> {
        if case.unit != unit {
            return Err(ObligationRefusal::OtherUnit.into());
        }
        if let Some(expected) = input.expected_version.filter(|&expected| expected != case.version) {
            return Err(InputRefusal::Stale { expected, current: case.version }.into());
        }
        let to = next(case.state, Step::Report, case.circumstances(self.forest))?;
        if to == State::Fulfilled {
            gate::ask(&case.gate, (self.forest, case.unit), &self.decisions)?;
        }
        self.decisions.insert(case.id, to);
        let kept = case.reported_on.filter(|_| case.state == State::Reported);
        Ok(Decided {
            reported_on: Some(kept.unwrap_or(came_on)),
            report: Some(input.id),
            replaces: case.waiting.map(|waiting| waiting.report),
            ..case.decided(Step::Report, to)
        })
    }
}

/// The document is the unit's own and has been issued; where an obligation asks for one, it is there (L6).
fn check_document(input: &ReportInput, unit: UnitId, cases: &[(usize, &Case)], refusals: &mut Vec<Refusal>) {
    let refused = match input.document {
        None if cases.iter().any(|(_, case)| case.terms.asks_for_document) => ObligationRefusal::DocumentMissing,
        Some(document) if document.issuer != unit => ObligationRefusal::DocumentOfAnother,
        Some(document) if !document.was_issued => ObligationRefusal::DocumentNotIssued,
        _ => return,
    };
    refusals.push(Refusal::from(refused).within("directive"));
}

/// Keys are known and come once, what is required is there, a ratio comes with both of its figures (L7, C9).
fn check_readings(input: &ReportInput, cases: &[(usize, &Case)], refusals: &mut Vec<Refusal>) {
    let asked: Vec<&AskedFigure> = cases.iter().flat_map(|(_, case)| &case.terms.figures).collect();
    let mut given = HashSet::new();
    for (at, reading) in input.readings.iter().enumerate() {
        let no = |reason: Refusal, field| reason.within(field).at(at).within("readings");
        if !asked.iter().any(|figure| *figure.key == *reading.key) {
            refusals.push(no(FigureRefusal::UnknownIndicator { key: reading.key.clone(), known: keys(&asked) }.into(), "indicator"));
        } else if !given.insert(reading.key.as_str()) {
            refusals.push(no(Refusal::from(InputRefusal::Twice { given: reading.key.clone(), of: None }).by("L7"), "indicator"));
        }
        if !is_within_digits(reading.value) {
            refusals.push(no(FigureRefusal::TooManyDigits.into(), "value"));
        }
        if let Some(reason) = check_sign(reading, &asked, &input.readings) {
            refusals.push(no(reason.into(), "value"));
        }
    }
    let mut missed = HashSet::new();
    for figure in asked {
        let is_there = given.contains(&*figure.key);
        let over = figure.ratio_over.as_deref().filter(|over| figure.aggregation == Aggregation::Ratio && !given.contains(over));
        let refused = match over {
            _ if figure.required && !is_there => FigureRefusal::ReadingMissing { key: figure.key.to_string() },
            Some(over) if is_there => FigureRefusal::HalfARatio { key: figure.key.to_string(), over: over.to_owned() },
            _ => continue,
        };
        if missed.insert(&*figure.key) {
            refusals.push(Refusal::from(refused).within("readings"));
        }
    }
}

/// What a ratio is measured against is not negative, nor 0 where there is something to measure; what is counted is not negative (C9).
fn check_sign(reading: &ReadingInput, asked: &[&AskedFigure], all: &[ReadingInput]) -> Option<FigureRefusal> {
    let key = || reading.key.clone();
    let mut ratios = asked.iter().filter(|figure| figure.ratio_over.as_deref() == Some(&*reading.key)).peekable();
    if reading.value < Decimal::ZERO {
        let is_count = || asked.iter().any(|figure| *figure.key == *reading.key && !figure.may_be_negative);
        return match ratios.peek() {
            Some(_) => Some(FigureRefusal::NegativeBase { key: key() }),
            None => is_count().then(|| FigureRefusal::NegativeCount { key: key() }),
        };
    }
    // Nothing of nothing adds nothing to either sum: a unit without members can still say that none has studied.
    let is_something = |figure: &&&AskedFigure| all.iter().any(|other| *other.key == *figure.key && !other.value.is_zero());
    let ratio = ratios.find(is_something).filter(|_| reading.value.is_zero())?;
    Some(FigureRefusal::RatioOverZero { key: ratio.key.to_string(), over: key() })
}

/// The keys that the requirements know, each once, in order.
fn keys(asked: &[&AskedFigure]) -> Vec<String> {
    let mut keys: Vec<String> = asked.iter().map(|figure| figure.key.to_string()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
