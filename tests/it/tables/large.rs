//! Tables that are larger than what goes over the network, and files that are made to be too large (O11, F6).

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use super::*;

fn on_sqlite() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("chidao.db").display());
    Desk { home: Home::at(&url), folder }
}

#[test]
fn o11_a_table_of_more_units_than_a_batch_over_the_network_may_have_is_imported() {
    let desk = on_sqlite();
    let mut table = String::from("code,kind,name,parent code\nT,PROVINCIAL,T,\nK,BLOC,K,T\n");
    (3..=50_001).for_each(|number| writeln!(table, "C{number},GRASSROOTS_CELL,Chi bộ {number},K").unwrap());
    desk.write("large.csv", &table);
    let output = desk.run("import units large.csv --effective-on 2024-07-01");
    let (told, steps) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(
        (told.as_str(), output.status.code()),
        ("imported: 50001 established; units that change from 2024-07-01 on: 50001\n", Some(0))
    );
    let steps: Vec<&str> = steps.lines().collect();
    let reading = ["reading large.csv", "reading large.csv 12501/50002", "reading large.csv 25001/50002", "reading large.csv 37502/50002"];
    assert_eq!(steps[..4], reading, "each quarter of what is long is told");
    assert_eq!(steps[4..6], ["comparing 50001 rows with the tree", "carrying out 50001 changes"]);
    assert!(steps[6..].iter().all(|step| step.starts_with("carrying out 50001 changes ")), "{steps:?}");
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

#[test]
fn o11_a_workbook_that_unpacks_to_more_than_its_limit_is_refused_with_the_limit() {
    let desk = on_sqlite();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, cells) in (0..).zip([["code", "T"], ["kind", "PROVINCIAL"], ["name", "Tỉnh"], ["parent code", ""]]) {
        sheet.write_string(0, column, cells[0]).unwrap();
        sheet.write_string(1, column, cells[1]).unwrap();
    }
    let mut archive = zip::ZipWriter::new_append(Cursor::new(workbook.save_to_buffer().unwrap())).unwrap();
    archive.start_file("xl/media/image1.png", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&vec![0; 8 << 20]).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 16, "{} bytes", bytes.len());
    std::fs::write(desk.path().join("bomb.xlsx"), bytes).unwrap();
    let import = |limit: &str| {
        let mut command = desk.command("import units bomb.xlsx --effective-on 2024-07-01");
        command.env("CHIDAO_LIMIT_TABLE_BYTES", limit).output().unwrap()
    };
    let refused = import("1048576");
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && told.contains("`bomb.xlsx`: ") && told.contains("(limit `table_bytes`"), "{told}");
    assert!(std::fs::read_dir(desk.path()).unwrap().count() == 1, "nothing is made for it");
    assert_eq!(import("16777216").status.code(), Some(0), "what a picture unpacks to is no fault");
}
