use std::io::Write as _;

use chidao_domain::table::{BadCell, Cell, Column};

use super::*;

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read_bytes(name: &str, bytes: &[u8]) -> Result<Table, TableFault> {
    let (_folder, path) = file(name, bytes);
    read(&path, &Limits::default(), &Progress::hidden())
}

fn cells(table: &Table) -> Vec<(u32, String, String, Option<i32>)> {
    let row = |row: &chidao_domain::table::Row| {
        let name = row.name.clone().unwrap_or_default();
        (row.number, row.code.as_deref().unwrap_or_default().to_owned(), name, row.member_count.flatten())
    };
    table.rows.iter().map(row).collect()
}

/// An archive with those entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn o11_csv_is_read_with_or_without_a_mark_with_commas_semicolons_or_tabs_and_any_line_ends() {
    let wanted = vec![(2, "A".to_owned(), "Đảng ủy, Khối; \"1\"".to_owned(), Some(3)), (4, "B".to_owned(), "x".to_owned(), None)];
    for separator in [",", ";", "\t"] {
        for end in ["\n", "\r\n"] {
            for mark in ["", "\u{FEFF}"] {
                let lines = [
                    ["mã", "loại", "tên", "mã cấp trên", "số đảng viên"],
                    ["A", "BLOC", "\"Đảng u\u{0309}y, Khối; \"\"1\"\"\"", "", "3"],
                    ["", "", " ", "", ""],
                    ["B", "CELL", "x", "A", ""],
                ];
                let text: String = lines.iter().map(|line| format!("{}{end}", line.join(separator))).collect();
                let table = read_bytes("units.CSV", format!("{mark}{text}").as_bytes()).unwrap();
                assert_eq!((cells(&table), table.bad.count()), (wanted.clone(), 0), "{separator:?} {end:?} {mark:?}");
            }
        }
    }
    let told = read_bytes("units.csv", "sep=;\r\ncode;kind;name;parent\r\nA;BLOC;x,y,z,u,v;\r\n".as_bytes()).unwrap();
    assert_eq!(cells(&told), [(3, "A".to_owned(), "x,y,z,u,v".to_owned(), None)]);
}

#[test]
fn o11_what_is_written_is_read_back_in_both_forms() {
    let line = |code: &str, name: &str, count: Cell| {
        [Cell::text(code), Cell::text("CELL"), Cell::text(name), Cell::Blank, Cell::text("A"), count, Cell::text("s:1; t:a\\;b")]
    };
    let lines =
        [line("001", "Chi bộ \"1\", 2; 3", Cell::Number(12.0)), line("1-2", "=1+1", Cell::Blank), line("TRUE", " x ", Cell::Number(0.0))];
    for (name, format) in [("u.csv", Format::Csv), ("u.xlsx", Format::Xlsx)] {
        for locale in [Locale::Vi, Locale::En] {
            let mut bytes = Vec::new();
            write(&mut bytes, format, locale, lines.iter().cloned(), &Progress::hidden()).unwrap();
            let table = read_bytes(name, &bytes).unwrap();
            let wanted = [
                (2, "001".to_owned(), "Chi bộ \"1\", 2; 3".to_owned(), Some(12)),
                (3, "1-2".to_owned(), "=1+1".to_owned(), None),
                (4, "TRUE".to_owned(), "x".to_owned(), Some(0)),
            ];
            assert_eq!((cells(&table), table.bad.count(), &table.unread[..]), (wanted.to_vec(), 0, &[][..]), "{name}");
            assert!(table.rows.iter().all(|row| row.external_ids.as_ref().is_some_and(|ids| ids.len() == 2)));
        }
    }
}

#[test]
fn o11_a_workbook_of_a_spreadsheet_is_read_with_numbers_dates_and_gaps() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    // The table stands somewhere, below an empty row and beside an empty column.
    for (column, heading) in (1..).zip(["code", "kind", "name", "parent code", "effective on"]) {
        sheet.write_string(2, column, heading).unwrap();
    }
    sheet.write_number(3, 1, 101.0).unwrap();
    sheet.write_string(3, 2, "CELL").unwrap();
    sheet.write_string(3, 3, "x").unwrap();
    sheet.write_number_with_format(3, 5, 45839.0, &date).unwrap();
    sheet.write_number_with_format(9, 1, 45839.0, &date).unwrap();
    sheet.write_boolean(9, 2, true).unwrap();
    sheet.write_number(9, 5, 45839.0).unwrap();
    let table = read_bytes("u.xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(cells(&table), [(4, "101".to_owned(), "x".to_owned(), None), (10, String::new(), String::new(), None)]);
    let day = Some("2025-07-01".parse().unwrap());
    assert!(table.rows.iter().all(|row| row.effective_on == day), "{:?}", table.rows);
    let places: Vec<_> = table.bad.told().iter().map(|BadCell { row, column, value, .. }| (*row, *column, value.as_str())).collect();
    assert_eq!(places, [(Some(10), Some(Column::Code), "2025-07-01"), (Some(10), Some(Column::Name), "")]);
}

#[test]
fn o11_a_workbook_that_unpacks_to_more_than_memory_holds_is_not_unpacked() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(["code", "kind", "name", "parent code"]) {
        sheet.write_string(0, column, heading).unwrap();
        sheet.write_string(1, column, "A").unwrap();
    }
    // A part that no reader of tables looks at unpacks to more than all of the others.
    let mut archive = zip::ZipWriter::new_append(std::io::Cursor::new(workbook.save_to_buffer().unwrap())).unwrap();
    archive.start_file("xl/media/image1.png", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&vec![b' '; 2 << 20]).unwrap();
    let bomb = archive.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 15, "{} bytes", bomb.len());
    // The same with a directory that lies: it says one byte, wherever the size stands.
    let mut lying = bomb.clone();
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == (2_u32 << 20).to_le_bytes() {
            lying[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
    }
    let limited = |bytes: &[u8], table_bytes: usize| {
        let (_folder, path) = file("u.xlsx", bytes);
        read(&path, &Limits { table_bytes, ..Limits::default() }, &Progress::hidden())
    };
    assert!(matches!(limited(&bomb, 1 << 20), Err(TableFault::TooLarge { .. })));
    let lied = limited(&lying, 1 << 20);
    assert!(matches!(lied, Err(TableFault::TooLarge { .. } | TableFault::Broken { .. })), "{lied:?}");
    assert_eq!(limited(&bomb, 3 << 20).unwrap().rows.len(), 1);
}

#[test]
fn o11_a_cell_far_to_the_right_is_one_fault_of_its_row() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, cells) in (0..).zip([["code", "A"], ["kind", "CELL"], ["name", "x"], ["parent code", "B"], ["Ghi chú", "y"]]) {
        sheet.write_string(0, column, cells[0]).unwrap();
        sheet.write_string(1, column, cells[1]).unwrap();
    }
    for (row, column) in [(1, 16_383), (1, 16_382), (2, 16_383)] {
        sheet.write_string(row, column, "lạc ".repeat(1_000)).unwrap();
    }
    let table = read_bytes("u.xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(cells(&table)[0], (2, "A".to_owned(), "x".to_owned(), None));
    let told: Vec<(Option<u32>, Option<Column>)> = table.bad.told().iter().map(|bad| (bad.row, bad.column)).collect();
    let empty = [Column::Code, Column::Kind, Column::Name].map(|column| (Some(3), Some(column)));
    assert_eq!(told, [(Some(2), None), empty[0], empty[1], empty[2], (Some(3), None)]);
    assert!(table.bad.told().iter().all(|bad| bad.words(Locale::En).len() < 400), "what stands there may be long: {:?}", table.bad);
}

#[test]
fn o11_a_table_is_read_up_to_its_limits() {
    let text = b"code,kind,name,parent\nA,BLOC,A,\nB,BLOC,B,\n";
    let limited = |limits: Limits| {
        let (_folder, path) = file("u.csv", text);
        read(&path, &limits, &Progress::hidden())
    };
    assert_eq!(limited(Limits { table_rows: 2, table_bytes: text.len(), ..Limits::default() }).unwrap().rows.len(), 2);
    for (limits, name) in [
        (Limits { table_rows: 1, ..Limits::default() }, "table_rows"),
        (Limits { table_bytes: text.len() - 1, ..Limits::default() }, "table_bytes"),
    ] {
        let refused = limited(limits).unwrap_err();
        assert!(refused.words(Locale::En).contains(&format!("(limit `{name}`")), "{refused}");
        assert!(refused.words(Locale::Vi).contains("hãy chia nhỏ"), "{refused}");
    }
}

#[test]
fn o11_files_that_are_no_tables_are_told_in_both_languages() {
    let (folder, path) = file("u.txt", b"x");
    let none = |path: &Path| read(path, &Limits::default(), &Progress::hidden()).unwrap_err();
    let all = [
        (none(&path), "neither"),
        (none(&folder.path().join("missing.csv")), "missing.csv"),
        (none(folder.path()), "folder"),
        (read_bytes("u.csv", b"code,kind\nA,\xC3").unwrap_err(), "line 2 is not UTF-8"),
        (read_bytes("u.xlsx", b"PK\x03\x04 nonsense").unwrap_err(), "does not read"),
        (read_bytes("u.xlsx", b"code,kind,name,parent").unwrap_err(), "does not read"),
        (read_bytes("u.xlsx", &archive(&[("x", b"y")])).unwrap_err(), "does not read"),
    ];
    for (fault, words) in all {
        let (en, vi) = (fault.words(Locale::En), fault.words(Locale::Vi));
        assert!(en.contains(words) && en != vi, "{en} / {vi}");
    }
    for name in ["u.csv", "u.xlsx"] {
        let empty = read_bytes(name, b"").unwrap();
        assert!(empty.bad.count() == 1 && empty.bad.told()[0].words(Locale::En).starts_with("the table has no rows"), "{:?}", empty.bad);
    }
}

#[test]
fn o11_a_file_that_may_not_be_read_is_told_with_what_the_system_says() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_folder, path) = file("u.csv", b"code,kind,name,parent code\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything is shut out by a socket, which has a name and no content.
    let told = if File::open(&path).is_err() { path } else { path.with_file_name("socket.csv") };
    let _socket = told.ends_with("socket.csv").then(|| std::os::unix::net::UnixListener::bind(&told).unwrap());
    let fault = read(&told, &Limits::default(), &Progress::hidden()).unwrap_err();
    assert!(matches!(fault, TableFault::Unreadable { .. }), "{fault:?}");
    let words = format!("`{}`: ", told.display());
    assert!(
        fault.words(Locale::En).starts_with(&words) && fault.words(Locale::Vi).starts_with(&format!("không đọc được {words}")),
        "{fault}"
    );
}

#[test]
fn o11_a_hundred_thousand_rows_are_read_and_more_than_a_worksheet_has_are_not() {
    let table = |rows: usize| -> Vec<u8> {
        let mut text = String::from("code,kind,name,parent code\n");
        (0..rows).for_each(|at| text.push_str(&format!("U{at},CELL,x,A\n")));
        text.into_bytes()
    };
    let read = read_bytes("u.csv", &table(100_000)).unwrap();
    assert_eq!((read.rows.len(), read.bad.count()), (100_000, 0));
    assert_eq!(read.rows.last().map(|row| (row.number, row.code.as_deref())), Some((100_001, Some("U99999"))));
    let (path, progress) = (Path::new("u.csv"), Progress::hidden());
    let limits = Limits { table_rows: 10, ..Limits::default() };
    let fault = |rows| {
        let mut reading = Reading { path, limits: &limits, reader: TableReader::default(), progress: &progress };
        read_csv::read(&table(rows), &mut reading).err()
    };
    assert!(fault(10).is_none());
    let fault = fault(11).unwrap();
    let (en, vi) = (fault.words(Locale::En), fault.words(Locale::Vi));
    assert!(en.contains("more than `10` rows of a table of units") && vi.contains("hãy chia nhỏ"), "{en} / {vi}");
}
