mod planning;
mod reading;

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::day::Validity;
use crate::fixture;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::{KindRegister, PlacementRule, UnitKind};
use crate::reorganization::{self, ExternalId, Ground, Judgement, Taken};
use crate::text;
use crate::unit::OrgUnit;

const DAY: &str = "2025-07-01";

/// Two kinds that may stand anywhere, so that any tree is permitted.
fn free_kinds() -> KindRegister {
    let rule = |parent: Option<&str>| PlacementRule { parent: parent.map(Into::into), validity: Validity::since(Day::MIN) };
    let kind = |code: &str, name: &str, rank| UnitKind {
        code: code.into(),
        name_vi: name.into(),
        name_en: code.to_lowercase(),
        rank,
        rules: vec![rule(None), rule(Some("BANG")), rule(Some("HUYEN"))],
    };
    KindRegister::new(vec![kind("BANG", "Bang", 1), kind("HUYEN", "Huyện", 2)])
}

/// Random trees and tables by the numbers of units: see [`Wish::unit`].
#[derive(Clone, Debug)]
struct Wish {
    /// Which of 14 units, each once, in the order of their rows.
    codes: Vec<usize>,
    looks: Vec<(usize, usize, Option<u32>, Vec<usize>)>,
    parents: Vec<prop::sample::Index>,
}

const UNITS: usize = 14;

fn any_wish() -> impl Strategy<Value = Wish> {
    let look = (0..2_usize, 0..3_usize, prop::option::of(0..3_u32), prop::collection::vec(0..9_usize, 0..3));
    let order = prop::sample::subsequence((0..UNITS).collect::<Vec<_>>(), 1..=UNITS).prop_shuffle();
    (order, prop::collection::vec(look, UNITS), prop::collection::vec(any::<prop::sample::Index>(), UNITS))
        .prop_map(|(codes, looks, parents)| Wish { codes, looks, parents })
}

fn code(number: usize) -> String {
    format!("U-{number}")
}

fn external_id(number: usize) -> ExternalId {
    let (scheme, value) = [("s", "1"), ("s:x", "a;b"), ("s\\", ": ;"), ("đ", "1")][number % 4];
    ExternalId { scheme: scheme.into(), value: format!("{number}{value}").into() }
}

impl Wish {
    /// The units, parents before children; each external id belongs to the first that wants it.
    fn units(&self) -> Vec<(OrgUnit, Vec<ExternalId>)> {
        let mut taken = HashSet::new();
        let each = self.codes.iter().enumerate().map(|(at, number)| {
            let (kind, name, count, ids) = &self.looks[*number];
            // One place more than there are units before it: the last means a root.
            let parent = Some(self.parents[*number].index(at + 1)).filter(|&parent| parent < at);
            let mut unit =
                fixture::unit(&code(*number), ["BANG", "HUYEN"][*kind], parent.map(|parent| fixture::id(&code(self.codes[parent]))));
            unit.rename(["Chi bộ 1", "Đảng uỷ, Khối", "x;\"y\""][*name]);
            unit.short_name = (*name > 0).then(|| format!("n{name}").into());
            unit.member_count = *count;
            let mut ids: Vec<ExternalId> = ids.iter().filter(|id| taken.insert(**id)).map(|id| external_id(*id)).collect();
            ids.sort();
            (unit, ids)
        });
        each.collect()
    }
}

type Held = HashMap<UnitId, Vec<ExternalId>>;

fn grown(wish: &Wish) -> (Forest, Held) {
    let units = wish.units();
    let held = units.iter().filter(|(_, ids)| !ids.is_empty()).map(|(unit, ids)| (unit.id, ids.clone())).collect();
    (Forest::build(units.into_iter().map(|(unit, _)| unit).collect(), &free_kinds()).unwrap(), held)
}

fn taken(held: &Held) -> Taken {
    let external_ids = held.iter().flat_map(|(unit, ids)| ids.iter().map(|id| (id.clone(), *unit))).collect();
    Taken { external_ids, ..Taken::default() }
}

/// The table of a tree, as it is read again from its export.
fn exported(forest: &Forest, held: &Held) -> Table {
    let mut reader = TableReader::default();
    let headings = EXPORTED.map(|column| Cell::text(column.name(crate::refusal::Locale::Vi)));
    reader.take(&Line::of(1, headings));
    for (number, cells) in (2..).zip(lines_of(forest, held)) {
        reader.take(&Line::of(number, cells));
    }
    reader.finish()
}

fn planned(forest: &Forest, held: &Held, missing: Missing, table: &Table) -> Result<TablePlan, Faults> {
    planned_with(forest, held, (missing, Gone::Refused), table)
}

fn planned_with(forest: &Forest, held: &Held, (missing, gone): (Missing, Gone), table: &Table) -> Result<TablePlan, Faults> {
    let (kinds, taken) = (free_kinds(), taken(held));
    let ground = TableGround { day: fixture::day(DAY), forest, kinds: &kinds, taken: &taken, later: &HashMap::new(), missing, gone };
    let mut next = 0_u128;
    plan_table(ground, table, || {
        next += 1;
        UnitId(uuid::Uuid::from_u128(next))
    })
}

/// The tree after the changes, and who has which external ids.
fn carried_out(forest: &Forest, held: &Held, plan: &TablePlan) -> (Forest, Held) {
    if plan.changes.is_empty() {
        return (forest.clone(), held.clone());
    }
    let (kinds, taken) = (free_kinds(), taken(held));
    let ground = Ground { day: fixture::day(DAY), forest, kinds: &kinds, taken: &taken, judgement: Judgement::Asked };
    let batch = reorganization::plan(ground, &plan.changes).unwrap_or_else(|no| panic!("{no:?}"));
    let mut after = held.clone();
    for touched in &batch.touched {
        if let Some(ids) = &touched.external_ids {
            after.insert(touched.unit, ids.clone());
        }
    }
    after.retain(|_, ids| !ids.is_empty());
    (batch.forest_after(forest, &kinds).unwrap(), after)
}

/// What a tree says of its units, by code.
fn facts(forest: &Forest, held: &Held) -> BTreeMap<String, String> {
    let parent = |unit: &OrgUnit| unit.parent.map(|parent| forest.code_of(parent));
    let each = forest.units().iter().map(|unit| {
        let ids = held.get(&unit.id).cloned().unwrap_or_default();
        let fact = format!("{} {:?} {:?} {:?} under {:?} {ids:?}", unit.kind, unit.name, unit.short_name, unit.member_count, parent(unit));
        (unit.code.to_string(), fact)
    });
    each.collect()
}

proptest! {
    #[test]
    fn o11_the_export_of_any_tree_imports_without_a_change(wish in any_wish()) {
        let (forest, held) = grown(&wish);
        for missing in [Missing::Stay, Missing::Dissolve] {
            let plan = planned(&forest, &held, missing, &exported(&forest, &held)).map_err(|bad| TestCaseError::fail(format!("{bad:?}")))?;
            prop_assert_eq!(plan.changes, vec![]);
        }
    }

    #[test]
    fn o11_the_tree_becomes_equal_to_the_table_whatever_it_was(before in any_wish(), table in any_wish(), seed in any::<u64>()) {
        let (forest, held) = grown(&before);
        let (wanted, wanted_ids) = grown(&table);
        let mut table = exported(&wanted, &wanted_ids);
        // Parents and children in any order.
        table.rows.sort_by_key(|row| text::fold(row.code.as_deref().unwrap()).bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)));
        match planned(&forest, &held, Missing::Dissolve, &table) {
            Ok(plan) => {
                let (after, ids) = carried_out(&forest, &held, &plan);
                let active: Held = ids.iter().filter(|(unit, _)| after.unit(**unit).is_some()).map(|(unit, ids)| (*unit, ids.clone())).collect();
                prop_assert_eq!(facts(&after, &active), facts(&wanted, &wanted_ids));
                let again = planned(&after, &ids, Missing::Dissolve, &table).map_err(|bad| TestCaseError::fail(format!("{bad:?}")))?;
                prop_assert_eq!(again.changes, vec![], "a second time changes nothing");
            }
            // A unit that ends keeps its external ids (O9).
            Err(bad) => {
                prop_assert!(bad.told().iter().all(|bad| bad.column == Some(Column::ExternalIds) && bad.why.rule() == "O9"), "{bad:?}");
            }
        }
    }

    #[test]
    fn o11_units_that_have_ended_are_brought_back_and_the_tree_is_equal_to_the_table(before in any_wish(), gone in any_wish(), table in any_wish()) {
        let (forest, mut held) = grown(&before);
        let had: HashSet<ExternalId> = held.values().flatten().cloned().collect();
        let mut ended = Vec::new();
        for (unit, mut ids) in gone.units().into_iter().filter(|(unit, _)| forest.unit(unit.id).is_none()) {
            ids.retain(|id| !had.contains(id));
            held.insert(unit.id, ids);
            ended.push(crate::forest::Ended { unit, ended_on: fixture::day("2020-01-01"), heirs: vec![] });
        }
        let forest = forest.after(ended);
        let (wanted, wanted_ids) = grown(&table);
        let table = exported(&wanted, &wanted_ids);
        match planned_with(&forest, &held, (Missing::Dissolve, Gone::Reopened), &table) {
            Ok(plan) => {
                let (after, ids) = carried_out(&forest, &held, &plan);
                let active: Held = ids.iter().filter(|(unit, _)| after.unit(**unit).is_some()).map(|(unit, ids)| (*unit, ids.clone())).collect();
                prop_assert_eq!(facts(&after, &active), facts(&wanted, &wanted_ids));
                let again = planned_with(&after, &ids, (Missing::Dissolve, Gone::Reopened), &table);
                prop_assert_eq!(again.map_err(|bad| TestCaseError::fail(format!("{bad:?}")))?.changes, vec![], "a second time changes nothing");
            }
            // One that the table does not have keeps its external ids (O9).
            Err(bad) => {
                prop_assert!(bad.told().iter().all(|bad| bad.column == Some(Column::ExternalIds) && bad.why.rule() == "O9"), "{bad:?}");
            }
        }
    }

    #[test]
    fn o11_what_the_table_does_not_have_stays(before in any_wish(), table in any_wish()) {
        let (forest, held) = grown(&before);
        let (wanted, _) = grown(&table);
        let mut table = exported(&wanted, &Held::new());
        table.rows.iter_mut().for_each(|row| row.external_ids = None);
        match planned(&forest, &held, Missing::Stay, &table) {
            Ok(plan) => {
                let (after, ids) = carried_out(&forest, &held, &plan);
                prop_assert_eq!(&ids, &held, "without the column external ids stay");
                let (told, before, wanted) = (facts(&after, &Held::new()), facts(&forest, &Held::new()), facts(&wanted, &Held::new()));
                for (code, fact) in &told {
                    prop_assert_eq!(Some(fact), wanted.get(code).or_else(|| before.get(code)));
                }
                prop_assert_eq!(told.len(), wanted.keys().chain(before.keys()).collect::<HashSet<_>>().len());
            }
            Err(bad) => prop_assert!(bad.told().iter().all(|bad| bad.why.code() == crate::refusal::Code::Cycle), "{bad:?}"),
        }
    }
}

#[test]
fn o11_a_table_that_is_wrong_a_million_times_is_counted_and_told_in_part() {
    let mut reader = TableReader::default();
    reader.take(&Line::of(1, ["code", "kind", "name", "parent code"].map(Cell::text)));
    for number in 2..=5_001 {
        let mut line = Line::of(number, ["", "LAKE"].map(Cell::text));
        (0..100).for_each(|more| line.put(16_000 + more, Cell::text("x")));
        reader.take(&line);
    }
    let table = reader.finish();
    assert_eq!(table.bad.count(), 15_000, "no code, no name, and once a row what stands beyond the headings");
    let forest = fixture::forest("khoi BLOC");
    let bad = planned(&forest, &Held::new(), Missing::Stay, &table).unwrap_err();
    assert_eq!((bad.count(), bad.told().len()), (20_000, TOLD));
    let words: Vec<String> = bad.told().iter().map(|bad| bad.words(crate::refusal::Locale::En)).collect();
    assert_eq!(words.iter().filter(|words| words.contains("choose one of")).count(), 1, "the kinds are listed once");
    assert!(
        words[7].starts_with("row 3, column \"kind\", \"LAKE\": there is no such kind either: choose from those that row `2` lists"),
        "{}",
        words[7]
    );
    assert_eq!(bad.told().last().and_then(|bad| bad.row), Some(251), "the first rows are told");
}
