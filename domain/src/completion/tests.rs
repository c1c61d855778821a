//! The counts of section 7, held against a model that walks up the tree for every question.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::day::Day;
use crate::fixture::{day, forest, id, kinds, unit, units};
use crate::forest::{Ended, Forest};
use crate::ids::UnitId;
use crate::obligation::{State, Timing};

const TODAY: &str = "2020-12-20";

/// An obligation of a unit: which unit, which requirement, and its dates.
#[derive(Clone, Copy, Debug)]
struct Row {
    unit: UnitId,
    requirement: u8,
    timing: Timing,
}

impl Row {
    fn tally(&self) -> Tally {
        Tally::of(Group::of(&self.timing, day(TODAY)), 1)
    }
}

fn timing() -> impl Strategy<Value = Timing> {
    let near = |days: i64| prop_oneof![Just(None), (0..days).prop_map(|days| Some(day("2020-12-15") + chrono::Duration::days(days)))];
    (0..10_usize, near(10), near(6), any::<bool>()).prop_map(|(state, due_on, reported_on, informative)| Timing {
        state: State::ALL[state],
        due_on,
        reported_on,
        informative,
    })
}

/// A tree as indented text: unit `n` stands under an earlier one or is a root.
fn tree() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<prop::sample::Index>(), 1..30).prop_map(|picks| {
        let mut depths: Vec<usize> = Vec::new();
        for pick in picks {
            let deepest = depths.last().map_or(0, |last| last + 1);
            depths.push(pick.index(deepest + 1));
        }
        let lines = depths.iter().enumerate().map(|(at, depth)| format!("{}unit-{at}", "  ".repeat(*depth)));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The units that had ended, where there are any: two that led to a unit of the tree, one that led to the first of them, one that led
/// nowhere. `gone-5` is not known at all.
fn gone() -> [UnitId; 5] {
    ["gone-1", "gone-2", "gone-3", "gone-4", "gone-5"].map(id)
}

/// A forest with what had ended before it, and obligations of all of them.
fn scene() -> impl Strategy<Value = (Forest, Vec<Row>)> {
    let rows = proptest::collection::vec((any::<prop::sample::Index>(), 0..3_u8, timing()), 0..80);
    (tree(), rows, any::<[prop::sample::Index; 3]>()).prop_map(|(tree, rows, picks)| {
        let forest = forest(&tree);
        let mut units: Vec<UnitId> = forest.units().iter().map(|unit| unit.id).collect();
        let pick = |at: usize| picks[at].get(&units).to_owned();
        let ended = |code: &str, kind: &str, parent, heirs: &[UnitId]| Ended {
            unit: unit(code, kind, parent),
            ended_on: day("2020-12-01"),
            heirs: heirs.to_vec(),
        };
        let forest = forest.after(vec![
            ended("gone-1", "BLOC", Some(pick(0)), &[pick(1)]),
            ended("gone-2", "CELL", Some(pick(2)), &[pick(0), pick(1)]),
            ended("gone-3", "CELL", None, &[id("gone-1")]),
            ended("gone-4", "PROVINCIAL", None, &[]),
        ]);
        units.extend(gone());
        let rows = rows.into_iter().map(|(at, requirement, timing)| Row { unit: *at.get(&units), requirement, timing });
        let rows = rows.collect();
        (forest, rows)
    })
}

fn rolled<'f>(forest: &'f Forest, rows: &[Row]) -> RollUp<&'f Forest> {
    RollUp::fold(forest, rows.iter().map(|row| (row.unit, row.tally())))
}

/// The model: every obligation is looked at by itself.
fn naive(forest: &Forest, rows: &[Row], belongs: impl Fn(UnitId) -> bool) -> Completion {
    let mut completion = Completion::default();
    let mut of_units: BTreeMap<UnitId, Vec<Timing>> = BTreeMap::new();
    for row in rows.iter().filter(|row| belongs(row.unit)) {
        completion.tally += row.tally();
        of_units.entry(row.unit).or_default().push(row.timing);
    }
    let excused = |timing: &Timing| timing.informative || matches!(timing.state, State::Exempt | State::Released | State::Transferred);
    for (unit, timings) in of_units {
        if forest.unit(unit).is_none() {
            completion.units.ended += 1;
            continue;
        }
        let counted: Vec<&Timing> = timings.iter().filter(|timing| !excused(timing)).collect();
        let is_complete = counted.iter().all(|timing| timing.state == State::Fulfilled);
        completion.units.bound += u32::from(!counted.is_empty());
        completion.units.complete += u32::from(!counted.is_empty() && is_complete);
        let is_behind = |timing: &&Timing| timing.state.is_open() && timing.is_overdue(day(TODAY));
        completion.units.behind += u32::from(counted.iter().any(is_behind));
    }
    completion
}

/// Whether `unit` is `top` or counts below it, by walking up; what has ended counts as a child of its place (C5).
fn stands_under(forest: &Forest, unit: UnitId, top: UnitId) -> bool {
    match forest.ended(unit) {
        Some(ended) => {
            let next = if let [heir] = ended.heirs[..] { Some(heir) } else { ended.unit.parent };
            next.is_some_and(|next| stands_under(forest, next, top))
        }
        None => forest.unit(unit).is_some() && (unit == top || forest.ancestors(unit).any(|above| above.id == top)),
    }
}

fn sum(parts: &[Part]) -> Tally {
    parts.iter().fold(Tally::default(), |sum, part| sum + part.completion.tally)
}

proptest! {
    #[test]
    fn c1_states_partition_total_and_cells_partition_counted(timings in proptest::collection::vec(timing(), 0..60)) {
        let today: Day = day(TODAY);
        let tally = timings.iter().fold(Tally::default(), |sum, timing| sum + Tally::of(Group::of(timing, today), 1));
        let count = |is: &dyn Fn(&Timing) -> bool| u32::try_from(timings.iter().filter(|timing| is(timing)).count()).unwrap();
        let excused = |timing: &Timing| matches!(timing.state, State::Exempt | State::Released | State::Transferred);
        prop_assert_eq!(tally.total(), count(&|_| true));
        prop_assert_eq!(tally.total(), State::ALL.into_iter().map(|state| tally.in_state(state)).sum::<u32>());
        for state in State::ALL {
            prop_assert_eq!(tally.in_state(state), count(&|timing| timing.state == state));
        }
        prop_assert_eq!(tally.informative, count(&|timing| timing.informative));
        prop_assert_eq!(tally.counted(), tally.total() - count(&|timing| timing.informative || excused(timing)));
        prop_assert_eq!(tally.counted(), tally.on_time + tally.late + tally.open_in_time + tally.overdue);
        prop_assert_eq!(tally.overdue, count(&|timing| timing.is_overdue(today)));
        prop_assert_eq!(tally.late, count(&|timing| timing.is_late() && !timing.informative));
        prop_assert_eq!(tally.done(), count(&|timing| timing.state == State::Fulfilled && !timing.informative));
        prop_assert_eq!(tally.behind(), count(&|timing| timing.state.is_open() && timing.is_overdue(today)));
    }

    #[test]
    fn c5_every_span_equals_the_model_and_what_has_ended_counts_at_its_place((forest, rows) in scene()) {
        let roll_up = rolled(&forest, &rows);
        for top in forest.units().iter().map(|unit| unit.id) {
            let under = |unit| stands_under(&forest, unit, top);
            prop_assert_eq!(roll_up.own(top), Some(naive(&forest, &rows, |unit| unit == top)));
            prop_assert_eq!(roll_up.below(top), Some(naive(&forest, &rows, |unit| unit != top && under(unit))));
            prop_assert_eq!(roll_up.subtree(top), Some(naive(&forest, &rows, under)));
            prop_assert_eq!(roll_up.outside(top), naive(&forest, &rows, |unit| !under(unit)));
        }
        prop_assert_eq!(roll_up.whole(), naive(&forest, &rows, |_| true));
        prop_assert_eq!(roll_up.nowhere(), naive(&forest, &rows, |unit| gone()[3..].contains(&unit)));
        let own = naive(&forest, &rows, |unit| unit == id("gone-1"));
        prop_assert_eq!(roll_up.own(id("gone-1")), Some(own));
        prop_assert_eq!(roll_up.subtree(id("gone-1")), Some(own), "what counts where it counts is not below it");
        prop_assert_eq!(roll_up.below(id("gone-1")), Some(Completion::default()));
        prop_assert_eq!(roll_up.own(id("gone-5")), None);
        prop_assert_eq!(roll_up.outside(id("gone-5")), roll_up.whole());
    }

    #[test]
    fn c10_parts_are_not_empty_and_add_up_to_the_whole((forest, rows) in scene(), pick in any::<prop::sample::Index>(), span in 0..6_usize) {
        let roll_up = rolled(&forest, &rows);
        let unit = pick.get(forest.units()).id;
        let spans = [Span::Own, Span::Below, Span::Subtree];
        let others = [Selection::Whole { issuer: unit }, Selection::Outside { issuer: unit }, Selection::Unknown];
        let selection = spans.get(span).map_or_else(|| others[span - 3], |&span| Selection::Of { unit, span });
        let whole = roll_up.of(selection);
        prop_assert_eq!(whole, naive(&forest, &rows, |unit| selection.includes(&forest, unit)));
        for parts in [roll_up.by_child(selection), roll_up.by_kind(selection, &kinds())] {
            prop_assert!(parts.iter().all(|part| part.completion.tally.total() > 0));
            prop_assert_eq!(parts.iter().map(|part| &part.key).collect::<HashSet<_>>().len(), parts.len());
            prop_assert_eq!(sum(&parts), whole.tally);
        }
        for part in roll_up.by_child(selection) {
            if let PartKey::Child(child) = part.key {
                let set = Selection::Of { unit: child, span: Span::Subtree };
                prop_assert_eq!(part.completion, naive(&forest, &rows, |unit| set.includes(&forest, unit)), "a part is the set that it opens to");
                prop_assert!(forest.ended(child).is_some() || forest.unit(child).is_some_and(|known| known.parent == Some(unit)));
            }
        }
        for part in roll_up.by_kind(selection, &kinds()) {
            let is_of = |unit| forest.known(unit).map(|known| PartKey::Kind(known.kind.clone())).unwrap_or(PartKey::Outside) == part.key;
            prop_assert_eq!(part.completion, naive(&forest, &rows, |unit| is_of(unit) && selection.includes(&forest, unit)), "its last kind");
        }
        let parts = fold_by(&forest, selection, rows.iter().map(|row| (row.requirement, row.unit, row.tally())));
        prop_assert_eq!(parts.values().fold(Tally::default(), |sum, part| sum + part.tally), whole.tally);
        for (requirement, part) in parts {
            prop_assert!(part.tally.total() > 0);
            let rows: Vec<Row> = rows.iter().copied().filter(|row| row.requirement == requirement).collect();
            prop_assert_eq!(part, naive(&forest, &rows, |unit| selection.includes(&forest, unit)));
        }
    }
}

/// The same tree after a unit has ended and another one has taken over its children, as a merger leaves it.
fn after_a_merger(tree: &str, ends: UnitId, heir: UnitId) -> Forest {
    let (gone, mut left): (Vec<_>, Vec<_>) = units(tree).into_iter().partition(|unit| unit.id == ends);
    for unit in left.iter_mut().filter(|unit| unit.parent == Some(ends)) {
        unit.parent = Some(heir);
    }
    let ended = gone.into_iter().map(|unit| Ended { unit, ended_on: day("2020-12-10"), heirs: vec![heir] }).collect();
    Forest::build(left, &kinds()).unwrap().after(ended)
}

proptest! {
    #[test]
    fn c5_what_has_been_fulfilled_does_not_change_above_both_places(
        tree in tree(),
        picks in any::<[prop::sample::Index; 2]>(),
        rows in proptest::collection::vec((any::<prop::sample::Index>(), timing()), 0..60),
    ) {
        let before = forest(&tree);
        let (ends, heir) = (picks[0].get(before.units()).id, picks[1].get(before.units()).id);
        prop_assume!(!before.covers(ends, heir));
        let rows: Vec<Row> = rows.into_iter().map(|(at, timing)| Row { unit: at.get(before.units()).id, requirement: 0, timing }).collect();
        let after = after_a_merger(&tree, ends, heir);
        let (was, is) = (rolled(&before, &rows), rolled(&after, &rows));
        for top in before.units().iter().map(|unit| unit.id).filter(|top| before.is_below(ends, *top) && before.is_below(heir, *top)) {
            prop_assert_eq!(was.subtree(top).unwrap().tally, is.subtree(top).unwrap().tally);
            prop_assert_eq!(was.below(top).unwrap().tally, is.below(top).unwrap().tally);
        }
        prop_assert_eq!(was.whole().tally, is.whole().tally);
        prop_assert_eq!(was.own(heir).unwrap().tally, is.own(heir).unwrap().tally, "an ended unit's own are not its heir's own");
        let grown = is.below(heir).unwrap().tally;
        prop_assert!(grown.total() >= was.own(ends).unwrap().tally.total());
        prop_assert_eq!(was.own(ends).unwrap().tally, is.subtree(ends).unwrap().tally, "a part of its own");
    }
}

fn group(state: State, is_past_due: bool) -> Group {
    Group { state, informative: false, is_past_due }
}

#[test]
fn c1_each_group_has_its_cell() {
    for state in State::ALL {
        let expected = match state {
            State::Fulfilled => [Some(Cell::OnTime), Some(Cell::Late)],
            State::Exempt | State::Released | State::Transferred => [None, None],
            State::Lapsed => [Some(Cell::Overdue), Some(Cell::Overdue)],
            _ => [Some(Cell::OpenInTime), Some(Cell::Overdue)],
        };
        assert_eq!([group(state, false).cell(), group(state, true).cell()], expected, "{state:?}");
        assert_eq!(Group { informative: true, ..group(state, true) }.cell(), None, "{state:?}");
    }
}

#[test]
fn c2_rates_are_those_that_the_government_published_in_2017() {
    // 21,914 tasks, of which 16,051 done; of those that were done or due, 98.6 %.
    let tally = Tally::of(group(State::Fulfilled, false), 15_000)
        + Tally::of(group(State::Fulfilled, true), 1_051)
        + Tally::of(group(State::InProgress, true), 228)
        + Tally::of(group(State::Pending, false), 5_635);
    assert_eq!(tally.counted(), 21_914);
    let percent = |rate: Option<f64>| rate.map(|rate| format!("{:.1}", rate * 100.0));
    assert_eq!((percent(tally.completion_rate()), percent(tally.due_rate())), (Some("73.2".into()), Some("98.6".into())));
}

#[test]
fn c2_a_rate_of_nothing_is_null() {
    assert_eq!((Tally::default().completion_rate(), Tally::default().due_rate()), (None, None));
    let open = Tally::of(group(State::Pending, false), 3);
    assert_eq!((open.completion_rate(), open.due_rate()), (Some(0.0), None));
    let lapsed = Tally::of(group(State::Fulfilled, false), 1) + Tally::of(group(State::Lapsed, true), 3);
    assert_eq!((lapsed.completion_rate(), lapsed.due_rate()), (Some(0.25), Some(0.25)), "what lapsed is not done");
    let excused = Tally::of(group(State::Exempt, false), 3);
    assert_eq!((excused.total(), excused.completion_rate()), (3, None));
}

#[test]
fn c6_what_lapsed_is_overdue_but_nobody_is_behind_with_it() {
    let tally = Tally::of(group(State::Lapsed, true), 2);
    assert_eq!((tally.overdue, tally.behind()), (2, 0));
    assert_eq!(UnitTally::of_active(&tally), UnitTally { bound: 1, ..UnitTally::default() });
}

#[test]
fn c3_a_unit_that_is_not_active_has_no_span() {
    let forest = forest("province\n  bloc");
    let rows = [("bloc", 1), ("gone", 2)].map(|(unit, count)| (id(unit), Tally::of(group(State::Pending, false), count)));
    let roll_up = RollUp::fold(&forest, rows);
    for span in [Span::Own, Span::Below, Span::Subtree] {
        let selection = Selection::Of { unit: id("gone"), span };
        assert_eq!(roll_up.span(id("gone"), span), None, "{span:?}");
        assert_eq!((roll_up.of(selection), roll_up.by_child(selection)), (Completion::default(), Vec::new()), "{span:?}");
        assert!(fold_by(&forest, selection, rows.map(|(unit, tally)| (0, unit, tally))).is_empty(), "{span:?}");
    }
}

#[test]
fn c10_children_come_in_tree_order_after_the_units_own_part() {
    let forest = forest("province\n  bloc\n    office-a\n      cell\n    office-b\n    office-c\n  district");
    let pending = |unit: &str| (id(unit), Tally::of(group(State::Pending, false), 1));
    let roll_up = RollUp::fold(&forest, ["cell", "bloc", "office-c", "district", "gone"].map(pending));
    let keys = |selection| roll_up.by_child(selection).into_iter().map(|part| part.key).collect::<Vec<_>>();
    let (a, c) = (PartKey::Child(id("office-a")), PartKey::Child(id("office-c")));
    let of = |span| Selection::Of { unit: id("bloc"), span };
    assert_eq!(keys(of(Span::Subtree)), [PartKey::Own, a.clone(), c.clone()]);
    assert_eq!(keys(of(Span::Below)), [a.clone(), c.clone()]);
    assert_eq!(keys(of(Span::Own)), [PartKey::Own]);
    assert_eq!(keys(Selection::Whole { issuer: id("bloc") }), [PartKey::Own, a, c, PartKey::Outside]);
    let outside = roll_up.by_child(Selection::Whole { issuer: id("bloc") }).pop().unwrap().completion;
    assert_eq!((outside.tally.total(), outside.units.bound, outside.units.ended), (2, 1, 1));
    let kinds: Vec<_> = roll_up.by_kind(Selection::Whole { issuer: id("bloc") }, &kinds()).into_iter().map(|part| part.key).collect();
    let named = ["BLOC", "GRASSROOTS_COMMITTEE", "CELL"].map(|kind| PartKey::Kind(kind.into()));
    assert_eq!((&kinds[..3], &kinds[3..]), (&named[..], &[PartKey::Outside][..]));
}

#[test]
fn c10_what_has_come_less_far_comes_first_and_what_counts_nothing_last() {
    let tally = |done: u32, overdue: u32, open: u32| {
        Tally::of(group(State::Fulfilled, false), done)
            + Tally::of(group(State::Pending, true), overdue)
            + Tally::of(group(State::Pending, false), open)
    };
    let [half, third, third_behind, all, nothing] =
        [tally(1, 0, 1), tally(1, 0, 2), tally(1, 2, 0), tally(3, 0, 0), Tally::of(group(State::Exempt, false), 4)];
    let mut sets = [all, nothing, half, third, third_behind];
    sets.sort_by(less_far_first);
    assert_eq!(sets, [third_behind, third, half, all, nothing]);
    sets.sort_by(farther_first);
    assert_eq!(sets, [all, half, third, third_behind, nothing]);
}
