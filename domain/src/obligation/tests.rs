//! The rules of section 5, each as data.

mod dates;
mod gates;
mod reports;
mod steps;
mod urging;

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::day::Day;
use crate::fixture::{day, id};
use crate::ids::{DirectiveId, ObligationId, PrincipalId, ReportId, RequirementId};
use crate::refusal::Refusal;

const TREE: &str = "province\n  bloc\n    office\n      cell\n    school\n  district";
const TODAY: &str = "2020-12-20";

fn number(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn principal(of: u128) -> PrincipalId {
    PrincipalId(number(of))
}

/// What a directive of the bloc asks for by default.
fn terms() -> Terms {
    Terms {
        requirement: RequirementId(number(1)),
        directive: DirectiveId(number(1)),
        issuer: id("bloc"),
        issued_on: day("2020-12-04"),
        is_in_force: true,
        verification: Verification::Superior,
        informative: false,
        recurs: false,
        asks_for_document: false,
        figures: Vec::new(),
    }
}

/// Obligation `of` of the office, due on 30 December.
fn case(of: u128, state: State, terms: Terms) -> Case {
    let came = matches!(state, State::Reported | State::Fulfilled);
    Case {
        id: ObligationId(number(of)),
        unit: id("office"),
        state,
        due_on: Some(day("2020-12-30")),
        reported_on: came.then(|| day("2020-12-10")),
        version: 1,
        waiting: (state == State::Reported).then(|| Waiting {
            report: ReportId(number(100 + of)),
            submitted_by: principal(7),
            on_paper: false,
        }),
        gate: Gate::default(),
        terms: Arc::new(terms),
        kept: false,
    }
}

/// The same, to be closed after obligation `of` in `state`.
fn after(mut case: Case, of: u128, state: State) -> Case {
    let ordinal = u32::try_from(of).unwrap();
    let (obligation, requirement) = (ObligationId(number(of)), RequirementId(number(of)));
    case.gate.after.push(Earlier { obligation, requirement, ordinal, title: "study".into(), state });
    case
}

/// Refusals as `code path`, in order.
fn told(refusals: &[Refusal]) -> Vec<String> {
    let path = |refusal: &Refusal| refusal.path().iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    refusals.iter().map(|refusal| format!("{:?} {} {}", refusal.code(), refusal.rule(), path(refusal))).collect()
}

fn today() -> Day {
    day(TODAY)
}
