//! The two reorganizations of 2025, each planned ahead of its day: the bloc ends, and its organizations go to two new committees and one
//! directly under the province; then two provinces become one, and their districts give way to communes.

use chidao_domain::directive::DirectiveRef;
use chidao_domain::reorganization::{Change, Dissolve, Merge, Move, Split, SplitPart, UnitRef};

use crate::command::{ActionGiven, DecisionGiven};
use crate::demo::cast::{self, Unit};
use crate::demo::sequel::SUMMARY;
use crate::demo::stage::{Document, Played, Stage, code, date};

/// What begins when the bloc ends.
#[rustfmt::skip]
const HEIRS_OF_THE_BLOC: [Unit; 3] = [
    ("DB-CQD", "BLOC", "TINH", "Đảng bộ các cơ quan Đảng tỉnh Mẫu", 268),
    ("DB-UBND", "BLOC", "TINH", "Đảng bộ Uỷ ban nhân dân tỉnh Mẫu", 248),
    ("CQ-15", "GRASSROOTS_COMMITTEE", "DB-UBND", "Đảng bộ Cơ quan Mẫu 15", 28),
];

/// The communes that take over from the districts of both provinces.
#[rustfmt::skip]
const COMMUNES: [Unit; 5] = [
    ("XA-A", "COMMUNE", "TINH", "Đảng bộ xã Mẫu A", 4_300),
    ("XA-B1", "COMMUNE", "TINH", "Đảng bộ xã Mẫu B1", 2_000),
    ("XA-B2", "COMMUNE", "TINH", "Đảng bộ xã Mẫu B2", 1_900),
    ("XA-C", "COMMUNE", "TINH-HAI", "Đảng bộ xã Mẫu C", 3_500),
    ("XA-D", "COMMUNE", "TINH-HAI", "Đảng bộ xã Mẫu D", 4_000),
];

/// On 1 February the bloc ends, and three agencies go into others. The summary that the bloc owes is one document: one heir writes it.
pub(super) async fn plan_the_end_of_the_bloc(stage: &mut Stage) -> Played {
    let mut changes: Vec<Change> = HEIRS_OF_THE_BLOC.map(|unit| cast::establishing(stage, unit)).into();
    changes.extend([
        Change::Merge(Merge { units: codes(&["CQ-09", "CQ-11"]), into: code("CQ-15") }),
        Change::Merge(Merge { units: codes(&["CQ-10", "CQ-12"]), into: code("CQ-10") }),
        dissolve("CQ-13", "CQ-08"),
        Change::Move(Move { unit: code("CQ-14"), parent: Some(code("TINH")) }),
        split(
            "KHOI-CQT",
            &[("DB-CQD", &["CQ-01", "CQ-02", "CQ-03", "CQ-04", "CQ-05"]), ("DB-UBND", &["CQ-06", "CQ-07", "CQ-08", "CQ-10"])],
        ),
    ]);
    let summary = DecisionGiven {
        directives: Vec::new(),
        requirements: vec![stage.requirement((Document::YearPlan, SUMMARY))],
        from: code("KHOI-CQT"),
        action: ActionGiven::Transfer { to: code("DB-CQD") },
        reason: "Hồ sơ của Đảng uỷ Khối được bàn giao cho Đảng uỷ các cơ quan Đảng tỉnh.".into(),
    };
    let title = "Kết thúc hoạt động Đảng bộ Khối các cơ quan tỉnh, lập hai đảng bộ mới (bản mẫu)";
    cast::reorganize(stage, title, date(2025, 2, 1), changes, vec![summary]).await
}

/// On 1 July the second province goes into the first, and communes take over from districts. What both provinces asked the lines below
/// them to sum up is summed up once, for the new province.
pub(super) async fn plan_the_merger_of_the_provinces(stage: &mut Stage) -> Played {
    let mut changes: Vec<Change> = COMMUNES.map(|unit| cast::establishing(stage, unit)).into();
    changes.extend([
        Change::Merge(Merge { units: codes(&["HA-01", "HA-02"]), into: code("XA-A") }),
        dissolve("HUYEN-A", "XA-A"),
        dissolve("HB-01", "XA-B1"),
        split("HUYEN-B", &[("XA-B1", &[]), ("XA-B2", &["HB-02"])]),
        Change::Merge(Merge { units: codes(&["HC-01", "HC-02"]), into: code("XA-C") }),
        dissolve("HUYEN-C", "XA-C"),
        Change::Merge(Merge { units: codes(&["HD-01", "HD-02"]), into: code("XA-D") }),
        dissolve("HUYEN-D", "XA-D"),
        Change::Merge(Merge { units: codes(&["TINH", "TINH-HAI"]), into: code("TINH") }),
    ]);
    let handed_over = DecisionGiven {
        directives: vec![DirectiveRef::Id(stage.directive(Document::Resolution))],
        requirements: Vec::new(),
        from: code("TINH"),
        action: ActionGiven::Release,
        reason: "Chỉ tiêu của nhiệm kỳ 2020-2025 được tổng kết ở cấp tỉnh, không giao lại cho xã.".into(),
    };
    let title = "Hợp nhất hai tỉnh, kết thúc hoạt động cấp huyện (bản mẫu)";
    cast::reorganize(stage, title, date(2025, 7, 1), changes, vec![handed_over]).await
}

fn dissolve(unit: &str, heir: &str) -> Change {
    Change::Dissolve(Dissolve { unit: code(unit), heir: Some(code(heir)), children_to: None })
}

fn split(unit: &str, parts: &[(&str, &[&str])]) -> Change {
    let into = parts.iter().map(|(into, children)| SplitPart { into: code(into), children: codes(children) }).collect();
    Change::Split(Split { unit: code(unit), into })
}

fn codes(units: &[&str]) -> Vec<UnitRef> {
    units.iter().map(|unit| code(unit)).collect()
}
