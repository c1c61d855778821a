//! The README says what the program does: its tables are compared with what the program prints.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use chidao::config::{Limit, Limits};

use crate::tidy::sources;

const README: &str = include_str!("../../README.md");

/// The rows of the table below that head, cell by cell, without the marks of code.
fn table(head: &str) -> Vec<Vec<String>> {
    let after = README.split(head).nth(1).unwrap_or_else(|| panic!("the README has no table `{head}`"));
    let rows = after.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect();
    rows.map(cells).collect()
}

/// What `serve --help` says of each option: its variable and its default.
fn options() -> BTreeMap<String, (String, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_chidao")).args(["serve", "--help"]).env_clear().output().unwrap();
    let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut option = String::new();
    for line in String::from_utf8(output.stdout).unwrap().lines().map(str::trim) {
        let within = |name: &str| line.strip_prefix(&format!("[{name}: ")).and_then(|rest| rest.strip_suffix(']')).map(str::to_owned);
        if let Some(at) = line.find("--").filter(|at| *at == 0 || line.starts_with('-')) {
            option = line[at..].split_whitespace().next().unwrap().to_owned();
            found.insert(option.clone(), Default::default());
        } else if let Some(variable) = within("env") {
            found.get_mut(&option).unwrap().0 = variable.trim_end_matches('=').to_owned();
        } else if let Some(default) = within("default") {
            found.get_mut(&option).unwrap().1 = default;
        }
    }
    found.remove("--help");
    found
}

#[test]
fn the_options_of_the_readme_are_those_of_the_program() {
    let said: BTreeMap<String, (String, String)> = table("| option | variable | default | what |")
        .into_iter()
        .filter(|row| !row[0].is_empty())
        .map(|row| (row[0].clone(), (row[1].clone(), row[2].clone())))
        .collect();
    assert_eq!(said, options());
    assert!(said.iter().all(|(_, (variable, _))| variable.starts_with("CHIDAO_")), "every option is a variable too: {said:#?}");
}

/// A limit that nothing asks for is not in force, whatever the table says.
#[test]
fn the_readme_says_which_limits_are_not_in_force_yet() {
    let sources: String = sources("src").into_values().collect();
    let is_asked_for =
        |limit: &Limit| [format!(".{}", limit.row().name), format!("Limit::{limit:?}")].iter().any(|word| sources.contains(word));
    let idle: Vec<String> =
        Limits::TABLE.iter().filter(|limit| !is_asked_for(limit)).map(|limit| format!("`{}`", limit.row().name)).collect();
    let said =
        README.split("\nNot in force yet, since there is nothing yet that they limit: ").nth(1).and_then(|said| said.split(".\n").next());
    assert_eq!(said.unwrap_or_default(), idle.join(", "));
}

#[test]
fn the_accounts_of_the_readme_are_those_that_the_demonstration_prints() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_chidao"));
    // Before the first day of the story there are the units and the accounts only.
    serve.args(["serve", "--demo", "--today", "2020-08-01", "--listen", "127.0.0.1:0"]).current_dir(folder.path());
    let mut process = serve.env_clear().env("CHIDAO_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let printed: Vec<String> = lines.take_while(|line| !line.starts_with("Chidao answers at ")).collect();
    process.kill().unwrap();
    process.wait().unwrap();

    let mut said: BTreeSet<String> = BTreeSet::new();
    for row in table("| user | may | over |") {
        let over = row[2].split([',', ':']).next().unwrap();
        let unit = if over == "everything" { "*" } else { over };
        said.extend(row[1].split(", ").map(|role| format!("user {} {} {role} unit {unit}", row[0], chidao::demo::PASSWORD)));
    }
    let (services, users): (Vec<String>, Vec<String>) = printed.into_iter().partition(|line| line.starts_with("service "));
    assert_eq!(users.into_iter().collect::<BTreeSet<_>>(), said);
    assert!(README.contains(&format!("The password of every user is `{}`", chidao::demo::PASSWORD)));
    for service in &services {
        let words: Vec<&str> = service.split(' ').collect();
        let [_, name, _, role, _, unit] = words[..] else { panic!("{service}") };
        assert!(README.contains(&format!("The service `{name}` (`{role}` over `{unit}`)")), "{service}");
    }
    assert_eq!(services.len(), 1);
}
