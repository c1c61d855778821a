//! Tables that are larger than what goes over the network, and files that are made to be too large (O11, F6).

use super::*;

fn on_sqlite() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("chidao.db").display());
    Desk { home: Home::at(&url), folder }
}

#[test]
fn o11_of_very_many_faults_the_first_are_told_and_all_are_counted() {
    let desk = on_sqlite();
    let headings: String = (1..=25).map(|number| format!(",Cột {number}")).collect();
    let rows: String = (0..1_500).map(|number| format!("C{number},LAKE,Hồ,\n")).collect();
    desk.write("bad.csv", &format!("code,kind,name,parent code{headings}\n{rows}"));
    let told = desk.refused("import units bad.csv --effective-on 2024-07-01");
    assert!(told.contains("the column \"Cột 20\" is not read\nand 5 more columns\n"), "{told}");
    let (_, told) = told.split_once("chidao: nothing was imported: 1500 faults\n").unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!((lines.len(), lines[1_000]), (1_001, "and 500 more faults: mend these first, and import again"));
    assert!(lines[0].starts_with("row 2, ") && lines[999].starts_with("row 1001, ") && lines[999].ends_with("(O1)"), "{told}");
    let told = desk.refused("import units bad.csv --effective-on 2024-07-01 --locale vi");
    assert!(
        told.contains("không nhập gì: 1500 lỗi\n") && told.ends_with("\nvà 500 lỗi nữa: hãy sửa các lỗi trên rồi nhập lại\n"),
        "{told}"
    );
}
