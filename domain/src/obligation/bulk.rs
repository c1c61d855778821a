//! Steps on several obligations at once: all or none, every refusal with its path (L1, L2, L5).

use std::collections::{HashMap, HashSet};

use super::acceptance::{Verification, acceptor};
use super::case::{Case, Decided};
use super::extension::extended_due;
use super::gate::{self, Decisions};
use super::life::{Circumstances, State, Step, next};
use crate::day::Day;
use crate::forest::Forest;
use crate::ids::{ObligationId, PrincipalId};
use crate::refusal::{InputRefusal, Noun, ObligationRefusal, Refusal};
use crate::succession::Cause;

/// The units have read what binds them. Here and below, `cases` stand in the order of `obligations` in the input.
///
/// # Errors
/// A step that L1 does not list; no obligation, or one that is named twice. All refusals, with their paths.
pub fn plan_acknowledge(cases: &[Case]) -> Result<Vec<Decided>, Vec<Refusal>> {
    plan_step(cases, Step::Acknowledge)
}

/// The units begin.
///
/// # Errors
/// As [`plan_acknowledge`].
pub fn plan_start(cases: &[Case]) -> Result<Vec<Decided>, Vec<Refusal>> {
    plan_step(cases, Step::Start)
}

/// The units are excused, with a reason.
///
/// # Errors
/// As [`plan_acknowledge`]; no reason.
pub fn plan_exempt(cases: &[Case], reason: &str) -> Result<Vec<Decided>, Vec<Refusal>> {
    let mut refusals = ensure_reason(reason);
    check_list(cases, &mut refusals);
    gather(cases, refusals, |case| {
        let to = next(case.state, Step::Exempt, Circumstances::default())?;
        Ok(Decided { reason: Some(reason.to_owned()), ..case.decided(Step::Exempt, to) })
    })
}

/// The reports that wait are accepted by `actor`, in the order given, so that what is accepted first may open the gate of what
/// follows (L5).
///
/// # Errors
/// As [`plan_acknowledge`]; a report that `actor` submitted, or that nobody stands above to accept (L2); a closed gate.
pub fn plan_accept(forest: &Forest, cases: &[Case], actor: PrincipalId) -> Result<Vec<Decided>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    check_list(cases, &mut refusals);
    let mut decisions = Decisions::new();
    gather(cases, refusals, |case| {
        let decided = accept(forest, case, actor, &decisions)?;
        decisions.insert(case.id, decided.to);
        Ok(decided)
    })
}

fn accept(forest: &Forest, case: &Case, actor: PrincipalId, decisions: &Decisions) -> Result<Decided, ObligationRefusal> {
    let to = next(case.state, Step::Accept, case.circumstances(forest))?;
    let verification = case.terms.verification;
    if verification != Verification::Itself {
        if case.waiting.is_some_and(|waiting| waiting.submitted_by == actor && !waiting.on_paper) {
            return Err(ObligationRefusal::OwnReport);
        }
        if acceptor(forest, verification, case.unit, case.terms.issuer).is_none() {
            return Err(ObligationRefusal::NobodyAccepts);
        }
    }
    if to == State::Fulfilled {
        gate::ask(&case.gate, (forest, case.unit), decisions)?;
    }
    Ok(Decided { report: case.waiting.map(|waiting| waiting.report), ..case.decided(Step::Accept, to) })
}

/// The report that waits is returned, with a reason and, for who may extend, a new date (L4).
///
/// # Errors
/// A step that L1 does not list; no reason; a date that is not later than the one that it has.
pub fn plan_return(case: &Case, reason: &str, new_due_on: Option<Day>) -> Result<Decided, Vec<Refusal>> {
    let mut refusals = ensure_reason(reason);
    let to = noted(next(case.state, Step::Return, Circumstances::default()), "obligation", &mut refusals);
    let extension = new_due_on.map(|day| extended_due(case.due_on, day)).transpose();
    let extension = noted(extension, "newDueOn", &mut refusals);
    let (Some(to), Some(extension), true) = (to, extension, refusals.is_empty()) else { return Err(refusals) };
    Ok(Decided {
        due_on: extension.map_or(case.due_on, |extension| Some(extension.to)),
        extension,
        report: case.waiting.map(|waiting| waiting.report),
        reason: Some(reason.to_owned()),
        ..case.decided(Step::Return, to)
    })
}

/// What was fulfilled or excused is open again, with a reason, while the directive is in force and the unit stands in the issuer's
/// subtree (L1).
///
/// # Errors
/// A step that L1 does not list; no reason; a directive that has ended; a unit that has left.
pub fn plan_reopen(forest: &Forest, case: &Case, reason: &str) -> Result<Decided, Vec<Refusal>> {
    let mut refusals = ensure_reason(reason);
    match noted(reopen(forest, case), "obligation", &mut refusals) {
        Some(to) if refusals.is_empty() => Ok(Decided { reason: Some(reason.to_owned()), ..case.decided(Step::Reopen, to) }),
        _ => Err(refusals),
    }
}

fn reopen(forest: &Forest, case: &Case) -> Result<State, ObligationRefusal> {
    let to = next(case.state, Step::Reopen, Circumstances::default())?;
    if !case.terms.is_in_force {
        return Err(ObligationRefusal::DirectiveEnded);
    }
    if !forest.covers(forest.stands_for(case.terms.issuer), case.unit) {
        return Err(ObligationRefusal::LeftIssuer);
    }
    Ok(to)
}

/// What is open of a directive that is concluded lapses; what is closed stays as it is (D6). Whether the directive may be concluded while
/// a report waits is the directive's rule.
pub fn plan_lapse(cases: &[Case], reason: &str) -> Vec<Decided> {
    let lapse = |case: &Case| {
        let to = next(case.state, Step::Lapse, Circumstances::default()).ok()?;
        Some(Decided { reason: Some(reason.to_owned()), ..case.decided(Step::Lapse, to) })
    };
    cases.iter().filter_map(lapse).collect()
}

/// What is open of a directive that another one replaces or repeals is released; what is closed stays as it is (D6, B6). `by` names the
/// other directive.
pub fn plan_release(cases: &[Case], cause: Cause, by: &str) -> Vec<Decided> {
    let release = |case: &Case| {
        let to = next(case.state, Step::Release, Circumstances::default()).ok()?;
        Some(Decided { reason: Some(by.to_owned()), cause: Some(cause), ..case.decided(Step::Release, to) })
    };
    cases.iter().filter_map(release).collect()
}

/// What lapsed when a directive was concluded returns to the state before, with its own date (D6); `before` tells that state.
pub fn plan_resume(cases: &[Case], before: &HashMap<ObligationId, State>, reason: &str) -> Vec<Decided> {
    let resume = |case: &Case| {
        let circumstances = Circumstances { before: before.get(&case.id).copied(), ..Circumstances::default() };
        let to = next(case.state, Step::Resume, circumstances).ok()?;
        Some(Decided { reason: Some(reason.to_owned()), ..case.decided(Step::Resume, to) })
    };
    cases.iter().filter_map(resume).collect()
}

/// The obligations of a directive whose reports hold up its conclusion (D6): those that wait. What is open outside the issuer's subtree was
/// kept there, and the issuer decides on it (S4).
pub fn holding_up(cases: &[Case]) -> Vec<&Case> {
    cases.iter().filter(|case| case.state == State::Reported).collect()
}

/// Whether `step` would be taken now, were the caller allowed to and all that it asks for given (A6); `viewer` is who would take it.
pub fn may_step(forest: &Forest, case: &Case, step: Step, viewer: Option<PrincipalId>) -> bool {
    let decided = Decisions::new();
    match step {
        Step::Accept => viewer.is_some_and(|viewer| accept(forest, case, viewer, &decided).is_ok()),
        Step::Reopen => reopen(forest, case).is_ok(),
        Step::Report => match next(case.state, step, case.circumstances(forest)) {
            Ok(State::Fulfilled) => gate::ask(&case.gate, (forest, case.unit), &decided).is_ok(),
            other => other.is_ok(),
        },
        _ => next(case.state, step, Circumstances::default()).is_ok(),
    }
}

fn plan_step(cases: &[Case], step: Step) -> Result<Vec<Decided>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    check_list(cases, &mut refusals);
    gather(cases, refusals, |case| Ok(case.decided(step, next(case.state, step, Circumstances::default())?)))
}

/// Decides case by case; adds each refusal, with its path, to those that there are. All or none.
pub(super) fn gather<T>(
    cases: &[Case],
    mut refusals: Vec<Refusal>,
    mut decide: impl FnMut(&Case) -> Result<T, ObligationRefusal>,
) -> Result<Vec<T>, Vec<Refusal>> {
    let mut planned = Vec::with_capacity(cases.len());
    for (at, case) in cases.iter().enumerate() {
        match decide(case) {
            Ok(decision) => planned.push(decision),
            Err(reason) => refusals.push(Refusal::from(reason).at(at).within("obligations")),
        }
    }
    if refusals.is_empty() { Ok(planned) } else { Err(refusals) }
}

/// What was decided, or nothing, and its refusal at `field` among the others.
pub(super) fn noted<T>(decided: Result<T, ObligationRefusal>, field: &'static str, refusals: &mut Vec<Refusal>) -> Option<T> {
    decided.map_err(|reason| refusals.push(Refusal::from(reason).within(field))).ok()
}

/// Refuses an empty list and what is named twice in it.
pub(super) fn check_list(cases: &[Case], refusals: &mut Vec<Refusal>) {
    if cases.is_empty() {
        refusals.push(Refusal::from(InputRefusal::NothingGiven).within("obligations"));
    }
    let mut seen = HashSet::new();
    for (at, case) in cases.iter().enumerate() {
        if !seen.insert(case.id) {
            refusals.push(
                Refusal::from(InputRefusal::Twice { given: case.id.to_string(), of: Some(Noun::Obligation) }).at(at).within("obligations"),
            );
        }
    }
}

pub(super) fn ensure_reason(reason: &str) -> Vec<Refusal> {
    if reason.trim().is_empty() { vec![Refusal::from(InputRefusal::Empty).within("reason")] } else { Vec::new() }
}
