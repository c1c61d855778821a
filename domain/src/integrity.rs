//! Findings about the tree of a day (O8): what a person should look at, and what is refused to nobody.

use std::collections::HashMap;
use std::sync::Arc;

use crate::day::Day;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::KindRegister;
use crate::refusal::{Locale, Placement, Refusal, TreeRefusal};
use crate::reorganization::misplacement;
use crate::unit::OrgUnit;

/// The party charter's thresholds of members, by kinds.
pub const THRESHOLDS: [(&str, u32); 3] = [("CELL", 3), ("GRASSROOTS_CELL", 3), ("GRASSROOTS_COMMITTEE", 30)];

/// Something about one unit that a person should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The unit, active or ended.
    pub unit: UnitId,
    /// What.
    pub what: Found,
}

/// What is found; the order is that of the findings of one unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Fewer members than the charter asks for.
    TooFewMembers {
        /// How many it asks for.
        least: u32,
        /// How many there are.
        count: u32,
    },
    /// A placement whose permission has ended since it began (O3).
    NoLongerPermitted(Box<Placement>),
    /// Others under the same parent bear the name.
    NameTwice {
        /// The code of one of them.
        other: Arc<str>,
    },
    /// Grants over a unit that has ended (A1).
    GrantsOnEnded {
        /// How many.
        count: usize,
    },
}

impl Found {
    /// Names the sort of finding for ever.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooFewMembers { .. } => "TOO_FEW_MEMBERS",
            Self::NoLongerPermitted(_) => "PLACEMENT_NO_LONGER_PERMITTED",
            Self::NameTwice { .. } => "NAME_TWICE",
            Self::GrantsOnEnded { .. } => "GRANTS_ON_ENDED_UNIT",
        }
    }

    /// What is found and what can be done, in the style of refusals.
    pub fn words(&self, locale: Locale) -> String {
        match self {
            Self::TooFewMembers { least, count } => locale.pick(
                format!("có `{count}` đảng viên, Điều lệ quy định ít nhất `{least}`: hãy kiểm tra số liệu, hoặc xem xét sắp xếp lại"),
                format!("has `{count}` members, and the charter asks for `{least}`: check the number, or consider a reorganization"),
            ),
            Self::NoLongerPermitted(placement) => Refusal::from(TreeRefusal::PlacementNotPermitted(placement.clone())).words(locale),
            Self::NameTwice { other } => locale.pick(
                format!("trùng tên với `{other}` dưới cùng cấp trên: hãy đổi tên một đơn vị nếu dễ nhầm lẫn"),
                format!("bears the same name as `{other}` under one parent: rename one where they are mistaken for each other"),
            ),
            Self::GrantsOnEnded { count } => locale.pick(
                format!("đã kết thúc hoạt động mà còn `{count}` quyền được cấp: hãy thu hồi hoặc cấp cho đơn vị kế tục"),
                format!("has ended, and `{count}` grants over it are left: revoke them, or grant the same over its successor"),
            ),
        }
    }
}

/// All findings of a day, in tree order, then those about units that have ended (O8); `grants` counts those in force by the unit that they
/// are over.
pub fn find(forest: &Forest, kinds: &KindRegister, day: Day, grants: &HashMap<UnitId, usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let names = names_twice(forest);
    for (place, unit) in forest.units().iter().enumerate() {
        let above = forest.parent_at(place).map(|above| &forest.units()[above]);
        let found = [too_few(unit), no_longer(kinds, unit, above, day), names.get(&unit.id).map(|other| name_twice(other))];
        findings.extend(found.into_iter().flatten().map(|what| Finding { unit: unit.id, what }));
    }
    for ended in forest.all_ended() {
        if let Some(&count) = grants.get(&ended.unit.id).filter(|count| **count > 0) {
            findings.push(Finding { unit: ended.unit.id, what: Found::GrantsOnEnded { count } });
        }
    }
    findings
}

fn too_few(unit: &OrgUnit) -> Option<Found> {
    let (_, least) = *THRESHOLDS.iter().find(|(kind, _)| *kind == &*unit.kind)?;
    // Nobody has counted, so nobody knows.
    let count = unit.member_count?;
    (count < least).then_some(Found::TooFewMembers { least, count })
}

fn no_longer(kinds: &KindRegister, unit: &OrgUnit, above: Option<&OrgUnit>, day: Day) -> Option<Found> {
    let kind = kinds.get(&unit.kind)?;
    let above = match above {
        Some(above) => Some(kinds.get(&above.kind)?),
        None => None,
    };
    misplacement(kinds, kind, above, day).err().map(Found::NoLongerPermitted)
}

fn name_twice(other: &OrgUnit) -> Found {
    Found::NameTwice { other: other.code.clone() }
}

/// Another unit of the same name under the same parent, letter case aside, for each that has one.
fn names_twice(forest: &Forest) -> HashMap<UnitId, &OrgUnit> {
    let mut first: HashMap<(Option<UnitId>, String), &OrgUnit> = HashMap::with_capacity(forest.len());
    let mut twice = HashMap::new();
    for unit in forest.units() {
        let earlier = *first.entry((unit.parent, unit.name.to_lowercase())).or_insert(unit);
        if earlier.id != unit.id {
            twice.insert(unit.id, earlier);
            twice.entry(earlier.id).or_insert(unit);
        }
    }
    twice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{day, id, kinds, unit, units};
    use crate::forest::Ended;

    fn told(forest: &Forest, on: &str, grants: &HashMap<UnitId, usize>) -> Vec<String> {
        let each = find(forest, &kinds(), day(on), grants);
        each.iter().map(|finding| format!("{} {}", forest.code_of(finding.unit), finding.what.code())).collect()
    }

    #[test]
    fn o8_the_thresholds_of_the_charter_are_findings_where_members_are_counted() {
        let mut all = units("tinh\n  khoi\n    so\n      cb-1\n      cb-2\n      cb-3\n    cb-4 [GRASSROOTS_CELL]\n    xa");
        for (at, count) in [(1, 1), (2, 29), (3, 2), (4, 3), (6, 0), (7, 30)] {
            all[at].member_count = Some(count);
        }
        let forest = Forest::build(all, &kinds()).unwrap();
        assert_eq!(told(&forest, "2025-01-01", &HashMap::new()), ["so TOO_FEW_MEMBERS", "cb-1 TOO_FEW_MEMBERS", "cb-4 TOO_FEW_MEMBERS"]);
    }

    #[test]
    fn o8_a_placement_is_found_from_the_day_on_which_it_is_no_longer_permitted() {
        let forest = Forest::build(units("tinh\n  huyen [DISTRICT]\n    so"), &kinds()).unwrap();
        assert_eq!(told(&forest, "2025-06-30", &HashMap::new()), Vec::<String>::new());
        assert_eq!(told(&forest, "2025-07-01", &HashMap::new()), ["huyen PLACEMENT_NO_LONGER_PERMITTED"]);
    }

    #[test]
    fn o8_names_are_compared_under_one_parent_and_letter_case_aside() {
        let mut all = units("tinh\n  khoi\n    so\n      cb-1\n      cb-2\n    ban\n      cb-3\n      cb-4");
        for (at, name) in [(3, "Chi bộ 1"), (4, "CHI BỘ 1"), (6, "Chi bộ 1"), (7, "Chi bố 1")] {
            all[at].rename(name);
        }
        let forest = Forest::build(all, &kinds()).unwrap();
        let findings = find(&forest, &kinds(), day("2025-01-01"), &HashMap::new());
        let others: Vec<String> = findings.iter().map(|finding| format!("{} {:?}", forest.code_of(finding.unit), finding.what)).collect();
        assert_eq!(others.len(), 2, "{others:?}");
        assert!(others.iter().any(|one| one.starts_with("cb-1 ") && one.contains("cb-2")), "{others:?}");
    }

    #[test]
    fn o8_grants_over_ended_units_come_last_and_those_over_active_ones_are_no_finding() {
        let ended = |code: &str| Ended { unit: unit(code, "CELL", Some(id("so"))), ended_on: day("2020-01-01"), heirs: vec![] };
        let forest = Forest::build(units("tinh\n  khoi\n    so"), &kinds()).unwrap().after(vec![ended("cu"), ended("cu-2")]);
        let grants = HashMap::from([(id("cu-2"), 2), (id("so"), 1)]);
        assert_eq!(told(&forest, "2025-01-01", &grants), ["cu-2 GRANTS_ON_ENDED_UNIT"]);
        let words = Found::GrantsOnEnded { count: 2 };
        assert!(words.words(Locale::En).contains("`2` grants") && words.words(Locale::Vi).contains("`2` quyền"));
    }
}
