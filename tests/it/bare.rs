//! A run on a machine without PostgreSQL: loud at its end, and in CI a failure.

use std::process::{Command, Output};

use serde_json::json;

use crate::harness::{both, postgres};

both! {
    async fn a_world_begins_and_ends(world: &World) {
        assert_eq!(world.nobody().ask("{ __typename }", json!({})).await.status, 200);
    }
}

/// What a test that wants PostgreSQL does without, in a run that goes on with other test programs.
fn run(ci: Option<&str>) -> Output {
    let script = r#""$0" --exact bare::a_world_begins_and_ends::postgres 2>&1; ended=$?; echo "the next test program"; exit $ended"#;
    let mut run = Command::new("sh");
    run.args(["-c", script]).arg(std::env::current_exe().unwrap()).env("TEST_POSTGRES_URL", "").env("CARGO", "cargo").env_remove("CI");
    if let Some(ci) = ci {
        run.env("CI", ci);
    }
    run.output().unwrap()
}

#[test]
fn without_postgresql_a_run_says_so_at_its_end() {
    let Output { status, stdout, .. } = run(None);
    let told = String::from_utf8(stdout).unwrap();
    assert!(status.success() && told.contains("1 passed"), "{told}");
    let lines: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[lines.len() - 2..], ["the next test program", postgres::MISSING], "{told}");
}

#[test]
fn without_postgresql_a_run_in_ci_fails() {
    let Output { status, stdout, .. } = run(Some("true"));
    let told = String::from_utf8(stdout).unwrap();
    assert!(!status.success() && told.contains(postgres::MISSING) && told.contains("1 failed"), "{told}");
}
