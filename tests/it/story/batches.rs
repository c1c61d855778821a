//! The two reorganizations of 2025 as a person would send them by hand.

use serde_json::{Value, json};

pub(super) fn unit(code: &str) -> Value {
    json!({ "code": code })
}

fn units(codes: &[&str]) -> Vec<Value> {
    codes.iter().map(|code| unit(code)).collect()
}

/// The end of the bloc.
pub(super) fn end_of_the_bloc(summary: &str) -> Value {
    let (party, government) = (["CQ-01", "CQ-02", "CQ-03", "CQ-04", "CQ-05"], ["CQ-06", "CQ-07", "CQ-08", "CQ-10"]);
    json!({
        "title": "Kết thúc hoạt động Đảng bộ Khối", "effectiveOn": "2025-02-01",
        "changes": [
            { "establish": { "code": "DB-CQD", "kind": "BLOC", "name": "Đảng bộ các cơ quan Đảng tỉnh Mẫu", "parent": unit("TINH") } },
            { "establish": { "code": "DB-UBND", "kind": "BLOC", "name": "Đảng bộ Uỷ ban nhân dân tỉnh Mẫu", "parent": unit("TINH") } },
            { "establish": { "code": "CQ-15", "kind": "GRASSROOTS_COMMITTEE", "name": "Đảng bộ Cơ quan Mẫu 15", "parent": unit("DB-UBND") } },
            { "merge": { "units": units(&["CQ-09", "CQ-11"]), "into": unit("CQ-15") } },
            { "merge": { "units": units(&["CQ-10", "CQ-12"]), "into": unit("CQ-10") } },
            { "dissolve": { "unit": unit("CQ-13"), "heir": unit("CQ-08") } },
            { "move": { "unit": unit("CQ-14"), "parent": unit("TINH") } },
            { "split": { "unit": unit("KHOI-CQT"), "into": [
                { "into": unit("DB-CQD"), "children": units(&party) }, { "into": unit("DB-UBND"), "children": units(&government) },
            ] } },
        ],
        "decisions": [{ "requirements": [summary], "from": unit("KHOI-CQT"), "action": "TRANSFER", "to": unit("DB-CQD"), "reason": "Bàn giao hồ sơ." }],
    })
}

/// Two provinces become one, and communes take over from districts; the targets of the term are not handed over.
pub(super) fn merger_of_the_provinces(resolution: &str) -> Value {
    let commune = |code: &str, parent: &str| json!({ "establish": { "code": code, "kind": "COMMUNE", "name": format!("Đảng bộ {code}"), "parent": unit(parent) } });
    let merge = |from: &[&str], into: &str| json!({ "merge": { "units": units(from), "into": unit(into) } });
    let dissolve = |code: &str, heir: &str| json!({ "dissolve": { "unit": unit(code), "heir": unit(heir) } });
    json!({
        "title": "Hợp nhất hai tỉnh", "effectiveOn": "2025-07-01",
        "changes": [
            commune("XA-A", "TINH"), commune("XA-B1", "TINH"), commune("XA-B2", "TINH"), commune("XA-C", "TINH-HAI"), commune("XA-D", "TINH-HAI"),
            merge(&["HA-01", "HA-02"], "XA-A"), dissolve("HUYEN-A", "XA-A"), dissolve("HB-01", "XA-B1"),
            { "split": { "unit": unit("HUYEN-B"), "into": [{ "into": unit("XA-B1") }, { "into": unit("XA-B2"), "children": units(&["HB-02"]) }] } },
            merge(&["HC-01", "HC-02"], "XA-C"), dissolve("HUYEN-C", "XA-C"),
            merge(&["HD-01", "HD-02"], "XA-D"), dissolve("HUYEN-D", "XA-D"),
            merge(&["TINH", "TINH-HAI"], "TINH"),
        ],
        "decisions": [{ "directives": [{ "id": resolution }], "from": unit("TINH"), "action": "RELEASE", "reason": "Tổng kết ở cấp tỉnh." }],
    })
}
