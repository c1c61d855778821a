//! What is told of rows that can be read and not be done, and what is done for those that can.

use expect_test::{Expect, expect};

use super::reading::{table, told};
use super::*;
use crate::forest::Ended;
use crate::refusal::Locale;

const TREE: &str = "
tinh
  khoi
    so
      cb-1
      cb-2
    dai GRASSROOTS_CELL
  huyen DISTRICT";

fn standing() -> Forest {
    let ended = Ended { unit: fixture::unit("cu", "CELL", Some(fixture::id("so"))), ended_on: fixture::day("2010-01-01"), heirs: vec![] };
    let above = OrgUnit { parent: Some(fixture::id("khoi")), ..fixture::unit("cu-tren", "GRASSROOTS_CELL", None) };
    fixture::forest(TREE).after(vec![ended, Ended { unit: above, ended_on: fixture::day("2011-01-01"), heirs: vec![] }])
}

fn plan(missing: Missing, text: &str) -> Result<TablePlan, Faults> {
    plan_with(missing, Gone::Refused, text)
}

fn plan_with(missing: Missing, gone: Gone, text: &str) -> Result<TablePlan, Faults> {
    let (forest, kinds) = (standing(), fixture::kinds());
    let external_ids = HashMap::from([
        (ExternalId { scheme: "x".into(), value: "1".into() }, fixture::id("cb-1")),
        (ExternalId { scheme: "x".into(), value: "2".into() }, fixture::id("cb-2")),
        (ExternalId { scheme: "x".into(), value: "3".into() }, fixture::id("cu")),
        (ExternalId { scheme: "x".into(), value: "4".into() }, fixture::id("mai")),
    ]);
    let later = HashMap::from([("mai".into(), fixture::day("2026-01-01"))]);
    let taken = Taken { codes: HashMap::from([("sau-nay".into(), "SAU-NAY".into()), ("mai".into(), "mai".into())]), external_ids };
    let ground = TableGround { day: fixture::day(DAY), forest: &forest, kinds: &kinds, taken: &taken, later: &later, missing, gone };
    plan_table(ground, &table(text), || fixture::id("new"))
}

fn check(missing: Missing, text: &str, locale: Locale, expected: &Expect) {
    check_with((missing, Gone::Refused), text, locale, expected);
}

fn check_with((missing, gone): (Missing, Gone), text: &str, locale: Locale, expected: &Expect) {
    expected.assert_eq(&match plan_with(missing, gone, text) {
        Ok(plan) => plan.changes.iter().zip(&plan.rows).map(|(change, row)| format!("{row:?} {change:?}\n")).collect(),
        Err(bad) => told(&bad, locale),
    });
}

#[test]
fn o11_every_row_that_cannot_be_done_is_told_at_once() {
    let text = "code|kind|name|parent code|external ids|effective on
        a|Chi bộ trực thuộc|a|b||
        b|CELL|b|c||
        c|CELL|c|a||
        so|GRASSROOTS_COMMITTEE|so|nowhere||
        SO|GRASSROOTS_COMMITTEE|so|khoi||
        cu|CELL|cu|so|x:3|
        sau-nay|CELL|x|so||
        n|LAKE|x|cu||
        v|POND|x|so||
        mai|CELL|x|so|x:4|
        m|CELL|x|tinh|x:1|
        o|CELL|x|so|y:1|02/07/2025
        p|DISTRICT|x|tinh|y:1|01/07/2025
        khoi|BLOC|khoi|||";
    check(
        Missing::Stay,
        text,
        Locale::En,
        &expect![[r#"
            row 2, column "parent code", "b": these units would stand under themselves, each under the next: `a`, `b`, `c`; give one another parent (O3)
            row 2, column "parent code", "b": `cell` (`CELL`) may not stand under `cell` (`CELL`) from `2025-07-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`) (O3)
            row 3, column "parent code", "c": `cell` (`CELL`) may not stand under `cell` (`CELL`) from `2025-07-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`) (O3)
            row 4, column "parent code", "a": `cell` (`CELL`) may not stand under `cell` (`CELL`) from `2025-07-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`) (O3)
            row 5, column "parent code", "nowhere": no unit has that code, neither in the table nor in the tree of `2025-07-01`: add its row, or mend the code (O11)
            row 6, column "code", "SO": row `5` has that code already, letter case and diacritics aside: leave one out, or change the code (O2)
            row 7, column "code", "cu": the code is that of a unit that ended on `2010-01-01`: import with `--reopen-ended` to bring it back, or choose another code (O2)
            row 8, column "code", "sau-nay": the code `sau-nay` differs from the code `SAU-NAY` of a unit by letter case or diacritics only: choose another (O2)
            row 9, column "kind", "LAKE": there is no such kind: choose one of `central` (`CENTRAL`), `provincial` (`PROVINCIAL`), `bloc` (`BLOC`), `district` (`DISTRICT`), `commune` (`COMMUNE`), `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `grassroots_cell` (`GRASSROOTS_CELL`), `department_committee` (`DEPARTMENT_COMMITTEE`), `cell` (`CELL`) (O1)
            row 10, column "kind", "POND": there is no such kind either: choose from those that row `9` lists (O1)
            row 11, column "code", "mai": the code is that of a unit that exists from `2026-01-01` on only: import the table with `--effective-on` that day or a later one, or choose another code (O2)
            row 12, column "external ids", "x:1": the external id `x` `1` belongs to another unit: look that one up by `externalId`, or give another (O9)
            row 12, column "parent code", "tinh": `cell` (`CELL`) may not stand under `provincial` (`PROVINCIAL`) from `2025-07-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`) (O3)
            row 13, column "effective on", "2025-07-02": a table holds from one day, and that is `2025-07-01`: put the row into another table, or change `--effective-on` (O11)
            row 14, column "external ids", "y:1": row `13` has that external id already: leave it out of one (O9)
            row 14, column "parent code", "tinh": `district` (`DISTRICT`) may not stand under `provincial` (`PROVINCIAL`) from `2025-07-01` on: that day the kind may stand nowhere: choose another kind or another day (O3)
            row 15, column "parent code", "": `bloc` (`BLOC`) may not be a root from `2025-07-01` on: place it under `central` (`CENTRAL`), `provincial` (`PROVINCIAL`) (O3)
        "#]],
    );
    check(
        Missing::Stay,
        text,
        Locale::Vi,
        &expect![[r#"
            dòng 2, cột "mã cấp trên", "b": các đơn vị này nằm dưới chính mình, mỗi đơn vị dưới đơn vị kế tiếp: `a`, `b`, `c`; hãy đổi cấp trên của một đơn vị (O3)
            dòng 2, cột "mã cấp trên", "b": `Chi bộ trực thuộc` (`CELL`) không được đặt dưới `Chi bộ trực thuộc` (`CELL`) từ ngày `2025-07-01`: hãy đặt dưới `Đảng bộ cơ sở` (`GRASSROOTS_COMMITTEE`), `Đảng bộ bộ phận` (`DEPARTMENT_COMMITTEE`) (O3)
            dòng 3, cột "mã cấp trên", "c": `Chi bộ trực thuộc` (`CELL`) không được đặt dưới `Chi bộ trực thuộc` (`CELL`) từ ngày `2025-07-01`: hãy đặt dưới `Đảng bộ cơ sở` (`GRASSROOTS_COMMITTEE`), `Đảng bộ bộ phận` (`DEPARTMENT_COMMITTEE`) (O3)
            dòng 4, cột "mã cấp trên", "a": `Chi bộ trực thuộc` (`CELL`) không được đặt dưới `Chi bộ trực thuộc` (`CELL`) từ ngày `2025-07-01`: hãy đặt dưới `Đảng bộ cơ sở` (`GRASSROOTS_COMMITTEE`), `Đảng bộ bộ phận` (`DEPARTMENT_COMMITTEE`) (O3)
            dòng 5, cột "mã cấp trên", "nowhere": không có đơn vị nào mang mã này trong bảng hoặc trong cây tổ chức ngày `2025-07-01`: hãy thêm dòng đó hoặc sửa mã (O11)
            dòng 6, cột "mã", "SO": mã này đã có ở dòng `5` (không phân biệt chữ hoa, chữ thường và dấu): hãy bỏ một dòng hoặc đổi mã (O2)
            dòng 7, cột "mã", "cu": mã này thuộc về một đơn vị đã kết thúc hoạt động từ ngày `2010-01-01`: hãy nhập với `--reopen-ended` để lập lại đơn vị đó, hoặc chọn mã khác (O2)
            dòng 8, cột "mã", "sau-nay": mã `sau-nay` chỉ khác mã `SAU-NAY` của một đơn vị ở chữ hoa, chữ thường hoặc dấu: hãy chọn mã khác (O2)
            dòng 9, cột "loại", "LAKE": không có loại đơn vị này: hãy chọn trong `Trung ương` (`CENTRAL`), `Đảng bộ tỉnh, thành phố` (`PROVINCIAL`), `Đảng bộ khối` (`BLOC`), `Đảng bộ huyện, quận, thị xã` (`DISTRICT`), `Đảng bộ xã, phường` (`COMMUNE`), `Đảng bộ cơ sở` (`GRASSROOTS_COMMITTEE`), `Chi bộ cơ sở` (`GRASSROOTS_CELL`), `Đảng bộ bộ phận` (`DEPARTMENT_COMMITTEE`), `Chi bộ trực thuộc` (`CELL`) (O1)
            dòng 10, cột "loại", "POND": cũng không có loại đơn vị này: hãy chọn trong các loại được nêu ở dòng `9` (O1)
            dòng 11, cột "mã", "mai": mã này thuộc về một đơn vị chỉ có từ ngày `2026-01-01`: hãy nhập bảng với `--effective-on` là ngày đó hoặc sau đó, hoặc chọn mã khác (O2)
            dòng 12, cột "mã ngoài", "x:1": mã ngoài `x` `1` đã thuộc về một đơn vị khác: hãy tra cứu đơn vị đó bằng `externalId`, hoặc nêu mã khác (O9)
            dòng 12, cột "mã cấp trên", "tinh": `Chi bộ trực thuộc` (`CELL`) không được đặt dưới `Đảng bộ tỉnh, thành phố` (`PROVINCIAL`) từ ngày `2025-07-01`: hãy đặt dưới `Đảng bộ cơ sở` (`GRASSROOTS_COMMITTEE`), `Đảng bộ bộ phận` (`DEPARTMENT_COMMITTEE`) (O3)
            dòng 13, cột "ngày hiệu lực", "2025-07-02": cả bảng có hiệu lực từ một ngày, là ngày `2025-07-01`: hãy tách dòng này sang bảng khác, hoặc sửa `--effective-on` (O11)
            dòng 14, cột "mã ngoài", "y:1": mã ngoài này đã có ở dòng `13`: hãy bỏ ở một dòng (O9)
            dòng 14, cột "mã cấp trên", "tinh": `Đảng bộ huyện, quận, thị xã` (`DISTRICT`) không được đặt dưới `Đảng bộ tỉnh, thành phố` (`PROVINCIAL`) từ ngày `2025-07-01`: ngày đó loại này không được đặt ở đâu: hãy chọn loại khác hoặc ngày khác (O3)
            dòng 15, cột "mã cấp trên", "": `Đảng bộ khối` (`BLOC`) không được làm gốc từ ngày `2025-07-01`: hãy đặt dưới `Trung ương` (`CENTRAL`), `Đảng bộ tỉnh, thành phố` (`PROVINCIAL`) (O3)
        "#]],
    );
}

#[test]
fn o11_a_parent_that_would_be_dissolved_is_refused_and_units_stay_otherwise() {
    let text = "code|kind|name|parent code\nnew|CELL|new|so\ncb-1|CELL|Chi bộ 1|so";
    check(
        Missing::Dissolve,
        text,
        Locale::En,
        &expect![[r#"
            row 2, column "parent code", "so": the table does not have that unit, so it would be dissolved (`--dissolve-missing`): add its row, or choose another parent (O11)
            row 3, column "parent code", "so": the table does not have that unit, so it would be dissolved (`--dissolve-missing`): add its row, or choose another parent (O11)
        "#]],
    );
    check(
        Missing::Stay,
        text,
        Locale::En,
        &expect![[r#"
        Some(2) Establish(Establish { id: UnitId(a68d39eb-af8b-5822-836d-bc79674d7e09), code: "new", kind: "CELL", name: "new", short_name: None, member_count: None, parent: Some(Code("so")), external_ids: [] })
        Some(3) Revise(Revise { unit: Code("cb-1"), name: Some("Chi bộ 1"), short_name: None, member_count: None, external_ids: None })
    "#]],
    );
}

#[test]
fn o11_a_circle_through_units_that_the_table_does_not_have_is_told() {
    check(
        Missing::Stay,
        "code|kind|name|parent code\nkhoi|BLOC|khoi|so",
        Locale::En,
        &expect![[r#"
            row 2, column "parent code", "so": these units would stand under themselves, each under the next: `khoi`, `so`; give one another parent (O3)
            row 2, column "parent code", "so": `bloc` (`BLOC`) may not stand under `grassroots_committee` (`GRASSROOTS_COMMITTEE`) from `2025-07-01` on: place it under `central` (`CENTRAL`), `provincial` (`PROVINCIAL`) (O3)
        "#]],
    );
    check(
        Missing::Stay,
        "code|kind|name|parent code\nkhoi|BLOC|khoi|khoi",
        Locale::En,
        &expect![[r#"
            row 2, column "parent code", "khoi": these units would stand under themselves, each under the next: `khoi`; give one another parent (O3)
            row 2, column "parent code", "khoi": `bloc` (`BLOC`) may not stand under `bloc` (`BLOC`) from `2025-07-01` on: place it under `central` (`CENTRAL`), `provincial` (`PROVINCIAL`) (O3)
        "#]],
    );
}

#[test]
fn o11_units_that_have_ended_come_back_where_it_is_asked() {
    let text = "code|kind|name|parent code|external ids
        cb-1|CELL|cb-1|cu-tren|x:3
        cu|CELL|Chi bộ cũ|moi|x:1
        moi|GRASSROOTS_COMMITTEE|moi|khoi|x:5
        cu-tren|GRASSROOTS_COMMITTEE|cu-tren|khoi|";
    check_with(
        (Missing::Stay, Gone::Reopened),
        text,
        Locale::En,
        &expect![[r#"
        Some(2) Revise(Revise { unit: Code("cb-1"), name: None, short_name: None, member_count: None, external_ids: Some([]) })
        Some(4) Establish(Establish { id: UnitId(a68d39eb-af8b-5822-836d-bc79674d7e09), code: "moi", kind: "GRASSROOTS_COMMITTEE", name: "moi", short_name: None, member_count: None, parent: Some(Code("khoi")), external_ids: [ExternalId { scheme: "x", value: "5" }] })
        Some(5) Reopen(Reopen { unit: Code("cu-tren"), parent: Some(Code("khoi")) })
        Some(5) ChangeKind(ChangeKind { unit: Code("cu-tren"), kind: "GRASSROOTS_COMMITTEE", parent: None })
        Some(2) Move(Move { unit: Code("cb-1"), parent: Some(Code("cu-tren")) })
        Some(3) Reopen(Reopen { unit: Code("cu"), parent: Some(Code("moi")) })
        Some(3) Revise(Revise { unit: Code("cu"), name: None, short_name: None, member_count: None, external_ids: Some([]) })
        Some(3) Revise(Revise { unit: Code("cu"), name: Some("Chi bộ cũ"), short_name: None, member_count: None, external_ids: Some([ExternalId { scheme: "x", value: "1" }]) })
        Some(2) Revise(Revise { unit: Code("cb-1"), name: None, short_name: None, member_count: None, external_ids: Some([ExternalId { scheme: "x", value: "3" }]) })
    "#]],
    );
    let root = "code|kind|name|parent code\ncu|PROVINCIAL|Tỉnh cũ|";
    check_with(
        (Missing::Stay, Gone::Reopened),
        root,
        Locale::En,
        &expect![[r#"
        Some(2) Reopen(Reopen { unit: Code("cu"), parent: Some(Code("tinh")) })
        Some(2) Move(Move { unit: Code("cu"), parent: None })
        Some(2) ChangeKind(ChangeKind { unit: Code("cu"), kind: "PROVINCIAL", parent: None })
        Some(2) Revise(Revise { unit: Code("cu"), name: Some("Tỉnh cũ"), short_name: None, member_count: None, external_ids: None })
    "#]],
    );
    check_with(
        (Missing::Stay, Gone::Refused),
        root,
        Locale::En,
        &expect![[r#"
        row 2, column "code", "cu": the code is that of a unit that ended on `2010-01-01`: import with `--reopen-ended` to bring it back, or choose another code (O2)
    "#]],
    );
}

#[test]
fn o9_external_ids_pass_crosswise_in_one_table() {
    let text = "code|kind|name|parent code|external ids\ncb-1|CELL|cb-1|so|x:2\ncb-2|CELL|cb-2|so|x:1";
    check(
        Missing::Stay,
        text,
        Locale::En,
        &expect![[r#"
        Some(2) Revise(Revise { unit: Code("cb-1"), name: None, short_name: None, member_count: None, external_ids: Some([]) })
        Some(3) Revise(Revise { unit: Code("cb-2"), name: None, short_name: None, member_count: None, external_ids: Some([]) })
        Some(2) Revise(Revise { unit: Code("cb-1"), name: None, short_name: None, member_count: None, external_ids: Some([ExternalId { scheme: "x", value: "2" }]) })
        Some(3) Revise(Revise { unit: Code("cb-2"), name: None, short_name: None, member_count: None, external_ids: Some([ExternalId { scheme: "x", value: "1" }]) })
    "#]],
    );
}

#[test]
fn o11_a_refusal_of_the_batch_leads_back_to_its_row() {
    let plan = plan(Missing::Stay, "code|kind|name|parent code\ncb-1|CELL|cb-1|so\nnew|CELL|x|so").unwrap();
    assert_eq!((plan.changes.len(), &plan.rows[..]), (1, &[Some(3)][..]));
    let refusal = crate::refusal::Refusal::from(crate::refusal::InputRefusal::Empty);
    let bad = plan.locate(&refusal.clone().within("parent").within("establish").at(0).within("changes"));
    assert_eq!((bad.row, bad.column, &*bad.value), (Some(3), Some(Column::Parent), "so"));
    let bad = plan.locate(&refusal.within("effectiveOn"));
    assert_eq!((bad.row, bad.column), (None, None));
}
