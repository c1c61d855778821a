//! Urging (đôn đốc): a unit above reminds units that are behind (L9). It changes no state and no date.

use std::collections::BTreeMap;

use super::case::Case;
use crate::day::Day;
use crate::forest::Forest;
use crate::ids::{ObligationId, UnitId};
use crate::refusal::{InputRefusal, Noun, ObligationRefusal, Refusal};

/// What a reminder to `units` is about: of each, in the order given, every obligation among `cases` that is open and overdue (C6).
///
/// # Errors
/// No unit, one that is named twice, or one that is not behind, each at its place in `units`.
pub fn plan_urge(forest: &Forest, cases: &[Case], units: &[UnitId], today: Day) -> Result<Vec<ObligationId>, Vec<Refusal>> {
    let mut behind: BTreeMap<UnitId, Vec<ObligationId>> = BTreeMap::new();
    for case in cases.iter().filter(|case| is_behind(case, today)) {
        behind.entry(case.unit).or_default().push(case.id);
    }
    let (mut about, mut refusals) = (Vec::new(), Vec::new());
    for (at, unit) in units.iter().enumerate() {
        let refused: Refusal = if units[..at].contains(unit) {
            Refusal::from(InputRefusal::Twice { given: forest.code_of(*unit), of: Some(Noun::OrgUnit) }).by("L9")
        } else if let Some(own) = behind.get(unit) {
            about.extend(own);
            continue;
        } else {
            ObligationRefusal::NotBehind { unit: forest.code_of(*unit) }.into()
        };
        refusals.push(refused.at(at).within("units"));
    }
    if units.is_empty() {
        refusals.push(Refusal::from(InputRefusal::NothingGiven).by("L9").within("units"));
    }
    if refusals.is_empty() { Ok(about) } else { Err(refusals) }
}

/// Whether its unit is behind with it: it is open and overdue. What has lapsed is overdue too, and nobody can do it any more (C6).
pub fn is_behind(case: &Case, today: Day) -> bool {
    case.state.is_open() && case.timing().is_overdue(today)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::directive::Verification;
    use crate::fixture::{self, day, id};
    use crate::ids::{DirectiveId, RequirementId};
    use crate::obligation::{Gate, State, Terms};
    use crate::refusal::Locale;

    fn case(number: u128, unit: &str, state: State) -> Case {
        let terms = Terms {
            requirement: RequirementId(Uuid::from_u128(1)),
            directive: DirectiveId(Uuid::from_u128(1)),
            issuer: id("khoi"),
            issued_on: day("2020-12-04"),
            is_in_force: true,
            verification: Verification::Superior,
            informative: false,
            recurs: false,
            asks_for_document: false,
            figures: Vec::new(),
        };
        Case {
            id: ObligationId(Uuid::from_u128(number)),
            unit: id(unit),
            state,
            due_on: Some(day("2020-12-30")),
            reported_on: (state == State::Reported).then(|| day("2020-12-30")),
            version: 1,
            waiting: None,
            gate: Gate::default(),
            terms: Arc::new(terms),
            kept: false,
        }
    }

    #[test]
    fn l9_a_reminder_is_about_what_is_open_and_overdue_and_nothing_else() {
        let forest = fixture::forest("khoi\n  a\n  b\n  c");
        let cases = [
            case(1, "a", State::Pending),
            case(2, "a", State::Returned),
            case(3, "a", State::Fulfilled),
            case(4, "b", State::Reported),
            case(5, "c", State::Lapsed),
        ];
        let late = day("2020-12-31");
        let about = plan_urge(&forest, &cases, &[id("a")], late).unwrap();
        assert_eq!(about, [cases[0].id, cases[1].id]);
        assert!(plan_urge(&forest, &cases, &[id("a")], day("2020-12-30")).is_err(), "on its last day nobody is behind");
        let no = plan_urge(&forest, &cases, &[id("a"), id("b"), id("c"), id("a")], late).unwrap_err();
        let told: Vec<String> = no.iter().map(|no| format!("{} {}", no.rule(), no.words(Locale::En).split(':').next().unwrap())).collect();
        assert_eq!(
            told[..2],
            ["L9 `b` has nothing of this directive that is overdue", "L9 `c` has nothing of this directive that is overdue"]
        );
        assert_eq!(no.len(), 3, "one unit is named twice: {told:?}");
        assert!(plan_urge(&forest, &cases, &[], late).is_err());
    }
}
