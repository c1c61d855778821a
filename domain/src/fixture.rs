//! Trees as indented text, for the tests of this crate.

use std::sync::Arc;

use uuid::Uuid;

use crate::day::{Day, Validity};
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::{KindRegister, PlacementRule, UnitKind};
use crate::text;
use crate::unit::OrgUnit;

/// The first day of every unit that a fixture makes.
pub(crate) const ESTABLISHED_ON: &str = "2000-01-01";

/// The day that `YYYY-MM-DD` means.
pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The id of the unit with that code: always the same (FNV-1a of the code).
pub(crate) fn id(code: &str) -> UnitId {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in code.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    UnitId(Uuid::from_u128(hash))
}

/// The units of a tree: one line each, `code [KIND]`, two spaces deeper than its parent's line; the name is the code.
/// A kind that is left out follows from the parent's: see [`default_kind`].
pub(crate) fn units(tree: &str) -> Vec<OrgUnit> {
    let mut line_above: Vec<(UnitId, Arc<str>)> = Vec::new();
    let lines = tree.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let depth = (line.len() - line.trim_start().len()) / 2;
            assert!(depth <= line_above.len(), "`{line}` is indented deeper than one step below the line above");
            line_above.truncate(depth);
            let parent = line_above.last().cloned();
            let mut words = line.split_whitespace();
            let code = words.next().unwrap();
            let kind = words.next().map_or(default_kind(parent.as_ref().map(|(_, kind)| &**kind)), |kind| kind.trim_matches(['[', ']']));
            assert!(kinds().get(kind).is_some(), "`{line}` has an unknown kind");
            line_above.push((id(code), kind.into()));
            unit(code, kind, parent.map(|(id, _)| id))
        })
        .collect()
}

/// One unit, named by its code.
pub(crate) fn unit(code: &str, kind: &str, parent: Option<UnitId>) -> OrgUnit {
    OrgUnit {
        id: id(code),
        code: code.into(),
        version: 1,
        kind: kind.into(),
        name: code.into(),
        short_name: None,
        parent,
        member_count: None,
        established_on: day(ESTABLISHED_ON),
        sort_key: text::sort_key(code),
    }
}

/// The forest that [`units`] make, with the kinds of [`kinds`].
pub(crate) fn forest(tree: &str) -> Forest {
    Forest::build(units(tree), &kinds()).unwrap()
}

/// Which kind a unit has where the text does not say: the usual chain from a province to a cell.
pub(crate) fn default_kind(parent: Option<&str>) -> &'static str {
    match parent {
        None | Some("CENTRAL") => "PROVINCIAL",
        Some("PROVINCIAL") => "BLOC",
        Some("BLOC" | "DISTRICT" | "COMMUNE") => "GRASSROOTS_COMMITTEE",
        Some(_) => "CELL",
    }
}

/// The register as it is seeded (O1).
pub(crate) fn kinds() -> KindRegister {
    const BASE: &[&str] = &["PROVINCIAL", "BLOC", "DISTRICT", "COMMUNE"];
    let always = |parents: &[&str]| parents.iter().map(|parent| rule(Some(parent), None, None)).collect::<Vec<_>>();
    let root = || rule(None, None, None);
    let reform = Some("2025-07-01");
    KindRegister::new(vec![
        kind("CENTRAL", "Trung ương", 10, vec![root()]),
        kind("PROVINCIAL", "Đảng bộ tỉnh, thành phố", 20, vec![root(), rule(Some("CENTRAL"), None, None)]),
        kind("BLOC", "Đảng bộ khối", 30, always(&["PROVINCIAL", "CENTRAL"])),
        kind("DISTRICT", "Đảng bộ huyện, quận, thị xã", 40, vec![rule(Some("PROVINCIAL"), None, reform)]),
        kind("COMMUNE", "Đảng bộ xã, phường", 50, vec![rule(Some("PROVINCIAL"), reform, None)]),
        kind("GRASSROOTS_COMMITTEE", "Đảng bộ cơ sở", 60, always(BASE)),
        kind("GRASSROOTS_CELL", "Chi bộ cơ sở", 70, always(BASE)),
        kind("DEPARTMENT_COMMITTEE", "Đảng bộ bộ phận", 80, always(&["GRASSROOTS_COMMITTEE"])),
        kind("CELL", "Chi bộ trực thuộc", 90, always(&["GRASSROOTS_COMMITTEE", "DEPARTMENT_COMMITTEE"])),
    ])
}

fn kind(code: &str, name_vi: &str, rank: i32, rules: Vec<PlacementRule>) -> UnitKind {
    UnitKind { code: code.into(), name_vi: name_vi.into(), name_en: code.to_lowercase(), rank, rules }
}

fn rule(parent: Option<&str>, from: Option<&str>, to: Option<&str>) -> PlacementRule {
    let validity = Validity { from: from.map_or(Day::MIN, day), to: to.map(day) };
    PlacementRule { parent: parent.map(Into::into), validity }
}
