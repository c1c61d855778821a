//! Tables of units, in and out, as an operator types it (O11), on both databases.

use std::path::Path;
use std::process::{Command, Output};

use chidao::clock::Clock;
use serde_json::json;

use crate::harness::{Home, On, World};

mod large;

struct Desk {
    home: Home,
    folder: tempfile::TempDir,
}

impl Desk {
    /// Runs the program beside the files of this desk, in English.
    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chidao"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CHIDAO_")) {
            command.env_remove(name);
        }
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        command.env("CHIDAO_DATABASE_URL", &self.home.url).current_dir(self.folder.path());
        command.args(line.split_whitespace());
        command
    }

    /// How far it is, a line each, and no bar where there is no terminal.
    fn steps(&self, line: &str) -> Vec<String> {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {output:?}");
        String::from_utf8(output.stderr).unwrap().lines().map(ToOwned::to_owned).collect()
    }

    fn told(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The same on both databases.
fn on_both(test: impl Fn(&Desk)) {
    for on in [On::Sqlite, On::Postgres] {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let Some(home) = runtime.block_on(Home::make(on)) else { continue };
        let desk = Desk { home, folder: tempfile::tempdir().unwrap() };
        test(&desk);
        runtime.block_on(desk.home.remove());
    }
}

/// A day to come, by the system's clock as the program sees it.
fn coming(days: u64) -> String {
    let today = Clock::system(chrono_tz::Asia::Ho_Chi_Minh).today();
    today.checked_add_days(chrono::Days::new(days)).unwrap().to_string()
}

const TREE: &str = "code;kind;name;short name;parent code;member count;external ids\r
CB-1;CELL;Chi bộ 1;;SO;12;bhxh:001\r
CB-2;CELL;Chi bộ 2;;SO;;\r
SO;GRASSROOTS_COMMITTEE;Đảng u\u{0309}y Sở;ĐUS;KHOI;;\"a:1; b:2\"\r
KHOI;BLOC;Đảng bộ Khối;;TINH;;\r
TINH;PROVINCIAL;Đảng bộ tỉnh;;;;\r
";

#[test]
fn o11_a_table_becomes_the_tree_and_comes_out_again_and_a_second_time_changes_nothing() {
    on_both(|desk| {
        desk.write("tree.csv", TREE);
        desk.told("migrate");
        let trial = "import units tree.csv --effective-on 01/07/2024 --dry-run";
        let told = desk.told(trial);
        assert!(told.starts_with("row 6: TINH: established\n") && told.contains("nothing was written: 5 established"), "{told}");
        assert_eq!(desk.steps(trial), ["reading tree.csv", "comparing 5 rows with the tree", "trying 5 changes"]);
        assert_eq!(desk.steps(&format!("{trial} --locale vi")), ["đọc tree.csv", "so 5 dòng với cây tổ chức", "thử 5 thay đổi"]);
        let told = desk.told("import units tree.csv --effective-on 2024-07-01");
        assert!(told.starts_with("imported: 5 established"), "{told}");
        assert!(desk.told("import units tree.csv --effective-on 45474").starts_with("nothing changes: the tree of 2024-07-01"));
        assert_eq!(desk.steps("import units tree.csv --effective-on 45474"), ["reading tree.csv", "comparing 5 rows with the tree"]);
        assert_eq!(desk.steps("export units --as-of 45474"), ["writing 5 units"]);
        for (out, vi) in [("out.csv", ""), ("out.xlsx", " --locale vi")] {
            desk.told(&format!("export units --as-of 2024-07-01 --out {out}{vi}"));
            let again = desk.told(&format!("import units {out} --effective-on 2024-07-01 --dissolve-missing"));
            assert!(again.starts_with("nothing changes"), "{out}: {again}");
        }
        assert_eq!(
            desk.read("out.csv"),
            "\u{FEFF}code,kind,name,short name,parent code,member count,external ids\n\
             TINH,PROVINCIAL,Đảng bộ tỉnh,,,,\nKHOI,BLOC,Đảng bộ Khối,,TINH,,\n\
             SO,GRASSROOTS_COMMITTEE,Đảng ủy Sở,ĐUS,KHOI,,a:1; b:2\nCB-1,CELL,Chi bộ 1,,SO,12,bhxh:001\nCB-2,CELL,Chi bộ 2,,SO,,\n"
        );
        assert!(desk.told("check").contains("no findings"));
    });
}

#[test]
fn o11_a_later_table_revises_moves_changes_kinds_and_dissolves_only_when_told() {
    on_both(|desk| {
        desk.write("tree.csv", TREE);
        desk.told("import units tree.csv --effective-on 2024-07-01");
        desk.write(
            "next.csv",
            "Mã,Tên,Loại,Mã cấp trên,Ghi chú\nTINH,Đảng bộ tỉnh,Đảng bộ tỉnh thành phố,,\nCB-1,Chi bộ Một,Chi bộ cơ sở,TINH,x\n\
             KHOI,Đảng bộ Khối,BLOC,TINH,\nSO-2,Sở Hai,GRASSROOTS_COMMITTEE,KHOI,\nCB-2,Chi bộ 2,CELL,SO-2,\n",
        );
        let unknown = desk.refused("import units next.csv --effective-on 2024-08-01");
        assert!(unknown.contains("row 2, column \"kind\", \"Đảng bộ tỉnh thành phố\": there is no such kind"), "{unknown}");
        assert!(unknown.contains("the column \"Ghi chú\" is not read") && unknown.contains("1 fault"), "{unknown}");
        desk.write("next.csv", &desk.read("next.csv").replace("Đảng bộ tỉnh thành phố", "\"Đảng bộ tỉnh, thành phố\""));
        let told = desk.told("import units next.csv --effective-on 2024-08-01 --dissolve-missing --dry-run --locale vi");
        assert!(
            told.contains("không có trong bảng: ")
                && told.contains("chạy thử, không ghi gì: 1 thành lập, 1 sửa, 1 chuyển, 1 đổi loại, 1 giải thể"),
            "{told}"
        );
        let told = desk.told("import units next.csv --effective-on 2024-08-01");
        assert!(told.starts_with("imported: 1 established, 1 revised, 1 moved, 1 of another kind; "), "{told}");
        let again = "import units next.csv --effective-on 2024-08-01 --dissolve-missing";
        assert_eq!(desk.steps(&format!("{again} --dry-run")).last().unwrap(), "trying 1 change");
        let told = desk.told(again);
        assert!(told.starts_with("imported: 1 dissolved; "), "{told}");
        // The day before is as it was.
        desk.told("export units --as-of 31/07/2024 --out before.csv --locale en");
        assert!(desk.read("before.csv").contains("CB-2,CELL,Chi bộ 2,,SO,,"));
        let told = desk.refused("import units before.csv --effective-on 2024-09-01");
        assert!(told.contains("the code is that of a unit that ended on `2024-08-01`: import with `--reopen-ended`"), "{told}");
        assert!(desk.told("check").contains("no findings"));
    });
}

#[test]
fn o11_a_table_of_a_day_to_come_is_held_against_the_external_ids_of_that_day() {
    on_both(|desk| {
        let (first, next, last) = (coming(40), coming(50), coming(60));
        desk.write("first.csv", "code,kind,name,parent code,external ids\nT,PROVINCIAL,T,,a:1\nK,BLOC,K,T,a:2\n");
        desk.told("migrate");
        assert!(desk.told(&format!("import units first.csv --effective-on {first}")).starts_with("imported: 2 established"));
        assert!(desk.told(&format!("import units first.csv --effective-on {first}")).starts_with("nothing changes"));
        // Two units exchange theirs, and one more comes.
        desk.write("next.csv", "code,kind,name,parent code,external ids\nT,PROVINCIAL,T,,a:2\nK,BLOC,K,T,a:1\nM,BLOC,M,T,a:3\n");
        let told = desk.told(&format!("import units next.csv --effective-on {next}"));
        assert!(told.starts_with("imported: 1 established, 4 revised"), "{told}");
        assert!(desk.told(&format!("import units next.csv --effective-on {next}")).starts_with("nothing changes"));
        for (day, ids) in [(&first, ["a:1", "a:2"]), (&next, ["a:2", "a:1"]), (&last, ["a:2", "a:1"])] {
            desk.told(&format!("export units --as-of {day} --out out.csv"));
            let out = desk.read("out.csv");
            for (line, id) in ["T,PROVINCIAL,T,,,,", "K,BLOC,K,,T,,"].into_iter().zip(ids) {
                assert!(out.contains(&format!("{line}{id}\n")), "{day}: {out}");
            }
            let told = desk.told(&format!("import units out.csv --effective-on {day} --dissolve-missing"));
            assert!(told.starts_with("nothing changes"), "what is exported imports as it is: {told}");
        }
        assert_eq!(desk.told("export units").lines().count(), 1, "nothing of it is there today");
        desk.write("taken.csv", "code,kind,name,parent code,external ids\nN,BLOC,N,T,a:1\n");
        let told = desk.refused(&format!("import units taken.csv --effective-on {last}"));
        assert!(told.contains("column \"external ids\", \"a:1\"") && told.contains("(O9)"), "{told}");
        assert!(desk.told("check").contains("no findings"));
    });
}

#[test]
fn o11_nothing_is_half_done_and_everything_that_is_wrong_is_told_at_once() {
    on_both(|desk| {
        desk.write("tree.csv", TREE);
        desk.told("import units tree.csv --effective-on 2024-07-01");
        desk.write(
            "bad.csv",
            "code,kind,name,parent code,member count,external ids\nX,CELL,x,Y,,\nY,CELL,y,X,,\nSO,LAKE,sở,KHOI,many,\nSO,BLOC,,KHOI,1,\n\
             Z,CELL,z,nowhere,,bhxh:001\nN,CELL,new,SO,5,\n",
        );
        let told = desk.refused("import units bad.csv --effective-on 2024-08-01");
        for place in [
            "row 2, column \"parent code\", \"Y\": these units would stand under themselves, each under the next: `X`, `Y`; give one another parent (O3)",
            "row 4, column \"kind\", \"LAKE\"",
            "row 4, column \"member count\", \"many\"",
            "row 5, column \"code\", \"SO\": row `4` has that code already, letter case and diacritics aside: leave one out, or change the code (O2)",
            "row 5, column \"name\", \"\"",
            "row 6, column \"external ids\", \"bhxh:001\": the external id `bhxh` `001` belongs to another unit: look that one up by `externalId`, or give another (O9)",
            "row 6, column \"parent code\", \"nowhere\": no unit has that code, neither in the table nor in the tree of `2024-08-01`: add its row, or mend the code (O11)",
        ] {
            assert!(told.contains(place), "{place}: {told}");
        }
        let vi = desk.refused("import units bad.csv --effective-on 2024-08-01 --locale vi");
        assert!(vi.contains("không nhập gì") && vi.contains("dòng 4, cột \"loại\", \"LAKE\""), "{vi}");
        assert!(desk.told("import units tree.csv --effective-on 2024-08-01").starts_with("nothing changes"));
        // A batch of a later day that would not hold any more.
        desk.write("later.csv", "code,kind,name,parent code\nCB-3,CELL,Chi bộ 3,SO\n");
        desk.told("import units later.csv --effective-on 2024-09-01");
        desk.write("without.csv", "code,kind,name,parent code\nTINH,PROVINCIAL,Đảng bộ tỉnh,\n");
        let told = desk.refused("import units without.csv --effective-on 2024-08-01 --dissolve-missing");
        assert!(told.contains("`Import of later.csv` of `2024-09-01` would not hold any more") && told.ends_with("(O5)\n"), "{told}");
    });
}

#[test]
fn o11_what_is_typed_wrong_is_told_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("chidao.db").display());
    let desk = Desk { home: Home::at(&url), folder };
    desk.write("u.csv", "");
    std::fs::create_dir(desk.path().join("folder.csv")).unwrap();
    for (line, told) in [
        ("import units u.csv --effective-on 2024-02-30", "write a day like `2025-07-01` or `01/07/2025`"),
        ("import units nothing.csv --effective-on 2024-07-01", "nothing.csv"),
        ("import units folder.csv --effective-on 2024-07-01", "is a folder"),
        ("import units u.txt --effective-on 2024-07-01", "u.txt"),
        ("import units u.csv", "--effective-on"),
        ("import units u.csv --effective-on 2024-07-01 --dry-run", "there is no database"),
        ("export units", "there is no database"),
        ("export units --out x.ods", "does not tell"),
        ("import units u.csv --effective-on 2024-07-01 --reopen", "--reopen-ended"),
    ] {
        assert!(desk.refused(line).contains(told), "{line}: {}", desk.refused(line));
    }
    let files: Vec<_> = std::fs::read_dir(desk.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
}

/// Takes back the batch that was recorded last, as an operator does over the network.
fn annul_last(desk: &Desk) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let world = World::begin_by(desk.home.config(), Clock::system(chrono_tz::Asia::Ho_Chi_Minh)).await;
        let operator = world.operator().await;
        let id = operator.data("{ reorganizations(first: 1) { nodes { id } } }", json!({})).await.text("/reorganizations/nodes/0/id");
        let annul =
            "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { userErrors { code message path } } }";
        operator.data(annul, json!({ "input": { "reorganization": id, "reason": "nhập nhầm" } })).await;
        world.end().await;
    });
}

#[test]
fn o11_a_table_that_was_imported_wrongly_is_annulled_mended_and_imported() {
    on_both(|desk| {
        let today = coming(0);
        let wrong = "code,kind,name,parent code,external ids\nT,PROVINCIAL,Tỉnh sai,,s:1\nK,BLOC,Khối,T,s:2\nSO,GRASSROOTS_COMMITTEE,Sở,K,\nCB,CELL,Chi bộ,SO,\n";
        desk.write("wrong.csv", wrong);
        desk.told("migrate");
        desk.told(&format!("import units wrong.csv --effective-on {today}"));
        annul_last(desk);
        // Children stand before their parents, and one unit has become another.
        desk.write(
            "right.csv",
            "code,kind,name,parent code,external ids\nCB,GRASSROOTS_CELL,Chi bộ,T,\nSO,GRASSROOTS_COMMITTEE,Sở,M,s:3\nM,BLOC,Khối mới,T,s:1\n\
             K,BLOC,Khối,T,\nT,PROVINCIAL,Tỉnh đúng,,s:2\n",
        );
        let import = format!("import units right.csv --effective-on {today}");
        let told = desk.refused(&import);
        let out =
            "the code is that of a unit that ended on `DAY`: import with `--reopen-ended` to bring it back, or choose another code (O2)";
        let out = out.replace("DAY", &today);
        assert!(told.contains("nothing was imported: 4 faults\n"), "{told}");
        assert!(told.contains(&format!("row 2, column \"code\", \"CB\": {out}")), "{told}");
        let trial = desk.told(&format!("{import} --reopen-ended --dry-run"));
        assert!(
            trial.contains("row 6: T: reopened\n") && trial.contains(": 1 established, 2 revised, 1 of another kind, 4 reopened; "),
            "{trial}"
        );
        assert_eq!(desk.refused(&import), told, "a trial writes nothing");
        let told = desk.told(&format!("{import} --reopen-ended"));
        assert!(told.starts_with("imported: 1 established, 2 revised, 1 of another kind, 4 reopened; "), "{told}");
        for again in [import.clone(), format!("{import} --reopen-ended --dissolve-missing")] {
            assert!(desk.told(&again).starts_with("nothing changes"), "{again}");
        }
        desk.told(&format!("export units --as-of {today} --out out.csv"));
        assert_eq!(
            desk.read("out.csv"),
            "\u{FEFF}code,kind,name,short name,parent code,member count,external ids\nT,PROVINCIAL,Tỉnh đúng,,,,s:2\n\
             K,BLOC,Khối,,T,,\nM,BLOC,Khối mới,,T,,s:1\nSO,GRASSROOTS_COMMITTEE,Sở,,M,,s:3\nCB,GRASSROOTS_CELL,Chi bộ,,T,,\n"
        );
        let told = desk.refused("import units right.csv --effective-on 2020-01-01");
        let begins = format!("that exists from `{today}` on only: import the table with `--effective-on` that day or a later one");
        assert!(told.contains(&begins) && told.contains("imported: 5 faults") && told.contains("(O2)"), "{told}");
        assert!(desk.told("check").contains("no findings"));
    });
}
