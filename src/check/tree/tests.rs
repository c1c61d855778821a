use std::collections::HashSet;

use chidao_domain::day::Validity;
use chidao_domain::kind::{PlacementRule, UnitKind};
use uuid::Uuid;

use super::*;

fn day(number: u32) -> Day {
    Day::from_ymd_opt(2020, 12, number).unwrap()
}

fn unit(name: char) -> UnitId {
    UnitId(Uuid::from_u128(u128::from(u32::from(name))))
}

/// Kind `top` may be a root, `mid` stands under `top` or `mid`, and under `old` before the 10th.
fn kinds() -> KindRegister {
    let always = Validity::since(Day::MIN);
    let rule = |parent: Option<&str>, validity| PlacementRule { parent: parent.map(Into::into), validity };
    let kind = |code: &str, rules| UnitKind { code: code.into(), name_vi: code.into(), name_en: code.into(), rank: 1, rules };
    KindRegister::new(vec![
        kind("top", vec![rule(None, always)]),
        kind("old", vec![rule(None, always)]),
        kind(
            "mid",
            vec![rule(Some("top"), always), rule(Some("mid"), always), rule(Some("old"), Validity { from: Day::MIN, to: Some(day(10)) })],
        ),
    ])
}

/// Each line `UNIT KIND PARENT FROM TO`, `-` for none; answers each finding as `CODE UNIT`.
fn check(lines: &str) -> Vec<String> {
    let letter = |word: &str| word.chars().next().unwrap();
    let placements = lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let some = |word: &str| (word != "-").then(|| word.to_owned());
        Placement {
            unit: unit(letter(words[0])),
            kind: words[1].into(),
            parent: some(words[2]).map(|parent| unit(letter(&parent))),
            is_last: words.get(5) == Some(&"last"),
            validity: Validity { from: day(words[3].parse().unwrap()), to: some(words[4]).map(|to| day(to.parse().unwrap())) },
        }
    });
    let mut placements: Vec<Placement> = placements.collect();
    placements.sort_by_key(|placement| (placement.unit, placement.validity.from));
    let findings = check_placements(&placements, &kinds(), &HashSet::from([day(20)]));
    let name = |finding: &Finding| ('A'..='Z').find(|name| finding.look_at == format!("org_unit {}", unit(*name))).unwrap();
    findings.iter().map(|finding| format!("{} {}", finding.code, name(finding))).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn o3_a_forest_that_changes_day_by_day_is_whole() {
    let lines = "
        A top - 1 -
        B mid A 1 5
        B mid C 5 -
        C mid A 3 -
        D mid B 1 7
        E top - 7 -
        D mid E 7 9";
    assert_eq!(check(lines), NOTHING);
}

#[test]
fn o3_the_parent_is_active_on_every_day() {
    assert_eq!(check("A top - 2 -\n B mid A 1 -"), ["PARENT_NOT_ACTIVE B"], "it came a day before its parent");
    assert_eq!(check("A top - 1 4\n B mid A 1 -\n C mid A 1 4"), ["PARENT_NOT_ACTIVE B"], "it was left behind");
    assert_eq!(check("A top - 1 4\n B mid A 1 4\n B mid A 4 -"), ["PARENT_NOT_ACTIVE B"], "it changed on the day, and is told once");
}

#[test]
fn o3_no_unit_stands_below_itself() {
    let lines = "
        A top - 1 -
        B mid A 1 4
        B mid C 4 -
        C mid B 1 -
        D mid C 4 -";
    assert_eq!(check(lines), ["CYCLE B"], "C and D did not change or hang below it");
    assert_eq!(check("A top - 1 -\n B mid A 1 4\n C mid A 1 4\n B mid C 4 -\n C mid B 4 -"), ["CYCLE B"], "each cycle is told once");
    assert_eq!(check("A mid A 1 -"), ["CYCLE A"]);
}

#[test]
fn o3_kinds_are_asked_for_on_the_day_that_a_placement_begins() {
    assert_eq!(check("A old - 1 -\n B mid A 9 -"), NOTHING, "its permission ended later (O8)");
    assert_eq!(check("A old - 1 -\n B mid A 9 15\n B mid A 15 -"), NOTHING, "a new name is no new placement");
    assert_eq!(check("A old - 1 -\n B mid A 10 -"), ["PLACEMENT_NOT_PERMITTED B"]);
    assert_eq!(check("A mid - 1 -"), ["PLACEMENT_NOT_PERMITTED A"]);
    assert_eq!(check("A top - 1 12\n A old - 12 -\n B mid A 1 -"), ["PLACEMENT_NOT_PERMITTED B"], "the kind above it changed");
    assert_eq!(check("A old - 1 -\n B mid A 1 5\n B mid A 12 -"), ["PLACEMENT_NOT_PERMITTED B"], "it came back too late");
    assert_eq!(check("A old - 1 -\n B mid A 1 5\n B mid A 20 -"), NOTHING, "an annulment brought it back (O5)");
    assert_eq!(check("A odd - 1 -"), ["KIND_UNKNOWN A"]);
}

#[test]
fn o2_revisions_of_a_unit_follow_one_another() {
    assert_eq!(check("A top - 1 5\n A top - 4 -"), ["REVISIONS_OVERLAP A"]);
    assert_eq!(check("A top - 1 -\n A top - 4 -"), ["REVISIONS_OVERLAP A"]);
    assert_eq!(check("A top - 1 5\n A top - 5 -\n B top - 4 -"), NOTHING);
    assert_eq!(check("A top - 5 5\n A top - 5 -"), ["REVISION_EMPTY A"]);
    assert_eq!(check("A top - 5 5 last"), NOTHING, "a unit that began and ended on one day is remembered");
}
