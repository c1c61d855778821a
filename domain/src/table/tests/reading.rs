//! From cells to rows, and what is told of those that cannot be read.

use expect_test::{Expect, expect};

use super::*;
use crate::refusal::Locale;

/// Lines with `|` between cells; `#5` is a number, `@2025-07-01` a date, `!x` a fault of a workbook.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let cell = |cell: &str| match cell.trim().split_at_checked(1) {
        Some(("#", number)) => Cell::Number(number.parse().unwrap()),
        Some(("@", day)) => Cell::Day(fixture::day(day)),
        Some(("!", shown)) => Cell::Fault(shown.into()),
        _ => Cell::text(cell),
    };
    let each = (1..).zip(text.trim().lines());
    each.map(|(number, line)| Line::of(number, line.trim().split('|').map(cell))).collect()
}

pub(super) fn table(text: &str) -> Table {
    let mut reader = TableReader::default();
    lines(text).iter().for_each(|line| reader.take(line));
    reader.finish()
}

pub(super) fn told(bad: &Faults, locale: Locale) -> String {
    bad.told().iter().map(|bad| format!("{}\n", bad.words(locale))).collect()
}

fn check(text: &str, locale: Locale, expected: &Expect) {
    expected.assert_eq(&told(&table(text).bad, locale));
}

#[test]
fn o11_headings_in_both_languages_stand_in_any_order_and_unknown_ones_are_named() {
    let read = table("STT|Tên đơn vị|parent_code|Mã|LOẠI|Members|Ghi chú\n1|Chi bộ 1||CB-1|CELL|#12|x");
    assert_eq!((read.bad.count(), read.unread), (0, vec!["STT".to_owned(), "Ghi chú".to_owned()]));
    let row = &read.rows[0];
    assert_eq!((row.code.as_deref(), row.name.as_deref(), row.member_count), (Some("CB-1"), Some("Chi bộ 1"), Some(Some(12))));
    assert_eq!((row.parent.clone(), row.short_name.clone(), row.number), (Some(None), None, 2));
    // `mã` and `tên` with their marks as letters of their own (NFD).
    let read = table("ma\u{0303}|te\u{0302}n|loại|mã cấp trên\nA|\u{0110}a\u{0309}ng u\u{0309}y|CELL|B");
    assert_eq!(read.rows[0].name.as_deref(), Some("Đảng ủy"));
}

#[test]
fn o11_every_bad_cell_is_told_at_once_with_row_column_value_and_reason() {
    let text = "code|kind|name|parent code|member count|external ids|effective on
        A B|CELL|x||#1.5||@2025-07-01
        |CELL|||-3|numbers|31/02/2025
        @2025-05-04|!#REF!|Tên\u{0}|X|1.200|a:1; b|#45839|more";
    check(
        text,
        Locale::En,
        &expect![[r##"
            row 2, column "code", "A B": holds the forbidden character `U+0020` at position `1`: remove it (F2)
            row 2, column "member count", "1.5": not a whole number from `0` to `2147483647`: write digits only, or leave it empty (O11)
            row 3, column "code", "": the text is empty: write something (F2)
            row 3, column "name", "": the text is empty: write something (F2)
            row 3, column "member count", "-3": not a whole number from `0` to `2147483647`: write digits only, or leave it empty (O11)
            row 3, column "external ids", "numbers": `numbers` does not read as `scheme:value`: write it so, with semicolons between several (O9)
            row 3, column "effective on", "31/02/2025": not a date: write it like `2025-07-01` or `01/07/2025` (O11)
            row 4, column "code", "2025-05-04": the spreadsheet has made a date of it: format the column as text and type it again (O11)
            row 4, column "kind", "#REF!": the formula failed: mend it, or type the value (O11)
            row 4, column "name", "Tên�": holds the forbidden character `U+0000` at position `3`: remove it (F2)
            row 4, column "member count", "1.200": not a whole number from `0` to `2147483647`: write digits only, or leave it empty (O11)
            row 4, column "external ids", "a:1; b": `b` does not read as `scheme:value`: write it so, with semicolons between several (O9)
            row 4: the value `more` stands beyond the last heading: put texts with separators in quotes, or give the column a heading (O11)
        "##]],
    );
    check(
        text,
        Locale::Vi,
        &expect![[r##"
            dòng 2, cột "mã", "A B": có ký tự không được phép `U+0020` ở vị trí `1`: hãy xóa ký tự đó (F2)
            dòng 2, cột "số đảng viên", "1.5": không phải số nguyên từ `0` đến `2147483647`: hãy chỉ viết chữ số, hoặc để trống (O11)
            dòng 3, cột "mã", "": nội dung để trống: hãy nhập nội dung (F2)
            dòng 3, cột "tên", "": nội dung để trống: hãy nhập nội dung (F2)
            dòng 3, cột "số đảng viên", "-3": không phải số nguyên từ `0` đến `2147483647`: hãy chỉ viết chữ số, hoặc để trống (O11)
            dòng 3, cột "mã ngoài", "numbers": `numbers` không có dạng `hệ-thống:giá-trị`: hãy viết như vậy, và cách nhau bằng dấu chấm phẩy (O9)
            dòng 3, cột "ngày hiệu lực", "31/02/2025": không phải ngày: hãy viết như `01/07/2025` hoặc `2025-07-01` (O11)
            dòng 4, cột "mã", "2025-05-04": bảng tính đã đổi giá trị này thành ngày: hãy định dạng cột là văn bản rồi nhập lại (O11)
            dòng 4, cột "loại", "#REF!": công thức bị lỗi: hãy sửa công thức hoặc nhập giá trị (O11)
            dòng 4, cột "tên", "Tên�": có ký tự không được phép `U+0000` ở vị trí `3`: hãy xóa ký tự đó (F2)
            dòng 4, cột "số đảng viên", "1.200": không phải số nguyên từ `0` đến `2147483647`: hãy chỉ viết chữ số, hoặc để trống (O11)
            dòng 4, cột "mã ngoài", "a:1; b": `b` không có dạng `hệ-thống:giá-trị`: hãy viết như vậy, và cách nhau bằng dấu chấm phẩy (O9)
            dòng 4: giá trị `more` nằm ngoài cột cuối cùng có tên: hãy đặt văn bản có dấu phân cách trong dấu ngoặc kép, hoặc đặt tên cột (O11)
        "##]],
    );
}

#[test]
fn o11_a_table_without_headings_or_rows_says_what_is_missing() {
    check(
        "",
        Locale::En,
        &expect![[r#"
            the table has no rows: write the headings into the first one, and a unit into each further one (O11)
        "#]],
    );
    check(
        "code|kind|name|parent code",
        Locale::Vi,
        &expect![[r#"
            bảng không có dòng nào: hãy ghi tên cột ở dòng đầu, và mỗi đơn vị một dòng ở các dòng sau (O11)
        "#]],
    );
    check(
        "CB-1|CELL|Chi bộ 1|SO",
        Locale::En,
        &expect![[r#"
            row 1: the first row must have the headings, and lacks `code`, `kind`, `name`, `parent code`: add them (O11)
        "#]],
    );
    check(
        "code|mã|kind|name|parent",
        Locale::Vi,
        &expect![[r#"
            dòng 1, cột "mã", "mã": cột này có hai lần: hãy bỏ một cột (O11)
        "#]],
    );
}

#[test]
fn o11_dates_are_read_as_offices_and_workbooks_write_them() {
    for written in ["2025-07-01", "01/07/2025", "1/7/2025", "01-07-2025", "1.7.2025", " 45839 "] {
        assert_eq!(read_day(written), Some(fixture::day("2025-07-01")), "{written}");
    }
    for written in
        ["", "07/2025", "31/02/2025", "2025-13-01", "1/7/25", "60", "2958466", "-1", "45839.5", "a/b/2025", "1/7/2025/1", "+1/7/2025"]
    {
        assert_eq!(read_day(written), None, "{written}");
    }
    assert_eq!(read_day("61"), Some(fixture::day("1900-03-01")));
}

#[test]
fn o9_external_ids_are_read_as_they_are_written() {
    let read = |text: &str| table(&format!("code|kind|name|parent|external ids\nA|CELL|x||{text}")).rows[0].external_ids.clone();
    let id = |scheme: &str, value: &str| ExternalId { scheme: scheme.into(), value: value.into() };
    assert_eq!(read("b:2; a : 1 ;"), Some(vec![id("a", "1"), id("b", "2")]));
    assert_eq!(read("url:https://x"), Some(vec![id("url", "https://x")]), "a second colon is of the value");
    assert_eq!(read("a\\:b:c\\;d\\\\"), Some(vec![id("a:b", "c;d\\")]));
    assert_eq!(read(""), Some(vec![]));
    assert_eq!(read("a"), None);
}
