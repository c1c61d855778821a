//! The command line, as an operator types it.

use std::process::Command;

#[test]
fn a_check_of_a_mistyped_database_fails_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typo.db");
    let output = Command::new(env!("CARGO_BIN_EXE_chidao"))
        .args(["check", "--database-url", &format!("sqlite://{}", file.display())])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no database"), "{output:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "neither a database nor a key is made");
}
