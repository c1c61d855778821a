//! A large reorganization: what grows with the square of the units or of the obligations would not come to its end here.

use super::*;

const UNITS: usize = 2_500;
const DIRECTIVES: usize = 20;
const LATE: usize = 5;

/// A province: a bloc, committees below it, and ten cells below each.
fn province(name: &str) -> String {
    let mut tree = format!("{name}\n  {name}-khoi\n");
    for number in 2..UNITS {
        let indent = if number % 11 == 2 { "    " } else { "      " };
        writeln!(tree, "{indent}{name}-{number}").unwrap();
    }
    tree
}

#[test]
fn s1_two_provinces_become_one_with_all_that_they_owe() {
    let forest = fixture::forest(&(province("p") + &province("q") + "r"));
    let units: Vec<UnitId> = forest.units().iter().map(|unit| unit.id).collect();
    let mut batch = vec![change("merge p,q into r")];
    // A new bloc takes over both blocs, and each committee of the first one takes in one of the second.
    batch.extend([change("establish n BLOC under r"), change("merge p-khoi,q-khoi into n")]);
    let committees = (2..UNITS).filter(|number| number % 11 == 2);
    batch.extend(committees.map(|number| change(&format!("merge p-{number},q-{number} into p-{number}"))));
    let (with, endings) = shifted(&forest, &batch);
    let mut bonds = Vec::new();
    for province in ["p", "q"] {
        bonds.extend((0..DIRECTIVES).map(|number| bond(&format!("{province}{number} issuer={province} of={province}{number}"))));
    }
    // What the third province asks of all its units it asks of the new ones, too.
    bonds.extend((0..LATE).map(|number| bond(&format!("r{number} issuer=r"))));
    let owed = |bond: &Bond, unit: UnitId| forest.is_below(unit, bond.issuer);
    let pairs = bonds.iter().flat_map(|bond| units.iter().map(move |unit| (bond, *unit))).filter(|(bond, unit)| owed(bond, *unit));
    let held: Vec<Held<'_>> = pairs
        .zip(0_u128..)
        .map(|((bond, unit), number)| Held {
            id: ObligationId(uuid::Uuid::from_u128(number)),
            bond,
            unit,
            period: String::new(),
            state: State::Pending,
            due_on: bond.due_on,
            reported_on: None,
            kept: false,
            cause: None,
            is_void: false,
        })
        .collect();
    assert!(held.len() >= 99_000 && forest.len() > 4_990, "{} {}", held.len(), forest.len());
    let shift = Shift { day: day(TODAY), without: &forest, with: &with, endings: &endings };
    let decisions: Vec<Decision> = (0..20).map(|number| decision(&format!("decide p release of=p{number}"))).collect();
    let estate = Estate { shift, bonds: &bonds, held: &held, predecessors: &HashMap::new() };
    let done = plan_succession(estate, &decisions, Judgement::Asked).unwrap();
    let transfers = done.iter().filter(|one| matches!(one, Consequence::Transfer { .. })).count();
    let late = done.iter().filter(|one| matches!(one, Consequence::Create(new) if new.reasons[0].predecessor().is_none())).count();
    // Of the first province only the bloc ends, and what that owed is released; of the second the bloc and all committees end.
    let ended = (2..UNITS).filter(|number| number % 11 == 2).count() + 1;
    assert_eq!((transfers, late), (DIRECTIVES * ended, LATE * (with.len() - 1)));
}
