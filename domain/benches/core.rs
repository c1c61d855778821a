//! How fast the pure core is, at the size of a province (5,000 units) and of the country (300,000); figures are per unit.
//! `docs/performance.md` states them.

use std::hint::black_box;

use chidao_domain::completion::{Group, RollUp, Tally};
use chidao_domain::day::Day;
use chidao_domain::forest::{Forest, NotAForest};
use chidao_domain::ids::UnitId;
use chidao_domain::kind::{KindRegister, UnitKind};
use chidao_domain::obligation::State;
use chidao_domain::scope::{self, Reach, Scope};
use chidao_domain::text;
use chidao_domain::unit::OrgUnit;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use uuid::Uuid;

/// A province and the country, in units.
const SIZES: [u32; 2] = [5_000, 300_000];

/// The kinds by depth; what stands deeper is of the last kind.
const KINDS: [&str; 5] = ["CENTRAL", "PROVINCIAL", "BLOC", "GRASSROOTS_COMMITTEE", "CELL"];

/// How many units stand directly under one that has any.
const FAN_OUT: u32 = 12;

fn main() -> Result<(), NotAForest> {
    let mut criterion = Criterion::default().configure_from_args();
    building_a_forest(&mut criterion);
    asking_a_forest(&mut criterion)?;
    covering_a_scope(&mut criterion)?;
    folding_a_roll_up(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

/// From the rows of a day to its forest, once with every change of the tree.
fn building_a_forest(criterion: &mut Criterion) {
    let kinds = kinds();
    let mut group = criterion.benchmark_group("build_forest");
    group.sample_size(10);
    for size in SIZES {
        let units = units(size);
        group.throughput(Throughput::Elements(size.into()));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_batched(|| units.clone(), |units| Forest::build(units, &kinds), BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// What every read asks: does it stand below, how much stands below, what stands above.
fn asking_a_forest(criterion: &mut Criterion) -> Result<(), NotAForest> {
    for size in SIZES {
        let forest = Forest::build(units(size), &kinds())?;
        let ids: Vec<UnitId> = forest.units().iter().map(|unit| unit.id).collect();
        let top = id(1);
        ask(criterion, "covers", &ids, |unit| usize::from(forest.covers(top, unit)));
        ask(criterion, "subtree_size", &ids, |unit| forest.subtree(unit).map_or(0, |places| places.len()));
        ask(criterion, "ancestors", &ids, |unit| forest.ancestors(unit).count());
    }
    Ok(())
}

/// Whom a requirement binds when it names everybody below of one kind, but for some subtrees (B1).
fn covering_a_scope(criterion: &mut Criterion) -> Result<(), NotAForest> {
    let mut group = criterion.benchmark_group("cover");
    for size in SIZES {
        let forest = Forest::build(units(size), &kinds())?;
        let scope = Scope {
            anchor: id(0),
            reach: Reach::Descendants,
            kinds: vec!["GRASSROOTS_COMMITTEE".into(), "CELL".into()],
            include: (1..=10).map(id).collect(),
            except: (100..200).map(id).collect(),
            except_subtrees: (20..30).map(id).collect(),
            may_be_empty: false,
        };
        group.throughput(Throughput::Elements(size.into()));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| scope::cover(&forest, black_box(&scope)));
        });
    }
    group.finish();
    Ok(())
}

/// From the groups of a tally (three a unit) to every unit's completion, once for each filter that a read names.
fn folding_a_roll_up(criterion: &mut Criterion) -> Result<(), NotAForest> {
    let states = [State::Fulfilled, State::Pending, State::Exempt];
    let mut group = criterion.benchmark_group("fold_roll_up");
    group.sample_size(10);
    for size in SIZES {
        let forest = Forest::build(units(size), &kinds())?;
        let groups = states.map(|state| Group { state, informative: false, is_past_due: false });
        let rows: Vec<(UnitId, Tally)> = (0..size).flat_map(|at| groups.map(|group| (id(at), Tally::of(group, 2)))).collect();
        group.throughput(Throughput::Elements(size.into()));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| RollUp::fold(&forest, rows.iter().copied()));
        });
    }
    group.finish();
    Ok(())
}

/// Asks one question of every unit.
fn ask(criterion: &mut Criterion, question: &str, ids: &[UnitId], answer: impl Fn(UnitId) -> usize) {
    let mut group = criterion.benchmark_group(question);
    group.throughput(Throughput::Elements(ids.len() as u64));
    group.bench_function(BenchmarkId::from_parameter(ids.len()), |bencher| {
        bencher.iter(|| ids.iter().map(|&unit| answer(black_box(unit))).sum::<usize>());
    });
    group.finish();
}

/// One tree in which each unit has [`FAN_OUT`] units below it until there are `size`, in an order that is not the tree's.
fn units(size: u32) -> Vec<OrgUnit> {
    let mut units: Vec<OrgUnit> = (0..size).map(unit).collect();
    units.sort_by_key(|unit| unit.id);
    units
}

fn unit(at: u32) -> OrgUnit {
    let parent = |at: &u32| at.checked_sub(1).map(|before| before / FAN_OUT);
    let depth = std::iter::successors(parent(&at), parent).count();
    let name = format!("Chi bộ {at}");
    OrgUnit {
        id: id(at),
        code: format!("U{at}").into(),
        version: 1,
        kind: KINDS[depth.min(KINDS.len() - 1)].into(),
        sort_key: text::sort_key(&name),
        name: name.into(),
        short_name: None,
        parent: parent(&at).map(id),
        member_count: Some(12),
        established_on: Day::default(),
    }
}

/// Ids that look random and are the same in every run.
fn id(at: u32) -> UnitId {
    UnitId(Uuid::from_u128((u128::from(at) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
}

fn kinds() -> KindRegister {
    let kinds = (0_i32..).zip(KINDS).map(|(rank, code)| UnitKind {
        code: code.into(),
        name_vi: code.into(),
        name_en: code.into(),
        rank,
        rules: Vec::new(),
    });
    KindRegister::new(kinds.collect())
}
