//! Extending due dates (L4): no date gets earlier, and "no date" is later than any (T2).

use super::bulk::{check_list, ensure_reason, gather, noted};
use super::case::{Case, Extension, Terms};
use crate::day::{Day, later_due};
use crate::ids::ObligationId;
use crate::refusal::{ObligationRefusal, Refusal};

/// A due date that moves, for the store to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extended {
    /// The obligation.
    pub obligation: ObligationId,
    /// Its version when it was loaded.
    pub version: i64,
    /// The dates.
    pub extension: Extension,
}

/// What extending a requirement changes: a dated fact beside it, and its open obligations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedRequirement {
    /// The requirement's own dates; obligations made later start from the new one.
    pub extension: Extension,
    /// The obligations whose date moves.
    pub obligations: Vec<Extended>,
}

/// Moves a date to a later one.
///
/// # Errors
/// [`ObligationRefusal::NotLater`] where it would stay or get earlier.
pub fn extended_due(current: Option<Day>, to: Day) -> Result<Extension, ObligationRefusal> {
    match current {
        Some(from) if from < to => Ok(Extension { from, to }),
        _ => Err(ObligationRefusal::NotLater { current }),
    }
}

/// Extends the obligations that are named, in the order of `obligations` in the input: all or none.
///
/// # Errors
/// All refusals, with their paths.
pub fn plan_extend(cases: &[Case], to: Day, reason: &str) -> Result<Vec<Extended>, Vec<Refusal>> {
    let mut refusals = ensure_reason(reason);
    check_list(cases, &mut refusals);
    gather(cases, refusals, |case| extend(case, to))
}

/// Extends a whole requirement: each of its open obligations goes to the later of both dates. `due_on` is the requirement's own date
/// after its earlier extensions; `cases` are its obligations, of which only the open ones move.
///
/// # Errors
/// A recurring requirement, which is extended through its obligations; a date that is not later than the requirement's.
pub fn plan_extend_requirement(
    terms: &Terms,
    due_on: Option<Day>,
    cases: &[Case],
    to: Day,
    reason: &str,
) -> Result<ExtendedRequirement, Vec<Refusal>> {
    let mut refusals = ensure_reason(reason);
    if terms.recurs {
        refusals.push(Refusal::from(ObligationRefusal::Recurring).within("requirement"));
        return Err(refusals);
    }
    match noted(extended_due(due_on, to), "dueOn", &mut refusals) {
        Some(extension) if refusals.is_empty() => {
            let open = cases.iter().filter(|case| case.state.is_open());
            Ok(ExtendedRequirement { extension, obligations: open.filter_map(|case| later_of_both(case, to)).collect() })
        }
        _ => Err(refusals),
    }
}

/// Whether there is a date to extend (A6): "no date" is later than any (T2).
pub fn may_extend(case: &Case) -> bool {
    case.state.is_open() && case.due_on.is_some()
}

fn later_of_both(case: &Case, to: Day) -> Option<Extended> {
    let (from, to) = (case.due_on?, later_due(case.due_on, Some(to))?);
    (from < to).then_some(Extended { obligation: case.id, version: case.version, extension: Extension { from, to } })
}

fn extend(case: &Case, to: Day) -> Result<Extended, ObligationRefusal> {
    if case.state.is_closed() {
        return Err(ObligationRefusal::NotOpen { state: case.state });
    }
    Ok(Extended { obligation: case.id, version: case.version, extension: extended_due(case.due_on, to)? })
}
