//! The command line, as an operator types it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sea_orm::ConnectionTrait as _;

/// The program in a folder of its own, with nothing of the environment that it would heed.
pub(crate) fn chidao(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chidao"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CHIDAO_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    chidao(folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_check_of_a_mistyped_database_fails_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["check", "--database-url", "sqlite://typo.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("there is no database `typo.db`"), "{output:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "neither a database nor a key is made");
}

#[test]
fn a_check_exits_with_0_without_findings_1_with_some_and_2_where_it_cannot_look() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("chidao.db"), "").unwrap();
    let empty = run(folder.path(), &["check"]);
    assert_eq!(empty.status.code(), Some(2), "{empty:?}");
    assert!(said(&empty).contains("run `chidao migrate`"), "{empty:?}");
    assert_eq!(run(folder.path(), &["migrate"]).status.code(), Some(0));
    let whole = run(folder.path(), &["check"]);
    assert_eq!((whole.status.code(), said(&whole).starts_with("no findings: ")), (Some(0), true), "{whole:?}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sql = sea_orm::Database::connect(format!("sqlite://{}", folder.path().join("chidao.db").display())).await.unwrap();
        sql.execute_unprepared("UPDATE journal_head SET position = 7").await.unwrap();
        sql.close().await.unwrap();
    });
    let broken = run(folder.path(), &["check"]);
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    let lines = String::from_utf8(broken.stdout).unwrap();
    assert!(lines.contains("JOURNAL_HEAD") && lines.ends_with("\n1 finding\n"), "{lines}");
}

#[test]
fn a_database_that_does_not_open_is_told_with_its_place_and_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = run(folder.path(), &["migrate", "--database-url", "sqlite://no/such/folder.db"]);
    assert!(said(&nowhere).contains("`no/such/folder.db` does not open"), "{nowhere:?}");
    let foreign = run(folder.path(), &["migrate", "--database-url", "mysql://me:hush-hush@example/x"]);
    assert!(said(&foreign).contains("--database-url must begin with"), "{foreign:?}");
    // Port 1 of this machine: nobody listens.
    let down = run(folder.path(), &["migrate", "--database-url", "postgres://me:hush-hush@127.0.0.1:1/office"]);
    for told in ["`127.0.0.1:1`", "`office`", "refused", "start the server"] {
        assert!(said(&down).contains(told), "{told}: {down:?}");
    }
    for output in [nowhere, foreign, down] {
        assert!(output.status.code() == Some(2) && !said(&output).contains("hush-hush"), "{output:?}");
    }
}

#[test]
fn what_an_operator_types_wrong_is_told_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let admin =
        |name: &str, password: &str| chidao(folder.path()).args(["create-admin", name]).env("CHIDAO_PASSWORD", password).output().unwrap();
    let nobody = admin("", "mật khẩu dài 2020");
    assert!(nobody.status.code() == Some(2) && said(&nobody).contains("<USER_NAME>"), "{nobody:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made for it");
    assert!(said(&admin("hai từ", "mật khẩu dài 2020")).contains("USER_NAME: holds the forbidden character"));
    assert!(said(&admin("quan-tri", "ngắn")).contains("the password (CHIDAO_PASSWORD, or the standard input): choose"));
    // An address of documentation, which no machine has: nothing is served, whatever is overlooked.
    let nowhere = "192.0.2.1:1";
    for (variable, value, told) in [
        ("CHIDAO_TODAY", "2020-02-30", "--today"),
        ("CHIDAO_ZONE", "Asia/Saigon-2", "--zone"),
        ("CHIDAO_POSTGRES_CONNECTIONS", "0", "--postgres-connections"),
        ("CHIDAO_DEMO", "perhaps", "--demo"),
        ("CHIDAO_LISTEN", "here", "--listen"),
        ("CHIDAO_LOG", "chidao=loudly", "CHIDAO_LOG is `chidao=loudly`"),
        ("CHIDAO_LIMIT_PAGE", "many", "CHIDAO_LIMIT_PAGE is `many`"),
        ("CHIDAO_LIMIT_PATIENCE", "1", "CHIDAO_LIMIT_PATIENCE: there is no limit"),
    ] {
        let output = chidao(folder.path()).args(["serve"]).env("CHIDAO_LISTEN", nowhere).env(variable, value).output().unwrap();
        assert!(output.status.code() == Some(2) && said(&output).contains(told), "{variable}: {output:?}");
    }
}

#[test]
fn a_day_stands_still_in_a_demonstration_only() {
    let folder = tempfile::tempdir().unwrap();
    let (option, variable, off): (&[&str], _, _) = (&["--today", "2020-12-20"], ("CHIDAO_TODAY", "2020-12-20"), ("CHIDAO_DEMO", "false"));
    for (arguments, variables) in [(option, vec![]), (&[], vec![variable]), (option, vec![off]), (&[], vec![variable, off])] {
        let mut server = chidao(folder.path());
        let server = server.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).envs(variables.iter().copied());
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let serves = BufReader::new(server.stdout.take().unwrap()).lines().any(|line| line.unwrap().starts_with("Chidao answers at"));
        if serves {
            server.kill().unwrap();
        }
        let output = server.wait_with_output().unwrap();
        assert!(!serves && output.status.code() == Some(2), "{arguments:?} {variables:?}: {output:?}");
        assert!(said(&output).contains("--demo"), "it says what is missing: {output:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "neither a database nor a key is made");
    }
}

#[test]
fn a_first_start_tells_of_its_migrations_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = chidao(folder.path());
    let mut server = server.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("Chidao answers at")), "it serves");
    server.kill().unwrap();
    server.wait().unwrap();
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let told: Vec<&str> = log.lines().filter(|line| line.to_lowercase().contains("migrat")).collect();
    assert!(told.len() == 1 && told[0].contains("the database was migrated to m"), "{log}");
}

#[cfg(unix)]
#[test]
fn the_files_of_a_new_sqlite_database_are_its_owners_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite://{}", folder.path().join("chidao.db").display());
        chidao::store::Database::migrate(&url).await.unwrap();
        let open = chidao::store::Database::connect(&url, 1).await.unwrap();
        assert!(open.is_migrated().await.unwrap());
        let modes: Vec<(String, u32)> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap())
            .map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().permissions().mode() & 0o777))
            .collect();
        assert!(modes.len() > 1 && modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
        open.close().await.unwrap();
    });
}
